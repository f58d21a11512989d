"""The list of labels: keys, eyes, and a selection that goes both ways."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QToolTip, QWidget

from viewer.state import Look
from viewer.ui import theme
from viewer.ui.inspector.label_delegate import LabelDelegate
from viewer.ui.inspector.label_rows import GROUP_HEIGHT, LABEL_HEIGHT, LabelModel
from viewer.ui.widgets.focus import RingedRows
from viewer.ui.widgets.rows import set_up_table

_ODD_ROWS = 1_000
"""Rows that get a height of their own; in a longer list groups are as high as labels."""


class LabelView(RingedRows, QTableView):
    """↑↓ move, ←→ close and open, Enter zooms to the label, Space hides or shows, Alt+click on an eye shows alone."""

    object_chosen = Signal(str)
    page_wanted = Signal(int)
    zoom_wanted = Signal(str)
    group_toggled = Signal(str, str)
    group_soloed = Signal(str, str)
    copied = Signal(str)
    left = Signal()
    """Esc."""
    typed = Signal(str)
    """A letter: it is searched for."""

    def __init__(self, model: LabelModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels = model
        self._telling = True
        self._marked: str | None = None
        self._group_key = ""
        self.delegate = LabelDelegate(model, self)
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(self.tr("Labels of this page"))
        self.setMinimumHeight(3 * LABEL_HEIGHT)
        set_up_table(self, LABEL_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(LABEL_HEIGHT)
        self.verticalScrollBar().setSingleStep(LABEL_HEIGHT)
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)

    # ---- rows --------------------------------------------------------------------------------------------

    def _before_reset(self) -> None:
        self._telling = False
        row = self.currentIndex().row()
        group = self.labels.group_at(row) if row >= 0 else None
        self._group_key = group.key if group is not None else ""
        self._scrolled = self.verticalScrollBar().value()

    def _after_reset(self) -> None:
        try:
            self._set_heights()
            row = self.labels.row_of_group(self._group_key) if self._group_key else None
            if row is not None:
                self.setCurrentIndex(self.labels.index(row, 0))
            elif self._marked is not None:
                self._put_mark(self._marked)
            self.updateGeometries()
            self.verticalScrollBar().setValue(self._scrolled)
        finally:
            self._telling = True

    def _set_heights(self) -> None:
        """Groups are two pixels higher than labels; the kind that is rarer gets sizes of its own."""
        rows = self.labels.rows
        groups = [row for row, at in enumerate(rows) if at < 0]
        mostly_groups = len(groups) * 2 > len(rows)
        header = self.verticalHeader()
        header.blockSignals(True)
        header.setDefaultSectionSize(GROUP_HEIGHT if mostly_groups else LABEL_HEIGHT)
        odd = [row for row, at in enumerate(rows) if at >= 0] if mostly_groups else groups
        if len(odd) <= _ODD_ROWS:
            height = LABEL_HEIGHT if mostly_groups else GROUP_HEIGHT
            for row in odd:
                header.resizeSection(row, height)
        header.blockSignals(False)

    def _put_mark(self, object_id: str) -> int | None:
        at = self.labels.listing.find(object_id)
        row = None if at is None else self.labels.row_of_entry(at)
        if row is not None and self.labels.group_at(self.currentIndex().row()) is None:
            self.setCurrentIndex(self.labels.index(row, 0))
        return row

    def mark(self, object_id: str | None, *, reveal: bool = False) -> None:
        """Select the row of an object, without telling of it.

        Another object than before (or `reveal`) is brought into view and its group opened; the same one on the
        next page does not take back what the user closed or scrolled away.
        """
        reveal = reveal or object_id != self._marked
        self._marked = self.delegate.marked = object_id
        self._telling = False
        try:
            if object_id is None:
                row = None
            elif reveal:
                row = self.labels.row_of(object_id)
            else:
                row = self._put_mark(object_id)
            if row is None:
                self.viewport().update()
                if self.labels.group_at(self.currentIndex().row()) is None:
                    self.setCurrentIndex(QModelIndex())
            else:
                index = self.labels.index(row, 0)
                if self.currentIndex() != index:
                    self.setCurrentIndex(index)
                if reveal:
                    self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
                self.viewport().update()
        finally:
            self._telling = True

    def look_changed(self, look: Look) -> None:
        """Something is hidden or shown."""
        self.labels.look = look
        self.viewport().update()

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        if current.isValid() and self._telling:
            self.scrollTo(current, QAbstractItemView.ScrollHint.EnsureVisible)
            self._tell(current.row())

    def _tell(self, row: int) -> None:
        object_id = self.labels.object_at(row)
        if object_id is None:
            return
        self._marked = self.delegate.marked = object_id
        page = self.labels.listing.page(self.labels.rows[row])
        if page is not None and page != self.labels.listing.open_page:
            self.page_wanted.emit(page)
        self.object_chosen.emit(object_id)

    def toggle_open(self, row: int, on: bool | None = None) -> None:
        """Open or close the group of a heading."""
        group = self.labels.group_at(row)
        if group is not None and not self.labels.needle:
            self.labels.set_open(group, not self.labels.is_open(group) if on is None else on)

    def toggle_eye(self, row: int, *, alone: bool = False) -> None:
        """Ask to hide a group or label or show it again, or to show only it."""
        group = self.labels.group_at(row)
        if group is not None:
            hide_by = group.hide_by
        else:
            object_id = self.labels.object_at(row)
            is_label = object_id is not None and self.labels.annotation_at(row) is not None
            hide_by = ("object", object_id) if is_label and object_id is not None else None
        if hide_by is not None:
            (self.group_soloed if alone else self.group_toggled).emit(*hide_by)

    # ---- events ------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring needs a row to stand at; standing there chooses nothing yet."""
        super().focusInEvent(event)
        if self.ring and not self.currentIndex().isValid() and self.labels.rows:
            self._telling = False
            self.selectionModel().setCurrentIndex(self.labels.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            self._telling = True

    def set_ring(self, on: bool) -> None:
        """The delegate draws it."""
        self.delegate.ring = on
        super().set_ring(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.set_ring(True)
        key, row = event.key(), self.currentIndex().row()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        group = self.labels.group_at(row) if row >= 0 else None
        if row >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(row)
        elif row >= 0 and key == Qt.Key.Key_Space:
            self.toggle_eye(row, alone=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Right and plain:
            if group is not None:
                self.toggle_open(row, True)
        elif key == Qt.Key.Key_Left and plain:
            above = self.labels.group_row_above(row) if row >= 0 else None
            if group is not None:
                self.toggle_open(row, False)
            elif above is not None:
                self.setCurrentIndex(self.labels.index(above, 0))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.labels.rows:
            self.setCurrentIndex(self.labels.index(0 if key == Qt.Key.Key_Home else len(self.labels.rows) - 1, 0))
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif plain and event.text() and event.text().isprintable() and not event.text().isspace():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def _enter(self, row: int) -> None:
        object_id = self.labels.object_at(row)
        if object_id is None:
            self.toggle_open(row)
        else:
            self.zoom_wanted.emit(object_id)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            self.set_ring(False)
            return
        if self._has_eye(index, at):
            self.toggle_eye(index.row(), alone=bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
            return
        row = index.row()
        already = self.currentIndex() == index
        super().mousePressEvent(event)
        if self.labels.group_at(row) is not None:
            self.toggle_open(row)
        elif already:
            self._tell(row)  # the keyboard stood here, but it is perhaps no longer selected

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        object_id = self.labels.object_at(index.row()) if index.isValid() else None
        if object_id is not None and not self._has_eye(index, event.position().toPoint()):
            self.zoom_wanted.emit(object_id)
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        hot = index.row() if index.isValid() and self._has_eye(index, at) else -1
        if hot != self.delegate.hot_eye:
            self.delegate.hot_eye = hot
            self.viewport().update()
        if not event.buttons():  # a drag selects nothing on its way
            super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.delegate.hot_eye = -1
        super().leaveEvent(event)

    def _has_eye(self, index: QModelIndex, at: QPoint) -> bool:
        group = self.labels.group_at(index.row())
        if group is None:
            has = self.labels.annotation_at(index.row()) is not None and (
                self.labels.listing.page(self.labels.rows[index.row()]) is None or self.labels.is_hidden(index.row())
            )
        else:
            has = group.hide_by is not None
        return has and self.delegate.eye_box(self.visualRect(index)).contains(at)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos()) if event.reason() == QContextMenuEvent.Reason.Mouse else self.currentIndex()
        if index.isValid():
            at = event.pos() if event.reason() == QContextMenuEvent.Reason.Mouse else self.visualRect(index).center()
            self.menu_of(index.row()).popup(self.viewport().mapToGlobal(at))

    def menu_of(self, row: int) -> QMenu:
        """What can be done with a row."""
        menu = QMenu(self)
        group, object_id = self.labels.group_at(row), self.labels.object_at(row)
        if group is None or group.hide_by is not None:
            hidden = self.labels.is_hidden(row)
            menu.addAction(self.tr("Show") if hidden else self.tr("Hide"), lambda: self.toggle_eye(row))
            alone = self.labels.is_alone(row)
            menu.addAction(
                self.tr("Show all again") if alone else self.tr("Show alone"), lambda: self.toggle_eye(row, alone=True)
            )
        if object_id is not None:
            menu.addSeparator()
            menu.addAction(self.tr("Zoom to"), lambda: self.zoom_wanted.emit(object_id))
            menu.addAction(self.tr("Copy object id"), lambda: self._copy_id(object_id))
        elif group is not None:
            menu.addSeparator()
            is_open = self.labels.is_open(group)
            menu.addAction(self.tr("Close") if is_open else self.tr("Open"), lambda: self.toggle_open(row))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _copy_id(self, object_id: str) -> None:
        QGuiApplication.clipboard().setText(object_id)
        self.copied.emit(self.tr("The object id is copied."))

    def event(self, event: QEvent) -> bool:
        """Letters and Space are this list's while it has the keys."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            if plain and (event.key() == Qt.Key.Key_Space or (event.text() and event.text().isprintable())):
                event.accept()
                return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            if index.isValid():
                QToolTip.showText(event.globalPos(), self._tip(index, event.pos()), self)
            return True
        return super().viewportEvent(event)

    def _tip(self, index: QModelIndex, at: QPoint) -> str:
        if self._has_eye(index, at):
            return self.tr("Hide or show. With Alt: show only this")
        row = index.row()
        object_id = self.labels.object_at(row)
        if object_id is None:
            return ""
        entry = self.labels.rows[row]
        text = f"{self.labels.listing.title(entry)} {self.labels.listing.detail(entry)}"
        room = self.viewport().width() - 38 - 60
        if QFontMetrics(theme.font(theme.BODY_PX)).horizontalAdvance(text) <= room:
            return ""
        return f"<span>{html.escape(text)}</span>"

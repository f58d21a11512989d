"""The list of changes: keys, and a mark that follows the change shown."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QToolTip, QWidget

from viewer.ui.inspector.change_folds import FoldKey
from viewer.ui.inspector.change_rows import CHEVRON, FOLD, GROUP_HEIGHT, ROW_HEIGHT, ChangeDelegate, ChangeModel
from viewer.ui.inspector.change_words import words_of
from viewer.ui.widgets.focus import RingedRows
from viewer.ui.widgets.rows import set_up_table

_ODD_ROWS = 1_000
"""Rows that get a height of their own; in a longer list groups are as high as changes."""


class ChangeView(RingedRows, QTableView):
    """↑↓ show the change, ←→ close and open groups and tracks, Enter zooms to it and gives the picture the keys."""

    change_chosen = Signal(int)
    """Index of a change of the listing: show it."""
    entered = Signal(int)
    """The same, and the keys go to the picture."""
    page_chosen = Signal(int, int)
    """Index of a change of a track, and another page of it: show the track there."""
    left = Signal()
    """Esc."""

    def __init__(self, model: ChangeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.changes = model
        self._telling = True
        self._group_key = ""
        self._fold_key: FoldKey | None = None
        self._scrolled = 0
        self.delegate = ChangeDelegate(model, self)
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(self.tr("Changes"))
        self.setMinimumHeight(3 * ROW_HEIGHT)
        set_up_table(self, ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT)
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)

    # ---- rows --------------------------------------------------------------------------------------------

    def _before_reset(self) -> None:
        self._telling = False
        group = self.changes.group_at(self.currentIndex().row())
        self._group_key = group.key if group is not None else ""
        fold = self.changes.fold_at(self.currentIndex().row())
        self._fold_key = fold.key if fold is not None else None
        self._scrolled = self.verticalScrollBar().value()

    def _after_reset(self) -> None:
        try:
            header = self.verticalHeader()
            header.blockSignals(True)
            headings = [n for n, at in enumerate(self.changes.rows) if FOLD < at < 0]
            if len(headings) <= _ODD_ROWS:
                for heading in headings:
                    header.resizeSection(heading, GROUP_HEIGHT)
            header.blockSignals(False)
            row = self.changes.row_of_group(self._group_key) if self._group_key else None
            if self._fold_key is not None:
                row = self.changes.row_of_fold(self._fold_key)
            if row is None and self.delegate.marked is not None:
                row = self.changes.row_of_entry(self.delegate.marked)
            if row is not None:
                self.setCurrentIndex(self.changes.index(row, 0))
            self.updateGeometries()
            self.verticalScrollBar().setValue(self._scrolled)
        finally:
            self._telling = True

    def mark(self, at: int | None) -> None:
        """Mark the change shown and bring it into view, without asking to show it."""
        if at == self.delegate.marked and at is not None and self.changes.change_at(self.currentIndex().row()) == at:
            return
        self.delegate.marked = at
        self._telling = False
        try:
            row = None if at is None else self.changes.row_of(at)
            if row is not None:
                index = self.changes.index(row, 0)
                self.setCurrentIndex(index)
                self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
            self.viewport().update()
        finally:
            self._telling = True

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        if current.isValid() and self._telling:
            self.scrollTo(current, QAbstractItemView.ScrollHint.EnsureVisible)
            self._tell(current.row())

    def _tell(self, row: int) -> None:
        span = self.changes.span_at(row)
        if span is not None:
            self.page_chosen.emit(span[0].head, span[1].first)
            return
        at = self._shown_by(row)
        if at is not None:
            self.delegate.marked = at
            self.viewport().update()
            self.change_chosen.emit(at)

    def _shown_by(self, row: int) -> int | None:
        """The change that a row shows; a track begins with its first one."""
        fold = self.changes.fold_at(row)
        return self.changes.change_at(row) if fold is None else fold.head

    def toggle_open(self, row: int, on: bool | None = None) -> None:
        """Open or close the group of a heading, or a track."""
        fold = self.changes.fold_at(row)
        if fold is not None:
            self.changes.set_unfolded(fold, not self.changes.is_unfolded(fold) if on is None else on)
            return
        group = self.changes.group_at(row)
        if group is not None:
            self.changes.set_open(group, not self.changes.is_open(group) if on is None else on)

    # ---- events ------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring needs a row to stand at; standing there shows nothing yet."""
        super().focusInEvent(event)
        if self.ring and not self.currentIndex().isValid() and self.changes.rows:
            self._telling = False
            self.selectionModel().setCurrentIndex(self.changes.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            self._telling = True

    def set_ring(self, on: bool) -> None:
        """The delegate draws it."""
        self.delegate.ring = on
        super().set_ring(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.set_ring(True)
        key, row = event.key(), self.currentIndex().row()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        group = self.changes.group_at(row) if row >= 0 else None
        if row >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            at = self._shown_by(row)
            if at is not None:
                self.entered.emit(at)
            elif group is not None:
                self.toggle_open(row)
        elif key == Qt.Key.Key_Right and plain:
            if group is not None or self.changes.fold_at(row) is not None:
                self.toggle_open(row, True)
        elif key == Qt.Key.Key_Left and plain:
            above = self.changes.group_row_above(row) if row >= 0 else None
            fold = self.changes.fold_at(row)
            if group is not None or (fold is not None and self.changes.is_unfolded(fold)):
                self.toggle_open(row, False)
            elif above is not None:
                self.setCurrentIndex(self.changes.index(above, 0))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.changes.rows:
            last = len(self.changes.rows) - 1
            self.setCurrentIndex(self.changes.index(0 if key == Qt.Key.Key_Home else last, 0))
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters find nothing here: texts are made for rows that are seen, not for thousands."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            self.set_ring(False)
            return
        already = self.currentIndex() == index
        super().mousePressEvent(event)
        chevron = self.changes.fold_at(index.row()) is not None and event.position().x() < 22 + CHEVRON + 4
        if self.changes.group_at(index.row()) is not None or chevron:
            self.toggle_open(index.row())
        elif already:
            self._tell(index.row())  # the keyboard stood here, but something else is perhaps shown

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        at = self._shown_by(index.row()) if index.isValid() else None
        if at is not None:
            self.entered.emit(at)
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons():  # a drag shows nothing on its way
            super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            if index.isValid():
                QToolTip.showText(event.globalPos(), self.tip_of(index.row()), self)
            return True
        return super().viewportEvent(event)

    def tip_of(self, row: int) -> str:
        """All that happened to a change, in words."""
        at, fold, listing = self.changes.change_at(row), self.changes.fold_at(row), self.changes.listing
        if fold is not None:
            name, words = f"{listing.title(fold.head)} {listing.number(fold.head)}".rstrip(), fold.words()
        elif at is None:
            return ""
        else:
            name = f"{listing.title(at)} {listing.detail(at)}".rstrip()
            words = words_of(listing.changes[at], listing.before, listing.after)
        return f"<span>{html.escape(name)}: {html.escape(words)}</span>"

"""The view of the rows: keys, tooltips, and which rows are in sight."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QToolTip, QWidget

from viewer.ui.assets.delegate import ROW_HEIGHT, AssetDelegate
from viewer.ui.assets.model import AssetModel
from viewer.ui.assets.thumbnails import ThumbnailStore
from viewer.ui.widgets.focus import KEYBOARD
from viewer.ui.widgets.rows import set_up_table

IN_SIGHT_MS = 30
"""After scrolling has moved on this long, thumbnails are asked for."""


class AssetView(QTableView):
    """Fixed rows (nothing depends on their number), one of them current."""

    chosen = Signal(int)
    """The asset that became current by key or click."""
    entered = Signal()
    """Enter: on to the picture."""
    typed = Signal(str)
    """A letter: it is searched for."""
    escaped = Signal()
    in_sight = Signal(object)
    """list[int]: the assets whose rows are seen, a moment after scrolling."""
    menu_wanted = Signal(int, object)
    """(asset, where on the screen): what can be done with it is asked for."""

    def __init__(self, model: AssetModel, thumbnails: ThumbnailStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assets = model
        self._thumbnails = thumbnails
        self._telling = True
        self.delegate = AssetDelegate(model, thumbnails, self)
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        set_up_table(self, ROW_HEIGHT)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 2)
        self._sight = QTimer(self)
        self._sight.setSingleShot(True)
        self._sight.setInterval(IN_SIGHT_MS)
        self._sight.timeout.connect(self.ask_for_thumbnails)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.look_soon())
        model.rowsInserted.connect(self._rows_inserted)
        model.modelReset.connect(self.look_soon)

    # ---- what is in sight --------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """Qt's own is wider than the rail, for scroll bars that are not there."""
        return QSize(24, 48)

    def look_soon(self) -> None:
        """Other rows are in sight."""
        if not self._sight.isActive():
            self._sight.start()

    def _rows_inserted(self, _parent: QModelIndex, first: int, _last: int) -> None:
        if first <= self.rows_in_sight()[1]:
            self.look_soon()

    def rows_in_sight(self) -> tuple[int, int]:
        """(first, after the last) of the rows that are seen, at least in part."""
        top = self.verticalScrollBar().value()
        first = top // ROW_HEIGHT
        last = -(-(top + self.viewport().height()) // ROW_HEIGHT)
        return first, min(last, self._assets.rowCount())

    def ask_for_thumbnails(self) -> None:
        """Want the thumbnails of the rows in sight."""
        if self.isVisible():
            found = (self._assets.asset_at(row) for row in range(*self.rows_in_sight()))
            shown = [asset for asset in found if asset is not None]
            self._thumbnails.ask(shown)
            self.in_sight.emit(shown)

    def repaint_asset(self, asset: int) -> None:
        """Something about an asset has changed (its thumbnail, the state of its file)."""
        row = self._assets.row_of_asset(asset)
        if row is not None and row in range(*self.rows_in_sight()):
            y = row * ROW_HEIGHT - self.verticalScrollBar().value()
            self.viewport().update(0, y, self.viewport().width(), ROW_HEIGHT)

    # ---- the current row ---------------------------------------------------------------------------------

    def set_current(self, row: int | None, *, scroll: bool) -> None:
        """Mark a row without telling of it."""
        self._telling = False
        try:
            if row is None:
                self.clearSelection()
                self.setCurrentIndex(QModelIndex())
            elif self.currentIndex().row() != row or not self.selectionModel().hasSelection():
                self.setCurrentIndex(self._assets.index(row, 0))
        finally:
            self._telling = True
        if row is not None and scroll:
            self.scrollTo(self._assets.index(row, 0), QAbstractItemView.ScrollHint.EnsureVisible)

    def choose(self, row: int) -> None:
        """Make a row current and tell."""
        if not 0 <= row < self._assets.rowCount():
            return
        index = self._assets.index(row, 0)
        if self.currentIndex() == index and not self.selectionModel().isSelected(index):
            self._telling = False
            self.setCurrentIndex(QModelIndex())  # it was only where the keyboard stood
            self._telling = True
        self.setCurrentIndex(index)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        asset = self._assets.asset_at(current.row()) if current.isValid() else None
        if asset is not None:
            self.scrollTo(current, QAbstractItemView.ScrollHint.EnsureVisible)
            if self._telling:
                self.chosen.emit(asset)

    # ---- events ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._ring(on=True)
        key, text = event.key(), event.text()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(0 if key == Qt.Key.Key_Home else self._assets.rowCount() - 1)
        elif plain and text and text.isprintable() and not text.isspace():
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ring(on=False)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring(on=event.reason() in KEYBOARD)
        self._telling = False  # a place to start from; nothing is opened by coming here
        try:
            if not self.currentIndex().isValid() and self._assets.rowCount():
                first = self._assets.index(self.rows_in_sight()[0], 0)
                self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            super().focusInEvent(event)
        finally:
            self._telling = True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        asset = self._assets.asset_at(index.row()) if index.isValid() else None
        if asset is not None:
            at = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos()
            self.menu_wanted.emit(asset, at)

    def _ring(self, *, on: bool) -> None:
        if self.delegate.focus_ring != on:
            self.delegate.focus_ring = on
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.look_soon()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.indexAt(event.pos())
            row = self._assets.row_at(at.row()) if at.isValid() else None
            width = self.viewport().width()
            tip = "" if row is None else self.delegate.tip_of(row, width, width - event.pos().x())
            if tip:
                # plain text: Qt would take a name that looks like a tag for rich text
                QToolTip.showText(event.globalPos(), f"<p>{_escaped(tip)}</p>", self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""The list of transfers: its buttons, keys, and the order that rows are dragged into."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QTableView, QToolTip, QWidget

from viewer.ui import theme
from viewer.ui.transfers import texts
from viewer.ui.transfers.model import TransferModel
from viewer.ui.transfers.row_delegate import ROW_HEIGHT, Deed, TransferRows, button_boxes, deeds_of
from viewer.ui.widgets.focus import RingedRows
from viewer.ui.widgets.rows import set_up_table

MORE = 60
"""So many rows below those in sight are known, too."""
_MOVABLE = ("waiting", "paused")
_OWN_KEYS = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Space, Qt.Key.Key_Escape,
    Qt.Key.Key_Delete,
)  # fmt: skip


class TransferView(RingedRows, QTableView):
    """Rows of one height. What is to be done is told by `wanted`; nothing is done here."""

    wanted = Signal(str, str)
    """(`Deed`, key of the transfer)"""
    moved = Signal(str, object)
    """(key, key of the transfer that it is to stand before, None: behind all)"""
    rows_wanted = Signal(int)
    """So many rows from the first are to be known one by one."""
    escaped = Signal()

    def __init__(self, model: TransferModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transfers = model
        self.delegate = TransferRows(model, self)
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        set_up_table(self, ROW_HEIGHT)
        self.setAccessibleName(self.tr("Transfers"))
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 2)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._want_rows())
        self._pressed: tuple[QPoint, str] | None = None
        self._dragged = ""
        """Key of the row that is dragged."""
        self._gap: int | None = None
        """Before which row it would be dropped."""
        self._kept: tuple[str, int] = ("", 0)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._find_again)

    # ---- what is in sight --------------------------------------------------------------------------------

    def _want_rows(self) -> None:
        last = self.rowAt(self.viewport().height() - 1)
        shown = self.viewport().height() // ROW_HEIGHT + 1
        self.rows_wanted.emit((last if last >= 0 else shown) + MORE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._want_rows()

    def _keep(self) -> None:
        self._kept = (self.current_key, self.verticalScrollBar().value())

    def _find_again(self) -> None:
        key, place = self._kept
        row = self._transfers.row_of(key) if key else None
        if row is not None:
            self.selectionModel().setCurrentIndex(
                self._transfers.index(row, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        self.verticalScrollBar().setValue(place)

    @property
    def current_key(self) -> str:
        """The transfer of the current row; "" for none."""
        one = self._transfers.at(self.currentIndex().row())
        return one.key if one is not None else ""

    # ---- keys --------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keys that mean something here are not the window's meanwhile."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._transfers.rowCount():
            self.setCurrentIndex(self._transfers.index(0, 0))

    def set_ring(self, on: bool) -> None:
        self.delegate.ring = on
        super().set_ring(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        one = self._transfers.at(self.currentIndex().row())
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        is_step = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if is_step and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.set_ring(True)
            self._step(self.currentIndex().row(), -1 if key == Qt.Key.Key_Up else 1)
            return
        deeds = deeds_of(one, is_paused=self._transfers.is_paused) if one is not None else ()
        if one is not None and deeds and key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit(deeds[0], one.key)
            return
        gone: Deed | None = next((deed for deed in deeds if deed in ("cancel", "remove")), None)
        if one is not None and key == Qt.Key.Key_Delete and gone is not None:
            self.wanted.emit(gone, one.key)
            return
        super().keyPressEvent(event)

    def _step(self, row: int, step: int) -> None:
        """One place up or down, among those that wait."""
        one, other = self._transfers.at(row), self._transfers.at(row + step)
        if one is None or one.state not in _MOVABLE or other is None or other.state not in _MOVABLE:
            return
        if step < 0:
            self.moved.emit(one.key, other.key)
        else:
            behind = self._transfers.at(row + 2)
            self.moved.emit(one.key, behind.key if behind is not None and behind.state in _MOVABLE else None)

    # ---- the pointer -------------------------------------------------------------------------------------

    def _deed_at(self, at: QPoint) -> tuple[int, Deed | None]:
        index = self.indexAt(at)
        one = self._transfers.at(index.row())
        if one is None:
            return index.row(), None
        boxes = button_boxes(self.visualRect(index), one, is_paused=self._transfers.is_paused)
        return index.row(), next((deed for deed, box in boxes.items() if box.contains(at)), None)

    def _hover(self, at: QPoint | None) -> None:
        hovered: tuple[int, Deed | None] = (-1, None) if at is None else self._deed_at(at)
        if hovered != self.delegate.hovered:
            self.delegate.hovered = hovered
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row, deed = self._deed_at(event.position().toPoint())
        one = self._transfers.at(row)
        if one is not None and deed is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setCurrentIndex(self._transfers.index(row, 0))
            self.wanted.emit(deed, one.key)
            return
        super().mousePressEvent(event)
        if one is not None and one.state in _MOVABLE and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (event.position().toPoint(), one.key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        self._hover(at)
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return  # Qt's own would select every row that the pointer comes over
        if not self._dragged and (at - self._pressed[0]).manhattanLength() >= QApplication.startDragDistance():
            self._dragged = self._pressed[1]
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragged:
            row = self.rowAt(at.y() + ROW_HEIGHT // 2)
            self._gap = self._transfers.rowCount() if row < 0 else row
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, gap = self._dragged, self._gap
        self._pressed, self._dragged, self._gap = None, "", None
        self.viewport().unsetCursor()
        self.viewport().update()
        if dragged and gap is not None:
            self._drop(dragged, gap)
            return
        super().mouseReleaseEvent(event)

    def _drop(self, key: str, gap: int) -> None:
        """Before the row `gap`: among those that wait, however far up or down the pointer went."""
        rows = range(self._transfers.rowCount())
        waiting = [row for row in rows if (one := self._transfers.at(row)) is not None and one.state in _MOVABLE]
        if not waiting:
            return
        before = self._transfers.at(max(gap, waiting[0])) if gap <= waiting[-1] else None
        if before is None or before.key != key:
            self.moved.emit(key, None if before is None else before.key)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row, deed = self._deed_at(event.pos())
            one = self._transfers.at(row)
            tips = {
                "pause": self.tr("Pause (Space)"), "resume": self.tr("Go on (Space)"),
                "cancel": self.tr("Cancel (Del)"), "retry": self.tr("Try again (Space)"),
                "remove": self.tr("Take it off the list (Del)"),
            }  # fmt: skip
            if one is not None and deed is not None:
                QToolTip.showText(event.globalPos(), tips[deed], self)
            elif one is not None:
                QToolTip.showText(event.globalPos(), texts.shown(one.sentence or one.name), self)
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu, index = self.menu_of(self.currentIndex().row()), self.currentIndex()
        if menu.actions():
            menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center()))

    def menu_of(self, row: int) -> QMenu:
        """What can be done with a row, by name; it ends when it is closed."""
        one = self._transfers.at(row)
        names: dict[Deed, str] = {
            "pause": self.tr("Pause"), "resume": self.tr("Go on"),
            "cancel": self.tr("Cancel"), "retry": self.tr("Try again"),
            "remove": self.tr("Take it off the list"),
        }  # fmt: skip
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        if one is None:
            return menu

        def emits(deed: Deed) -> Callable[[], None]:
            return lambda: self.wanted.emit(deed, one.key)

        for deed in deeds_of(one, is_paused=self._transfers.is_paused):
            menu.addAction(names[deed], emits(deed))
        if one.sentence:
            words = texts.shown(one.sentence)
            menu.addAction(self.tr("Copy the sentence"), lambda: QApplication.clipboard().setText(words))
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._gap is not None:
            y = self.rowViewportPosition(self._gap) if self._gap < self._transfers.rowCount() else (
                self.rowViewportPosition(self._transfers.rowCount() - 1) + ROW_HEIGHT
            )  # fmt: skip
            painter = QPainter(self.viewport())
            painter.fillRect(QRect(0, y - 1, self.viewport().width(), 2), QColor(theme.current().accent))
            painter.end()

"""Rows of two columns, A and B: what differs stands out, what is equal steps back."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from viewer.ui import theme
from viewer.ui.inspector.change_facts import Pair
from viewer.ui.inspector.facts_view import AnyIndex
from viewer.ui.widgets.focus import RingedRows
from viewer.ui.widgets.rows import CopyingRows, set_up_rows

NAME_WIDTH = 92
ROW = 22
INDENT = 10
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def columns_of(width: int) -> tuple[int, int, int]:
    """Where the columns of names, A and B begin in a row of this width."""
    left = theme.SPACE_M
    first = left + NAME_WIDTH + theme.SPACE_S
    return left, first, first + max(40, (width - first - theme.SPACE_M) // 2)


class PairModel(QAbstractListModel):
    """The rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pairs: tuple[Pair, ...] = ()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.pairs)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            pair = self.pairs[index.row()]
            if not pair.differs:
                return self.tr("{0}: {1}, the same").format(pair.name, pair.after)
            return self.tr("{0}: A {1}, B {2}").format(pair.name, pair.before, pair.after)
        return None

    def show_pairs(self, pairs: Sequence[Pair]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.pairs = tuple(pairs)
        self.endResetModel()


class _PairDelegate(QStyledItemDelegate):
    def __init__(self, view: PairRows) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(NAME_WIDTH, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        pair = self._view.model_.pairs[index.row()]
        rect: QRect = option.rect
        t = theme.current()
        painter.save()
        if self._view.ring and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.drawRoundedRect(QRectF(rect).adjusted(5, 1, -5, -1), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        metrics = QFontMetrics(theme.font(theme.SECOND_PX))
        painter.setFont(theme.font(theme.SECOND_PX))
        for text, left, width, ink in self._view.cells(pair, rect.width()):
            painter.setPen(QColor(getattr(t, ink)))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(rect.left() + left, rect.top(), width + 2, rect.height()), _LEFT, shown)
        painter.restore()


class PairRows(RingedRows, CopyingRows, QListView):
    """↑↓ move, Ctrl+C copies a row."""

    copied = Signal(str)
    """A sentence about what is on the clipboard now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = PairModel(self)
        self.setModel(self.model_)
        self.setItemDelegate(_PairDelegate(self))
        self.setAccessibleName(self.tr("Before and after"))
        set_up_rows(self)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(ROW)
        self.setMinimumHeight(2 * ROW)

    def show_pairs(self, pairs: Sequence[Pair]) -> None:
        """Other rows, from the first on; where only few have room the first one that differs is among them."""
        self.model_.show_pairs(pairs)
        self._scroll()

    def _scroll(self) -> None:
        self.scrollToTop()
        first = next((n for n, pair in enumerate(self.model_.pairs) if pair.differs), None)
        if first is not None:
            self.scrollTo(self.model_.index(first))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Whole rows are seen: one that is cut is hard to read."""
        rest = (self.height() - 2 * self.frameWidth()) % ROW
        if rest != self.viewportMargins().bottom():
            self.setViewportMargins(0, 0, 0, rest)
        super().resizeEvent(event)
        self._scroll()

    def cells(self, pair: Pair, width: int) -> tuple[tuple[str, int, int, str], ...]:
        """(text, left, width, colour) of the three cells of a row."""
        left, first, second = columns_of(width)
        left += min(pair.indent, 5) * INDENT
        ink = "text" if pair.differs else "text3"
        return (
            (pair.name, left, first - theme.SPACE_S - left, "text2" if pair.differs else "text3"),
            (pair.before, first, second - first - theme.SPACE_S, ink),
            (pair.after, second, width - second - theme.SPACE_S, ink),
        )

    def copy(self) -> None:
        """Copy the current row."""
        row = self.currentIndex().row()
        if 0 <= row < len(self.model_.pairs):
            pair = self.model_.pairs[row]
            text = f"{pair.name}: {pair.before} → {pair.after}" if pair.differs else f"{pair.name}: {pair.after}"
            QGuiApplication.clipboard().setText(text)
            self.copied.emit(self.tr("Copied: {0}").format(text[:80]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            if index.isValid():
                QToolTip.showText(event.globalPos(), self.tip_at(index.row(), event.pos().x()), self)
            return True
        return super().viewportEvent(event)

    def tip_at(self, row: int, x: int) -> str:
        """The whole text of a cell that is cut."""
        metrics = QFontMetrics(theme.font(theme.SECOND_PX))
        cells = self.cells(self.model_.pairs[row], self.viewport().width())
        text, _left, width, _ink = next(cell for cell in reversed(cells) if x >= cell[1] or cell is cells[0])
        return f"<span>{html.escape(text)}</span>" if metrics.horizontalAdvance(text) > width else ""

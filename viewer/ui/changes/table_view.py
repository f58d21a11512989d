"""The view of the table of changes: its header, keys, headings over the whole width."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QToolTip, QWidget

from viewer.ui import icons, theme
from viewer.ui.changes.columns import COLUMNS, Column
from viewer.ui.changes.table_delegate import PAD, ROW_HEIGHT, ChangeCells
from viewer.ui.changes.table_model import ChangeModel
from viewer.ui.widgets.focus import RingedRows
from viewer.ui.widgets.rows import set_up_table

HEADER_HEIGHT = 30


class Headings(QHeaderView):
    """Names in t3; the one that is sorted by in t1, with an arrow."""

    def __init__(self, model: ChangeModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._changes = model
        self.setFixedHeight(HEADER_HEIGHT)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        t = theme.current()
        column = COLUMNS[index]
        chosen = self._changes.filter.order == column.key
        painter.save()
        painter.fillRect(rect, QColor(t.panel))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(t.divider))
        font = theme.font(theme.SECOND_PX, 500 if chosen else 400)
        metrics = QFontMetrics(font)
        arrow = 16 if chosen else 0
        inner = rect.adjusted(PAD, 0, -PAD if column.right else -2, -1)
        name = str(self._changes.headerData(index, Qt.Orientation.Horizontal) or "")
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(0, inner.width() - arrow))
        width = metrics.horizontalAdvance(text)
        left = inner.right() + 1 - width - arrow if column.right else inner.left()
        painter.setFont(font)
        painter.setPen(QColor(t.text if chosen else t.text3))
        painter.drawText(QRect(left, inner.top(), width + 1, inner.height()), Qt.AlignmentFlag.AlignVCenter, text)
        if chosen:
            picture = icons.pixmap(
                "arrow-down" if self._changes.filter.descending else "arrow-up", 14, t.text, self.devicePixelRatioF()
            )
            painter.drawPixmap(left + width + (4 if width else 0), inner.top() + (inner.height() - 14) // 2, picture)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(theme.current().panel))
        painter.fillRect(0, HEADER_HEIGHT - 1, self.viewport().width(), 1, QColor(theme.current().divider))
        painter.end()
        super().paintEvent(event)


class ChangeTableView(RingedRows, QTableView):
    """Rows of 34 px; one of them current."""

    chosen = Signal(object)
    """The number of the change that became current; None for a heading."""
    entered = Signal()
    """Enter: show it in its asset."""
    peeked = Signal()
    """Space: show it large."""
    escaped = Signal()
    typed = Signal(str)
    stepped = Signal(int)
    """N (1) and Shift+N (-1): to the next one that was not seen."""
    order_chosen = Signal(str, bool)
    """(column, descending)"""

    def __init__(self, model: ChangeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes = model
        self.delegate = ChangeCells(model, self)
        self._optional: set[str] = set()
        self._own = False
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(self.tr("Changes"))
        header = Headings(model, self)
        self.setHorizontalHeader(header)
        set_up_table(self, ROW_HEIGHT)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionClicked.connect(self._heading_clicked)
        header.show()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._hover(-1))
        self.show_columns(frozenset(), own=False)

    # ---- columns -----------------------------------------------------------------------------------------

    @property
    def optional(self) -> frozenset[str]:
        """The columns that are shown beside the usual ones."""
        return frozenset(self._optional)

    def show_columns(self, optional: frozenset[str], *, own: bool) -> None:
        """Which optional columns are shown; `own`: also those that are told only of stages compared here."""
        self._optional, self._own = set(optional), own
        for index, column in enumerate(COLUMNS):
            self.setColumnHidden(index, not self.is_shown(column))
        self._fit()

    def is_shown(self, column: Column) -> bool:
        """Whether a column stands in the table."""
        return (not column.optional or column.key in self._optional) and (self._own or not column.own)

    def _fit(self) -> None:
        """Room that is left goes to the columns with names."""
        shown = [(index, column) for index, column in enumerate(COLUMNS) if self.is_shown(column)]
        rest = max(0, self.viewport().width() - sum(column.width for _, column in shown))
        shares = sum(column.stretch for _, column in shown)
        for index, column in shown:
            self.setColumnWidth(index, column.width + rest * column.stretch // shares)

    def _heading_clicked(self, index: int) -> None:
        column, record = COLUMNS[index], self._changes.filter
        if record.order != column.key:
            self.order_chosen.emit(column.key, column.descending)
        elif record.descending == column.descending:
            self.order_chosen.emit(column.key, not record.descending)
        else:
            self.order_chosen.emit("export", False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, HEADER_HEIGHT + 3 * ROW_HEIGHT)

    # ---- the current row ---------------------------------------------------------------------------------

    @property
    def row(self) -> int:
        """The current row, -1 for none."""
        return self.currentIndex().row() if self.currentIndex().isValid() else -1

    def choose(self, row: int | None) -> None:
        """Make a row current."""
        if row is None or not 0 <= row < self._changes.rowCount():
            self.setCurrentIndex(QModelIndex())
            return
        self.setCurrentIndex(self._changes.index(row, 1))
        self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        self.chosen.emit(self._changes.number_at(current.row()) if current.isValid() else None)

    # ---- events ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text, modifiers = event.key(), event.text(), event.modifiers()
        plain = not modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        heading = self._changes.group_at(self.row) if self.row >= 0 else None
        self.set_ring(True)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and heading is not None:
            self._changes.toggle_group(self.row)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Space:
            self.peeked.emit()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key == Qt.Key.Key_N and plain:
            self.stepped.emit(-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(0 if key == Qt.Key.Key_Home else self._changes.rowCount() - 1)
        elif plain and text and text.isprintable() and not text.isspace():
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        row = self.rowAt(event.position().toPoint().y())
        if event.button() == Qt.MouseButton.LeftButton and self._changes.group_at(row) is not None:
            self._changes.toggle_group(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._changes.item_at(self.rowAt(event.position().toPoint().y())) is not None:
            self.entered.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.delegate.hovered:
            self.delegate.hovered = row
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            text = str(self._changes.data(index) or "") if index.isValid() else ""
            room = self.columnWidth(index.column()) - 2 * PAD if index.isValid() else 0
            if text and QFontMetrics(theme.font(theme.BODY_PX)).horizontalAdvance(text) > room:
                # plain text: Qt would take a name that looks like a tag for rich text
                escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                QToolTip.showText(event.globalPos(), f"<p>{escaped}</p>", self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        width = self.viewport().width()
        top = self.verticalScrollBar().value()
        last = min((top + self.viewport().height()) // ROW_HEIGHT + 1, self._changes.rowCount())
        for row in range(top // ROW_HEIGHT, last) if self._changes.groups else ():
            group = self._changes.group_at(row)
            if group is not None:
                box = QRect(0, row * ROW_HEIGHT - top, width, ROW_HEIGHT)
                self.delegate.paint_heading(painter, box, group, selected=row == self.row)
        if self.row >= 0:
            box = QRect(0, self.row * ROW_HEIGHT - top, width, ROW_HEIGHT)
            painter.fillRect(box.left(), box.top(), 2, box.height(), QColor(theme.current().accent))
            if self.ring:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(theme.current().accent), 2.0))
                painter.drawRoundedRect(QRectF(box).adjusted(3, 1, -3, -2), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        painter.end()

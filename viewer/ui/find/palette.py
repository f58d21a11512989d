"""The command palette (Ctrl+K): one field, nine rows, everything by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from viewer.errors import one_line
from viewer.ui import icons, theme
from viewer.ui.find.match import Entry, Names, entries_for, parse
from viewer.ui.widgets.layout import column
from viewer.ui.widgets.rows import paint_ground

WIDTH, TOP, ROWS, ROW = 620, 80, 9, 36
LIMIT = 60
_ENTRY = Qt.ItemDataRole.UserRole
_ICONS = {"action": "chevron-right", "asset": "image", "class": "tag", "page": "file-text"}


class _Rows(QStyledItemDelegate):
    """One entry: icon, text, and what stands at the right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(_ENTRY)
        t = theme.current()
        box: QRect = option.rect
        paint_ground(painter, box, option.state, hovers=False)
        painter.save()
        dim = 1.0 if entry.enabled else 0.5  # but not the reason, which is there to be read
        painter.setOpacity(dim)
        ratio = option.widget.devicePixelRatioF() if option.widget is not None else 1.0
        picture = icons.pixmap(_ICONS[entry.kind], 16, t.text3, ratio)
        painter.drawPixmap(box.left() + 16, box.center().y() - 7, picture)
        side = entry.side if entry.enabled else entry.why
        painter.setOpacity(1.0)
        painter.setFont(theme.font(theme.CAPTION_PX))
        painter.setPen(QColor(t.text3))
        width = QFontMetrics(painter.font()).horizontalAdvance(side)
        inner = box.adjusted(42, 0, -16, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, side)
        painter.setFont(theme.font(theme.BODY_PX))
        painter.setPen(QColor(t.text))
        painter.setOpacity(dim)
        text = QFontMetrics(painter.font()).elidedText(
            entry.text, Qt.TextElideMode.ElideMiddle, inner.width() - width - 16
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, ROW)


class Palette(QFrame):
    """Lies over the window while it is open. Esc or a click beside it closes it."""

    chosen = Signal(object)
    """`Entry`"""
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names = Names()
        self._actions: Callable[[], Sequence[Entry]] = lambda: ()
        self._classes: Callable[[], Sequence[Entry]] = lambda: ()
        self._pages: Callable[[], int] = lambda: 1
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(
            self.tr("Find an asset or run a command…   # number   > action   @ class   : page")
        )
        self.field.setAccessibleName(self.tr("Find an asset or run a command"))
        self.field.setFixedHeight(theme.CONTROL_LARGE + 4)
        self.rows = QListWidget(self)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setItemDelegate(_Rows(self.rows))
        self.rows.setUniformItemSizes(True)
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setAccessibleName(self.tr("Found"))
        self.rows.viewport().setAutoFillBackground(False)
        self.setLayout(column(self.field, self.rows, spacing=theme.SPACE_S, margins=(theme.SPACE_S, theme.SPACE_S)))
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.rows.itemClicked.connect(lambda item: self._choose(item))
        parent.installEventFilter(self)
        self.hide()

    def offer(
        self, actions: Callable[[], Sequence[Entry]], classes: Callable[[], Sequence[Entry]], pages: Callable[[], int]
    ) -> None:
        """Where its entries come from; asked anew for every key."""
        self._actions, self._classes, self._pages = actions, classes, pages

    def open(self, typed: str = "") -> None:
        """Show it, with this text typed already."""
        self._place()
        self.show()
        self.raise_()
        self.field.setText(typed)
        self._search(typed)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.setCursorPosition(len(typed))

    def dismiss(self) -> None:
        """Close it without a choice."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    @property
    def entries(self) -> list[Entry]:
        """What is offered now."""
        return [self.rows.item(i).data(_ENTRY) for i in range(self.rows.count())]

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        width = min(WIDTH, parent.width() - 40)
        height = self.field.height() + 3 * theme.SPACE_S + max(1, min(ROWS, self.rows.count())) * ROW + 2
        self.setGeometry((parent.width() - width) // 2, TOP, width, min(height, parent.height() - TOP - 20))

    def _search(self, typed: str) -> None:
        found = entries_for(
            parse(typed), actions=self._actions, names=self.names, classes=self._classes,
            page_count=self._pages(), limit=LIMIT,
        )  # fmt: skip
        self.rows.clear()
        for entry in found:
            item = QListWidgetItem(one_line(entry.text)[:300])
            item.setData(_ENTRY, entry)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{entry.text}, {entry.side if entry.enabled else entry.why}"
            )
            if not entry.enabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.rows.addItem(item)
        first = next((i for i, entry in enumerate(found) if entry.enabled), None)
        if first is not None:
            self.rows.setCurrentRow(first)
        self.rows.setAccessibleDescription(self.tr("Nothing found") if not found else "")
        self._place()
        self.update()

    def _choose(self, item: QListWidgetItem | None) -> None:
        entry: Entry | None = None if item is None else item.data(_ENTRY)
        if entry is None or not entry.enabled:
            return
        self.dismiss()
        self.chosen.emit(entry)

    def _move(self, step: int) -> None:
        count = self.rows.count()
        row = self.rows.currentRow()
        for _ in range(count):
            row = (row + step) % count
            if self.rows.item(row).data(_ENTRY).enabled:
                self.rows.setCurrentRow(row)
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter while one types; the window's size; clicks beside."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}
            if key in steps:
                self._move(steps[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.rows.currentItem())
                return True
            if key == Qt.Key.Key_Escape:
                self.dismiss()
                return True
        if watched is self.field and event.type() == QEvent.Type.FocusOut and not self.rows.underMouse():
            self.dismiss()
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.raised))
        painter.setPen(QColor(t.border))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        if not self.rows.count():
            painter.setPen(QColor(t.text3))
            painter.drawText(self.rows.geometry(), Qt.AlignmentFlag.AlignCenter, self.tr("Nothing is called that."))
        painter.end()

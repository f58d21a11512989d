"""The field that assets are searched in, and the button for their order."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from viewer.ui import icons, theme
from viewer.ui.assets import texts
from viewer.ui.assets.order import ORDERS
from viewer.ui.widgets.buttons import FlatButton, IconButton

_ICON_ROOM = 24


class FilterField(QLineEdit):
    """A line of text with a lens at the left and, while empty, its shortcut at the right; then a cross."""

    entered = Signal()
    down = Signal()
    """To the rows below."""
    left = Signal()
    """Esc with nothing to clear."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = QKeySequence(QKeySequence.StandardKey.Find).toString(QKeySequence.SequenceFormat.NativeText)
        self._faded = False
        self.setFont(theme.font(theme.BODY_PX))
        self.setPlaceholderText(self.tr("Filter assets"))
        self.setAccessibleName(self.tr("Filter assets"))
        self.setAccessibleDescription(self.tr("Words, #12 for a number, /a pattern/, or the id of a label"))
        self.setToolTip(self.tr("Words, #12 for a number, /a pattern/, or the id of a label"))
        self.clear_button = FlatButton("", self, icon="x", icon_size=14, height=theme.CONTROL_SMALL)
        self.clear_button.setAccessibleName(self.tr("Clear the search"))
        self.clear_button.setToolTip(self.tr("Clear the search"))
        self.clear_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Esc does the same
        self.clear_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.clear_button.clicked.connect(self.clear)
        self.clear_button.hide()
        self.textChanged.connect(self._text_changed)
        self._make_room()

    def set_faded(self, faded: bool) -> None:
        """The text is kept but not in force."""
        if faded != self._faded:
            self._faded = faded
            self.update()

    def _hint_font_width(self) -> int:
        return QFontMetrics(theme.font(theme.CAPTION_PX)).horizontalAdvance(self._hint) + 10

    def _make_room(self) -> None:
        right = self.clear_button.width() if self.text() else self._hint_font_width()
        self.setTextMargins(_ICON_ROOM - 2, 0, right, 0)

    def _text_changed(self, text: str) -> None:
        self.clear_button.setVisible(bool(text))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = theme.CONTROL_SMALL
        self.clear_button.setGeometry(self.width() - side - 2, (self.height() - side) // 2, side, side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Down:
            self.down.emit()
        elif key == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        t = theme.current()
        painter = QPainter(self)
        lens = icons.pixmap("search", 16, t.text3, self.devicePixelRatioF())
        painter.drawPixmap(9, (self.height() - 16) // 2, lens)
        if not self.text():
            width = self._hint_font_width()
            box = QRect(self.width() - width - 6, (self.height() - 18) // 2, width, 18)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(t.border), 1.0))
            painter.setBrush(QColor(t.panel))
            painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setFont(theme.font(theme.CAPTION_PX))
            painter.setPen(QColor(t.text3))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._hint)
        elif self._faded:
            # struck out: the colour of a field's text belongs to the palette
            left = self.textMargins().left() + 10
            width = QFontMetrics(self.font()).horizontalAdvance(self.text())
            right = min(left + width, self.width() - self.textMargins().right() - 8)
            painter.setPen(QPen(QColor(t.text2), 1.0))
            painter.drawLine(QPointF(left, self.height() / 2 + 0.5), QPointF(right, self.height() / 2 + 0.5))
        painter.end()


class OrderButton(IconButton):
    """Opens the orders; a dot says that the list is not in the order of the export."""

    order_chosen = Signal(str, bool)
    """(order, descending)"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("arrow-up-down", "", parent)
        self._order, self._descending = "", False
        self.set_order("export", descending=False)
        self.clicked.connect(self._open)

    @property
    def is_marked(self) -> bool:
        """Whether the order is another than the export's."""
        return self._order != "export" or self._descending

    def set_order(self, key: str, *, descending: bool) -> None:
        """What the order is."""
        self._order, self._descending = key, descending
        text = self.tr("Order: {0}").format(texts.order_text(key))
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def _open(self) -> None:
        menu = QMenu(self)
        for item in ORDERS:
            action = menu.addAction(texts.order_text(item.key))
            action.setCheckable(True)
            action.setChecked(self._order == item.key)
            action.triggered.connect(lambda _on=False, item=item: self.order_chosen.emit(item.key, item.descending))
        menu.addSeparator()
        action = menu.addAction(self.tr("Descending"))
        action.setCheckable(True)
        action.setChecked(self._descending)
        action.triggered.connect(lambda on: self.order_chosen.emit(self._order, on))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def paint_content(self, painter: QPainter, ink: str) -> None:
        super().paint_content(painter, theme.current().text if self.is_marked else ink)
        if self.is_marked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.current().accent))
            painter.drawEllipse(QPointF(self.width() - 6, 6), 3, 3)

"""Fields of dialogs, painted by tokens: a choice with its menu, a number with its steps, a box to tick, a heading."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QWidget

from viewer.ui import icons, theme
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Text

BOX = 16


class ChoiceField(FlatButton):
    """One of several; a press opens the others, ↑ and ↓ step through them."""

    changed = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`choices`: (key, text)."""
        super().__init__("", parent, look="framed")
        self._choices = tuple(choices)
        self._key = self._choices[0][0]
        self.setText(self._choices[0][1])
        self.clicked.connect(self._open)

    @property
    def choice(self) -> str:
        """The key of what is chosen."""
        return self._key

    def choose(self, key: str) -> None:
        """Choose by the key; one that is not offered changes nothing."""
        text = dict(self._choices).get(key)
        if text is not None and key != self._key:
            self._key = key
            self.setText(text)
            self.setAccessibleDescription(text)
            self.changed.emit(key)

    def menu(self) -> QMenu:
        """All choices, the one in force ticked."""
        menu = QMenu(self)
        for key, text in self._choices:
            action = QAction(text, menu)
            action.setCheckable(True)
            action.setChecked(key == self._key)
            action.triggered.connect(lambda _on=False, key=key: self.choose(key))
            menu.addAction(action)
        menu.setMinimumWidth(self.width())
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step; Enter opens as Space does."""
        keys = [key for key, _ in self._choices]
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.choose(keys[max(0, min(keys.index(self._key) + step, len(keys) - 1))])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(max(metrics.horizontalAdvance(text) for _, text in self._choices) + 42, theme.CONTROL)

    def paint_content(self, painter: QPainter, ink: str) -> None:
        right = self.width() - 10 - 14
        box = QRectF(10, 0, right - 16, self.height())
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        picture = icons.pixmap("chevron-down", 14, theme.current().text2, self.devicePixelRatioF())
        painter.drawPixmap(right, (self.height() - 14) // 2, picture)


class StepField(QLineEdit):
    """A number between two limits. ↑ ↓ and the wheel step it; what is no number brings the last one back."""

    def __init__(
        self, value: float, low: float, high: float, parent: QWidget | None = None, *, decimals: int = 0
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._decimals = low, high, decimals
        self._value = low
        self.setFont(theme.font())
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(88)
        self.set_value(value)
        self.editingFinished.connect(self._typed)

    @property
    def value(self) -> float:
        """The number that stands there, held within the limits."""
        typed = _number(self.text())
        return self._value if typed is None else self._held(typed)

    def set_value(self, value: float) -> None:
        """Another number."""
        self._value = self._held(value)
        self.setText(f"{self._value:.{self._decimals}f}")

    def _held(self, value: float) -> float:
        return round(max(self._low, min(value, self._high)), self._decimals)

    def _typed(self) -> None:
        self.set_value(self.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.set_value(self.value + step)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only while it has the keys: a wheel on its way through a dialog changes nothing."""
        if self.hasFocus() and event.angleDelta().y():
            self.set_value(self.value + (1 if event.angleDelta().y() > 0 else -1))
            event.accept()
        else:
            event.ignore()


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None


class TickField(FlatButton):
    """On or off, with its text."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setFont(theme.font())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(BOX + 10 + QFontMetrics(self.font()).horizontalAdvance(self.text()) + 8, theme.CONTROL)

    def grounds(self) -> tuple[str, str, str]:
        return "", "", theme.current().text

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        box = QRectF(2.5, (self.height() - BOX) // 2 + 0.5, BOX - 1, BOX - 1)
        on = self.isChecked()
        # the frame is the mark that says that something can be ticked here: 3:1, which a usual border has not
        painter.setPen(QColor(t.fill if on else t.strong))
        painter.setBrush(QColor(t.fill if on else t.hover if self.underMouse() else t.window if t.dark else t.raised))
        painter.drawRoundedRect(box, theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        if on:
            picture = icons.pixmap("check", 12, t.on_fill, self.devicePixelRatioF())
            painter.drawPixmap(round(box.left() + 1.5), round(box.top() + 1.5), picture)
        if self._ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        painter.setPen(QColor(t.text))
        painter.setFont(self.font())
        rest = self.rect().adjusted(BOX + 10, 0, 0, 0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


def dialog_title(text: str, parent: QWidget) -> Text:
    """What a dialog is for, in its first row."""
    return Text(text, parent, pixels=theme.NAME_PX, weight=600)

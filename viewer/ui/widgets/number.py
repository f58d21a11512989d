"""A whole number that is typed: without arrows, told when it is finished, held within its range."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from viewer.ui import theme


class NumberField(QLineEdit):
    """`valueChanged` tells every new value, whether it was typed or set; a text that is none brings the old back."""

    valueChanged = Signal(int)  # noqa: N815 - as Qt's own fields have it

    def __init__(self, parent: QWidget | None = None, *, pixels: int = theme.NAME_PX) -> None:
        super().__init__(parent)
        self._value, self._low, self._high = 0, 0, 0
        self.setFont(theme.font(pixels, 600))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFrame(False)
        self.setFixedHeight(theme.line_of(pixels) + 2)
        # the rules of the look for fields are for those that stand alone
        self.setStyleSheet("QLineEdit { background: transparent; border: none; padding: 0; min-height: 0 }")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.returnPressed.connect(self._typed)
        self.editingFinished.connect(self._show)

    def setRange(self, low: int, high: int) -> None:
        """The least and the greatest value."""
        self._low, self._high = low, high
        self.setValue(self._value)

    def value(self) -> int:
        """The value in force."""
        return self._value

    def setValue(self, value: int) -> None:
        """Another value, held within the range."""
        value = max(self._low, min(value, self._high))
        changed, self._value = value != self._value, value
        if not self.hasFocus() or changed:
            self._show()
        if changed:
            self.valueChanged.emit(value)

    def _typed(self) -> None:
        text = self.text().replace(",", "").replace(" ", "")
        if text.isdecimal() and len(text) < 10:
            self.setValue(int(text))
        self._show()

    def _show(self) -> None:
        self.setText(f"{self._value:,}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc brings the old number back."""
        if event.key() == Qt.Key.Key_Escape:
            self._show()
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel over a number that is not being typed belongs to what lies around it."""
        event.ignore()

"""A button that names a stage and opens the list of all: with a pin when two are compared."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from viewer.ui import icons, theme
from viewer.ui.header import MenuButton
from viewer.ui.widgets.pins import SIZE, draw_pin

NARROWEST = 84
WIDEST = 240


class StagePicker(MenuButton):
    """`letter` is the pin it shows; "" is the one stage shown, with the sign of history."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent, icon="history", look="framed")
        self.letter = ""
        self._name, self._short = name, ""
        self.setAccessibleName(name)

    def show_stage(self, text: str, letter: str = "", *, short: str = "") -> None:
        """The stage it names; `short` is said where the text has no room."""
        self.letter, self._short = letter, short
        self.setAccessibleName(" ".join(part for part in (self._name, letter) if part) + f": {text}")
        self.setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(min(hint.width() + (SIZE - 16 if self.letter else 0), WIDEST), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, self.sizeHint().height())

    def paint_content(self, painter: QPainter, ink: str) -> None:
        ratio = self.devicePixelRatioF()
        middle = self.height() / 2
        x = 8.0
        if self.letter:
            ground = self.grounds()[0]
            draw_pin(painter, QRectF(x, middle - SIZE / 2, SIZE, SIZE), self.letter, ground=ground)
            x += SIZE + 6
        else:
            painter.drawPixmap(round(x), round(middle - 8), icons.pixmap("history", 16, theme.current().text2, ratio))
            x += 22
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        box = QRectF(x, 0, self.width() - x - 26, self.height())
        metrics, room = painter.fontMetrics(), int(box.width()) + 1
        text = self.text() if metrics.horizontalAdvance(self.text()) <= room or not self._short else self._short
        text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        arrow = icons.pixmap("chevron-down", 14, theme.current().text2, ratio)
        painter.drawPixmap(self.width() - 21, round(middle - 7), arrow)

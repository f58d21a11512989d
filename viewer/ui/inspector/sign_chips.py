"""A row of change signs with their counts, each a filter: a click shows it alone, Ctrl+click adds it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui import theme
from viewer.ui.inspector.change_words import kind_text
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.signs import draw_sign

SIGN, LEFT = 16, 4
GAP = 5


class SignChip(FlatButton):
    """A sign and how many changes carry it."""

    pressed_with = Signal(bool)
    """Whether it is to be added to those that are on."""

    def __init__(self, sign: str, count: int, parent: QWidget | None = None) -> None:
        super().__init__("", parent, look="framed", height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX)
        self.sign = sign
        self.setCheckable(True)
        self.set_count(count)

    def set_count(self, count: int) -> None:
        """How many changes carry the sign."""
        self.setText(f"{count:,}")
        self.setFont(theme.font(theme.SECOND_PX, 500))
        name = kind_text(self.sign)
        self.setAccessibleName(f"{name} {count:,}")
        self.setToolTip(self.tr("{0}: click shows only these, Ctrl+click adds them").format(name))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(LEFT + SIGN + LEFT + width + 6, theme.CONTROL_SMALL)

    def grounds(self) -> tuple[str, str, str]:
        t = theme.current()
        if self.isChecked():
            return t.soft, t.accent, t.text
        ground, border, _ink = super().grounds()
        return ground, border, t.text

    def paint_content(self, painter: QPainter, ink: str) -> None:
        box = QRectF(LEFT, (self.height() - SIGN) / 2, SIGN, SIGN)
        draw_sign(painter, box, self.sign, paper=not theme.current().dark)
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        at = QRectF(2 * LEFT + SIGN, 0, self.width(), self.height())
        painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())

    def nextCheckState(self) -> None:
        """What is on is decided by the row, not by each chip."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and self.isDown() and inside:
            self.setDown(False)
            self.pressed_with.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed_with.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            return
        super().keyPressEvent(event)


class SignChips(QWidget):
    """Chips side by side, in as many rows as they need."""

    chosen = Signal(object)
    """frozenset[str] of signs; empty: all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: dict[str, SignChip] = {}
        self.signs: frozenset[str] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Kinds of changes"))

    def show_counts(self, counts: Mapping[str, int], signs: frozenset[str]) -> None:
        """Which signs there are, how many of each, and which are on."""
        if list(counts) != list(self.chips):
            for chip in self.chips.values():
                chip.hide()
                chip.deleteLater()
            self.chips = {sign: SignChip(sign, count, self) for sign, count in counts.items()}
            for sign, chip in self.chips.items():
                chip.pressed_with.connect(lambda adds, sign=sign: self._press(sign, adds=adds))
                chip.show()
        for sign, count in counts.items():
            self.chips[sign].set_count(count)
        self._mark(signs)
        self._lay_out()

    def _press(self, sign: str, *, adds: bool) -> None:
        if adds:
            signs = self.signs ^ {sign}
        else:
            signs = frozenset() if self.signs == {sign} else frozenset({sign})
        if signs == set(self.chips):
            signs = frozenset()
        self._mark(signs)
        self.chosen.emit(signs)

    def _mark(self, signs: frozenset[str]) -> None:
        self.signs = signs
        for sign, chip in self.chips.items():
            chip.setChecked(sign in signs)

    def sizeHint(self) -> QSize:
        return QSize(200, self._place(move=False))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._place(move=False))

    def _place(self, *, move: bool) -> int:
        """Put the chips where they belong; the height that takes."""
        x = y = 0
        for chip in self.chips.values():
            size = chip.sizeHint()
            if x and x + size.width() > self.width():
                x, y = 0, y + theme.CONTROL_SMALL + GAP
            if move:
                chip.setGeometry(x, y, size.width(), size.height())
            x += size.width() + GAP
        return y + theme.CONTROL_SMALL

    def _lay_out(self) -> None:
        height = self._place(move=True)
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

"""Which change of how many, with the way to the one before and the next."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui import theme
from viewer.ui.widgets.buttons import IconButton

Part = tuple[str, bool]
"""(text, whether it is the number that one looks for)"""


class ChangeCounter(QWidget):
    """Says "change 7 of 20" between two buttons; where there is little room: "7 / 20"."""

    stepped = Signal(int)
    """1: the next change; -1: the one before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._number: int | None = None
        self._total = 0
        self._short = False
        self.previous = IconButton("chevron-up", self.tr("Previous change"), self)
        self.next = IconButton("chevron-down", self.tr("Next change"), self)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.show_change(None, 0)

    def show_change(self, index: int | None, total: int) -> None:
        """The change that is selected, 0-based (None: none is), of how many."""
        self._number = None if index is None else index + 1
        self._total = total
        for button in (self.previous, self.next):
            button.setEnabled(total > 0)
        self.setAccessibleName("".join(text for text, _ in self.parts(short=False)))
        self._lay_out()

    def set_tips(self, previous: str, next_: str) -> None:
        """The tooltips of the two buttons."""
        self.previous.setToolTip(previous)
        self.next.setToolTip(next_)

    def set_short(self, on: bool) -> None:
        """In as little room as it can be said."""
        if on != self._short:
            self._short = on
            self._lay_out()

    def parts(self, *, short: bool) -> tuple[Part, ...]:
        """What it says."""
        total, number = f"{self._total:,}", self._number
        if not self._total:
            return ((self.tr("nothing changed") if not short else "0", False),)
        if number is None and short:
            return ("—", True), (f" / {total}", False)
        if number is None:
            one = self._total == 1
            return ((self.tr("1 change") if one else self.tr("{0} changes").format(total), False),)
        if short:
            return (f"{number:,}", True), (f" / {total}", False)
        before, _, after = self.tr("change {0} of {1}").format("\0", total).partition("\0")
        return (before, False), (f"{number:,}", True), (after, False)

    def width_of(self, *, short: bool) -> int:
        """How wide it is."""
        return 2 * theme.CONTROL + 4 + sum(self._advance(part) for part in self.parts(short=short))

    @staticmethod
    def _advance(part: Part) -> int:
        return QFontMetrics(theme.font(theme.BODY_PX, 600 if part[1] else 400)).horizontalAdvance(part[0])

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(short=self._short), theme.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _lay_out(self) -> None:
        size = self.sizeHint()
        self.previous.setGeometry(0, 0, theme.CONTROL, theme.CONTROL)
        self.next.setGeometry(size.width() - theme.CONTROL, 0, theme.CONTROL, theme.CONTROL)
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        x = float(theme.CONTROL + 2)
        for part in self.parts(short=self._short):
            painter.setFont(theme.font(theme.BODY_PX, 600 if part[1] else 400))
            painter.setPen(QColor(t.text if part[1] else t.text2))
            width = self._advance(part)
            painter.drawText(QRectF(x, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, part[0])
            x += width
        painter.end()

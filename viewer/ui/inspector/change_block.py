"""The block of the chosen change: what it is, both sides of it, what was measured, and who did it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from viewer.model import Change
from viewer.ui import theme
from viewer.ui.inspector.change_facts import chips_of, pairs_of
from viewer.ui.inspector.change_listing import ChangeListing
from viewer.ui.inspector.change_words import words_of
from viewer.ui.inspector.pair_rows import PairRows, columns_of
from viewer.ui.inspector.words import safe_line, when_text
from viewer.ui.timeline.cards import person_name
from viewer.ui.widgets.buttons import IconButton
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.marks import chip_width, draw_avatar, draw_chip
from viewer.ui.widgets.pins import draw_pin
from viewer.ui.widgets.signs import draw_sign

SIGN, PIN, AVATAR = 16, 16, 16
LOW, LEAST = 200, 140
"""Below this height of the block there is one row of chips, and no author."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Sides:
    """The two stages that are compared, by name; `size` is the label space."""

    before: str
    after: str
    size: tuple[float, float] | None = None


class ChangeTitle(QWidget):
    """Sign, name, number, and what happened in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign, self.name, self.number, self.words = "", "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(60)

    def sizeHint(self) -> QSize:
        return QSize(120, theme.CONTROL)

    def tell(self, sign: str, name: str, number: str, words: str) -> None:
        """Another change."""
        self.sign, self.name, self.number, self.words = sign, name, number, words
        spoken = " ".join(part for part in (name, number, words) if part)
        self.setAccessibleName(spoken)
        self.setToolTip(f"{name} {number}".rstrip() + f": {words}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        draw_sign(painter, QRectF(0, (self.height() - SIGN) / 2, SIGN, SIGN), self.sign, paper=not t.dark)
        left = SIGN + 8
        parts = ((self.name, 600, t.text), (self.number, 400, t.text3), (self.words, 400, t.text2))
        for text, weight, ink in parts:
            font = theme.font(theme.NAME_PX, weight)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(self.width() - left, 0))
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(left, 0, self.width(), self.height(), _LEFT, shown)
            left += QFontMetrics(font).horizontalAdvance(shown) + (5 if shown else 0)
        painter.end()


class SideHeads(QWidget):
    """Above the columns: the pins with the names of their stages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sides = Sides("", "")
        self.setFixedHeight(22)

    def tell(self, sides: Sides) -> None:
        """Other stages."""
        self.sides = sides
        self.setAccessibleName(self.tr("A {0}, B {1}").format(sides.before, sides.after))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        _left, first, second = columns_of(self.width())
        font = theme.font(theme.SECOND_PX)
        for letter, text, left, right in (
            ("A", self.sides.before, first, second - theme.SPACE_S),
            ("B", self.sides.after, second, self.width() - theme.SPACE_S),
        ):
            draw_pin(painter, QRectF(left, 3, PIN, PIN), letter)
            painter.setFont(font)
            painter.setPen(QColor(t.text2))
            room = right - left - PIN - 6
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(left + PIN + 6, 0, room + 2, self.height(), _LEFT, shown)
        painter.end()


class Measures(QWidget):
    """Chips with what was measured, in as many rows as they need, or in one where there is little room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.texts: tuple[str, ...] = ()
        self._is_low = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def tell(self, texts: Sequence[str]) -> None:
        """Other measures; none: no room is taken."""
        self.texts = tuple(texts)
        self.setAccessibleName(", ".join(texts))
        self.setToolTip(" · ".join(texts))
        self._fit()
        self.update()

    def set_low(self, on: bool) -> None:
        """One row: what has no room is in the tooltip."""
        if on != self._is_low:
            self._is_low = on
            self._fit()
            self.update()

    def boxes(self) -> list[QRectF]:
        """Where the chips are."""
        found: list[QRectF] = []
        x, y = float(theme.SPACE_M), 4.0
        for text in self.texts:
            width = float(chip_width(text))
            if found and x + width > self.width() - theme.SPACE_S:
                if self._is_low:
                    break
                x, y = float(theme.SPACE_M), y + 24
            found.append(QRectF(x, y, width, 20))
            x += width + 6
        return found

    def _fit(self) -> None:
        boxes = self.boxes()
        self.setFixedHeight(int(boxes[-1].bottom()) + 4 if boxes else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        for text, box in zip(self.texts, self.boxes()):
            draw_chip(painter, box, text, ground=t.hover, ink=t.text2)
        painter.end()


class Author(QWidget):
    """Who did it, and when."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person, self.text = "", ""
        self.setFixedHeight(24)

    def tell(self, person: str, at: str | None) -> None:
        """Another person and time."""
        self.person = person
        self.text = " · ".join(part for part in (person_name(safe_line(person)), when_text(at)) if part)
        self.setAccessibleName(self.text)
        self.setToolTip(safe_line(person))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = theme.SPACE_M
        if self.person:
            draw_avatar(painter, QRectF(left, 4, AVATAR, AVATAR), self.person)
            left += AVATAR + 6
        font = theme.font(theme.SECOND_PX)
        painter.setFont(font)
        painter.setPen(QColor(theme.current().text2))
        room = self.width() - left - theme.SPACE_S
        shown = QFontMetrics(font).elidedText(self.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(left, 0, room + 2, self.height(), _LEFT, shown)
        painter.end()


class ChangeBlock(QWidget):
    """Shows one change; before one is chosen it says how."""

    zoom_wanted = Signal()
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.change: Change | None = None
        self._words = ""
        self.title = ChangeTitle(self)
        self.zoom = IconButton("scan-search", self.tr("Zoom to this change"), self)
        self.copy = IconButton("copy", self.tr("Copy as text"), self)
        self.heads = SideHeads(self)
        self.pairs = PairRows(self)
        self.measures = Measures(self)
        self.note = Text("", self, pixels=theme.SECOND_PX, tone="text3", elide=Qt.TextElideMode.ElideRight)
        self._note_row = QWidget(self)
        self._note_row.setLayout(row(self.note, margins=(theme.SPACE_M, 2)))
        self.author = Author(self)
        shown = QWidget(self)
        shown.setLayout(
            column(
                row(self.title, self.zoom, self.copy, spacing=2, margins=(theme.SPACE_M, 7, 6, 3)),
                self.heads,
                self.pairs,
                self.measures,
                self._note_row,
                self.author,
                margins=(0, 0, 0, 4),
            )
        )
        shown.layout().setStretch(2, 1)  # type: ignore[union-attr, unused-ignore]
        empty = QWidget(self)
        empty.setLayout(
            column(
                Text(self.tr("No change chosen"), empty, weight=600),
                Text(
                    self.tr("↑ ↓ go through the changes; N does so from the picture."), empty,
                    pixels=theme.SECOND_PX, tone="text2", elide=Qt.TextElideMode.ElideRight,
                ),
                None, spacing=theme.SPACE_XS, margins=(theme.SPACE_M, 10),
            )
        )  # fmt: skip
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(shown)
        self.setMinimumHeight(LEAST)
        self.zoom.clicked.connect(self.zoom_wanted)
        self.copy.clicked.connect(self._copy)
        self.pairs.copied.connect(self.copied)

    @property
    def is_empty(self) -> bool:
        """Whether no change is shown."""
        return self._stack.currentIndex() == 0

    def clear(self) -> None:
        """No change is chosen."""
        self.change = None
        self.pairs.show_pairs(())
        self._stack.setCurrentIndex(0)

    def tell(self, listing: ChangeListing, at: int, sides: Sides) -> None:
        """A change of the listing."""
        change = listing.changes[at]
        if change is self.change and sides == self.heads.sides:
            return
        self.change = change
        self._words = words_of(change, listing.before, listing.after)
        self.title.tell(listing.signs(at)[0], listing.title(at), listing.detail(at), self._words)
        self.heads.tell(sides)
        self.pairs.show_pairs(pairs_of(change, listing.before, listing.after, size=sides.size))
        self.measures.tell(chips_of(change))
        self.note.setText(change.note)
        self._note_row.setVisible(bool(change.note))
        self.author.tell(change.by or "", change.at)
        self._fit()
        self._stack.setCurrentIndex(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a low block the rows come first."""
        is_low = self.height() < LOW
        self.measures.set_low(is_low)
        self.author.setVisible(bool(self.author.text) and not is_low)

    def _copy(self) -> None:
        """All of it as text, for a message to whoever drew it."""
        pairs = self.pairs.model_.pairs
        lines = [f"{self.title.name} {self.title.number}".rstrip() + f": {self._words}"]
        lines += [f"{p.name}: {p.before} → {p.after}" for p in pairs if p.differs]
        lines += [" · ".join(self.measures.texts)] if self.measures.texts else []
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.copied.emit(self.tr("The change is copied as text."))

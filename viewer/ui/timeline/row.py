"""The row of cards: where they stand in the widget, how they scroll, and how all of it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui import theme
from viewer.ui.timeline import places, texts
from viewer.ui.timeline.axis import Axis, axis
from viewer.ui.timeline.cards import Card, span
from viewer.ui.timeline.glide import Glide
from viewer.ui.timeline.history import History, Pair
from viewer.ui.timeline.paint import Face, draw_cut, paint_arrow, paint_card, paint_loop, paint_loop_chip
from viewer.ui.timeline.paint_ends import BLOCK, paint_axis, paint_bracket, paint_leaders
from viewer.ui.timeline.texts import NONE_BESIDE, Beside
from viewer.ui.widgets.pins import draw_pin

Pin = Literal["A", "B"]
PINS: tuple[Pin, ...] = ("A", "B")
_FURTHER = "CDEFGHIJKLMNOPQRSTUVWXYZ"
_LEADER_INSET = 14


class CardRow(QWidget):
    """Cards of a history in one of four forms (high or compact, equal widths or true time). It takes no input."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.history = History()
        self.is_compact = False
        self.wants_time = False
        self.has_room_for_pictures = False
        self._beside: dict[Pair, Beside] = {}
        self._pictures: dict[int, QPixmap] = {}
        self._axis: Axis | None = None
        self._offset = 0
        self.focused = 0
        self.hovered = -1
        self.ring = False
        self.dragged: tuple[Pin, float] | None = None
        """A pin on its way, and where its middle is."""
        self.glide = Glide(self)
        self.title_end = places.TITLE_WIDTH - 4
        """How far to the right the first line of the title may go."""

    # ---- places ------------------------------------------------------------------------------------------

    @property
    def cards(self) -> tuple[Card, ...]:
        """What the cards say."""
        return self.history.cards

    @property
    def is_timed(self) -> bool:
        """Whether there is an axis of true time."""
        return self.wants_time and len(self.cards) > 1

    @property
    def shows_pictures(self) -> bool:
        """Whether cards hold pictures of their stages."""
        return self.has_room_for_pictures and not self.is_compact

    @property
    def has_pictures(self) -> bool:
        """Whether there are any."""
        return bool(self._pictures)

    def sizeHint(self) -> QSize:
        return QSize(600, self.rows().height)

    def minimumSizeHint(self) -> QSize:
        return QSize(places.TITLE_WIDTH + places.MIN_WIDTH + 2 * places.PAD, self.rows().height)

    def rows(self) -> places.Rows:
        """The heights of the form it has."""
        return places.rows(compact=self.is_compact, timed=self.is_timed)

    def _room(self) -> int:
        return self.width() - places.TITLE_WIDTH - places.PAD

    def _places(self) -> places.Places:
        return places.places(len(self.cards), self._room(), pictures=self.shows_pictures)

    def card_rect(self, index: int) -> QRectF:
        """Where a card is, in the widget."""
        row, at = self.rows(), self._places()
        left = places.TITLE_WIDTH + at.lefts[index] - self._offset
        return QRectF(left, row.card_top, at.width, row.card_height)

    def pin_rect(self, pin: Pin) -> QRectF | None:
        """Where a pin is; None when nothing is compared."""
        shown, reference = self.history.shown, self.history.reference
        if reference is None:
            return None
        a, b = places.pin_lefts(
            self.card_rect(reference).left(), self.card_rect(shown).left(), same=reference == shown
        )  # fmt: skip
        return QRectF(a if pin == "A" else b, self.rows().pin_top, places.PIN, places.PIN)

    def lay_out(self) -> None:
        """After another size, form or history."""
        metrics = QFontMetrics(theme.font(theme.CAPTION_PX))
        spans = [card.worked for card in self.cards]
        self._axis = axis(spans, self._room(), text_width=metrics.horizontalAdvance) if self.is_timed else None
        self.reveal(self.history.shown)

    def reveal(self, index: int) -> None:
        """Scroll so that a card is whole."""
        at = self._places()
        if 0 <= index < len(self.cards):
            left, right = at.lefts[index], at.lefts[index] + at.width
            self._offset = max(min(self._offset, left), right - self._room())
        self.scroll_by(0)

    def scroll_by(self, pixels: int) -> None:
        """Later stages (more than 0) or earlier ones, as far as there are any."""
        self._offset = max(0, min(self._offset + pixels, self._places().total - self._room()))
        self.update()

    # ---- what is at a place ------------------------------------------------------------------------------

    def stage_at(self, at: QPointF) -> int:
        """The stage of a card or of a block of the axis; -1 where there is none."""
        if at.x() < places.TITLE_WIDTH - 4:
            return -1
        for card in self.cards:
            if self.card_rect(card.index).contains(at):
                return card.index
        if self._axis is not None and self._is_on_axis(at):
            near = at.x() - places.TITLE_WIDTH
            for block in self._axis.blocks:
                if block.left - 2 <= near <= block.left + block.width + 2:
                    return block.index
        return -1

    def _is_on_axis(self, at: QPointF) -> bool:
        line = self.rows().axis
        return line is not None and abs(at.y() - line) <= BLOCK

    def nearest_stage(self, x: float) -> int:
        """The stage whose card is nearest to a place."""
        return min(range(len(self.cards)), key=lambda i: abs(self.card_rect(i).center().x() - x))

    def pin_at(self, at: QPointF) -> Pin | None:
        """The pin at a place, or near it: it is small."""
        for pin in PINS:
            box = self.pin_rect(pin)
            if box is not None and box.adjusted(-3, -3, 3, 3).contains(at):
                return pin
        return None

    def tip_at(self, at: QPointF) -> str:
        """What is told of a place: a pin, a card or its block, a wait that is cut; "" elsewhere."""
        pin = self.pin_at(at)
        if pin is not None:
            return self.tr("{0}: drag it to another stage").format(pin)
        index = self.stage_at(at)
        if index >= 0:
            face = self.face(self.cards[index])
            return texts.tip(face.card, face.counts, face.beside)
        if self._axis is not None and self._is_on_axis(at):
            for cut in self._axis.cuts:
                if abs(places.TITLE_WIDTH + cut.centre - at.x()) <= 15:
                    return self.tr("{0} of waiting, cut short").format(span(cut.seconds * 1000))
        return ""

    def face(self, card: Card) -> Face:
        """A card as it looks now."""
        history, index = self.history, card.index
        dropping = self.dragged is not None and index == self.hovered
        return Face(
            card=card,
            counts=history.step(index),
            beside=self._beside.get((index - 1, index), NONE_BESIDE),
            biggest=history.biggest,
            picked=dropping or index in (history.shown, history.reference),
            hovered=index == self.hovered,
            ring=self.ring and index == self.focused,
            compact=self.is_compact,
            picture=self._pictures.get(index, QPixmap()) if self.shows_pictures else None,
        )

    # ---- painting ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            t = theme.current()
            painter.fillRect(self.rect(), QColor(t.window))
            painter.fillRect(0, 0, self.width(), 1, QColor(t.divider))
            self._paint_title(painter)
            if self.cards:
                left = places.TITLE_WIDTH - 4
                painter.setClipRect(left, 1, self.width() - left, self.height())
                self._paint_row(painter)
        finally:
            painter.end()

    def _paint_title(self, painter: QPainter) -> None:
        t = theme.current()
        x, y = places.PAD - 4, 12 if self.is_compact else 16
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(theme.BODY_PX, 600))
        width = places.TITLE_WIDTH - x - 4
        draw_cut(painter, QRectF(x, y, self.title_end - x, 18), self.tr("Stage history"))
        painter.setPen(QColor(t.text3))
        painter.setFont(theme.font(theme.CAPTION_PX))
        count = len(self.cards)
        lines = []
        if count:
            lines.append(self.tr("1 stage") if count == 1 else self.tr("{0} stages").format(count))
        if self.history.work:
            lines.append(self.tr("{0} of work").format(self.history.work))
        if count == 1:
            lines.append(self.tr("no history in this export"))
        for i, line in enumerate(lines):
            draw_cut(painter, QRectF(x, y + 22 + 15 * i, width, 14), line)

    def _paint_row(self, painter: QPainter) -> None:
        boxes = [(card, self.card_rect(card.index)) for card in self.cards]
        seen = [
            (card, box) for card, box in boxes if box.right() > places.TITLE_WIDTH - 40 and box.left() < self.width()
        ]
        self._paint_axis(painter, seen)
        sent_back = set() if self.is_timed else {loop.start for loop in self.history.reworks}
        for card, box in seen:
            paint_card(painter, box, self.face(card))
            if card.index + 1 < len(boxes) and card.index not in sent_back:
                paint_arrow(painter, box)
        for loop in self.history.reworks:
            start, end = boxes[loop.start][1], boxes[loop.start + 1][1]
            words = texts.rework_texts(loop.number, loop.after)
            if self.is_timed:
                y = start.bottom() + (6 if self.is_compact else 11)
                paint_loop_chip(
                    painter, start.right() - _LEADER_INSET + 8, y, words, room=start.width() + places.GAP - 10
                )
            else:
                paint_loop(painter, start, end, words)
        self._paint_pins(painter)

    def _paint_axis(self, painter: QPainter, seen: Sequence[tuple[Card, QRectF]]) -> None:
        y = self.rows().axis
        if self._axis is None or y is None:
            return
        history, left = self.history, places.TITLE_WIDTH
        ends = [(card.index, box.right() - _LEADER_INSET, box.bottom()) for card, box in seen if box.right() > left]
        paint_leaders(painter, self._axis, left, y, ends, shown=history.shown)
        paint_axis(painter, self._axis, left, y, shown=history.shown, reference=history.reference)

    def _paint_pins(self, painter: QPainter) -> None:
        a, b = self.pin_rect("A"), self.pin_rect("B")
        if a is None or b is None:
            return
        self.glide.move(a, b)
        if self.dragged is not None:
            pin, x = self.dragged
            (a if pin == "A" else b).moveLeft(x - places.PIN / 2)
        row = self.rows()
        # on its way a pin lies on no stage: what is between them is known when it is let go
        text = texts.bracket_text(self.history.total if self.dragged is None else None)
        width = QFontMetrics(theme.font(theme.CAPTION_PX, 500)).horizontalAdvance(text)
        line = places.bracket(a.left(), b.left(), width, (places.TITLE_WIDTH, self.width() - places.PAD))
        if line is not None:
            paint_bracket(painter, line, row.bracket, text)
        for index, letter in zip(self.history.others, _FURTHER, strict=False):
            left = self.card_rect(index).left() + places.PIN_INSET
            draw_pin(painter, QRectF(left, row.pin_top, places.PIN, places.PIN), letter)
        draw_pin(painter, b, "B")
        draw_pin(painter, a, "A", ground=theme.current().window)

"""Where cards, pins and the bracket between them stand. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TITLE_WIDTH = 156
GAP = 28
MIN_WIDTH = 132
MAX_WIDTH = 320
PAD = 16
PIN = 18
PIN_INSET = 9
WIDE = 2200
"""From this width of the window on cards hold pictures."""
LEAST_PART = 2.0
"""Of a bar, in pixels."""
PICTURE = (96, 64)
"""Of a card in a wide window."""
PICTURE_ROOM = PICTURE[0] + 12


@dataclass(frozen=True, slots=True)
class Places:
    """Left edges of the cards in pixels from the first one's, and their common width."""

    lefts: tuple[int, ...]
    width: int
    total: int


def places(count: int, available: int, *, pictures: bool = False) -> Places:
    """Cards that fill `available` pixels, none narrower than `MIN_WIDTH` beside its picture: then they scroll."""
    if count <= 0:
        return Places((), 0, 0)
    extra = PICTURE_ROOM if pictures else 0
    width = (available - GAP * (count - 1)) // count
    width = max(MIN_WIDTH + extra, min(width, MAX_WIDTH + extra))
    lefts = tuple(i * (width + GAP) for i in range(count))
    return Places(lefts, width, lefts[-1] + width)


@dataclass(frozen=True, slots=True)
class Rows:
    """Heights of a form of the timeline, in pixels from its top."""

    height: int
    card_top: int
    card_height: int
    bracket: int
    """The middle of the line between the pins."""
    axis: int | None = None
    """The line of the time axis."""

    @property
    def card_bottom(self) -> int:
        """Where arcs and leaders begin."""
        return self.card_top + self.card_height

    @property
    def pin_top(self) -> int:
        """A pin lies over the upper edge of its card."""
        return self.card_top - 11


def rows(*, compact: bool, timed: bool) -> Rows:
    """The heights of one of the four forms (ui.md §5): cards give way to an axis below them."""
    if compact:
        return Rows(96, 14, 54, 7, 85) if timed else Rows(96, 22, 56, 9)
    return Rows(136, 14, 82, 7, 122) if timed else Rows(136, 27, 88, 12)


def pin_lefts(a_card: float, b_card: float, *, same: bool = False) -> tuple[float, float]:
    """Left edges of the pins A and B by those of their cards; side by side where both are on the same card."""
    return a_card + PIN_INSET, b_card + PIN_INSET + (PIN + 4 if same else 0)


@dataclass(frozen=True, slots=True)
class Bracket:
    """The line from pin to pin: two pieces, with room for the text between them. Pieces may be empty."""

    left: float
    text_left: float
    text_right: float
    right: float


def bracket(a: float, b: float, text_width: float, visible: tuple[float, float]) -> Bracket | None:
    """Between the left edges of two pins; the text stays in what is `visible` of it. None where it has no room."""
    left, right = sorted((a + PIN / 2, b + PIN / 2))
    seen_left, seen_right = max(left, visible[0]), min(right, visible[1])
    if seen_right - seen_left < text_width + 8:
        return None
    middle = (seen_left + seen_right) / 2
    return Bracket(left, middle - text_width / 2 - 8, middle + text_width / 2 + 8, right)


def leader(x: float, bottom: float, block: float, top: float) -> tuple[tuple[float, float], ...]:
    """The line from a card's bottom at `x` to its block on the axis below."""
    bend = min(7.0, (top - bottom) / 3)
    return ((x, bottom), (x, bottom + bend), (block, top - bend), (block, top))


def bar_parts(amounts: Sequence[int], biggest: int, width: float) -> tuple[tuple[float, float], ...]:
    """The parts of a bar, each (left, width) for its amount: together as long as their share of `biggest`.

    Every amount that is not 0 can be seen: at least `LEAST_PART`, with a gap of one pixel behind each; what is
    wide gives for it.
    """
    total = sum(amounts)
    if not total or biggest <= 0:
        return tuple((0.0, 0.0) for _ in amounts)
    there = [amount for amount in amounts if amount]
    room = max(min(width, width * total / biggest) - (len(there) - 1), LEAST_PART * len(there))
    small: list[int] = []
    rest = room
    # one that becomes small takes room from the others, which may make the next one small
    while found := [a for a in there if a not in small and rest * a < LEAST_PART * (total - sum(small))]:
        small += [a for a in there if a in found]
        rest = room - LEAST_PART * len(small)
    parts = []
    x = 0.0
    for amount in amounts:
        share = LEAST_PART if amount in small else rest * amount / max(1, total - sum(small))
        share = share if amount else 0.0
        parts.append((x, share))
        x += share + (1 if amount else 0)
    return tuple(parts)

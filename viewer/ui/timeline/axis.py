"""The true time of a history as pixels: a block per stage, ticks, and waits that are cut. No Qt."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Span = tuple[datetime, datetime]
"""When work on a stage began and ended."""

LEAST_BLOCK = 4.0
CUT_SHARE = 0.6
"""A wait longer than this share of the axis is cut: otherwise nothing but the wait could be seen."""
CUT_WIDTH = 30.0
LABEL_ROOM = 96.0
"""Ticks stand no closer than this."""
LABEL_GAP = 8.0
"""From a tick to its text, which stands at its right."""
_MINUTES = (1, 5, 15, 30, 60, 180, 360, 720)
_DAYS = (1, 2, 7, 14, 28, 91, 182, 364, 1820, 18_200)


@dataclass(frozen=True, slots=True)
class Block:
    """A stage on the axis, in pixels from its left end."""

    index: int
    left: float
    width: float

    @property
    def centre(self) -> float:
        """Where its leader ends."""
        return self.left + self.width / 2


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the axis; `text` is "" where there is no room for it."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A wait that is drawn shorter than it was."""

    left: float
    seconds: float

    @property
    def centre(self) -> float:
        """Where the sign stands."""
        return self.left + CUT_WIDTH / 2


@dataclass(frozen=True, slots=True)
class Axis:
    """Everything on it. Stages without a time have no block."""

    width: float
    blocks: tuple[Block, ...] = ()
    ticks: tuple[Tick, ...] = ()
    cuts: tuple[Cut, ...] = ()

    def block(self, index: int) -> Block | None:
        """The block of a stage."""
        return next((b for b in self.blocks if b.index == index), None)


def _approximate_width(text: str) -> float:
    return 6.5 * len(text)


def axis(
    spans: Sequence[Span | None], width: float, *, text_width: Callable[[str], float] = _approximate_width
) -> Axis:
    """Lay stages out on `width` pixels. `spans` by stage, aware times; None where the export does not say.

    `text_width` measures the text of a tick in pixels.
    """
    known = sorted(((s[0], max(s), i) for i, s in enumerate(spans) if s is not None), key=lambda k: (k[0], k[2]))
    if not known or width <= 0:
        return Axis(max(width, 0.0))
    scale = _Scale([(start.timestamp(), end.timestamp()) for start, end, _ in known], width)
    blocks: list[Block] = []
    edge = 0.0
    for start, end, index in known:
        left = max(scale.x(start.timestamp()), edge)
        right = max(scale.x(end.timestamp()), left + LEAST_BLOCK)
        blocks.append(Block(index, left, right - left))
        edge = right + 1
    blocks = _within(blocks, width)
    ticks = _ticks(known[0][0], max(end for _, end, _ in known), scale, blocks, text_width)
    return Axis(width, tuple(blocks), ticks, scale.cuts)


def _within(blocks: list[Block], width: float) -> list[Block]:
    """Short blocks were pushed to the right of each other; those that left the axis are pushed back."""
    edge = width
    result = []
    for block in reversed(blocks):
        left = min(block.left, edge - block.width)
        if left < 0:  # more blocks than the axis has pixels for: they lie on each other at its left end
            left = 0.0
        result.append(Block(block.index, left, block.width))
        edge = left - 1
    return result[::-1]


class _Scale:
    """Seconds since the epoch to pixels, piece by piece: waits that are cut have the width of a cut."""

    def __init__(self, spans: Iterable[tuple[float, float]], width: float) -> None:
        self.width = width
        busy: list[list[float]] = []
        for start, end in spans:  # sorted by start
            if busy and start <= busy[-1][1]:
                busy[-1][1] = max(busy[-1][1], end)
            else:
                busy.append([start, end])
        first, last = busy[0][0], busy[-1][1]
        waits = sorted(((b[0] - a[1], a[1]) for a, b in itertools.pairwise(busy)), reverse=True)
        left = last - first
        cut: list[tuple[float, float]] = []
        for seconds, start in waits:
            # what remains decides: behind a wait of weeks, one of days can fill all that is left
            if seconds <= CUT_SHARE * left:
                break
            cut.append((start, seconds))
            left -= seconds
        cut.sort()
        self.per_second = max(width - CUT_WIDTH * len(cut), 0.0) / left if left > 0 else 0.0
        self._times, self._places = [first], [0.0]
        cuts = []
        for start, seconds in cut:
            x = self._places[-1] + (start - self._times[-1]) * self.per_second
            cuts.append(Cut(x, seconds))
            self._times += [start, start + seconds]
            self._places += [x, x + CUT_WIDTH]
        self.cuts = tuple(cuts)
        self._hidden = [(start, start + seconds) for start, seconds in cut]

    def x(self, moment: float) -> float:
        """Pixels of a moment."""
        at = max(0, bisect.bisect_right(self._times, moment) - 1)
        passed = moment - self._times[at]
        if at % 2:  # inside of a cut
            length = self._times[at + 1] - self._times[at] if at + 1 < len(self._times) else 0.0
            if length and passed < length:
                return self._places[at] + CUT_WIDTH * passed / length
        return self._places[at] + passed * self.per_second

    def hidden_for(self, moment: float) -> float:
        """How many seconds more a wait that is cut goes on; 0 outside of one."""
        return next((end - moment for start, end in self._hidden if start < moment < end), 0.0)


def _ticks(
    first: datetime, last: datetime, scale: _Scale, blocks: Sequence[Block], text_width: Callable[[str], float]
) -> tuple[Tick, ...]:
    moments = [(m, day_text(m)) for m in itertools.islice(_midnights(first, last, 1, scale), 4)]
    if len(moments) < 2:
        moments = sorted(moments + [(m, f"{m:%H:%M}") for m in _hours(first, last, scale)])
    else:
        step = next((d for d in _DAYS if d * 86_400 * scale.per_second >= LABEL_ROOM), _DAYS[-1])
        moments = [(m, day_text(m)) for m in _midnights(first, last, step, scale)]
    taken = [(b.left - 4, b.left + b.width + 4) for b in blocks]
    taken += [(cut.left - 2, cut.left + CUT_WIDTH + 2) for cut in scale.cuts]
    result: list[Tick] = []
    told: date | None = None
    for moment, text in moments:
        if told != moment.date() and ":" in text:  # of a new day, which a wait may have hidden
            text = f"{day_text(moment)} {text}"
        x = scale.x(moment.timestamp())
        end = x + LABEL_GAP + text_width(text)
        free = end <= scale.width and not any(left < end and x < right for left, right in taken)
        result.append(Tick(x, text if free else ""))
        if free:
            told = moment.date()
            taken.append((x - 4, end + 8))
    return tuple(result)


def day_text(moment: datetime) -> str:
    """A day, short."""
    return f"{moment.day} {moment:%b}"


def _midnights(first: datetime, last: datetime, step: int, scale: _Scale) -> Iterable[datetime]:
    """Local midnights between two moments that are not cut, every `step` days."""
    try:
        day = first.date() + timedelta(days=1)
        while (moment := datetime.combine(day, time()).astimezone()) < last:
            hidden = scale.hidden_for(moment.timestamp())
            if not hidden:
                yield moment
            # a wait of years has too many days to walk through
            day += timedelta(days=step * max(1, int(hidden // (86_400 * step))))
    except (OverflowError, ValueError, OSError):
        return


def _hours(first: datetime, last: datetime, scale: _Scale) -> Iterable[datetime]:
    """Round hours or minutes of a history of one day, without midnight; none when it took less than a minute."""
    minutes = next((m for m in _MINUTES if m * 60 * scale.per_second >= LABEL_ROOM), None)
    if minutes is None:
        return
    step = timedelta(minutes=minutes)
    moment = first.replace(minute=0, second=0, microsecond=0)
    moment -= timedelta(hours=moment.hour % max(1, minutes // 60))
    while moment < last:
        hidden = scale.hidden_for(moment.timestamp())
        if not hidden and moment > first and (moment.hour or moment.minute):
            yield moment
        moment += step * max(1, int(hidden // step.total_seconds()))

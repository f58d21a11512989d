"""Which frame of a video a page of the export means, and the other way round: plain numbers in and out.

Ango counts pages on a time line, page 0 at 0 s and `metadata.frameRate` pages a second; that is the n-th picture
only where rate and start agree with the file. All arithmetic is in ticks and fractions: in floating point
``7 / 30 * 30`` may fall below 7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viewer.limits import VIDEO_FRAMES

Mode = Literal["index", "time", "chrome"]
Place = Literal["before", "inside", "after"]

MICRO = 1_000_000
HALF = Fraction(1, 2)
MILLISECOND = Fraction(1, 1000)
RATE_MAX = 10_000
"""A rate above this, below its inverse, or not finite, is no rate."""


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """When the frames of a file are shown.

    `pts`: int64, shape (frames,), ascending, in ticks. `tick`: seconds of one tick. `end`: the tick at which the
    last frame ends. `origin`: the tick that players call 0 s (not 0 for transport streams, whose clock starts
    anywhere). `cut`: pictures that an edit list hides before the first frame.
    """

    pts: NDArray[np.int64]
    tick: Fraction
    end: int
    origin: int = 0
    cut: int = 0

    @property
    def count(self) -> int:
        """How many frames are shown."""
        return len(self.pts)

    @property
    def rate(self) -> Fraction | None:
        """Frames a second on average; None where a single frame has no length."""
        if self.count > 1:
            span = int(self.pts[-1]) - int(self.pts[0])
            return Fraction(self.count - 1) / (span * self.tick) if span > 0 else None
        length = self.end - int(self.pts[0])
        return 1 / (length * self.tick) if length > 0 else None

    @property
    def length(self) -> Fraction:
        """Seconds from the start of the first frame to the end of the last one."""
        return (self.end - int(self.pts[0])) * self.tick

    @property
    def start(self) -> Fraction:
        """Seconds on the players' clock at which the first frame appears."""
        return (int(self.pts[0]) - self.origin) * self.tick

    @property
    def constant(self) -> bool:
        """Whether each frame lies within max(1.5 ticks, 1 ms) of an even grid (video.md §5.4)."""
        if self.count < 3:
            return True
        ticks = (self.pts - self.pts[0]).astype(np.float64)
        grid = np.arange(self.count) * (ticks[-1] / (self.count - 1))
        return float(np.abs(ticks - grid).max()) <= max(1.5, float(MILLISECOND / self.tick))

    def seconds(self, frame: int) -> float:
        """Presentation time of a frame on the players' clock."""
        return float((int(self.pts[frame]) - self.origin) * self.tick)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the export knows: rate and total of the asset's metadata, and the highest page with a label."""

    rate: float | None = None
    total: int | None = None
    last_page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The user's override. `offset` is added to a page before the rule; `rate` replaces the export's rate."""

    mode: Literal["", "index", "time", "chrome"] = ""
    rate: float | None = None
    offset: int = 0
    clock: Literal["file", "first"] = "file"
    sample: Literal["start", "middle"] = "start"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell about the mapping: a word for the program, a sentence for people."""

    code: Literal["rate", "variable", "start", "cut", "after"]
    text: str


def usable_rate(rate: float | None) -> Fraction | None:
    """A rate from an export as an exact fraction of its decimal digits, None when it is none."""
    if rate is None or not math.isfinite(rate) or not 1 / RATE_MAX <= rate <= RATE_MAX:
        return None
    return Fraction(repr(float(rate)))


def choose_mode(timing: Timing, counted: Counted) -> Mode:
    """The automatic rule of video.md §5.4: by index where that is the same, or where Ango counted pictures."""
    rate = usable_rate(counted.rate)
    if rate is None or same_clock(timing, rate):
        return "index"
    if counted.last_page is not None and counted.last_page >= timing.count:
        return "time"
    total = counted.total
    if total is not None and abs(total - timing.count) <= 2 < abs(total - timing.length * rate):
        return "index"
    return "time"


def same_clock(timing: Timing, rate: Fraction) -> bool:
    """Whether picture number and time name the same frame from the first to the last page."""
    own = timing.rate
    if own is None:
        return True
    drift = abs(rate / own - 1) * timing.count
    return timing.constant and drift < HALF and abs(timing.start) < HALF / own


def text_of_rate(rate: Fraction | float) -> str:
    """A rate as people write it: ``30``, ``29.97``, ``23.976``; two digits where it is below 0.01."""
    value = float(rate)
    if 0 < abs(value) < 0.01:
        return f"{value:.2g}"
    return f"{value:.3f}".rstrip("0").rstrip(".")


@dataclass(slots=True, eq=False)
class FrameMap:
    """The rule page → frame of one file, with its inverse.

    `page_count` is the number of Ango's pages: those on the file's time line, and further ones up to the last
    page with a label; never more than `VIDEO_FRAMES`.
    """

    timing: Timing
    counted: Counted = field(default_factory=Counted)
    choice: Choice = field(default_factory=Choice)
    mode: Mode = field(init=False)
    rate: Fraction | None = field(init=False)
    pages_in_file: int = field(init=False)
    page_count: int = field(init=False)
    _micro: NDArray[np.int64] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if not self.timing.count:
            raise ValueError("a video without frames has no pages")
        self.mode = self.choice.mode or choose_mode(self.timing, self.counted)
        self.rate = usable_rate(self.choice.rate) or usable_rate(self.counted.rate) or self.timing.rate
        if self.rate is None:
            self.mode = "index"
        if self.mode == "chrome":
            self._micro = self._in_microseconds(self.timing.pts)
        self.pages_in_file = min(max(1, self._first_page(self.timing.count) - self.choice.offset), VIDEO_FRAMES)
        last = self.counted.last_page
        self.page_count = min(max(self.pages_in_file, 0 if last is None else last + 1), VIDEO_FRAMES)

    @property
    def badge(self) -> str:
        """The words of the page bar: ``by index``, ``by time @ 30``, ``variable rate``, ``…, your choice``."""
        if self.choice.mode:
            name = {"index": "by index", "time": "by time", "chrome": "as Chrome seeks"}[self.mode]
            return f"{name}, your choice"
        if self.mode == "index":
            return "by index"
        if not self.timing.constant:
            return "variable rate"
        return f"by time @ {text_of_rate(self.rate or 0)}"

    def frame(self, page: int) -> int:
        """The frame that a page shows, clamped to the frames there are."""
        virtual = page + self.choice.offset
        if self.mode == "index":
            found = virtual
        elif self.mode == "chrome":
            assert self._micro is not None
            found = int(np.searchsorted(self._micro, self._chrome_time(virtual), "right")) - 1
        else:
            ticks = min(max(self._ticks(virtual), -(1 << 62)), 1 << 62)
            found = int(np.searchsorted(self.timing.pts, ticks, "right")) - 1
        return min(max(found, 0), self.timing.count - 1)

    def pages(self, frame: int) -> range:
        """All pages that show a frame: empty where the rate of the pages is lower than that of the file."""
        if not 0 <= frame < self.timing.count:
            return range(0)
        offset = self.choice.offset
        start = 0 if frame == 0 else self._first_page(frame) - offset
        last = frame == self.timing.count - 1
        stop = self.page_count if last else self._first_page(frame + 1) - offset
        start, stop = max(start, 0), min(stop, self.page_count)
        return range(start, max(start, stop))

    def place(self, page: int) -> Place:
        """Whether a page lies before the first frame, inside of the file, or after the last frame."""
        virtual = page + self.choice.offset
        if virtual >= self._first_page(self.timing.count):
            return "after"
        return "before" if virtual < self._first_page(0) else "inside"

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the user should know of this mapping (video.md §5.4), most important first."""
        return tuple(notices(self))

    def _first_page(self, frame: int) -> int:
        """The first page (before the offset) whose sample is not before a frame; `count` means the end.

        Inverse of `_ticks`: floor((page/R + s + eps) / tick) >= pts  ⟺  page >= (pts·tick − s − eps)·R.
        """
        timing = self.timing
        if self.mode == "index":
            return frame
        ticks = timing.end if frame == timing.count else int(timing.pts[frame])
        if self.mode == "chrome":
            return self._chrome_page(int(self._in_microseconds(np.array([ticks], np.int64))[0]))
        assert self.rate is not None
        page = ((ticks - self._zero) * timing.tick - self._tolerance) * self.rate - self._sample
        return min(math.ceil(page), 2 * VIDEO_FRAMES)

    def _ticks(self, virtual: int) -> int:
        """The last tick that a page's instant covers, with the tolerance for rounded timestamps."""
        assert self.rate is not None
        seconds = (virtual + self._sample) / self.rate + self._tolerance
        return math.floor(seconds / self.timing.tick) + self._zero

    @property
    def _sample(self) -> Fraction:
        return HALF if self.choice.sample == "middle" else Fraction(0)

    @property
    def _zero(self) -> int:
        """The tick at which page 0 lies."""
        return int(self.timing.pts[0]) if self.choice.clock == "first" else self.timing.origin

    @property
    def _tolerance(self) -> Fraction:
        """WebM rounds pts to 1 ms, QuickTime to 1/600 s: less would name the frame before."""
        assert self.rate is not None
        return min(max(self.timing.tick, MILLISECOND), Fraction(1, 4) / self.rate)

    def _chrome_time(self, virtual: int) -> int:
        """Microseconds to which Chrome seeks: a double cut to whole ones (measured, video.md §5.2)."""
        assert self.rate is not None
        return math.floor((virtual + float(self._sample)) / float(self.rate) * MICRO)

    def _in_microseconds(self, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
        """Chrome keeps each pts rounded to a microsecond, halves away from zero."""
        scale = self.timing.tick * MICRO
        up, down = scale.numerator, scale.denominator
        rounded = [
            (1 if t >= 0 else -1) * ((2 * abs(t) * up + down) // (2 * down)) for t in (ticks - self._zero).tolist()
        ]
        return np.array([min(max(t, -(1 << 62)), 1 << 62) for t in rounded], np.int64)

    def _chrome_page(self, micro: int) -> int:
        """The first page whose Chrome time is not before `micro`, by bisection (the rule is monotonic)."""
        low, high = -2 * VIDEO_FRAMES, 2 * VIDEO_FRAMES
        while low < high:
            middle = (low + high) // 2
            if self._chrome_time(middle) >= micro:
                high = middle
            else:
                low = middle + 1
        return low


def notices(mapping: FrameMap) -> list[Notice]:
    """The sentences for a mapping; see `FrameMap.notices`."""
    timing, counted = mapping.timing, mapping.counted
    own, told = timing.rate, usable_rate(counted.rate)
    way = {"index": "by picture number", "time": "by time", "chrome": "as Chrome seeks"}[mapping.mode]
    found: list[Notice] = []
    if not timing.constant:
        text = (
            "Variable frame rate: Ango Hub itself treats frame numbers as approximate here. "
            "Labels can be off by a frame."
        )
        found.append(Notice("variable", text))
    elif own is not None and told is not None and abs(told / own - 1) * timing.count >= HALF:
        frames = "1 frame" if timing.count == 1 else f"{timing.count} frames"
        lists = "" if counted.total is None else f", Ango lists {counted.total}"
        text = (
            f"Ango counted this video at {text_of_rate(told)} fps; the file has {text_of_rate(own)} fps "
            f"({frames}{lists}). Labels are placed {way}."
        )
        found.append(Notice("rate", text))
    if own is not None and abs(timing.start) >= HALF / own:
        text = (
            f"The file starts at {text_of_rate(timing.start)} s; browsers disagree about such files "
            "(Chrome counts from 0 s, Firefox from the first picture)."
        )
        found.append(Notice("start", text))
    if timing.cut:
        what = "1 picture is" if timing.cut == 1 else f"{timing.cut} pictures are"
        text = (
            f"The file has an edit list ({what} cut off at the start). Labels made in Firefox may count "
            f"them: a page offset of −{timing.cut} corrects that."
        )
        found.append(Notice("cut", text))
    last = counted.last_page
    if last is not None and last >= mapping.pages_in_file:
        first = mapping.pages_in_file
        pages = f"Page {first} lies" if last == first else f"Pages {first}–{last} lie"
        found.append(Notice("after", f"{pages} after the last frame; labels there are shown on the last frame."))
    return found

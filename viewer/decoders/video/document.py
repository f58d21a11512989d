"""An open video: Ango's pages on one side, the frames of the file on the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, BinaryIO

from viewer.decoders.base import Cancelled, Hints, PageInfo, Raster, Region, View, VoiWindow, check_page
from viewer.decoders.video.cache import default_budget
from viewer.decoders.video.index import FrameIndex
from viewer.decoders.video.picture import Converter, Geometry, geometry_of, referee
from viewer.decoders.video.reader import FrameReader
from viewer.decoders.video.source import Opened
from viewer.errors import DecodeError
from viewer.frames import Choice, Counted, FrameMap, text_of_rate
from viewer.limits import RASTER_PIXELS, VIDEO_SIDE

FULL_FROM = 0.5
"""At this scale and above the whole frame is given: reducing it would cost more than it saves."""

FIRST_TRIES = 3
"""Frames tried for the geometry when the first ones are broken."""

PREFETCH_PACKETS = 4
"""Packets that one call of `prefetch` decodes at most: some 20 ms at 1080p."""

AHEAD, BEHIND = 240, 60
"""Frames that read-ahead tries to have, where the budget holds them; behind: where the last travel came from."""


class VideoDocument:
    """See `viewer.decoders.base.Document`. Page N is Ango's page N; `frames` says which frame that is."""

    kind = "video"

    def __init__(
        self, source: BinaryIO, opened: Opened, index: FrameIndex, hints: Hints, *, budget: int | None = None
    ) -> None:
        self._index = index
        self._hints = hints
        self.frames = FrameMap(
            index.timing,
            Counted(rate=hints.frame_rate, total=hints.frame_total, last_page=hints.last_page),
            Choice(
                mode=hints.mapping,
                rate=hints.mapping_rate,
                offset=hints.page_offset,
                clock=hints.clock,
                sample=hints.sample,
            ),
        )
        self.page_count = self.frames.page_count
        self._reader = FrameReader(source, opened, index, budget=default_budget() if budget is None else budget)
        self._converter = Converter()
        context = opened.codec
        self._codec = str(context.codec.name)
        self._format = str(context.format.name if context.format else "")
        aspect = opened.stream.sample_aspect_ratio
        self._aspect = Fraction(aspect) if aspect else None
        self._geometry, self._size_flags = self._measure((context.width, context.height))
        self.facts: Mapping[str, Any] = self._describe(opened)

    def _measure(self, stated: tuple[int, int]) -> tuple[Geometry, tuple[str, ...]]:
        """Geometry of the whole document from its first frame that can be decoded."""
        first = self.frames.frame(0)
        for number in range(first, min(first + FIRST_TRIES, self._index.count)):
            try:
                frame = self._reader.frame(number, _never)
            except DecodeError:
                continue
            own = geometry_of(frame, self._aspect)
            break
        else:
            if min(stated) <= 0:
                raise DecodeError("No picture of this video can be decoded: its data is damaged.")
            own = Geometry(stated)
        if max(own.displayed) > VIDEO_SIDE or min(own.displayed) < 1:
            width, height = own.displayed
            raise DecodeError(f"The pictures of this video are {width} × {height}: too large to show.", code="TooLarge")
        return referee(own, self._hints.width, self._hints.height)

    def _describe(self, opened: Opened) -> dict[str, Any]:
        timing, frames = self._index.timing, self.frames
        notices = list(frames.notices)
        codes: list[str] = [notice.code for notice in notices]
        texts = [notice.text for notice in notices]
        if "scaled" in self._size_flags:
            width, height = self._geometry.displayed
            codes.append("size")
            texts.append(
                f"The export says this video is {self._hints.width:g} × {self._hints.height:g}; the file shows "
                f"{width} × {height}. Labels are scaled to it."
            )
        rate = timing.rate
        return {
            "codec": self._codec,
            "pixel_format": self._format,
            "container": str(opened.container.format.name),
            "coded_size": self._geometry.coded,
            "displayed_size": self._geometry.displayed,
            "rotation": self._geometry.rotation,
            "pixel_aspect": float(self._geometry.aspect),
            "frames": self._index.count,
            "rate": None if rate is None else float(rate),
            "rate_text": "" if rate is None else text_of_rate(rate),
            "cfr": timing.constant,
            "seconds": float(timing.length),
            "start_seconds": float(timing.start),
            "cut_frames": timing.cut,
            "key_frames": len(self._index.keys),
            "mode": frames.mode,
            "page_rate": None if frames.rate is None else float(frames.rate),
            "page_offset": frames.choice.offset,
            "badge": frames.badge,
            "pages_in_file": frames.pages_in_file,
            "index_source": self._index.source,
            "warning_codes": tuple(codes),
            "warnings": tuple(texts),
        }

    def info(self, page: int) -> PageInfo:
        """Geometry, frame and time of a page, without decoding it. Raises DecodeError when there is no such page."""
        check_page(page, self.page_count)
        number = self.frames.frame(page)
        flags = [*self._size_flags, *_PLACES[self.frames.place(page)]]
        if number in self._reader.damaged:
            flags.append("damaged")
        width, height = self._geometry.displayed
        return PageInfo(
            size=(float(width), float(height)),
            native=self._geometry.coded,
            kind="video",
            orientation=self._geometry.orientation,
            frame=number,
            seconds=self._index.timing.seconds(number),
            flags=tuple(flags),
            facts={"key": self._index.is_key(number), "pages_of_frame": self._pages_of(number)},
        )

    def _pages_of(self, number: int) -> tuple[int, int]:
        pages = self.frames.pages(number)
        return pages.start, pages.stop

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Cancelled) -> Raster:
        """The frame of a page as displayed: at its own size, or reduced below a scale of one half.

        Raises DecodeError for a frame that cannot be decoded; a neighbour is never shown in its place.
        """
        check_page(page, self.page_count)
        number = self.frames.frame(page)
        self._reader.cache.look(number)
        frame = self._reader.frame(number, cancelled)
        flags = [*_PLACES[self.frames.place(page)]]
        if number in self._reader.damaged:
            flags.append("damaged")
        return raster_of(frame, self._geometry, self._converter, region, scale, flags)

    def prefetch(self, page: int, direction: int, cancelled: Cancelled) -> bool:
        """Decode a little ahead of a page in the direction of travel (+1, −1); True while there is more to do.

        Bounded work (some packets): call it again while nothing else is asked. Stepping then costs a look-up.
        Raises StoppedError, a DecodeError, when `cancelled` says so; what is decoded stays.
        """
        check_page(page, self.page_count)
        number = self.frames.frame(page)
        way = -1 if direction < 0 else 1
        cache = self._reader.cache
        cache.look(number, way)
        wanted = self._missing(number, way)
        if wanted is None:
            return False
        self._reader.fill(wanted, cancelled, packets=PREFETCH_PACKETS)
        return self._missing(number, way) is not None

    def _missing(self, number: int, way: int) -> int | None:
        """The nearest frame that is not there: two thirds of the room ahead, one third behind."""
        reader = self._reader
        room = reader.cache.room()
        ahead, behind = min(AHEAD, room * 2 // 3), min(BEHIND, room // 4)
        for count, sign in ((ahead, way), (behind, -way)):
            for step in range(count + 1):
                candidate = number + sign * step
                if not 0 <= candidate < self._index.count:
                    break
                if candidate not in reader.cache and not reader.is_lost(candidate):
                    return candidate
        return None

    def samples(self, page: int) -> None:
        """None: the values of a video are the pixels shown."""
        check_page(page, self.page_count)

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        """Empty: a video has no VOI windows."""
        check_page(page, self.page_count)
        return ()

    def close(self) -> None:
        """Close the containers and forget the frames. May be called twice."""
        self._reader.close()


_PLACES: Mapping[str, tuple[str, ...]] = {
    "before": ("before the first frame",),
    "inside": (),
    "after": ("after the last frame",),
}


def _never() -> bool:
    return False


def raster_of(
    frame: Any, geometry: Geometry, converter: Converter, region: Region | None, scale: float, flags: list[str]
) -> Raster:
    """A frame as displayed: at its own size, or reduced below a scale of one half. `flags` may become more."""
    width, height = geometry.displayed
    if (frame.width, frame.height) != geometry.coded:
        flags.append("resized")
    factor = 1.0 if scale >= FULL_FROM or not scale > 0 else scale
    fitting = math.sqrt(RASTER_PIXELS / (width * height))
    if factor > fitting:
        factor = fitting
        flags.append("reduced")
    size = max(1, math.floor(width * factor)), max(1, math.floor(height * factor))
    pixels = converter.bgrx(frame, size, geometry.orientation)
    whole: Region = (0.0, 0.0, float(width), float(height))
    raster = Raster(pixels, "bgrx", whole, tuple(flags))
    return raster if region is None else _cropped(raster, region)


def _cropped(raster: Raster, region: Region) -> Raster:
    """The part of a raster of a whole page that covers a region, on the raster's own pixel grid."""
    width, height = raster.size
    _, _, page_width, page_height = raster.region
    across, down = width / page_width, height / page_height
    x0 = min(max(math.floor(region[0] * across), 0), width - 1)
    y0 = min(max(math.floor(region[1] * down), 0), height - 1)
    x1 = min(max(math.ceil(region[2] * across), x0 + 1), width)
    y1 = min(max(math.ceil(region[3] * down), y0 + 1), height)
    pixels = raster.pixels[y0:y1, x0:x1].copy()
    return Raster(pixels, "bgrx", (x0 / across, y0 / down, x1 / across, y1 / down), raster.flags)

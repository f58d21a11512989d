"""A video whose frames cannot be listed yet, since it is still on a server: page N is what is shown at its time."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from viewer.decoders.base import Cancelled, Hints, PageInfo, Raster, Region, View, VoiWindow, check_page
from viewer.decoders.video.document import raster_of
from viewer.decoders.video.picture import Converter, geometry_of, referee
from viewer.decoders.video.reader import StoppedError
from viewer.decoders.video.source import Opened
from viewer.errors import DecodeError
from viewer.frames import text_of_rate, usable_rate
from viewer.limits import VIDEO_FRAMES, VIDEO_SIDE

USUAL_RATE = Fraction(30)
NEAR_S = 2
"""Seconds that are rather decoded through than jumped over."""
BACK_S = 5
"""Seconds that a jump goes further back when it came out behind its aim."""
KEPT_BYTES = 256 << 20
"""Of decoded frames, for steps back."""
NOTICE = (
    "Frames are found by time until all of this video is here: a page can show the frame beside its own. "
    "The rest is being fetched."
)


class TimedDocument:
    """See `viewer.decoders.base.Document`. Facts say that the rest of the file is wanted (``wants_rest``)."""

    kind = "video"

    def __init__(self, opened: Opened, hints: Hints) -> None:
        self._opened = opened
        self._hints = hints
        stream = opened.stream
        self._tick = Fraction(stream.time_base)
        own = usable_rate(float(stream.average_rate)) if stream.average_rate else None
        counted = usable_rate(hints.mapping_rate or hints.frame_rate)
        self._rate = (own if hints.mapping == "index" else None) or counted or own or USUAL_RATE
        self._frames: deque[tuple[int, Any]] = deque()
        """Frames one after the other, as decoded, with their timestamps."""
        self._packets: Iterator[Any] | None = None
        self._is_end = False
        self._converter = Converter()
        self.page_count = self._count_pages()
        first = self._first()
        self._start = first[0] * self._tick
        aspect = stream.sample_aspect_ratio
        own_geometry = geometry_of(first[1], Fraction(aspect) if aspect else None)
        if max(own_geometry.displayed) > VIDEO_SIDE or min(own_geometry.displayed) < 1:
            width, height = own_geometry.displayed
            raise DecodeError(f"The pictures of this video are {width} × {height}: too large to show.", code="TooLarge")
        self._geometry, self._flags = referee(own_geometry, hints.width, hints.height)
        self.facts: Mapping[str, Any] = self._describe(own)

    def _count_pages(self) -> int:
        container, hints = self._opened.container, self._hints
        seconds = Fraction(container.duration, 1_000_000) if container.duration else Fraction(0)
        counted = hints.frame_total or math.ceil(seconds * self._rate)
        return max(1, min(VIDEO_FRAMES, max(counted, (hints.last_page or 0) + 1)))

    def _first(self) -> tuple[int, Any]:
        self._jump(0)
        self._decode(-(1 << 62), _never)
        if not self._frames:
            raise DecodeError("No picture of this video can be decoded: its data is damaged.")
        return self._frames[0]

    def _describe(self, own: Fraction | None) -> dict[str, Any]:
        context = self._opened.codec
        container = self._opened.container
        return {
            "codec": str(context.codec.name),
            "pixel_format": str(context.format.name if context.format else ""),
            "container": str(container.format.name),
            "coded_size": self._geometry.coded,
            "displayed_size": self._geometry.displayed,
            "rotation": self._geometry.rotation,
            "pixel_aspect": float(self._geometry.aspect),
            "rate": None if own is None else float(own),
            "rate_text": "" if own is None else text_of_rate(own),
            "seconds": container.duration / 1e6 if container.duration else 0.0,
            "start_seconds": float(self._start),
            "mode": "time",
            "page_rate": float(self._rate),
            "page_offset": self._hints.page_offset,
            "badge": f"by time @{text_of_rate(self._rate)}",
            "index_source": "time",
            "wants_rest": True,
            "warning_codes": ("by-time",),
            "warnings": (NOTICE,),
        }

    def _seconds(self, page: int) -> Fraction:
        """When a page is shown, by the file's clock."""
        hints = self._hints
        middle = Fraction(1, 2) if hints.sample == "middle" or hints.mapping == "index" else Fraction(0)
        zero = self._start if hints.clock == "first" or hints.mapping == "index" else Fraction(0)
        return zero + (page + hints.page_offset + middle) / self._rate

    def _limit(self, page: int) -> int:
        """The last timestamp that a frame of this page can have (the rule of `viewer.frames`)."""
        slack = Fraction(0) if self._hints.mapping == "chrome" else max(self._tick, Fraction(1, 1000))
        return math.floor((self._seconds(page) + min(slack, Fraction(1, 4) / self._rate)) / self._tick)

    def info(self, page: int) -> PageInfo:
        """Geometry and time of a page. Raises DecodeError when there is no such page."""
        check_page(page, self.page_count)
        width, height = self._geometry.displayed
        return PageInfo(
            size=(float(width), float(height)),
            native=self._geometry.coded,
            kind="video",
            orientation=self._geometry.orientation,
            seconds=float(self._seconds(page)),
            flags=self._flags,
        )

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Cancelled) -> Raster:
        """The frame that is on screen at the time of a page."""
        check_page(page, self.page_count)
        frame = self._frame(self._limit(page), cancelled)
        return raster_of(frame, self._geometry, self._converter, region, scale, [])

    def samples(self, page: int) -> None:
        """None: the values of a video are the pixels shown."""
        check_page(page, self.page_count)

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        """Empty: a video has no VOI windows."""
        check_page(page, self.page_count)
        return ()

    def close(self) -> None:
        """Close the container. May be called twice."""
        self._forget()
        self._opened.close()

    # ---- decoding ------------------------------------------------------------------------------------------

    def _frame(self, limit: int, cancelled: Cancelled) -> Any:
        """The last frame with a timestamp of at most `limit`, else the first one."""
        frames = self._frames
        near = math.ceil(NEAR_S / self._tick)
        if self._packets is None or not frames or limit < frames[0][0] or limit > frames[-1][0] + near:
            self._jump(limit)
            self._decode(limit, cancelled)
            if frames and frames[0][0] > limit:  # it came out behind its aim
                self._jump(limit - math.ceil(BACK_S / self._tick))
                self._decode(limit, cancelled)
        elif frames[-1][0] <= limit and not self._is_end:
            self._decode(limit, cancelled)
        if not frames:
            raise DecodeError("The picture at this time cannot be decoded: its data in the file is damaged.")
        return next((frame for mark, frame in reversed(frames) if mark <= limit), frames[0][1])

    def _jump(self, target: int) -> None:
        import av

        self._forget()
        container, stream = self._opened.container, self._opened.stream
        try:
            container.seek(max(0, target), backward=True, stream=stream)
        except (av.FFmpegError, OSError) as error:
            raise DecodeError("There is no way to jump to this place of the video.") from error
        self._opened.codec.flush_buffers()
        self._packets = iter(container.demux(stream))

    def _decode(self, limit: int, cancelled: Callable[[], bool]) -> None:
        """Decode until a frame behind `limit` is there, or the end."""
        try:
            while not self._is_end and (not self._frames or self._frames[-1][0] <= limit):
                if cancelled():
                    raise StoppedError
                self._take()
        except StoppedError:
            raise
        except BaseException:  # bytes did not come: the next one begins anew
            self._forget()
            raise

    def _take(self) -> None:
        import av

        assert self._packets is not None
        try:
            packet = next(self._packets, None)
        except (av.FFmpegError, EOFError, OSError):
            packet = None
        if packet is None:
            self._is_end = True
            return
        try:
            frames = self._opened.codec.decode(packet if packet.size else None)
        except (av.FFmpegError, EOFError):
            return
        for frame in frames:
            if frame.pts is not None:
                self._frames.append((frame.pts, frame))
        while len(self._frames) > 2 and len(self._frames) * _bytes(self._frames[-1][1]) > KEPT_BYTES:
            self._frames.popleft()

    def _forget(self) -> None:
        self._frames.clear()
        self._packets, self._is_end = None, False


def _bytes(frame: Any) -> int:
    return sum(plane.buffer_size for plane in frame.planes)


def _never() -> bool:
    return False

"""An open still picture: engines in turn until one decodes it, then regions of what was decoded once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.base import (
    Cancelled,
    Hints,
    PageInfo,
    Raster,
    Region,
    View,
    VoiWindow,
    check_page,
)
from viewer.decoders.image import tone
from viewer.decoders.image.av_file import AvFile
from viewer.decoders.image.bmp_file import BmpFile
from viewer.decoders.image.codecs_file import CodecsFile
from viewer.decoders.image.frame import Frame, PictureFile, damaged, out_of_memory
from viewer.decoders.image.kinds import Kind
from viewer.decoders.image.orientation import Verdict, oriented_size, referee, turned, turned_region
from viewer.decoders.image.pillow_file import CutShortError, PillowFile
from viewer.decoders.image.scaling import shrunk
from viewer.errors import DecodeError
from viewer.limits import IMAGE_PAGES, RASTER_PIXELS

_PAGES_KEPT = 2
_FACTOR_MAX = 64
_FINAL_CODES = frozenset(("TooLarge", "OutOfMemory", "Encrypted"))
"""No other engine helps then, and this sentence is the right one."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A decoded page as displayed. `covered` is the part of page space under its pixels (edges)."""

    frame: Frame
    covered: Region
    window: VoiWindow | None
    """Of a picture of values: how it is shown when no window is asked for."""


class ImageDocument:
    """One picture file (or the pages of a TIFF, when the export counts pages)."""

    kind = "image"
    facts: Mapping[str, Any]
    """Format and engine."""

    def __init__(self, source: BinaryIO, kind: Kind, hints: Hints) -> None:
        """Read headers until an engine understands the file. Raises DecodeError when none does."""
        self._hints, self._kind = hints, kind
        self._engines = _engines(source, kind, min(max(1, hints.frame_total or 1), IMAGE_PAGES))
        self._first_failure: DecodeError | None = None
        self._kept: dict[int, _Kept] = {}
        self._file: PictureFile = self._next_file(None)
        self.page_count = self._file.page_count

    def info(self, page: int) -> PageInfo:
        """Geometry of a page; after its first rendering also what was found wrong with its pixels."""
        check_page(page, self.page_count)
        header = self._file.header(page)
        verdict = self._verdict(page)
        kept = self._kept.get(page)
        flags = [*verdict.flags, *(kept.frame.flags if kept else ())]
        if header.size[0] * header.size[1] > RASTER_PIXELS:
            flags.append("reduced")
        width, height = oriented_size(header.size, verdict.orientation)
        return PageInfo(
            size=(float(width), float(height)),
            native=header.size,
            kind=header.kind,
            orientation=verdict.orientation,
            flags=tuple(flags),
            facts=header.facts,
        )

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Cancelled) -> Raster:
        """The picture's own pixels, or means of 2 x 2, 4 x 4 … of them: at least `scale`, at most 64 MP.

        The raster is cut out at whole pixels around `region`. A reduced raster may cover up to one of its
        pixels more than the page, on the sides where the picture does not divide evenly. It may be the
        document's own memory: do not write to it.
        """
        info = self.info(page)
        whole = (0.0, 0.0, *info.size)
        asked = whole if region is None else _clipped(region, whole)
        wanted = _factor_for(scale)
        factor = wanted
        while (asked[2] - asked[0]) * (asked[3] - asked[1]) / factor**2 > RASTER_PIXELS:
            factor *= 2
        try:
            kept = self._decoded(page, factor)
            frame = kept.frame
            step = max(1, factor // frame.factor)
            pixels, covered = _cut(kept, asked, step)
            flags = (*self._verdict(page).flags, *frame.flags)
            if step * frame.factor > wanted:
                flags += ("reduced",)
            return self._shown(shrunk(pixels, step, alpha=frame.alpha), kept, covered, view, flags)
        except MemoryError:
            raise out_of_memory(info.native) from None

    def samples(self, page: int) -> NDArray[Any] | None:
        """Grey values as stored, or red, green, blue as shown; as displayed. None for a reduced picture."""
        check_page(page, self.page_count)
        frame = self._decoded(page, 1).frame
        if frame.factor > 1:
            return None
        return frame.pixels if frame.pixels.ndim == 2 else frame.pixels[..., 2::-1]

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        """Ranges of a 16-bit or float picture: as shown at first, and the one by percentiles."""
        check_page(page, self.page_count)
        kept = self._decoded(page, 1)
        if kept.window is None:
            return ()
        auto = tone.auto_window(kept.frame.pixels)
        return (kept.window,) if kept.window == auto else (kept.window, auto)

    def close(self) -> None:
        """Forget the pixels and the engine's file."""
        self._kept.clear()
        self._file.close()

    # ---- inside ----------------------------------------------------------------------------------------

    def _verdict(self, page: int) -> Verdict:
        header = self._file.header(page)
        return referee(
            stored=header.size,
            orientation=header.orientation,
            wanted=(self._hints.width, self._hints.height),
        )

    def _next_file(self, failure: DecodeError | None) -> PictureFile:
        """The next engine that understands the header. Raises the first failure when there is none left."""
        while True:
            if failure is not None:
                if failure.code in _FINAL_CODES:
                    raise failure
                self._first_failure = self._first_failure or failure
                if isinstance(failure, CutShortError):
                    # A lenient reading shows what is there and says so; other engines hide that it is cut.
                    self._engines.sort(key=lambda engine: not engine.lenient)
            if not self._engines:
                raise DecodeError(str(self._first_failure or damaged(self._kind.title)))
            try:
                found = self._engines.pop(0).open()
                self.facts = {"format": self._kind.title, "engine": found.engine}
                return found
            except DecodeError as error:
                failure = error

    def _decoded(self, page: int, factor: int) -> _Kept:
        kept = self._kept.get(page)
        if kept is not None and (kept.frame.factor <= factor or kept.frame.factor == self._file.least_factor(page)):
            return kept
        self._kept.pop(page, None)
        size = self._file.header(page).size
        while True:
            try:
                frame = self._file.decode(page, factor)
                break
            except DecodeError as error:
                self._file.close()
                self._file = self._next_file(error)
                if self._file.header(page).size != size:
                    # Labels may already lie on the size that was told.
                    raise damaged(self._kind.title) from error
        kept = self._keep(page, frame)
        while len(self._kept) >= _PAGES_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[page] = kept
        return kept

    def _keep(self, page: int, frame: Frame) -> _Kept:
        stored = self._file.header(page).size
        orientation = self._verdict(page).orientation
        rows, columns = frame.pixels.shape[:2]
        covered = (0.0, 0.0, float(columns * frame.factor), float(rows * frame.factor))
        if frame.factor == 1 and (columns, rows) != stored:
            raise damaged(self._kind.title)
        window = None
        if frame.pixels.ndim == 2 and frame.pixels.dtype != np.uint8:
            window = tone.file_window(frame.pixels, frame.bits)
        shown = Frame(turned(frame.pixels, orientation), frame.alpha, frame.factor, frame.tone, frame.flags)
        return _Kept(shown, turned_region(covered, stored, orientation), window)

    def _shown(self, pixels: NDArray[Any], kept: _Kept, region: Region, view: View, flags: tuple[str, ...]) -> Raster:
        if kept.window is not None:
            grey = tone.to_grey(pixels, view.window or kept.window, kept.frame.tone, view.inverted)
            return Raster(grey, "gray8", region, flags)
        if pixels.ndim == 2:
            table = tone.table_8(view.window, kept.frame.tone, view.inverted)
            grey = pixels if table is None else table[pixels]
            return Raster(np.ascontiguousarray(grey), "gray8", region, flags)
        if view.inverted:
            pixels = pixels ^ np.array((255, 255, 255, 0), np.uint8)
        return Raster(np.ascontiguousarray(pixels), "bgra" if kept.frame.alpha else "bgrx", region, flags)


@dataclass(frozen=True, slots=True)
class _Engine:
    open: Callable[[], PictureFile]
    lenient: bool = False


def _engines(source: BinaryIO, kind: Kind, pages: int) -> list[_Engine]:
    """Pillow, then what knows odd varieties of the kind, then Pillow with missing parts left grey."""
    found = []
    if kind.pillow:
        found.append(_Engine(lambda: PillowFile(source, kind, lenient=False, pages=pages)))
    if kind.key == "bmp":
        found.append(_Engine(lambda: BmpFile(source)))
    if kind.second:
        found.append(_Engine(lambda: CodecsFile(source, kind, pages=pages)))
    if kind.key == "avif":
        found.append(_Engine(lambda: AvFile(source)))
    if kind.pillow:
        found.append(_Engine(lambda: PillowFile(source, kind, lenient=True, pages=pages), lenient=True))
    return found


def _factor_for(scale: float) -> int:
    """The largest power of two that still gives at least `scale` raster pixels per page pixel."""
    if not 0.0 < scale < 1.0:
        return 1
    return min(_FACTOR_MAX, 1 << max(0, math.floor(math.log2(1.0 / scale) + 1e-9)))


def _clipped(region: Region, whole: Region) -> Region:
    x0, y0 = max(region[0], whole[0]), max(region[1], whole[1])
    x1, y1 = min(region[2], whole[2]), min(region[3], whole[3])
    if not (x0 < x1 and y0 < y1):
        raise DecodeError("This region lies outside of the picture.", code="Internal")
    return x0, y0, x1, y1


def _cut(kept: _Kept, asked: Region, step: int) -> tuple[NDArray[Any], Region]:
    """The pixels of a kept page under a region, and what they cover once `step` of them are one."""
    pixels, size = kept.frame.pixels, kept.frame.factor
    left, top = kept.covered[:2]
    rows, columns = pixels.shape[:2]
    cell = size * step
    column0 = max(0, math.floor((asked[0] - left) / cell + 1e-9) * step)
    row0 = max(0, math.floor((asked[1] - top) / cell + 1e-9) * step)
    column1 = min(columns, math.ceil((asked[2] - left) / cell - 1e-9) * step)
    row1 = min(rows, math.ceil((asked[3] - top) / cell - 1e-9) * step)
    covered = (
        left + column0 * size,
        top + row0 * size,
        left + (column0 + -(-(column1 - column0) // step) * step) * size,
        top + (row0 + -(-(row1 - row0) // step) * step) * size,
    )
    return pixels[row0:row1, column0:column1], covered

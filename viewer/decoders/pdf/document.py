"""An open PDF file: page geometry, regions at any scale, and the other engine where the first one fails."""

from __future__ import annotations

import math
from collections.abc import Mapping
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
from viewer.decoders.pdf.engine import PdfEngine, Pixels, is_uniform
from viewer.errors import DecodeError
from viewer.limits import PDF_PAGES, RASTER_PIXELS

_SCALE_MIN = 1e-6
_SLACK = 1e-6
"""Pixels: a border that lies on a pixel's edge but for rounding does not take one more pixel."""
_FORMLESS = "pdfium without forms"
_THUMBNAIL = 160
"""Longest side in pixels of the pictures by which the engines are compared."""


class PdfDocument:
    """A PDF file. The page size is MuPDF's; PDFium's pictures are scaled to it."""

    kind = "pdf"
    facts: Mapping[str, Any]
    """Engine, and whether the file had to be repaired."""

    def __init__(self, source: BinaryIO, hints: Hints) -> None:
        """Open with the engine that `hints` asks for, else with MuPDF and if it fails with PDFium.

        Raises DecodeError: Encrypted without the right password, Corrupt without any page.
        """
        source.seek(0)
        self._data = source.read()
        self._hints = hints
        self._engines: dict[str, PdfEngine | DecodeError] = {}
        self._of_page: dict[int, str] = {}
        self._page_flags: dict[int, tuple[str, ...]] = {}
        order = (hints.engine,) if hints.engine in ("mupdf", "pdfium") else ("mupdf", "pdfium")
        self._order = order
        self._main = self._first(order)
        engine = self._engine(self._main)
        self.page_count = min(engine.page_count, PDF_PAGES)
        self.facts = {"format": "PDF", "engine": engine.KEY, "repaired": engine.repaired}

    def info(self, page: int) -> PageInfo:
        """Size in points. Flags: ``repaired``, ``clamped``, ``incomplete``, ``blank``, ``other-engine``."""
        check_page(page, self.page_count)
        size, flags = self._size(page)
        return PageInfo(
            size=size,
            native=(max(1, round(size[0])), max(1, round(size[1]))),
            kind="pdf",
            flags=(*flags, *self._page_flags.get(page, ())),
            facts={"engine": self._of_page.get(page, self._main)},
        )

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Cancelled) -> Raster:
        """Draw a region anew at this scale.

        The page is thought of as a raster of whole pixels that fills it exactly, ``round(points * scale)``
        on each side; a region is cut out of that at whole pixels, so that neighbouring regions fit together.
        """
        check_page(page, self.page_count)
        size, _ = self._size(page)
        asked = (0.0, 0.0, *size) if region is None else _clipped(region, size)
        fitting = math.sqrt(RASTER_PIXELS / ((asked[2] - asked[0]) * (asked[3] - asked[1])))
        reduced = not scale <= fitting
        # 0.99: cutting at whole pixels may add one on each side.
        exact, part = _grid(size, asked, fitting * 0.99 if reduced else max(scale, _SCALE_MIN))
        pixels = self._drawn(page, exact, part)
        if view.inverted:
            pixels = pixels ^ np.array((255, 255, 255, 0), np.uint8)
        flags = self.info(page).flags + (("reduced",) if reduced else ())
        return Raster(np.ascontiguousarray(pixels), "bgrx", _covered(size, exact, part), flags)

    def samples(self, page: int) -> NDArray[Any] | None:
        """None: a page of a PDF has no stored values."""
        check_page(page, self.page_count)
        return None

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        """None."""
        check_page(page, self.page_count)
        return ()

    def close(self) -> None:
        """Close all engines."""
        for engine in self._engines.values():
            if not isinstance(engine, DecodeError):
                engine.close()
        self._engines = {}
        self._data = b""

    # ---- inside ----------------------------------------------------------------------------------------

    def _engine(self, key: str) -> PdfEngine:
        """The open engine. Raises the DecodeError of its first try, once and again."""
        if key not in self._engines:
            try:
                self._engines[key] = _opened(key, self._data, self._hints.password)
            except DecodeError as error:
                self._engines[key] = error
        found = self._engines[key]
        if isinstance(found, DecodeError):
            raise found
        return found

    def _first(self, order: tuple[str, ...]) -> str:
        failure: DecodeError | None = None
        for key in order:
            try:
                if self._engine(key).page_count > 0:
                    return key
                failure = failure or DecodeError("This PDF file has no pages.", code="Corrupt")
            except DecodeError as error:
                # PDFium takes a file without pages for a wrong password: MuPDF is believed if it opened it.
                opened = any(not isinstance(engine, DecodeError) for engine in self._engines.values())
                if error.code == "Encrypted" and not opened:
                    raise
                failure = failure or error
        assert failure is not None
        raise failure

    def _size(self, page: int) -> tuple[tuple[float, float], tuple[str, ...]]:
        """Displayed size in points, cut where a page claims more than the format allows."""
        engine, size = self._true_size(page)
        flags: tuple[str, ...] = ("repaired",) if engine.repaired else ()
        limit = engine.side_limit(page)
        if max(size) > limit:
            return (min(size[0], limit), min(size[1], limit)), (*flags, "clamped")
        return size, flags

    def _true_size(self, page: int) -> tuple[PdfEngine, tuple[float, float]]:
        """The size as the file has it, and the engine that knows it."""
        engine = self._engine(self._main)
        try:
            return engine, engine.page_size(page)
        except DecodeError:
            other = self._other(page)
            if other is None:
                raise
            self._of_page[page] = other.KEY
            return other, other.page_size(page)

    def _other(self, page: int) -> PdfEngine | None:
        """The engine that is not the main one, if it may be asked, opens this file and has this page."""
        for key in self._order:
            if key != self._main:
                try:
                    engine = self._engine(key)
                except DecodeError:
                    return None
                return engine if page < engine.page_count else None
        return None

    def _drawn(self, page: int, scale: tuple[float, float], part: Pixels) -> NDArray[np.uint8]:
        """Pixels by the engine that is right for this page; the first picture of a page decides which."""
        _, size = self._true_size(page)
        key = self._of_page.get(page, self._main)
        try:
            pixels, incomplete = self._engine(key).render(page, size=size, scale=scale, part=part)
        except DecodeError as failure:
            other = self._other(page)
            if key != self._main or other is None or failure.code == "OutOfMemory":
                raise
            self._switch(page, other)
            return other.render(page, size=size, scale=scale, part=part)[0]
        if page in self._page_flags:
            return pixels
        if not is_uniform(pixels):
            self._page_flags[page] = ("incomplete",) if incomplete else ()
            return pixels
        better = self._better(page, size)
        if better is None:
            return pixels
        self._switch(page, better)
        return better.render(page, size=size, scale=scale, part=part)[0]

    def _better(self, page: int, size: tuple[float, float]) -> PdfEngine | None:
        """The other engine, where it sees something on a page on which the main one sees nothing.

        MuPDF draws some JBIG2 pages all black and some others empty (decode.md B1); thumbnails tell.
        """
        self._page_flags[page] = ()
        scale = min(_THUMBNAIL / max(size), 1.0)
        exact, part = _grid(size, (0.0, 0.0, *size), scale)
        try:
            if not is_uniform(self._engine(self._main).render(page, size=size, scale=exact, part=part)[0]):
                return None
            # PDFium without forms: with them, one page of the corpus never ends (decode.md B1).
            other = self._other(page)
            judge = self._engine(_FORMLESS) if other and other.KEY == "pdfium" else other
            if judge and not is_uniform(judge.render(page, size=size, scale=exact, part=part)[0]):
                return other
        except DecodeError:
            return None
        self._page_flags[page] = ("blank",)
        return None

    def _switch(self, page: int, engine: PdfEngine) -> None:
        self._of_page[page] = engine.KEY
        self._page_flags[page] = ("other-engine",)


def _opened(key: str, data: bytes, password: str | None) -> PdfEngine:
    if key in ("pdfium", _FORMLESS):
        from viewer.decoders.pdf.pdfium import Pdfium

        return Pdfium(data, password, forms=key == "pdfium")
    from viewer.decoders.pdf.mupdf import MuPdf

    return MuPdf(data, password)


def _clipped(region: Region, size: tuple[float, float]) -> Region:
    x0, y0 = max(region[0], 0.0), max(region[1], 0.0)
    x1, y1 = min(region[2], size[0]), min(region[3], size[1])
    if not (x0 < x1 and y0 < y1):
        raise DecodeError("This region lies outside of the page.", code="Internal")
    return x0, y0, x1, y1


def _covered(size: tuple[float, float], exact: tuple[float, float], part: Pixels) -> Region:
    """What pixels of the grid cover, in points. The last ones end at the page's edge but for no rounding."""
    columns, rows = round(size[0] * exact[0]), round(size[1] * exact[1])
    x1 = size[0] if part[2] >= columns else part[2] / exact[0]
    y1 = size[1] if part[3] >= rows else part[3] / exact[1]
    return part[0] / exact[0], part[1] / exact[1], x1, y1


def _grid(size: tuple[float, float], region: Region, scale: float) -> tuple[tuple[float, float], Pixels]:
    """The scale (x, y) near `scale` at which the page is whole pixels wide and high, and `region` on that grid.

    The pixels cover the region and never reach outside of the page.
    """
    columns, rows = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
    exact = columns / size[0], rows / size[1]
    x0 = min(columns - 1, math.floor(region[0] * exact[0] + _SLACK))
    y0 = min(rows - 1, math.floor(region[1] * exact[1] + _SLACK))
    x1 = min(columns, max(x0 + 1, math.ceil(region[2] * exact[0] - _SLACK)))
    y1 = min(rows, max(y0 + 1, math.ceil(region[3] * exact[1] - _SLACK)))
    return exact, (x0, y0, x1, y1)

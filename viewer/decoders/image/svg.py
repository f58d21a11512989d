"""SVG: drawn by MuPDF at any scale, in CSS pixels. Nothing outside of the file is fetched, nothing is run."""

from __future__ import annotations

import logging
import math
import re
import zlib
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
import pymupdf
from numpy.typing import NDArray

from viewer.decoders.base import (
    Cancelled,
    PageInfo,
    Raster,
    Region,
    View,
    VoiWindow,
    check_page,
)
from viewer.decoders.image.frame import damaged, out_of_memory
from viewer.errors import DecodeError
from viewer.limits import IMAGE_SIDE, MB, RASTER_PIXELS

_BYTES = 64 * MB
_DEFAULT = (300.0, 150.0)  # CSS 2.2, 10.3.2: a replaced element without any size of its own
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_ROOT = re.compile(r"<(?:\w+:)?svg(?=[\s>/])(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.S)
_LENGTH = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([a-zA-Z]*)\s*$")
_SCALE_MIN = 1e-6


class SvgDocument:
    """One drawing with transparent ground."""

    kind = "image"
    page_count = 1
    facts: Mapping[str, Any]

    def __init__(self, source: BinaryIO) -> None:
        """Parse the file. Raises DecodeError."""
        _silence()
        source.seek(0)
        data = _unpacked(source.read(_BYTES + 1))
        self.facts = {"format": "SVG", "engine": "mupdf"}
        self._size = natural_size(data)
        try:
            self._document: Any = pymupdf.open(stream=data, filetype="svg")
            page = self._document.load_page(0)
            self._rect = page.rect
            self._list: Any = page.get_displaylist()
        except MemoryError:
            raise out_of_memory((round(self._size[0]), round(self._size[1]))) from None
        except Exception as error:  # MuPDF's exceptions are generated and change between releases
            raise damaged("SVG") from error
        if not (self._rect.width > 0 and self._rect.height > 0):
            raise damaged("SVG")

    def info(self, page: int) -> PageInfo:
        """Size in CSS pixels, which is what a browser calls the picture's natural size."""
        check_page(page, 1)
        native = max(1, round(self._size[0])), max(1, round(self._size[1]))
        return PageInfo(size=self._size, native=native, kind="rgba")

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Cancelled) -> Raster:
        """Draw a region anew at this scale, as BGRA with straight alpha."""
        check_page(page, 1)
        width, height = self._size
        asked = (0.0, 0.0, width, height)
        if region is not None:
            asked = max(0.0, region[0]), max(0.0, region[1]), min(width, region[2]), min(height, region[3])
            if not (asked[0] < asked[2] and asked[1] < asked[3]):
                raise DecodeError("This region lies outside of the picture.", code="Internal")
        fitting = 0.99 * math.sqrt(RASTER_PIXELS / ((asked[2] - asked[0]) * (asked[3] - asked[1])))
        used = min(max(scale, _SCALE_MIN), fitting)
        columns, rows = max(1, round(width * used)), max(1, round(height * used))
        per_x, per_y = columns / width, rows / height
        x0, y0 = math.floor(asked[0] * per_x + 1e-6), math.floor(asked[1] * per_y + 1e-6)
        x1 = min(columns, max(x0 + 1, math.ceil(asked[2] * per_x - 1e-6)))
        y1 = min(rows, max(y0 + 1, math.ceil(asked[3] * per_y - 1e-6)))
        pixels = self._drawn((min(x0, columns - 1), min(y0, rows - 1), x1, y1), (columns, rows))
        if view.inverted:
            pixels = pixels ^ np.array((255, 255, 255, 0), np.uint8)
        covered = x0 / per_x, y0 / per_y, x1 / per_x, y1 / per_y
        return Raster(pixels, "bgra", covered, ("reduced",) if used < scale else ())

    def samples(self, page: int) -> NDArray[Any] | None:
        """None: a drawing has no stored values."""
        check_page(page, 1)
        return None

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        """None."""
        check_page(page, 1)
        return ()

    def close(self) -> None:
        """Drop the drawing."""
        self._list = None
        if not self._document.is_closed:
            self._document.close()

    def _drawn(self, part: tuple[int, int, int, int], whole: tuple[int, int]) -> NDArray[np.uint8]:
        mupdf = pymupdf.mupdf
        rect = self._rect
        to_raster = mupdf.FzMatrix(whole[0] / rect.width, 0, 0, whole[1] / rect.height, 0, 0)
        to_origin = mupdf.FzMatrix(1, 0, 0, 1, -rect.x0, -rect.y0)
        try:
            box = mupdf.FzIrect(*part)
            pixmap = mupdf.fz_new_pixmap_with_bbox(mupdf.fz_device_bgr(), box, mupdf.FzSeparations(), 1)
            mupdf.fz_clear_pixmap(pixmap)
            device = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap)
            everywhere = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
            matrix = mupdf.fz_concat(to_origin, to_raster)
            mupdf.fz_run_display_list(self._list.this, device, matrix, everywhere, mupdf.FzCookie())
            mupdf.fz_close_device(device)
            samples = mupdf.fz_pixmap_samples_memoryview(pixmap)
            pixels = np.frombuffer(samples, np.uint8).reshape(part[3] - part[1], part[2] - part[0], 4).copy()
        except MemoryError:
            raise out_of_memory(whole) from None
        except Exception as error:
            raise damaged("SVG") from error
        return straight(pixels)


def _silence() -> None:
    """Keep MuPDF's messages off standard output and error, and do not hoard them."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    pymupdf.set_messages(pylogging=True, pylogging_name="pymupdf", pylogging_level=logging.DEBUG)
    pymupdf.TOOLS.reset_mupdf_warnings()


def straight(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """BGRA with premultiplied alpha → straight alpha, shape (rows, columns, 4)."""
    partial = (pixels[..., 3] > 0) & (pixels[..., 3] < 255)
    if partial.any():
        found = pixels[partial].astype(np.float32)
        found[:, :3] *= 255.0 / found[:, 3:]
        pixels[partial] = np.clip(np.rint(found), 0, 255).astype(np.uint8)
    return pixels


def natural_size(data: bytes) -> tuple[float, float]:
    """(width, height) in CSS pixels: from width and height, else from viewBox, else 300 x 150."""
    root = _ROOT.search(_text(data[:65_536]))
    attributes = root.group(0) if root else ""
    width, height = (_length(_attribute(attributes, name)) for name in ("width", "height"))
    box = _view_box(_attribute(attributes, "viewBox"))
    if box:
        if width and not height:
            height = width * box[1] / box[0]
        elif height and not width:
            width = height * box[0] / box[1]
        elif not width and not height:
            width, height = box
    return _clamped(width or _DEFAULT[0]), _clamped(height or _DEFAULT[1])


def _clamped(side: float) -> float:
    return min(max(side, 1.0), float(IMAGE_SIDE))


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"\s{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return (found.group(1) or found.group(2) or "") if found else ""


def _length(text: str) -> float | None:
    found = _LENGTH.match(text)
    if found is None or found.group(2).lower() not in _UNITS:
        return None  # absent, or relative to a window that is not there
    value = float(found.group(1)) * _UNITS[found.group(2).lower()]
    return value if math.isfinite(value) and value > 0 else None


def _view_box(text: str) -> tuple[float, float] | None:
    try:
        numbers = [float(part) for part in re.split(r"[\s,]+", text.strip())]
    except ValueError:
        return None
    usable = len(numbers) == 4 and all(map(math.isfinite, numbers)) and numbers[2] > 0 and numbers[3] > 0
    return (numbers[2], numbers[3]) if usable else None


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8", "replace")


def _unpacked(data: bytes) -> bytes:
    if data[:3] == b"\x1f\x8b\x08":
        unpack = zlib.decompressobj(wbits=31)
        try:
            data = unpack.decompress(data, _BYTES + 1)
        except zlib.error as error:
            raise damaged("SVG") from error
    if len(data) > _BYTES:
        raise DecodeError("This SVG file unpacks to more than 64 MB. Locate a simpler copy of it.", code="TooLarge")
    return data

"""The main PDF engine: MuPDF, with a kept display list per page so that zooming does not parse again."""

from __future__ import annotations

import logging
import math
from collections import OrderedDict
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from viewer.decoders.pdf.engine import PAGES_PREPARED, Pixels, damaged_file, damaged_page, needs_password
from viewer.errors import DecodeError
from viewer.limits import PDF_SIDE

_USER_UNIT_MAX = 75_000.0  # ISO 32000-2, annex C.2
_FALLBACK_SIZE = (612.0, 792.0)  # US Letter, what PDF readers take for a page without a usable box


class MuPdf:
    """An open file. MuPDF keeps the GIL while it draws, so this lives in a process of its own."""

    KEY: str = "mupdf"

    def __init__(self, data: bytes | memoryview, password: str | None) -> None:
        """Open and, if needed, decrypt. Raises DecodeError."""
        _silence()
        try:
            self._document: Any = pymupdf.open(stream=data, filetype="pdf")
            if self._document.needs_pass and not self._document.authenticate(password or ""):
                raise needs_password(password is not None)
            self.page_count = int(self._document.page_count)
            self.repaired = bool(self._document.is_repaired)
        except DecodeError:
            raise
        except MemoryError:
            raise _out_of_memory() from None
        except Exception as error:  # MuPDF's classes of exceptions are generated and change between releases
            raise damaged_file() from error
        self._lists: OrderedDict[int, tuple[Any, bool]] = OrderedDict()
        self._sizes: dict[int, tuple[float, float]] = {}

    def page_size(self, page: int) -> tuple[float, float]:
        """The size of MuPDF's ``page.rect`` in points."""
        if page not in self._sizes:
            try:
                rect = self._document.load_page(page).rect
                size = float(rect.width), float(rect.height)
            except Exception as error:
                raise damaged_page(page) from error
            finite = all(math.isfinite(side) and side > 0 for side in size)
            self._sizes[page] = size if finite else _FALLBACK_SIZE
        return self._sizes[page]

    def side_limit(self, page: int) -> float:
        """14,400 units of the page's own UserUnit."""
        try:
            kind, value = self._document.xref_get_key(self._document.page_xref(page), "UserUnit")
            unit = float(value) if kind in ("int", "float", "real") else 1.0
        except Exception:
            unit = 1.0
        return PDF_SIDE * min(max(unit, 1.0), _USER_UNIT_MAX)

    def render(
        self, page: int, *, size: tuple[float, float], scale: tuple[float, float], part: Pixels
    ) -> tuple[NDArray[np.uint8], bool]:
        """Draw contents, annotations and form fields; `size` does not matter. See `PdfEngine.render`."""
        mupdf = pymupdf.mupdf
        try:
            prepared, incomplete = self._display_list(page)
            box = mupdf.FzIrect(*part)
            # With alpha over opaque white the samples are BGR and 255: the raster's own layout.
            pixmap = mupdf.fz_new_pixmap_with_bbox(mupdf.fz_device_bgr(), box, mupdf.FzSeparations(), 1)
            mupdf.fz_clear_pixmap_with_value(pixmap, 255)
            to_raster = mupdf.fz_make_matrix(scale[0], 0, 0, scale[1], 0, 0)
            cookie = mupdf.FzCookie()
            device = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap)
            mupdf.fz_run_display_list(prepared, device, to_raster, mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE), cookie)
            mupdf.fz_close_device(device)
            samples = mupdf.fz_pixmap_samples_memoryview(pixmap)
            rows, columns = part[3] - part[1], part[2] - part[0]
            # A copy, because the samples belong to MuPDF's pixmap.
            pixels = np.frombuffer(samples, np.uint8).reshape(rows, columns, 4).copy()
        except MemoryError:
            raise _out_of_memory() from None
        except Exception as error:
            raise damaged_page(page) from error
        return pixels, incomplete or cookie.m_internal.errors > 0

    def close(self) -> None:
        """Drop display lists and file."""
        self._lists.clear()
        if not self._document.is_closed:
            self._document.close()

    def _display_list(self, page: int) -> tuple[Any, bool]:
        """The prepared page, and whether MuPDF had to leave out parts of it."""
        if page in self._lists:
            self._lists.move_to_end(page)
            return self._lists[page]
        mupdf = pymupdf.mupdf
        loaded = self._document.load_page(page)
        rect = loaded.rect
        # With a cookie MuPDF counts what it cannot draw and goes on; without one it gives the page up.
        cookie = mupdf.FzCookie()
        prepared = mupdf.fz_new_display_list(mupdf.FzRect(rect.x0, rect.y0, rect.x1, rect.y1))
        device = mupdf.fz_new_list_device(prepared)
        to_origin = mupdf.fz_make_matrix(1, 0, 0, 1, -rect.x0, -rect.y0)
        mupdf.fz_run_page(loaded.this, device, to_origin, cookie)
        mupdf.fz_close_device(device)
        self._lists[page] = prepared, cookie.m_internal.errors > 0
        while len(self._lists) > PAGES_PREPARED:
            self._lists.popitem(last=False)
        return self._lists[page]


def _out_of_memory() -> DecodeError:
    return DecodeError("This PDF file needs more memory than a reader may use.", code="OutOfMemory")


def _silence() -> None:
    """Keep MuPDF's messages off standard output and error, and do not hoard them."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    pymupdf.set_messages(pylogging=True, pylogging_name="pymupdf", pylogging_level=logging.DEBUG)
    pymupdf.TOOLS.reset_mupdf_warnings()

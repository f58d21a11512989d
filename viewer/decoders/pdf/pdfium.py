"""The second PDF engine: PDFium, for pages that MuPDF cannot draw or leaves empty."""

from __future__ import annotations

import ctypes
import logging
from collections import OrderedDict
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from viewer.decoders.pdf.engine import PAGES_PREPARED, Pixels, damaged_file, damaged_page, needs_password
from viewer.limits import PDF_SIDE


class Pdfium:
    """An open file. PDFium is not thread-safe, not even across documents: one process, one thread."""

    KEY: str = "pdfium"
    repaired = False  # PDFium does not tell

    def __init__(self, data: bytes | memoryview, password: str | None, *, forms: bool = True) -> None:
        """Open and, if needed, decrypt. Raises DecodeError.

        Without `forms` form fields stay empty, but a damaged form cannot keep PDFium busy for ever.
        """
        # It would tell that XFA forms are not supported, on standard error.
        logging.getLogger("pypdfium2").setLevel(logging.ERROR)
        try:
            self._document: Any = pypdfium2.PdfDocument(bytes(data), password=password)
            self.page_count = len(self._document)
            if forms:
                # Before any page is loaded, else form fields stay empty (decode.md B5).
                self._document.init_forms()
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise needs_password(password is not None) from error
            raise damaged_file() from error
        self._pages: OrderedDict[int, Any] = OrderedDict()

    def page_size(self, page: int) -> tuple[float, float]:
        """As MuPDF has it, but PDFium ignores UserUnit."""
        width, height = self._page(page).get_size()
        return (float(width), float(height)) if width > 0 and height > 0 else (612.0, 792.0)

    def side_limit(self, page: int) -> float:
        """14,400 points: PDFium ignores UserUnit."""
        return PDF_SIDE

    def render(
        self, page: int, *, size: tuple[float, float], scale: tuple[float, float], part: Pixels
    ) -> tuple[NDArray[np.uint8], bool]:
        """Draw contents, annotations and form fields. See `PdfEngine.render`."""
        handle = self._page(page).raw
        rows, columns = part[3] - part[1], part[2] - part[0]
        pixels = np.full((rows, columns, 4), 255, np.uint8)
        bitmap = pdfium.FPDFBitmap_CreateEx(
            columns,
            rows,
            pdfium.FPDFBitmap_BGRx,
            pixels.ctypes.data_as(ctypes.c_void_p),
            columns * 4,
        )
        if not bitmap:
            raise damaged_page(page)
        # PDFium wants the size of the whole page in pixels and scales its own idea of the page to that.
        whole = max(1, round(size[0] * scale[0])), max(1, round(size[1] * scale[1]))
        place = (-part[0], -part[1], *whole, 0, pdfium.FPDF_ANNOT)
        try:
            pdfium.FPDF_RenderPageBitmap(bitmap, handle, *place)
            if self._document.formenv is not None:
                pdfium.FPDF_FFLDraw(self._document.formenv.raw, bitmap, handle, *place)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return pixels, False

    def close(self) -> None:
        """Close pages, then the file (finalisers in another order crash PDFium)."""
        while self._pages:
            self._pages.popitem()[1].close()
        self._document.close()

    def _page(self, page: int) -> Any:
        if page in self._pages:
            self._pages.move_to_end(page)
            return self._pages[page]
        try:
            loaded = self._document[page]
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise damaged_page(page) from error
        self._pages[page] = loaded
        while len(self._pages) > PAGES_PREPARED:
            self._pages.popitem(last=False)[1].close()
        return loaded

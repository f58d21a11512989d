"""What the two PDF engines have in common: sizes in points, rasters of a part of the page at any scale."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from viewer.errors import DecodeError

Pixels = tuple[int, int, int, int]
"""(x0, y0, x1, y1) in whole pixels of a raster of the whole page."""

PAGES_PREPARED = 8
"""Pages of which an engine keeps its prepared form (display list) for the next region or zoom."""


class PdfEngine(Protocol):
    """An open PDF file in one engine. Nothing of the file is ever run: no scripts, actions or links."""

    KEY: str
    page_count: int
    repaired: bool
    """The cross-reference table was damaged and has been rebuilt."""

    def page_size(self, page: int) -> tuple[float, float]:
        """Displayed (width, height) in points: CropBox within MediaBox, turned, times UserUnit."""

    def side_limit(self, page: int) -> float:
        """The longest side in points that the format allows this page."""

    def render(
        self, page: int, *, size: tuple[float, float], scale: tuple[float, float], part: Pixels
    ) -> tuple[NDArray[np.uint8], bool]:
        """Pixels of `part` of the page on white, at `scale` pixels per point (x, y).

        `size` is the page's whole displayed size in points, for an engine that has another opinion on it.
        Returns BGRX of shape (rows, columns, 4), and whether parts of the page could not be drawn. Raises
        DecodeError.
        """

    def close(self) -> None:
        """Give back the file."""


def damaged_file() -> DecodeError:
    """The sentence for a PDF that no engine opens."""
    return DecodeError(
        "This PDF file is damaged: it could not be opened. Fetch it again, or locate a sound copy of it.",
        code="Corrupt",
    )


def damaged_page(page: int) -> DecodeError:
    """The sentence for one page that cannot be drawn."""
    return DecodeError(
        f"Page {page + 1} of this PDF file is damaged and could not be drawn. The other pages are not affected.",
        code="Corrupt",
    )


def needs_password(given: bool) -> DecodeError:
    """The sentence for an encrypted file; `given`: a password was tried."""
    if given:
        return DecodeError("This is not the password of this PDF file.", code="Encrypted")
    return DecodeError("This PDF file is encrypted. Its password is needed to show it.", code="Encrypted")


def is_uniform(pixels: NDArray[np.uint8]) -> bool:
    """Whether all pixels, shape (rows, columns, 4), have one colour."""
    words = np.ascontiguousarray(pixels).view(np.uint32)
    return bool(words.min() == words.max())

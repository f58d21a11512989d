"""What a decoder is: bytes → Document → Page. Plain classes without Qt, run in a worker by the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, ClassVar, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewer.errors import DecodeError

PixelFormat = Literal["gray8", "bgrx", "bgra"]
"""gray8: (h, w); bgrx and bgra: (h, w, 4), byte order blue, green, red, unused or straight alpha."""

Region: TypeAlias = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in page space: edges, not pixel centres."""

Cancelled: TypeAlias = Callable[[], bool]
"""Asked between units of work (packets, strips); True: stop, the answer is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What the export knows of the file. A hint never beats the file; it settles what the file leaves open.

    `width`, `height`: the size that the labels were drawn in (the referee for orientation, decode.md C1).
    `frame_rate`, `frame_total`, `last_page`: of a video, for the rule page → frame (`viewer.frames`).
    `mapping`: the user's override of that rule, "" for automatic.
    """

    name: str = ""
    width: float | None = None
    height: float | None = None
    frame_rate: float | None = None
    frame_total: int | None = None
    last_page: int | None = None
    mapping: Literal["", "index", "time", "chrome"] = ""
    page_offset: int = 0
    """Added to a page before the rule."""
    mapping_rate: float | None = None
    """The user's rate instead of `frame_rate`."""
    clock: Literal["file", "first"] = "file"
    """Whether page 0 is at the file's 0 s or at its first picture."""
    sample: Literal["start", "middle"] = "start"
    """Whether a page shows what is on screen at its start or at its middle."""
    password: str | None = None
    engine: str = ""
    """"" for the usual one; "pdfium" or "mupdf" to choose."""


@dataclass(frozen=True, slots=True)
class VoiWindow:
    """A VOI window of DICOM: centre and width in modality units, with its name from the file."""

    center: float
    width: float
    name: str = ""
    function: Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"] = "LINEAR"


@dataclass(frozen=True, slots=True)
class View:
    """How a page is to be shown, beside its geometry: VOI window (None: the file's own) and inversion."""

    window: VoiWindow | None = None
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One page. `size` is its displayed size after orientation, rotation and pixel aspect: page space.

    PDF: points at scale 1. `native` is the stored size in pixels. `flags` are short words for what the page
    shows in a notice: ``truncated``, ``repaired``, ``reduced``, ``unrotated``, ``scaled``, ``blank``…
    """

    size: tuple[float, float]
    native: tuple[int, int]
    kind: Literal["gray8", "gray16", "rgb", "rgba", "pdf", "video"] = "rgb"
    orientation: int = 1
    frame: int | None = None
    """Video: the presented frame that this page shows."""
    seconds: float | None = None
    """Video: its presentation time."""
    spacing_mm: tuple[float, float] | None = None
    """(row step, column step)."""
    flags: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Further plain values to show (colour space, position of a slice, window presets…)."""


@dataclass(frozen=True, slots=True)
class Raster:
    """Pixels of a region of a page: contiguous uint8. `scale` is raster pixels per page pixel (x, y)."""

    pixels: NDArray[np.uint8]
    format: PixelFormat
    region: Region
    flags: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in raster pixels."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])


class Document(Protocol):
    """An open file. One thread uses it at a time; `close` ends it."""

    kind: str
    """The kind of file found: ``image``, ``video``, ``pdf``, ``dicom``."""
    page_count: int
    facts: Mapping[str, Any]
    """Plain values about the whole file for status bar and notices (codec, mapping mode, warnings…)."""

    def info(self, page: int) -> PageInfo:
        """Geometry of a page. Raises DecodeError when there is no such page."""

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Cancelled) -> Raster:
        """Pixels of `region` (None: the whole page) at `scale` raster pixels per page pixel.

        A decoder may give another scale than asked (an image gives its own pixels; too large a raster is
        reduced): the raster's size over its region says which. Raises DecodeError.
        """

    def samples(self, page: int) -> NDArray[Any] | None:
        """Stored values, shape (rows, columns) or (rows, columns, 3), for the value under the pointer."""

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        """The VOI windows that the file offers for a page; empty when it is not DICOM."""

    def close(self) -> None:
        """Give back what it holds. May be called twice."""


class Decoder(Protocol):
    """Knows one family of files."""

    KEY: ClassVar[str]

    @staticmethod
    def accepts(head: bytes, name: str) -> bool:
        """Whether these first 4 KiB are mine. The name decides only where bytes cannot."""

    @staticmethod
    def open(source: BinaryIO, hints: Hints) -> Document:
        """Open a seekable file object. Raises DecodeError when it is mine but broken."""


def check_page(page: int, page_count: int) -> None:
    """Raise the DecodeError for a page that is not there."""
    if not 0 <= page < page_count:
        raise DecodeError(f"There is no page {page} here: the last one is {page_count - 1}.", code="Corrupt")

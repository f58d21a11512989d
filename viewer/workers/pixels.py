"""What a document's client gives and gets: parts, what was opened, and pixels that lie in shared memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.base import PageInfo, PixelFormat, Region
from viewer.workers import protocol


class Streamed(Protocol):
    """A file of which only some bytes are here, and that brings others when they are needed. Thread-safe."""

    @property
    def path(self) -> Path:
        """The file, with holes where bytes are missing."""

    @property
    def length(self) -> int:
        """Of the whole file."""

    def need(self, offset: int, length: int) -> Future[int]:
        """Bring these bytes; has up to where they are there as soon as some are. Cancelling gives them up."""

    def fetch_rest(self) -> None:
        """Bring all others, too, when nothing else is needed."""

    def close(self) -> None:
        """It is not read any more."""


Bringing: TypeAlias = Future[Path] | Future[Path | Streamed]
"""A file on its way."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a document. `provide` begins to bring it (at once, without waiting) and may be called again.

    A document of one file may be given a `Streamed` one, which is closed when it is not needed any more. `name` is
    for recognising what bytes leave open. What the future raises reaches the page's future unchanged.
    """

    name: str
    provide: Callable[[], Bringing]

    @classmethod
    def local(cls, path: Path) -> Part:
        """A file that is here."""

        def provide() -> Future[Path]:
            future: Future[Path] = Future()
            future.set_result(path)
            return future

        return cls(path.name, provide)


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that is open: `kind` is image, video, pdf, dicom or dataset (several files, a page each)."""

    kind: str
    page_count: int
    facts: Mapping[str, Any] = field(default_factory=dict)


class PagePixels:
    """Pixels of a region of a page, read-only, in memory that is shared with the worker.

    `pixels` has shape (h, w) for gray8, else (h, w, 4), dtype uint8; every view made of it (slices,
    memoryviews, a QImage over it) keeps the memory as it is. It goes back to the worker when `release` was
    called, or this object dropped, and the last such view is gone.
    """

    __slots__ = ("_pixels", "flags", "format", "info", "ms", "region")

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        *,
        format: PixelFormat,  # noqa: A002, the word of Raster
        region: Region,
        info: PageInfo,
        flags: tuple[str, ...],
        ms: float,
    ) -> None:
        self._pixels: NDArray[np.uint8] | None = pixels
        self.format = format
        self.region = region
        """Edges in page space, as the decoder gave them: what was asked for, or a little more."""
        self.info = info
        self.flags = flags
        self.ms = ms
        """Milliseconds that the worker took."""

    @classmethod
    def of(cls, whole: NDArray[np.uint8], done: protocol.Done) -> PagePixels:
        """From the bytes of a slot and the message about them."""
        channels = protocol.CHANNELS[done.format]
        rows = whole.reshape(done.height, done.stride)[:, : done.width * channels]
        pixels = rows if channels == 1 else rows.reshape(done.height, done.width, channels)
        return cls(pixels, format=done.format, region=done.region, info=done.info, flags=done.flags, ms=done.ms)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The pixels. Raises ValueError after `release`."""
        if self._pixels is None:
            raise ValueError("These pixels were released.")
        return self._pixels

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in raster pixels."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])

    def release(self) -> None:
        """Not needed any more. May be called twice."""
        self._pixels = None

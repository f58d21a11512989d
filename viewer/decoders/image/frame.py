"""One decoded picture as the document keeps it, and what an opened picture file can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from viewer.errors import DecodeError

PixelKind = Literal["gray8", "gray16", "rgb", "rgba"]


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a page before its pixels are decoded. `size` is (width, height) as stored."""

    size: tuple[int, int]
    kind: PixelKind
    orientation: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """Decoded pixels in the file's own orientation.

    `pixels`: uint8 (h, w) grey, uint8 (h, w, 4) BGRX or BGRA, or (h, w) of another type: stored grey values.
    `factor`: so many stored pixels, each way, made one of these (the last row and column may be partial).
    `tone`: 256 grey levels of the file → those to show. `bits`: significant bits of unsigned grey values, 0 when
    the type says all.
    """

    pixels: NDArray[Any]
    alpha: bool = False
    factor: int = 1
    tone: NDArray[np.uint8] | None = None
    flags: tuple[str, ...] = ()
    bits: int = 0


class PictureFile(Protocol):
    """An open picture file of one engine."""

    engine: str
    page_count: int

    def header(self, page: int) -> Header:
        """Size and kind. Raises DecodeError."""

    def decode(self, page: int, factor: int) -> Frame:
        """Pixels at 1/`factor` (a power of two) or larger, whatever is cheaper; smaller when it must be.

        The frame says its factor. Raises DecodeError.
        """

    def least_factor(self, page: int) -> int:
        """The factor below which a page is never decoded, because it would not fit into memory."""

    def close(self) -> None:
        """Give back what it holds."""


def damaged(title: str) -> DecodeError:
    """The sentence for a file that has the right first bytes and no picture."""
    return DecodeError(
        f"No picture could be decoded from this {title} file: it is damaged or of an unknown variety. "
        "Fetch it again, or locate a sound copy of it.",
        code="Corrupt",
    )


def out_of_memory(size: tuple[int, int]) -> DecodeError:
    """The sentence for a picture that does not fit into a worker's memory."""
    return DecodeError(
        f"This picture of {size[0]:,} × {size[1]:,} pixels needs more memory than a reader may use. "
        "Locate a smaller copy of it.",
        code="OutOfMemory",
    )

"""Still pictures: what a browser shows, as a browser shows it, and the formats of scanners and cameras."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from viewer.decoders.base import Document, Hints
from viewer.decoders.image.kinds import kind_of
from viewer.errors import DecodeError

HEAD_BYTES = 4096


class ImageDecoder:
    """JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, JPEG 2000, JPEG XL, SVG and more."""

    KEY: ClassVar[str] = "image"

    @staticmethod
    def accepts(head: bytes, name: str) -> bool:
        """By the first bytes; by the extension of `name` only when they have no known mark."""
        return kind_of(head, name) is not None

    @staticmethod
    def open(source: BinaryIO, hints: Hints) -> Document:
        """Open a picture. Raises DecodeError."""
        source.seek(0)
        kind = kind_of(source.read(HEAD_BYTES), hints.name)
        if kind is None:
            raise DecodeError("This is no picture of a known kind.", code="Unsupported")
        if kind.key == "heic":
            raise DecodeError(
                "HEIC pictures can't be shown yet. Convert the file to JPEG or PNG and locate that copy.",
                code="Unsupported",
            )
        if kind.key == "svg":
            from viewer.decoders.image.svg import SvgDocument

            return SvgDocument(source)
        from viewer.decoders.image.document import ImageDocument

        return ImageDocument(source, kind, hints)

"""All decoders in order, and the one place where a file is recognised: by its bytes, then by its name."""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

from viewer.decoders.base import Decoder, Document, Hints
from viewer.errors import DecodeError

if TYPE_CHECKING:
    DECODERS: tuple[type[Decoder], ...]

# The first that accepts wins. DICOM's mark at byte 128 lets the bytes before it look like a TIFF, and AVIF
# shares its container with video, hence this order. By name, since the window imports this package for its
# types and decodes nothing; no codec library is imported before a file is opened.
_DECODERS = ("dicom.DicomDecoder", "image.ImageDecoder", "pdf.PdfDecoder", "video.VideoDecoder")

HEAD_BYTES = 4096
_TOO_SHORT = 4
"""No format has its mark in fewer bytes."""

_START = rb"^(?:\xef\xbb\xbf)?(?:\s|<!--.*?-->|<\?xml.*?\?>)*"
_HTML = re.compile(_START + rb"<(?:!doctype\s+html|html|head|body|script|title|meta)[\s>]", re.I | re.S)
_XML = re.compile(_START + rb"<(?:!DOCTYPE\s+)?([A-Za-z_][\w.:-]*)", re.S)


@lru_cache(maxsize=1)
def _decoders() -> tuple[type[Decoder], ...]:
    places = (name.split(".") for name in _DECODERS)
    return tuple(getattr(importlib.import_module(f"{__name__}.{module}"), kind) for module, kind in places)


def __getattr__(name: str) -> Any:
    """``DECODERS``: the classes of the list above."""
    if name == "DECODERS":
        return _decoders()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def open_document(source: BinaryIO, hints: Hints) -> Document:
    """Open a seekable file by the decoder that knows it.

    Raises DecodeError: Unsupported for files of no known kind, Corrupt for empty files, web pages and
    whatever its decoder finds broken.
    """
    source.seek(0)
    head = source.read(HEAD_BYTES)
    if len(head) < _TOO_SHORT:
        raise _too_short(len(head))
    for name in ("", hints.name):
        for decoder in _decoders():
            if decoder.accepts(head, name):
                return decoder.open(source, hints)
        if not name:
            _refuse_web_page(head, hints.name)
    raise DecodeError(
        "Files of this kind can't be shown yet. Its labels are listed all the same; "
        "the file can be opened in another program.",
        code="Unsupported",
    )


def _too_short(length: int) -> DecodeError:
    if length == 0:
        return DecodeError("The file is empty (0 bytes). Fetch it again, or locate another copy of it.", code="Corrupt")
    held = "only 1 byte" if length == 1 else f"only {length} bytes"
    return DecodeError(
        f"The file holds {held}: it was cut. Fetch it again, or locate another copy of it.", code="Corrupt"
    )


def _refuse_web_page(head: bytes, name: str) -> None:
    """Servers answer with a page or an XML message where the file should be; say that, not "damaged"."""
    if name.lower().endswith((".html", ".htm", ".xhtml", ".xml")):
        return
    if _HTML.match(head):
        raise DecodeError(
            "This is a web page, not the file itself: its server sent a page in the file's place. "
            "Open the link in a browser to read it, or locate a copy of the file.",
            code="Corrupt",
        )
    found = _XML.match(head)
    if found and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        if found.group(1) == b"Error":
            raise DecodeError(
                "This is a storage server's error message, not the file itself; its link may have expired. "
                "Open a newer export, or locate a copy of the file.",
                code="Corrupt",
            )
        raise DecodeError(
            "This is an XML text, not the file itself. Fetch it again, or locate a copy of the file.",
            code="Corrupt",
        )

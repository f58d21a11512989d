"""DICOM files that are an envelope: a video stream or a PDF document with a header around it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, BinaryIO, NoReturn, cast

from viewer.decoders.base import Cancelled, Document, PageInfo, Raster, Region, View, VoiWindow
from viewer.decoders.dicom.codecs import VIDEO_PREFIXES
from viewer.decoders.dicom.fragments import FragmentIndex, Joined
from viewer.decoders.dicom.header import Header
from viewer.decoders.dicom.values import text, value, whole
from viewer.errors import DecodeError


def inner_file(document: Document) -> BinaryIO | None:
    """The file inside a document whose facts have ``embedded`` ("video" or "pdf"); None for all others.

    It is readable and seekable as long as the document is open and shares its place in the source with it:
    use one of the two at a time.
    """
    return document.inner if isinstance(document, EmbeddedDocument) else None


class EmbeddedDocument:
    """An envelope. It knows what is inside; another decoder shows that."""

    kind = "dicom"

    def __init__(self, inner: BinaryIO, facts: Mapping[str, Any], page_count: int) -> None:
        self.inner = inner
        self.page_count = page_count
        self.facts = facts

    def _refuse(self) -> NoReturn:
        what = "a video" if self.facts["embedded"] == "video" else "a PDF document"
        raise DecodeError(f"This DICOM file holds {what}, which has to be opened itself.", code="Unsupported")

    def info(self, page: int) -> PageInfo:
        """Raises DecodeError: the inner document knows its pages."""
        self._refuse()

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Cancelled) -> Raster:
        """Raises DecodeError: the inner document has the pixels."""
        self._refuse()

    def samples(self, page: int) -> None:
        """None: there are no stored values."""

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        """Empty: there is no VOI window."""
        return ()

    def close(self) -> None:
        """Give back the inner file."""
        self.inner.close()


def embedded_document(header: Header) -> EmbeddedDocument | None:
    """The envelope that a file is; None when it holds pixels. Raises DecodeError for other documents."""
    data = value(header.dataset, "EncapsulatedDocument")
    if isinstance(data, bytes | bytearray):
        kind = text(header.dataset, "MIMETypeOfEncapsulatedDocument")
        if data.lstrip(b"\0 \r\n")[:5] != b"%PDF-":
            shown = f" ({kind})" if kind and len(kind) < 60 and kind.isprintable() else ""
            raise DecodeError(
                f"This DICOM file holds a document{shown} that is no PDF and cannot be shown.", code="Unsupported"
            )
        length = whole(header.dataset, "EncapsulatedDocumentLength", len(data))
        inner = io.BytesIO(bytes(data[: length if 0 < length <= len(data) else len(data)]))
        return EmbeddedDocument(inner, {"embedded": "pdf", "codec": "PDF"}, 1)
    if header.pixels is None or not header.syntax.startswith(VIDEO_PREFIXES) or header.pixels.length is not None:
        return None
    index = FragmentIndex(header, 1)
    if not index.count:
        raise DecodeError("This DICOM file ends where its video should begin. Fetch the file again.")
    joined = Joined(header.source, index.spans(0))
    inner_video = cast(BinaryIO, io.BufferedReader(joined, 1 << 16))
    frames = max(1, whole(header.dataset, "NumberOfFrames", 1))
    return EmbeddedDocument(inner_video, {"embedded": "video", "codec": "video"}, frames)

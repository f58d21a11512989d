"""Opening a DICOM file: a picture of frames, or the envelope of a video or PDF."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from viewer.decoders.base import Document, Hints
from viewer.decoders.dicom.document import DicomDocument
from viewer.decoders.dicom.embedded import embedded_document
from viewer.decoders.dicom.frames import Frames
from viewer.decoders.dicom.header import looks_like_dicom, read_header
from viewer.decoders.dicom.layout import read_layout

_NAMES = (".dcm", ".dicom", ".dic", ".ima")


class DicomDecoder:
    """DICOM files, single or multi-frame, with or without preamble."""

    KEY: ClassVar[str] = "dicom"

    @staticmethod
    def accepts(head: bytes, name: str) -> bool:
        """By the mark at byte 128 or sane first elements; a name counts where the bytes are no other format's."""
        return looks_like_dicom(head) or name.lower().endswith(_NAMES)

    @staticmethod
    def open(source: BinaryIO, hints: Hints) -> Document:
        """Read the header and find the frames; pixels are read when asked for. Raises DecodeError."""
        header = read_header(source)
        envelope = embedded_document(header)
        if envelope is not None:
            return envelope
        layout = read_layout(header)
        return DicomDocument(header, layout, Frames(header, layout))

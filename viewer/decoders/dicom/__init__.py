"""DICOM: pydicom reads the header, one codec package the pixels; one frame is one page, in the file's order."""

from __future__ import annotations

from viewer.decoders.dicom.decoder import DicomDecoder
from viewer.decoders.dicom.embedded import inner_file

__all__ = ["DicomDecoder", "inner_file"]

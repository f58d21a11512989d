"""PDF files: pages in points, drawn anew at each zoom by MuPDF, or by PDFium where MuPDF cannot."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from viewer.decoders.base import Document, Hints

_MARK_WITHIN = 1024
"""Readers accept the header anywhere in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1)."""


class PdfDecoder:
    """PDF of any version, encrypted ones with their password."""

    KEY: ClassVar[str] = "pdf"

    @staticmethod
    def accepts(head: bytes, name: str) -> bool:
        """By the header's mark near the beginning; by the name for files that have lost it."""
        return b"%PDF-" in head[:_MARK_WITHIN] or name.lower().endswith(".pdf")

    @staticmethod
    def open(source: BinaryIO, hints: Hints) -> Document:
        """Open a PDF. Raises DecodeError: Encrypted when a password is missing or wrong."""
        from viewer.decoders.pdf.document import PdfDocument

        return PdfDocument(source, hints)

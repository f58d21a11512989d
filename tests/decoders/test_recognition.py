"""A file is known by its bytes, then by its name; what is no file gets a sentence of its own."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from tests.make import images, pdfs
from viewer.decoders import DECODERS, open_document
from viewer.decoders.base import Hints
from viewer.errors import DecodeError


def opened(data: bytes, name: str = "") -> str:
    document = open_document(io.BytesIO(data), Hints(name=name))
    try:
        return document.kind
    finally:
        document.close()


def refusal(data: bytes, name: str = "") -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        open_document(io.BytesIO(data), Hints(name=name))
    return caught.value


def test_bytes_beat_the_name() -> None:
    assert opened(pdfs.pdf(pdfs.Sheet()), name="photo.png") == "pdf"
    assert opened(images.saved(images.marked(), "PNG"), name="paper.pdf") == "image"


def test_the_name_decides_where_bytes_cannot() -> None:
    targa = images.saved(images.marked(), "TGA")
    assert opened(targa, name="old.TGA") == "image"
    assert refusal(targa).code == "Unsupported"


def test_junk_before_a_pdf_header_is_accepted() -> None:
    assert opened(b"\r\n  junk\r\n" + pdfs.pdf(pdfs.Sheet())) == "pdf"


@pytest.mark.parametrize(
    ("data", "name", "code", "words"),
    [
        (b"", "a.png", "Corrupt", "empty (0 bytes)"),
        (b"\x89", "a.png", "Corrupt", "only 1 byte"),
        (b"ab", "a.png", "Corrupt", "only 2 bytes"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a.png", "Corrupt", "web page"),
        (b"\xef\xbb\xbf\n<!-- x --><HTML lang=en>", "a.dcm", "Corrupt", "web page"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "a.png", "Corrupt", "expired"),
        (b'<?xml version="1.0"?><report><a/></report>', "a.png", "Corrupt", "XML"),
        (b"<html><body>text</body></html>", "page.html", "Unsupported", "can't be shown yet"),
        (b"just some words in a text file", "a.txt", "Unsupported", "can't be shown yet"),
        (b"just some words in a text file", "", "Unsupported", "can't be shown yet"),
        (b"this is no png at all", "a.png", "Corrupt", "PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "a.jpg", "Unsupported", "HEIC"),
    ],
)
def test_sentences(data: bytes, name: str, code: str, words: str) -> None:
    error = refusal(data, name)
    assert (error.code, words in str(error)) == (code, True), str(error)


def test_html_that_draws_svg_is_a_web_page() -> None:
    assert "web page" in str(refusal(b"<html><svg width='3' height='3'></svg></html>", "a.svg"))


def test_keys_are_unique_and_decoders_complete() -> None:
    assert sorted(decoder.KEY for decoder in DECODERS) == ["dicom", "image", "pdf", "video"]


def test_importing_the_list_imports_no_codec() -> None:
    script = (
        "import sys, viewer.decoders\n"
        "print(sorted({'PIL', 'av', 'pymupdf', 'pypdfium2', 'pydicom', 'imagecodecs', 'cv2'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

"""Marks of still pictures; containers that they share with video are told apart."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import images
from viewer.decoders.image.kinds import is_svg, kind_of


def key(head: bytes, name: str = "") -> str | None:
    kind = kind_of(head, name)
    return kind.key if kind else None


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000", "ICO", "PPM"])
def test_files_by_pillow(form: str) -> None:
    data = images.saved(images.marked(), form)
    assert key(data[:4096]) == {"JPEG2000": "jp2", "PPM": "pnm"}.get(form, form.lower())


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\0\0\0\x1cftypisom\0\0\2\0isomiso2avc1mp41", None),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "avif"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "heic"),
        (b"\0\0\1\xba\x44\0\4\0\4\1\x89\xc3\xf8", None),  # MPEG programme stream
        (b"\xff\xd8\xff\xf7\0\x0b\x08", "jls"),
        (b"BM not a bitmap at all", None),
        (b"P5\n1 1\n255\n0", "pnm"),
        (b"\x1a\x45\xdf\xa3", None),
        (b"", None),
    ],
)
def test_marks(head: bytes, expected: str | None) -> None:
    assert key(head) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "\ufeff<?xml version='1.0'?>\n<!-- <html> -->\n<!DOCTYPE svg [<!ENTITY a 'b'>]>\n<svg >",
        "<x:svg xmlns:x='http://www.w3.org/2000/svg'/>",
    ],
)
def test_svg_roots(text: str) -> None:
    assert is_svg(text.encode())
    assert is_svg(gzip.compress(text.encode()))
    assert is_svg(text.lstrip("\ufeff").encode("utf-16"))


@pytest.mark.parametrize("text", ["<html><svg></svg>", "<svgx>", "svg", "<?xml version='1.0'?><root/>"])
def test_other_roots(text: str) -> None:
    assert not is_svg(text.encode())


@given(st.binary(max_size=200), st.text(max_size=12))
def test_any_bytes(head: bytes, name: str) -> None:
    kind_of(head, name)

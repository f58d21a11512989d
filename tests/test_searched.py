"""The search that follows every test finds a signature wherever it hides, and nothing else."""

from __future__ import annotations

import base64
import gzip
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.make.searched import files_with_signatures, signed

URL = "https://bucket.example.com/a.png?X-Amz-Expires=120000&X-Amz-Signature=1f2e3d4c5b6a"
HIDDEN = {
    "plain": URL.encode(),
    "utf-16": URL.encode("utf-16-le"),
    "percent-encoded": quote(URL, safe="").encode(),
    "base64": b"data: " + base64.b64encode(URL.encode()),
    "base64 of another place": base64.urlsafe_b64encode(b"xy" + URL.encode()),
    "gzip": b"head" + gzip.compress(URL.encode() * 3),
    "deflate": zlib.compress(URL.encode() * 3),
    "azure": b"https://a.blob.core.windows.net/c/x?sv=2024&sig=abcd%2Fefgh%3D",
    "google": b"?X-Goog-Credential=someone%40example.com",
}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN)
def test_it_is_found(content: bytes) -> None:
    assert signed(b"\xff\xfe some text \n" + content + b"\n more")


@pytest.mark.parametrize(
    "content",
    [b"", b"https://bucket.example.com/a.png", b"X-Amz-Signature=\xe2\x80\xa6", b'"signature": 3, design=abcdefg',
     b"https://bucket.example.com/a.png?X-Amz-Expires=120000"],
)  # fmt: skip
def test_what_is_no_signature_is_not(content: bytes) -> None:
    assert signed(content) == []


def test_names_of_files_are_searched_too(tmp_path: Path) -> None:
    (tmp_path / "a.png&X-Amz-Signature=1f2e3d4c").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept").write_bytes(URL.encode())
    (tmp_path / "folder" / "clean").write_bytes(b"nothing")
    assert {path.name for path in files_with_signatures(tmp_path)} == {"a.png&X-Amz-Signature=1f2e3d4c", "kept"}

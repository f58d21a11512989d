"""Whether a program wrote or said the signature of a link, of whatever value: for all that the tests leave behind."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path

from tests.make.canary import inflated

_NAMES = rb"X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|GoogleAccessId|Key-Pair-Id"
_VALUE = rb"(?:=|%3D|%253D)[A-Za-z0-9%/+_.-]{4,}"
SIGNED = re.compile(rb"(?:(?:" + _NAMES + rb")|[?&](?:sig|Signature))" + _VALUE, re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{40,}")
WRITTEN = frozenset((".sqlite3", ".sqlite3-wal", ".log", ".part", ".new", ".ini", ".conf", ".toml", ".csv", ".parquet"))
"""Endings of what only the program writes."""
_LOOKED_INTO = 1 << 20
"""Larger files are searched as they are: unpacking all that may begin somewhere in them takes too long."""


def signed(content: bytes) -> list[str]:
    """What in `content` looks like a signed query: plain, UTF-16, percent-encoded, base64, or packed."""
    found = [match for piece in _readings(content) for match in SIGNED.findall(piece)]
    return sorted({match.decode("latin-1") for match in found})


def _readings(content: bytes) -> Iterator[bytes]:
    yield content
    if b"\0" in content:
        yield content.replace(b"\0", b"")
    if len(content) > _LOOKED_INTO:
        return
    for piece in (content, *inflated(content)):
        if piece is not content:
            yield piece
        for run in _BASE64.findall(piece):
            for shift in range(4):
                text = run[shift:].replace(b"-", b"+").replace(b"_", b"/")
                try:
                    yield base64.b64decode(text[: len(text) // 4 * 4])
                except binascii.Error:
                    continue


def files_with_signatures(*folders: Path) -> dict[Path, list[str]]:
    """The files, or those under the folders, whose name or content holds a signed query, with what was found."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*") if folder.is_dir() else (folder,):
            if path.is_file() and not path.is_symlink():
                here = signed(path.name.encode() + b"\n" + path.read_bytes())
                if here:
                    found[path] = here
    return found

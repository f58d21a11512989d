"""What one piece of an export turns out to be: an asset, more than one, less than one, or none."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from viewer.export.heads import AssetHead, read_head
from viewer.export.mend import BROKEN, reason

_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
_AT = re.compile(r" \(byte (\d+)\)")
_KINDS = {b"[": "a list", b'"': "text", b"n": "null", b"t": "a boolean", b"f": "a boolean"}


class Piece(NamedTuple):
    """What decoding some bytes gave: a head, or why there is none."""

    head: AssetHead | None = None
    trailing: int = -1
    """Where the value ends, relative to the piece, when more follows it; -1: nothing does."""
    truncated: bool = False
    """The value does not end within the piece. (msgspec also says so of half an emoji near the end.)"""
    why: str = ""
    at: int = -1
    """Where it is damaged, relative to the piece; -1: not known."""
    is_json: bool = False
    """It is JSON, but no object."""


def read_piece(view: bytes | memoryview) -> Piece:
    """Decode some bytes. Nothing raises."""
    try:
        return Piece(read_head(view))
    except msgspec.ValidationError:
        return _other_value(view)
    except BROKEN as error:
        return broken_piece(error)


def broken_piece(error: BaseException) -> Piece:
    """What an error of `viewer.export.mend.BROKEN` says of a piece."""
    if isinstance(error, UnicodeDecodeError):
        return Piece(why="its text is not UTF-8")  # the byte that it names is counted within one string
    text = str(error)
    found = _TRAILING.search(text)
    if found:
        # the offending byte is counted, so the value ends one before
        return Piece(trailing=int(found[1]) - 1, why=reason(error))
    found = _AT.search(text)
    why = _AT.sub("", reason(error))
    return Piece(truncated="truncated" in text, why=why, at=int(found[1]) if found else -1)


def _other_value(view: bytes | memoryview) -> Piece:
    why = f"{_KINDS.get(bytes(view[:1]), 'a number')} stands where an asset belongs"
    try:
        msgspec.json.decode(view, type=msgspec.Raw)
    except BROKEN as error:
        piece = broken_piece(error)
        return Piece(trailing=piece.trailing, why=why, is_json=True) if piece.trailing > 0 else piece
    return Piece(why=why, is_json=True)

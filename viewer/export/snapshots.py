"""Whether one snapshot's labels differ from those before it, told from the bytes."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import Raw

from viewer.export.heads import StageHead

_METADATA_BEFORE = re.compile(rb'"metadata"\s*:\s*\{[^{}]*\}\s*,\s*')
_METADATA_LAST = re.compile(rb',\s*"metadata"\s*:\s*\{[^{}]*\}\s*(?=\})')

Parts = tuple[memoryview, ...]


def parts_of(stage: StageHead) -> Parts:
    """The bytes of a snapshot's labels, classifications and relations; empty lists count as absent."""
    return tuple(map(_bytes_of, (stage.tools, stage.objects, stage.classifications, stage.relations)))


def _bytes_of(raw: Raw) -> memoryview:
    view = memoryview(raw)
    return view[:0] if len(view) <= 32 and bytes(view).translate(None, b" \t\r\n") in (b"[]", b"null") else view


def same_parts(one: Parts, two: Parts) -> bool:
    """Whether two history snapshots hold the same bytes."""
    return all(len(a) == len(b) and a == b for a, b in zip(one, two, strict=True))


def same_without_metadata(last: Parts, current: Parts) -> bool:
    """Whether the current state equals the last history entry.

    History leaves out each annotation's ``metadata`` (format §4.1, seen in the vendor's sample), and stands at
    another depth, which in an indented file means other white space before each line.
    """
    return all(_same_text(bytes(a), bytes(b)) for a, b in zip(last, current, strict=True))


def _same_text(last: bytes, current: bytes) -> bool:
    if last == current:
        return True
    if bool(last) != bool(current):
        return False
    last, current = _flush(last), _flush(current)
    if _first_label_differs(last, current):
        return False
    if b'"metadata"' in last:
        last = _without_metadata(last)
    current = _without_metadata(current)
    if last == current:
        return True
    if b'"metadata"' not in last and b'"metadata"' not in current:
        return False
    # metadata that holds objects of its own: rare, so it may be slow
    try:
        return bool(_stripped(msgspec.json.decode(last)) == _stripped(msgspec.json.decode(current)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _flush(text: bytes) -> bytes:
    """The text with the indentation of its last line taken from every line."""
    line = text.rfind(b"\n")
    if line < 0:
        return text
    margin = text[line + 1 : -1]
    return text.replace(b"\n" + margin, b"\n") if margin and not margin.strip() else text


def _first_label_differs(last: bytes, current: bytes) -> bool:
    """A quick no: the texts part before the first metadata."""
    end = current.find(b'"metadata"')
    if end < 0:
        return False
    before = current[:end].rstrip(b" \t\r\n,")
    return not last.startswith(before)


def _without_metadata(text: bytes) -> bytes:
    text = _METADATA_BEFORE.sub(b"", text)
    return _METADATA_LAST.sub(b"", text) if b'"metadata"' in text else text


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stripped(item) for name, item in value.items() if name != "metadata"}
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    return value

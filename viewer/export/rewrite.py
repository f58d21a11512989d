"""A copy of an export with other addresses in it, and not a byte changed besides."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from viewer import limits
from viewer.errors import ExportError
from viewer.export.rows import Row
from viewer.export.streams import CHUNK, ZipStream, open_stream, packing_of

# A quote before which no backslash stands, then a colon behind the name: only a key looks so, wherever it stands.
_KEY = re.compile(rb'(?<!\\)"(asset|data|dataset|brushDataUrl|medicalBrushDataUrl)"\s*:\s*(?=["\[])')
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BETWEEN = re.compile(rb"[\s,]*(?:null[\s,]*)*")
_WEB = re.compile(r"https?://", re.IGNORECASE)


class Span(NamedTuple):
    """An address in the JSON of an asset: ``raw[start:end]`` is the string with its quotes."""

    start: int
    end: int
    member: str
    value: str


Replace: TypeAlias = Callable[[Span], str | None]
"""What stands in place of an address; None leaves it as it is."""


def without_signature(url: str) -> str:
    """A web address without its query and fragment; anything else as it is."""
    return re.split(r"[?#]", url, maxsplit=1)[0] if _WEB.match(url) else url


def address_spans(raw: bytes) -> list[Span]:
    """Where addresses stand in the JSON of an asset: ``asset`` (``data``), ``dataset`` and brush files, anywhere.

    Works on damaged JSON, too. What only looks like an address by its name has to be told by its value.
    """
    spans: list[Span] = []
    for key in _KEY.finditer(raw):
        member, at = key[1].decode(), key.end()
        if raw[at : at + 1] == b'"':
            _take(spans, raw, at, member)
        elif member == "dataset":
            at = _between(raw, at + 1)
            while raw[at : at + 1] == b'"' and (end := _take(spans, raw, at, member)) is not None:
                at = _between(raw, end)
    return spans


def _between(raw: bytes, at: int) -> int:
    match = _BETWEEN.match(raw, at)
    return match.end() if match else at


def _take(spans: list[Span], raw: bytes, at: int, member: str) -> int | None:
    match = _STRING.match(raw, at)
    if match is None:
        return None
    try:
        value = json.loads(match[0].decode("utf-8", "replace"), strict=False)
    except ValueError:
        return match.end()
    spans.append(Span(at, match.end(), member, value))
    return match.end()


def replaced(raw: bytes, replace: Replace) -> bytes:
    """The JSON of an asset with other addresses."""
    pieces: list[bytes] = []
    done = 0
    for span in address_spans(raw):
        new = replace(span)
        if new is None or new == span.value:
            continue
        pieces += [raw[done : span.start], json.dumps(new).encode()]
        done = span.end
    return b"".join((*pieces, raw[done:])) if pieces else raw


def name_of_copy(path: Path) -> str:
    """What the copy of an export is called: as itself, and that of a ZIP as the file in it.

    Several files in a ZIP become one, named like the ZIP. Raises ExportError, OSError.
    """
    if packing_of(path) != "zip":
        return path.name
    stream = ZipStream(path)
    try:
        names = [member.info.filename for member in stream.members]
    finally:
        stream.close()
    own = re.split(r"[/\\]", names[0])[-1]
    own = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in own).lstrip(".")
    if len(names) > 1 or not own.lower().endswith((".json", ".ndjson", ".jsonl")):
        return f"{path.stem}.{'ndjson' if len(names) > 1 else 'json'}"
    return own


def copy_with_addresses(path: Path, rows: Sequence[Row], replace_in: Callable[[Row], Replace]) -> Iterator[bytes]:
    """The export at `path`, unpacked and piece by piece, with other addresses in its assets.

    `rows` are those of the file as it is now. Raises ExportError when it is damaged or was changed, OSError.
    """
    packing = packing_of(path)
    stream = open_stream(path, packing)
    encode = _Encoder(path) if packing == "utf-16" else None
    source = _Source(stream.readinto)
    try:
        if encode is not None and encode.mark:
            yield encode.mark
        for row in rows:
            while gap := source.take(min(CHUNK, row.start - source.at)):
                yield gap if encode is None else encode(gap)
            if row.end - row.start > limits.ASSET_JSON_BYTES:
                while piece := source.take(min(CHUNK, row.end - source.at)):
                    yield piece if encode is None else encode(piece)
                continue
            raw = source.take(row.end - row.start)
            if len(raw) != row.end - row.start:
                raise ExportError(stream.damage or f"{path.name} was changed while it was read. Open it again.")
            raw = replaced(raw, replace_in(row))
            yield raw if encode is None else encode(raw)
        while rest := source.take(CHUNK):
            yield rest if encode is None else encode(rest)
        if stream.damage is not None:
            raise ExportError(stream.damage)
    finally:
        stream.close()


class _Source:
    """Reads a stream in exact lengths."""

    def __init__(self, readinto: Callable[[memoryview], int | None]) -> None:
        self._readinto = readinto
        self._ready = bytearray()
        self._block = bytearray(CHUNK)
        self.at = 0

    def take(self, length: int) -> bytes:
        """The next bytes; fewer only at the end."""
        while len(self._ready) < length:
            got = self._readinto(memoryview(self._block))
            if not got:
                break
            self._ready += memoryview(self._block)[:got]
        taken = bytes(self._ready[: max(0, length)])
        del self._ready[: len(taken)]
        self.at += len(taken)
        return taken


class _Encoder:
    """From UTF-8, cut anywhere, back to the UTF-16 that the file is in."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(2)
        self.mark = head if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else b""
        is_big = head == codecs.BOM_UTF16_BE or head[:1] == b"\0"
        self._name = "utf-16-be" if is_big else "utf-16-le"
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def __call__(self, piece: bytes) -> bytes:
        return self._decode(piece).encode(self._name)

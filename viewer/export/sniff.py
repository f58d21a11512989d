"""What kind of file this is, from its first bytes; and the sentence when it is no export."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from viewer import limits
from viewer.errors import ExportError
from viewer.export.rows import Layout
from viewer.export.streams import JsonStream, Packing, open_stream, packing_of

HEAD = 1 << 20
BOM = b"\xef\xbb\xbf"
SPACE = b" \t\r\n"

ASSET_KEYS = frozenset(("asset", "assetId", "externalId", "dataset", "task", "tasks", "objects", "contextData"))
SUFFIXES = (".json", ".ndjson", ".jsonl", ".zip")

# Where the colon follows at once it belongs to the key: the longer a text, the faster it is found
_COLON = rb"(?::|(?=\s*:))"
FIRST_KEY = re.compile(rb'\{\s*("[^"\\\x00-\x1f]{1,64}"' + _COLON + rb")")
_ASSET_START = re.compile(rb'\{\s*("(?:asset|assetId|externalId|dataset|data)"' + _COLON + rb")")
_LATER_ASSET = re.compile(
    rb'(?P<line>\n\s*)?(?(line)|[\]}]\s*,\s*)\{\s*("(?:asset|assetId|externalId|dataset|data)"' + _COLON + rb")"
)
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?|[\[{]|[\]}]', re.DOTALL)


class Form(NamedTuple):
    """How to read the file."""

    packing: Packing
    layout: Layout
    start: int
    """Offset of the first element, or of what stands in its place."""
    lines: bool
    commas: bool
    """Commas must stand between the elements."""
    bracket: bool
    """The elements stand in a list."""
    first_keys: tuple[bytes, ...]
    """Keys, with their quotes, that the elements begin with."""


def sniff(path: Path) -> Form:
    """How to read the export at `path`. Raises ExportError when it is none, OSError when it cannot be read."""
    size = path.stat().st_size
    if size == 0:
        raise ExportError(f"{path.name} is empty. Download the export again.")
    if size > limits.EXPORT_BYTES:
        raise ExportError(
            f"{path.name} has {size / limits.GB:.1f} GB, more than the {limits.EXPORT_BYTES // limits.GB} GB that "
            "an export may have. Export fewer tasks at once."
        )
    packing = packing_of(path)
    stream = open_stream(path, packing)
    try:
        head = _read(stream, HEAD)
        if not head and stream.damage is not None:
            raise ExportError(stream.damage)
        whole = len(head) < HEAD
        form = _form(path.name, packing, head, stream, whole)
    finally:
        stream.close()
    if packing == "zip":
        form = form._replace(layout="zip")
    return form


def _read(stream: JsonStream, most: int) -> bytes:
    buffer = bytearray(most)
    filled = 0
    view = memoryview(buffer)
    while filled < most:
        got = stream.readinto(view[filled:])
        if not got:
            break
        filled += got
    return bytes(view[:filled])


def _form(name: str, packing: Packing, head: bytes, stream: JsonStream, whole: bool) -> Form:
    start = len(BOM) if head.startswith(BOM) else 0
    start = _skip(head, start)
    if start >= len(head):
        raise ExportError(f"{name} holds nothing but white space. Download the export again.")
    first = head[start : start + 1]
    if first == b"[":
        inside = _skip(head, start + 1)
        key = FIRST_KEY.match(head, inside)
        if key is None and head[inside : inside + 1] != b"]":
            later = _ASSET_START.search(head, inside)
            if later is None and (whole or head[inside : inside + 1] != b"{"):
                raise ExportError(_no_export(name, "its list holds no assets"))
        _refuse_others(name, head, inside)
        keys = _keys(head, inside)
        return Form(packing, "array", start + 1, lines=False, commas=True, bracket=True, first_keys=keys)
    if first == b"{":
        _refuse_others(name, head, start)
        keys = _keys(head, start)
        lines = _is_lines(head, start, keys, stream, whole)
        layout: Layout = "ndjson" if lines else "object"
        return Form(packing, layout, start, lines=lines, commas=False, bracket=False, first_keys=keys)
    later = _LATER_ASSET.search(head, start)
    if later is not None:
        # Its beginning is lost; the assets after it are not
        lines = later["line"] is not None
        keys = (later[2],)
        layout = "ndjson" if lines else "array"
        return Form(packing, layout, start, lines=lines, commas=not lines, bracket=not lines, first_keys=keys)
    raise ExportError(_no_json(name, head, start))


def _skip(data: bytes, at: int) -> int:
    while at < len(data) and data[at] in SPACE:
        at += 1
    return at


def _keys(head: bytes, at: int) -> tuple[bytes, ...]:
    """The key that the first element begins with, or else the one that assets begin with in this file."""
    match = FIRST_KEY.match(head, at)
    if match is None:
        match = _ASSET_START.search(head, at)
    return (match[1],) if match else (b'"asset":',)


def _is_lines(head: bytes, start: int, keys: tuple[bytes, ...], stream: JsonStream, whole: bool) -> bool:
    """Whether each line is an object: the first line ends in ``}`` and the next begins with ``{``, or the next
    begins as the first does (the first is damaged then).
    """
    line_end = head.find(b"\n", start)
    last = head[:line_end] if line_end >= 0 else head
    after = head[line_end + 1 :] if line_end >= 0 else b""
    tail = last[-64:]
    while line_end < 0 and not whole:
        block = _read(stream, HEAD)
        whole = len(block) < HEAD
        line_end = block.find(b"\n")
        tail = (tail + (block if line_end < 0 else block[:line_end]))[-64:]
        after = block[line_end + 1 :] if line_end >= 0 else b""
    if line_end < 0:
        return False
    while not after.strip(SPACE) and not whole:
        after = _read(stream, HEAD)
        whole = len(after) < HEAD
    following = after.lstrip(SPACE)
    if not following.startswith(b"{"):
        return False
    if tail.rstrip(SPACE).endswith((b"}", b"},")):
        return True
    begins = FIRST_KEY.match(following)
    return begins is not None and begins[1] in keys and len(last) > 2 and after[:1] == b"{"


# ---- what is not an export ----------------------------------------------------------------------------


def _refuse_others(name: str, head: bytes, at: int) -> None:
    """Raises ExportError when the first element is whole enough to see that it is no asset."""
    keys, complete = top_keys(head, at)
    if keys & {b"labelTask", b"labelTaskId"} and keys & {b"content", b"status", b"comments", b"_id"}:
        raise ExportError(
            f"{name} is an export of issues. Open the export of the tasks, and add this file to it as issues."
        )
    if not keys & {b"asset", b"task", b"tasks", b"externalId"} and (
        b"categorySchema" in keys
        or (b"data" in keys and b'"categorySchema"' in head)
        or (b"tools" in keys and b"objects" not in keys and (b'"shortcutKey"' in head or b'"color"' in head))
    ):
        raise ExportError(
            f"{name} is the ontology of a project (its classes and colours), not an export. "
            "Open the export, and add this file to it as ontology."
        )
    known = {key.encode() for key in ASSET_KEYS}
    if keys & known or (b"data" in keys and re.search(rb'"data"\s*:\s*"', head)):
        return
    if keys & {b"tools", b"classifications", b"relations"}:
        return
    if complete and not _ASSET_START.search(head, at):
        if not keys:
            return
        raise ExportError(_no_export(name, "its objects have none of the members asset, externalId and task"))


def top_keys(head: bytes, at: int) -> tuple[set[bytes], bool]:
    """The keys of the object at `at`, and whether it was seen to its end."""
    keys: set[bytes] = set()
    depth = 0
    for token in _TOKEN.finditer(head, at, at + (1 << 16)):
        text = token[0][:1]
        if text == b'"':
            if depth == 1 and token[2] is not None:
                keys.add(token[1])
        elif text in b"[{":
            depth += 1
        else:
            depth -= 1
            if depth <= 0:
                return keys, True
    return keys, False


def _no_export(name: str, why: str) -> str:
    return f"{name} is JSON, but not an export of Ango Hub: {why}. Choose the file that Ango Hub's export gave you."


def _no_json(name: str, head: bytes, start: int) -> str:
    text = head[start : start + 512].lower()
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<body")) or b"<html" in text:
        return (
            f"{name} is a web page, not an export. The link may have led to a sign-in page; download it again "
            "in the browser where you are signed in."
        )
    if text.startswith(b"<"):
        return f"{name} is XML, not an export: the server may have answered with its refusal. Download it again."
    if b"\0" in head[:4096] or head.startswith((b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\xff\xd8", b"7z", b"Rar!")):
        return f"{name} is not JSON but a file of another kind. Choose the JSON or ZIP file of the export."
    return f"{name} is not JSON: it begins with neither [ nor {{. Choose the JSON or ZIP file of the export."


# ---- files and folders ----------------------------------------------------------------------------------


def export_in(path: Path) -> Path:
    """The export that `path` names: a file, or the one export in a folder. Raises ExportError."""
    try:
        if not path.is_dir():
            if not path.exists():
                raise ExportError(f"{path.name or path} does not exist. Check the name and the folder.")
            if not path.is_file():
                raise ExportError(f"{path.name} is neither a file nor a folder.")
            return path
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    except OSError as error:
        raise ExportError(f"{path.name or path} cannot be read: {error.strerror}.") from None
    found: list[Path] = []
    for file in files:
        try:
            sniff(file)
        except (ExportError, OSError):
            continue
        found.append(file)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ExportError(f"The folder {path.name or path} holds no export. Choose the JSON or ZIP file itself.")
    names = ", ".join(p.name for p in found[:5]) + (", …" if len(found) > 5 else "")
    raise ExportError(f"The folder {path.name or path} holds {len(found)} exports ({names}). Choose one of them.")

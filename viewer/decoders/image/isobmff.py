"""Orientation of the primary picture of an AVIF file: its irot and imir properties (ISO/IEC 23008-12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_DEPTH_BOXES = 4096

_TURNS = {0: 1, 1: 8, 2: 3, 3: 6}
"""Quarter turns anticlockwise → EXIF orientation."""

_MIRRORED = {(0, 0): 4, (0, 1): 2, (1, 0): 5, (1, 1): 7, (2, 0): 2, (2, 1): 4, (3, 0): 7, (3, 1): 5}
"""(quarter turns, axis): first turned, then mirrored; axis 0 swaps top and bottom, 1 left and right."""


def orientation(data: bytes) -> int:
    """The EXIF value (1-8) for the turn and the mirror of the primary item; 1 when there is none."""
    try:
        properties = dict(_properties(data))
    except (struct.error, IndexError, ValueError):
        return 1
    turn = properties[b"irot"][0] & 3 if properties.get(b"irot") else 0
    if properties.get(b"imir"):
        return _MIRRORED[turn, properties[b"imir"][0] & 1]
    return _TURNS[turn]


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, first byte of the content, end) of the boxes in a range."""
    at = start
    for _ in range(_DEPTH_BOXES):
        if at + 8 > end:
            return
        size, name = struct.unpack_from(">I4s", data, at)
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            header = 16
        elif size == 0:
            size = end - at
        if size < header:
            return
        yield name, at + header, min(at + size, end)
        at += size


def _find(data: bytes, name: bytes, start: int, end: int) -> tuple[int, int]:
    for found, first, last in _boxes(data, start, end):
        if found == name:
            return first, last
    raise ValueError("no such box")


def _properties(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, content) of the properties of the primary item."""
    meta, meta_end = _find(data, b"meta", 0, len(data))
    meta += 4
    pitm, _ = _find(data, b"pitm", meta, meta_end)
    primary = int.from_bytes(data[pitm + 4 : pitm + (6 if data[pitm] == 0 else 8)], "big")
    iprp, iprp_end = _find(data, b"iprp", meta, meta_end)
    known = [(name, data[first:last]) for name, first, last in _boxes(data, *_find(data, b"ipco", iprp, iprp_end))]
    at, _ = _find(data, b"ipma", iprp, iprp_end)
    version, wide = data[at], data[at + 3] & 1
    (count,) = struct.unpack_from(">I", data, at + 4)
    at += 8
    for _ in range(min(count, _DEPTH_BOXES)):
        step = 2 if version == 0 else 4
        item = int.from_bytes(data[at : at + step], "big")
        links = data[at + step]
        at += step + 1
        for _ in range(links):
            index = struct.unpack_from(">H", data, at)[0] & 0x7FFF if wide else data[at] & 0x7F
            at += 2 if wide else 1
            if item == primary and 0 < index <= len(known):
                yield known[index - 1]

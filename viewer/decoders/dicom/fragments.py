"""Where each frame lies in the file: native frames by arithmetic, compressed ones by their fragments."""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from itertools import pairwise
from typing import BinaryIO

from viewer.decoders.dicom.header import Header

Span = tuple[int, int]
"""(offset, length) of bytes in the source."""

ITEM, DELIMITER = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_MOST_FRAGMENTS = 4_000_000
_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP", b"\xff\x0a", b"\x00\x00\x00\x0cJXL")


class FragmentIndex:
    """The frames of an encapsulated pixel element.

    With a plausible offset table a frame's fragments are found when it is asked for; without one all fragment
    headers are walked once.
    """

    def __init__(self, header: Header, declared_frames: int) -> None:
        assert header.pixels is not None
        self._source = header.source
        self._size = header.size
        self._declared = declared_frames
        self.truncated = False
        self._table: list[int] = []
        self._spans: list[tuple[Span, ...]] | None = None
        table = self._item(header.pixels.offset)
        self._first = header.pixels.offset
        offsets: tuple[int, ...] = ()
        if table is not None:
            self._first = sum(table)
            raw = self._read(table)
            offsets = struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
        if not self._use(_extended_offsets(header)) and not self._use(offsets):
            self._walk(offsets)

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self._table) if self._spans is None else len(self._spans)

    def spans(self, frame: int) -> tuple[Span, ...]:
        """The fragments of a frame."""
        if self._spans is not None:
            return self._spans[frame]
        end = self._table[frame + 1] if frame + 1 < len(self._table) else self._size
        return tuple(self._items(self._table[frame], end))

    def _use(self, offsets: tuple[int, ...]) -> bool:
        """Take an offset table when it has one ascending entry per frame and each begins an item."""
        if len(offsets) != self._declared or not offsets or offsets[0] != 0:
            return False
        if any(b <= a for a, b in pairwise(offsets)) or self._first + offsets[-1] + 8 > self._size:
            return False
        table = [self._first + offset for offset in offsets]
        for probe in {table[0], table[len(table) // 2], table[-1]}:
            if self._item(probe) is None:
                return False
        self._table = table
        return True

    def _walk(self, offsets: tuple[int, ...]) -> None:
        fragments = list(self._items(self._first, self._size))
        self._spans = [tuple(group) for group in self._grouped(fragments, offsets)]

    def _grouped(self, fragments: list[Span], offsets: tuple[int, ...]) -> list[list[Span]]:
        if len(fragments) <= 1 or self._declared == 1:
            return [fragments] if fragments else []
        if len(fragments) == self._declared:
            return [[fragment] for fragment in fragments]
        if len(offsets) > 1 and not any(b <= a for a, b in pairwise(offsets)):
            starts = [self._first + offset for offset in offsets]
            groups: list[list[Span]] = [[] for _ in starts]
            for offset, length in fragments:
                groups[max(0, bisect_right(starts, offset - 8) - 1)].append((offset, length))
            return [group for group in groups if group][: self._declared]
        groups = []
        for span in fragments:
            if not groups or self._begins_frame(span):
                groups.append([])
            groups[-1].append(span)
        # no start mark was recognised (RLE): fragments are frames as far as they go
        if len(groups) == 1:
            groups = [[fragment] for fragment in fragments]
        return groups[: self._declared]

    def _begins_frame(self, span: Span) -> bool:
        return self._read((span[0], min(span[1], 8))).startswith(_STARTS)

    def _items(self, start: int, end: int) -> list[Span]:
        found: list[Span] = []
        position = start
        while position < end and len(found) < _MOST_FRAGMENTS:
            item = self._item(position)
            if item is None:
                self.truncated = self.truncated or position + 8 > self._size
                break
            if item[0] + item[1] > self._size:
                self.truncated = True
                item = item[0], self._size - item[0]
            found.append(item)
            position = sum(item)
        else:
            self.truncated = self.truncated or position >= self._size
        return found

    def _item(self, position: int) -> Span | None:
        """The content of the item whose tag stands at a position; None when there is no item."""
        head = self._read((position, 8))
        if len(head) < 8 or head[:4] != ITEM:
            return None
        return position + 8, int.from_bytes(head[4:], "little")

    def _read(self, span: Span) -> bytes:
        self._source.seek(span[0])
        return self._source.read(min(span[1], max(0, self._size - span[0])))


def _extended_offsets(header: Header) -> tuple[int, ...]:
    """The Extended Offset Table (7FE0,0001); empty when there is none."""
    try:
        raw = bytes(header.dataset[0x7FE0, 0x0001].value)
    except Exception:
        return ()
    return struct.unpack(f"<{len(raw) // 8}Q", raw[: len(raw) // 8 * 8])


class Joined(io.RawIOBase):
    """Spans of a source as one seekable file: what lies inside an encapsulated element, without a copy."""

    def __init__(self, source: BinaryIO, spans: tuple[Span, ...]) -> None:
        self._source = source
        self._spans = spans
        self._ends: list[int] = []
        total = 0
        for _, length in spans:
            total += length
            self._ends.append(total)
        self._position = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move as in any file."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._ends[-1] if self._ends else 0}
        self._position = max(0, base[whence] + offset)
        return self._position

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` from the span at the position."""
        index = bisect_right(self._ends, self._position)
        if index >= len(self._spans):
            return 0
        offset, length = self._spans[index]
        inside = self._position - (self._ends[index] - length)
        self._source.seek(offset + inside)
        part = self._source.read(min(len(buffer), length - inside))
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

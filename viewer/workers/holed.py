"""Inside the worker: a file with holes, whose missing bytes the window is asked for when they are read."""

from __future__ import annotations

import io
import os
from bisect import bisect_right
from collections.abc import Callable
from typing import BinaryIO

AHEAD = 256 << 10
"""Asked for beyond what is read, where nothing is known of what comes next…"""
AHEAD_MOST = 2 << 20
"""…and as much while reading goes on and on."""


class HoledFile(io.RawIOBase):
    """A seekable file of `length` bytes over the descriptor of one with holes.

    `need(offset, length)` brings bytes and returns up to where they are there from `offset` on; what it raises
    comes out of `read`. The underlying file must not buffer: it would keep the zeros of a hole.
    """

    is_partial = True
    """That reading costs time where nobody read before: decoders read no more than they need."""

    def __init__(self, file: BinaryIO, length: int, need: Callable[[int, int], int]) -> None:
        self._file = file
        self._length = length
        self._need = need
        self._at = 0
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._asked = (-1, -1)
        self._expected = (-1, -1)
        self._ahead = AHEAD

    def expect(self, start: int, end: int) -> None:
        """Reads from `start` on will go to `end` and stop there: this is asked for at once, and nothing beyond it."""
        self._expected = start, min(end, self._length)

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, brought where they are missing. Raises what `need` raises."""
        start, end = self._at, self._length if size is None or size < 0 else min(self._at + size, self._length)
        at = start
        while at < end:
            ready = self._ready(at)
            if ready <= at:
                ready = self._need(at, self._upto(at, end) - at)
                if ready <= at:
                    raise EOFError
                self._add(at, ready)
            at = ready
        self._file.seek(start)
        data = b""
        while len(data) < end - start and (piece := self._file.read(end - start - len(data))):
            data += piece
        self._at = start + len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move as a file does."""
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence])
        return self._at

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def readable(self) -> bool:
        """It is for nothing else."""
        return True

    def seekable(self) -> bool:
        """Any place may be read."""
        return True

    def close(self) -> None:
        """Close the descriptor."""
        self._file.close()
        super().close()

    def _upto(self, at: int, end: int) -> int:
        """How far to ask: as far as was said, or ahead by more and more while reading goes on."""
        start, expected = self._expected
        if start <= at < expected:
            upto = max(end, expected)
        elif self._asked[0] <= at < self._asked[1]:
            return max(end, self._asked[1])
        else:
            self._ahead = min(self._ahead * 2, AHEAD_MOST) if at == self._asked[1] else AHEAD
            upto = max(end, min(at + self._ahead, self._length))
        self._asked = at, upto
        return upto

    def _ready(self, at: int) -> int:
        """Up to where the bytes from `at` on are known to be there."""
        place = bisect_right(self._starts, at) - 1
        return max(at, self._ends[place]) if place >= 0 else at

    def _add(self, start: int, end: int) -> None:
        """Bytes are there: joined with what touches them."""
        place = bisect_right(self._starts, start)
        if place and self._ends[place - 1] >= start:
            place -= 1
            start = self._starts[place]
        stop = place
        while stop < len(self._starts) and self._starts[stop] <= end:
            end = max(end, self._ends[stop])
            stop += 1
        self._starts[place:stop] = [start]
        self._ends[place:stop] = [end]

"""A sliding window over a byte stream: one buffer, filled again and again, so that memory stays bounded."""

from __future__ import annotations

from typing import Protocol

BLOCK = 4 << 20


class ByteStream(Protocol):
    """Anything that fills a buffer: an unbuffered file, a ZIP member, a transcoder."""

    def readinto(self, view: memoryview, /) -> int | None:
        """Put the next bytes into `view`; returns how many, 0 at the end."""


class Window:
    """Bytes ``[low, high)`` of a stream by their absolute offsets.

    `release` gives up what lies before an offset; `more` reads on. The buffer is one `bytearray` that is never
    resized (views into it stay valid until the next `more`) and is replaced by a larger one only when a single
    asset does not fit. mmap is not used: a file that shrinks would end the process with a bus error.
    """

    def __init__(self, stream: ByteStream, *, block: int = BLOCK) -> None:
        self._stream = stream
        self._block = block
        self._data = bytearray(2 * block)
        self._first = 0  # offset in the stream of data[0]
        self.low = 0
        self.high = 0
        self.at_end = False

    def more(self) -> bool:
        """Read up to one block more. False at the end of the stream. Earlier views become invalid."""
        if self.at_end:
            return False
        used = self.high - self._first
        kept, skipped = self.high - self.low, self.low - self._first
        # a part of the buffer that stays in the processor's cache is filled again and read again faster
        if len(self._data) - used < self._block or (skipped >= self._block and 4 * kept <= skipped):
            self._make_room()
            used = self.high - self._first
        with memoryview(self._data) as view:
            got = self._stream.readinto(view[used : used + self._block])
        if not got:
            self.at_end = True
            return False
        self.high += got
        return True

    def _make_room(self) -> None:
        kept, skipped = self.high - self.low, self.low - self._first
        if kept + self._block > len(self._data):
            larger = bytearray(max(2 * len(self._data), kept + self._block))
            with memoryview(self._data) as view:
                larger[:kept] = view[skipped : skipped + kept]
            self._data = larger
        elif skipped:
            with memoryview(self._data) as view:
                view[:kept] = view[skipped : skipped + kept]
        self._first = self.low

    def release(self, offset: int) -> None:
        """Bytes before `offset` are not needed any more."""
        self.low = max(self.low, min(offset, self.high))

    def view(self, start: int, end: int) -> memoryview:
        """The bytes ``[start, end)``, which must lie within the window; valid until the next `more`."""
        return memoryview(self._data)[start - self._first : end - self._first]

    def find(self, needle: bytes, start: int, end: int | None = None) -> int:
        """Offset of `needle` at or after `start` (and before `end`) in what was read, or -1."""
        at = self._data.find(needle, start - self._first, (self.high if end is None else end) - self._first)
        return at if at < 0 else at + self._first

    def rfind(self, needle: bytes, start: int, end: int) -> int:
        """The last offset of `needle` within ``[start, end)``, which must lie within the window, or -1."""
        at = self._data.rfind(needle, start - self._first, end - self._first)
        return at if at < 0 else at + self._first

    def holds(self, text: bytes, start: int, end: int) -> bool:
        """Whether ``[start, end)`` begins with `text`; nothing is copied."""
        return self._data.startswith(text, start - self._first, end - self._first)

    def step_without(self, needle: bytes, start: int, end: int, step: int) -> int:
        """Offset of the first whole step, of those from `start` on, that has no `needle`, or -1.

        Where `needle` is one byte that is common, this hardly looks at the steps that have it.
        """
        find, first = self._data.find, self._first
        for at in range(start - first, end - first - step + 1, step):
            if find(needle, at, at + step) < 0:
                return at + first
        return -1

    def byte(self, offset: int) -> int:
        """One byte, which must lie within the window."""
        return self._data[offset - self._first]

    def skip_back(self, offset: int, skipped: bytes) -> int:
        """Largest offset ≤ `offset` whose byte is none of `skipped`; ``low - 1`` when there is none."""
        at, data, first = offset, self._data, self._first
        while at >= self.low and data[at - first] in skipped:
            at -= 1
        return at

    def skip(self, offset: int, skipped: bytes) -> int:
        """Smallest offset ≥ `offset` in what was read whose byte is none of `skipped`, else `high`."""
        at, data, first = offset, self._data, self._first
        while at < self.high and data[at - first] in skipped:
            at += 1
        return at

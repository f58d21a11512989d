"""Where one asset ends and the next begins, found in the bytes alone.

A cut is a guess that only decoding proves: a piece that is whole JSON was cut rightly (`viewer.export.index`).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from viewer.export.window import Window

SPACE = b" \t\r\n"
BETWEEN = b" \t\r\n,[]"
"""What may stand between two assets where several files or arrays were put one after the other."""
FIRST_KEYS_KEPT = 8


class Cut(NamedTuple):
    """A piece ends at `end` (exclusive); the next one starts at or after `next`."""

    end: int
    next: int


class Cutter(Protocol):
    """One layout's rule for cuts."""

    def after(self, start: int, searched: int, most: int) -> Cut | None:
        """First cut of the piece at `start` whose `next` is not before `searched`.

        None when ``most`` bytes after `start` were searched in vain. At the end of the file the cut is
        ``(end of file, end of file)``.
        """

    def learn(self, first_key: bytes) -> None:
        """Elements may also begin with this key (its quotes and, where it follows at once, its colon included)."""


class Lines:
    """NDJSON: one element per line."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def after(self, start: int, searched: int, most: int) -> Cut | None:
        """See `Cutter`."""
        window = self._window
        at = max(start, searched)
        while True:
            found = window.find(b"\n", at)
            if found >= 0:
                return Cut(found, found + 1)
            at = window.high
            if at - start > most:
                return None
            if not window.more():
                return Cut(window.high, window.high)

    def learn(self, first_key: bytes) -> None:
        """Lines do not depend on keys."""


class Elements:
    """Elements of an array, or objects one after the other: cut before ``{"first key":`` that follows ``},``.

    In valid JSON the text ``"asset":`` cannot stand inside of a string, where its quotes would be escaped;
    so a wrong cut can only come from a nested object, and then the piece is not whole.
    """

    def __init__(self, window: Window, *, first_keys: tuple[bytes, ...], commas: bool) -> None:
        self._window = window
        self._keys = list(first_keys)
        self._commas = commas
        self._between: bytes | None = None
        """All from ``}`` to the key, where a file has no white space there: found a third faster."""

    def learn(self, first_key: bytes) -> None:
        """See `Cutter`. Elements that begin in several ways are not looked for by the text between them."""
        self._between = None
        if first_key not in self._keys and len(self._keys) < FIRST_KEYS_KEPT:
            self._keys.append(first_key)

    def after(self, start: int, searched: int, most: int) -> Cut | None:
        """See `Cutter`."""
        window = self._window
        longest = max(len(self._between or b""), *map(len, self._keys))
        at = max(start + 1, searched)
        while True:
            cut = self._within(start, searched, at)
            if cut is not None:
                return cut
            # a key may be cut by the end of what was read
            at = max(at, window.high - longest + 1)
            if window.high - start > most:
                return None
            if not window.more():
                return Cut(window.high, window.high)

    def _within(self, start: int, searched: int, at: int) -> Cut | None:
        """The nearest cut in what was read, its key at or after `at`."""
        if self._between is not None:
            found = self._window.find(self._between, at)
            return Cut(found + 1, found + 2) if found >= 0 else None
        nearest: Cut | None = None
        for key in self._keys:
            found = self._window.find(key, at)
            while found >= 0 and (nearest is None or found < nearest.next):
                cut = self._proved(start, found)
                if cut is not None and cut.next >= searched:
                    nearest = cut
                    self._look_between(cut, key)
                    break
                found = self._window.find(key, found + 1)
        return nearest

    def _look_between(self, cut: Cut, key: bytes) -> None:
        between = b"},{" + key
        window, start = self._window, cut.end - 1
        if len(self._keys) == 1 and bytes(window.view(start, min(start + len(between), window.high))) == between:
            self._between = between

    def _proved(self, start: int, key: int) -> Cut | None:
        """The cut before the key at `key`, when ``{`` stands before it and ``},`` before that."""
        window = self._window
        brace = window.skip_back(key - 1, SPACE)
        if brace <= start or window.byte(brace) != 0x7B:
            return None
        if self._commas:
            comma = window.skip_back(brace - 1, SPACE)
            if comma <= start or window.byte(comma) != 0x2C:
                return None
            closed = window.skip_back(comma - 1, SPACE)
        else:
            closed = window.skip_back(brace - 1, BETWEEN)
        if closed > start and window.byte(closed) == 0x7D:
            return Cut(closed + 1, brace)
        return None

"""Long rings of an asset: parsed once, however many snapshots repeat them.

Drawings with thousands of points are most of a large export, and each stage repeats them. Comparing the bytes of
a ring with those that were met before takes a fraction of the time of parsing it again.
"""

from __future__ import annotations

import msgspec
from msgspec import Raw

from viewer.export.mend import BROKEN
from viewer.export.window import Window

STEP = 8192
LONG = 2 * STEP
"""Bytes of a ring that is looked for. It holds a whole step wherever it begins, so none of them is missed."""

_KEYS = (b'"polygon"', b'"polyline"', b'"region"')
_ELSEWHERE = (b"{", b"u", b"a", b" ", b"\n", b"\r", b"\t")
"""What a compact ring does not have: objects, ``null``, ``true``, ``false``, white space."""

_raw: msgspec.json.Decoder[Raw] = msgspec.json.Decoder(Raw)


class _Rings:
    """The long rings of one asset, each with the short one that stands for it."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._known: dict[tuple[int, bytes], list[tuple[bytes, bytes]]] = {}
        self._count = 0

    def short(self, start: int, end: int) -> bytes | None:
        """A ring of three points, the same for equal rings only; None when ``[start, end)`` is no ring of numbers."""
        window = self._window
        alike = self._known.setdefault((end - start, bytes(window.view(start, start + 64))), [])
        for other, short in alike:
            if window.holds(other, start, end):
                return short
        ring = bytes(window.view(start, end))
        if any(text in ring for text in _ELSEWHERE):
            return None
        try:
            _raw.decode(ring)
        except BROKEN:
            return None
        self._count += 1
        short = b"[[-0e%d,0],[9,0],[9,9]]" % self._count  # no program writes such a zero
        alike.append((ring, short))
        return short


def shortened(window: Window, start: int, end: int) -> bytes | None:
    """The asset at ``[start, end)`` with a short ring in the place of each long one; None when it has none.

    Its row is the same: that only asks whether rings are there and which are equal. None, too, where a long ring
    is written in an unusual way (white space in it), or is not sound: the asset itself has to be read then.
    """
    rings = _Rings(window)
    parts: list[bytes | memoryview] = []
    kept = start
    at = window.step_without(b'"', start, end, STEP)
    while at >= 0:
        key_end = window.rfind(b'"', kept, at) + 1
        following = window.find(b'"', at + STEP, end)
        following = end if following < 0 else following
        at = window.step_without(b'"', following, end, STEP)
        if key_end <= kept or not bytes(window.view(max(kept, key_end - 10), key_end)).endswith(_KEYS):
            continue
        ring_end = window.rfind(b"]]", key_end, following) + 2
        if key_end < ring_end <= key_end + LONG:
            continue
        # a ring that is written in another way may be the same as one that is not: then none is shortened
        compact = ring_end > key_end and window.holds(b":[[", key_end, ring_end)
        short = rings.short(key_end + 1, ring_end) if compact else None
        if short is None:
            return None
        parts += window.view(kept, key_end + 1), short
        kept = ring_end
    if not parts:
        return None
    parts.append(window.view(kept, end))
    return b"".join(parts)

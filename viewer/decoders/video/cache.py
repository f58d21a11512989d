"""Decoded frames as they come from the codec (YUV), bounded in bytes around the playhead."""

from __future__ import annotations

import os
from bisect import bisect_left, insort
from typing import Any

from viewer.limits import GB, MB

SHARE_OF_MEMORY = 4
BEHIND = 2
"""A frame behind the playhead counts as twice as far away: travel goes the other way."""


def default_budget() -> int:
    """Bytes of decoded frames: a quarter of the memory, at most 1 GB."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        memory = 2 * GB
    return max(64 * MB, min(memory // SHARE_OF_MEMORY, GB))


class FrameCache:
    """Frames by number. When it is full, the frame farthest from the playhead goes, against the travel first."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.used = 0
        self._frames: dict[int, tuple[Any, int]] = {}
        self._numbers: list[int] = []
        self._playhead = 0
        self._direction = 1

    def __contains__(self, number: int) -> bool:
        return number in self._frames

    def __len__(self) -> int:
        return len(self._frames)

    def get(self, number: int) -> Any | None:
        """The frame, or None."""
        found = self._frames.get(number)
        return None if found is None else found[0]

    def look(self, number: int, direction: int = 0) -> None:
        """Tell where the playhead is and where it travels to (+1, −1, 0: as before)."""
        self._playhead = number
        if direction:
            self._direction = direction

    def room(self) -> int:
        """How many frames of the usual size fit, at least 1."""
        return max(1, self.budget * max(1, len(self._frames)) // max(1, self.used)) if self._frames else 1

    def put(self, number: int, frame: Any) -> None:
        """Keep a frame if it is nearer than what would have to go for it."""
        if number in self._frames:
            return
        cost = sum(plane.buffer_size for plane in frame.planes)
        while self._frames and self.used + cost > self.budget:
            far = self._farthest()
            if self._distance(number) >= self._distance(far):
                return
            self._drop(far)
        self._frames[number] = (frame, cost)
        insort(self._numbers, number)
        self.used += cost

    def clear(self) -> None:
        """Forget everything."""
        self._frames.clear()
        self._numbers.clear()
        self.used = 0

    def _distance(self, number: int) -> int:
        away = (number - self._playhead) * self._direction
        return away if away >= 0 else -away * BEHIND

    def _farthest(self) -> int:
        low, high = self._numbers[0], self._numbers[-1]
        return low if self._distance(low) > self._distance(high) else high

    def _drop(self, number: int) -> None:
        self.used -= self._frames.pop(number)[1]
        del self._numbers[bisect_left(self._numbers, number)]

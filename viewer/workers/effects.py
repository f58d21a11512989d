"""Calls of foreign code that are made soon, without the pool's lock, on the threads that see to them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable


class Effects:
    """What is to be called, in its order. Thread-safe."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], object]] = deque()
        self._own = threading.local()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, effect: Callable[[], object]) -> None:
        """Let it wait; returns at once."""
        self._waiting.append(effect)

    def see_to_them(self) -> None:
        """The calling thread looks for effects by itself from now on."""
        self._own.sees_to_them = True

    @property
    def are_seen_to(self) -> bool:
        """Whether the calling thread looks for effects by itself: nobody else must be woken for them."""
        return getattr(self._own, "sees_to_them", False)

    def run(self) -> None:
        """Call all that wait. To be called without the lock."""
        while self._waiting:
            try:
                effect = self._waiting.popleft()
            except IndexError:  # another thread was quicker
                return
            effect()

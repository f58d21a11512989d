"""Of a pool what one document needs, with a clock that stands still and effects that run when told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from viewer.workers import Budgets


class StillOffice:
    """An office without processes."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.budgets = Budgets(memory=0)
        self.time = 100.0
        self.effects: list[Callable[[], object]] = []
        self.released: list[Any] = []
        self._number = 0

    def now(self) -> float:
        return self.time

    def later(self, effect: Callable[[], object]) -> None:
        self.effects.append(effect)

    def next_number(self) -> int:
        self._number += 1
        return self._number

    def release_worker(self, worker: Any) -> None:
        self.released.append(worker)

    def wake_by(self, time: float) -> None:
        pass

    def run(self) -> None:
        """Run the effects."""
        while self.effects:
            self.effects.pop(0)()

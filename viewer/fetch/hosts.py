"""How much is asked of each server: fewer files at a time when it is busy, nothing for a while when it is gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

_MORE_AFTER = 10  # files without a complaint


@dataclass(slots=True)
class _Load:
    running: int = 0
    at_most: int = 0
    well: int = 0
    failures: int = 0
    not_before: float = 0.0


class Hosts:
    """The servers. Not thread-safe: `Transfers` holds its lock."""

    def __init__(self, per_host: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_host = per_host
        self._clock = clock
        self._loads: dict[str, _Load] = {}

    def may_start(self, host: str, *, is_visible: bool = False) -> bool:
        """Whether one more file may be asked for now. Files of no host are on this computer.

        For one that somebody waits for there is always a place, and a server that rests is asked.
        """
        if not host:
            return True
        load = self._load(host)
        if is_visible:
            return load.running < load.at_most + 1
        return load.running < load.at_most and load.not_before <= self._clock()

    def starts(self, host: str) -> None:
        """A file is asked for."""
        self._load(host).running += 1

    def ends(self, host: str) -> None:
        """It ended, however."""
        self._load(host).running -= 1

    def is_busy(self, host: str) -> None:
        """The server asked for patience: half as many at a time."""
        load = self._load(host)
        load.at_most, load.well = max(1, load.at_most // 2), 0

    def answered(self, host: str) -> None:
        """It sent a file, or a refusal: it is there."""
        load = self._load(host)
        load.failures, load.not_before = 0, 0.0
        load.well += 1
        if load.well >= _MORE_AFTER:
            load.at_most, load.well = min(self.per_host, load.at_most + 1), 0

    def failed(self, host: str) -> int:
        """It did not answer, after all tries. Returns how often now, one after the other."""
        load = self._load(host)
        load.failures += 1
        return load.failures

    def rest(self, host: str, seconds: float) -> float:
        """Leave it alone for a while. Returns until when (`time.monotonic`)."""
        load = self._load(host)
        load.not_before = max(load.not_before, self._clock() + seconds)
        return load.not_before

    def rests_until(self, host: str) -> float:
        """When it is asked again; 0 when it does not rest."""
        return self._load(host).not_before if host else 0.0

    def wake(self) -> None:
        """Ask all of them again: the connection may be back."""
        for load in self._loads.values():
            load.not_before = 0.0

    def _load(self, host: str) -> _Load:
        if host not in self._loads:
            self._loads[host] = _Load(at_most=self.per_host)
        return self._loads[host]

"""What time it is at each server: learned from its answers, for this computer's clock may be wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from viewer.fetch.refusals import server_time

_UNNOTED = timedelta(seconds=90)  # a Date has whole seconds and was on its way; less than this is no skew


class Clock:
    """This computer's clock, set right for each server that has answered. Thread-safe.

    Each server speaks for itself alone: one that tells a wrong time changes nothing for the links of others.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._skews: dict[str, timedelta] = {}

    def now(self, host: str = "") -> datetime:
        """The time (UTC) by the clock of `host` where it is known, else by this computer's."""
        with self._lock:
            return self._now() + self._skews.get(host, timedelta(0))

    def skew(self, host: str) -> timedelta | None:
        """How far the clock of `host` is ahead of this one; None when it never told."""
        with self._lock:
            return self._skews.get(host)

    def learn(self, host: str, headers: Mapping[str, str]) -> None:
        """Take the ``Date`` of an answer of `host` (lower case), unless it comes out of somebody's cache."""
        there = server_time(headers) if "age" not in headers else None
        if there is None:
            return
        skew = there - self._now()
        with self._lock:
            self._skews[host] = skew if abs(skew) > _UNNOTED else timedelta(0)

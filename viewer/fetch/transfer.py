"""One file that is to be fetched, and what a panel shows of it and of all of them."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Literal

from viewer.errors import FetchError
from viewer.fetch import cache, policy
from viewer.fetch.locate import Address, kind_of

State = Literal["waiting", "running", "paused", "done", "failed", "cancelled"]

_WINDOW_S = 3.0  # over which speed is measured


class Priority(IntEnum):
    """What is fetched first."""

    VISIBLE = 0
    """The asset that somebody looks at."""
    NEIGHBOUR = 1
    COMPARED = 2
    """Assets with changes, when comparing."""
    REST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferReport:
    """A transfer at one moment."""

    key: str
    name: str
    state: State
    priority: Priority
    received: int
    total: int | None
    bytes_per_s: float
    sentence: str
    """Why it failed, or what it waits for; else ""."""
    code: str
    """Of the failure, as in `FetchError`."""
    retry_in_s: float | None
    """Until the next try, when it waits for one."""
    is_busy: bool = False
    """Whether its server asked for that wait."""
    is_asked: bool = True
    """Whether somebody asked for it, wherever one looks now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReport:
    """All transfers at one moment."""

    transfers: tuple[TransferReport, ...]
    """Failures first, then what runs, what waits in its order, and what is done; no more than were asked for."""
    counts: dict[State, int]
    received: int
    """Bytes of all files on the list…"""
    under_way: int
    """…and of those that are not whole yet."""
    bytes_per_s: float
    is_paused: bool
    sentence: str
    """Why nothing goes on, when it is for a reason that lies outside (no connection); else ""."""

    @property
    def unfinished(self) -> int:
        """How many are still to come."""
        return sum(self.counts.get(state, 0) for state in ("waiting", "running", "paused"))


class Speed:
    """Bytes a second over the last seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()

    def reached(self, received: int) -> None:
        """So many bytes are here now. The first call is where counting begins."""
        now = self._clock()
        if self._marks and received < self._marks[-1][1]:
            self._marks.clear()  # begun anew
        self._marks.append((now, received))
        while len(self._marks) > 2 and now - self._marks[1][0] > _WINDOW_S:
            self._marks.popleft()

    def bytes_per_s(self) -> float:
        """0 where nothing came lately."""
        if len(self._marks) < 2:
            return 0.0
        (began, first), (_, last) = self._marks[0], self._marks[-1]
        now = self._clock()
        if now - self._marks[-1][0] > _WINDOW_S:
            return 0.0
        return (last - first) / max(now - began, 1e-3)


class Transfer:
    """One file on its way. All members are read and written under the lock of `Transfers`."""

    def __init__(self, address: Address, priority: Priority, position: float) -> None:
        self.address = address
        self.key = key_of(address)
        self.host = host_of(address)
        self.priority = priority
        self.position = position
        self.is_asked = False
        """Whether somebody asked for it as part of all, so that it is fetched wherever one looks."""
        self.state: State = "waiting"
        self.is_counted = False
        """Whether it is counted among those that wait."""
        self.future: Future[Path] = Future()
        self.received = 0
        self.total: int | None = None
        self.speed = Speed()
        self.error: FetchError | None = None
        self.retry_at: float | None = None
        """`time.monotonic` of the next try."""
        self.is_busy = False
        """Whether the server asked to wait until then."""
        self.returns = 0
        """How often it was put back, for its server did not answer."""
        self.stop_as: State | None = None
        """What it becomes when its thread notices that it has to stop."""

    @property
    def place(self) -> tuple[int, float]:
        """Its place in the queue."""
        return self.priority, self.position

    def report(self, now: float) -> TransferReport:
        """What a panel shows."""
        waits = self.retry_at is not None and self.state in ("waiting", "running") and self.retry_at > now
        return TransferReport(
            key=self.key,
            name=self.address.name,
            state=self.stop_as or self.state,
            priority=self.priority,
            received=self.received,
            total=self.total,
            bytes_per_s=self.speed.bytes_per_s() if self.state == "running" else 0.0,
            sentence=str(self.error) if self.error is not None and (waits or self.state == "failed") else "",
            code=self.error.code if self.error is not None and self.state == "failed" else "",
            retry_in_s=self.retry_at - now if waits and self.retry_at is not None else None,
            is_busy=waits and self.is_busy,
            is_asked=self.is_asked,
        )


def key_of(address: Address) -> str:
    """What tells files apart: for a web address as in the cache, so that the same object is fetched once."""
    if kind_of(address.url) == "web":
        try:
            return cache.key_of(policy.check_url(address.url or ""))
        except FetchError:
            pass  # its fetch tells why
    named = f"{address.url}\0{address.asset_key}\0{address.part}\0{address.parts}"
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()


def host_of(address: Address) -> str:
    """The server that it comes from; "" for none."""
    if kind_of(address.url) != "web":
        return ""
    try:
        return policy.check_url(address.url or "").host
    except FetchError:
        return ""

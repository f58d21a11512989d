"""What waits to be sent for one document: the newest of each class wins, the same request is asked once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from viewer.decoders.base import Region, View

Priority = Literal["visible", "neighbour", "thumbnail"]
RequestClass = Literal["visible", "ask", "samples", "neighbour", "thumbnail", "prefetch"]
ORDER: tuple[RequestClass, ...] = ("visible", "ask", "samples", "neighbour", "thumbnail", "prefetch")
"""Who goes first. Only `ask` (small questions) keeps all of its requests; of the others the newest is kept."""

Key: TypeAlias = tuple[object, ...]


@dataclass(slots=True, eq=False)
class Request:
    """One thing to be done by a worker, and everyone who waits for it."""

    key: Key
    """What is asked: two requests of one key have one answer."""
    kind: Literal["render", "info", "windows", "samples", "prefetch"]
    rank: RequestClass
    page: int
    region: Region | None = None
    scale: float = 1.0
    view: View = field(default_factory=View)
    direction: int = 0
    futures: list[Future[Any]] = field(default_factory=list)
    number: int = 0
    """Given when it is sent; 0: it waits."""
    slot: int = -1
    needs: int = 0
    """Files that the worker asked for on its behalf."""
    needed: int = -1
    """The file that is being brought; -1: none."""
    is_cancelled: bool = False
    """The worker was told that its answer is not wanted."""

    @property
    def is_wanted(self) -> bool:
        """Whether someone still waits for it (nobody ever waits for a prefetch)."""
        return self.kind == "prefetch" or bool(self.futures)


class Waiting:
    """The requests of one document that no worker has yet."""

    def __init__(self) -> None:
        self._ranks: dict[RequestClass, deque[Request]] = {rank: deque() for rank in ORDER}

    def __bool__(self) -> bool:
        return any(self._ranks.values())

    def __iter__(self) -> Iterator[Request]:
        for rank in ORDER:
            yield from self._ranks[rank]

    def find(self, key: Key) -> Request | None:
        """The waiting request of this key."""
        return next((request for request in self if request.key == key), None)

    def find_rank(self, rank: RequestClass) -> Request | None:
        """The first that waits in a class."""
        line = self._ranks[rank]
        return line[0] if line else None

    def put(self, request: Request) -> Request | None:
        """Let it wait; returns the older one of its class that it pushes out."""
        line = self._ranks[request.rank]
        pushed = line.pop() if line and request.rank != "ask" else None
        line.append(request)
        return pushed

    def put_back(self, request: Request) -> Request | None:
        """It was sent to a worker that never began it: first in its line again.

        Returns it when a newer one of its class waits by now.
        """
        line = self._ranks[request.rank]
        if line and request.rank != "ask":
            return request
        line.appendleft(request)
        return None

    def take(self) -> Request | None:
        """The one to send now."""
        for rank in ORDER:
            if self._ranks[rank]:
                return self._ranks[rank].popleft()
        return None

    def remove(self, request: Request) -> None:
        """Nobody waits for it any more."""
        if request in self._ranks[request.rank]:
            self._ranks[request.rank].remove(request)

    def promote(self, request: Request, rank: RequestClass) -> Request | None:
        """Someone more urgent wants it too; returns the one of that class that it pushes out."""
        if ORDER.index(rank) >= ORDER.index(request.rank):
            return None
        self.remove(request)
        request.rank = rank
        return self.put(request)

    def clear(self) -> list[Request]:
        """Take all."""
        everything = list(self)
        for line in self._ranks.values():
            line.clear()
        return everything

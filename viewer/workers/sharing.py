"""Few workers for many documents: which one is given, how many are started, and whose document lends its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.workers.desk import Desk
    from viewer.workers.worker import Worker


def to_give(workers: Sequence[Worker]) -> Worker | None:
    """The free worker that was used most (its libraries are loaded), the oldest of those; None: none is free."""
    free = [worker for worker in workers if worker.state == "free"]
    return max(free, key=lambda worker: (worker.documents, -worker.number)) if free else None


def to_start(desks: Sequence[Desk], workers: Sequence[Worker], limit: int) -> int:
    """How many workers to start now: one for each document that waits for one, and a spare.

    `limit`: how many documents may have a worker at a time.
    """
    queued = sum(desk.stage == "queued" for desk in desks)
    coming = sum(worker.state in ("starting", "free") for worker in workers)
    room = limit + 1 - len(workers)
    return max(0, min(queued + 1 - coming, room))


def to_shelve(
    desks: Sequence[Desk], workers: Sequence[Worker], limit: int, *, beside: Desk | None = None
) -> Desk | None:
    """The idle document that was used least lately, when others wait for a worker beyond the limit.

    None when there are workers enough, or none is idle. `beside`: a document that was just given one.
    """
    queued = sum(desk.stage == "queued" and desk is not beside for desk in desks)
    taken = sum(worker.state == "taken" for worker in workers)
    coming = sum(worker.state in ("starting", "free", "closing") for worker in workers)
    startable = limit + 1 - len(workers)
    if taken <= limit and queued <= coming + startable:
        return None
    return min((desk for desk in desks if desk.is_idle), key=lambda desk: desk.last_used, default=None)

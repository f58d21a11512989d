"""A worker as the window sees it: its process, its pipe and its deadlines."""

from __future__ import annotations

from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import TYPE_CHECKING, Literal

from viewer import limits
from viewer.workers import launch

if TYPE_CHECKING:
    from viewer.workers.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Seconds for each thing, and bytes. The defaults are the program's; tests are less patient."""

    ready: float = limits.READY_S
    open: float = limits.OPEN_S
    image: float = limits.IMAGE_S
    tile: float = limits.TILE_S
    answer: float = 5.0
    """For a worker that was idle to show that it lives."""
    trust: float = 1.0
    """Idle for longer than this, a worker is asked whether it lives before it gets work."""
    close: float = 1.0
    """For closing a document; then the worker goes instead."""
    grace: float = 0.25
    """For what runs when something newer of its class is wanted."""
    memory: int = field(default_factory=launch.memory_limit)


@dataclass(eq=False)
class Worker:
    """One process."""

    number: int
    process: BaseProcess
    connection: Connection
    pid: int
    state: Literal["starting", "free", "taken", "closing", "dead"] = "starting"
    desk: Desk | None = None
    doc: int = 0
    """The number of the document that it opened last."""
    documents: int = 0
    deadline: float | None = None
    budget: float = 0.0
    ping_until: float | None = None
    idle_since: float = 0.0
    notes: tuple[int, int] = (0, 0)
    """A second, and how many notes came in it."""
    why: str = ""
    """Why we killed it; "" when we did not."""
    was_ready: bool = False
    listener: Thread | None = None
    lent: list[int] = field(default_factory=list)
    """Descriptors that it may not have received yet (macOS loses what the sender closes too early)."""

"""A worker as the window sees it: its process, its pipe and its deadlines."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import TYPE_CHECKING, Literal

from viewer import limits
from viewer.workers import launch, protocol

if TYPE_CHECKING:
    from viewer.workers.desk import Desk

DOCUMENTS_PER_WORKER = 100  # then it is replaced, whatever its libraries leaked
KEPT_MEMORY = 400 * limits.MB  # what a worker may hold after closing a document
HUNG_S = 5.0
NOTES_PER_SECOND = 100  # an honest worker keeps to less


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
    """One process. Everything but `messages` and `bury` runs under the pool's lock."""

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

    # ---- what it is told -----------------------------------------------------------------------------------

    def take_up(self, desk: Desk) -> None:
        """A document is given to it."""
        self.state = "taken"
        self.desk = desk
        self.doc = desk.number
        self.documents += 1

    def put_down(self, deadline: float, budget: float) -> None:
        """Have it close its document, within `budget` seconds, that is by `deadline`."""
        self.state, self.desk = "closing", None
        self.ping_until = None
        self.budget = budget
        self.deadline = deadline
        self.send(protocol.Close(self.doc))

    def rest(self, now: float) -> None:
        """It has nothing to do and may be given a document."""
        self.state = "free"
        self.deadline = None
        self.idle_since = now

    def deny(self, message: protocol.FromWorker) -> None:
        """Refuse what it still asks for a document that nobody has open."""
        if isinstance(message, protocol.Need):
            self.send(protocol.Part(message.req, message.part, False))
        elif isinstance(message, protocol.Want):
            self.send(protocol.Blocks(message.req, message.part, False, 0))
        elif isinstance(message, protocol.Room):
            self.send(protocol.Slot(message.req, -1, 0))

    def send(self, message: protocol.ToWorker, descriptor: int = -1) -> None:
        """Send, or kill the worker that does not take it. Closes the descriptor."""
        try:
            if self.state != "dead":
                self.connection.send_bytes(protocol.encode(message))
                if descriptor >= 0:
                    launch.send_descriptor(self.connection, descriptor, pid=self.pid)
        except BlockingIOError:  # it does not read
            self.kill(protocol.NONSENSE)
        except OSError:  # it was dead before: nobody is to blame, and its listener tells of it
            self.ping_until = float("inf")
            self.kill("")
        finally:
            if descriptor >= 0:
                if launch.KEEPS_SENT:
                    self.lent.append(descriptor)
                else:
                    os.close(descriptor)

    # ---- what it says --------------------------------------------------------------------------------------

    def messages(self) -> Iterator[protocol.FromWorker]:
        """What it says, as it comes, until its pipe ends. Raises BadMessage for what it cannot have meant."""
        while True:
            try:
                raw = self.connection.recv_bytes(limits.MESSAGE_BYTES)
            except (EOFError, ConnectionResetError):
                return
            except OSError as error:  # a message that is too long
                raise protocol.BadMessage(str(error)) from error
            yield protocol.from_worker(raw)

    def noted(self, now: float) -> None:
        """It passed on what a library says. Raises BadMessage when it does so without end."""
        second, count = self.notes
        self.notes = (int(now), count + 1 if int(now) == second else 1)
        if self.notes[1] > NOTES_PER_SECOND:
            raise protocol.BadMessage("too many notes")

    # ---- how it is watched, and its end --------------------------------------------------------------------

    @property
    def is_worn(self) -> bool:
        """Whether it had so many documents, or kept so much of them, that a fresh one takes its place."""
        return self.documents >= DOCUMENTS_PER_WORKER or launch.private_memory(self.pid) > KEPT_MEMORY

    @property
    def look_by(self) -> float:
        """When it must be looked at."""
        return min((t for t in (self.deadline, self.ping_until) if t is not None), default=float("inf"))

    def fault(self, now: float, memory: int) -> str:
        """Why it must be killed now; "" when it need not. `memory`: bytes that it may have at work (0: any)."""
        if self.state == "dead" or self.why:
            return ""
        if self.ping_until is not None and now >= self.ping_until:
            return "did not answer"
        if self.deadline is None:
            return ""
        if now >= self.deadline:
            return f"did not answer within {self.budget:g} s"
        if memory:
            allowed = memory if self.desk is None else memory + self.desk.bench.book.size
            if launch.private_memory(self.pid) > allowed:
                return f"needed more than {memory / limits.GB:.1f} GB of memory"
        return ""

    def kill(self, why: str) -> None:
        """End it; its death arrives later."""
        self.why = self.why or why
        self.deadline = None
        if self.ping_until is not None:  # kept: whoever waits for it is not to blame
            self.ping_until = float("inf")
        if self.state != "dead":
            with contextlib.suppress(OSError):
                self.process.kill()
            launch.hang_up(self.connection)

    def bury(self) -> int | None:
        """Take leave of the process, whose pipe has ended, and give back what was kept for it; its exit code."""
        self.process.join(0.5)
        if self.process.exitcode is None:
            self.process.kill()  # it hung up, yet it lives
            self.process.join(HUNG_S)
        code = self.process.exitcode
        self.connection.close()
        with contextlib.suppress(ValueError):
            self.process.close()
        for descriptor in self.lent:
            os.close(descriptor)
        return code

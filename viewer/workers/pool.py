"""The workers of the program: started, given to documents, watched, replaced, and gone at the end."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from viewer import limits
from viewer.decoders.base import Hints
from viewer.errors import WorkerError
from viewer.workers import launch, patience, protocol
from viewer.workers.client import DocumentClient
from viewer.workers.desk import Desk
from viewer.workers.futures import as_error
from viewer.workers.pixels import Bringing, Opened, Part
from viewer.workers.start import start_worker
from viewer.workers.waiting import Request
from viewer.workers.worker import Budgets, Worker

log = logging.getLogger(__name__)

TICK_S = 0.1
DOCUMENTS_PER_WORKER = 100  # then it is replaced, whatever its libraries leaked
KEPT_MEMORY = 400 * limits.MB  # what a worker may hold after closing a document
START_DEATHS = 3  # of workers that never were ready; then the pages say it
HUNG_S = 5.0
REST_S = 2.0  # how soon a document that was dropped without `close` is noticed
NOTES_PER_SECOND = 100  # an honest worker keeps to less


class Pool:
    """One worker per open document and one spare; documents beyond that share by turns.

    One long-lived thread starts, watches and buries the processes (on Linux a worker ends with the thread
    that started it); one thread per worker listens to it. Call `close` at the end.
    """

    def __init__(
        self,
        *,
        budgets: Budgets | None = None,
        documents: int | None = None,
        opener: str = launch.OPENER,
        on_notice: Callable[[str], None] | None = None,
    ) -> None:
        """`documents`: how many may have a worker at a time. `opener`: ``module:function`` for tests.

        `on_notice` gets a sentence when a worker died that nobody was waiting for; it is called on a thread
        of the pool.
        """
        self.budgets = budgets or Budgets()
        self.kinds = patience.KindPatience()
        self.lock = threading.RLock()
        self._documents = documents or max(2, min(4, (os.cpu_count() or 2) - 1))
        self._opener = opener
        self._on_notice = on_notice
        self._wakeup = threading.Condition(self.lock)
        self._wakes_at = 0.0
        self._workers: list[Worker] = []
        self._dead: deque[Worker] = deque()
        self._desks: list[Desk] = []
        self._abandoned: deque[Desk] = deque()
        self._effects: deque[Callable[[], object]] = deque()
        self._numbers = itertools.count(1)
        self._watcher: threading.Thread | None = None
        self._is_closing = False
        self._is_wanted = False
        self._start_deaths = 0
        self._start_at = 0.0
        self._start_problem: WorkerError | None = None
        self._own = threading.local()

    # ---- public --------------------------------------------------------------------------------------------

    def warm_up(self) -> None:
        """Start a spare worker now, so that the first document finds it ready."""
        with self.lock:
            self._run()

    def open(self, parts: Sequence[Part], hints: Hints | None = None) -> DocumentClient:
        """Open a document of one file, or of several (a `dataset`: a page each).

        Returns at once; nothing is raised here, `opened` and the futures of the pages tell.
        """
        if not parts:
            raise ValueError("a document has at least one part")
        with self.lock:
            desk = Desk(self, next(self._numbers), tuple(parts), hints or Hints())
            client = DocumentClient(self, desk)
            # Runs wherever the client dies, also inside this lock: it only notes it.
            ending = weakref.finalize(client, self._abandoned.append, desk)
            ending.atexit = False
            if self._is_closing:
                desk.close()
                self._drain()
                return client
            self._desks.append(desk)
            self._run()
            desk.advance()
        return client

    def open_paths(self, paths: Sequence[Path], hints: Hints | None = None) -> DocumentClient:
        """The same for files that are here."""
        return self.open([Part.local(path) for path in paths], hints)

    def pids(self) -> list[int]:
        """The worker processes that live, for diagnostics and tests."""
        with self.lock:
            return [worker.pid for worker in self._workers if worker.state != "dead"]

    def close(self) -> None:
        """Cancel everything and end every worker. Afterwards nothing is delivered any more.

        (Called in a callback of a future it only begins to: it would wait for itself.)
        """
        atexit.unregister(self.close)
        with self.lock:
            self._is_closing = True
            for desk in self._desks:
                desk.close()
            self._desks.clear()
            for worker in self._workers:
                self.kill(worker, "was not needed any more")
            self._wakeup.notify_all()
            watcher = self._watcher
            listeners = [worker.listener for worker in self._workers]
        for thread in (watcher, *listeners):
            if thread is not None and not getattr(self._own, "is_ours", False):
                thread.join(2 * HUNG_S)
        if watcher is None:
            self._drain()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- for clients (any thread) --------------------------------------------------------------------------

    def ask(self, desk: Desk, request: Request, future: Future[Any] | None, *, retry: bool) -> None:
        """Pass a request to a desk; a closed one cancels it."""
        with self.lock:
            if desk.is_closed:
                if future is not None:
                    future.cancel()
                    future.set_running_or_notify_cancel()
                return
            if retry:
                self._start_at = 0.0
            desk.ask(request, future, retry=retry)

    def ask_opened(self, desk: Desk, future: Future[Opened], *, retry: bool) -> None:
        """Settle a future with the outcome of opening; `retry`: try again first."""
        with self.lock:
            if retry and not desk.is_closed:
                self._start_at = 0.0
                desk.reopen()
                self._wake()
            desk.ask_opened(future)

    def close_desk(self, desk: Desk) -> None:
        """Close a document."""
        with self.lock:
            desk.close()
            if desk in self._desks:
                self._desks.remove(desk)
            self._wake()

    # ---- for desks (under the lock) ------------------------------------------------------------------------

    def now(self) -> float:
        """Steady seconds."""
        return time.monotonic()

    def next_number(self) -> int:
        """A number that no other request has."""
        return next(self._numbers)

    def later(self, effect: Callable[[], object]) -> None:
        """Run it soon, without the lock, on a thread of the pool."""
        self._effects.append(effect)
        if not getattr(self._own, "is_ours", False):  # our threads look for effects by themselves
            self._wake()

    def bring(self, desk: Desk, part: int) -> None:
        """Have the n-th file brought."""
        self.later(partial(self._provide, desk, part, desk.attempt))

    def take_worker(self, desk: Desk) -> Worker | None:
        """The free worker that was used last (its libraries are loaded), or None for now."""
        free = [worker for worker in self._workers if worker.state == "free"]
        if not free:
            self._wake()
            return None
        worker = max(free, key=lambda w: (w.documents, -w.number))
        worker.state = "taken"
        worker.desk = desk
        worker.doc = desk.number
        worker.documents += 1
        self._make_room(beside=desk)
        self._wake()
        return worker

    def release_worker(self, worker: Worker) -> None:
        """Have it close its document and be free, or go."""
        if worker.state != "taken":
            return
        worker.state, worker.desk = "closing", None
        worker.ping_until = None
        worker.budget = self.budgets.close
        worker.deadline = deadline = self.now() + self.budgets.close
        self.send(worker, protocol.Close(worker.doc))
        self.wake_by(deadline)

    def send(self, worker: Worker, message: protocol.ToWorker, descriptor: int = -1) -> None:
        """Send, or kill the worker that does not take it. Closes the descriptor."""
        try:
            if worker.state != "dead":
                worker.connection.send_bytes(protocol.encode(message))
                if descriptor >= 0:
                    launch.send_descriptor(worker.connection, descriptor, pid=worker.pid)
        except BlockingIOError:  # it does not read
            self.kill(worker, protocol.NONSENSE)
        except OSError:  # it was dead before: nobody is to blame, and its listener tells of it
            worker.ping_until = float("inf")
            self.kill(worker, "")
        finally:
            if descriptor >= 0:
                if launch.KEEPS_SENT:
                    worker.lent.append(descriptor)
                else:
                    os.close(descriptor)

    def kill(self, worker: Worker, why: str) -> None:
        """End a worker; its death arrives later."""
        worker.why = worker.why or why
        worker.deadline = None
        if worker.ping_until is not None:  # kept: whoever waits for it is not to blame
            worker.ping_until = float("inf")
        if worker.state != "dead":
            with contextlib.suppress(OSError):
                worker.process.kill()
            launch.hang_up(worker.connection)

    def became_idle(self) -> None:
        """A document has nothing to do: its worker may be wanted elsewhere."""
        if any(desk.stage == "queued" for desk in self._desks):
            self._make_room()

    def wake_by(self, time: float) -> None:
        """Look at deadlines not later than this."""
        if time < self._wakes_at:
            self._wake()

    # ---- the watching thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        """Start the watcher once, and have a spare."""
        self._is_wanted = True
        if self._watcher is None and not self._is_closing:
            atexit.register(self.close)
            self._watcher = threading.Thread(target=self._watch, name="workers", daemon=True)
            self._watcher.start()
        self._wake()

    def _wake(self) -> None:
        self._wakeup.notify_all()

    def _watch(self) -> None:
        self._own.is_ours = True
        while True:
            with self.lock:
                while self._abandoned:
                    self.close_desk(self._abandoned.popleft())
                self._look(self.now())
                if self._is_closing and not self._workers and not self._effects:
                    return
                dead = [self._dead.popleft() for _ in range(len(self._dead))]
                starts = self._starts(self.now())
                if not (dead or starts or self._effects):
                    pause = self._pause(self.now())
                    self._wakes_at = self.now() + pause
                    self._wakeup.wait(pause)
                    self._wakes_at = 0.0
                    continue
            self._drain()
            for worker in dead:
                self._bury(worker)
            for _ in range(starts):
                self._start()

    def _pause(self, now: float) -> float:
        """Seconds until something must be looked at, if nobody wakes us."""
        times = [now + (TICK_S if any(w.deadline is not None for w in self._workers) else REST_S)]
        for worker in self._workers:
            times += [t for t in (worker.deadline, worker.ping_until) if t is not None]
        for desk in self._desks:
            times.append(desk.grace)
            if desk.stage == "shut" and desk.waiting:
                times.append(desk.not_before)
        if self._start_at > now:
            times.append(self._start_at)
        return max(0.0, min(times) - now)

    def _look(self, now: float) -> None:
        """Whatever its time has come for."""
        for worker in self._workers:
            if worker.state == "dead" or worker.why:
                continue
            if worker.ping_until is not None and now >= worker.ping_until:
                self.kill(worker, "did not answer")
            elif worker.deadline is not None and now >= worker.deadline:
                self.kill(worker, f"did not answer within {worker.budget:g} s")
            elif worker.deadline is not None and self.budgets.memory:
                allowed = self.budgets.memory
                if worker.desk is not None:
                    allowed += worker.desk.book.size
                if launch.private_memory(worker.pid) > allowed:
                    size = self.budgets.memory / limits.GB
                    self.kill(worker, f"needed more than {size:.1f} GB of memory")
        for desk in list(self._desks):
            if now >= desk.grace:
                desk.give_up_running()
            if desk.stage in ("shut", "queued"):
                desk.advance()
            if desk.stage == "queued" and self._start_problem is not None and now < self._start_at:
                desk.refuse(self._start_problem)

    def _starts(self, now: float) -> int:
        """How many workers to start now: one for each desk that waits for one, and a spare."""
        if self._is_closing or not self._is_wanted or now < self._start_at:
            return 0
        queued = sum(desk.stage == "queued" for desk in self._desks)
        coming = sum(worker.state in ("starting", "free") for worker in self._workers)
        room = self._documents + 1 - len(self._workers)
        self._make_room()
        return max(0, min(queued + 1 - coming, room))

    def _make_room(self, *, beside: Desk | None = None) -> None:
        """Beyond the limit the document that was used least lately lends its worker to others."""
        queued = sum(desk.stage == "queued" and desk is not beside for desk in self._desks)
        taken = sum(worker.state == "taken" for worker in self._workers)
        coming = sum(worker.state in ("starting", "free", "closing") for worker in self._workers)
        startable = self._documents + 1 - len(self._workers)
        if taken <= self._documents and queued <= coming + startable:
            return
        idle = [desk for desk in self._desks if desk.is_idle]
        if idle:
            min(idle, key=lambda desk: desk.last_used).shelve()

    def _start(self) -> None:
        """Start one worker. On the watching thread, because a worker ends with the thread that started it."""
        orders = launch.Orders(parent=os.getpid(), memory=self.budgets.memory, opener=self._opener)
        try:
            process, connection = start_worker(orders)
        except Exception as error:
            log.error("A worker could not be started: %s", error)
            with self.lock:
                self._start_failed(f"could not be started ({error})")
            return
        with self.lock:
            worker = Worker(next(self._numbers), process, connection, process.pid or 0)
            worker.budget = self.budgets.ready
            worker.deadline = self.now() + self.budgets.ready
            worker.listener = threading.Thread(
                target=self._listen, args=(worker,), name=f"worker {worker.pid}", daemon=True
            )
            self._workers.append(worker)
            worker.listener.start()
            if self._is_closing:
                self.kill(worker, "was not needed any more")

    def _start_failed(self, why: str) -> None:
        """A worker that did not come to life: wait longer each time, and tell after a few."""
        self._start_deaths += 1
        delays = patience.DELAYS
        self._start_at = self.now() + delays[min(self._start_deaths - 1, len(delays) - 1)]
        if self._start_deaths >= START_DEATHS:
            self._start_at = self.now() + patience.KIND_SECONDS
            text = f"Pictures cannot be shown: the program that reads them {why}. The log says more."
            self._start_problem = WorkerError(text)

    def _bury(self, worker: Worker) -> None:
        """Take leave of a process whose pipe has ended."""
        worker.process.join(0.5)
        if worker.process.exitcode is None:
            worker.process.kill()  # it hung up, yet it lives
            worker.process.join(HUNG_S)
        code = worker.process.exitcode
        worker.connection.close()
        with contextlib.suppress(ValueError):
            worker.process.close()
        for descriptor in worker.lent:
            os.close(descriptor)
        notice = ""
        with self.lock:
            self._workers.remove(worker)
            why = worker.why or launch.ending(code)
            desk, worker.desk = worker.desk, None
            if not self._is_closing:
                if not worker.was_ready:
                    log.warning("A worker %s before it was ready", why)
                    self._start_failed(why)
                elif desk is not None:
                    log.warning("A worker %s", why)
                    notice = desk.lost(worker, why)
        if notice and self._on_notice is not None:
            self._on_notice(notice)

    def _drain(self) -> None:
        """Run the effects, without the lock."""
        while self._effects:
            try:
                effect = self._effects.popleft()
            except IndexError:  # another thread was quicker
                return
            effect()

    def _provide(self, desk: Desk, part: int, attempt: int) -> None:
        """Have a file brought. The provider's answer may come on any thread."""
        if desk.is_closed:
            return
        future: Bringing
        try:
            future = desk.parts[part].provide()
        except Exception as error:
            failed: Future[Path] = Future()
            failed.set_exception(error)
            future = failed
        with self.lock:
            if desk.is_closed or desk.attempt != attempt:
                self.later(future.cancel)  # no more than that: an executor that has it notes the rest
            else:
                desk.bringing[part] = future
        future.add_done_callback(partial(self._brought, desk, part, attempt))

    def _brought(self, desk: Desk, part: int, attempt: int, future: Bringing) -> None:
        descriptor, error, stream = -1, None, None
        try:
            found = future.result()
            stream = None if isinstance(found, Path) else found
            if not desk.is_closed:
                descriptor = launch.open_descriptor(found if isinstance(found, Path) else found.path)
        except BaseException as problem:
            error = as_error(problem)
        with self.lock:
            desk.brought(part, attempt, descriptor, error, stream)

    # ---- the listening threads -----------------------------------------------------------------------------

    def _listen(self, worker: Worker) -> None:
        """Read one worker until its pipe ends."""
        self._own.is_ours = True
        while True:
            try:
                raw = worker.connection.recv_bytes(limits.MESSAGE_BYTES)
            except (EOFError, ConnectionResetError):
                break
            except OSError as error:  # a message that is too long
                log.warning("A worker broke the protocol: %s", error)
                with self.lock:
                    self.kill(worker, protocol.NONSENSE)
                break
            try:
                message = protocol.from_worker(raw)
                with self.lock:
                    self._heard(worker, message)
            except protocol.BadMessage as error:
                log.warning("A worker broke the protocol: %s", error)
                with self.lock:
                    self.kill(worker, protocol.NONSENSE)
                break
            self._drain()
        with self.lock:
            worker.state = "dead"
            self._dead.append(worker)
            self._wake()

    def _heard(self, worker: Worker, message: protocol.FromWorker) -> None:
        """One message; raises BadMessage when it has no place here."""
        if worker.why:  # it is on its way out
            return
        if isinstance(message, protocol.Note):
            self._note(worker, message)
        elif isinstance(message, protocol.Pong):
            worker.ping_until = None
        elif worker.state == "starting":
            if not isinstance(message, protocol.Ready):
                raise protocol.BadMessage("not ready yet")
            worker.was_ready = True
            self._start_deaths, self._start_problem = 0, None
            self._set_free(worker)
        elif worker.state == "taken" and worker.desk is not None:
            worker.desk.heard(worker, message)
        elif worker.state == "closing":
            self._heard_closing(worker, message)
        else:
            raise protocol.BadMessage(f"{type(message).__name__} out of turn")

    def _note(self, worker: Worker, message: protocol.Note) -> None:
        second, count = worker.notes
        now = int(self.now())
        worker.notes = (now, count + 1 if now == second else 1)
        if worker.notes[1] > NOTES_PER_SECOND:
            raise protocol.BadMessage("too many notes")
        log.debug("A library says: %s", message.text)

    def _heard_closing(self, worker: Worker, message: protocol.FromWorker) -> None:
        """What it still does for a document that nobody has open."""
        if isinstance(message, protocol.Closed) and message.doc == worker.doc:
            if worker.documents >= DOCUMENTS_PER_WORKER or launch.private_memory(worker.pid) > KEPT_MEMORY:
                self.kill(worker, "was replaced")
            else:
                self._set_free(worker)
        elif isinstance(message, protocol.Need):
            self.send(worker, protocol.Part(message.req, message.part, False))
        elif isinstance(message, protocol.Want):
            self.send(worker, protocol.Blocks(message.req, message.part, False, 0))
        elif isinstance(message, protocol.Room):
            self.send(worker, protocol.Slot(message.req, -1, 0))

    def _set_free(self, worker: Worker) -> None:
        worker.state = "free"
        worker.deadline = None
        worker.idle_since = self.now()
        for desk in self._desks:
            if desk.stage == "queued":
                desk.advance()
                return

"""The workers of the program: started, given to documents, watched, replaced, and gone at the end."""

from __future__ import annotations

import atexit
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

from viewer.decoders.base import Hints
from viewer.errors import WorkerError
from viewer.workers import launch, patience, protocol, sharing
from viewer.workers.client import DocumentClient
from viewer.workers.desk import Desk
from viewer.workers.effects import Effects
from viewer.workers.office import never_ready
from viewer.workers.pixels import Opened, Part
from viewer.workers.providing import provide
from viewer.workers.start import start_worker
from viewer.workers.waiting import Request
from viewer.workers.worker import HUNG_S, Budgets, Worker

log = logging.getLogger(__name__)

TICK_S = 0.1
REST_S = 2.0  # how soon a document that was dropped without `close` is noticed


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
        self._effects = Effects()
        self._numbers = itertools.count(1)
        self._watcher: threading.Thread | None = None
        self._is_closing = False
        self._is_wanted = False
        self._starting = patience.StartPatience()
        self._start_problem = ""

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
                self._effects.run()
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
                worker.kill("was not needed any more")
            self._wakeup.notify_all()
            watcher = self._watcher
            listeners = [worker.listener for worker in self._workers]
        for thread in (watcher, *listeners):
            if thread is not None and not self._effects.are_seen_to:
                thread.join(2 * HUNG_S)
        if watcher is None:
            self._effects.run()

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
                self._starting.forgive()
            desk.ask(request, future, retry=retry)

    def ask_opened(self, desk: Desk, future: Future[Opened], *, retry: bool) -> None:
        """Settle a future with the outcome of opening; `retry`: try again first."""
        with self.lock:
            if retry and not desk.is_closed:
                self._starting.forgive()
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
        self._effects.add(effect)
        if not self._effects.are_seen_to:
            self._wake()

    def bring(self, desk: Desk, part: int) -> None:
        """Have the n-th file brought."""
        self.later(partial(provide, self, desk, part, desk.attempt))

    def take_worker(self, desk: Desk) -> Worker | None:
        """The free worker that was used last (its libraries are loaded), or None for now."""
        worker = sharing.to_give(self._workers)
        if worker is None:
            self._wake()
            return None
        worker.take_up(desk)
        self._make_room(beside=desk)
        self._wake()
        return worker

    def release_worker(self, worker: Worker) -> None:
        """Have it close its document and be free, or go."""
        if worker.state != "taken":
            return
        deadline = self.now() + self.budgets.close
        worker.put_down(deadline, self.budgets.close)
        self.wake_by(deadline)

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
        self._effects.see_to_them()
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
            self._effects.run()
            for worker in dead:
                self._bury(worker)
            for _ in range(starts):
                self._start()

    def _pause(self, now: float) -> float:
        """Seconds until something must be looked at, if nobody wakes us."""
        times = [now + (TICK_S if any(w.deadline is not None for w in self._workers) else REST_S)]
        times += [worker.look_by for worker in self._workers]
        times += [desk.look_by for desk in self._desks]
        if self._starting.not_before > now:
            times.append(self._starting.not_before)
        return max(0.0, min(times) - now)

    def _look(self, now: float) -> None:
        """Whatever its time has come for."""
        for worker in self._workers:
            if fault := worker.fault(now, self.budgets.memory):
                worker.kill(fault)
        for desk in list(self._desks):
            if now >= desk.bench.grace:
                desk.give_up_running()
            if desk.stage in ("shut", "queued"):
                desk.advance()
            if desk.stage == "queued" and self._start_problem and now < self._starting.not_before:
                desk.refuse(WorkerError(self._start_problem))

    def _starts(self, now: float) -> int:
        """How many workers to start now: one for each desk that waits for one, and a spare."""
        if self._is_closing or not self._is_wanted or now < self._starting.not_before:
            return 0
        count = sharing.to_start(self._desks, self._workers, self._documents)
        self._make_room()
        return count

    def _make_room(self, *, beside: Desk | None = None) -> None:
        """Beyond the limit the document that was used least lately lends its worker to others."""
        desk = sharing.to_shelve(self._desks, self._workers, self._documents, beside=beside)
        if desk is not None:
            desk.shelve()

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
                worker.kill("was not needed any more")

    def _start_failed(self, why: str) -> None:
        """A worker that did not come to life: wait longer each time, and tell after a few."""
        self._starting.died(self.now())
        if self._starting.is_over:
            self._start_problem = never_ready(why)

    def _bury(self, worker: Worker) -> None:
        """Take leave of a process whose pipe has ended."""
        code = worker.bury()
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

    # ---- the listening threads -----------------------------------------------------------------------------

    def _listen(self, worker: Worker) -> None:
        """Read one worker until its pipe ends."""
        self._effects.see_to_them()
        try:
            for message in worker.messages():
                with self.lock:
                    self._heard(worker, message)
                self._effects.run()
        except protocol.BadMessage as error:
            log.warning("A worker broke the protocol: %s", error)
            with self.lock:
                worker.kill(protocol.NONSENSE)
        with self.lock:
            worker.state = "dead"
            self._dead.append(worker)
            self._wake()

    def _heard(self, worker: Worker, message: protocol.FromWorker) -> None:
        """One message; raises BadMessage when it has no place here."""
        if worker.why:  # it is on its way out
            return
        if isinstance(message, protocol.Note):
            worker.noted(self.now())
            log.debug("A library says: %s", message.text)
        elif isinstance(message, protocol.Pong):
            worker.ping_until = None
        elif worker.state == "starting":
            if not isinstance(message, protocol.Ready):
                raise protocol.BadMessage("not ready yet")
            worker.was_ready = True
            self._starting.worked()
            self._start_problem = ""
            self._set_free(worker)
        elif worker.state == "taken" and worker.desk is not None:
            worker.desk.heard(worker, message)
        elif worker.state == "closing":
            self._heard_closing(worker, message)
        else:
            raise protocol.BadMessage(f"{type(message).__name__} out of turn")

    def _heard_closing(self, worker: Worker, message: protocol.FromWorker) -> None:
        """What it still does for a document that nobody has open."""
        if isinstance(message, protocol.Closed) and message.doc == worker.doc:
            if worker.is_worn:
                worker.kill("was replaced")
            else:
                self._set_free(worker)
        else:
            worker.deny(message)

    def _set_free(self, worker: Worker) -> None:
        worker.rest(self.now())
        for desk in self._desks:
            if desk.stage == "queued":
                desk.advance()
                return

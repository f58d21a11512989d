"""One open document as the window sees it: what waits, what runs, and what becomes of it when its worker dies.

Everything here runs under the pool's lock; whatever calls foreign code (futures, providers) is left to
`Office.later`, which runs it without the lock on a thread of the pool.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from viewer.decoders.base import Hints
from viewer.errors import WorkerError
from viewer.workers import patience, protocol
from viewer.workers.answers import answer
from viewer.workers.bench import Bench
from viewer.workers.endings import Outcome, cancel_all, settle_all
from viewer.workers.futures import cancel, fresh, settle
from viewer.workers.office import WORDS, Office, failure, reader
from viewer.workers.pixels import Bringing, Opened, Part, Streamed
from viewer.workers.reputation import Reputation
from viewer.workers.waiting import ORDER, Request, Waiting
from viewer.workers.worker import Worker

URGENT = ("visible", "ask", "samples")

Stage = Literal["shut", "fetching", "queued", "opening", "open"]


@dataclass(eq=False)
class Desk:
    """One document."""

    office: Office
    number: int
    parts: Sequence[Part]
    hints: Hints

    def __post_init__(self) -> None:
        self.stage: Stage = "shut"
        self.is_closed = False
        self.waiting = Waiting()
        self.bench = Bench(self.office, len(self.parts))
        self.reputation = Reputation(self.office.kinds, self.hints.engine)
        self.last_used = 0.0
        self.not_before = 0.0
        self.bringing: dict[int, Bringing] = {}
        self.attempt = 0
        self._outcome = Outcome(self.office)
        self._wants_open = True
        self._opening = 0
        self._descriptor = -1

    # ---- what the client asks ------------------------------------------------------------------------------

    def ask(self, request: Request, future: Future[Any] | None, *, retry: bool) -> None:
        """Let a request wait, join one of the same key, or push an older one out; then go on."""
        self.last_used = self.office.now()
        if retry:
            self.reputation.forgive(request.page)
            self.not_before = 0.0
        same = self._same(request)
        if future is not None:
            (same or request).futures.append(future)
            future.add_done_callback(partial(self._future_done, same or request))
        if same is not None:
            if same is self.bench.running:
                if ORDER.index(request.rank) < ORDER.index(same.rank):
                    same.rank = request.rank
                self.bench.grace = float("inf")
                self._drop_waiting(request.rank)
            else:
                cancel_all(self.office, self.waiting.promote(same, request.rank))
        else:
            cancel_all(self.office, self.waiting.put(request))
            self._give_way(request)
        self.advance()

    def ask_opened(self, future: Future[Opened]) -> None:
        """Settle it with the outcome of the latest attempt to open, now or when there is one."""
        if self.is_closed:
            cancel(future)
        else:
            self._outcome.tell(future)

    def _same(self, request: Request) -> Request | None:
        running = self.bench.running
        if running is not None and running.key == request.key and not running.is_cancelled:
            return running
        return self.waiting.find(request.key)

    def _drop_waiting(self, rank: str) -> None:
        """The newest wish of this class is being done already: older ones that wait are stale."""
        for request in list(self.waiting):
            if request.rank == rank and rank != "ask":
                self.waiting.remove(request)
                cancel_all(self.office, request)

    def _give_way(self, request: Request) -> None:
        """What runs makes room for something more urgent at once, for something newer after a moment.

        A moment, because a picture that is nearly there is worth showing while someone drags a slider.
        """
        running = self.bench.running
        if running is None or running.is_cancelled:
            return
        if running.rank not in URGENT and ORDER.index(request.rank) < ORDER.index(running.rank):
            self.bench.stop()
        elif running.rank == request.rank and request.rank != "ask":
            self.bench.grace = min(self.bench.grace, self.office.now() + self.office.budgets.grace)
            self.office.wake_by(self.bench.grace)

    def _future_done(self, request: Request, future: Future[Any]) -> None:
        if not future.cancelled():
            return
        with self.office.lock:
            if future not in request.futures:
                return
            request.futures.remove(future)
            self.office.later(future.set_running_or_notify_cancel)
            if not request.is_wanted:
                if request is self.bench.running:
                    self.bench.stop()
                else:
                    self.waiting.remove(request)

    def give_up_running(self) -> None:
        """Something newer of its class waited long enough: nobody gets the answer."""
        cancel_all(self.office, self.bench.running)
        self.bench.stop()

    def refuse(self, error: Exception) -> None:
        """No worker is to be had: whoever waits gets this."""
        if self.stage == "queued":
            self.stage = "shut"
            self._wants_open = False
            self._close_descriptor()
            self._fail_all(error)

    def reopen(self) -> None:
        """The user asks to try once more."""
        self.reputation.forgive_all()
        self.not_before = 0.0
        self._wants_open = self.stage == "shut"
        self._outcome.forget_failure()
        self.advance()

    def close(self) -> None:
        """Deliver nothing more, give back everything."""
        if self.is_closed:
            return
        self.is_closed = True
        self.reputation.fault = None
        self._let_go()
        self._fail_all(None)
        for future in self.bringing.values():
            self.office.later(future.cancel)
        self.bringing.clear()
        self._outcome.cancel()
        self.bench.blocks.take(None)
        self.bench.book.retire()

    def shelve(self) -> None:
        """Give the worker to another document; the next request opens this one again."""
        self._let_go()
        self.stage = "shut"
        self._wants_open = False
        self.bench.book.retire()

    def _let_go(self) -> None:
        self.attempt += 1
        cancel_all(self.office, self.bench.leave())
        self._close_descriptor()

    def _close_descriptor(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    # ---- the way to a worker -------------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        """Open, with nothing to do: its worker may be given to another."""
        return self.stage == "open" and self.bench.running is None and not self.waiting

    @property
    def look_by(self) -> float:
        """When it must be looked at."""
        return min(self.bench.grace, self.not_before) if self.stage == "shut" and self.waiting else self.bench.grace

    def advance(self) -> None:
        """Do the next thing that can be done now."""
        if self.is_closed:
            return
        if self.stage == "shut":
            self._begin()
        if self.stage == "queued":
            self._open()
        if self.stage == "open" and self.bench.running is None:
            self._send_next()

    def _begin(self) -> None:
        if not (self._wants_open or self.waiting):
            return
        refusal = self.reputation.refusal_to_open()
        if refusal is not None:
            self._fail_all(refusal)
            return
        if self.office.now() < self.not_before:
            self.office.wake_by(self.not_before)
            return
        self._outcome.forget_failure()
        self.attempt += 1
        if len(self.parts) == 1:
            self.stage = "fetching"
            self.office.bring(self, 0)
        else:
            self.stage = "queued"

    def brought(
        self, part: int, attempt: int, descriptor: int, error: Exception | None, stream: Streamed | None = None
    ) -> None:
        """The n-th file is here (a descriptor that is ours now; `stream`: it has holes) or not (its reason)."""
        self.bringing.pop(part, None)
        if not self.is_closed and attempt == self.attempt:
            if self.stage == "fetching" and part == 0:
                if error is None:
                    self._descriptor = descriptor
                    self.bench.blocks.take(stream)
                    self.stage = "queued"
                    self.advance()
                else:
                    self._open_failed(error)
                return
            if self.bench.bring(part, descriptor, error):
                return
        if descriptor >= 0:
            os.close(descriptor)
        if stream is not None:
            self.office.later(stream.close)

    def _open(self) -> None:
        worker = self.office.take_worker(self)
        if worker is None:
            return
        self.stage = "opening"
        self._opening = self.office.next_number()
        hints = replace(self.hints, engine=self.reputation.engine)
        if len(self.parts) == 1 and not hints.name:
            hints = replace(hints, name=self.parts[0].name)
        names = tuple(part.name for part in self.parts)
        descriptor, self._descriptor = self._descriptor, -1
        self.bench.set_up(worker)
        stream = self.bench.blocks.stream
        length = stream.length if stream is not None else 0
        worker.send(protocol.Open(self._opening, self.number, names, hints, length), descriptor)

    def _send_next(self) -> None:
        worker = self.bench.worker
        assert worker is not None
        while (request := self.waiting.take()) is not None:
            refusal = self.reputation.refusal(request.page)
            if refusal is not None:
                settle_all(self.office, request, refusal)
                continue
            self.bench.begin(worker, request, self.reputation.kind)
            return
        worker.idle_since = self.office.now()
        worker.deadline = None
        self.office.became_idle()

    # ---- what the worker says ------------------------------------------------------------------------------

    def heard(self, worker: Worker, message: protocol.FromWorker) -> None:
        """One message of our worker. Raises BadMessage when it does not fit what was asked."""
        if isinstance(message, protocol.Sniffed):
            self.reputation.learn_kind(message.kind if message.kind in WORDS else self.reputation.kind)
            return
        if self.stage == "opening":
            self._heard_opening(worker, message)
            return
        running = self.bench.running
        if running is None or getattr(message, "req", -1) != running.number:
            raise protocol.BadMessage(f"{type(message).__name__} to nothing")
        if isinstance(message, protocol.Need):
            if self.bench.need(worker, running, message):
                self.office.bring(self, message.part)
        elif isinstance(message, protocol.Want):
            self.bench.want(worker, running, message)
        elif isinstance(message, protocol.Room):
            self.bench.room(worker, running, message)
        elif isinstance(message, protocol.Fail):
            self._failed(running, message)
        else:
            self._answered(running, message)

    def _heard_opening(self, worker: Worker, message: protocol.FromWorker) -> None:
        if getattr(message, "req", -1) != self._opening:
            raise protocol.BadMessage(f"{type(message).__name__} while opening")
        if isinstance(message, protocol.Want):
            self.bench.blocks.want(worker, message)
        elif isinstance(message, protocol.Opened):
            self.stage = "open"
            self._wants_open = False
            self.reputation.learn_kind(message.kind)
            self.bench.rest(worker)
            self._outcome.opened(Opened(kind=message.kind, page_count=message.page_count, facts=message.facts))
            self.reputation.worked()
            if message.facts.get("wants_rest"):
                self.bench.blocks.fetch_rest()
            self.advance()
        elif isinstance(message, protocol.Fail) and (reason := self.bench.reason_of_opening(message)) is not None:
            self.bench.worker = None
            self.office.release_worker(worker)
            self._open_failed(reason)
        else:
            raise protocol.BadMessage(f"{type(message).__name__} while opening")

    def _open_failed(self, error: Exception) -> None:
        """The file itself is at fault: the same answer for all until the user asks again."""
        self.stage = "shut"
        self._wants_open = False
        self.reputation.fault = fresh(error)
        self._fail_all(error)

    def _failed(self, running: Request, message: protocol.Fail) -> None:
        self.bench.finish()
        self.last_used = self.office.now()
        self.bench.book.take_back(running.slot)
        if running.is_cancelled and running.futures:  # it only made room: it waits again
            cancel_all(self.office, self.waiting.put_back(running))
        else:
            settle_all(self.office, running, self.bench.reason(running, message))
        self.reputation.worked()
        self.advance()

    def _answered(self, running: Request, message: protocol.FromWorker) -> None:
        result = answer(running, message, self.bench.book)
        self.bench.finish()
        self.last_used = self.office.now()
        goes_on = isinstance(message, protocol.Finished) and message.more and not running.is_cancelled
        if goes_on and self.waiting.find_rank("prefetch") is None:
            self.waiting.put(running)
        futures, running.futures = running.futures, []
        for future in futures:
            self.office.later(partial(settle, future, result()))
        self.reputation.worked()
        self.advance()

    # ---- when the worker dies ------------------------------------------------------------------------------

    def lost(self, worker: Worker, why: str) -> str:
        """Our worker is gone. Returns what to tell the user beside the page, "" when the page says it."""
        now = self.office.now()
        opening = self.stage == "opening"
        running = self.bench.lose()
        self.stage = "shut"
        self.attempt += 1
        for future in self.bringing.values():
            self.office.later(future.cancel)
        self.bringing.clear()
        self.bench.blocks.forget()
        notice = ""
        if worker.ping_until is not None:  # it was dead before it was asked: ask another
            if running is not None:
                cancel_all(self.office, self.waiting.put_back(running))
                running = None
            self._wants_open = self._wants_open or opening
            opening = False
        if opening or running is not None:
            page = patience.OPENING if opening or running is None else running.page
            error = WorkerError(failure(self.reputation.kind, why, opening=opening))
            self.reputation.died(page, now)
            if opening:
                self._wants_open = False
                self._fail_all(error)
            elif running is not None:
                settle_all(self.office, running, error)
        else:
            notice = f"The {reader(self.reputation.kind)} {why} and is started again when it is needed."
        self.not_before = now + self.reputation.delay()
        self.advance()
        return notice

    # ---- endings -------------------------------------------------------------------------------------------

    def _fail_all(self, error: Exception | None) -> None:
        if error is not None:
            self._outcome.failed(error)
        for request in self.waiting.clear():
            settle_all(self.office, request, error)

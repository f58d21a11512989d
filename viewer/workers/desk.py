"""One open document as the window sees it: what waits, what runs, and what becomes of it when its worker dies.

Everything here runs under the pool's lock; whatever calls foreign code (futures, providers) is left to
`Office.later`, which runs it without the lock on a thread of the pool.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from viewer.decoders.base import Hints
from viewer.errors import DecodeError, WorkerError
from viewer.workers import patience, protocol
from viewer.workers.answers import answer
from viewer.workers.futures import cancel, clean, fresh, settle
from viewer.workers.office import WORDS, Office, failure, reader, stopped
from viewer.workers.pixels import Bringing, Opened, Part, Streamed
from viewer.workers.ring import SlotBook
from viewer.workers.streaming import BlockDesk
from viewer.workers.waiting import ORDER, Request, Waiting
from viewer.workers.worker import Worker

log = logging.getLogger(__name__)

NEEDS = 4  # files that one request may ask for; an honest one asks for one
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
        self._outcome: Opened | Exception | None = None
        self._openers: list[Future[Opened]] = []
        self.is_closed = False
        self.worker: Worker | None = None
        self.running: Request | None = None
        self.waiting = Waiting()
        self.book = SlotBook()
        self.kind = ""
        self.engine = self.hints.engine
        self.last_used = 0.0
        self.not_before = 0.0
        self.grace = float("inf")
        self.bringing: dict[int, Bringing] = {}
        self.blocks = BlockDesk(self.office)
        self.attempt = 0
        self._wants_open = True
        self._is_asked = False
        self._failure: Exception | None = None
        self._patience = patience.DocumentPatience()
        self._opening = 0
        self._descriptor = -1
        self._part_errors: dict[int, Exception] = {}

    # ---- what the client asks ------------------------------------------------------------------------------

    def ask(self, request: Request, future: Future[Any] | None, *, retry: bool) -> None:
        """Let a request wait, join one of the same key, or push an older one out; then go on."""
        self.last_used = self.office.now()
        if retry:
            self._forgive(request.page)
        same = self._same(request)
        if future is not None:
            (same or request).futures.append(future)
            future.add_done_callback(partial(self._future_done, same or request))
        if same is not None:
            if same is self.running:
                if ORDER.index(request.rank) < ORDER.index(same.rank):
                    same.rank = request.rank
                self.grace = float("inf")
                self._drop_waiting(request.rank)
            else:
                self._cancel(self.waiting.promote(same, request.rank))
        else:
            self._cancel(self.waiting.put(request))
            self._give_way(request)
        self.advance()

    def ask_opened(self, future: Future[Opened]) -> None:
        """Settle it with the outcome of the latest attempt to open, now or when there is one."""
        if self.is_closed:
            cancel(future)
        elif isinstance(self._outcome, Exception):
            settle(future, None, fresh(self._outcome))
        elif self._outcome is not None:
            settle(future, self._outcome)
        else:
            self._openers.append(future)

    def _same(self, request: Request) -> Request | None:
        running = self.running
        if running is not None and running.key == request.key and not running.is_cancelled:
            return running
        return self.waiting.find(request.key)

    def _drop_waiting(self, rank: str) -> None:
        """The newest wish of this class is being done already: older ones that wait are stale."""
        for request in list(self.waiting):
            if request.rank == rank and rank != "ask":
                self.waiting.remove(request)
                self._cancel(request)

    def _give_way(self, request: Request) -> None:
        """What runs makes room for something more urgent at once, for something newer after a moment.

        A moment, because a picture that is nearly there is worth showing while someone drags a slider.
        """
        running = self.running
        if running is None or running.is_cancelled:
            return
        if running.rank not in URGENT and ORDER.index(request.rank) < ORDER.index(running.rank):
            self._stop_running()
        elif running.rank == request.rank and request.rank != "ask":
            self.grace = min(self.grace, self.office.now() + self.office.budgets.grace)
            self.office.wake_by(self.grace)

    def _future_done(self, request: Request, future: Future[Any]) -> None:
        if not future.cancelled():
            return
        with self.office.lock:
            if future not in request.futures:
                return
            request.futures.remove(future)
            self.office.later(future.set_running_or_notify_cancel)
            if not request.is_wanted:
                if request is self.running:
                    self._stop_running()
                else:
                    self.waiting.remove(request)

    def give_up_running(self) -> None:
        """Something newer of its class waited long enough: nobody gets the answer."""
        running = self.running
        if running is not None:
            self._settle_all(running, None)
            self._stop_running()

    def refuse(self, error: Exception) -> None:
        """No worker is to be had: whoever waits gets this."""
        if self.stage == "queued":
            self.stage = "shut"
            self._wants_open = False
            self._close_descriptor()
            self._fail_all(error)

    def _stop_running(self) -> None:
        """Tell the worker that what it does is not wanted."""
        running, worker = self.running, self.worker
        self.grace = float("inf")
        if running is None or worker is None or running.is_cancelled:
            return
        running.is_cancelled = True
        worker.send(protocol.Cancel(running.number))
        if running.needed >= 0:
            self._refuse_part(running, worker)
        self.blocks.refuse()

    def _forgive(self, page: int) -> None:
        self._patience.forgive(page)
        self.office.kinds.forgive(self.kind)
        self.not_before = 0.0
        self._failure = None

    def _learn_kind(self, kind: str) -> None:
        """What the file is; a user who asked for it asked for its kind, too, before anybody knew that."""
        if self._is_asked and kind != self.kind:
            self.office.kinds.forgive(kind)
        self.kind = kind

    def reopen(self) -> None:
        """The user asks to try once more."""
        self._is_asked = True
        self._forgive(patience.OPENING)
        self._wants_open = self.stage == "shut"
        if isinstance(self._outcome, Exception):
            self._outcome = None
        self.advance()

    def close(self) -> None:
        """Deliver nothing more, give back everything."""
        if self.is_closed:
            return
        self.is_closed = True
        self._failure = None
        self._let_go()
        self._fail_all(None)
        for future in self.bringing.values():
            self.office.later(future.cancel)
        self.bringing.clear()
        openers, self._openers = self._openers, []
        for opener in openers:
            self._cancel_future(opener)
        self.blocks.take(None)
        self.book.retire()

    def shelve(self) -> None:
        """Give the worker to another document; the next request opens this one again."""
        self._let_go()
        self.stage = "shut"
        self._wants_open = False
        self.book.retire()

    def _let_go(self) -> None:
        worker, self.worker = self.worker, None
        running, self.running = self.running, None
        self.attempt += 1
        if worker is not None:
            if running is not None and not running.is_cancelled:
                worker.send(protocol.Cancel(running.number))
            if running is not None and running.needed >= 0:
                worker.send(protocol.Part(running.number, running.needed, False))
            self.blocks.refuse()
            self.office.release_worker(worker)
        if running is not None:
            self._settle_all(running, None)
        self._close_descriptor()

    def _close_descriptor(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    # ---- the way to a worker -------------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        """Open, with nothing to do: its worker may be given to another."""
        return self.stage == "open" and self.running is None and not self.waiting

    @property
    def look_by(self) -> float:
        """When it must be looked at."""
        return min(self.grace, self.not_before) if self.stage == "shut" and self.waiting else self.grace

    def advance(self) -> None:
        """Do the next thing that can be done now."""
        if self.is_closed:
            return
        if self.stage == "shut":
            self._begin()
        if self.stage == "queued":
            self._open()
        if self.stage == "open" and self.running is None:
            self._send_next()

    def _begin(self) -> None:
        if not (self._wants_open or self.waiting):
            return
        refusal = fresh(self._failure) if self._failure else self._refusal(patience.OPENING)
        if refusal is not None:
            self._fail_all(refusal)
            return
        if self.office.now() < self.not_before:
            self.office.wake_by(self.not_before)
            return
        if isinstance(self._outcome, Exception):
            self._outcome = None
        self.attempt += 1
        if len(self.parts) == 1:
            self.stage = "fetching"
            self.office.bring(self, 0)
        else:
            self.stage = "queued"

    def _refusal(self, page: int) -> Exception | None:
        """Why a page is not asked for any more until the user does; None when it may."""
        if self.office.kinds.is_stopped(self.kind):
            return WorkerError(stopped(self.kind))
        if self._patience.is_poisoned(page, self.engine):
            why = "stopped twice on it and does not try again by itself"
            return WorkerError(failure(self.kind, why, opening=page == patience.OPENING))
        return None

    def brought(
        self, part: int, attempt: int, descriptor: int, error: Exception | None, stream: Streamed | None = None
    ) -> None:
        """The n-th file is here (a descriptor that is ours now; `stream`: it has holes) or not (its reason)."""
        self.bringing.pop(part, None)
        running, worker = self.running, self.worker
        if not self.is_closed and attempt == self.attempt:
            if self.stage == "fetching" and part == 0:
                if error is None:
                    self._descriptor = descriptor
                    self.blocks.take(stream)
                    self.stage = "queued"
                    self.advance()
                else:
                    self._open_failed(error)
                return
            if running is not None and worker is not None and running.needed == part:
                running.needed = -1
                if error is None:
                    self._arm(worker, self.office.budgets.open)
                    worker.send(protocol.Part(running.number, part, True), descriptor)
                else:
                    self._part_errors[part] = error
                    self._arm(worker, self.office.budgets.tile)
                    worker.send(protocol.Part(running.number, part, False))
                return
        if descriptor >= 0:
            os.close(descriptor)
        if stream is not None:
            self.office.later(stream.close)

    def _open(self) -> None:
        worker = self.office.take_worker(self)
        if worker is None:
            return
        self.worker = worker
        self.stage = "opening"
        self._opening = self.office.next_number()
        self._part_errors.clear()
        hints = replace(self.hints, engine=self.engine)
        if len(self.parts) == 1 and not hints.name:
            hints = replace(hints, name=self.parts[0].name)
        names = tuple(part.name for part in self.parts)
        descriptor, self._descriptor = self._descriptor, -1
        self._check_alive(worker)
        self._arm(worker, self.office.budgets.open)
        length = self.blocks.stream.length if self.blocks.stream is not None else 0
        worker.send(protocol.Open(self._opening, self.number, names, hints, length), descriptor)

    def _send_next(self) -> None:
        worker = self.worker
        assert worker is not None
        while (request := self.waiting.take()) is not None:
            refusal = self._refusal(request.page)
            if refusal is not None:
                self._settle_all(request, refusal)
                continue
            self._send(worker, request)
            return
        worker.idle_since = self.office.now()
        worker.deadline = None
        self.office.became_idle()

    def _send(self, worker: Worker, request: Request) -> None:
        self._check_alive(worker)
        request.number = req = self.office.next_number()
        request.needs, request.needed, request.is_cancelled = 0, -1, False
        self.running = request
        self.grace = float("inf")
        message: protocol.ToWorker
        if request.kind == "render":
            request.slot = self.book.lend()
            message = protocol.Render(req, request.page, request.region, request.scale, request.view, request.slot)
        elif request.kind == "samples":
            request.slot = self.book.lend()
            message = protocol.Samples(req, request.page, request.region, request.slot)
        elif request.kind == "prefetch":
            message = protocol.Prefetch(req, request.page, request.direction)
        else:
            message = protocol.Ask(req, request.kind, request.page)
        whole = request.kind == "render" and request.region is None and self.kind in ("image", "dataset")
        budgets = self.office.budgets
        self._arm(worker, budgets.image if whole else budgets.tile)
        worker.send(message)

    def _check_alive(self, worker: Worker) -> None:
        """A worker that was idle may have stopped unseen: then the request that finds it so is not to blame."""
        now = self.office.now()
        if now - worker.idle_since > self.office.budgets.trust:
            worker.ping_until = now + self.office.budgets.answer
            worker.send(protocol.Ping(self.office.next_number()))
            self.office.wake_by(worker.ping_until)

    def _arm(self, worker: Worker, seconds: float) -> None:
        worker.budget = seconds
        worker.deadline = self.office.now() + seconds
        self.office.wake_by(worker.deadline)

    # ---- what the worker says ------------------------------------------------------------------------------

    def heard(self, worker: Worker, message: protocol.FromWorker) -> None:
        """One message of our worker. Raises BadMessage when it does not fit what was asked."""
        if isinstance(message, protocol.Sniffed):
            self._learn_kind(message.kind if message.kind in WORDS else self.kind)
            return
        if self.stage == "opening":
            self._heard_opening(worker, message)
            return
        running = self.running
        if running is None or getattr(message, "req", -1) != running.number:
            raise protocol.BadMessage(f"{type(message).__name__} to nothing")
        if isinstance(message, protocol.Need):
            self._need(worker, running, message)
        elif isinstance(message, protocol.Want):
            self.blocks.want(worker, message)
            if running.is_cancelled:
                self.blocks.refuse()
        elif isinstance(message, protocol.Room):
            self._room(worker, running, message)
        elif isinstance(message, protocol.Fail):
            self._failed(running, message)
        else:
            self._answered(running, message)

    def _heard_opening(self, worker: Worker, message: protocol.FromWorker) -> None:
        if getattr(message, "req", -1) != self._opening:
            raise protocol.BadMessage(f"{type(message).__name__} while opening")
        if isinstance(message, protocol.Want):
            self.blocks.want(worker, message)
        elif isinstance(message, protocol.Opened):
            self.stage = "open"
            self._wants_open = False
            self._learn_kind(message.kind)
            worker.deadline = worker.ping_until = None
            worker.idle_since = self.office.now()
            self._outcome = Opened(kind=message.kind, page_count=message.page_count, facts=message.facts)
            openers, self._openers = self._openers, []
            for future in openers:
                self.office.later(partial(settle, future, self._outcome))
            self._patience.worked()
            if message.facts.get("wants_rest"):
                self.blocks.fetch_rest()
            self.advance()
        elif isinstance(message, protocol.Fail) and (missing := self._fail_reason(message)) is not None:
            self.worker = None
            self.office.release_worker(worker)
            self._open_failed(missing)
        else:
            raise protocol.BadMessage(f"{type(message).__name__} while opening")

    def _fail_reason(self, message: protocol.Fail) -> Exception | None:
        """Why it could not be opened; None when the worker may not say so."""
        return self.blocks.failure() if message.code == "Part" else DecodeError(clean(message.text), code=message.code)

    def _open_failed(self, error: Exception) -> None:
        """The file itself is at fault: the same answer for all until the user asks again."""
        self.stage = "shut"
        self._wants_open = False
        self._failure = fresh(error)
        self._fail_all(error)

    def _need(self, worker: Worker, running: Request, message: protocol.Need) -> None:
        running.needs += 1
        if message.part >= len(self.parts) or running.needed >= 0 or running.needs > NEEDS or len(self.parts) == 1:
            raise protocol.BadMessage("Need")
        running.needed = message.part
        worker.deadline = None  # the network's time is not the decoder's
        if running.is_cancelled:
            self._refuse_part(running, worker)
        else:
            self.office.bring(self, message.part)

    def _refuse_part(self, running: Request, worker: Worker) -> None:
        part, running.needed = running.needed, -1
        self._arm(worker, self.office.budgets.tile)
        worker.send(protocol.Part(running.number, part, False))

    def _room(self, worker: Worker, running: Request, message: protocol.Room) -> None:
        if running.kind not in ("render", "samples") or self.book.is_lent(running.slot, message.size):
            raise protocol.BadMessage("Room")
        self.book.take_back(running.slot)
        running.slot = -1
        try:
            running.slot, segment = self.book.make(message.size)
        except OSError as error:
            log.warning("No shared memory of %d bytes: %s", message.size, error)
            worker.send(protocol.Slot(running.number, -1, 0))
            return
        descriptor = os.dup(segment.descriptor) if segment.descriptor >= 0 else -1
        segment.sent()
        reply = protocol.Slot(running.number, running.slot, segment.size, segment.name)
        worker.send(reply, descriptor)

    def _failed(self, running: Request, message: protocol.Fail) -> None:
        self._finish(running)
        self.book.take_back(running.slot)
        if running.is_cancelled and running.futures:  # it only made room: it waits again
            self._cancel(self.waiting.put_back(running))
        else:
            error: Exception
            if message.code == "Part":
                missing = DecodeError("The file of this page is not here.", code="Internal")
                error = self.blocks.failure() or self._part_errors.pop(running.page, missing)
            else:
                error = DecodeError(clean(message.text), code=message.code)
            self._settle_all(running, error)
        self._patience.worked()
        self.advance()

    def _answered(self, running: Request, message: protocol.FromWorker) -> None:
        result = answer(running, message, self.book)
        self._finish(running)
        if isinstance(message, protocol.Finished) and message.more and not running.is_cancelled:
            self._prefetch_on(running)
        futures, running.futures = running.futures, []
        for future in futures:
            self.office.later(partial(settle, future, result()))
        self._patience.worked()
        self.advance()

    def _prefetch_on(self, request: Request) -> None:
        if self.waiting.find_rank("prefetch") is None:
            self.waiting.put(request)

    def _finish(self, running: Request) -> None:
        self.running = None
        self.grace = float("inf")
        self.last_used = self.office.now()
        if self.worker is not None:
            self.worker.deadline = None
            self.worker.ping_until = None
            self.worker.idle_since = self.last_used

    # ---- when the worker dies ------------------------------------------------------------------------------

    def lost(self, worker: Worker, why: str) -> str:
        """Our worker is gone. Returns what to tell the user beside the page, "" when the page says it."""
        now = self.office.now()
        opening = self.stage == "opening"
        running, self.running = self.running, None
        self.worker = None
        self.stage = "shut"
        self.grace = float("inf")
        self.book.retire()
        self.attempt += 1
        for future in self.bringing.values():
            self.office.later(future.cancel)
        self.bringing.clear()
        self.blocks.forget()
        notice = ""
        if worker.ping_until is not None:  # it was dead before it was asked: ask another
            if running is not None:
                self._cancel(self.waiting.put_back(running))
                running = None
            self._wants_open = self._wants_open or opening
            opening = False
        if opening or running is not None:
            page = patience.OPENING if opening or running is None else running.page
            error = WorkerError(failure(self.kind, why, opening=opening))
            self.office.kinds.died(self.kind, now)
            if self._patience.died(page, self.engine):
                other = patience.other_engine(self.kind, self.engine)
                if other and not self._patience.is_poisoned(page, other):
                    self.engine = other
            if opening:
                self._wants_open = False
                self._fail_all(error)
            elif running is not None:
                self._settle_all(running, error)
        else:
            notice = f"The {reader(self.kind)} {why} and is started again when it is needed."
        self.not_before = now + self._patience.delay()
        self.advance()
        return notice

    # ---- endings -------------------------------------------------------------------------------------------

    def _fail_all(self, error: Exception | None) -> None:
        if error is not None and not isinstance(self._outcome, Opened):
            self._outcome = fresh(error)
            openers, self._openers = self._openers, []
            for future in openers:
                self.office.later(partial(settle, future, None, error))
        for request in self.waiting.clear():
            self._settle_all(request, error)

    def _settle_all(self, request: Request, error: Exception | None) -> None:
        """Everyone who waits for it gets the error; without one it is cancelled."""
        futures, request.futures = request.futures, []
        for future in futures:
            if error is None:
                self._cancel_future(future)
            else:
                self.office.later(partial(settle, future, None, error))

    def _cancel(self, request: Request | None) -> None:
        if request is not None:
            self._settle_all(request, None)

    def _cancel_future(self, future: Future[Any]) -> None:
        self.office.later(partial(cancel, future))

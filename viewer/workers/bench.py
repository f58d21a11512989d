"""Where a document's worker does its work: the request that it has, and the files, memory and time it gets for it."""

from __future__ import annotations

import logging
import os

from viewer.errors import DecodeError
from viewer.workers import protocol
from viewer.workers.futures import clean
from viewer.workers.office import Office
from viewer.workers.ring import SlotBook
from viewer.workers.streaming import BlockDesk
from viewer.workers.waiting import Request
from viewer.workers.worker import Worker

log = logging.getLogger(__name__)

NEEDS = 4  # files that one request may ask for; an honest one asks for one


class Bench:
    """Of one document. Runs under the pool's lock like its `Desk`."""

    def __init__(self, office: Office, part_count: int) -> None:
        self._office = office
        self._part_count = part_count
        self.worker: Worker | None = None
        self.running: Request | None = None
        self.grace = float("inf")
        """Until when what runs may go on although something newer of its class waits."""
        self.book = SlotBook()
        self.blocks = BlockDesk(office)
        self._part_errors: dict[int, Exception] = {}

    # ---- from the desk to the worker -----------------------------------------------------------------------

    def set_up(self, worker: Worker) -> None:
        """A worker comes, to open the document first."""
        self.worker = worker
        self._part_errors.clear()
        self._check_alive(worker)
        self._arm(worker, self._office.budgets.open)

    def begin(self, worker: Worker, request: Request, kind: str) -> None:
        """Give it a request; `kind` of the document."""
        self._check_alive(worker)
        request.number = req = self._office.next_number()
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
        whole = request.kind == "render" and request.region is None and kind in ("image", "dataset")
        budgets = self._office.budgets
        self._arm(worker, budgets.image if whole else budgets.tile)
        worker.send(message)

    def stop(self) -> None:
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

    def bring(self, part: int, descriptor: int, error: Exception | None) -> bool:
        """The n-th file is here, or not (its reason). False: the worker does not wait for it; it is not taken."""
        running, worker = self.running, self.worker
        if running is None or worker is None or running.needed != part:
            return False
        running.needed = -1
        if error is None:
            self._arm(worker, self._office.budgets.open)
            worker.send(protocol.Part(running.number, part, True), descriptor)
        else:
            self._part_errors[part] = error
            self._arm(worker, self._office.budgets.tile)
            worker.send(protocol.Part(running.number, part, False))
        return True

    def finish(self) -> None:
        """What ran is done."""
        self.running = None
        self.grace = float("inf")
        if self.worker is not None:
            self.rest(self.worker)

    def rest(self, worker: Worker) -> None:
        """The worker has nothing to do."""
        worker.deadline = worker.ping_until = None
        worker.idle_since = self._office.now()

    def leave(self) -> Request | None:
        """The worker goes to another document. Returns what it was doing."""
        worker, self.worker = self.worker, None
        running, self.running = self.running, None
        if worker is not None:
            if running is not None and not running.is_cancelled:
                worker.send(protocol.Cancel(running.number))
            if running is not None and running.needed >= 0:
                worker.send(protocol.Part(running.number, running.needed, False))
            self.blocks.refuse()
            self._office.release_worker(worker)
        return running

    def lose(self) -> Request | None:
        """The worker is gone, with all that was lent to it. Returns what it was doing."""
        self.worker = None
        running, self.running = self.running, None
        self.grace = float("inf")
        self.book.retire()
        return running

    # ---- from the worker -----------------------------------------------------------------------------------

    def need(self, worker: Worker, running: Request, message: protocol.Need) -> bool:
        """It wants a file for what it does: whether to have it brought. Raises BadMessage for an impossible wish."""
        running.needs += 1
        if message.part >= self._part_count or running.needed >= 0 or running.needs > NEEDS or self._part_count == 1:
            raise protocol.BadMessage("Need")
        running.needed = message.part
        worker.deadline = None  # the network's time is not the decoder's
        if running.is_cancelled:
            self._refuse_part(running, worker)
        return not running.is_cancelled

    def want(self, worker: Worker, running: Request, message: protocol.Want) -> None:
        """It wants bytes of a file with holes. Raises BadMessage for an impossible wish."""
        self.blocks.want(worker, message)
        if running.is_cancelled:
            self.blocks.refuse()

    def room(self, worker: Worker, running: Request, message: protocol.Room) -> None:
        """It wants memory for its answer. Raises BadMessage when it has enough, or none is needed."""
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
        worker.send(protocol.Slot(running.number, running.slot, segment.size, segment.name), descriptor)

    def reason_of_opening(self, message: protocol.Fail) -> Exception | None:
        """Why the document could not be opened, once; None when the worker may not say so."""
        return self.blocks.failure() if message.code == "Part" else DecodeError(clean(message.text), code=message.code)

    def reason(self, running: Request, message: protocol.Fail) -> Exception:
        """Why a request failed, once."""
        if message.code == "Part":
            missing = DecodeError("The file of this page is not here.", code="Internal")
            return self.blocks.failure() or self._part_errors.pop(running.page, missing)
        return DecodeError(clean(message.text), code=message.code)

    def _refuse_part(self, running: Request, worker: Worker) -> None:
        part, running.needed = running.needed, -1
        self._arm(worker, self._office.budgets.tile)
        worker.send(protocol.Part(running.number, part, False))

    # ---- its time ------------------------------------------------------------------------------------------

    def _check_alive(self, worker: Worker) -> None:
        """A worker that was idle may have stopped unseen: then the request that finds it so is not to blame."""
        now = self._office.now()
        if now - worker.idle_since > self._office.budgets.trust:
            worker.ping_until = now + self._office.budgets.answer
            worker.send(protocol.Ping(self._office.next_number()))
            self._office.wake_by(worker.ping_until)

    def _arm(self, worker: Worker, seconds: float) -> None:
        worker.budget = seconds
        worker.deadline = self._office.now() + seconds
        self._office.wake_by(worker.deadline)

"""The window's side of a file with holes: a worker's wishes go to its stream, and the answers back, one at a time."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from viewer.workers import protocol
from viewer.workers.futures import as_error
from viewer.workers.office import Office
from viewer.workers.pixels import Streamed

if TYPE_CHECKING:
    from viewer.workers.worker import Worker

SHORTEST = 0.5
"""Seconds that a worker has at least after each answer, whatever is left of its time."""


class BlockDesk:
    """Of one document. Runs under the pool's lock like its `Desk`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.stream: Streamed | None = None
        self.error: Exception | None = None
        """Why the last wish was not granted."""
        self._wish = 0
        self._worker: Worker | None = None
        self._req = 0
        self._left: float | None = None
        self._future: Future[int] | None = None

    def take(self, stream: Streamed | None) -> None:
        """The document is read from this one now (None: from a whole file)."""
        old, self.stream = self.stream, stream
        if old is not None and old is not stream:
            self._office.later(old.close)

    def want(self, worker: Worker, message: protocol.Want) -> None:
        """The worker waits for bytes. The network's time is not its own. Raises BadMessage for an impossible wish."""
        stream = self.stream
        if stream is None or self._worker is not None or message.part or message.offset >= stream.length:
            raise protocol.BadMessage("Want")
        self._wish += 1
        self._worker, self._req = worker, message.req
        self._left = None if worker.deadline is None else worker.deadline - self._office.now()
        worker.deadline = None
        length = min(message.length, stream.length - message.offset)
        self._office.later(partial(self._ask, stream, self._wish, message.offset, length))

    def refuse(self) -> None:
        """The worker is to wait no longer: nobody wants what it does."""
        worker = self._worker
        self.forget()
        if worker is not None:
            self._arm(worker)
            worker.send(protocol.Blocks(self._req, 0, False, 0))

    def forget(self) -> None:
        """The worker waits no longer, or is gone."""
        self._wish += 1
        self._worker = None
        future, self._future = self._future, None
        if future is not None:
            self._office.later(future.cancel)

    def fetch_rest(self) -> None:
        """All of the file is wanted in the end."""
        if self.stream is not None:
            self._office.later(self.stream.fetch_rest)

    def failure(self) -> Exception | None:
        """The reason of a request that failed for want of bytes, once."""
        error, self.error = self.error, None
        return error

    def _ask(self, stream: Streamed, wish: int, offset: int, length: int) -> None:
        """Pass the wish on; called without the lock."""
        future = stream.need(offset, length)
        with self._office.lock:
            if wish == self._wish:
                self._future = future
            else:
                self._office.later(future.cancel)
        future.add_done_callback(partial(self._came, wish))

    def _came(self, wish: int, future: Future[int]) -> None:
        """Tell the worker; called on any thread."""
        if future.cancelled():
            return
        error = future.exception()
        with self._office.lock:
            worker = self._worker
            if wish != self._wish or worker is None:
                return
            self._worker = self._future = None
            self._arm(worker)
            if error is None:
                worker.send(protocol.Blocks(self._req, 0, True, future.result()))
            else:
                self.error = as_error(error)
                worker.send(protocol.Blocks(self._req, 0, False, 0))

    def _arm(self, worker: Worker) -> None:
        if self._left is not None:
            worker.deadline = self._office.now() + max(self._left, SHORTEST)
            self._office.wake_by(worker.deadline)

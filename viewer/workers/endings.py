"""Whoever waits for a document gets an answer, a reason, or learns that there is none: soon, without the lock."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial

from viewer.workers.futures import cancel, fresh, settle
from viewer.workers.office import Office
from viewer.workers.pixels import Opened
from viewer.workers.waiting import Request


def settle_all(office: Office, request: Request, error: Exception | None) -> None:
    """Everyone who waits for it gets the error; without one it is cancelled."""
    futures, request.futures = request.futures, []
    for future in futures:
        if error is None:
            office.later(partial(cancel, future))
        else:
            office.later(partial(settle, future, None, error))


def cancel_all(office: Office, request: Request | None) -> None:
    """Nobody gets its answer (None: there is no such request)."""
    if request is not None:
        settle_all(office, request, None)


class Outcome:
    """How the latest attempt to open a document went, and who waits to hear of it."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._latest: Opened | Exception | None = None
        self._asking: list[Future[Opened]] = []

    def tell(self, future: Future[Opened]) -> None:
        """Settle it with the outcome of the latest attempt, now or when there is one."""
        if isinstance(self._latest, Exception):
            settle(future, None, fresh(self._latest))
        elif self._latest is not None:
            settle(future, self._latest)
        else:
            self._asking.append(future)

    def opened(self, opened: Opened) -> None:
        """It is open."""
        self._latest = opened
        asking, self._asking = self._asking, []
        for future in asking:
            self._office.later(partial(settle, future, opened))

    def failed(self, error: Exception) -> None:
        """It could not be opened. What was opened once stays so: then pages tell that it cannot be done again."""
        if isinstance(self._latest, Opened):
            return
        self._latest = fresh(error)
        asking, self._asking = self._asking, []
        for future in asking:
            self._office.later(partial(settle, future, None, error))

    def forget_failure(self) -> None:
        """Another attempt begins: who asks from now on waits for that."""
        if isinstance(self._latest, Exception):
            self._latest = None

    def cancel(self) -> None:
        """There is none to come."""
        asking, self._asking = self._asking, []
        for future in asking:
            self._office.later(partial(cancel, future))

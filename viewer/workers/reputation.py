"""What a document is known for: its kind, its engine, and whether it may have another worker after what it did."""

from __future__ import annotations

from viewer.errors import WorkerError
from viewer.workers import patience
from viewer.workers.futures import fresh
from viewer.workers.office import failure, stopped


class Reputation:
    """Of one document. `kinds` is shared by all."""

    def __init__(self, kinds: patience.KindPatience, engine: str) -> None:
        self.kind = ""
        """Empty until a worker has looked at it."""
        self.engine = engine
        """Empty: the usual one; another than asked for after that one died twice."""
        self.fault: Exception | None = None
        """Why the file itself cannot be opened: the same answer for all until the user asks again."""
        self._kinds = kinds
        self._patience = patience.DocumentPatience()
        self._is_asked = False

    def learn_kind(self, kind: str) -> None:
        """What the file is; a user who asked for it asked for its kind, too, before anybody knew that."""
        if self._is_asked and kind != self.kind:
            self._kinds.forgive(kind)
        self.kind = kind

    def forgive(self, page: int) -> None:
        """The user asks for a page."""
        self._patience.forgive(page)
        self._kinds.forgive(self.kind)
        self.fault = None

    def forgive_all(self) -> None:
        """The user asks for the document."""
        self._is_asked = True
        self.forgive(patience.OPENING)

    def refusal(self, page: int) -> Exception | None:
        """Why a page is not asked for any more until the user does; None when it may."""
        if self._kinds.is_stopped(self.kind):
            return WorkerError(stopped(self.kind))
        if self._patience.is_poisoned(page, self.engine):
            why = "stopped twice on it and does not try again by itself"
            return WorkerError(failure(self.kind, why, opening=page == patience.OPENING))
        return None

    def refusal_to_open(self) -> Exception | None:
        """The same for the document."""
        return fresh(self.fault) if self.fault else self.refusal(patience.OPENING)

    def died(self, page: int, now: float) -> None:
        """A worker died of a page (or of OPENING): the other engine may have the next try."""
        self._kinds.died(self.kind, now)
        if self._patience.died(page, self.engine):
            other = patience.other_engine(self.kind, self.engine)
            if other and not self._patience.is_poisoned(page, other):
                self.engine = other

    def worked(self) -> None:
        """An answer came."""
        self._patience.worked()

    def delay(self) -> float:
        """Seconds to wait before the next start."""
        return self._patience.delay()

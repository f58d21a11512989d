"""What a document needs of the pool, and how deaths are told: the words between the two."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from viewer.workers import patience
from viewer.workers.worker import Budgets, Worker

if TYPE_CHECKING:
    from viewer.workers.desk import Desk

WORDS = {"pdf": "PDF reader", "image": "image reader", "video": "video reader", "dicom": "DICOM reader"}


def reader(kind: str) -> str:
    """What reads this kind of file, in a sentence."""
    return WORDS.get(kind, "file reader")


def failure(kind: str, why: str, *, opening: bool) -> str:
    """The sentence for a page, or a file, whose reader died; `why` fits "the reader …"."""
    what = "This file could not be opened" if opening else "This page could not be shown"
    return f"{what}: the {reader(kind)} {why}. Labels are kept."


def stopped(kind: str) -> str:
    """The sentence when a kind is not started any more."""
    return (
        f"The {reader(kind)} stopped {patience.KIND_DEATHS} times within a minute and was not started again. "
        "Try again when you like."
    )


def never_ready(why: str) -> str:
    """The sentence when no worker comes to life; `why` fits "the program …"."""
    return f"Pictures cannot be shown: the program that reads them {why}. The log says more."


class Office(Protocol):
    """What a desk needs of the pool."""

    budgets: Budgets
    kinds: patience.KindPatience

    @property
    def lock(self) -> AbstractContextManager[object, None]:
        """What every call of a desk is made under; it may be taken again by the thread that has it."""

    def now(self) -> float:
        """Steady seconds."""

    def later(self, effect: Callable[[], object]) -> None:
        """Run it soon, without the lock, on a thread of the pool."""

    def bring(self, desk: Desk, part: int) -> None:
        """Have the n-th file brought; `Desk.brought` gets it."""

    def take_worker(self, desk: Desk) -> Worker | None:
        """A free worker for this desk, or None: one will call when it is free."""

    def release_worker(self, worker: Worker) -> None:
        """This desk needs it no more."""

    def became_idle(self) -> None:
        """A document has nothing to do: its worker may be wanted elsewhere."""

    def next_number(self) -> int:
        """A number that no other request has."""

    def wake_by(self, time: float) -> None:
        """Look at deadlines not later than this."""

"""The history of the task shown, with what is known of its steps, and which of its stages are looked at. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from viewer.diff import Counts
from viewer.export import Visit
from viewer.model import Task
from viewer.ui.timeline import cards as model
from viewer.ui.timeline.cards import Card

Pair = tuple[int, int]
"""Two stages, the earlier one first."""
Role = Literal["A", "B", "shown"]


class History:
    """Cards and marks. Indexes are those of the snapshots."""

    def __init__(self) -> None:
        self.cards: tuple[Card, ...] = ()
        self.reworks: tuple[model.Rework, ...] = ()
        self.work = ""
        self.counts: dict[Pair, Counts] = {}
        self.shown = -1
        self.reference: int | None = None
        self.others: tuple[int, ...] = ()
        self.total: int | None = None

    def show(self, task: Task | None, visits: Sequence[Visit] = ()) -> None:
        """Another task, at its current state; nothing is known of its steps yet."""
        self.cards = () if task is None else model.cards_of(task, visits)
        self.reworks = () if task is None else model.reworks(task)
        self.work = "" if task is None else model.work_time(task)
        self.counts = {}
        self.mark(len(self.cards) - 1, None, None, ())

    def mark(self, shown: int, reference: int | None, total: int | None, others: Sequence[int]) -> bool:
        """What is looked at; whether that is anything new. A stage that is not there is none."""
        reference = reference if reference is not None and 0 <= reference < len(self.cards) else None
        new = (shown, reference, total, tuple(i for i in others if 0 <= i < len(self.cards)))
        changed = new != (self.shown, self.reference, self.total, self.others)
        self.shown, self.reference, self.total, self.others = new
        return changed

    def add_counts(self, counts: Mapping[Pair, Counts]) -> None:
        """What changed between stages; what was known before stays."""
        self.counts.update(counts)

    def step(self, index: int) -> Counts | None:
        """What changed from the stage before to this one; all that is there in the first of several."""
        if index == 0 and len(self.cards) > 1:
            return Counts(added=self.cards[0].labels)
        return self.counts.get((index - 1, index))

    @property
    def biggest(self) -> int:
        """Changes of the biggest step known."""
        steps = (self.step(card.index) for card in self.cards)
        return max((step.total for step in steps if step is not None), default=0)

    def roles(self, index: int) -> tuple[Role, ...]:
        """What a stage is in what is looked at."""
        if self.reference is None:
            return ("shown",) if index == self.shown else ()
        ends: tuple[tuple[Role, int], ...] = (("A", self.reference), ("B", self.shown))
        return tuple(role for role, at in ends if at == index)

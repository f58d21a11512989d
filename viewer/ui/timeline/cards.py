"""What the export says about each card of the stage history. No Qt."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from viewer.errors import one_line
from viewer.export import Visit
from viewer.model import Snapshot, Task

Verdict = Literal["accepted", "rejected", "other", ""]

_TEXT = 200


@dataclass(frozen=True, slots=True)
class Card:
    """One snapshot of the history."""

    index: int
    stage: str
    """Numbered where it occurs again: Label 1, Label 2."""
    name: str
    """The same without its number."""
    turn: tuple[int, int]
    """(which of how many stages of this name), from 1."""
    verdict: Verdict
    verdict_text: str
    is_current: bool
    person: str
    """As in the export; "" when it says nobody."""
    ended: datetime | None
    """In local time: when the task left the stage; when it was changed last for the current state."""
    duration_ms: float | None
    """Work in the stage."""
    waited_ms: float | None
    """From the end of the stage before to the beginning of the work; None when the export does not say."""
    labels: int
    differs: bool | None
    """Whether anything differs from the card before; None where that is not known."""
    stage_id: str

    @property
    def when(self) -> str:
        """Short: 2 Nov 16:40."""
        return "" if self.ended is None else f"{self.ended.day} {self.ended:%b %H:%M}"

    @property
    def duration(self) -> str:
        """Work in the stage: 4 min 02 s; "" when there was none, or the export does not say."""
        return span(self.duration_ms) if self.duration_ms else ""

    @property
    def worked(self) -> tuple[datetime, datetime] | None:
        """When the work began and ended; the end alone where the export gives no duration."""
        if self.ended is None:
            return None
        return (_before(self.ended, self.duration_ms or 0), self.ended)


@dataclass(frozen=True, slots=True)
class Rework:
    """A review that sent the task back: from card `start` to the one after it."""

    start: int
    number: int
    after: str
    """How long until the work was handed in again, in words; "" when the export does not say."""


def _names(snapshots: Sequence[Snapshot]) -> list[str]:
    return [_name(s.stage or s.stage_id, s.index, is_current=s.is_current) for s in snapshots]


def _name(stage: str | None, index: int, *, is_current: bool) -> str:
    return one_line(stage or ("Current" if is_current else f"Stage {index + 1}"))[:80]


def stage_names(snapshots: Sequence[Snapshot]) -> tuple[str, ...]:
    """The stages in order; names that occur again are numbered (Label 1, Label 2)."""
    return _numbered(tuple(_names(snapshots)))


def visit_names(visits: Sequence[Visit]) -> tuple[str, ...]:
    """The same by the index's rows, for assets that are not read."""
    last = len(visits) - 1
    return _numbered(tuple(_name(v.stage or v.stage_id, k, is_current=k == last) for k, v in enumerate(visits)))


@lru_cache(maxsize=1024)
def _numbered(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name} {turn}" if of > 1 else name for name, (turn, of) in zip(names, _turns(names), strict=True))


def _turns(names: Sequence[str]) -> list[tuple[int, int]]:
    """For each name, which of how many it is."""
    total = Counter(names)
    seen: Counter[str] = Counter()
    turns = []
    for name in names:
        seen[name] += 1
        turns.append((seen[name], total[name]))
    return turns


def cards_of(task: Task, visits: Sequence[Visit] = ()) -> tuple[Card, ...]:
    """A card for every snapshot. `visits`: the index's rows of the same task, whose counts need no parsing."""
    names = _names(task.snapshots)
    cards: list[Card] = []
    for snapshot, stage, name, turn in zip(
        task.snapshots, stage_names(task.snapshots), names, _turns(names), strict=True
    ):
        visit = visits[snapshot.index] if len(visits) == len(task.snapshots) else None
        status = one_line(snapshot.review_status or "")[:40]
        ended = parse_time(snapshot.completed_at or _updated(task, snapshot))
        worked = snapshot.duration_ms if snapshot.duration_ms is None or 0 <= snapshot.duration_ms < 1e13 else None
        before = cards[-1].ended if cards else None
        waited = None
        if ended is not None and before is not None and not snapshot.is_current:
            waited = (_before(ended, worked or 0) - before) / timedelta(milliseconds=1)
        cards.append(
            Card(
                index=snapshot.index,
                stage=stage,
                name=name,
                turn=turn,
                verdict=verdict_of(status),
                verdict_text=status,
                is_current=snapshot.is_current,
                person=one_line(snapshot.completed_by or _updated_by(task, snapshot))[:_TEXT],
                ended=ended,
                duration_ms=worked,
                waited_ms=waited if waited is not None and waited > 0 else None,
                labels=visit.labels if visit is not None else snapshot.labels.count,
                differs=None if snapshot.index == 0 or visit is None else visit.differs,
                stage_id=one_line(snapshot.stage_id or "")[:_TEXT],
            )
        )
    return tuple(cards)


def _before(moment: datetime, milliseconds: float) -> datetime:
    try:
        return moment - timedelta(milliseconds=milliseconds)
    except OverflowError:
        return moment


def _updated(task: Task, snapshot: Snapshot) -> str | None:
    value = task.fields.get("updatedAt") if snapshot.is_current else None
    return value if isinstance(value, str) else None


def _updated_by(task: Task, snapshot: Snapshot) -> str:
    value = task.fields.get("updatedBy") if snapshot.is_current else None
    return value if isinstance(value, str) else ""


def verdict_of(status: str) -> Verdict:
    """The kind of a review status."""
    known = status.casefold()
    if known in ("accepted", "fixed"):
        return "accepted"
    if known == "rejected":
        return "rejected"
    return "other" if known else ""


def reworks(task: Task) -> tuple[Rework, ...]:
    """The loops: a rejected review, followed by a stage that the task had been in before."""
    found: list[Rework] = []
    snapshots = task.snapshots
    for this, after in itertools.pairwise(snapshots):
        before = {(s.stage_id, s.stage) for s in snapshots[: this.index]}
        if verdict_of(one_line(this.review_status or "")) == "rejected" and (after.stage_id, after.stage) in before:
            start, end = parse_time(this.completed_at), parse_time(after.completed_at)
            waited = span((end - start) / timedelta(milliseconds=1)) if start and end and end >= start else ""
            found.append(Rework(this.index, len(found) + 1, waited))
    return tuple(found)


def work_time(task: Task) -> str:
    """All work on the task, in words; "" when the export does not say."""
    total = task.fields.get("totalDuration")
    if not isinstance(total, int | float) or isinstance(total, bool):
        durations = [s.duration_ms for s in task.snapshots if s.duration_ms is not None]
        total = sum(durations) if durations else None
    return "" if total is None or not 0 <= total < 1e15 else span(total)


def parse_time(text: str | None) -> datetime | None:
    """An ISO time of the export in local time; None when it is none."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def span(milliseconds: float) -> str:
    """A stretch of time in its two largest units: 4 min 02 s, 3 h 10, 2 d 4 h."""
    seconds = milliseconds / 1000
    if seconds < 10 and milliseconds % 1000:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d}"
    return f"{hours // 24} d {hours % 24} h"


def person_name(person: str) -> str:
    """What a card calls a person: an address without its domain, which the tooltip shows."""
    return person.split("@", 1)[0] if "@" in person else person

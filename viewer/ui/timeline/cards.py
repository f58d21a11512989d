"""What the cards of the stage history say, and where they stand. No Qt."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from viewer.errors import one_line
from viewer.export import Visit
from viewer.model import Snapshot, Task

Verdict = Literal["accepted", "rejected", "other", ""]

TITLE_WIDTH = 156
GAP = 28
MIN_WIDTH = 132
MAX_WIDTH = 320
PAD = 16
_TEXT = 200


@dataclass(frozen=True, slots=True)
class Card:
    """One snapshot of the history, in words."""

    index: int
    stage: str
    """Numbered where it occurs again: Label 1, Label 2."""
    verdict: Verdict
    verdict_text: str
    is_current: bool
    person: str
    """As in the export; "" when it says nobody."""
    when: str
    """Short, in local time."""
    duration: str
    labels: int
    differs: bool | None
    """Whether anything differs from the card before; None for the first."""
    tip: str


@dataclass(frozen=True, slots=True)
class Rework:
    """A review that sent the task back: from card `start` to the one after it."""

    start: int
    number: int
    after: str
    """How long until the work was handed in again, in words; "" when the export does not say."""


def stage_names(snapshots: Sequence[Snapshot]) -> tuple[str, ...]:
    """The stages in order; names that occur again are numbered (Label 1, Label 2)."""
    names = [
        one_line(s.stage or s.stage_id or ("Current" if s.is_current else f"Stage {s.index + 1}"))[:80]
        for s in snapshots
    ]
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(f"{name} {seen[name]}" if names.count(name) > 1 else name)
    return tuple(result)


def cards_of(task: Task, visits: Sequence[Visit] = ()) -> tuple[Card, ...]:
    """A card for every snapshot. `visits`: the index's rows of the same task, whose counts need no parsing."""
    names = stage_names(task.snapshots)
    cards = []
    for snapshot, name in zip(task.snapshots, names, strict=True):
        visit = visits[snapshot.index] if len(visits) == len(task.snapshots) else None
        status = one_line(snapshot.review_status or "")[:40]
        moment = parse_time(snapshot.completed_at or _updated(task, snapshot))
        who = one_line(snapshot.completed_by or _updated_by(task, snapshot))[:_TEXT]
        labels = visit.labels if visit is not None else snapshot.labels.count
        lines = [name + (f" · {status}" if status else " · current" if snapshot.is_current else "")]
        if who:
            lines.append(who)
        if moment is not None:
            lines.append(f"{moment:%d %B %Y, %H:%M:%S}")
        if snapshot.duration_ms is not None:
            lines.append(f"{span(snapshot.duration_ms)} of work")
        lines.append(f"{labels:,} label{'' if labels == 1 else 's'}")
        if snapshot.stage_id:
            lines.append(one_line(snapshot.stage_id)[:_TEXT])
        cards.append(
            Card(
                index=snapshot.index,
                stage=name,
                verdict=verdict_of(status),
                verdict_text=status,
                is_current=snapshot.is_current,
                person=who,
                when="" if moment is None else f"{moment.day} {moment:%b %H:%M}",
                duration="" if snapshot.duration_ms is None else span(snapshot.duration_ms),
                labels=labels,
                differs=None if snapshot.index == 0 or visit is None else visit.differs,
                tip="\n".join(lines),
            )
        )
    return tuple(cards)


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


@dataclass(frozen=True, slots=True)
class Places:
    """Left edges of the cards in pixels from the first one's, and their common width."""

    lefts: tuple[int, ...]
    width: int
    total: int


def places(count: int, available: int) -> Places:
    """Cards that fill `available` pixels, none narrower than `MIN_WIDTH`: then they scroll."""
    if count <= 0:
        return Places((), 0, 0)
    width = (available - GAP * (count - 1)) // count
    width = max(MIN_WIDTH, min(width, MAX_WIDTH))
    lefts = tuple(i * (width + GAP) for i in range(count))
    return Places(lefts, width, lefts[-1] + width)


def person_name(person: str) -> str:
    """What a card calls a person: an address without its domain, which the tooltip shows."""
    return person.split("@", 1)[0] if "@" in person else person

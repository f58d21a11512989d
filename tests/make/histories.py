"""Tasks with a history of any length, without an export around them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from viewer.model import Annotation, Labels, Snapshot, Task
from viewer.tools import parse_tool

BEGIN = datetime(2026, 11, 2, 16, 40, tzinfo=UTC)
PEOPLE = ("mert.aydin@example.com", "jana.krueger@example.com")


def label(object_id: str, x: float = 10, y: float = 20, *, title: str = "Car") -> Annotation:
    """A box of 40 × 30."""
    box = {"bounding-box": {"x": x, "y": y, "width": 40, "height": 30}}
    return Annotation(object_id=object_id, schema_id=title, title=title, tool=parse_tool(box, []))


def snapshot(
    index: int,
    stage: str,
    labels: Sequence[Annotation] = (),
    *,
    hours: float | None = 0.0,
    seconds: float | None = 60.0,
    status: str | None = None,
    person: str | None = PEOPLE[0],
    current: bool = False,
) -> Snapshot:
    """A stage that was left `hours` after `BEGIN`, with so many seconds of work; None where the export says nothing."""
    ended = None if hours is None else (BEGIN + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")
    held = Labels(annotations=tuple(labels))
    return Snapshot(
        index=index,
        stage=stage,
        stage_id=stage.lower(),
        completed_at=ended,
        completed_by=person,
        duration_ms=None if seconds is None else int(seconds * 1000),
        review_status=status,
        is_current=current,
        parse=lambda: held,
    )


def reworked() -> Task:
    """Start, Label, Review (rejected), Label, Review (accepted), Complete: as the pictures of the design show it."""
    first = [label(f"o{i}", 50.0 * i) for i in range(8)]
    second = [*(label(f"o{i}", 50.0 * i + 3) for i in range(6)), label("n1", 600), label("n2", 700)]
    third = [*second[:-1], label("n3", 900)]
    return Task(
        task_id="task",
        fields={},
        snapshots=(
            snapshot(0, "Start", seconds=None, person=None),
            snapshot(1, "Label", first, hours=17.1, seconds=1104),
            snapshot(2, "Review", first, hours=20, seconds=242, status="Rejected", person=PEOPLE[1]),
            snapshot(3, "Label", second, hours=23.2, seconds=401),
            snapshot(4, "Review", third, hours=40.6, seconds=170, status="Accepted", person=PEOPLE[1]),
            snapshot(5, "Complete", third, hours=40.65, seconds=None, person=None, current=True),
        ),
    )


def long(count: int, *, hours: float = 5.0, seconds: float = 600.0) -> Task:
    """So many stages, Label and Review in turn, one every so many hours."""
    made = [
        snapshot(
            i,
            "Complete" if i == count - 1 else ("Label", "Review")[i % 2],
            [label(f"o{j}", 50.0 * j) for j in range(i + 1)],
            hours=hours * i,
            seconds=seconds,
            status="Accepted" if i % 2 and i < count - 1 else None,
            current=i == count - 1,
            person=PEOPLE[i % 2],
        )
        for i in range(count)
    ]
    return Task(task_id="long", fields={}, snapshots=tuple(made))

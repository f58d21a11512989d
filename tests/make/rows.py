"""Rows of an index as a project of aerial pictures and videos has them, made without an export."""

from __future__ import annotations

import hashlib

from viewer.export import Row, Visit

CLASSES = ("Car", "Van", "Truck", "Building", "Tree", "Pedestrian", "Crosswalk")
PERSONS = ("mert@example.com", "jana@example.com", "taro@example.com")
STAGES = ("Label", "Review", "Complete")


def hex_id(text: str) -> str:
    """24 hex digits, the same for the same text."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:24]


def row(index: int, **changes: object) -> Row:
    """A row that differs from its neighbours in name, kind, stage, classes, person, batch and counts."""
    classes = tuple(CLASSES[(index + i) % len(CLASSES)] for i in range(1 + index % 3)) if index % 10 else ()
    person = PERSONS[index % 3]
    day = f"2026-{1 + index % 12:02d}-{1 + index % 28:02d}T09:00:00.000Z"
    values: dict[str, object] = {
        "index": index,
        "start": index * 1000,
        "end": index * 1000 + 900,
        "asset_id": hex_id(f"asset {index}"),
        "task_id": hex_id(f"task {index}"),
        "tasks": 1,
        "external_id": f"site-{index % 40:02d}/lot_{index}.jpg",
        "kind": "video" if index % 7 == 3 else "image",
        "batches": (f"batch {index % 5}",),
        "stage": STAGES[index % 3],
        "persons": (person,),
        "labels": len(classes) * 4,
        "by_title": dict.fromkeys(classes, 4),
        "by_tool": {"bounding-box": len(classes) * 4} if classes else {},
        "visits": (
            Visit(stage="Label", completed_at=day, completed_by=person),
            Visit(stage="Review", review_status="Rejected" if index % 20 == 1 else "Accepted"),
        ),
        "problems": 2 if index % 50 == 0 else 0,
    }
    return Row(**(values | changes))  # type: ignore[arg-type]


def rows(count: int, first: int = 0) -> list[Row]:
    """So many rows, in the order of the export."""
    return [row(index) for index in range(first, first + count)]

"""Snapshots to compare, out of a few words: entries as JSON, and labels read from them as from an export."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Raw

from viewer.export.findings import Findings
from viewer.export.generations.annotations import read_labels
from viewer.model import Labels

Entry = dict[str, Any]


def box(object_id: str, x: float, y: float, width: float = 40.0, height: float = 30.0, **members: Any) -> Entry:
    """A bounding box of class ``c1``."""
    return entry(object_id, "bounding-box", {"x": x, "y": y, "width": width, "height": height}, **members)


def ring(object_id: str, *points: tuple[float, float], **members: Any) -> Entry:
    """A polygon."""
    return entry(object_id, "polygon", [list(point) for point in points], **members)


def entry(object_id: str, tool: str, value: Any, **members: Any) -> Entry:
    """An entry of any tool; `members` replace or add to the usual ones."""
    return {tool: value, "objectId": object_id, "schemaId": "c1", "title": "Car", "classifications": [], **members}


def answer(title: str, value: Any, *nested: Entry, tool: str = "radio", **members: Any) -> Entry:
    """A question, by its title, and its answer."""
    return {"schemaId": f"q-{title}", "title": title, "tool": tool, "answer": value,
            "classifications": list(nested), **members}  # fmt: skip


def arrow(object_id: str, start: str, end: str, **members: Any) -> Entry:
    """A relation of two labels."""
    return {"objectId": object_id, "schemaId": "r1", "title": "next to", "from": start, "to": end, **members}


def labels(
    *entries: Entry, relations: Sequence[Entry] = (), answers: Sequence[Entry] = (), indent: int | None = None
) -> Labels:
    """The labels of a snapshot with these lists."""
    lists = {"tools": entries, "relations": relations, "classifications": answers}
    members = {name: Raw(json.dumps(list(value), indent=indent).encode()) for name, value in lists.items()}
    return read_labels(members, "$.task", Findings(index=0, file=None))

"""Labels that a snapshot has from another one are those that reading it alone gives."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from viewer.export.findings import Findings
from viewer.export.generations.annotations import read_labels
from viewer.export.repeats import Repeats
from viewer.model import Labels

ANSWER = {"schemaId": "q", "title": "Colour", "tool": "radio", "answer": "red",
          "classifications": [{"schemaId": "r", "title": "Shade", "tool": "text", "answer": "dark"}]}  # fmt: skip
ENTRIES: tuple[Any, ...] = (
    {"objectId": "box", "schemaId": "s", "title": "Car", "bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4},
     "classifications": [ANSWER], "metadata": {"createdAt": 1_700_000_000_000, "createdBy": "a@example.com"}},
    {"objectId": "ring", "schemaId": "s", "title": "Roof", "polygon": [[0, 0], [9, 0], [9.5, 9]], "page": 3},
    {"objectId": "guess", "schemaId": "s", "title": "Wheel", "circle": {"x": 4, "y": 4, "radius": 2}},
    {"schemaId": "s", "title": "No id", "point": [1, 2]},
    {"objectId": "bad", "schemaId": "s", "title": "Odd", "bounding-box": {"x": "one"}},
    {"objectId": 7, "schemaId": "s", "title": "Number", "point": [1, 2]},
    {"objectId": "video", "schemaId": "s", "title": "Many", "frames": [{"page": 1, "point": [1, 2]}]},
    {"objectId": "light", "schemaId": "s", "title": "Text", "pdf": {"position": {"pageNumber": 2, "rects": [
        {"x1": 1, "y1": 1, "x2": 3, "y2": 2, "width": 10, "height": 10, "pageNumber": 2}]}}},
    "text",
    None,
)  # fmt: skip


def read(entries: list[Any], path: str, repeats: Repeats | None) -> Labels:
    members = {"tools": msgspec.Raw(json.dumps(entries).encode())}
    return read_labels(members, path, Findings(index=0, file=None), repeats=repeats)


def plain(value: Any) -> Any:
    """The same with arrays as lists and structs as dicts: annotations do not compare by themselves."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, msgspec.Struct):
        fields = {name: plain(getattr(value, name)) for name in value.__struct_fields__}
        return {"is": type(value).__name__, **fields}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("order", [(1, 0), (3, 1, 4, 0, 2), (9, 9, 0)])
def test_it_is_the_same_in_any_order(order: tuple[int, ...]) -> None:
    repeats = Repeats()
    for turn, shift in enumerate(order):
        entries = [ENTRIES[(i + shift) % len(ENTRIES)] for i in range(len(ENTRIES))] * 2
        path = f"$.task.stageHistory[{turn}]"
        assert plain(read(entries, path, repeats)) == plain(read(entries, path, None))


def test_a_repeated_one_shares_its_geometry_and_has_its_own_path() -> None:
    repeats = Repeats()
    before = read([ENTRIES[1], ENTRIES[0]], "$.task.stageHistory[0]", repeats)
    after = read([ENTRIES[0], ENTRIES[1]], "$.task", repeats)
    assert after.annotations[0].tool is before.annotations[1].tool
    assert after.annotations[0].raw is before.annotations[1].raw
    assert [a.path for a in after.annotations] == ["$.task.tools[0]", "$.task.tools[1]"]
    nested = after.annotations[0].classifications[0].classifications[0]
    assert nested.path == "$.task.tools[0].classifications[0].classifications[0]"
    assert before.annotations[1].classifications[0].path == "$.task.stageHistory[0].tools[1].classifications[0]"


def test_the_snapshots_of_a_task_share_them(data: Path) -> None:
    from viewer.export.parse import parse_asset

    shared = 0
    for index, entry in enumerate(json.loads((data / "ango-examples.json").read_text(encoding="utf-8"))):
        raw = json.dumps(entry).encode()
        for number, task in enumerate(parse_asset(raw, index=index).tasks):
            for i, snapshot in enumerate(task.snapshots):
                alone = parse_asset(raw, index=index).tasks[number].snapshots[i]
                assert plain(snapshot.labels) == plain(alone.labels)
            for one, other in itertools.pairwise(task.snapshots):
                tools = {id(a.tool) for a in one.labels.annotations}
                shared += sum(id(a.tool) in tools for a in other.labels.annotations)
    assert shared >= 5

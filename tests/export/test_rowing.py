"""What a row says of its asset: counts as the parser counts, and what differs from visit to visit."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.export.indexing import read
from tests.make import exports
from viewer.export import Row
from viewer.export.parse import parse_asset
from viewer.model import counts_as_label


@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_a_row_counts_what_the_parsed_asset_holds(layout: str, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e", layout=layout, assets=30, seed=11)
    rows, problems, _ = read(path)
    assert not problems
    data = path.read_bytes()
    for row in rows:
        asset = parse_asset(data[row.start : row.end], index=row.index)
        compare(row, asset)


def test_counts_of_the_example_exports(data: Path) -> None:
    for name in ("ango-examples.json", "seed-sample.json"):
        raw = (data / name).read_bytes()
        rows, problems, _ = read(data / name)
        assert not problems
        for row in rows:
            compare(row, parse_asset(raw[row.start : row.end], index=row.index))


def compare(row: Row, asset: Any, *, by_class: bool = True) -> None:
    task = asset.tasks[0]
    assert (row.asset_id, row.external_id, row.kind) == (asset.asset_id, asset.external_id, asset.kind)
    assert row.task_id == task.task_id
    assert row.labels == task.current.labels.count
    assert sum(row.by_tool.values()) == sum(row.by_title.values()) == row.labels
    assert row.relations == len(task.current.labels.relations)
    assert row.classifications == len(task.current.labels.classifications)
    assert [visit.labels for visit in row.visits] == [s.labels.count for s in task.snapshots]
    assert [visit.stage for visit in row.visits] == [s.stage for s in task.snapshots]
    for visit, snapshot in zip(row.visits, task.snapshots, strict=True):
        for name in ("stage", "stage_id", "completed_at", "completed_by", "duration_ms", "review_status"):
            assert getattr(visit, name) == getattr(snapshot, name), name
    assert row.visits[0].differs is False
    if not by_class:
        return
    classes: dict[tuple[str, str], int] = {}
    by_tool: dict[str, int] = {}
    for annotation in filter(counts_as_label, task.current.labels.annotations):
        key = (annotation.schema_id, annotation.title)
        classes[key] = classes.get(key, 0) + 1
        by_tool[annotation.key] = by_tool.get(annotation.key, 0) + 1
    assert {(schema_id, title): n for schema_id, title, n in row.by_class} == classes
    assert row.by_tool == by_tool


def test_a_visit_differs_when_its_labels_do(data: Path) -> None:
    rows, _, _ = read(data / "ango-examples.json")
    rework = rows[22]
    assert [visit.stage for visit in rework.visits] == ["Start", "Label", "Review", "Label", "Review", "Complete"]
    assert [visit.differs for visit in rework.visits] == [False, True, False, True, False, False]


@pytest.mark.parametrize("pretty", [False, True])
def test_the_current_state_is_compared_without_metadata(pretty: bool, tmp_path: Path) -> None:
    """An edit of each member is seen, in the current state and in history; other metadata is no edit."""
    label = {
        "polygon": [[1, 2], [3.5, 4], [5, 6]],
        "objectId": "o",
        "classifications": [],
        "schemaId": "s",
        "title": "t",
    }
    written = {**label, "metadata": {"createdBy": "a@example.com", "nested": {"deep": 1}}}
    edits: list[dict[str, Any]] = [
        {},
        {"title": "u"},
        {"page": 3},
        {"objectId": "p"},
        {"polygon": [[1, 2], [3.5, 4], [5, 7]]},
        {"classifications": [{"tool": "radio", "title": "q r", "answer": "a b"}]},
    ]
    assets = [
        {
            "asset": "a.png",
            "task": {
                "tools": [{**written, **edit}],
                "stageHistory": [{"stage": "Label", "tools": [label], "classifications": []}, {"tools": [label]}],
            },
        }
        for edit in edits
    ]
    path = tmp_path / "e.json"
    path.write_text(json.dumps(assets, indent=2 if pretty else None))
    rows, _, _ = read(path)
    assert [[visit.differs for visit in row.visits] for row in rows] == [[False, False, bool(edit)] for edit in edits]


def test_an_answer_that_was_changed_makes_a_visit_differ(tmp_path: Path) -> None:
    answer = {"tool": "text", "title": "q", "answer": "a b"}
    stages = [{"classifications": [answer]}, {"classifications": [{**answer, "answer": "ab"}]}, {"relations": []}]
    path = tmp_path / "e.json"
    path.write_text(json.dumps([{"asset": "a.png", "task": {"stageHistory": stages}}]))
    assert [visit.differs for visit in read(path)[0][0].visits] == [False, True, True, False]


@pytest.mark.parametrize(
    ("masks", "differs"),
    [
        (("/m/a.png?sig=1", "/m/a.png?sig=2", "/m/a.png?sig=3"), [False, False, False]),
        (("/m/a.png?sig=1", "/m/b.png?sig=2", "/m/b.png?sig=3"), [False, True, False]),
        (("/m/a.png?sig=1", "/m/a.png?sig=2", "/m/c.png?sig=3"), [False, False, True]),
        ((None, "/m/a.png", "/m/a.png"), [False, True, False]),
        (("/m/a.png", "", "/m/a.png"), [False, True, False]),
        # history is not known to carry masks: what only the current state has was not drawn since
        ((None, None, "/m/a.png"), [False, False, False]),
        (("/m/a.png", "/m/a.png", None), [False, False, False]),
        ((5, "/m/a.png", ["odd"]), [False, True, False]),
    ],
)
@pytest.mark.parametrize("member", ["brushDataUrl", "medicalBrushDataUrl"])
def test_a_visit_differs_when_its_masks_are_other_files(
    tmp_path: Path, member: str, masks: tuple[Any, ...], differs: list[bool]
) -> None:
    links = [f"https://s{n}.example{mask}" if isinstance(mask, str) and mask else mask for n, mask in enumerate(masks)]
    first, second = ({"stage": "Label", "tools": [], member: link} for link in links[:2])
    task = {"taskId": "t", "tools": [], "stageHistory": [first, second], member: links[2]}
    path = tmp_path / "e.json"
    path.write_text(json.dumps([{"asset": "a.png", "task": task}]), encoding="utf-8")
    (row,) = read(path)[0]
    assert [visit.differs for visit in row.visits] == differs
    assert [visit.masks for visit in row.visits[:2]] == [bool(mask) for mask in masks[:2]]


def test_the_row_says_when_the_first_link_ends(tmp_path: Path) -> None:
    def link(name: str, seconds: int) -> str:
        return f"https://s.example/{name}?X-Amz-Date=20230825T070837Z&X-Amz-Expires={seconds}&X-Amz-Signature=0"

    task = {"task": {"taskId": "t", "tools": []}}
    assets = [
        {"asset": link("a.png", 120_000), **task},
        {"asset": link("b.png", 90), "dataset": [link("b0.png", 60), link("b1.png", 30), 5], **task},
        {"asset": "https://s.example/c.png", **task},
        {"asset": 7, **task},
        {"data": link("d.png", 10), "externalId": "d", "tools": []},
    ]
    path = tmp_path / "e.json"
    path.write_text(json.dumps(assets), encoding="utf-8")
    began = 1_692_947_317
    assert [row.ends for row in read(path)[0]] == [began + 120_000, began + 30, None, None, began + 10]


def test_no_signed_query_is_kept(tmp_path: Path) -> None:
    link = "https://bucket.example.com/a.png?X-Amz-Signature=secret"
    asset = {"asset": link, "externalId": link, "assetId": f"x {link}", "batches": [link], "task": {"stage": link}}
    path = tmp_path / "e.json"
    path.write_text(json.dumps([asset]))
    rows, _, _ = read(path)
    assert rows[0].external_id == "https://bucket.example.com/a.png"
    assert b"secret" not in msgspec.json.encode(rows[0])


HOSTILE = (
    None, True, False, 0, -1, 1.5, "", "x", "true", [], {}, [None], [1, 2], {"a": 1}, [[1, 2], [3, 4]], {"page": 3},
    10**18, [{"point": [1, 2]}], {"5": {"point": [1, 2]}},
)  # fmt: skip
MEMBERS = (
    "tools", "objects", "task", "tasks", "stageHistory", "polygon", "frames", "pages", "page", "interpolationStopped",
    "schemaId", "title", "objectId", "pdf", "zz", "relations", "classifications", "metadata", "messageId", "dataset",
    "batchNames", "stageName", "categorySchema",
)  # fmt: skip


def test_rows_count_as_the_parser_does_whatever_stands_where(tmp_path: Path, data: Path) -> None:
    """Values of the examples are dropped, renamed, replaced by hostile ones, or joined by others."""
    examples = [a for a in json.loads((data / "ango-examples.json").read_bytes()) if len(json.dumps(a)) < 12_000]
    dice = random.Random(9)
    path = tmp_path / "e"
    for _ in range(250):
        asset = json.loads(json.dumps(dice.choice(examples)))
        for _ in range(dice.choice((1, 1, 2, 3))):
            places = list(_places(asset))
            parent, key = dice.choice(places if dice.random() < 0.5 else places[: 1 + len(places) // 4])
            kind = dice.randrange(4)
            if kind == 0:
                del parent[key]
            elif kind == 1 or isinstance(parent, list):
                parent[key] = dice.choice(HOSTILE)
            elif kind == 2:
                parent[dice.choice(MEMBERS)] = dice.choice(HOSTILE)
            else:
                parent[dice.choice(MEMBERS)] = parent.pop(key)
        raw = json.dumps(asset).encode()
        path.write_bytes(b'[{"asset":"z"},' + raw + b"]")
        compare(read(path)[0][1], parse_asset(raw, index=1), by_class=False)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a JSON value, the outer ones first."""
    level = [value]
    while level:
        inner = []
        for container in level:
            keys = list(container) if isinstance(container, dict) else range(len(container))
            for key in keys:
                yield container, key
                if isinstance(container[key], dict | list):
                    inner.append(container[key])
        level = inner

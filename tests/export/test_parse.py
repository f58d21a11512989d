import json
import random
from typing import Any

import pytest

from tests.make.assets import examples, labels, parsed, paths, raw, seed, told, with_tools
from viewer.errors import ExportError
from viewer.export.check import problems_of
from viewer.export.parse import parse_asset
from viewer.model import Asset

BOX = {"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}, "objectId": "a", "schemaId": "s", "title": "car"}


def test_the_seed():
    asset = parse_asset(raw(seed()[0]), index=0, file="seed.json")
    assert told(asset) == []
    assert (asset.kind, asset.external_id, asset.asset_id) == ("video", "video-webm.webm", None)
    assert (asset.metadata["frameTotal"], asset.metadata["frameRate"], asset.size) == (507, 30, None)
    (task,) = asset.tasks
    assert [(s.stage, s.stage_id, s.duration_ms, s.review_status, s.is_current) for s in task.snapshots] == [
        ("Start", "Start", 0, None, False),
        ("Label", "Label", 46753, None, False),
        ("Review", "5e8f78a7-ef6a-473d-b02f-f4024c9ee486", 2843, "Accepted", False),
        ("Complete", "Complete", None, None, True),
    ]
    assert task.snapshots[1].completed_by == "reviewer@example.com"
    assert task.fields == {
        "updatedAt": "2023-08-23T11:36:38.027Z",
        "updatedBy": "reviewer@example.com",
        "totalDuration": 49596,
    }
    current = task.current.labels
    assert [(a.key, a.page) for a in current.annotations] == [
        ("bounding-box", 504), ("polygon", 504), ("bounding-box", 506), ("polygon", 506),
    ]  # fmt: skip
    first = current.annotations[0]
    assert first.created == ("2023-08-23T11:20:32.792Z", "reviewer@example.com", "Label")
    assert first.updated == (None, None, None)
    assert [c.answer for c in current.classifications] == ["1", ["1"], "1", ["1"], ["1", "1 / 2"], "2"]
    assert task.snapshots[2].labels.annotations[0].created == (None, None, None)


def test_the_examples():
    assets = [parsed(asset) for asset in examples()]
    counts = [[snapshot.labels.count for task in a.tasks for snapshot in task.snapshots] for a in assets]
    assert counts == [
        [0, 10, 10], [5], [0], [0], [0], [0, 12, 12], [9], [5], [3], [4], [5], [2], [0], [0], [1], [2], [1], [2],
        [2], [3], [1], [0], [0, 1, 1, 1, 1, 1], [1], [1], [0], [1], [2, 2],
    ]  # fmt: skip
    assert assets[0].batches == ("batch_1", "batch_2")
    assert assets[22].batches == ("batch_1",)
    assert len(assets[8].dataset) == 3
    assert assets[2].tasks[0].current.brush_url is not None
    assert assets[2].tasks[0].current.medical_brush_url is None
    assert assets[12].fields == {"contextData": {"original_filename": "prompt-7.md", "variations": 2}}
    assert [p.page for p in assets[9].tasks[0].current.labels.annotations] == [0, 1, 1, 0]
    updated = assets[26].tasks[0].current.labels.annotations[0].updated
    assert updated == ("2024-09-01T09:01:00.000Z", "reviewer@example.com", "5f0c1d2e-1111-4222-8333-444455556666")


def test_a_label_keeps_its_bytes_as_exported():
    odd = b'{ "point":[1.50,2e0],"objectId" : "a","title":"\\u00e9" }'
    text = b'{"asset": "a.png", "task": {"tools": [' + odd + b"]}}"
    (annotation,) = labels(text).annotations
    assert annotation.raw == odd
    assert annotation.path == "$.task.tools[0]"
    assert annotation.title == "é"


def test_labels_are_read_on_first_use_only(monkeypatch):
    calls = []
    from viewer.export.generations import annotations

    read = annotations.read_labels
    monkeypatch.setattr(annotations, "read_labels", lambda *a, **k: calls.append(1) or read(*a, **k))
    asset = parsed(with_tools(BOX, stageHistory=[{"tools": [BOX]}]))
    assert calls == []
    assert asset.tasks[0].current.labels is asset.tasks[0].current.labels
    assert calls == [1]


@pytest.mark.parametrize("text", [b"", b"[]", b"3", b"null", b'"x"', b"{", b'{"a": 1', b"\xff\xfe", b"[[" * 5000])
def test_what_is_no_object_is_an_error(text):
    with pytest.raises(ExportError) as raised:
        parse_asset(text, index=4)
    assert str(raised.value).startswith("Asset 4 ")


def test_an_object_without_anything_known():
    asset = parsed({"x": 1})
    assert told(asset) == []
    assert (asset.kind, asset.url, asset.fields, len(asset.tasks)) == ("unknown", None, {"x": 1}, 1)
    assert asset.tasks[0].current.labels.annotations == ()


@pytest.mark.parametrize(
    ("damage", "path"),
    [
        ({"externalId": 5}, "$.externalId"),
        ({"externalId": []}, "$.externalId"),
        ({"asset": 5}, "$.asset"),
        ({"assetId": {}}, "$.assetId"),
        ({"dataset": "x"}, "$.dataset"),
        ({"dataset": ["a.png", 5]}, "$.dataset[1]"),
        ({"metadata": []}, "$.metadata"),
        ({"metadata": {"width": "800"}}, "$.metadata.width"),
        ({"metadata": {"height": -1}}, "$.metadata.height"),
        ({"metadata": {"frameRate": None, "frameTotal": {}}}, "$.metadata.frameTotal"),
        ({"batches": "x"}, "$.batches"),
        ({"batches": ["a", {}]}, "$.batches[1]"),
        ({"task": 5}, "$.task"),
        ({"task": [1]}, "$.task"),
        ({"task": {"taskId": 5}}, "$.task.taskId"),
        ({"task": {"stage": []}}, "$.task.stage"),
        ({"task": {"updatedAt": "yesterday"}}, "$.task.updatedAt"),
        ({"task": {"totalDuration": "12 s"}}, "$.task.totalDuration"),
        ({"task": {"brushDataUrl": 5}}, "$.task.brushDataUrl"),
        ({"task": {"tools": {}}}, "$.task.tools"),
        ({"task": {"tools": "x"}}, "$.task.tools"),
        ({"task": {"tools": [5]}}, "$.task.tools[0]"),
        ({"task": {"classifications": 5}}, "$.task.classifications"),
        ({"task": {"classifications": [[]]}}, "$.task.classifications[0]"),
        ({"task": {"relations": {}}}, "$.task.relations"),
        ({"task": {"relations": [None]}}, "$.task.relations[0]"),
        ({"task": {"stageHistory": {}}}, "$.task.stageHistory"),
        ({"task": {"stageHistory": [5]}}, "$.task.stageHistory[0]"),
        ({"task": {"stageHistory": [{"duration": "12 s"}]}}, "$.task.stageHistory[0].duration"),
        ({"task": {"stageHistory": [{"completedAt": True}]}}, "$.task.stageHistory[0].completedAt"),
        ({"task": {"stageHistory": [{"completedBy": []}]}}, "$.task.stageHistory[0].completedBy"),
        ({"task": {"stageHistory": [{"tools": 5}]}}, "$.task.stageHistory[0].tools"),
        ({"tasks": {}, "task": None}, "$.tasks"),
        ({"tasks": [5], "task": None}, "$.tasks[0]"),
        ({"task": {}, "tasks": []}, "$.tasks"),
    ],
)
def test_a_wrong_type_is_told_with_its_path(damage, path):
    assert paths({**with_tools(BOX), **damage}) == [path]


def test_what_is_repaired_of_metadata():
    asset = parsed({**with_tools(), "metadata": {"width": "800", "height": 600, "frameRate": -3, "other": [1]}})
    assert asset.size == (800, 600)
    assert "frameRate" not in asset.metadata
    assert asset.metadata["other"] == [1]


def test_an_unreadable_file_of_several_keeps_its_page():
    assert parsed({"dataset": ["a.png", 3.5, None, {}, "e.png"]}).dataset == ("a.png", "3.5", None, None, "e.png")


def test_damaged_text_costs_as_little_as_it_can():
    text = raw(with_tools(BOX, {**BOX, "objectId": "b"}, {**BOX, "objectId": "c"}, stage="Complete"))
    nan = parsed(text.replace(b'"x": 1', b'"x": NaN', 1))
    assert [a.key for a in nan.tasks[0].current.labels.annotations] == ["bounding-box"] * 3
    assert [a.tool.KEY for a in nan.tasks[0].current.labels.annotations] == ["unknown", "bounding-box", "bounding-box"]
    assert [p.path for p in told(nan)] == ["$", "$.task.tools[0].bounding-box.x"]
    half = parsed(text.replace(b'"car"', b'"\\ud83d"', 1))
    assert half.tasks[0].current.labels.annotations[0].title == "\ufffd"
    assert [p.what for p in told(half)] == ["the text is damaged"]
    deep = parsed(text.replace(b'"car"', b'"\xff"', 1))
    assert [(p.path, p.instead) for p in told(deep)] == [("$.task.tools[0]", "it was repaired")]
    assert deep.tasks[0].current.labels.count == 3
    name = parsed(text.replace(b'"externalId": "a.png"', b'"externalId": "\xe9.png"', 1))
    assert name.external_id == "\ufffd.png"
    assert [p.external_id for p in told(name)] == ["\ufffd.png"]


def test_deep_nesting_costs_only_itself():
    deep = b"[" * 100_000 + b"]" * 100_000
    asset = parsed(raw(with_tools(BOX, BOX)).replace(b'"s"', deep, 1))
    assert asset.tasks[0].current.labels.count == 2
    assert told(asset)


def test_problems_carry_the_place():
    (problem,) = told(parsed(with_tools(5)))
    assert (problem.file, problem.asset_index, problem.external_id) == ("export.json", 7, "a.png")
    (problem,) = parsed({"externalId": 5}).problems
    assert problem.external_id == "5"


# ---- mutations: nothing but ExportError, and untouched labels still come out -----------------------------

HOSTILE: list[Any] = [
    None, True, -1, 2.5, 1e9, float("nan"), float("inf"), 10**400, "", "3", "\ud83d", "x" * 2000, [], {}, [[]],
    [None], {"a": {"b": [1]}}, [[1, 2], [3, "4"]], "NaN", [1, 2, 3], {"x": 1}, "@deep",
]  # fmt: skip


def nodes(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        found += nodes(child, (*path, key))
    return found


def mutated(asset: Any, path: tuple[Any, ...], dice: random.Random) -> bytes:
    parent = asset
    for key in path[:-1]:
        parent = parent[key]
    key, kind = path[-1], dice.choice(["set", "set", "set", "delete", "double", "wrap"])
    if kind == "set":
        parent[key] = dice.choice(HOSTILE)
    elif kind == "delete":
        del parent[key]
    elif kind == "double" and isinstance(parent, list):
        parent.insert(key, parent[key])
    elif kind == "double":
        parent[f"{key}2"] = parent[key]
    else:
        parent[key] = dice.choice([[parent[key]], {"w": parent[key]}, [parent[key], parent[key]]])
    depth = dice.choice([50, 150, 3000])
    return json.dumps(asset).replace('"@deep"', "[" * depth + "]" * depth).encode()


def untouched(asset: Any, path: tuple[Any, ...]) -> list[bytes]:
    """The current entries that a change at `path` leaves alone, as JSON."""
    task = asset.get("task")
    if not isinstance(task, dict) or path[0] != "task" or len(path) < 2:
        return []
    tools = task.get("tools", [])
    if path[1] != "tools":
        return [json.dumps(t).encode() for t in tools]
    return [json.dumps(t).encode() for i, t in enumerate(tools) if len(path) > 2 and i != path[2]]


def drawn(asset: Asset) -> list[bytes]:
    return [a.raw for task in asset.tasks for a in task.current.labels.annotations]


@pytest.mark.parametrize("start", range(5))
def test_nothing_raises_and_neighbours_stay(start):
    everything = [*examples(), *seed()]
    places = [nodes(asset) for asset in everything]
    dice = random.Random(start)
    for _ in range(300):
        i = dice.randrange(len(everything))
        asset = json.loads(json.dumps(everything[i]))
        path = dice.choice(places[i])
        expected = untouched(asset, path)
        found = parse_asset(mutated(asset, path, dice), index=i)
        left = set(drawn(found))
        assert [e for e in expected if e not in left] == [], path
        problems_of(found)

"""One pass over an export: every undamaged asset is listed, whatever happened to its neighbour."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.make import exports
from tests.make.export_damage import DAMAGE
from viewer import limits
from viewer.errors import Problem
from viewer.export import Row, Summary, index
from viewer.export.parse import parse_asset
from viewer.model import counts_as_label

ASSETS = 12
SMALL = {"image": 0.5, "multi-image": 0.2, "pdf": 0.15, "text": 0.15}
MADE: dict[str, Any] = {"assets": ASSETS, "seed": 40, "kinds": SMALL}

LOST, MENDED, SOUND = "lost", "mended", "sound"
OUTCOME = {
    "bad_number": LOST,
    "nan": MENDED,
    "missing_brace": LOST,
    "missing_brace_in_label": LOST,
    "unterminated_string": LOST,
    "bad_utf8_in_name": MENDED,
    "bad_utf8_in_label": SOUND,  # text of labels is passed over here; opening the asset tells it
    "control_character": MENDED,
    "raw_newline": MENDED,
    "lone_surrogate": MENDED,
    "lost_start": LOST,
    "junk_between": SOUND,
    "wrong_type": SOUND,
    "null_point": SOUND,
    "number_as_string": SOUND,
    "not_an_object": LOST,
    "deep_nesting": MENDED,
    "duplicate_key": SOUND,
    "missing_task": SOUND,
    "nested_look_alike": SOUND,
}
"""What each kind of damage costs its asset."""


def read(path: Path) -> tuple[list[Row], list[Problem], Summary]:
    rows: list[Row] = []
    problems: list[Problem] = []
    summary = index.build(path, on_rows=rows.extend, on_problems=problems.extend)
    return rows, problems, summary


@pytest.fixture(scope="module", autouse=True)
def made_once() -> Iterator[None]:
    """The same few assets stand in all the files here."""
    made: dict[str, str] = {}
    make = exports.asset_json

    def asset_json(*args: Any, **options: Any) -> str:
        key = f"{args}{options}"
        return made[key] if key in made else made.setdefault(key, make(*args, **options))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exports, "asset_json", asset_json)
        patch.setattr(exports, "pretty", functools.lru_cache(64)(exports.pretty))
        yield


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    folder = tmp_path_factory.mktemp("sound")
    return {layout: read(exports.write(folder / layout, layout=layout, **MADE))[0] for layout in exports.LAYOUTS}


def place_for(kind: str, layout: str) -> int:
    """The first asset from the fourth on that has what this kind of damage breaks."""
    for i in range(3, ASSETS - 1):
        text = exports.asset_json(40, i, kinds=SMALL, dense=0.1)
        try:
            DAMAGE[kind]((exports.pretty(text, 1) if layout == "pretty" else text).encode())
        except AssertionError:
            continue
        return i
    raise AssertionError(f"no asset can be damaged by {kind}")


def test_every_kind_of_damage_has_its_outcome() -> None:
    assert set(OUTCOME) == set(DAMAGE)


@pytest.mark.parametrize("layout", exports.LAYOUTS)
@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_costs_the_damaged_asset_alone(
    kind: str, layout: str, tmp_path: Path, sound: dict[str, list[Row]]
) -> None:
    bad = place_for(kind, layout)
    path = exports.write(tmp_path / "e", layout=layout, **MADE, damage={bad: kind})
    rows, problems, summary = read(path)
    assert len(rows) == summary.rows == ASSETS
    assert summary.problems == len(problems)
    data = path.read_bytes()
    for i, (row, before) in enumerate(zip(rows, sound[layout])):
        assert row.index == i
        if i == bad:
            continue
        placeless = {"start": 0, "end": 0}
        assert msgspec.structs.replace(row, **placeless) == msgspec.structs.replace(before, **placeless)
        # and its bytes are where the row says
        assert json.loads(data[row.start : row.end])["task"]["taskId"] == row.task_id
    outcome = OUTCOME[kind]
    assert rows[bad].readable == (outcome != LOST)
    assert rows[bad].problems == (0 if outcome == SOUND else 1)
    told = [(p.severity, p.asset_index) for p in problems]
    if kind == "junk_between":
        assert told == [("error", None)]
    elif outcome == SOUND:
        assert told == []
    else:
        assert told == [("error" if outcome == LOST else "warning", bad)]
    for problem in problems:
        assert problem.file == "e"
        assert problem.offset is not None
        first = rows[bad].start
        assert first <= problem.offset <= rows[bad + 1].start
        assert problem.what
        assert problem.instead


@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_a_cut_file_keeps_all_whole_assets(layout: str, tmp_path: Path, sound: dict[str, list[Row]]) -> None:
    path = exports.write(tmp_path / "e", layout=layout, **MADE, cut=0.8)
    size = path.stat().st_size
    rows, problems, _ = read(path)
    whole = [row for row in sound[layout] if row.end <= size]
    assert 2 < len(whole) < ASSETS
    assert [row.task_id for row in rows] == [row.task_id for row in whole] + [None]
    assert not rows[-1].readable
    assert ("error", len(whole)) in [(p.severity, p.asset_index) for p in problems]
    assert any("the file ends inside" in p.what for p in problems)


@pytest.mark.parametrize("layout", exports.LAYOUTS)
@pytest.mark.parametrize("how", [{"bom": True}, {"crlf": True}, {"bom": True, "crlf": True}])
def test_marks_and_line_ends_change_nothing(
    layout: str, how: dict[str, bool], tmp_path: Path, sound: dict[str, list[Row]]
) -> None:
    rows, problems, summary = read(exports.write(tmp_path / "e", layout=layout, **MADE, **how))
    assert not problems
    here = [msgspec.structs.replace(row, start=0, end=0) for row in rows]
    assert here == [msgspec.structs.replace(row, start=0, end=0) for row in sound[layout]]
    assert summary.layout == ("ndjson" if layout == "ndjson" else "array")


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


def test_cancelling_stops_between_assets(tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e", assets=ASSETS)
    rows: list[Row] = []
    summary = index.build(path, on_rows=rows.extend, on_problems=lambda _: None, cancelled=lambda: len(rows) >= 3)
    assert summary.cancelled
    assert len(rows) == 3


def test_deep_nesting_is_a_problem_of_its_asset(tmp_path: Path) -> None:
    good = json.loads(exports.asset_json(7, 0))
    text = b"[" + json.dumps(good).encode() + b',{"asset":"a","externalId":"deep","x":' + b"[" * 100_000
    text += b"]" * 100_000 + b"}," + json.dumps(good).encode() + b"]"
    path = tmp_path / "e.json"
    path.write_bytes(text)
    rows, _, _ = read(path)
    assert [row.external_id for row in rows if row.external_id != "deep"] == [good["externalId"]] * 2


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


def test_other_first_keys_and_concatenated_objects_are_found(tmp_path: Path) -> None:
    one = {"asset": "a.png", "externalId": "1", "task": {}}
    assets = [one, {"externalId": "2", "asset": "b.png"}, {"task": {}, "externalId": "3"}, {**one, "externalId": "4"}]
    path = tmp_path / "e.json"
    path.write_text(json.dumps(assets * 3))
    rows, problems, _ = read(path)
    assert [row.external_id for row in rows] == ["1", "2", "3", "4"] * 3
    assert not problems
    path.write_text("\n".join(json.dumps(asset, indent=2) for asset in assets))
    rows, problems, summary = read(path)
    assert [row.external_id for row in rows] == ["1", "2", "3", "4"]
    assert not problems
    assert summary.layout == "ndjson"


def test_assets_inside_of_an_asset_are_not_listed(tmp_path: Path) -> None:
    inner = {"asset": "i.png", "externalId": "inner", "task": {}}
    assets = [
        {"asset": "a.png", "externalId": "1", "contextData": {"was": [inner] * 40}, "task": {"tools": []}},
        {"asset": "b.png", "externalId": "2", "task": {}},
    ]
    path = tmp_path / "e.json"
    for indent in (None, 2):
        path.write_text(json.dumps(assets, indent=indent))
        rows, problems, _ = read(path)
        assert [row.external_id for row in rows] == ["1", "2"]
        assert not problems


def test_text_with_many_raw_line_breaks_is_one_asset(tmp_path: Path) -> None:
    lines = [f'{{"asset":"{i}.png","externalId":"{i}","task":{{}}}}' for i in range(4)]
    lines[1] = lines[1].replace('"task"', '"contextData":"one\ntwo\n\nthree\nfour\nfive\nsix\nseven","task"')
    path = tmp_path / "e.json"
    path.write_text("\n".join(lines))
    rows, problems, _ = read(path)
    assert [row.external_id for row in rows] == ["0", "1", "2", "3"]
    assert [(p.severity, p.asset_index) for p in problems] == [("warning", 1)]


@pytest.mark.parametrize(
    ("assets", "generation"),
    [
        ([{"asset": "a", "task": {"tools": []}}], "v3"),
        ([{"asset": "a", "tasks": [{"objects": []}]}], "v2"),
        ([{"externalId": "a", "objects": [{"point": [1, 2]}]}], "import"),
        ([{"asset": "a", "task": {"tools": [{"frames": [{"page": 1, "point": [1, 2]}]}]}}], "current"),
        (
            [{"asset": "a", "task": {}}, {"asset": "a", "task": {"tools": [{"frames": {"7": {"point": [1, 2]}}}]}}],
            "current",
        ),
        ([{"asset": "a", "task": {}}, {"asset": "b", "tasks": [{}]}], "mixed"),
        ([{"asset": "a"}], "v3"),
        ([], "v3"),
    ],
)
def test_the_generation_is_told_by_the_shapes(assets: list[Any], generation: str, tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_text(json.dumps(assets))
    rows, problems, summary = read(path)
    assert not problems
    assert len(rows) == len(assets)
    assert summary.generation == generation


def test_an_asset_larger_than_the_limit_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ASSET_JSON_BYTES", 9 << 20)
    monkeypatch.setattr(index, "PROBE", 1 << 20)
    assets = [{"asset": "a.png", "externalId": str(i), "task": {}} for i in range(5)]
    assets[2]["contextData"] = "x" * (20 << 20)
    path = tmp_path / "e.json"
    path.write_text(json.dumps(assets))
    rows, problems, _ = read(path)
    assert [row.external_id for row in rows] == ["0", "1", None, "3", "4"]
    assert [(p.asset_index, "larger than 9 MB" in p.what) for p in problems] == [(2, True)]


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


def test_many_problems_are_counted_and_some_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROBLEMS_KEPT", 10)
    path = tmp_path / "e.json"
    path.write_text('[{"asset":"a","task":{}}' + ",5" * 30 + "]")
    rows, problems, summary = read(path)
    assert len(rows) == 31
    assert len(problems) == 10
    assert summary.problems == 30


TOKENS = (
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\n", b"\0", b"\xff", b"null", b"NaN", b"1e999", b'"asset":',
    b'{"asset":', b'},{"asset":"x"', b"[[[[", b"\\ud800", b"\x1f",
)  # fmt: skip


def test_random_damage_costs_the_damaged_asset_alone(tmp_path: Path, data: Path) -> None:
    """Bytes of one asset of six are dropped, doubled, replaced or put in, in every layout."""
    examples = json.loads((data / "ango-examples.json").read_bytes())
    small = [asset for asset in examples if len(json.dumps(asset)) < 4000]
    dice = random.Random(5)
    path = tmp_path / "e"
    for _ in range(300):
        layout = dice.choice(exports.LAYOUTS)
        texts = []
        for i in range(6):
            text = json.dumps({**dice.choice(small), "externalId": f"N{i}"}, ensure_ascii=False, separators=(",", ":"))
            texts.append((exports.pretty(text, 1) if layout == "pretty" else text).encode())
        bad = dice.randrange(6)
        broken = bytearray(texts[bad])
        for _ in range(dice.choice((1, 1, 2, 4))):
            at, length = dice.randrange(max(1, len(broken))), dice.randrange(1, 150)
            kind = dice.randrange(4)
            if kind == 0:
                broken[at : at + length] = b""
            elif kind == 1:
                broken[at:at] = dice.choice(TOKENS)
            elif kind == 2:
                broken[at : at + 1] = bytes([dice.randrange(256)])
            else:
                broken[at:at] = broken[at : at + length]
        texts[bad] = bytes(broken)
        before, between, after = {"array": (b"[", b",", b"]"), "ndjson": (b"", b"\n", b"\n")}.get(
            layout, (b"[\n  ", b",\n  ", b"\n]\n")
        )
        path.write_bytes(before + between.join(texts) + after)
        rows, _, _ = read(path)
        assert [row.index for row in rows] == list(range(len(rows)))
        names = {row.external_id for row in rows if row.readable}
        assert names >= {f"N{i}" for i in range(6) if i != bad}, (layout, bad, texts[bad])


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

"""``diff`` as README documents it: which snapshots, rows and columns, forms, two exports, exit states."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.commands.conftest import box, image_asset

KEYS = [
    "asset_index", "asset_id", "external_id", "subject", "from_index", "from_stage", "to_index", "to_stage", "kinds",
    "tool", "title", "schema_id", "object_id_before", "object_id_after", "page_before", "page_after", "iou",
    "shift_px", "hausdorff_px", "area_ratio", "answers", "by", "at",
]  # fmt: skip
TRACK_KEYS = [*KEYS[:16], "page_last", *KEYS[16:]]
NO_LISTS: dict[str, Any] = {"classifications": [], "relations": []}


def visit(stage: str, *tools: Any, who: str = "a@example.com", when: str = "2026-11-01T10:00:00.000Z", **more: Any):
    return {"stage": stage, "stageId": f"id of {stage}", "completedBy": who, "completedAt": when, "duration": 1000,
            "tools": list(tools), **NO_LISTS, **more}  # fmt: skip


def history() -> dict[str, Any]:
    """Start (empty), Label, Review and the current state: moved and reclassified, one added, one removed."""
    start = visit("Start")
    label = visit("Label", box(1, 2, 10, 8, object_id="m"), box(30, 5, 6, 6, object_id="gone"), who="l@example.com")
    review = visit("Review", box(4, 6, 10, 8, object_id="m"), who="r@example.com", when="2026-11-02T10:00:00.000Z")
    task = {
        "stageHistory": [start, label, review],
        "updatedBy": "c@example.com",
        "updatedAt": "2026-11-03T10:00:00.000Z",
    }
    now = [box(4, 6, 10, 8, object_id="m", title="van"), box(40, 30, 9, 9, object_id="new")]
    return image_asset("page.png", *now, task=task)


def changes(told: Any) -> list[dict[str, Any]]:
    assert told.status == (1 if told.json["changes"] else 0), told
    assert list(told.json) == ["changes", "problems"]
    return told.json["changes"]


def by_object(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["object_id_after"] or row["object_id_before"]: row for row in rows}


def test_the_first_snapshot_with_labels_against_the_current_state(cli, write):
    rows = changes(cli("diff", write([history()])))
    assert all(list(row) == KEYS for row in rows)
    found = by_object(rows)
    assert set(found) == {"m", "gone", "new"}
    moved = found["m"]
    assert moved["kinds"] == ["reclassified", "moved"]
    assert (moved["from_index"], moved["from_stage"], moved["to_index"], moved["to_stage"]) == (
        1,
        "Label",
        3,
        "Complete",
    )
    assert moved["shift_px"] == pytest.approx(5.0)
    assert moved["hausdorff_px"] == pytest.approx(5.0)
    assert moved["iou"] == pytest.approx(7 * 4 / (160 - 28))
    assert moved["area_ratio"] == pytest.approx(1.0)
    assert (moved["tool"], moved["title"], moved["schema_id"]) == ("bounding-box", "van", "schema of van")
    assert (moved["by"], moved["at"]) == ("c@example.com", "2026-11-03T10:00:00.000Z")
    assert (moved["page_before"], moved["page_after"], moved["answers"]) == (None, None, [])
    assert found["new"]["kinds"] == ["added"]
    assert found["new"]["object_id_before"] is None
    assert found["new"]["iou"] is None
    gone = found["gone"]
    assert (gone["kinds"], gone["object_id_after"], gone["title"]) == (["removed"], None, "car")


def test_each_snapshot_against_the_next_one(cli, write):
    rows = changes(cli("diff", write([history()]), "--consecutive"))
    steps = {(row["from_index"], row["to_index"]): [] for row in rows}
    for row in rows:
        steps[row["from_index"], row["to_index"]].append(
            (row["object_id_after"] or row["object_id_before"], row["kinds"])
        )
    assert steps == {
        (0, 1): [("m", ["added"]), ("gone", ["added"])],
        (1, 2): [("m", ["moved"]), ("gone", ["removed"])],
        (2, 3): [("m", ["reclassified"]), ("new", ["added"])],
    }
    assert {row["by"] for row in rows if row["to_index"] == 2} == {"r@example.com"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--from", "Label", "--to", "Review"], {"m": ["moved"], "gone": ["removed"]}),
        (["--from", "id of Label", "--to", "2"], {"m": ["moved"], "gone": ["removed"]}),
        (["--from", "Review"], {"m": ["reclassified"], "new": ["added"]}),
        (["--to", "Label"], {}),
        (["--from", "current", "--to", "0"], {"m": ["removed"], "new": ["removed"]}),
    ],
)
def test_stages_are_named_as_in_render(cli, write, options, expected):
    rows = changes(cli("diff", write([history()]), *options))
    assert {name: row["kinds"] for name, row in by_object(rows).items()} == expected


def test_one_asset_by_its_reference(cli, write):
    path = write([image_asset("x.png", box(1, 1, 4, 4), externalId="same"), history()])
    assert cli("diff", path, "--asset", "0").status == 0
    rows = changes(cli("diff", path, "--asset", "1"))
    assert {row["asset_index"] for row in rows} == {1}
    assert {row["external_id"] for row in rows} == {"page.png"}


def test_relations_and_answers_of_the_asset_are_rows(cli, write):
    def radio(answer: str) -> dict[str, Any]:
        return {"tool": "radio", "title": "Weather", "schemaId": "w", "objectId": "q", "answer": answer}

    def arrow(target: str) -> dict[str, Any]:
        return {"objectId": "r", "schemaId": "on", "title": "on", "from": "a", "to": target, "direction": "straight"}

    boxes = [box(1, 1, 4, 4, object_id="a"), box(9, 9, 4, 4, object_id="b"), box(20, 9, 4, 4, object_id="c")]
    before = visit("Label", *boxes, classifications=[radio("Rain")], relations=[arrow("b")])
    asset = image_asset("page.png", *boxes, task={"stageHistory": [before], "classifications": [radio("Sun")],
                                                  "relations": [arrow("c")]})  # fmt: skip
    rows = changes(cli("diff", write([asset])))
    relation, answer = rows
    assert (relation["subject"], relation["kinds"], relation["object_id_after"]) == ("relation", ["retargeted"], "r")
    assert relation["answers"] == [{"path": "to", "old": "b", "new": "c"}]
    assert (answer["subject"], answer["kinds"], answer["tool"]) == ("classification", ["changed"], "radio")
    assert [(a["old"], a["new"]) for a in answer["answers"]] == [("Rain", "Sun")]


def film() -> dict[str, Any]:
    """A track of twelve entries whose entries 4 to 6 moved, and one that came on pages 8 and 9."""

    def entry(page: int, x: float, name: str) -> dict[str, Any]:
        return {**box(x, 5, 8, 8, object_id=name), "page": page}

    before = [entry(page, 5 + page, "t") for page in range(12)]
    after = [entry(page, 5 + page + (20 if 4 <= page <= 6 else 0), "t") for page in range(12)]
    after += [entry(page, 30, "n") for page in (8, 9)]
    return image_asset("film.mp4", *after, externalId="film.mp4", task={"stageHistory": [visit("Label", *before)]})


def test_tracks_are_one_row_for_each_kind(cli, write):
    path = write([film()])
    entries = changes(cli("diff", path))
    assert [(row["page_after"], row["kinds"]) for row in entries] == [
        (4, ["moved"]), (5, ["moved"]), (6, ["moved"]), (8, ["added"]), (9, ["added"]),
    ]  # fmt: skip
    rows = changes(cli("diff", path, "--level", "track"))
    assert all(list(row) == TRACK_KEYS for row in rows)
    told = {row["object_id_after"]: row for row in rows}
    assert (told["t"]["kinds"], told["t"]["page_before"], told["t"]["page_after"], told["t"]["page_last"]) == (
        ["moved"], 4, 4, 6,
    )  # fmt: skip
    assert told["t"]["shift_px"] == pytest.approx(20)
    assert (told["n"]["kinds"], told["n"]["page_before"], told["n"]["page_after"], told["n"]["page_last"]) == (
        ["added"], None, 8, 9,
    )  # fmt: skip


def test_csv_has_the_same_rows_and_no_formula(cli, write):
    asset = history()
    asset["externalId"] = "=HYPERLINK(1)"
    path = write([asset])
    rows = changes(cli("diff", path))
    told = cli("diff", path, "--format", "csv")
    assert told.status == 1
    listed = list(csv.DictReader(io.StringIO(told.out)))
    assert len(listed) == len(rows)
    assert list(listed[0]) == KEYS
    for one, row in zip(listed, rows):
        assert json.loads(one["kinds"]) == row["kinds"]
        assert one["shift_px"] == ("" if row["shift_px"] is None else repr(row["shift_px"]))
        assert one["external_id"] == "'=HYPERLINK(1)"


def test_parquet_has_the_same_rows(cli, write, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path, out = write([history(), film()]), tmp_path / "deep" / "changes.parquet"
    rows = changes(cli("diff", path))
    assert cli("diff", path, "--format", "parquet", "-o", out).status == 1
    with duckdb.connect() as database:
        found = database.execute(f"SELECT * FROM '{out}'")
        assert [column[0] for column in found.description] == KEYS
        listed = [dict(zip(KEYS, values)) for values in found.fetchall()]
    lists = {"kinds", "answers"}
    assert [{k: json.loads(v) if k in lists else v for k, v in row.items()} for row in listed] == rows
    assert cli("diff", write([]), "--format", "parquet", "-o", tmp_path / "none.parquet").status == 0
    assert (tmp_path / "none.parquet").read_bytes()[:4] == b"PAR1"


def test_parquet_without_its_library_names_the_extra(cli, write, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    assert "ango-viewer[parquet]" in cli("diff", write([history()]), "--format", "parquet").sentence


def test_two_exports(cli, write):
    one = [
        {**image_asset("a.png", box(1, 1, 5, 5)), "assetId": "A", "externalId": "a"},
        {**image_asset("b.png", box(1, 1, 5, 5), task={"taskId": "tb"}), "externalId": "b"},
        {**image_asset("c.png"), "externalId": "only before", "task": {"taskId": "tc", "tools": []}},
    ]
    two = [
        {**image_asset("d.png"), "externalId": "only after", "task": {"taskId": "td", "tools": []}},
        {**image_asset("b2.png", box(3, 1, 5, 5), task={"taskId": "tb"}), "externalId": "renamed"},
        {**image_asset("a.png", box(1, 4, 5, 5), task={"taskId": "other"}), "assetId": "A", "externalId": "a"},
    ]
    before, after = write(one, "one.json"), write(two, "two.json")
    rows = changes(cli("diff", before, "--against", after))
    told = [(row["asset_index"], row["subject"], row["kinds"], row["shift_px"]) for row in rows]
    assert told == [
        (0, "label", ["moved"], pytest.approx(3)),
        (1, "label", ["moved"], pytest.approx(2)),
        (2, "asset", ["removed"], None),
        (0, "asset", ["added"], None),
    ]
    assert [row["external_id"] for row in rows] == ["a", "b", "only before", "only after"]
    assert list(rows[2]) == KEYS
    assert [row["asset_index"] for row in changes(cli("diff", before, "--against", after, "--asset", "b"))] == [1]
    assert changes(cli("diff", before, "--against", before)) == []


def test_stages_of_two_exports(cli, write):
    path, other = write([history()], "one.json"), write([history()], "two.json")
    rows = changes(cli("diff", path, "--against", other, "--from", "Label", "--to", "Review"))
    assert {row["kinds"][0] for row in rows} == {"moved", "removed"}
    assert {(row["from_stage"], row["to_stage"]) for row in rows} == {("Label", "Review")}


def test_the_file_is_there_only_when_it_is_complete(cli, write, tmp_path):
    out = tmp_path / "out.json"
    assert cli("diff", write([history()]), "-o", out).status == 1
    assert len(json.loads(out.read_text())["changes"]) == 3
    before = out.read_bytes()
    assert cli("diff", write([history()]), "--from", "Audit", "-o", out).status == 2
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.glob("out*")] == ["out.json"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--asset", "nobody"], "nobody"),
        (["--asset", "0", "--from", "Audit"], "Audit"),
        (["--from", "Audit"], "Audit"),
        (["--consecutive", "--to", "Label"], "--consecutive"),
        (["--level", "pixel"], "pixel"),
        (["--against", "no-such.json"], "no-such.json"),
    ],
)
def test_what_could_not_be_compared_is_one_sentence(cli, write, options, words):
    assert words in cli("diff", write([history()]), *options).sentence


def test_an_asset_without_the_stage_is_left_out_and_counted(cli, write):
    told = cli("diff", write([history(), image_asset("x.png", box(1, 1, 4, 4))]), "--from", "Label")
    assert {row["asset_index"] for row in changes(told)} == {0}
    assert "1 of 2 assets have no such stage" in told.err


def test_a_damaged_asset_is_a_problem_and_the_others_are_compared(cli, write):
    text = json.dumps([history(), history()])
    told = cli("diff", write(text.replace('"stageHistory"', '"stageHistory" 7', 1)))
    assert {row["asset_index"] for row in changes(told)} == {1}
    assert [problem["asset_index"] for problem in told.json["problems"]] == [0]
    assert told.json["problems"][0]["severity"] == "error"


def test_nothing_changed(cli, write):
    asset = image_asset("page.png", box(1, 1, 4, 4), task={"stageHistory": [visit("Label", box(5, 5, -4, -4))]})
    told = cli("diff", write([asset]))
    assert (told.status, told.json) == (0, {"changes": [], "problems": []})

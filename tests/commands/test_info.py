"""``info --json`` as README documents it: every field, its type and its meaning, from the raw JSON."""

from __future__ import annotations

import json
import zipfile
from types import NoneType
from typing import Any, get_args

import pytest

from tests.commands.conftest import box, image_asset
from tests.make.assets import examples, seed
from viewer.model import AssetKind

TEXT, NUMBER = (str, NoneType), (int, NoneType)
EXPORT = {"path": str, "layout": str, "generation": str, "bytes": int}
ASSET = {
    "index": int, "asset_id": TEXT, "task_id": TEXT, "tasks": int, "external_id": TEXT, "kind": str, "pages": NUMBER,
    "batches": list, "stage": TEXT, "stages": list, "labels": dict, "relations": int, "classifications": int,
    "problems": int,
}  # fmt: skip
STAGE = {
    "index": int, "stage": TEXT, "stage_id": TEXT, "completed_at": TEXT, "completed_by": TEXT, "duration_ms": NUMBER,
    "review_status": TEXT, "labels": int,
}  # fmt: skip
LABELS = {"total": int, "by_title": dict, "by_tool": dict}
PROBLEM = {
    "severity": str, "file": TEXT, "asset_index": NUMBER, "external_id": TEXT, "offset": NUMBER, "path": TEXT,
    "what": str, "instead": str,
}  # fmt: skip


def check(value: dict[str, Any], form: dict[str, Any]) -> None:
    """The members of `form` in its order, each of its type; booleans are no numbers."""
    assert list(value) == list(form)
    for name, kind in form.items():
        assert isinstance(value[name], kind) and not isinstance(value[name], bool), (name, value[name])


def check_all(told: dict[str, Any]) -> None:
    assert list(told) == ["export", "assets", "problems"]
    check(told["export"], EXPORT)
    assert told["export"]["layout"] in ("array", "object", "ndjson", "zip")
    assert told["export"]["generation"] in ("v2", "v3", "current", "import", "mixed")
    errors = [p for p in told["problems"] if p["severity"] == "error"]
    unreadable = {p["asset_index"] for p in errors if p["offset"] is not None}
    for index, asset in enumerate(told["assets"]):
        check(asset, ASSET)
        assert asset["index"] == index
        assert asset["kind"] in get_args(AssetKind)
        assert all(isinstance(batch, str) for batch in asset["batches"])
        if asset["index"] in unreadable:
            assert asset["stages"] == [] and asset["problems"] >= 1
            continue
        assert len(asset["stages"]) >= 1
        for number, stage in enumerate(asset["stages"]):
            check(stage, STAGE)
            assert stage["index"] == number
        check(asset["labels"], LABELS)
        for counts in (asset["labels"]["by_title"], asset["labels"]["by_tool"]):
            assert all(isinstance(n, int) and n > 0 for n in counts.values())
            assert sum(counts.values()) == asset["labels"]["total"]
        assert asset["stages"][-1]["labels"] == asset["labels"]["total"]
        assert asset["stages"][-1]["stage"] == asset["stage"]
    for problem in told["problems"]:
        check(problem, PROBLEM)
        assert problem["severity"] in ("error", "warning") and problem["what"]
        assert problem["asset_index"] is None or problem["asset_index"] < len(told["assets"])


def info(cli: Any, path: Any) -> dict[str, Any]:
    told = cli("info", path, "--json")
    assert told.status == 0 and told.err == ""
    check_all(told.json)
    return told.json


def drawn(entries: list[Any]) -> list[Any]:
    """Entries with geometry: what counts as a label by the words of the interface."""
    known = ("bounding-box", "rotated-bounding-box", "polygon", "polyline", "point", "segmentation")
    return [e for e in entries if any(isinstance(e.get(tool), dict | list) for tool in known)]


def test_examples(cli, data):
    told = info(cli, data / "ango-examples.json")
    path = data / "ango-examples.json"
    assert told["export"] == {
        "path": str(path), "layout": "array", "generation": "mixed", "bytes": path.stat().st_size,
    }  # fmt: skip
    raw = examples()
    assert len(told["assets"]) == len(raw)
    for asset, made in zip(raw, told["assets"], strict=True):
        task = asset.get("task") or asset["tasks"][0]
        assert made["task_id"] == task["taskId"]
        assert made["external_id"] == asset["externalId"]
        assert made["asset_id"] == asset.get("assetId")
        assert made["tasks"] == len(asset.get("tasks", [0]))
        assert made["batches"] == [batch for batch in asset.get("batches", []) if batch]
        assert made["stage"] == task.get("stage")
        assert made["relations"] == len(task.get("relations", []))


def test_kinds_and_pages(cli, data):
    told = info(cli, data / "ango-examples.json")["assets"]
    kinds = {asset["index"]: (asset["kind"], asset["pages"]) for asset in told}
    assert kinds[0] == ("image", 1)
    assert kinds[5] == ("video", 120) and kinds[6] == ("video", 250) and kinds[7] == ("video", 90)
    assert kinds[8] == ("multi-image", 3) and kinds[16] == ("multi-image", 3)
    assert kinds[9] == ("pdf", 2) and kinds[15] == ("dicom", 96)
    assert [kinds[i][0] for i in (10, 11, 12, 13, 14, 17, 18, 20, 21)] == [
        "text", "audio", "markdown", "html", "chat", "volume", "volume", "pct", "link",
    ]  # fmt: skip


def test_stages_in_order_with_the_current_state_last(cli, data):
    task = examples()[22]["task"]
    made = info(cli, data / "ango-examples.json")["assets"][22]
    assert made["stages"] == [
        {
            "index": i,
            "stage": entry["stage"],
            "stage_id": entry["stageId"],
            "completed_at": entry.get("completedAt"),
            "completed_by": entry.get("completedBy"),
            "duration_ms": entry.get("duration"),
            "review_status": entry.get("reviewStatus"),
            "labels": len(entry["tools"]),
        }
        for i, entry in enumerate([*task["stageHistory"], {"stage": "Complete", "stageId": "Complete", **task}])
    ]
    assert [stage["review_status"] for stage in made["stages"]] == [None, None, "Rejected", None, "Accepted", None]
    assert made["stages"][-1]["duration_ms"] is None, "totalDuration is the work of all stages, not of the last"


def test_two_tasks_are_one_asset_shown_by_the_first(cli, data):
    made = info(cli, data / "ango-examples.json")["assets"][27]
    first = examples()[27]["tasks"][0]
    assert (made["tasks"], made["task_id"]) == (2, first["taskId"])
    assert made["labels"] == {
        "total": 2, "by_title": {"car": 1, "roof": 1}, "by_tool": {"bounding-box": 1, "polygon": 1},
    }  # fmt: skip
    assert (made["relations"], made["classifications"]) == (1, 1)
    assert made["stage"] is None and made["stages"][0]["stage"] is None


def test_video_forms(cli, data):
    """The flat form with stop entries, every frame, and frames inside of objects (format reference §7)."""
    told = info(cli, data / "ango-examples.json")["assets"]
    flat = examples()[5]["task"]["tools"]
    assert any(entry.get("interpolationStopped") for entry in flat)
    assert told[5]["labels"]["total"] == len(drawn([e for e in flat if not e.get("interpolationStopped")]))
    every = examples()[6]["task"]["tools"]
    assert told[6]["labels"]["total"] == len([e for e in every if not e.get("interpolationStopped")])
    assert told[7]["labels"] == {
        "total": 5, "by_title": {"car": 4, "landmark": 1}, "by_tool": {"bounding-box": 4, "point": 1},
    }  # fmt: skip


def test_seed(cli, data):
    told = info(cli, data / "seed-sample.json")
    assert told["export"]["generation"] == "v3" and told["problems"] == []
    asset = seed()
    asset = asset[0] if isinstance(asset, list) else asset
    made = told["assets"][0]
    assert (made["kind"], made["pages"]) == ("video", 507)
    assert len(made["stages"]) == len(asset["task"]["stageHistory"]) + 1


@pytest.mark.parametrize("layout", ["array", "object", "ndjson", "zip", "zip of ndjson", "BOM", "pretty", "CRLF"])
def test_layouts_say_the_same(cli, write, tmp_path, layout):
    assets = [image_asset("a.png", box(1, 2, 3, 4)), image_asset("b.png")][: 1 if layout == "object" else 2]
    text = json.dumps(assets)
    if layout == "object":
        path = write(assets[0])
    elif layout == "ndjson":
        path = write("\n".join(map(json.dumps, assets)) + "\n", "export.ndjson")
    elif layout.startswith("zip"):
        path = tmp_path / "export.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            inner = "\n".join(map(json.dumps, assets)) if "ndjson" in layout else text
            archive.writestr("folder/export.ndjson" if "ndjson" in layout else "folder/export.json", inner)
    elif layout == "BOM":
        path = write(b"\xef\xbb\xbf" + text.encode())
    else:
        made = json.dumps(assets, indent=2)
        path = write((made.replace("\n", "\r\n") if layout == "CRLF" else made).encode())
    told = info(cli, path)
    expected = layout.split()[0] if layout.split()[0] in ("object", "ndjson", "zip") else "array"
    assert told["export"]["layout"] == expected
    assert told["export"]["bytes"] == path.stat().st_size
    assert [a["labels"]["total"] for a in told["assets"]] == [1, 0][: len(assets)]
    assert told["problems"] == []
    assert info(cli, path) == told, "the stored index says the same"


LABEL = {"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}, "schemaId": "s", "title": "car",
         "classifications": []}  # fmt: skip
V2 = {"asset": "a.png", "externalId": "a", "tasks": [{"taskId": "t", "objects": [LABEL], "classifications": []}]}
V3 = image_asset("a.png", box(1, 2, 3, 4))
FRAMES = {"objectId": "o", "schemaId": "s", "title": "car", "classifications": [],
          "frames": {"0": LABEL, "9": LABEL}}  # fmt: skip
CURRENT = image_asset("a.mp4", FRAMES) | {"externalId": "a.mp4", "metadata": {"frameTotal": 20, "frameRate": 10}}
IMPORT = {"externalId": "a.png", "data": "https://x.example.com/a.png", "tools": [LABEL], "classifications": []}
WEBHOOK = V3 | {
    "projectId": "p", "batches": ["6512"], "batchNames": ["first batch"],
    "categorySchema": {"tools": [{"schemaId": "schema of car", "title": "car", "color": "#ff0000"}]},
    "task": V3["task"] | {"stage": "5e8f78a7", "stageName": "Review"},
}  # fmt: skip
GENERATIONS = {
    "v2": ([V2], 1), "v3": ([V3], 1), "current": ([CURRENT], 2), "import": ([IMPORT], 1), "mixed": ([V2, V3], 1),
}  # fmt: skip


@pytest.mark.parametrize("generation", GENERATIONS)
def test_generations(cli, write, generation):
    assets, labels = GENERATIONS[generation]
    told = info(cli, write(assets))
    assert told["export"]["generation"] == generation
    assert [asset["labels"]["total"] for asset in told["assets"]] == [labels] * len(assets)
    assert all(asset["labels"]["by_title"] == {"car": labels} for asset in told["assets"])


def test_a_webhook_payload(cli, write):
    told = info(cli, write(WEBHOOK))
    assert (told["export"]["layout"], told["export"]["generation"]) == ("object", "v3")
    made = told["assets"][0]
    assert (made["stage"], made["batches"]) == ("Review", ["first batch"])
    assert made["stages"][-1]["stage_id"] == "5e8f78a7"


def test_absent_values_are_null(cli, write):
    made = info(cli, write([{"asset": "a.png", "task": {"taskId": "t", "tools": []}}]))["assets"][0]
    assert {name: made[name] for name in ("asset_id", "external_id", "stage")} == dict.fromkeys(
        ("asset_id", "external_id", "stage")
    )
    assert made["batches"] == []
    assert made["stages"] == [dict.fromkeys(STAGE) | {"index": 0, "labels": 0}]


def test_pages_of_a_video_are_unknown_until_something_tells(cli, write):
    made = info(cli, write([image_asset("clip.mp4") | {"externalId": "clip.mp4", "metadata": {}}]))["assets"][0]
    assert (made["kind"], made["pages"]) == ("video", None)


def test_a_damaged_asset_keeps_its_index(cli, write):
    parts = [json.dumps(image_asset("a.png", box(1, 1, 2, 2))) for _ in range(4)]
    parts[1] = '{"asset": "a.png", "task": {"tools": [' + "\x01\x02 nonsense }, ]}"
    parts[2] = "17"
    told = info(cli, write("[" + ",\n".join(parts) + "]"))
    assert told["assets"][0]["labels"]["total"] == told["assets"][-1]["labels"]["total"] == 1
    concerned = {problem["asset_index"] for problem in told["problems"]}
    assert 1 in concerned and concerned <= {1, 2, None}
    damaged = told["assets"][1]
    assert damaged["problems"] >= 1 and damaged["labels"]["total"] == 0
    assert all(p["file"] == "export.json" for p in told["problems"])


def test_the_same_names_twice(cli, write):
    told = info(cli, write([image_asset(), image_asset()]))
    assert [asset["external_id"] for asset in told["assets"]] == ["page.png", "page.png"]


def test_durations_that_are_no_number_are_null(cli, write):
    history = [{"stage": "Label", "stageId": "L", "duration": d, "tools": []} for d in ("x", -1, 1.6, None, True, 5)]
    made = info(cli, write([image_asset(task={"stageHistory": history})]))["assets"][0]
    durations = [stage["duration_ms"] for stage in made["stages"]]
    assert durations[0] is None and durations[3] is None and durations[4] is None and durations[5] == 5


def test_nothing_is_fetched_and_nothing_secret_told(cli, data, monkeypatch):
    import socket

    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for more in ([], ["--json"]):
        told = cli("info", data / "ango-examples.json", *more)
        assert told.status == 0
        assert "X-Amz-Signature" not in told.out + told.err and "?X-Amz" not in told.out + told.err


def test_the_table_for_people(cli, data, write):
    told = cli("info", data / "ango-examples.json")
    lines = told.out.splitlines()
    assert lines[0] == "ango-examples.json: 28 assets, 73 labels, array, mixed"
    assert len(lines) == 29
    assert lines[6] == "     5  06-video-keyframes-flat.webm  [video · 120 pages · Complete · 3 stages · 12 labels]"
    one = cli("info", write([image_asset("page.png", box(1, 1, 5, 5))])).out.splitlines()
    assert one == ["export.json: 1 asset, 1 label, array, v3", "     0  page.png  [image · Complete · 1 label]"]
    told = cli("info", write("[" + json.dumps(image_asset()) + ', {"asset" 17}]'))
    assert "`ango-viewer validate` names each" in told.err and told.status == 0


def test_cache_dir_keeps_the_index(cli, data, tmp_path):
    cache = tmp_path / "kept here"
    assert cli("info", data / "seed-sample.json", "--cache-dir", cache).status == 0
    assert any(path.is_file() for path in cache.rglob("*"))


def test_a_cache_that_cannot_be_written_costs_nothing(cli, data, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    told = cli("info", data / "seed-sample.json", "--cache-dir", blocked)
    assert (told.status, told.err) == (0, "")

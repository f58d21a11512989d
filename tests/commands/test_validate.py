"""``validate``: every problem of an export, one a line; none for a sound one; it never fetches."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from tests.commands.conftest import box, image_asset
from tests.make import exports


def lines(told):
    """(severity, asset index, external id, place, what, instead) of each line."""
    assert told.err == ""
    found = [line.split("\t") for line in told.out.splitlines()]
    assert all(len(parts) == 6 for parts in found)
    assert told.status == (1 if found else 0)
    return found


def test_sound_exports_have_none(cli, write, data, page, tmp_path):
    assert lines(cli("validate", data / "seed-sample.json")) == []
    history = [{"stage": "Label", "stageId": "Label", "tools": [box(1, 1, 5, 5)]}]
    assert (
        lines(cli("validate", write([image_asset("page.png", box(1, 1, 5, 5), task={"stageHistory": history})]))) == []
    )


def states(task):
    """Current state and history entries by the JSON path of their lists."""
    yield "$.task", task
    for number, visit in enumerate(task["stageHistory"]):
        yield f"$.task.stageHistory[{number}]", visit


def test_made_exports_have_the_problems_that_were_made(cli, tmp_path):
    """The generator draws rings that cross themselves and removes labels that relations name; nothing else is told."""
    path = exports.write(tmp_path / "made.json", assets=30)
    dangling = set()
    for index, asset in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        for place, state in states(asset["task"]):
            known = {entry["objectId"] for entry in state["tools"]}
            for number, relation in enumerate(state["relations"]):
                ends = relation.get("group") or [relation["from"], relation["to"]]
                if not known.issuperset(ends):
                    dangling.add((str(index), f"{place}.relations[{number}]"))
    found = lines(cli("validate", path))
    assert {(line[1], line[3]) for line in found if "relation" in line[4]} == dangling != set()
    assert all("crosses itself" in line[4] for line in found if "relation" not in line[4])


def test_what_is_absent_or_expired_is_no_problem(cli, write):
    expired = "https://bucket.example.com/a.png?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=canary"
    bare = [
        {"asset": expired},
        {"asset": expired, "task": {"taskId": "t", "tools": []}},
        {"asset": expired, "task": None},
    ]
    told = cli("validate", write(bare))
    assert lines(told) == []


def test_a_line_has_its_columns(cli, write):
    entries = (box(1, 1, 5, 5), {"objectId": "o2", "schemaId": "s", "title": "x", "future-tool": {"a": 1}})
    found = lines(cli("validate", write([image_asset("https://x.example.com/p.png", *entries)])))
    assert found == [
        [
            "error",
            "0",
            "page.png",
            "$.task.tools[1].future-tool",
            found[0][4],
            "it is listed with its raw JSON, not drawn",
        ]
    ]
    assert "future-tool" in found[0][4]


CONTRADICTIONS = {
    "dangling relation": (
        image_asset(task={"relations": [{"objectId": "r", "schemaId": "s", "from": "o1", "to": "nobody"}]}),
        "warning", "nobody",
    ),
    "page out of range": (image_asset("page.png", box(1, 1, 5, 5) | {"page": 7}), "error", "page"),
    "empty polygon": (image_asset("page.png", {"polygon": [], "objectId": "o", "schemaId": "s"}), "error", ""),
    "polygon of one point": (
        image_asset("page.png", {"polygon": [[1, 1]], "objectId": "o", "schemaId": "s", "title": "t"}), "error", "",
    ),
    "wrong type": (image_asset("page.png", box("x", 1, 5, 5)), "error", ""),
    "history": (
        image_asset(task={"stageHistory": [{"stage": "L", "stageId": "L", "tools": [box("x", 1, 5, 5)]}]}), "error", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_problems_of_the_json(cli, write, page, name):
    asset, severity, word = CONTRADICTIONS[name]
    found = lines(cli("validate", write([image_asset(), asset, image_asset()])))
    assert found, "nothing was found"
    assert {parts[1] for parts in found} == {"1"}
    assert severity in {parts[0] for parts in found}
    assert all(parts[3].startswith("$") and parts[4] for parts in found)
    assert any(word in parts[4] + parts[3] for parts in found)
    if name == "history":
        assert all("stageHistory[0]" in parts[3] for parts in found)


def test_sizes_that_differ_from_the_file(cli, write, tmp_path):
    Image.new("RGB", (100, 48)).save(tmp_path / "page.png")
    found = lines(cli("validate", write([image_asset()])))
    assert len(found) == 1 and found[0][0] == "warning"
    assert "64" in found[0][4] and "100" in found[0][4]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"what is this?"])
def test_media_that_cannot_be_decoded(cli, write, tmp_path, content):
    (tmp_path / "page.png").write_bytes(content)
    found = lines(cli("validate", write([image_asset()])))
    assert [parts[0] for parts in found] == ["error"]
    assert found[0][3] == "$.asset"


def test_located_media_are_looked_at(cli, write, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    Image.new("RGB", (10, 10)).save(folder / "page.png")
    path = write([image_asset("https://bucket.example.com/deep/page.png?X-Amz-Signature=canary")])
    assert lines(cli("validate", path)) == []
    found = lines(cli("validate", path, "--assets-dir", folder))
    assert len(found) == 1 and "10" in found[0][4]
    assert "canary" not in str(found)


def test_nothing_is_fetched(cli, data, monkeypatch):
    import socket

    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    told = cli("validate", data / "ango-examples.json", "--allow-private-hosts")
    assert told.status == 1
    assert "X-Amz" not in told.out


def test_json(cli, data):
    told = cli("validate", data / "ango-examples.json", "--json")
    assert told.status == 1 and list(told.json) == ["problems"]
    listed = lines(cli("validate", data / "ango-examples.json"))
    assert len(told.json["problems"]) == len(listed)
    for problem, line in zip(told.json["problems"], listed, strict=True):
        assert list(problem) == [
            "severity", "file", "asset_index", "external_id", "offset", "path", "what", "instead",
        ]  # fmt: skip
        assert line == [
            problem["severity"], str(problem["asset_index"]), problem["external_id"], problem["path"], problem["what"],
            problem["instead"],
        ]  # fmt: skip
    sound = cli("validate", data / "seed-sample.json", "--json")
    assert (sound.status, sound.json) == (0, {"problems": []})


def test_a_damaged_asset_is_told_with_its_byte(cli, write):
    parts = [json.dumps(image_asset()) for _ in range(3)]
    parts[1] = parts[1].replace('"tools": [', '"tools": [[[')
    found = lines(cli("validate", write("[" + ",\n".join(parts) + "]")))
    assert {parts[1] for parts in found} <= {"1", ""}
    assert any(parts[3].startswith("byte ") for parts in found)

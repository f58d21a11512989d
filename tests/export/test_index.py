"""One pass over an export: where assets are found, of which generation, and when the pass stops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.export.indexing import read
from tests.make import exports
from viewer import limits
from viewer.export import Row, index


def test_cancelling_stops_between_assets(tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e", assets=12)
    rows: list[Row] = []
    summary = index.build(path, on_rows=rows.extend, on_problems=lambda _: None, cancelled=lambda: len(rows) >= 3)
    assert summary.cancelled
    assert len(rows) == 3


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


def test_many_problems_are_counted_and_some_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROBLEMS_KEPT", 10)
    path = tmp_path / "e.json"
    path.write_text('[{"asset":"a","task":{}}' + ",5" * 30 + "]")
    rows, problems, summary = read(path)
    assert len(rows) == 31
    assert len(problems) == 10
    assert summary.problems == 30

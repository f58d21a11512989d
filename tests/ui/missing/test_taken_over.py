from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from viewer.export import Export
from viewer.export.parse import parse_asset
from viewer.ui.missing.taken_over import TakenOver, pair, take_over

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OLD = "?X-Amz-Date=20261110T000000Z&X-Amz-Expires=120000&X-Amz-Signature=OLD"
NEW = "?X-Amz-Date=20261124T000000Z&X-Amz-Expires=120000&X-Amz-Signature=NEW"
STORE = "https://store.test/"


def asset(**members: Any) -> Any:
    return parse_asset(json.dumps({"task": {"taskId": "t"}} | members).encode(), index=0)


def test_the_link_of_an_asset_is_its_own_whatever_the_file_is_called() -> None:
    old, new = asset(asset=f"{STORE}a.png{OLD}"), asset(asset=f"{STORE}moved/b.png{NEW}")
    assert pair(old, new) == {f"{STORE}a.png{OLD}": f"{STORE}moved/b.png{NEW}"}


@pytest.mark.parametrize("new", [None, "folder/a.png", "file:///a.png", "s3://bucket/a.png", "some text: of words"])
def test_only_links_are_taken(new: str | None) -> None:
    assert pair(asset(asset=f"{STORE}a.png{OLD}"), asset(asset=new)) == {}


def test_a_path_or_a_place_in_a_store_gets_a_link() -> None:
    for old in ("folder/a.png", "s3://bucket/a.png"):
        assert pair(asset(asset=old), asset(asset=f"{STORE}a.png{NEW}")) == {old: f"{STORE}a.png{NEW}"}


def test_files_of_a_dataset_go_by_path_then_by_name_then_by_place() -> None:
    old = asset(dataset=[f"{STORE}{name}{OLD}" for name in ("x/1.dcm", "y/1.dcm", "y/2.dcm")])
    same = asset(dataset=[f"{STORE}{name}{NEW}" for name in ("y/2.dcm", "y/1.dcm", "x/1.dcm")])
    assert pair(old, same) == {
        f"{STORE}{name}{OLD}": f"{STORE}{name}{NEW}" for name in ("x/1.dcm", "y/1.dcm", "y/2.dcm")
    }
    fewer = asset(dataset=[f"{STORE}z/2.dcm{NEW}"])
    assert pair(old, fewer) == {f"{STORE}y/2.dcm{OLD}": f"{STORE}z/2.dcm{NEW}"}
    others = asset(dataset=[f"{STORE}{name}{NEW}" for name in ("p", "q", "r")])
    assert list(pair(old, others).values()) == [f"{STORE}{name}{NEW}" for name in ("p", "q", "r")]


def masks(query: str, names: list[str], left: list[str]) -> Any:
    history = [
        {"stage": "Label", "stageId": "s", "completedAt": at, "brushDataUrl": f"{STORE}{name}{query}"}
        for name, at in zip(names[:-1], left, strict=True)
    ]
    current = {"taskId": "t", "brushDataUrl": f"{STORE}{names[-1]}{query}", "stageHistory": history}
    return asset(asset=f"{STORE}a.png{query}", task=current)


def test_masks_are_those_of_the_same_stage_or_file_and_no_others() -> None:
    old = masks(OLD, ["1.png", "2.png", "now.png"], ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"])
    same = masks(NEW, ["1.png", "2.png", "now.png"], ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"])
    assert len(pair(old, same)) == 4
    # the first stage was stored under another name; the second was left again, with another mask; the mask of today
    # is another one, which would change the labels
    later = masks(NEW, ["one.png", "other.png", "later.png"], ["2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"])
    assert pair(old, later) == {
        f"{STORE}a.png{OLD}": f"{STORE}a.png{NEW}",
        f"{STORE}1.png{OLD}": f"{STORE}one.png{NEW}",
    }


def test_queries_that_name_the_file_count() -> None:
    old = asset(dataset=[f"{STORE}get?file=1", f"{STORE}get?file=2"])
    new = asset(dataset=[f"{STORE}get?file=2", f"{STORE}get?file=1"])
    assert pair(old, new) == {f"{STORE}get?file={n}": f"{STORE}get?file={n}" for n in (1, 2)}


def export(folder: Path, name: str, *assets: dict[str, Any]) -> Export:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(assets))
    return Export.open(path, cache_dir=folder / "cache").read()


def named(name: str, url: str | None) -> dict[str, Any]:
    return {"assetId": name, "externalId": name, "asset": url, "task": {"taskId": f"t{name}"}}


def taken(own: Export, other: Export, **options: Any) -> TakenOver:
    with own, other:
        found = take_over(own, other, now=NOW, **options)
    assert found is not None
    return found


def test_all_is_counted(tmp_path: Path) -> None:
    own = export(tmp_path, "own", *(named(str(n), f"{STORE}{n}.png{OLD}") for n in range(5)))
    other = export(
        tmp_path,
        "other",
        named("9", f"{STORE}9.png{NEW}"),
        named("1", f"{STORE}1.png{NEW}"),
        named("2", f"{STORE}2.png{OLD}"),
        named("3", "3.png"),
        named("4", f"{STORE}open.png"),
    )
    steps: list[tuple[int, int]] = []
    found = taken(own, other, on_progress=lambda done, total: steps.append((done, total)))
    assert found.links == {f"{STORE}1.png{OLD}": f"{STORE}1.png{NEW}", f"{STORE}4.png{OLD}": f"{STORE}open.png"}
    ends = int(datetime(2026, 11, 25, 9, 20, tzinfo=UTC).timestamp())
    assert found.ends == {1: ends, 4: None}
    assert (found.assets, found.matched, found.expired, found.files) == (5, 4, 1, 1)
    assert found.ended == datetime(2026, 11, 11, 9, 20, tzinfo=UTC)
    assert steps == [(n, 4) for n in range(4)]
    assert "NEW" not in repr(found)


def test_it_can_be_stopped(tmp_path: Path) -> None:
    own, other = (export(tmp_path, name, named("1", f"{STORE}1.png{OLD}")) for name in ("own", "other"))
    with own, other:
        assert take_over(own, other, now=NOW, cancelled=lambda: True) is None


def test_a_damaged_asset_costs_itself_alone(tmp_path: Path) -> None:
    own = export(tmp_path, "own", *(named(str(n), f"{STORE}{n}.png{OLD}") for n in range(2)))
    path = tmp_path / "other.json"
    deep = "[" * 200 + "]" * 200
    path.write_text(
        json.dumps([named("0", f"{STORE}0.png{NEW}"), named("1", f"{STORE}1.png{NEW}")]).replace(
            '"taskId": "t0"', f'"taskId": "t0", "deep": {deep}'
        )
    )
    found = taken(own, Export.open(path, cache_dir=tmp_path / "cache").read())
    assert list(found.links) == [f"{STORE}1.png{OLD}"]

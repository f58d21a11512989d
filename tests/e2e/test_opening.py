"""Exports opened one after the other, in the wrong moment, or not at all; and a key held down through all assets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.e2e.conftest import Program
from tests.make import exports
from tests.make.assets import examples
from viewer.export import Export

Start = Callable[..., Program]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """An export that takes a moment to list."""
    return exports.write(tmp_path / "large.json", size=12_000_000)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return exports.write(tmp_path / "small.json", assets=3)


def test_a_refused_export_does_not_stop_the_listing_of_the_open_one(
    program: Start, large: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("this is no export")
    p = program(large, offline=True)
    p.wait(lambda: p.session.export is not None)
    assert p.session.reading.is_listing
    p.session.open_export(bad)
    p.wait(lambda: any("bad.json" in text for text in p.told))
    p.wait(lambda: p.session.export is not None and p.session.export.complete)
    assert p.session.export is not None
    with Export.open(large, cache_dir=tmp_path / "another cache") as alone:
        expected = len(alone.read().rows)
    assert len(p.session.export.rows) == expected
    assert not p.session.reading.is_listing
    assert p.window.assets.model.counts() == (expected, expected)


def test_of_two_exports_opened_at_once_the_later_one_stays(program: Start, large: Path, small: Path) -> None:
    p = program(large, offline=True)
    p.session.open_export(small)
    p.listed(3)
    assert p.session.export is not None
    assert p.session.export.path == small
    assert p.window.windowTitle().startswith("small.json")
    assert p.window.assets.model.counts() == (3, 3)


def test_rows_of_an_export_that_was_left_do_not_come(program: Start, large: Path, small: Path) -> None:
    p = program(large, offline=True)
    p.wait(lambda: p.session.export is not None and len(p.session.export.rows) > 0)
    p.session.open_export(small)
    p.wait(lambda: p.session.export is not None and p.session.export.path == small)
    p.listed(3)
    assert p.window.assets.model.counts() == (3, 3)


def test_closing_at_once(program: Start, large: Path) -> None:
    p = program(large)
    p.close()
    assert p.session.export is None


def test_closing_while_a_page_is_decoded(program: Start, demo: Path) -> None:
    p = program(demo)
    p.wait(lambda: p.session.asset is not None)
    p.close()


def test_no_thread_is_left_at_work(program: Start, demo: Path) -> None:
    before = set(threading.enumerate())
    p = program(demo)
    p.shown(0, 0)
    p.close()
    p.wait(lambda: not [t for t in set(threading.enumerate()) - before if not t.daemon])


BAD = {
    "words": "this is no export",
    "empty": "",
    "deep": "[" * 100_000,
    "web page": "<!DOCTYPE html><html></html>",
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_export_is_told_where_the_page_would_be(program: Start, tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(BAD[name])
    p = program(path)
    p.words("bad.json")
    assert p.window.canvas.isVisible()
    assert p.session.export is None


def test_a_folder_with_two_exports_and_a_missing_file(program: Start, tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        exports.write(tmp_path / name, assets=1)
    p = program(tmp_path)
    p.words("one.json")
    p.session.open_export(tmp_path / "three.json")
    p.words("three.json")
    p.session.open_export(tmp_path / "one.json")
    p.listed(1)


def test_an_export_that_changes_while_it_is_open(program: Start, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "export.json", assets=60)
    p = program(path, offline=True)
    p.listed(60)
    p.wait(lambda: p.session.asset is not None)
    path.write_text("[]")
    p.session.open_asset(59)  # one that nobody has looked at, not even for its thumbnail
    p.words("changed on disk")
    assert p.session.asset is None
    assert p.session.export is not None
    assert len(p.session.export.rows) == 60


def test_wrong_issues_and_a_wrong_ontology_are_told(program: Start, demo: Path, tmp_path: Path) -> None:
    bad = tmp_path / "notes.json"
    bad.write_text('{"a": 1}')
    p = program(demo, issues=bad, ontology=tmp_path / "none.json")
    p.shown(0, 0)
    p.wait(lambda: len(p.told) >= 2)
    assert any("notes.json" in text for text in p.told)
    assert any("none.json" in text for text in p.told)
    assert not p.session.issues
    assert p.session.ontology is None


def test_a_place_that_is_not_there_is_told_and_the_first_asset_opens(program: Start, demo: Path) -> None:
    p = program(demo, asset="nobody", stage="Nowhere")
    p.shown(0, 0)
    assert any("nobody" in text for text in p.told)
    named = program(demo, asset="0", page=10**6, stage="Nowhere", object_id="nothing")
    named.shown(0, 0)
    assert any("Nowhere" in text for text in named.told)


def ids_of(value: Any) -> set[str]:
    """All object ids in a part of an export."""
    if isinstance(value, dict):
        own = {value["objectId"]} if isinstance(value.get("objectId"), str) else set()
        return own.union(*map(ids_of, value.values()))
    return set().union(*map(ids_of, value)) if isinstance(value, list) else set()


def test_a_key_held_down_through_all_assets_never_mixes_them(program: Start, data: Path, standins: Path) -> None:
    raw = examples()
    ids = [ids_of(asset) for asset in raw]
    sizes = [(a["metadata"].get("width"), a["metadata"].get("height")) for a in raw]
    p = program(data / "ango-examples.json", assets_dir=standins)
    p.listed(28)
    p.shown(0, 0)
    seen: list[int] = []
    mixed: list[str] = []

    def check(scene: Any, content: Any) -> None:
        at = p.session.state.place.asset
        assert at is not None
        seen.append(at)
        if content.key != p.session.loader.key:
            mixed.append(f"{at}: pixels of another page")
        if not set(content.store.object_ids) <= ids[at] or scene.store is not content.store:
            mixed.append(f"{at}: labels of another asset")
        one_image = content.kind == "image" and not raw[at].get("dataset")
        if one_image and sizes[at] != (None, None) and content.page_size != sizes[at]:
            mixed.append(f"{at}: pixels of another asset")

    p.session.page_shown.connect(check)
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
        for step in range(27):
            p.qtbot.keyClick(p.window.canvas, key)
            if step % 9 == 4:
                p.wait(lambda: p.session.asset is not None)
    p.shown(27)
    assert mixed == []
    assert seen[-1] == 27
    assert p.window.canvas.message is None
    assert p.window.header.position.text() == "28 of 28"

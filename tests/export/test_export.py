"""An open export: rows, assets on demand, names, and a second opening without reading."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from pathlib import Path

import pytest

from tests.make import exports
from viewer.errors import ExportError
from viewer.export import Export, Row, store
from viewer.export import export as export_module


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return exports.write(tmp_path / "made.json", assets=9)


def test_a_second_opening_reads_nothing(path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Export.open(path, cache_dir=cache) as first:
        assert not first.complete
        first.read()
        rows = list(first.rows)
    monkeypatch.setattr(export_module.indexing, "build", None)
    with Export.open(path, cache_dir=cache) as second:
        assert second.complete
        assert second.rows == rows
        assert second.asset(3).external_id == rows[3].external_id


def test_a_changed_file_is_read_again(path: Path, cache: Path) -> None:
    with Export.open(path, cache_dir=cache) as first:
        first.read()
        assert not first.changed
        exports.write(path, assets=4)
        assert first.changed
    with Export.open(path, cache_dir=cache) as second:
        assert not second.complete
        assert len(second.read().rows) == 4


def test_a_file_that_was_changed_is_not_read_with_old_offsets(path: Path, cache: Path) -> None:
    with Export.open(path, cache_dir=cache) as export:
        export.read()
        export.asset(0)
        with path.open("r+b") as file:
            file.truncate(1000)
        assert export.asset(0).index == 0  # was read before
        with pytest.raises(ExportError, match="changed on disk"):
            export.asset(1)


def test_a_deleted_file_stays_readable_while_it_is_open(path: Path, cache: Path) -> None:
    with Export.open(path, cache_dir=cache) as export:
        export.read()
        path.unlink()
        assert export.changed
        assert export.asset(3).external_id == export.rows[3].external_id


def test_few_assets_are_kept(path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_module, "KEPT_BYTES", 1)
    with Export.open(path, cache_dir=cache) as export:
        export.read()
        first = export.asset(0)
        assert export.asset(0) is first
        export.asset(1)
        assert export.asset(0) is not first


def test_reading_without_pread(path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pread", raising=False)
    with Export.open(path, cache_dir=cache) as export:
        export.read()
        for row in export.rows:
            assert export.asset(row.index).external_id == row.external_id


def test_rows_that_do_not_continue_are_refused(path: Path, cache: Path) -> None:
    with Export.open(path, cache_dir=cache) as export:
        with pytest.raises(ExportError, match="not listed yet"):
            export.asset(0)
        with pytest.raises(ValueError, match="cannot follow"):
            export.extend([Row(index=3, start=0, end=1)])


def test_an_asset_nested_too_deep_is_shown_to_the_depth_that_is_safe(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "e.json"
    deep = "[" * 150 + "]" * 150
    path.write_text(
        '[{"asset":"a.png","externalId":"x","contextData":' + deep + ',"task":{"tools":[{"point":[1,2]}]}}]'
    )
    with Export.open(path, cache_dir=cache) as export:
        export.read()
        assert export.rows[0].labels == 1
        asset = export.asset(0)
        assert asset.tasks[0].current.labels.count == 1
        assert "nested deeper than 100 levels" in asset.problems[0].what


@pytest.mark.parametrize("damage", ["garbage", "schema", "empty", "rows", "cut"])
def test_a_damaged_index_is_made_anew(path: Path, cache: Path, damage: str) -> None:
    with Export.open(path, cache_dir=cache) as first:
        first.read()
        place = store.place_of(cache, first.name)
    assert place.exists()
    if damage == "garbage":
        place.write_bytes(b"this is no database" * 100)
    elif damage == "empty":
        place.write_bytes(b"")
    elif damage == "cut":
        place.write_bytes(place.read_bytes()[: place.stat().st_size // 2])
    elif damage == "rows":
        with sqlite3.connect(place) as database:
            database.execute("UPDATE assets SET row = x'00' WHERE idx = 4")
        database.close()
    else:
        with sqlite3.connect(place) as database:
            database.execute("PRAGMA user_version = 999")
        database.close()
    with Export.open(path, cache_dir=cache) as second:
        assert not second.complete
        assert len(second.read().rows) == 9


def test_the_index_has_a_place_for_differences_and_a_version(path: Path, cache: Path) -> None:
    with Export.open(path, cache_dir=cache) as export:
        export.read()
        place = store.place_of(cache, export.name)
    with sqlite3.connect(place) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (store.SCHEMA,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("SELECT count(*) FROM diffs").fetchone() == (0,)
        assert database.execute("SELECT count(*), max(idx) FROM assets").fetchone() == (9, 8)
    database.close()


def test_a_writer_that_is_discarded_leaves_nothing(cache: Path) -> None:
    writer = store.Writer(cache, "name")
    writer.add([Row(index=0, start=0, end=1)])
    assert store.load(cache, "name") is None
    writer.discard()
    assert list((cache / "indexes").iterdir()) == []


def test_two_that_save_the_same_index_do_not_meet(path: Path, cache: Path) -> None:
    with Export.open(path, cache_dir=cache) as one, Export.open(path, cache_dir=cache) as two:
        one.read()
        with sqlite3.connect(store.place_of(cache, one.name)) as database:
            database.execute("INSERT INTO diffs VALUES (0, 0, 0, 1, x'00')")
        database.close()
        two.read()
    with sqlite3.connect(store.place_of(cache, one.name)) as database:
        assert database.execute("SELECT count(*) FROM diffs").fetchone() == (1,)
    database.close()


def test_only_the_indexes_used_last_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "KEPT", 2)
    folder = cache / "indexes"
    folder.mkdir(parents=True)
    for age, name in enumerate(("new", "older", "oldest")):
        (folder / f"{name}.sqlite").write_bytes(b"")
        os.utime(folder / f"{name}.sqlite", (1e9 - age, 1e9 - age))
    store.Writer(cache, "x").discard()
    assert sorted(p.name for p in folder.iterdir()) == ["new.sqlite", "older.sqlite"]


def test_the_index_holds_no_signature(path: Path, cache: Path) -> None:
    signature = json.loads(path.read_bytes())[0]["asset"].split("X-Amz-Signature=")[1]
    with Export.open(path, cache_dir=cache) as export:
        export.read()
    for file in cache.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert signature.encode() not in content
            assert b"X-Amz" not in content


def test_an_index_that_cannot_be_saved_is_no_failure(path: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with Export.open(path, cache_dir=blocked) as export:
        assert len(export.read().rows) == 9


def test_names_are_tried_in_their_order(data: Path, cache: Path) -> None:
    with Export.open(data / "ango-examples.json", cache_dir=cache) as export:
        export.read()
        assert export.find("3") == 3
        assert export.find("404fe4b06c870aef52009a05") == 8
        assert export.find("48ebf35d9a9cfa0020aaf5bf") == 0
        assert export.find("4eb2f80599b642c9bdfb26bf") == 27  # the second task of a V2 asset
        assert export.find("09-multi-image") == 8
        with pytest.raises(ExportError, match="23, 24"):
            export.find("24-GUESS-consensus-judgment.jpg")
        with pytest.raises(ExportError, match="No asset is called"):
            export.find("nobody")
        with pytest.raises(ExportError, match="There is no asset 28"):
            export.asset(28)


def test_assets_are_read_from_several_threads(path: Path, cache: Path) -> None:
    with Export.open(path, cache_dir=cache) as export:
        export.read()
        names: dict[int, str | None] = {}

        def read(index: int) -> None:
            names[index] = export.asset(index).external_id

        threads = [threading.Thread(target=read, args=(i % 9,)) for i in range(27)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert names == {row.index: row.external_id for row in export.rows}


def test_a_damaged_asset_keeps_its_index_and_says_why(tmp_path: Path, cache: Path) -> None:
    path = exports.write(tmp_path / "e.json", assets=6, damage={2: "bad_number"})
    with Export.open(path, cache_dir=cache) as export:
        export.read()
        assert len(export.rows) == 6
        told = [problem for problem in export.problems if problem.asset_index == 2]
        assert told
        assert told[0].offset is not None
        assert export.asset(3).external_id == export.rows[3].external_id
        if not export.rows[2].readable:
            with pytest.raises(ExportError, match="Asset 2 cannot be shown"):
                export.asset(2)


def test_a_folder_is_the_one_export_in_it(path: Path, tmp_path: Path, cache: Path) -> None:
    with Export.open(tmp_path, cache_dir=cache) as export:
        assert export.path == path
    exports.write(tmp_path / "second.json", assets=1)
    with pytest.raises(ExportError, match="2 exports"):
        Export.open(tmp_path, cache_dir=cache)
    with pytest.raises(ExportError, match="does not exist"):
        Export.open(tmp_path / "nothing.json", cache_dir=cache)

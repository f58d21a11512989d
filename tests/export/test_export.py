"""An open export: rows, assets on demand, names, and a second opening without reading."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

import pytest

from tests.make import exports
from viewer.errors import ExportError
from viewer.export import Export, store
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


@pytest.mark.parametrize("damage", ["garbage", "schema", "empty"])
def test_a_damaged_index_is_made_anew(path: Path, cache: Path, damage: str) -> None:
    with Export.open(path, cache_dir=cache) as first:
        first.read()
        place = store.place_of(cache, first.name)
    assert place.exists()
    if damage == "garbage":
        place.write_bytes(b"this is no database" * 100)
    elif damage == "empty":
        place.write_bytes(b"")
    else:
        with sqlite3.connect(place) as database:
            database.execute("PRAGMA user_version = 999")
        database.close()
    with Export.open(path, cache_dir=cache) as second:
        assert not second.complete
        assert len(second.read().rows) == 9


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

from __future__ import annotations

from pathlib import Path

import pytest

from viewer.fetch.chosen_files import ChosenFiles
from viewer.fetch.locate import Address, Folder
from viewer.remembered import Remembered

A = Address(url=None, external_id="a.png", asset_key="A")


@pytest.fixture
def remembered(tmp_path: Path) -> Remembered:
    return Remembered(tmp_path / "remembered.json")


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def test_a_file_that_was_chosen_comes_before_folders_and_they_in_their_order(
    tmp_path: Path, remembered: Remembered
) -> None:
    export = tmp_path / "export.json"
    given, last, first = (touch(tmp_path / name / "a.png") for name in ("given", "last", "first"))
    own = touch(tmp_path / "own.png")
    bare = ChosenFiles(export, remembered=None, assets_dir=None)
    assert bare.find(A) is None
    files = ChosenFiles(export, remembered=remembered, assets_dir=None)
    assert files.find(A) is None
    remembered.look_in(export, last.parent)
    remembered.look_in(export, first.parent)
    assert files.find(A) == first
    assert ChosenFiles(export, remembered=remembered, assets_dir=given.parent).find(A) == given
    remembered.locate(export, "A", own)
    assert files.find(A) == own
    own.unlink()
    assert files.find(A) == first


def test_parts_of_a_dataset_are_chosen_one_by_one_or_by_their_folder(tmp_path: Path, remembered: Remembered) -> None:
    export = tmp_path / "export.json"
    parts = [touch(tmp_path / "set" / f"{n}.dcm") for n in range(2)]
    other = touch(tmp_path / "other.dcm")
    files = ChosenFiles(export, remembered=remembered, assets_dir=None)
    addresses = [Address(url=None, asset_key="S", part=n, parts=2) for n in range(2)]
    remembered.locate(export, "S", tmp_path / "set")
    remembered.locate(export, "S", other, part=1)
    assert [files.find(address) for address in addresses] == [parts[0], other]


def test_whether_subfolders_count_may_change(tmp_path: Path, remembered: Remembered) -> None:
    export, deep = tmp_path / "export.json", touch(tmp_path / "media" / "deep" / "a.png")
    files = ChosenFiles(export, remembered=remembered, assets_dir=None)
    remembered.look_in(export, tmp_path / "media", subfolders=False)
    assert files.find(A) is None
    remembered.look_in(export, tmp_path / "media")
    assert files.find(A) == deep


def test_what_was_read_of_a_folder_is_used(
    tmp_path: Path, remembered: Remembered, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, file = tmp_path / "export.json", touch(tmp_path / "media" / "deep" / "a.png")
    read = Folder(tmp_path / "media")
    assert read.scan()
    files = ChosenFiles(export, remembered=remembered, assets_dir=None)
    files.use(read)
    assert files.find(A) is None, "it is not remembered yet"
    remembered.look_in(export, tmp_path / "media")
    monkeypatch.setattr(Folder, "_scan", lambda *_: pytest.fail("it was read again"))
    assert files.find(A) == file

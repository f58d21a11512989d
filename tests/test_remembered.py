import json
from pathlib import Path

import pytest

from viewer.remembered import EXPORTS_KEPT, RECENTS_KEPT, Place, Remembered, default_path

EXPORT = Path("/exports/a.json")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "remembered.json"


def test_located_files_per_export_asset_and_part(path: Path) -> None:
    memory = Remembered(path)
    memory.locate(EXPORT, "asset", Path("/files/a.png"))
    memory.locate(EXPORT, "asset", Path("/files/part.png"), part=2)
    memory.locate(Path("/exports/b.json"), "asset", Path("/files/b.png"))
    for again in (memory, Remembered(path)):
        assert again.located(EXPORT, "asset") == Path("/files/a.png")
        assert again.located(EXPORT, "asset", part=2) == Path("/files/part.png")
        assert again.located(EXPORT, "asset", part=0) is None
        assert again.located(EXPORT, "other") is None
        assert again.located(Path("/exports/b.json"), "asset") == Path("/files/b.png")
    memory.locate(EXPORT, "asset", None)
    assert Remembered(path).located(EXPORT, "asset") is None


def test_folders_newest_first(path: Path) -> None:
    memory = Remembered(path)
    for name in ("one", "two", "one"):
        memory.look_in(EXPORT, Path("/folders") / name)
    assert Remembered(path).folders(EXPORT) == (Path("/folders/one"), Path("/folders/two"))
    memory.stop_looking_in(EXPORT, Path("/folders/one"))
    assert Remembered(path).folders(EXPORT) == (Path("/folders/two"),)
    assert Remembered(path).folders(Path("/exports/b.json")) == ()


def test_a_folder_may_be_looked_in_without_its_subfolders(path: Path) -> None:
    memory = Remembered(path)
    memory.look_in(EXPORT, Path("/folders/one"), subfolders=False)
    memory.look_in(EXPORT, Path("/folders/two"))
    for again in (memory, Remembered(path)):
        assert again.is_flat(EXPORT, Path("/folders/one"))
        assert not again.is_flat(EXPORT, Path("/folders/two"))
    memory.look_in(EXPORT, Path("/folders/one"))
    assert not Remembered(path).is_flat(EXPORT, Path("/folders/one"))
    memory.look_in(EXPORT, Path("/folders/one"), subfolders=False)
    memory.stop_looking_in(EXPORT, Path("/folders/one"))
    assert not Remembered(path).is_flat(EXPORT, Path("/folders/one"))


def test_a_newer_export_and_what_was_said_about_hosts(path: Path) -> None:
    memory = Remembered(path)
    assert memory.newer(EXPORT) is None
    memory.use_newer(EXPORT, Path("/exports/newer.json"))
    assert memory.allowed(EXPORT, "10.0.4.7") is None
    memory.allow(EXPORT, "Store.Local", True)
    memory.allow(EXPORT, "10.0.4.7", False)
    for again in (memory, Remembered(path)):
        assert again.newer(EXPORT) == Path("/exports/newer.json")
        assert again.allowed(EXPORT, "store.local") is True
        assert again.allowed(EXPORT, "10.0.4.7") is False
        assert again.allowed_hosts(EXPORT) == ("store.local",)
        assert again.allowed_hosts(Path("/exports/b.json")) == ()
    memory.use_newer(EXPORT, None)
    memory.allow(EXPORT, "10.0.4.7", None)
    assert Remembered(path).newer(EXPORT) is None
    assert Remembered(path).allowed(EXPORT, "10.0.4.7") is None


def test_places_and_recents(path: Path) -> None:
    memory = Remembered(path)
    memory.leave(EXPORT, Place(asset=3, page=7, stage="Review"))
    for number in range(RECENTS_KEPT + 5):
        memory.opened(Path(f"/exports/{number}.json"))
    memory.opened(Path(f"/exports/{RECENTS_KEPT}.json"))
    again = Remembered(path)
    assert again.place(EXPORT) == Place(asset=3, page=7, stage="Review")
    assert again.place(Path("/exports/b.json")) is None
    assert len(again.recents()) == RECENTS_KEPT
    assert again.recents()[:2] == (Path(f"/exports/{RECENTS_KEPT}.json"), Path(f"/exports/{RECENTS_KEPT + 4}.json"))
    again.forget_recents()
    assert Remembered(path).recents() == ()


def test_relative_paths_mean_the_same_file_tomorrow(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Remembered(path).locate(Path("a.json"), "asset", Path("a.png"))
    assert Remembered(path).located(tmp_path / "a.json", "asset") == tmp_path / "a.png"


def test_the_oldest_exports_are_forgotten(path: Path) -> None:
    exports = {f"/exports/{number}.json": {"files": {"a": "/a"}} for number in range(EXPORTS_KEPT)}
    path.write_text(json.dumps({"version": 1, "exports": exports}))
    memory = Remembered(path)
    memory.look_in(Path("/exports/0.json"), Path("/folder"))  # used again: no longer the oldest
    memory.look_in(EXPORT, Path("/folder"))
    again = Remembered(path)
    assert again.located(Path("/exports/0.json"), "a") == Path("/a")
    assert again.located(Path("/exports/1.json"), "a") is None
    assert again.folders(EXPORT) == (Path("/folder"),)


def test_two_programs_lose_nothing_of_each_other(path: Path) -> None:
    one, two = Remembered(path), Remembered(path)
    one.locate(EXPORT, "a", Path("/a"))
    two.locate(EXPORT, "b", Path("/b"))
    one.opened(EXPORT)
    again = Remembered(path)
    assert (again.located(EXPORT, "a"), again.located(EXPORT, "b")) == (Path("/a"), Path("/b"))
    assert again.recents() == (EXPORT,)


def test_a_damaged_entry_costs_only_itself(path: Path) -> None:
    exports = {"/exports/a.json": {"files": {"a": "/a"}}, "/exports/b.json": {"files": 5}, "/exports/c.json": []}
    path.write_text(json.dumps({"version": 1, "exports": exports, "recents": [1, "/exports/a.json", None]}))
    memory = Remembered(path)
    assert memory.located(EXPORT, "a") == Path("/a")
    assert memory.recents() == (EXPORT,)
    path.write_text('{"version": 1, "exports": 3, "recents": "x"}')
    assert Remembered(path).recents() == ()


def test_what_cannot_be_saved_still_holds_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    memory = Remembered(tmp_path / "file" / "remembered.json")
    memory.locate(EXPORT, "a", Path("/a"))
    assert memory.located(EXPORT, "a") == Path("/a")
    assert memory.notice is not None


def test_the_default_place_is_in_the_data_folder(isolated_home: Path) -> None:
    assert default_path().is_relative_to(isolated_home)


def test_the_end_of_links_is_remembered_but_no_link(tmp_path: Path) -> None:
    path, export = tmp_path / "remembered.json", tmp_path / "e.json"
    remembered = Remembered(path)
    assert remembered.links_end(export) is None
    remembered.note_links_end(export, None)
    assert not path.exists(), "nothing new is not written"
    remembered.note_links_end(export, 1_795_000_000)
    assert Remembered(path).links_end(export) == 1_795_000_000
    remembered.note_links_end(export, None)
    assert Remembered(path).links_end(export) is None

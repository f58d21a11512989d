from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from viewer.export import Export
from viewer.fetch import Sources
from viewer.fetch.locate import Folder
from viewer.ui.missing import wanted
from viewer.ui.missing.wanted import Found, addresses_in, assets_by_host, look_through, missing_of

QUERY = "?X-Amz-Signature=CANARY"
STORE = "https://store.test"


def asset(name: str | None, url: Any = None, **more: Any) -> dict[str, Any]:
    return {"externalId": name, "assetId": f"A{name}", "asset": url, "task": {"taskId": "t"}} | more


class Opened:
    """An export that is read, and its sources."""

    def __init__(self, folder: Path, assets: list[dict[str, Any]]) -> None:
        folder.mkdir(exist_ok=True)
        path = folder / "export.json"
        path.write_text(json.dumps(assets))
        self.export = Export.open(path, cache_dir=folder / "cache").read()
        self.sources = Sources(path, cache_dir=folder / "cache")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    here = tmp_path / "export" / "here.png"
    here.parent.mkdir()
    here.write_bytes(b"x")
    made = Opened(
        here.parent,
        [
            asset("a.png", f"{STORE}/a.png{QUERY}"),
            asset("here.png", "here.png"),
            asset("set", dataset=[f"{STORE}/{n}.dcm{QUERY}" for n in range(2)]),
            asset("b.png", f"http://10.0.4.7/b.png{QUERY}"),
            asset("note.txt", "Some words: no address", metadata={}),
            asset("odd.png", f"{STORE}/odd.png{QUERY}", dataset=[{"not": "a text"}]),
        ],
    )
    yield made
    made.sources.close()
    made.export.close()


def touch(root: Path, *names: str) -> Folder:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return Folder(root)


def test_what_is_missing_is_told_without_signatures(opened: Opened) -> None:
    steps: list[tuple[int, int]] = []
    found = missing_of(opened.export, opened.sources, lambda done, total: steps.append((done, total)))
    assert found is not None
    assert [(one.index, one.name) for one in found][:3] == [(0, "a.png"), (2, "set"), (3, "b.png")]
    assert 1 not in [one.index for one in found]
    assert [len(one.addresses) for one in found[:2]] == [1, 2]
    assert all("CANARY" not in str(address.url) for one in found for address in one.addresses)
    assert "store" not in repr(found)
    assert steps == [(0, 6)]
    assert missing_of(opened.export, opened.sources, cancelled=lambda: True) is None


def test_addresses_are_those_of_the_parsed_asset(opened: Opened) -> None:
    from viewer.ui import scene

    for row in opened.export.rows:
        assert addresses_in(opened.export.raw(row.index), row) == scene.addresses_of(opened.export.asset(row.index))


def test_servers_are_counted(opened: Opened) -> None:
    counts = assets_by_host(opened.export)
    assert counts["10.0.4.7"] == 1
    assert counts["store.test"] >= 2
    assert assets_by_host(opened.export, cancelled=lambda: True) == Counter()


def test_a_folder_is_looked_through(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "TOLD_EVERY", 1)
    missing = missing_of(opened.export, opened.sources)
    assert missing is not None
    missing = missing[:3]
    folder = touch(tmp_path / "media", "a.png", "set/0.dcm", "set/1.dcm", "x/b.png", "y/b.png")
    steps: list[Found] = []
    found = look_through(folder, missing, steps.append)
    assert found is not None
    assert (found.looked_for, found.found, found.unsure_assets) == (3, 2, 1)
    (unsure,) = found.unsure
    assert unsure.wanted.name == "b.png"
    assert unsure.candidates == (tmp_path / "media/x/b.png", tmp_path / "media/y/b.png")
    assert [(step.looked_for, step.found) for step in steps] == [(0, 0), (1, 1), (2, 2), (3, 2)]
    assert look_through(folder, missing, cancelled=lambda: True) is None
    nothing = look_through(touch(tmp_path / "other", "c.png"), missing)
    assert nothing is not None
    assert (nothing.found, nothing.unsure) == (0, [])

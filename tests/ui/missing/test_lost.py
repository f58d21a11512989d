"""Files that are neither here nor to be had: which they are, and when that is counted anew."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from viewer.export import Export
from viewer.fetch import Sources
from viewer.ui.missing import lost
from viewer.ui.missing.lost import Lost, lost_among
from viewer.ui.tasks import Tasks

DEAD = "?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=CANARY"
LIVE = f"?X-Amz-Date={time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}&X-Amz-Expires=120000&X-Amz-Signature=CANARY"


def asset(number: int, url: str | None, **more: Any) -> dict[str, Any]:
    name = f"f{number}.png"
    return {"externalId": name, "assetId": f"A{number}", "asset": url, "task": {"taskId": f"t{number}"}} | more


class Session(QObject):
    export_opened = Signal(object)
    listing_ended = Signal()
    asked_again = Signal()
    states_changed = Signal()
    came = Signal(object)
    closed = Signal()

    def __init__(self, export: Export, sources: Sources) -> None:
        super().__init__()
        self.tasks = Tasks(self)
        self.export = export
        self.loader = SimpleNamespace(sources=sources)
        self.thumbnails = self.transfers = self
        self.expiries = SimpleNamespace(states_changed=self.states_changed, state_of=self.state_of)
        self.states: dict[int, str] = {}

    def state_of(self, index: int) -> str:
        return self.states.get(index, "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "here.png").write_bytes(b"x")
    assets = [
        asset(0, f"https://store.test/0.png{DEAD}"),
        asset(1, f"https://store.test/1.png{LIVE}"),
        asset(2, "here.png"),
        asset(3, "gone.png"),
        asset(4, None, dataset=[f"https://store.test/{n}.png{query}" for n, query in enumerate((LIVE, DEAD))]),
        asset(5, "http://10.0.4.7/5.png"),
    ]
    (tmp_path / "export.json").write_text(json.dumps(assets))
    return tmp_path


@pytest.fixture
def session(qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(lost, "GATHERED_MS", 0)
    path = folder / "export.json"
    export, sources = Export.open(path, cache_dir=folder / "c").read(), Sources(path, cache_dir=folder / "c")
    made = Session(export, sources)
    yield made
    made.tasks.close()
    sources.close()
    export.close()


def test_what_is_lost(session: Session) -> None:
    export, sources = session.export, session.loader.sources
    assert lost_among(export, sources, range(6)) == {0, 3, 4}
    assert lost_among(export, sources, (1, 3)) == {3}
    assert lost_among(export, sources, range(6), lambda: True) is None
    sources.offline = True
    assert 1 not in (lost_among(export, sources, range(6)) or ())  # it comes when one is online again


def test_it_is_counted_when_all_is_listed_and_when_files_are_there(
    session: Session, folder: Path, qtbot: QtBot
) -> None:
    counted = Lost(session)  # type: ignore[arg-type]
    assert counted.count is None
    with qtbot.waitSignal(counted.changed):
        session.listing_ended.emit()
    assert counted.assets == {0, 3, 4}
    (folder / "gone.png").write_bytes(b"x")
    with qtbot.waitSignal(counted.changed):
        session.came.emit(None)
    assert counted.assets == {0, 4}
    (folder / "here.png").unlink()
    with qtbot.waitSignal(counted.changed):
        session.asked_again.emit()
    assert counted.assets == {0, 2, 4}
    session.states = {0: "valid", 2: "soon"}  # (a link that lives is not looked at)
    with qtbot.waitSignal(counted.changed):
        session.states_changed.emit()
    assert counted.count == 1
    with qtbot.waitSignal(counted.changed):
        session.export_opened.emit(None)
    assert counted.count is None
    session.closed.emit()


def test_what_takes_too_long_is_not_counted(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost, "COUNTED", 5)
    counted = Lost(session)  # type: ignore[arg-type]
    with qtbot.assertNotEmitted(counted.changed):
        session.listing_ended.emit()
        qtbot.waitUntil(lambda: not counted._soon.isActive())
    assert counted.count is None

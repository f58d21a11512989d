from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from viewer.export import Row
from viewer.ui import expiries
from viewer.ui.expiries import Expiries

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)


class Sources:
    def __init__(self) -> None:
        self.skew = timedelta(0)
        self.asked: list[str | None] = []

    def now(self, url: str | None) -> datetime:
        self.asked.append(url)
        return NOW + self.skew


class Session(QObject):
    export_opened = Signal(object)
    rows_read = Signal(object)
    asset_opened = Signal(object)
    settled = Signal()
    listing_ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.export: SimpleNamespace | None = None
        self.noted: list[tuple[Path, int | None]] = []
        self.remembered = SimpleNamespace(note_links_end=lambda path, ends: self.noted.append((path, ends)))
        self.loader = SimpleNamespace(sources=Sources())
        self.tasks = SimpleNamespace(run=lambda work, done: done(work()))


def row(index: int, hours: float | None) -> Row:
    ends = None if hours is None else int((NOW + timedelta(hours=hours)).timestamp())
    return Row(index=index, start=0, end=1, ends=ends)


@pytest.fixture
def session(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(expiries, "GATHERED_MS", 0)
    return Session()


@pytest.fixture
def told(session: Session) -> Expiries:
    return Expiries(session)  # type: ignore[arg-type]


def test_words_of_each_asset_and_of_the_export(session: Session, told: Expiries, qtbot: QtBot) -> None:
    with qtbot.waitSignal(told.changed):
        session.export_opened.emit(None)
        session.rows_read.emit([row(0, 21.5), row(1, None)])
    assert (told.words, told.state) == ("valid 21 h", "valid")
    with qtbot.waitSignal(told.changed):
        session.rows_read.emit([row(2, -72)])
    assert [told.of(i) for i in range(4)] == ["valid 21 h", "", "expired 3 days ago", ""]
    assert (told.words, told.state) == ("expired 3 days ago", "expired")
    assert (told.totals.signed, told.totals.expired) == (2, 1)


def test_renewed_links_are_told(session: Session, told: Expiries, qtbot: QtBot) -> None:
    session.export_opened.emit(None)
    with qtbot.waitSignal(told.states_changed):
        session.rows_read.emit([row(0, -72)])
    with qtbot.assertNotEmitted(told.states_changed), qtbot.waitSignal(told.changed):
        session.rows_read.emit([row(1, 90)])  # it is told for itself when its row is painted
    with qtbot.waitSignals([told.changed, told.states_changed]):
        told.renew({0: row(0, 33.01).ends})
    assert told.of(0) == "valid 33 h"
    assert told.state_of(0) == told.state == "valid"


def test_time_goes_on_by_the_clock_of_the_server(session: Session, told: Expiries, qtbot: QtBot) -> None:
    session.export_opened.emit(None)
    with qtbot.waitSignal(told.changed):
        session.rows_read.emit([row(0, 21.01)])
    session.asset_opened.emit(SimpleNamespace(url=None, dataset=("b.png", "https://s.example/c.png?x=1")))
    with qtbot.assertNotEmitted(told.changed):
        told.look()
    session.loader.sources.skew = timedelta(hours=20)
    with qtbot.waitSignal(told.changed):
        session.settled.emit()
    assert session.loader.sources.asked[-1] == "https://s.example/c.png?x=1"
    assert (told.words, told.state) == ("expires in 1 h", "soon")


def test_only_the_end_is_remembered_once_all_is_listed(session: Session, told: Expiries, qtbot: QtBot) -> None:
    session.export = SimpleNamespace(path=Path("a.json"), complete=False)
    session.export_opened.emit(session.export)
    with qtbot.waitSignal(told.changed):
        session.rows_read.emit([row(0, 21), row(1, 20)])
    assert session.noted == []
    session.export.complete = True
    session.listing_ended.emit()
    qtbot.waitUntil(lambda: session.noted == [(Path("a.json"), row(0, 20).ends)])


def test_another_export_forgets_the_one_before(session: Session, told: Expiries, qtbot: QtBot) -> None:
    session.export_opened.emit(None)
    session.rows_read.emit([row(0, -72)])
    with qtbot.waitSignal(told.changed):
        session.export_opened.emit(None)
    assert (told.words, told.state, told.totals.signed) == ("", "", 0)
    told.close()

"""The selected label is followed in the background: once, for the newest selection, and only where it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from tests.make.changed import changed_asset, comparison_of
from viewer.model import Asset, Task
from viewer.overlay.palette import Palette
from viewer.state import Place, ViewState
from viewer.ui import theme
from viewer.ui.changes import through
from viewer.ui.changes.through import ThroughStages
from viewer.ui.inspector import InspectorPanel
from viewer.ui.tasks import Tasks


class Counts(QObject):
    """The timeline's comparisons."""

    compared = Signal(int, int, object, object)


class Session(QObject):
    """As much of a session as is asked for."""

    export_opened = Signal(object)
    state_changed = Signal(object, object)
    page_shown = Signal(object, object)
    labels_placed = Signal(object)
    is_playing = False

    def __init__(self, asset: Asset) -> None:
        super().__init__()
        self.tasks = Tasks(self)
        self.palette = Palette()
        self.asset, self.scene = asset, None
        self.state = ViewState(Place(asset=asset.index))

    @property
    def task(self) -> Task:
        return self.asset.tasks[0]

    def select(self, object_id: str | None) -> None:
        before, self.state = self.state, replace(self.state, selection=object_id)
        self.state_changed.emit(before, self.state)


class Parts:
    """The follower between a session, a timeline and an inspector."""

    def __init__(self, qtbot: QtBot) -> None:
        self.session, self.counts, self.inspector = Session(changed_asset()), Counts(), InspectorPanel()
        qtbot.addWidget(self.inspector)
        self.inspector.show()
        self.through = ThroughStages(self.session, self.counts, self.inspector)  # type: ignore[arg-type]
        self.compared: list[tuple[int, int]] = []

    @property
    def ids(self) -> frozenset[str]:
        return self.inspector.labels._history[0]


@pytest.fixture
def parts(qtbot: QtBot, qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    theme.load_font()
    made = Parts(qtbot)
    compare = through.compare

    def counted(before, after, **options):  # type: ignore[no-untyped-def]
        made.compared.append((before.index, after.index))
        return compare(before, after, **options)

    monkeypatch.setattr(through, "compare", counted)
    yield made
    made.session.tasks.close()


def test_a_selection_is_followed(parts: Parts, qtbot: QtBot) -> None:
    parts.session.select("new")
    qtbot.waitUntil(lambda: parts.ids == {"old", "new"})
    signs = [fact.sign for fact in parts.inspector.labels._history[1] if fact.kind == "stage"]
    assert signs == ["added", "recreated", "unchanged"]


def test_nothing_is_compared_twice(parts: Parts, qtbot: QtBot) -> None:
    parts.session.select("new")
    qtbot.waitUntil(lambda: "new" in parts.ids)
    parts.session.select("moved")
    qtbot.waitUntil(lambda: "moved" in parts.ids)
    assert sorted(parts.compared) == [(0, 1), (1, 2)]


def test_what_the_timeline_compared_is_used(parts: Parts, qtbot: QtBot) -> None:
    for pair in ((0, 1), (1, 2)):
        parts.counts.compared.emit(parts.session.asset.index, 0, pair, comparison_of(parts.session.asset, *pair))
    parts.session.select("moved")
    qtbot.waitUntil(lambda: "moved" in parts.ids)
    assert parts.compared == []


def test_the_newest_selection_counts(parts: Parts, qtbot: QtBot) -> None:
    for object_id in ("same", "grown", "moved"):
        parts.session.select(object_id)
    qtbot.waitUntil(lambda: bool(parts.ids))
    assert parts.ids == {"moved"}


def test_only_where_it_is_seen(parts: Parts, qtbot: QtBot) -> None:
    parts.inspector.show_tab("json")
    parts.session.select("moved")
    assert parts.through._wish() is None
    parts.inspector.show_tab("labels")
    qtbot.waitUntil(lambda: parts.ids == {"moved"})


def test_nothing_begins_after_the_window_is_closed(parts: Parts) -> None:
    parts.session.select("moved")
    parts.inspector.close()
    parts.session.tasks.close()
    parts.through._begin()
    assert parts.ids == frozenset()


def test_another_asset_takes_it_away(parts: Parts, qtbot: QtBot) -> None:
    parts.session.select("moved")
    qtbot.waitUntil(lambda: parts.ids == {"moved"})
    before = parts.session.state
    parts.session.state = ViewState(Place(asset=parts.session.asset.index + 1))
    parts.session.state_changed.emit(before, parts.session.state)
    assert parts.ids == frozenset()
    assert parts.through._wish() is None


def test_only_so_much_is_kept(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(through, "KEPT", 3)
    comparison = comparison_of(parts.session.asset)
    for n in range(5):
        parts.counts.compared.emit(n, 0, (0, 1), comparison)
    assert [key[0] for key in parts.through._kept] == [2, 3, 4]
    monkeypatch.setattr(through, "KEPT_CHANGES", len(comparison.changes) + 1)
    parts.counts.compared.emit(5, 0, (0, 1), comparison)
    assert [key[0] for key in parts.through._kept] == [5]

"""Steps of a history are compared in the background; the newest asset wins, and nothing is compared twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from tests.make import histories
from viewer.diff import Counts, compare
from viewer.model import Asset, Classification, Labels, Relation, Task
from viewer.state import Place, ViewState
from viewer.ui.tasks import Tasks
from viewer.ui.timeline import step_counts
from viewer.ui.timeline.history import Pair
from viewer.ui.timeline.step_counts import StepCounts, pairs_of, step_of
from viewer.ui.timeline.texts import Beside


class Session(QObject):
    """As much of a session as is asked for: an asset, its task, the state, and the signals."""

    asset_opened = Signal(object)
    export_opened = Signal(object)
    state_changed = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.tasks = Tasks(self)
        self.asset: Asset | None = None
        self.state = ViewState()

    @property
    def task(self) -> Task | None:
        return None if self.asset is None else self.asset.tasks[self.state.place.task]

    def open(self, asset: Asset) -> None:
        self.leave(asset.index)
        self.asset = asset
        self.asset_opened.emit(asset)

    def leave(self, index: int) -> None:
        """The state is of an asset that is not read yet."""
        before, self.state = self.state, ViewState(Place(asset=index))
        self.asset = None
        self.state_changed.emit(before, self.state)

    def choose_task(self, task: int) -> None:
        before = self.state
        self.state = replace(before, place=replace(before.place, task=task))
        self.state_changed.emit(before, self.state)


class Told:
    """What was told, all together."""

    def __init__(self, counts: StepCounts) -> None:
        self.steps: dict[Pair, Counts] = {}
        self.beside: dict[Pair, Beside] = {}
        counts.counted.connect(self.take)

    def take(self, steps: dict[Pair, Counts], beside: dict[Pair, Beside]) -> None:
        self.steps.update(steps)
        self.beside.update(beside)


@pytest.fixture
def session(qtbot: QtBot):
    made = Session()
    yield made
    made.tasks.close()


def asset(index: int, *tasks: Task) -> Asset:
    return Asset(index=index, kind="image", url=None, metadata={}, tasks=tasks, fields={})


def test_every_step_is_counted(session: Session, qtbot: QtBot) -> None:
    told = Told(counts := StepCounts(session))  # type: ignore[arg-type]
    session.open(asset(0, histories.reworked()))
    qtbot.waitUntil(lambda: len(told.steps) == 5)
    assert told.steps == {
        (0, 1): Counts(8, 0, 0), (1, 2): Counts(), (2, 3): Counts(2, 6, 2), (3, 4): Counts(1, 0, 1), (4, 5): Counts(),
    }  # fmt: skip
    assert counts.known() == told.steps


def test_what_is_known_is_told_at_once_and_not_compared_again(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(StepCounts(session))  # type: ignore[arg-type]
    first = asset(0, histories.reworked())
    session.open(first)
    qtbot.waitUntil(lambda: len(told.steps) == 5)
    session.open(asset(1, histories.long(2)))
    qtbot.waitUntil(lambda: told.steps.get((0, 1)) == Counts(added=1))
    told.steps.clear()
    monkeypatch.setattr(step_counts, "compare", lambda *_args, **_how: pytest.fail("compared again"))
    session.open(first)
    assert len(told.steps) == 5


def test_the_asset_that_was_left_is_not_told_any_more(session: Session, qtbot: QtBot) -> None:
    told = Told(counts := StepCounts(session))  # type: ignore[arg-type]
    session.open(asset(0, histories.long(30)))
    session.leave(1)
    assert counts.known() == {}
    session.open(asset(2, histories.long(3)))
    qtbot.waitUntil(lambda: len(told.steps) == 2)
    assert set(told.steps) == {(0, 1), (1, 2)}


def test_another_task_has_steps_of_its_own(session: Session, qtbot: QtBot) -> None:
    told = Told(StepCounts(session))  # type: ignore[arg-type]
    session.open(asset(0, histories.long(2), histories.reworked()))
    qtbot.waitUntil(lambda: len(told.steps) == 1)
    session.choose_task(1)
    qtbot.waitUntil(lambda: len(told.steps) == 5)


def test_another_export_is_counted_anew(session: Session, qtbot: QtBot) -> None:
    told = Told(counts := StepCounts(session))  # type: ignore[arg-type]
    session.open(asset(0, histories.long(2)))
    qtbot.waitUntil(lambda: len(told.steps) == 1)
    session.asset = None
    session.export_opened.emit(None)
    assert counts.known() == {}


def test_a_step_that_fails_leaves_the_others(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[object] = []

    def broken(*args: object, **how: object) -> object:
        calls.append(args)
        if len(calls) == 1:
            raise RuntimeError("a defect")
        return compare(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(step_counts, "compare", broken)
    told = Told(StepCounts(session))  # type: ignore[arg-type]
    session.open(asset(0, histories.long(4)))
    qtbot.waitUntil(lambda: len(told.steps) == 2)
    assert "could not be compared" in caplog.text


def test_the_latest_step_comes_first() -> None:
    assert list(pairs_of(histories.long(4))) == [(2, 3), (1, 2), (0, 1)]
    assert list(pairs_of(histories.long(1))) == []


def test_answers_and_relations_are_counted_beside() -> None:
    answer = Classification(object_id="c", schema_id="s", title="Weather", tool="radio", answer="Sunny")
    other = Classification(object_id="c", schema_id="s", title="Weather", tool="radio", answer="Rain")
    labels = (histories.label("a"), histories.label("b", 300))
    relation = Relation(object_id="r", schema_id="q", title="next to", sources=("a",), targets=("b",))
    before = Labels(annotations=labels, classifications=(answer,))
    after = Labels(annotations=labels, classifications=(other,), relations=(relation,))
    assert step_of(compare(before, after, tracked=False)) == (Counts(), Beside(1, 1))

"""What timeline and view bar choose is compared, and what is compared stands in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from pytestqt.qtbot import QtBot

from tests.make import histories
from viewer import state
from viewer.diff import Comparison, compare
from viewer.model import Asset, Task
from viewer.state import Place, ViewState
from viewer.ui.comparing_steps import ComparingSteps
from viewer.ui.tasks import Tasks
from viewer.ui.timeline import StageTimeline
from viewer.ui.view_bar import ViewBar


class Session(QObject):
    """A session with one asset."""

    asset_opened = Signal(object)
    export_opened = Signal(object)
    state_changed = Signal(object, object)
    page_shown = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.tasks = Tasks(self)
        self.asset: Asset | None = Asset(
            index=0, kind="image", url=None, metadata={}, tasks=(histories.reworked(),), fields={}
        )
        self.state = ViewState(Place(asset=0))

    @property
    def task(self) -> Task | None:
        return None if self.asset is None else self.asset.tasks[0]

    def go(self, after: ViewState) -> None:
        before, self.state = self.state, after
        self.state_changed.emit(before, after)


class NothingBeside(QObject):
    """No other export, no other task."""

    changed = Signal()
    states = ()


class Comparing(QObject):
    """Takes the steps at once; its comparison comes when it is told to."""

    comparison_made = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.beside = NothingBeside()
        self.session, self.comparison = session, None
        self.comparison: Comparison | None

    def pick_beside(self, number: int) -> None:
        raise AssertionError(number)

    def pick_a(self, stage: int) -> None:
        self.session.go(state.pick_a(self.session.state, stage, 6))

    def pick_b(self, stage: int) -> None:
        self.session.go(state.pick_b(self.session.state, stage, 6))

    def choose_mode(self, mode: str) -> None:
        self.session.go(state.choose_mode(self.session.state, mode, 6))

    def swap(self) -> None:
        self.session.go(state.swap(self.session.state, 6))

    def toggle_link(self) -> None:
        self.session.go(state.toggle_link(self.session.state))

    def compare(self) -> None:
        task, place = self.session.task, self.session.state.place
        assert task is not None
        assert place.reference is not None
        after = task.snapshots[state.snapshot_index(place, 6)]
        self.comparison = compare(task.snapshots[place.reference], after, tracked=False)
        self.comparison_made.emit(self.comparison)


class Window:
    """The two regions with their session."""

    def __init__(self, qtbot: QtBot) -> None:
        self.session = Session()
        self.comparing = Comparing(self.session)
        self.timeline, self.bar = StageTimeline(), ViewBar()
        for region, height in ((self.timeline, 136), (self.bar, 40)):
            qtbot.addWidget(region)
            region.resize(1200, height)
            region.show()
        self.steps = ComparingSteps(self.session, self.comparing, self.timeline, self.bar)  # type: ignore[arg-type]
        assert self.session.asset is not None
        self.timeline.show_task(self.session.task)
        self.bar.show_asset(self.session.asset)
        self.session.state_changed.connect(lambda _before, after: self.bar.show_look(after.look, 0.1))
        self.steps.mark()

    @property
    def marked(self) -> tuple[int, int | None, int | None]:
        history = self.timeline.history
        return (history.shown, history.reference, history.total)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    made = Window(qtbot)
    yield made
    made.session.tasks.close()


def test_shift_click_compares_and_both_regions_say_so(window: Window, qtbot: QtBot) -> None:
    at = window.timeline.card_rect(1).center().toPoint()
    qtbot.mouseClick(window.timeline, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    assert window.marked == (5, 1, None)
    assert (window.bar.reference.text(), window.bar.stage.text()) == ("Label 1", "Complete")
    window.comparing.compare()
    assert window.marked == (5, 1, 10)  # n1 and n3 are new, o6 and o7 are away, six boxes moved


def test_a_mode_begins_and_ends_the_comparison(window: Window) -> None:
    window.bar.mode_chosen.emit("swipe")
    assert window.marked == (5, 4, None)
    assert window.bar.modes.choice == "swipe"
    window.bar.mode_chosen.emit("single")
    assert window.marked == (5, None, None)


def test_stages_are_swapped_and_picked_from_the_bar(window: Window) -> None:
    window.bar.reference_chosen.emit(1)
    window.bar.stage_chosen.emit(3)
    window.bar.swap_wanted.emit()
    assert window.marked == (1, 3, None)
    window.bar.link_toggled.emit()
    assert not window.session.state.look.linked


def test_steps_are_counted_for_the_cards(window: Window, qtbot: QtBot) -> None:
    window.session.asset_opened.emit(window.session.asset)
    qtbot.waitUntil(lambda: len(window.timeline.history.counts) == 5)
    assert window.timeline.history.biggest == 10


def test_a_place_whose_asset_is_not_there_yet_marks_nothing(window: Window) -> None:
    before = window.marked
    window.session.go(replace(window.session.state, place=Place(asset=7, stage=1)))
    assert window.marked == before

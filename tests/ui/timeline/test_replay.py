"""Playing through the stages; the clock is not waited for: `step` is what it calls."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from viewer.ui.timeline.replay import Replay


class Shown:
    """Shows what it is asked for, and keeps the list."""

    def __init__(self, replay: Replay) -> None:
        self.stages: list[int] = []
        self.states: list[bool] = []
        self.is_slow = False
        self._replay = replay
        replay.stepped.connect(self.take)
        replay.changed.connect(self.states.append)

    def take(self, stage: int) -> None:
        self.stages.append(stage)
        if not self.is_slow:
            self._replay.show(stage)


@pytest.fixture
def replay(qtbot: QtBot) -> Replay:
    made = Replay()
    made.set_interval(3_600_000)
    return made


def test_it_plays_from_the_stage_shown_to_the_last_and_stops(replay: Replay) -> None:
    shown = Shown(replay)
    replay.start(1, 4)
    for _ in range(3):
        replay.step()
    assert shown.stages == [2, 3]
    assert shown.states == [True, False]


def test_from_the_last_one_it_begins_again_at_the_first(replay: Replay) -> None:
    shown = Shown(replay)
    replay.start(3, 4)
    replay.step()
    assert shown.stages == [0, 1]
    assert replay.is_running


def test_the_stage_that_others_are_compared_with_is_left_out(replay: Replay) -> None:
    shown = Shown(replay)
    replay.start(3, 4, skip=0)
    for _ in range(3):
        replay.step()
    assert shown.stages == [1, 2, 3]
    assert not replay.is_running
    replay.start(1, 3, skip=2)
    assert shown.stages[3:] == [0]


def test_it_waits_for_a_stage_that_is_still_on_its_way(replay: Replay) -> None:
    shown = Shown(replay)
    shown.is_slow = True
    replay.start(0, 4)
    replay.step()
    replay.step()
    assert shown.stages == [1]
    replay.show(1)
    replay.step()
    assert shown.stages == [1, 2]


def test_another_stage_chosen_meanwhile_ends_it(replay: Replay) -> None:
    Shown(replay)
    replay.start(0, 5)
    replay.step()
    replay.show(4)
    assert not replay.is_running


def test_a_single_state_is_no_history(replay: Replay) -> None:
    shown = Shown(replay)
    replay.start(0, 1)
    replay.stop()
    assert shown.states == []


def test_the_clock_drives_it(qtbot: QtBot) -> None:
    replay = Replay()
    shown = Shown(replay)
    replay.set_interval(1)
    replay.start(0, 3)
    qtbot.waitUntil(lambda: not replay.is_running)
    assert shown.stages == [1, 2]

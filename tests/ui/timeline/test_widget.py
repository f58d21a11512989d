"""The cards on the screen: chosen by mouse and keyboard, pins dragged, told to those who hear."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.make import histories
from viewer.diff import Counts
from viewer.ui.timeline import StageTimeline
from viewer.ui.timeline.texts import Beside

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


def centre(timeline: StageTimeline, index: int) -> QPoint:
    return timeline.card_rect(index).center().toPoint()


def test_a_click_chooses_a_stage(timeline: StageTimeline, qtbot: QtBot) -> None:
    with qtbot.waitSignal(timeline.stage_chosen) as told:
        qtbot.mouseClick(timeline, LEFT, pos=centre(timeline, 2))
    assert told.args == [2]


def test_a_click_with_shift_chooses_what_it_is_compared_with(timeline: StageTimeline, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(timeline.stage_chosen), qtbot.waitSignal(timeline.reference_chosen) as told:
        qtbot.mouseClick(timeline, LEFT, SHIFT, pos=centre(timeline, 1))
    assert told.args == [1]


def test_arrows_move_enter_shows_and_shift_enter_compares(timeline: StageTimeline, qtbot: QtBot) -> None:
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    assert timeline.accessibleDescription().startswith("Label, 2 of 2")
    with qtbot.waitSignal(timeline.stage_chosen) as told:
        qtbot.keyClick(timeline, Qt.Key.Key_Return)
    assert told.args == [3]
    with qtbot.waitSignal(timeline.reference_chosen) as told:
        qtbot.keyClick(timeline, Qt.Key.Key_Return, SHIFT)
    assert told.args == [3]
    for _ in range(9):
        qtbot.keyClick(timeline, Qt.Key.Key_Left)
    assert timeline.accessibleDescription().startswith("Start")


@pytest.mark.parametrize(
    ("key", "modifiers", "mine"),
    [
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_Return, SHIFT, True),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier, False),
        (Qt.Key.Key_N, Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, False),
    ],
)
def test_its_own_keys_come_before_shortcuts(
    timeline: StageTimeline, key: Qt.Key, modifiers: Qt.KeyboardModifier, mine: bool
) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
    event.ignore()
    QApplication.sendEvent(timeline, event)
    assert event.isAccepted() is mine


@pytest.mark.parametrize(("pin", "signal"), [("A", "reference_chosen"), ("B", "stage_chosen")])
def test_a_pin_is_dragged_to_another_card(timeline: StageTimeline, qtbot: QtBot, pin: str, signal: str) -> None:
    timeline.mark(4, 1, 20)
    box = timeline.pin_rect(pin)  # type: ignore[arg-type]
    assert box is not None
    qtbot.mousePress(timeline, LEFT, pos=box.center().toPoint())
    qtbot.mouseMove(timeline, centre(timeline, 3))
    assert timeline.dragged is not None
    assert timeline.face(timeline.cards[3]).picked
    with qtbot.waitSignal(getattr(timeline, signal)) as told:
        qtbot.mouseRelease(timeline, LEFT, pos=centre(timeline, 3))
    assert told.args == [3]
    assert timeline.dragged is None


def test_a_drag_is_given_up_with_esc(timeline: StageTimeline, qtbot: QtBot) -> None:
    timeline.mark(4, 1, 20)
    box = timeline.pin_rect("A")
    assert box is not None
    qtbot.mousePress(timeline, LEFT, pos=box.center().toPoint())
    qtbot.mouseMove(timeline, centre(timeline, 3))
    qtbot.keyClick(timeline, Qt.Key.Key_Escape)
    with qtbot.assertNotEmitted(timeline.reference_chosen):
        qtbot.mouseRelease(timeline, LEFT, pos=centre(timeline, 3))


def test_a_click_on_a_pin_is_one_on_its_card(timeline: StageTimeline, qtbot: QtBot) -> None:
    timeline.mark(4, 1, 20)
    box = timeline.pin_rect("A")
    assert box is not None
    with qtbot.waitSignal(timeline.stage_chosen) as told:
        qtbot.mouseClick(timeline, LEFT, pos=box.center().toPoint())
    assert told.args == [1]


def test_the_shown_card_is_told_and_scrolled_into_view(timeline: StageTimeline) -> None:
    timeline.resize(500, 136)
    timeline.mark(0)
    assert timeline.card_rect(0).left() >= 100
    timeline.mark(5)
    assert timeline.card_rect(5).right() <= 500
    assert "shown" in timeline.accessibleDescription()


def test_those_who_hear_are_told_of_the_comparison(timeline: StageTimeline) -> None:
    timeline.mark(4, 1, 20)
    assert timeline.accessibleDescription().endswith("is B")
    timeline.set_counts({(3, 4): Counts(1, 4, 1)}, {(3, 4): Beside(answers=1)})
    assert "1 added, 4 changed, 1 removed, 1 answer changed, is B" in timeline.accessibleDescription()


def test_nothing_is_chosen_beside_the_cards(timeline: StageTimeline, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(timeline.stage_chosen):
        qtbot.mouseClick(timeline, LEFT, pos=QPoint(20, 20))
        qtbot.mouseClick(timeline, Qt.MouseButton.RightButton, pos=centre(timeline, 2))


def test_the_axis_is_remembered(timeline: StageTimeline, qtbot: QtBot, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    timeline.widths.choose("time", tell=True)
    assert timeline.is_timed
    timeline.save(settings)
    other = StageTimeline()
    qtbot.addWidget(other)
    other.show_task(histories.reworked())
    other.restore(settings)
    assert other.is_timed
    settings.setValue("timeline/axis", "sideways")
    other.restore(settings)
    assert not other.is_timed


def test_the_history_is_played_and_stopped(timeline: StageTimeline, qtbot: QtBot) -> None:
    timeline.stage_chosen.connect(timeline.mark)
    timeline.mark(3)
    timeline.replay.set_interval(1)
    with qtbot.waitSignals([timeline.stage_chosen] * 2):
        qtbot.mouseClick(timeline.play, LEFT)
    qtbot.waitUntil(lambda: not timeline.replay.is_running)
    assert timeline.history.shown == 5
    timeline.replay.set_interval(3_600_000)
    timeline.toggle_replay()
    assert timeline.play.accessibleName() == "Stop"
    qtbot.mouseClick(timeline, LEFT, pos=centre(timeline, 2))
    assert timeline.play.accessibleName() == "Play through the stages"


def test_nothing_is_played_that_nobody_sees(timeline: StageTimeline) -> None:
    timeline.toggle_replay()
    assert timeline.replay.is_running
    timeline.hide()
    assert not timeline.replay.is_running


def test_a_single_state_has_nothing_to_play_and_no_widths(timeline: StageTimeline) -> None:
    timeline.show_task(histories.long(1))
    assert not timeline.play.isVisible()
    assert not timeline.widths.isVisible()


def test_it_paints_in_both_forms_and_without_a_task(timeline: StageTimeline) -> None:
    assert not timeline.grab().isNull()
    timeline.set_compact(True)
    assert timeline.sizeHint().height() == 96
    assert not timeline.grab().isNull()
    timeline.show_task(None)
    assert timeline.cards == ()
    assert timeline.accessibleName() == "Stage history, empty"
    assert not timeline.grab().isNull()

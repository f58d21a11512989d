"""The cards on the screen: chosen by mouse and keyboard, told to those who hear."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from viewer.export.parse import parse_asset
from viewer.ui.timeline import StageTimeline


@pytest.fixture
def timeline(qtbot: QtBot, data: Path) -> StageTimeline:
    asset = json.loads((data / "ango-examples.json").read_text())[22]
    widget = StageTimeline()
    qtbot.addWidget(widget)
    widget.resize(1100, 136)
    widget.show_task(parse_asset(json.dumps(asset).encode(), index=22).tasks[0])
    widget.show()
    return widget


def test_a_click_chooses_a_stage(timeline: StageTimeline, qtbot: QtBot) -> None:
    centre = timeline.card_rect(2).center().toPoint()
    with qtbot.waitSignal(timeline.stage_chosen) as told:
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=centre)
    assert told.args == [2]


def test_arrows_move_and_enter_chooses(timeline: StageTimeline, qtbot: QtBot) -> None:
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    assert "Label 2" in timeline.accessibleDescription()
    with qtbot.waitSignal(timeline.stage_chosen) as told:
        qtbot.keyClick(timeline, Qt.Key.Key_Return)
    assert told.args == [3]


def test_the_shown_card_is_told_and_scrolled_into_view(timeline: StageTimeline) -> None:
    timeline.resize(500, 136)
    timeline.mark(0)
    assert timeline.card_rect(0).left() >= 100
    timeline.mark(5)
    assert timeline.card_rect(5).right() <= 500
    assert "shown" in timeline.accessibleDescription()


def test_nothing_is_chosen_beside_the_cards(timeline: StageTimeline, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(timeline.stage_chosen):
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))


def test_it_paints_in_both_forms_and_without_a_task(timeline: StageTimeline) -> None:
    assert not timeline.grab().isNull()
    timeline.set_compact(True)
    assert timeline.sizeHint().height() == 96
    assert not timeline.grab().isNull()
    timeline.show_task(None)
    assert timeline.cards == ()
    assert not timeline.grab().isNull()

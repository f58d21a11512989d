"""Pins glide; the clock is not waited for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, QVariantAnimation
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.timeline import StageTimeline
from viewer.ui.timeline.glide import GLIDE_MS, Glide


def pin(x: float) -> QRectF:
    return QRectF(x, 10, 18, 18)


@pytest.fixture
def glide(qtbot: QtBot) -> Glide:
    widget = QWidget()
    qtbot.addWidget(widget)
    made = Glide(widget)
    made.is_wanted = True
    return made


def is_running(glide: Glide) -> bool:
    return glide.state() == QVariantAnimation.State.Running


def lefts(glide: Glide, a: float, b: float) -> tuple[float, float]:
    one, two = pin(a), pin(b)
    glide.move(one, two)
    return one.left(), two.left()


def test_pins_begin_where_they_were_and_end_where_they_are(glide: Glide) -> None:
    glide.go((pin(100), pin(500)), (pin(100), pin(300)))
    glide.setCurrentTime(0)
    assert lefts(glide, 100, 300) == (100, 500)
    glide.setCurrentTime(GLIDE_MS // 2)
    a, b = lefts(glide, 100, 300)
    assert a == 100
    assert 300 < b < 400
    glide.setCurrentTime(GLIDE_MS)
    assert lefts(glide, 100, 300) == (100, 300)


def test_nothing_moves_that_was_not_there_or_did_not_move(glide: Glide) -> None:
    glide.go((None, None), (pin(100), pin(300)))
    assert not is_running(glide)
    glide.go((pin(100), pin(300)), (pin(100), pin(300)))
    assert not is_running(glide)
    glide.is_wanted = False
    glide.go((pin(1), pin(2)), (pin(3), pin(4)))
    assert not is_running(glide)
    assert lefts(glide, 3, 4) == (3, 4)


def test_the_timeline_glides_when_motion_is_wanted(timeline: StageTimeline) -> None:
    timeline.mark(4, 1, 20)
    timeline.mark(3, 1, None)
    assert not is_running(timeline.glide)
    timeline.set_motion(True)
    timeline.mark(5, 1, None)
    assert is_running(timeline.glide)
    timeline.show_task(None)
    assert not is_running(timeline.glide)

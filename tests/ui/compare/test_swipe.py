"""A left of the line, B right of it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.make.stages import stages
from tests.ui.canvas.conftest import pixels_of
from viewer.state import Look
from viewer.ui.compare import CompareView
from viewer.ui.compare.swipe import SwipeMode


def whole(view: CompareView, mode: str) -> np.ndarray:
    view.show_stages(stages(mode))
    return pixels_of(view)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_each_side_is_exactly_what_that_stage_alone_looks_like(view: CompareView, share: float) -> None:
    view.set_look(Look(tags="none"))  # a tag keeps inside of its side
    b = whole(view, "blink")
    view.mode.turn()  # type: ignore[attr-defined]
    a = pixels_of(view)
    swiped = whole(view, "swipe")
    mode = view.mode
    assert isinstance(mode, SwipeMode)
    mode.handle.set_share(share)
    swiped = pixels_of(view)
    line = round(share * 640)
    rows = np.r_[60:210, 270:480]  # above them are the plates, between them the round handle
    # a slanted line is rounded a little differently where it is cut off
    for side, alone in ((np.s_[rows, : line - 5], a), (np.s_[rows, line + 5 :], b)):
        assert np.abs(swiped[side].astype(int) - alone[side]).max() <= 4
    assert (swiped[rows, line - 1 : line + 1, :3] == 255).all()
    assert (swiped[rows, line - 2, :3] == 0).all()
    assert not np.array_equal(a, b)


def test_the_line_is_dragged_and_moved_by_keys(view: CompareView, qtbot: QtBot) -> None:
    view.show_stages(stages("swipe"))
    handle = view.mode.handle  # type: ignore[attr-defined]
    middle = QPoint(handle.width() // 2, handle.height() // 2)
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(handle, middle + QPoint(100, 3))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)
    assert handle.share == pytest.approx(0.5 + 100 / 640, abs=0.01)
    assert view.over.width() == round(handle.share * 640)
    share = handle.share
    qtbot.keyClick(handle, Qt.Key.Key_Right)
    assert handle.share == pytest.approx(share + 0.01)
    qtbot.keyClick(handle, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert handle.share == pytest.approx(share - 0.09)
    qtbot.keyClick(handle, Qt.Key.Key_Home)
    assert (handle.share, view.over.width()) == (0.0, 0)
    qtbot.keyClick(handle, Qt.Key.Key_End)
    assert view.over.width() == 640
    qtbot.mouseDClick(handle, Qt.MouseButton.LeftButton, pos=middle)
    assert handle.share == 0.5


def test_both_sides_look_through_one_frame_and_are_hit_where_they_are_seen(view: CompareView) -> None:
    view.show_stages(stages("swipe"))
    view.canvas.zoom_by(2.0)
    assert view.over.frame().page_to_view == view.canvas.frame().page_to_view
    view.resize(500, 400)
    view.canvas.fit()
    assert view.over.viewport() == view.canvas.viewport()
    assert view.over.width() == 250


def test_a_takes_the_whole_while_it_is_held(view: CompareView) -> None:
    view.show_stages(stages("swipe"))
    view.hold_a(True)
    assert view.over.width() == 640
    view.hold_a(False)
    assert view.over.width() == 320

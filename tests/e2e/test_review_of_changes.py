"""A review of what changed, by keys alone and by mouse alone: two stages, change after change, another mode, back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.e2e.conftest import Program
from viewer.ui.changes import seen

Start = Callable[..., Program]
LAST_BUT_ONE = 3
"""The asset of the demo before the last one: few things changed between its last stages."""
SHIFT, CTRL, ALT, NONE = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def own_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "default_folder", lambda: tmp_path / "seen")


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key to whatever has the focus, as a keyboard gives it."""
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


def click(widget: QWidget, at: QPoint | None = None, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(widget, LEFT, modifiers, at if at is not None else widget.rect().center())


def arrived(p: Program) -> tuple[int | None, int | None]:
    """Wait until a change is shown; where it is."""
    p.wait(lambda: p.window.change_steps._target is None)
    place = p.session.state.place
    p.wait(lambda: p.session.asset is not None and p.session.asset.index == place.asset)
    return place.asset, place.page


def pair(p: Program) -> tuple[int | None, int]:
    return p.window.timeline.history.reference, p.window.timeline.history.shown


def review(p: Program, next_change: Callable[[], None]) -> list[tuple[int | None, int | None]]:
    """Three changes; each is selected, flashed, in view, and counted."""
    found = []
    for _ in range(3):
        next_change()
        found.append(arrived(p))
        p.wait(lambda: p.window.compare.stages is not None)
    return found


def test_by_keys_alone(program: Start, demo: Path) -> None:
    p = program()
    p.wait(lambda: p.window.regions.start_shown)
    press(Qt.Key.Key_K, CTRL)
    for letter in ">Open the demo":
        QTest.keyClicks(QApplication.focusWidget(), letter)
    press(Qt.Key.Key_Return)
    p.shown(0)
    p.wait(lambda: p.window.whole.is_complete)
    for asset in range(1, LAST_BUT_ONE + 1):
        press(Qt.Key.Key_Right, CTRL)
        p.shown(asset)
    stages = p.session.task.snapshots if p.session.task is not None else ()
    label = max(s.index for s in stages if s.stage == "Label")
    review_ = max(s.index for s in stages if s.stage == "Review")
    press(Qt.Key(Qt.Key.Key_1 + review_))
    press(Qt.Key(Qt.Key.Key_1 + label), SHIFT)
    p.wait(lambda: pair(p) == (label, review_))
    places = review(p, lambda: press(Qt.Key.Key_N))
    assert len({asset for asset, _ in places}) == 2, places
    press(Qt.Key.Key_W)
    p.wait(lambda: p.window.compare.mode.KEY == "swipe")
    press(Qt.Key.Key_Up, ALT)
    p.wait(lambda: p.session.state.place.asset == LAST_BUT_ONE)
    p.shown(LAST_BUT_ONE)


def test_by_mouse_alone(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0)
    p.wait(lambda: p.window.whole.is_complete)
    view = p.window.assets.view
    index = p.window.assets.model.index(LAST_BUT_ONE, 0)
    click(view.viewport(), view.visualRect(index).center())
    p.shown(LAST_BUT_ONE)
    timeline = p.window.timeline
    stages = p.session.task.snapshots if p.session.task is not None else ()
    label = max(s.index for s in stages if s.stage == "Label")
    review_ = max(s.index for s in stages if s.stage == "Review")
    click(timeline, timeline.card_rect(review_).center().toPoint())
    p.wait(lambda: pair(p)[1] == review_)
    click(timeline, timeline.card_rect(label).center().toPoint(), SHIFT)
    p.wait(lambda: pair(p) == (label, review_))
    p.wait(lambda: p.window.comparing.comparison is not None)
    bar = p.window.view_bar
    places = review(p, lambda: click(bar.changes.next))
    assert len({asset for asset, _ in places}) == 2, places
    click(bar.modes._buttons["swipe"])
    p.wait(lambda: p.window.compare.mode.KEY == "swipe")
    click(bar.modes._buttons["single"])
    p.wait(lambda: p.window.compare.mode.KEY == "single")
    p.wait(lambda: p.window.compare.stages is None)
    asset = p.session.state.place.asset
    assert asset is not None
    p.shown(asset)

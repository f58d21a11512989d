"""Stages in the real window: compared from the timeline and the view bar, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt

from tests.e2e.conftest import Program

Start = Callable[..., Program]
CLICK, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


def card(p: Program, stage: int) -> QPoint:
    return p.window.timeline.card_rect(stage).center().toPoint()


def compared(p: Program, a: int | None, b: int, mode: str) -> None:
    """Wait until these stages are compared, and until timeline and view bar say so."""
    history, bar = p.window.timeline.history, p.window.view_bar
    p.wait(lambda: (history.reference, history.shown, bar.modes.choice) == (a, b, mode))
    if a is not None:
        p.wait(lambda: history.total is not None)
        names = [c.stage for c in history.cards]
        assert (bar.reference.text(), bar.stage.text()) == (names[a], names[b])
        assert (bar.reference.letter, bar.stage.letter) == ("A", "B")


def test_by_mouse(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    timeline, bar, mouse = p.window.timeline, p.window.view_bar, p.qtbot
    p.wait(lambda: len(timeline.history.counts) == 5)
    assert timeline.history.biggest > 20
    mouse.mouseClick(timeline, CLICK, SHIFT, card(p, 1))
    compared(p, 1, 5, "side")
    mouse.mouseClick(timeline, CLICK, pos=card(p, 4))
    compared(p, 1, 4, "side")
    pin = timeline.pin_rect("A")
    assert pin is not None
    mouse.mousePress(timeline, CLICK, pos=pin.center().toPoint())
    mouse.mouseMove(timeline, card(p, 3))
    mouse.mouseRelease(timeline, CLICK, pos=card(p, 3))
    compared(p, 3, 4, "side")
    mouse.mouseClick(bar.modes._buttons["overlay"], CLICK)
    compared(p, 3, 4, "overlay")
    mouse.mouseClick(bar.swap, CLICK)
    compared(p, 4, 3, "overlay")
    mouse.mouseClick(bar.modes._buttons["single"], CLICK)
    compared(p, None, 3, "single")
    assert timeline.pin_rect("A") is None
    assert "Label 2" in bar.stage.text()


def test_by_keys(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    timeline, keys = p.window.timeline, p.qtbot
    timeline.setFocus(Qt.FocusReason.ShortcutFocusReason)
    for _ in range(4):
        keys.keyClick(timeline, Qt.Key.Key_Left)
    keys.keyClick(timeline, Qt.Key.Key_Return, SHIFT)
    compared(p, 1, 5, "side")
    keys.keyClick(timeline, Qt.Key.Key_Left)
    keys.keyClick(timeline, Qt.Key.Key_Left)
    keys.keyClick(timeline, Qt.Key.Key_Return)
    p.wait(lambda: timeline.history.shown != 5)
    assert timeline.history.reference == 1
    assert "is B" in timeline.accessibleDescription()


def test_the_history_is_played_while_the_view_stays(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.window.canvas.zoom_by(2.0)
    place = p.window.canvas.view.place
    p.window.timeline.replay.set_interval(1)
    stages: list[int] = []
    p.window.timeline.stage_chosen.connect(stages.append)
    p.qtbot.mouseClick(p.window.timeline.play, CLICK)
    p.wait(lambda: not p.window.timeline.replay.is_running)
    assert stages == [0, 1, 2, 3, 4, 5]
    assert p.window.canvas.view.place == place


def test_true_time_comes_back(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.qtbot.mouseClick(p.window.timeline.widths._buttons["time"], CLICK)
    assert p.window.timeline.is_timed
    p.close()
    p = program(demo)
    p.shown(0, 0)
    assert p.window.timeline.is_timed

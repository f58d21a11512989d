"""Comparing in the real window: modes, keys that are held, pages and assets that follow, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.e2e.conftest import Program
from viewer import state
from viewer.ui.canvas import Canvas
from viewer.ui.compare.modes import MODES

Start = Callable[..., Program]


def compared(p: Program, mode: str, page: int | None = None) -> None:
    """Wait until the page wanted is there in a mode, with its changes, in every pane."""
    compare, s = p.window.compare, p.session

    def there() -> bool:
        stages = compare.stages
        return (
            stages is not None
            and stages.is_final
            and mode == compare.mode.KEY
            and s.loader.key == stages.content.key
            and (page is None or stages.scenes[0].page == page)
        )

    p.wait(there)


def consistent(p: Program) -> None:
    """No pane shows labels of another page than the picture below them, nor another picture than the others."""
    compare = p.window.compare
    stages = compare.stages
    assert stages is not None
    for pane in (compare.canvas, *compare.panes):
        assert pane.content is not None
        assert pane.content.raster is stages.content.raster
        assert pane.content.key == stages.content.key
        assert pane.content.store is pane.labels.store
    assert len({scene.page for scene in stages.scenes}) == 1


def test_every_mode_and_back_to_one_stage_by_escape(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    single = p.window.canvas.labels.store.styles
    for mode in MODES[1:]:
        p.window.comparing.choose_mode(mode.KEY)
        compared(p, mode.KEY)
        consistent(p)
    assert "compared with" in p.window.canvas.accessibleName()
    p.window.canvas.setFocus()
    p.run("step_out")
    p.wait(lambda: p.window.compare.mode.KEY == "single")
    assert p.session.state.place.reference is None
    assert p.window.canvas.labels.marks is None
    assert p.window.canvas.labels.store.styles == single
    assert "compared" not in p.window.canvas.accessibleName()


def test_stepping_through_a_video_while_stages_stand_side_by_side(program: Start, demo: Path) -> None:
    p = program(demo, asset="2", page=40)
    p.shown(2, 40)
    p.window.comparing.pick_a(1)
    compared(p, "side", 40)
    seen: list[tuple[object, int]] = []

    def look() -> None:
        stages = p.window.compare.stages
        if stages is not None:
            consistent(p)
            seen.append((stages.content.key, stages.scenes[0].page))

    p.window.comparing.stages_ready.connect(lambda _stages: look())
    for _ in range(6):
        p.session.next_page()
    compared(p, "side", 46)
    consistent(p)
    assert seen[-1][1] == 46
    assert [page for _, page in seen] == sorted(page for _, page in seen)  # nothing late comes after what is newer
    place = p.window.canvas.view.place
    before = p.window.compare.stages
    p.window.comparing.pick_b(2)
    p.wait(lambda: p.window.compare.stages is not before)
    compared(p, "side", 46)
    assert p.window.canvas.view.place == place  # the view stays put while stages change
    assert p.window.compare.stages is not None
    assert [w.name for w in p.window.compare.stages.words] == ["Label 1", "Review 1"]


def test_a_selection_is_one_thing_in_all_panes(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.window.comparing.pick_a(1)
    compared(p, "side")
    stages, pane = p.window.compare.stages, p.window.compare.panes[0]
    assert stages is not None
    kinds = stages.pairs[0].kinds
    moved = next(name for name, found in kinds.after.items() if "moved" in found)
    before = stages.partner(moved, of=1, to=0)
    p.session.select(moved)
    assert pane.labels.selection == (before,)
    gone = next(name for name, found in kinds.before.items() if "removed" in found)
    box = pane.labels.store.bounds_of([gone])
    assert box is not None
    x, y = pane.frame().page_to_view.map_point((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    p.qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert p.session.state.selection in pane.labels.store.object_ids
    assert p.window.canvas.hasFocus()  # keys stay with the canvas whichever pane is clicked


def test_b_held_shows_a_and_tapped_blinks(program: Start, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.window.comparing.choose_mode("overlay")
    compared(p, "overlay")
    canvas, over = p.window.canvas, p.window.compare.over
    canvas.setFocus()
    now = [0.0]
    p.window.hold_a._clock = lambda: now[0]
    p.qtbot.keyPress(canvas, Qt.Key.Key_B)
    assert not over.isHidden()
    assert over.geometry() == canvas.geometry()
    now[0] = 3.0
    p.qtbot.keyRelease(canvas, Qt.Key.Key_B)
    assert over.isHidden()
    assert p.session.state.look.mode == "overlay"
    p.qtbot.keyClick(canvas, Qt.Key.Key_B)
    compared(p, "blink")
    p.qtbot.keyClick(canvas, Qt.Key.Key_B)
    p.wait(lambda: p.window.compare.mode.KEY == "single")


def test_another_asset_ends_the_comparison_and_leaves_no_pane(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.window.comparing.all_panes()
    compared(p, "side")
    assert len(p.window.compare.panes) == 5
    p.session.open_asset(3)
    p.shown(3)
    assert p.window.compare.panes == []
    assert [c for c in p.window.compare.findChildren(Canvas) if c.isVisible()] == [p.window.canvas]
    p.window.comparing.choose_mode("swipe")
    compared(p, "swipe")
    p.session.next_page()
    compared(p, "swipe", p.session.state.place.page)
    consistent(p)
    assert state.snapshot_index(p.session.state.place, 6) == 5

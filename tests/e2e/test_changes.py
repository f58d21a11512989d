"""From change to change through the demo, in the real window: asset, stages, page, selection and view follow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.e2e.conftest import Program
from viewer.ui.changes import seen

Start = Callable[..., Program]


@pytest.fixture(autouse=True)
def own_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(seen, "default_folder", lambda: tmp_path / "seen")
    return tmp_path / "seen"


def compared(p: Program) -> None:
    p.wait(lambda: p.window.whole.is_complete)


def arrived(p: Program) -> None:
    p.wait(lambda: p.window.change_steps._target is None)


def test_next_change_goes_through_assets_and_back(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    compared(p)
    steps = p.window.change_steps
    wanted = [item.at for item in steps.queue.items if not item.continues]
    assert len(wanted) < len(steps.queue.items)  # of a track only the first page of what happened is stopped at
    assert len({asset for asset, _, _ in wanted}) >= 4
    walked = []
    for _ in wanted:
        p.run("next_change")
        arrived(p)
        assert steps._item is not None
        item = steps._item
        walked.append(item.at)
        place = p.session.state.place
        assert (place.asset, place.reference) == (item.asset, item.a)
        assert p.session.asset is not None
        assert p.session.asset.index == item.asset
        if item.found.page is not None:
            assert place.page == item.found.page
        if item.found.subject == "label":
            assert p.session.state.selection == (item.found.after_id or item.found.before_id)
        assert p.session.state.look.mode == "overlay"
    assert walked == wanted
    p.run("next_change")
    assert "last change" in p.told[-1]
    p.run("previous_change")
    arrived(p)
    assert steps._item is not None
    assert steps._item.at == wanted[-2]


def test_both_shapes_are_in_view(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    compared(p)
    steps = p.window.change_steps
    item = next(i for i in steps.queue.items if "moved" in i.found.kinds and i.found.shift_px)
    steps.show_item(item)
    arrived(p)
    stages = p.window.compare.stages
    assert stages is not None
    canvas = p.window.canvas
    visible = canvas.view.visible(canvas.viewport())
    for scene, name in ((stages.scenes[0], item.found.before_id), (stages.scenes[1], item.found.after_id)):
        box = scene.store.bounds_of([name])
        assert box is not None
        assert visible[0] <= box[0] and visible[1] <= box[1] and box[2] <= visible[2] and box[3] <= visible[3]


def test_the_mode_stays_and_the_counter_counts(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    compared(p)
    p.run("next_change")
    arrived(p)
    p.run("mode_swipe")
    p.run("next_change")
    arrived(p)
    assert p.session.state.look.mode == "swipe"
    p.wait(lambda: p.window.comparing.comparison is not None)
    total = len(p.window.comparing.comparison.changes)  # type: ignore[union-attr]
    assert f"of {total}" in p.window.view_bar.changes.accessibleName()


def test_a_pair_that_is_no_neighbour_has_its_own_changes(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    compared(p)
    assert p.session.task is not None
    p.session.go_to_page(0)
    p.window.comparing.pick_b(len(p.session.task.snapshots) - 1)
    p.window.comparing.pick_a(1)
    p.wait(lambda: p.window.comparing.comparison is not None)
    changes = p.window.comparing.comparison.changes  # type: ignore[union-attr]
    p.run("next_change")
    arrived(p)
    assert p.window.change_steps._own is changes[0]
    for _ in changes[1:]:
        p.run("next_change")
        arrived(p)
    assert p.session.state.place.asset == 0
    assert p.session.state.place.reference == 1
    p.run("next_change")
    arrived(p)
    assert p.session.state.place.asset == 1


def test_seen_changes_are_remembered_and_skipped_on_request(program: Start, demo: Path, own_seen: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    compared(p)
    for _ in range(3):
        p.run("next_change")
        arrived(p)
    steps = p.window.change_steps
    digests = {item.digest for item in steps.queue.items[:3]}
    assert steps.queue.seen == digests
    p.wait(lambda: any(len(file.read_text().split()) == 3 for file in own_seen.glob("*.txt")))
    p.close()
    again = program(demo)
    again.shown(0)
    compared(again)
    again.wait(lambda: again.window.change_steps.queue.seen == digests)
    again.run("toggle_skip_seen")
    again.run("next_change")
    arrived(again)
    item = again.window.change_steps._item
    assert item is not None
    assert item.digest not in digests


def test_keys_do_it(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    compared(p)
    p.window.canvas.setFocus()
    p.qtbot.keyClick(p.window.canvas, Qt.Key.Key_N)
    arrived(p)
    first = p.window.change_steps._item
    p.qtbot.keyClick(p.window.canvas, Qt.Key.Key_F8)
    arrived(p)
    assert p.window.change_steps._item != first
    p.qtbot.keyClick(p.window.canvas, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    arrived(p)
    assert p.window.change_steps._item == first


def test_stopping_and_going_on(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.window.whole.stop_comparing()
    compared_once = p.window.whole.is_complete
    p.run("compare_all")
    compared(p)
    assert p.window.whole.is_complete
    assert compared_once in (True, False)
    p.session.open_demo()
    p.wait(lambda: p.window.whole.is_complete and not p.window.whole.is_running)

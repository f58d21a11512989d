"""The list of changes in the real window: it follows the comparison and the step keys, and they follow it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.e2e.conftest import Program
from viewer.ui.changes import seen

Start = Callable[..., Program]
Key = Qt.Key


@pytest.fixture(autouse=True)
def own_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "default_folder", lambda: tmp_path / "seen")


def opened(program: Start, demo: Path) -> Program:
    """The demo's first asset, the tab of changes in front, nothing compared."""
    p = program(demo)
    p.shown(0, 0)
    p.window.inspector.show_tab("changes")
    return p


def compare(p: Program, a: int, b: int) -> None:
    """Compare two stages of the asset shown, and wait until the changes are listed."""
    p.window.comparing.pick_b(b)
    p.window.comparing.pick_a(a)
    p.wait(lambda: p.window.comparing.comparison is not None)
    tab = p.window.inspector.changes
    p.wait(lambda: not tab.is_listed or tab.model.listing.comparison is p.window.comparing.comparison)


def arrived(p: Program) -> None:
    p.wait(lambda: p.window.change_steps._target is None)


def test_from_nothing_to_the_list_by_keys(program: Start, demo: Path) -> None:
    p = opened(program, demo)
    tab = p.window.inspector.changes
    assert tab.why == "single"
    p.window.inspector.focus_list()
    p.qtbot.keyClick(tab.button, Key.Key_Space)
    p.wait(lambda: p.window.comparing.comparison is not None)
    if tab.why == "equal":  # the demo's last stage changed nothing
        compare(p, 1, 4)
    p.wait(lambda: tab.is_listed)
    comparison = p.window.comparing.comparison
    assert comparison is not None
    assert p.window.inspector.tabs.tabText(1) == f"Changes {len(comparison.changes)}"
    assert sum(len(g.members) for g in tab.model.groups) == len(comparison.changes)
    shown = []
    p.window.inspector.focus_list()
    for _ in range(4):
        p.qtbot.keyClick(tab.view, Key.Key_Down)
        arrived(p)
        change = tab.block.change
        if change is not None and change.subject == "label":
            shown.append(change)
            assert p.session.state.selection in {e.object_id for e in (change.before, change.after) if e is not None}
    assert len(set(map(id, shown))) >= 3
    p.qtbot.keyClick(tab.view, Key.Key_Return)
    arrived(p)
    assert p.window.canvas.hasFocus()


def test_the_change_found_with_n_is_marked_and_in_view(program: Start, demo: Path) -> None:
    p = opened(program, demo)
    compare(p, 1, 4)
    tab = p.window.inspector.changes
    p.wait(lambda: tab.is_listed)
    p.window.canvas.setFocus()
    for _ in range(12):
        p.qtbot.keyClick(p.window.canvas, Key.Key_N)
        arrived(p)
    own = p.window.change_steps._own
    assert own is not None
    assert tab.block.change is own
    marked = tab.view.delegate.marked
    assert marked is not None
    assert tab.model.listing.changes[marked] is own
    row = tab.model.row_of_entry(marked)
    assert row is not None
    assert tab.view.viewport().rect().contains(tab.view.visualRect(tab.model.index(row, 0)).center())


def test_a_label_selected_on_the_page_marks_its_change(program: Start, demo: Path) -> None:
    p = opened(program, demo)
    compare(p, 1, 4)
    tab = p.window.inspector.changes
    p.wait(lambda: tab.is_listed)
    change = next(c for c in tab.model.listing.changes if c.kind == "moved")
    p.session.select(change.entry.object_id)
    assert tab.block.change is change


def test_equal_stages_say_so_and_offer_the_picker(program: Start, demo: Path) -> None:
    p = opened(program, demo)
    assert p.session.task is not None
    last = len(p.session.task.snapshots) - 1
    compare(p, last - 1, last)
    tab = p.window.inspector.changes
    assert tab.why == "equal"
    assert "Nothing changed between" in tab.text.text()
    asked: list[bool] = []
    p.window.view_bar.reference.clicked.disconnect()
    p.window.view_bar.reference.clicked.connect(lambda: asked.append(True))
    p.qtbot.mouseClick(tab.button, Qt.MouseButton.LeftButton)
    assert asked == [True]


def test_another_asset_forgets_the_list(program: Start, demo: Path) -> None:
    p = opened(program, demo)
    compare(p, 1, 4)
    tab = p.window.inspector.changes
    p.wait(lambda: tab.is_listed)
    p.run("next_asset")
    p.shown(1)
    assert not tab.is_listed
    assert tab.why == "single"
    assert p.window.inspector.tabs.tabText(1) == "Changes"


def test_the_page_bar_marks_changed_pages(program: Start, demo: Path) -> None:
    p = opened(program, demo)
    p.session.open_asset(1)
    p.shown(1)
    assert p.session.task is not None
    compare(p, 2, len(p.session.task.snapshots) - 1)
    chips = p.window.page_bar.chips
    comparison = p.window.comparing.comparison
    assert comparison is not None
    p.wait(lambda: set(chips._changes) == {page or 0 for page in comparison.by_page})
    assert chips._changes
    p.run("mode_side")
    p.wait(lambda: p.session.state.place.reference is None)
    assert chips._changes == {}


def test_a_selected_label_is_followed_through_the_stages(program: Start, demo: Path) -> None:
    p = opened(program, demo)
    compare(p, 2, 3)
    comparison = p.window.comparing.comparison
    assert comparison is not None
    moved = next(c for c in comparison.labels if c.kind == "moved" and c.after is not None)
    p.window.inspector.show_tab("labels")
    p.run("mode_side")
    p.wait(lambda: p.session.state.place.reference is None)
    assert moved.after is not None
    p.session.select(moved.after.object_id)
    view = p.window.inspector.labels.selected.facts

    def rows() -> list[int]:
        return [n for n, fact in enumerate(view.model_.facts) if fact.kind == "stage"]

    p.wait(lambda: len(rows()) >= 3 and all(view.picture_of(view.model_.facts[n]) is not None for n in rows()))
    facts = [view.model_.facts[n] for n in rows()]
    assert facts[0].sign == "added"
    assert any(fact.sign == "moved" and fact.text.startswith("moved ") for fact in facts)
    assert any(fact.name == "Who did it" for fact in view.model_.facts)
    # a click shows the stage, and the label stays selected
    first = view.model_.index(rows()[0])
    view.scrollTo(first)
    p.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(first).center())
    p.wait(lambda: p.session.scene is not None and p.session.snapshot is not None and p.session.snapshot.index == 1)
    assert p.session.state.selection is not None
    assert p.session.snapshot is not None
    assert any(a.object_id == p.session.state.selection for a in p.session.snapshot.labels.annotations)
    p.wait(
        lambda: any(
            fact.kind == "stage" and fact.is_current and fact.name == facts[0].name for fact in view.model_.facts
        )
    )


def test_a_change_on_another_page_is_brought_into_view(program: Start, demo: Path) -> None:
    p = opened(program, demo)
    p.session.open_asset(3)
    p.shown(3)
    compare(p, 1, 3)
    comparison = p.window.comparing.comparison
    assert comparison is not None
    here = p.session.state.place.page
    change = next(c for c in comparison.labels if c.after is not None and c.after.page not in (None, here))
    assert change.after is not None
    p.window.inspector.changes.change_chosen.emit(change)
    arrived(p)
    p.shown(3, change.after.page)
    canvas, stages = p.window.canvas, p.window.compare.stages
    assert stages is not None
    box = stages.scenes[1].store.bounds_of([change.after.object_id])
    assert box is not None

    def is_close() -> bool:
        left, top, right, bottom = canvas.view.visible(canvas.viewport())
        inside = left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom
        return inside and max((box[2] - box[0]) / (right - left), (box[3] - box[1]) / (bottom - top)) > 0.25

    p.wait(is_close)

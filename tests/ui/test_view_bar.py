"""The view bar: what it says of stages, how it asks for others, and that nothing is ever cut off."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.make import histories
from viewer.model import Asset
from viewer.state import Look
from viewer.ui import theme
from viewer.ui.view_bar import ViewBar

CLICK = Qt.MouseButton.LeftButton
MODES = ("single", "side", "overlay", "swipe", "blink", "changes")


def asset(*tasks: object) -> Asset:
    return Asset(index=0, kind="image", url=None, metadata={}, tasks=tuple(tasks), fields={})  # type: ignore[arg-type]


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[ViewBar]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if not QFontDatabase.hasFamily("Inter"):
        theme.load_font()
    theme.apply(application, theme.DARK)
    made = ViewBar()
    qtbot.addWidget(made)
    made.resize(1000, 40)
    made.show_asset(asset(histories.reworked()))
    made.show_kind("image")
    made.show_count(83, 0)
    made.show_zoom(0.8)
    made.show_look(Look(), 0.1)
    made.show()
    yield made


def compared(bar: ViewBar, mode: str = "side") -> None:
    bar.show_look(Look(mode=mode), 0.1)
    bar.mark(0, 4, 1)
    bar.show_change(6, 20)


def shown(bar: ViewBar) -> dict[str, QWidget]:
    return {key: control for key, control in bar._controls.items() if control.isVisible()}


def test_one_stage_is_named_with_what_came_of_it(bar: ViewBar) -> None:
    assert bar.stage.text() == "Complete · current"
    assert bar.stage.letter == ""
    assert {"reference", "swap", "link", "changes"}.isdisjoint(shown(bar))
    bar.mark(0, 2)
    assert bar.stage.text() == "Review 1 · Rejected"
    assert bar.count.text() == "83 labels"


def test_two_stages_are_named_by_their_pins(bar: ViewBar) -> None:
    compared(bar)
    assert (bar.reference.text(), bar.reference.letter) == ("Label 1", "A")
    assert (bar.stage.text(), bar.stage.letter) == ("Review 2", "B")
    assert {"reference", "swap", "link", "changes"} <= shown(bar).keys()
    assert "count" not in shown(bar)
    bar.mark(0, 4, None)
    assert "reference" not in shown(bar)


def test_views_are_linked_only_where_there_are_several(bar: ViewBar) -> None:
    compared(bar, "overlay")
    assert "link" not in shown(bar)
    compared(bar, "side")
    assert bar.link.toolTip() == "Views are linked"
    bar.show_look(Look(mode="side", linked=False), 0.1)
    assert bar.link.accessibleName() == "Each view moves alone"


def test_no_step_through_changes_before_they_are_known(bar: ViewBar) -> None:
    compared(bar)
    bar.show_change(None, None)
    assert "changes" not in shown(bar)
    bar.show_change(None, 0)
    assert "changes" in shown(bar)


def test_a_mode_is_asked_for_and_shown_when_it_is_in_force(bar: ViewBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.mode_chosen) as told:
        qtbot.mouseClick(bar.modes._buttons["swipe"], CLICK)
    assert told.args == ["swipe"]
    assert bar.modes.choice == "single"
    bar.show_look(Look(mode="swipe"), 0.1)
    assert bar.modes.choice == "swipe"
    assert bar.modes._buttons["swipe"].text() == "Swipe"
    assert bar.modes._buttons["single"].text() == ""


def test_a_single_state_cannot_be_compared(bar: ViewBar) -> None:
    bar.show_asset(asset(histories.long(1)))
    assert not bar.modes.isEnabled()
    assert "one stage only" in bar.modes.toolTip()
    bar.show_asset(asset(histories.long(2)))
    assert bar.modes.isEnabled()


@pytest.mark.parametrize(("control", "action"), [("tags", "cycle_tags"), ("eye", "toggle_labels"), ("fit", "fit")])
def test_buttons_ask_for_actions(bar: ViewBar, qtbot: QtBot, control: str, action: str) -> None:
    compared(bar)
    with qtbot.waitSignal(bar.asked) as told:
        qtbot.mouseClick(getattr(bar, control), CLICK)
    assert told.args == [action]


def test_stages_are_swapped_and_views_let_go(bar: ViewBar, qtbot: QtBot) -> None:
    compared(bar)
    with qtbot.waitSignal(bar.swap_wanted):
        qtbot.mouseClick(bar.swap, CLICK)
    with qtbot.waitSignal(bar.link_toggled):
        qtbot.mouseClick(bar.link, CLICK)


def test_changes_are_stepped_through(bar: ViewBar, qtbot: QtBot) -> None:
    compared(bar)
    asked: list[str] = []
    bar.asked.connect(asked.append)
    qtbot.mouseClick(bar.changes.next, CLICK)
    qtbot.mouseClick(bar.changes.previous, CLICK)
    assert asked == ["next_change", "previous_change"]


def test_nothing_is_offered_without_an_asset(bar: ViewBar) -> None:
    bar.clear()
    assert {"modes", "stage", "count", "task"}.isdisjoint(shown(bar))
    assert bar.stage_texts() == bar.task_texts() == []
    bar.show_zoom(None)
    assert bar.zoom.text() == "—"
    assert not bar.fit.isEnabled()


def test_several_tasks_can_be_chosen_among(bar: ViewBar) -> None:
    bar.show_asset(asset(histories.reworked(), histories.long(3)))
    assert "task" in shown(bar)
    bar.mark(1, 2)
    assert bar.task.text() == "Task 2"
    assert bar.stage.text() == "Complete · current"


@pytest.mark.parametrize("kind", ["image", "dicom"])
def test_nothing_is_cut_off_or_overlaps_at_any_width(bar: ViewBar, kind: str) -> None:
    for mode, width in itertools.product(MODES, (1900, 1280, 1007, 840, 700, 630, 561, 520, 473, 421)):
        bar.show_kind(kind)
        bar.show_asset(asset(histories.reworked(), histories.long(3)) if width % 2 else asset(histories.reworked()))
        bar.show_look(Look(mode=mode), 0.1)
        if mode != "single":
            compared(bar, mode)
        bar.resize(width, 40)
        check(bar, mode, width)


def check(bar: ViewBar, mode: str, width: int) -> None:
    edge = 0
    for control in sorted(shown(bar).values(), key=lambda control: control.x()):
        assert control.x() >= edge, (mode, width)
        edge = control.x() + control.width()
        assert control.width() >= min(control.minimumSizeHint().width(), control.sizeHint().width())
    assert edge <= width, (mode, width)
    assert {"modes", "stage"} <= shown(bar).keys()
    assert ("reference" in shown(bar)) == (mode != "single")
    missing = {key for key in bar.gone if key in bar._controls} - {"count", "line2"}
    assert bar.more.isVisible() == bool(missing), (mode, width)


def test_it_gives_way_in_order(bar: ViewBar) -> None:
    bar.resize(1000, 40)
    assert bar.gone == frozenset()
    compared(bar)
    bar.resize(668, 40)
    assert {"fit", "looks", "tags"} <= bar.gone
    assert {"changes", "modes", "stage", "reference"}.isdisjoint(bar.gone)
    bar.resize(1200, 40)
    assert bar.gone == frozenset()
    assert not bar.more.isVisible()


def test_tooltips_tell_the_keys_in_force(bar: ViewBar) -> None:
    keys = {"swap": "X", "mode_swipe": "W", "cycle_tags": "L", "next_change": "N"}
    bar.tell_keys(lambda action: keys.get(action, ""))
    assert bar.swap.toolTip() == "Swap A and B (X)"
    assert bar.modes._buttons["swipe"].toolTip() == "Swipe (W)"
    assert bar.modes._buttons["blink"].toolTip() == "Blink"
    assert bar.modes._buttons["single"].toolTip() == "Single"
    assert bar.changes.next.toolTip() == "Next change (N)"
    keys["cycle_tags"] = "G"
    bar.show_look(Look(tags="none"), 0.1)
    assert bar.tags.toolTip() == "Tags: none (G)"


def test_everything_has_a_name(bar: ViewBar) -> None:
    compared(bar)
    for key, control in shown(bar).items():
        assert key.startswith("line") or control.accessibleName() or key == "count", key


def test_it_paints_in_both_themes(bar: ViewBar) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    compared(bar)
    dark = bar.grab().toImage()
    theme.apply(application, theme.LIGHT)
    try:
        assert bar.grab().toImage() != dark
    finally:
        theme.apply(application, theme.DARK)

"""The menus of the view bar: each entry tells the right signal."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QSlider, QWidgetAction
from pytestqt.qtbot import QtBot

from tests.make import histories
from viewer.model import Asset
from viewer.state import Look
from viewer.ui.view_bar import ViewBar
from viewer.ui.view_bar_menus import open_below


@pytest.fixture
def bar(qtbot: QtBot) -> ViewBar:
    made = ViewBar()
    qtbot.addWidget(made)
    tasks = (histories.reworked(), histories.long(2))
    made.show_asset(Asset(index=0, kind="image", url=None, metadata={}, tasks=tasks, fields={}))
    made.show_look(Look(mode="side", window=(-600.0, 1500.0)), 0.2)
    made.mark(0, 4, 1)
    return made


def entries(menu: QMenu) -> dict[str, bool]:
    return {action.text(): action.isChecked() for action in menu.actions() if action.text()}


def press(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text().startswith(text)).trigger()


def test_stages_and_references_mark_what_is_in_force(bar: ViewBar, qtbot: QtBot) -> None:
    stages, references = QMenu(bar), QMenu(bar)
    bar.menus.stages(stages)
    bar.menus.references(references)
    assert [text for text, on in entries(stages).items() if on] == ["Review 2 · Accepted"]
    assert [text for text, on in entries(references).items() if on] == ["Label 1"]
    with qtbot.waitSignal(bar.stage_chosen) as told:
        press(stages, "Label 2")
    assert told.args == [3]
    with qtbot.waitSignal(bar.reference_chosen) as told:
        press(references, "Start")
    assert told.args == [0]


def test_tasks_windows_looks_and_zooms(bar: ViewBar, qtbot: QtBot) -> None:
    for fill, entry, signal, args in (
        (bar.menus.tasks, "Task 2", bar.task_chosen, [1]),
        (bar.menus.windows, "Bone", bar.window_chosen, [(480.0, 2500.0)]),
        (bar.menus.windows, "From file", bar.window_chosen, [None]),
        (bar.menus.windows, "Inverted", bar.asked, ["invert"]),
        (bar.menus.looks, "Colour by person", bar.colour_chosen, ["person"]),
        (bar.menus.looks, "All relations", bar.asked, ["toggle_relations"]),
        (bar.menus.zooms, "Actual size", bar.asked, ["one_to_one"]),
    ):
        menu = QMenu(bar)
        fill(menu)
        with qtbot.waitSignal(signal) as told:
            press(menu, entry)
        assert told.args == args
    windows = QMenu(bar)
    bar.menus.windows(windows)
    assert [text for text, on in entries(windows).items() if on] == ["Lung   1500 / -600"]


def test_the_fill_of_labels_is_a_slider(bar: ViewBar, qtbot: QtBot) -> None:
    menu = QMenu(bar)
    bar.menus.looks(menu)
    holder = next(action for action in menu.actions() if isinstance(action, QWidgetAction)).defaultWidget()
    slider = holder.findChild(QSlider)
    assert isinstance(slider, QSlider)
    assert slider.value() == 20
    with qtbot.waitSignal(bar.fill_chosen) as told:
        slider.setValue(30)
    assert told.args == [0.3]


def test_what_has_no_room_is_in_the_menu(bar: ViewBar, qtbot: QtBot) -> None:
    menu = QMenu(bar)
    bar.menus.more(menu, frozenset({"swap", "link", "changes", "task", "voi", "tags", "eye", "looks", "fit", "count"}))
    assert list(entries(menu)) == [
        "Swap A and B", "Views linked", "Previous change", "Next change", "Task", "VOI window",
        "Tags: automatic", "Show labels", "How labels look", "Fit",
    ]  # fmt: skip
    asked: list[str] = []
    bar.asked.connect(asked.append)
    bar.swap_wanted.connect(lambda: asked.append("swap"))
    bar.link_toggled.connect(lambda: asked.append("link"))
    for text in ("Swap", "Views", "Previous", "Next", "Tags", "Show", "Fit"):
        press(menu, text)
    assert asked == [
        "swap", "link", "previous_change", "next_change", "cycle_tags", "toggle_labels", "fit",
    ]  # fmt: skip


def test_zoom_in_the_menu_holds_fit(bar: ViewBar) -> None:
    menu = QMenu(bar)
    bar.menus.more(menu, frozenset({"zoom", "fit"}))
    assert list(entries(menu)) == ["Zoom"]


def test_a_menu_opens_below_its_button_and_is_gone_when_it_is_closed(
    bar: ViewBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    places: list[QPoint] = []
    monkeypatch.setattr(QMenu, "popup", lambda _menu, at: places.append(at))
    menu = open_below(bar.zoom, bar.menus.zooms)
    assert places == [bar.zoom.mapToGlobal(QPoint(0, bar.zoom.height() + 4))]
    with qtbot.waitSignal(menu.destroyed):
        menu.aboutToHide.emit()

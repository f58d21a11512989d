"""The values to filter by: found by typing, chosen by key and mouse, with counts that follow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.make.rows import rows
from viewer.ui.assets import AssetPanel, Filter
from viewer.ui.assets.builder import FilterBuilder, choices_of
from viewer.ui.assets.filters import toggled

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


@pytest.fixture
def builder(panel: AssetPanel, qtbot: QtBot) -> FilterBuilder:
    panel.append(rows(60))
    qtbot.waitUntil(lambda: panel.model.table.digested == 60)
    qtbot.mouseClick(panel.chips.more, Qt.MouseButton.LeftButton)
    assert panel.builder.isVisible()
    return panel.builder


def lines(builder: FilterBuilder) -> dict[tuple[str, str], tuple[int, bool]]:
    return {(c.facet, c.value): (c.count, c.chosen) for c in builder.model.choices if c.value is not None}


def test_lines_are_found_by_value_or_facet() -> None:
    counts = {"kind": {"image": 3, "video": 0}, "class": {"Car 10": 1, "Car 9": 2, "": 1}}
    all_of_it = choices_of(counts, Filter(chosen=(("kind", "video"),)))
    assert [c.text for c in all_of_it] == ["Kind", "Image", "Video", "Class", "Car 9", "Car 10", "No title"]
    assert [c.chosen for c in all_of_it if c.value == "video"] == [True]
    assert [c.text for c in choices_of(counts, Filter(), "vid")] == ["Kind", "Video"]
    assert [c.text for c in choices_of(counts, Filter(), "CLASS")] == ["Class", "Car 9", "Car 10", "No title"]
    assert choices_of(counts, Filter(), "nothing") == []


def test_counts_follow_what_is_chosen(builder: FilterBuilder, panel: AssetPanel, qtbot: QtBot) -> None:
    assert lines(builder)["kind", "video"] == (9, False)
    panel.set_filter(toggled(Filter(), "stage", "Label"))
    qtbot.waitUntil(lambda: lines(builder)["kind", "video"] == (3, False))
    assert lines(builder)["stage", "Label"] == (20, True)
    assert lines(builder)["stage", "Review"] == (20, False)


def test_typing_and_enter_choose(builder: FilterBuilder, panel: AssetPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(builder.field, "vid")
    qtbot.keyClick(builder.field, Qt.Key.Key_Return)
    assert panel.filter.chosen == (("kind", "video"),)
    assert builder.isVisible()
    qtbot.keyClick(builder.field, Qt.Key.Key_Return)
    assert panel.filter.chosen == ()


def test_arrows_pass_over_headings(builder: FilterBuilder, panel: AssetPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(builder.field, "sta")
    for _ in range(9):
        qtbot.keyClick(builder.field, Qt.Key.Key_Down)
    qtbot.keyClick(builder.field, Qt.Key.Key_Up)
    qtbot.keyClick(builder.field, Qt.Key.Key_Return)
    assert panel.filter.chosen == (("stage", "Label"),)


def test_a_click_chooses_and_clear_clears(builder: FilterBuilder, panel: AssetPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(builder.field, "video")
    box = builder.list.visualRect(builder.model.index(1))
    qtbot.mouseClick(builder.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert panel.filter.chosen == (("kind", "video"),)
    qtbot.waitUntil(builder.clear_button.isEnabled)
    qtbot.mouseClick(builder.clear_button, Qt.MouseButton.LeftButton)
    assert panel.filter.is_neutral


def test_values_are_spoken_with_count_and_state(builder: FilterBuilder) -> None:
    at = next(n for n, c in enumerate(builder.model.choices) if c.value == "video")
    spoken = builder.model.data(builder.model.index(at), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Video, Kind, 9, not chosen"


def test_it_is_painted(builder: FilterBuilder) -> None:
    image = builder.list.viewport().grab().toImage()
    assert len({image.pixelColor(x, y).name() for x in range(40, 200) for y in range(0, 120, 2)}) > 4


def test_closing_gives_the_keyboard_back(builder: FilterBuilder, panel: AssetPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.canvas_wanted):
        qtbot.keyClick(builder.field, Qt.Key.Key_Escape)
    assert not builder.isVisible()

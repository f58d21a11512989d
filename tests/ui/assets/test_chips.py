"""Chips for flags and for what is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.make.rows import rows
from viewer.ui.assets import AssetPanel, Filter
from viewer.ui.assets.filters import toggled

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


def filled(panel: AssetPanel, qtbot: QtBot) -> AssetPanel:
    panel.append(rows(100))
    panel.set_listing(False)
    qtbot.waitUntil(lambda: panel.model.table.digested == 100 and ("problems", "with") in panel.chips._flags)
    return panel


def test_flags_that_there_are_have_a_chip_with_a_count(panel: AssetPanel, qtbot: QtBot) -> None:
    filled(panel, qtbot)
    flags = panel.chips._flags
    assert {key: chip.text() for key, chip in flags.items()} == {
        ("rejected", "once"): "Rejected once 5",
        ("problems", "with"): "With problems 2",
    }
    qtbot.mouseClick(flags["problems", "with"], Qt.MouseButton.LeftButton)
    assert panel.model.counts() == (2, 100)
    qtbot.waitUntil(lambda: flags["rejected", "once"].text() == "Rejected once 0")
    assert flags["rejected", "once"].isVisible()
    qtbot.mouseClick(flags["problems", "with"], Qt.MouseButton.LeftButton)
    assert panel.model.counts() == (100, 100)


def test_a_chosen_facet_has_a_chip_that_opens_and_goes(panel: AssetPanel, qtbot: QtBot) -> None:
    filled(panel, qtbot)
    panel.set_filter(toggled(Filter(), "class", "Car"))
    chip = panel.chips._facets["class"]
    assert chip.text() == "Car" and chip.isVisible()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
    assert panel.builder.isVisible()
    assert panel.builder.model.choices[panel.builder.list.currentIndex().row()].facet == "class"
    panel.builder.hide()
    panel.set_filter(toggled(panel.filter, "class", "Van"))
    assert chip.text() == "Class 2" and "Car, Van" in chip.accessibleName()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 8, 12))
    assert panel.filter.chosen == ()
    assert not chip.isVisible()


def test_delete_takes_a_facet_away(panel: AssetPanel, qtbot: QtBot) -> None:
    filled(panel, qtbot)
    panel.set_filter(toggled(Filter(), "stage", "Review"))
    qtbot.keyClick(panel.chips._facets["stage"], Qt.Key.Key_Delete)
    assert panel.filter.chosen == ()


def test_chips_that_do_not_fit_make_a_row_more(panel: AssetPanel, qtbot: QtBot) -> None:
    filled(panel, qtbot)
    assert panel.chips.height() == 32
    record = Filter()
    for facet, value in (("class", "Pedestrian"), ("person", "jana@example.com"), ("batch", "batch 1")):
        record = toggled(record, facet, value)
    panel.set_filter(record)
    assert panel.chips.height() > 60
    boxes = [chip.geometry() for chip in panel.chips._order]
    assert all(not a.intersects(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])
    assert all(panel.chips.rect().contains(box) for box in boxes)
    panel.resize(220, 700)
    assert all(panel.chips.rect().contains(chip.geometry()) for chip in panel.chips._order)


def test_chips_of_a_filter_that_is_off_look_off(panel: AssetPanel, qtbot: QtBot) -> None:
    filled(panel, qtbot)
    panel.set_filter(toggled(toggled(Filter(), "stage", "Review"), "problems", "with"))
    panel.toggle_filter()
    assert not panel.chips._facets["stage"].isChecked()
    assert not panel.chips._flags["problems", "with"].isChecked()
    panel.toggle_filter()
    assert panel.chips._facets["stage"].isChecked()
    assert panel.chips._flags["problems", "with"].isChecked()

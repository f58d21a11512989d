"""The table of changes as a region: what it says, how it is stepped through, what it remembers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from tests.make.changes import found, items_of, places, step, table
from viewer.ui.assets.changed import KIND
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import ChangeTable
from viewer.ui.changes.table_detail import SLIM_WIDTH, WIDTH
from viewer.ui.changes.table_panel import ChangeTablePanel

Key = Qt.Key


@pytest.fixture
def panel(qtbot: QtBot, look_of_program: None) -> ChangeTablePanel:
    made = ChangeTablePanel()
    qtbot.addWidget(made)
    made.resize(1300, 700)
    made.show()
    return made


@pytest.fixture
def full(panel: ChangeTablePanel) -> ChangeTablePanel:
    panel.show_table("export", table(3, 20))
    at_rest(panel)
    return panel


def at_rest(panel: ChangeTablePanel) -> None:
    while panel.model.busy:
        panel.model._tick()


def test_no_changes_say_why_and_what_to_do(panel: ChangeTablePanel, qtbot: QtBot) -> None:
    panel.show_table("export", ChangeTable(places(0)))
    at_rest(panel)
    panel.set_reason("The stages of this export are not compared yet.", can_compare=True)
    assert not panel.view.isVisible()
    assert "not compared" in panel.empty.label.text()
    assert panel.compare_button.isVisible()
    assert not panel.bar.csv.isEnabled()
    with qtbot.waitSignal(panel.compare_wanted):
        panel.compare_button.click()


def test_counts_and_a_filter_that_leaves_nothing(full: ChangeTablePanel) -> None:
    assert full.bar.said.text() == "60 changes"
    full.set_filter(replace(full.model.filter, chosen=((KIND, "moved"),)))
    at_rest(full)
    assert full.bar.said.text() == "10 of 60 changes"
    full.set_filter(replace(full.model.filter, text="zeppelin"))
    at_rest(full)
    assert full.bar.field.text() == "zeppelin"
    assert not full.view.isVisible()
    assert not full.compare_button.isVisible()
    full.empty.clear.click()
    at_rest(full)
    assert full.bar.said.text() == "60 changes"
    assert full.bar.field.text() == ""
    assert full.view.isVisible()
    full.show_table("asset", table(1, 1))
    assert full.bar.said.text() == "1 change"


def test_a_chosen_row_is_told_and_stays_when_rows_are_made_anew(full: ChangeTablePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(full.chosen) as chosen:
        full.view.choose(7)
    item = full.item
    assert isinstance(item, Item)
    assert chosen.args == [item]
    with qtbot.assertNotEmitted(full.chosen):
        full.set_filter(replace(full.model.filter, order="label"))
        at_rest(full)
    assert full.item is item
    assert full.model.item_at(full.view.row) is item
    full.show_table("asset", table(1, 4))
    assert full.item is None
    assert full.detail.item is None


def test_pictures_that_come_too_late_are_not_shown(full: ChangeTablePanel) -> None:
    full.view.choose(2)
    late = full.item
    assert late is not None
    full.view.choose(3)
    full.show_crop(late, None, waiting=False)
    assert full.detail.pictures.text == ""
    assert full.item is not None
    full.show_crop(full.item, None, waiting=False)
    assert full.detail.pictures.text == "This change cannot be drawn."


def test_n_goes_to_the_next_one_not_seen(full: ChangeTablePanel) -> None:
    items = full.model.items()
    seen = {item.digest for item in items if item.number % 4}
    full.model.is_seen = lambda item: item.digest in seen
    full.step_unseen(1)
    assert full.item is items[0]
    full.step_unseen(1)
    assert full.item is items[4]
    full.step_unseen(-1)
    full.step_unseen(-1)
    assert full.item is items[0]


def test_keys_of_the_region(full: ChangeTablePanel, qtbot: QtBot) -> None:
    full.view.choose(1)
    with qtbot.waitSignal(full.show_wanted) as wanted:
        qtbot.keyClick(full.view, Key.Key_Return)
    assert wanted.args == [full.item]
    qtbot.keyClick(full.view, Key.Key_Space)
    assert full.peek.isVisible()
    qtbot.keyClick(full.peek, Key.Key_Down)
    assert full.view.row == 2
    qtbot.keyClick(full.peek, Key.Key_Space)
    qtbot.keyClick(full.view, Key.Key_V)
    assert full.bar.field.text() == "v"
    with qtbot.waitSignal(full.closed):
        qtbot.keyClick(full.view, Key.Key_Escape)


def test_progress_is_there_while_stages_are_compared(full: ChangeTablePanel, qtbot: QtBot) -> None:
    assert not full.stop.isVisible()
    full.set_running(0.42)
    assert full.running.text() == "Comparing stages, 42%"
    with qtbot.waitSignal(full.stop_wanted):
        full.stop.click()
    full.set_running(None)
    assert not full.stop.isVisible()


@pytest.mark.parametrize(("width", "detail"), [(1000, SLIM_WIDTH), (1300, WIDTH)])
def test_the_chosen_change_leaves_the_table_its_room(
    full: ChangeTablePanel, qtbot: QtBot, width: int, detail: int
) -> None:
    full.resize(width, 600)
    assert full.detail.width() == detail
    qtbot.waitUntil(lambda: full.view.width() >= width - detail - 2)


def test_columns_and_grouping_are_remembered(full: ChangeTablePanel, qtbot: QtBot, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    full.show_columns(frozenset(("tool", "ids")))
    full.filters.grouping.choose("person")
    full.model.set_grouping("person")
    full.save(settings)
    other = ChangeTablePanel()
    qtbot.addWidget(other)
    other.restore(settings)
    assert other.view.optional == {"tool", "ids"}
    assert other.filters.grouped_by == "person"
    settings.setValue("changes/columns", "weight,tool")
    settings.setValue("changes/grouping", "weight")
    other.restore(settings)
    assert other.view.optional == {"tool"}
    assert other.filters.grouped_by == "person"


def test_texts_of_an_export_are_plain(full: ChangeTablePanel) -> None:
    made = ChangeTable(places(1))
    made.add(items_of([step(0, 0, [found(0, title="<img src=x>\nb", by="<b>@x")])]))
    full.show_table("export", made)
    at_rest(full)
    full.view.choose(0)
    assert full.detail.title.name == "<img src=x> b"
    full.grab()

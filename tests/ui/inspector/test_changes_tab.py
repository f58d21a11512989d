"""The tab of changes as a whole: what it says while there is nothing, and what it asks for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from tests.make.changed import SIDES, changed_asset, listing_of
from viewer.model import Change
from viewer.ui.inspector.changes_tab import ChangesTab

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tab(qtbot: QtBot, look_of_program: None) -> ChangesTab:
    made = ChangesTab()
    qtbot.addWidget(made)
    made.resize(328, 760)
    made.show()
    return made


@pytest.fixture
def full(tab: ChangesTab) -> ChangesTab:
    tab.show_changes(listing_of(changed_asset()), SIDES)
    return tab


def test_nothing_compared_says_how_to_begin(tab: ChangesTab, qtbot: QtBot) -> None:
    tab.show_nothing("single")
    assert "Shift+click" in tab.text.text()
    with qtbot.waitSignal(tab.compare_wanted):
        qtbot.mouseClick(tab.button, LEFT)


def test_nothing_changed_offers_other_stages(full: ChangesTab, qtbot: QtBot) -> None:
    full.show_nothing("equal", SIDES)
    assert full.text.text() == "Nothing changed between Label and Review."
    assert full.button.text() == "Pick other stages"
    assert full.model.rowCount() == 0
    with qtbot.waitSignal(full.stages_wanted):
        qtbot.mouseClick(full.button, LEFT)


@pytest.mark.parametrize(("why", "text"), [("no_history", "no stage history"), ("waiting", "Comparing Label")])
def test_other_reasons_have_no_button(tab: ChangesTab, why: str, text: str) -> None:
    tab.show_nothing(why, SIDES)  # type: ignore[arg-type]
    assert text in tab.text.text()
    assert not tab.button.isVisible()
    assert not tab.is_listed


def test_an_empty_listing_says_so(tab: ChangesTab) -> None:
    tab.show_changes(listing_of(changed_asset(), 1, 1), SIDES)
    assert tab.why == "equal"


def test_a_row_shows_its_change_and_tells_of_it(full: ChangesTab, qtbot: QtBot) -> None:
    told: list[Change] = []
    full.change_chosen.connect(told.append)
    full.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(full.view, Qt.Key.Key_Down)
    assert told == [full.model.listing.changes[full.model.rows[1]]]
    assert full.block.change is told[0]
    qtbot.mouseClick(full.block.zoom, LEFT)
    assert told == [told[0]] * 2


def test_marking_from_outside(full: ChangesTab, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(full.change_chosen):
        full.mark(5)
        assert full.block.change is full.model.listing.changes[5]
        full.mark_object("moved", 0)
        assert full.block.change is not None
        assert full.block.change.kind == "moved"
        full.mark_object("same", 0)  # nothing happened to it: what is marked stays
        assert full.block.change.kind == "moved"
        full.mark(None)
        assert full.block.is_empty
        full.mark(99)
        assert full.block.is_empty


def test_chips_filter_the_list(full: ChangesTab, qtbot: QtBot) -> None:
    qtbot.mouseClick(full.chips.chips["reclassified"], LEFT)
    assert [g.key for g in full.model.groups] == ["reclassified"]
    qtbot.mouseClick(full.chips.chips["reclassified"], LEFT)
    assert len(full.model.groups) == 9


def test_grouping_is_chosen_and_kept(full: ChangesTab, tmp_path: object) -> None:
    texts = [action.text() for action in full.menu().actions()]
    assert texts == ["By kind", "By class", "By person"]
    full.group_by("person")
    settings = QSettings(f"{tmp_path}/kept.ini", QSettings.Format.IniFormat)
    full.save(settings)
    other = ChangesTab()
    other.restore(settings)
    assert other.model.grouping == "person"
    other.deleteLater()


def test_the_block_leaves_room_for_the_list(full: ChangesTab) -> None:
    for height in (420, 760, 1200):
        full.resize(300, height)
        assert full.view.height() >= 78
        assert full.block.height() >= 84
    full.set_compact(True)
    assert full.block.height() <= 200


def test_both_looks(full: ChangesTab, qtbot: QtBot) -> None:
    full.mark(0)
    assert not full.grab().isNull()

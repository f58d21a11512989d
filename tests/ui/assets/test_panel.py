"""The region as a whole: what is chosen is told, places are kept, and every state has its words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.make.rows import hex_id, row, rows
from viewer.ui.assets import AssetPanel, Filter
from viewer.ui.assets.delegate import ROW_HEIGHT
from viewer.ui.assets.filters import toggled

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


def fill(panel: AssetPanel, qtbot: QtBot, count: int = 100) -> None:
    panel.reset()
    panel.append(rows(count))
    panel.set_listing(False)
    qtbot.waitUntil(lambda: panel.model.table.digested == count)


def current(panel: AssetPanel) -> int | None:
    chosen = panel.view.selectionModel().selectedRows()
    return panel.model.asset_at(chosen[0].row()) if chosen else None


def top(panel: AssetPanel, asset: int) -> int:
    at = panel.model.row_of_asset(asset)
    assert at is not None
    return at * ROW_HEIGHT - panel.view.verticalScrollBar().value()


def test_showing_an_asset_marks_it_without_choosing_it(panel: AssetPanel, qtbot: QtBot) -> None:
    chosen: list[int] = []
    panel.asset_chosen.connect(chosen.append)
    fill(panel, qtbot)
    panel.show_asset(70)
    assert current(panel) == 70
    assert 0 <= top(panel, 70) <= panel.view.viewport().height() - ROW_HEIGHT
    panel.show_asset(None)
    assert current(panel) is None
    assert chosen == []


def test_the_open_asset_is_marked_when_its_row_arrives(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.show_asset(3)
    panel.append(rows(5))
    assert current(panel) == 3


def test_selection_and_place_stay_while_rows_arrive(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    panel.show_asset(50)
    panel.view.verticalScrollBar().setValue(1234)
    panel.append(rows(300, first=100))
    qtbot.waitUntil(lambda: panel.model.table.digested == 400)
    assert panel.view.verticalScrollBar().value() == 1234
    assert current(panel) == 50


def test_the_open_asset_stays_where_it_was_when_the_filter_changes(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot, 700)
    panel.show_asset(350)
    before = top(panel, 350)
    panel.set_filter(toggled(Filter(), "kind", "image"))
    assert current(panel) == 350
    assert top(panel, 350) == before
    panel.clear_filter()
    assert current(panel) == 350
    assert top(panel, 350) == before


def test_an_open_asset_that_is_filtered_out_comes_back(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    panel.show_asset(10)  # a video
    panel.set_filter(toggled(Filter(), "kind", "image"))
    assert current(panel) is None
    panel.toggle_filter()
    assert current(panel) == 10
    assert not panel.filter_on


def test_it_is_in_sight_again_after_a_search_for_others(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot, 700)
    panel.show_asset(350)
    panel.set_filter(Filter(text="lot_69"))
    assert current(panel) is None
    panel.clear_filter()
    assert current(panel) == 350
    assert 0 <= top(panel, 350) <= panel.view.viewport().height() - ROW_HEIGHT


def test_typing_in_the_list_searches(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    panel.focus_list()
    qtbot.keyClick(panel.view, Qt.Key.Key_4)
    qtbot.waitUntil(panel.field.hasFocus)
    qtbot.keyClicks(panel.field, "2.jpg")
    assert panel.filter.text == "42.jpg"
    assert panel.model.counts()[0] == 1


def test_enter_in_the_field_opens_the_first_match(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    panel.show_asset(0)
    qtbot.keyClicks(panel.field, "lot_7")
    with qtbot.waitSignals([panel.asset_chosen, panel.canvas_wanted]):
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert current(panel) == 7
    chosen: list[int] = []
    panel.asset_chosen.connect(chosen.append)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert chosen == []


def test_down_goes_from_the_field_into_the_list_and_enter_to_the_canvas(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    panel.focus_search()
    with qtbot.waitSignal(panel.asset_chosen) as told:
        qtbot.keyClick(panel.field, Qt.Key.Key_Down)
    assert told.args == [0]
    qtbot.waitUntil(panel.view.hasFocus)
    with qtbot.waitSignal(panel.canvas_wanted):
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)


def test_the_filter_is_a_record_that_comes_back(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    told: list[Filter] = []
    panel.filter_changed.connect(lambda: told.append(panel.filter))
    qtbot.keyClicks(panel.field, "lo")
    record = toggled(Filter(text="lot_1", order="name"), "kind", "video")
    panel.set_filter(record)
    assert [r.text for r in told] == ["l", "lo", "lot_1"]
    assert panel.field.text() == "lot_1"
    shown = [panel.model.asset_at(i) for i in range(panel.model.rowCount())]
    fill(panel, qtbot)
    assert panel.filter == Filter() and panel.field.text() == ""
    panel.set_filter(record)
    qtbot.waitUntil(lambda: not panel.model.busy)
    assert [panel.model.asset_at(i) for i in range(panel.model.rowCount())] == shown == [10, 17]


def test_one_key_switches_the_filter_off_and_on(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    panel.toggle_filter()
    assert panel.filter_on  # there is nothing to switch off
    panel.set_filter(Filter(text="lot_42"))
    panel.toggle_filter()
    assert panel.model.counts() == (100, 100) and panel.field.text() == "lot_42"
    assert panel.footer.filter_off.isVisible()
    qtbot.mouseClick(panel.footer.filter_off, Qt.MouseButton.LeftButton)
    assert panel.model.counts() == (1, 100)
    panel.toggle_filter()
    qtbot.keyClicks(panel.field, "9")
    assert panel.filter_on


def test_the_id_of_an_object_is_told(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    with qtbot.waitSignal(panel.object_id_pasted) as told:
        panel.field.setText(hex_id("some label").upper())
    assert told.args == [hex_id("some label")]
    panel.set_note("The open asset holds it.")
    assert panel.note.isVisible()
    panel.set_object_hits([31])
    assert [panel.model.asset_at(i) for i in range(panel.model.rowCount())] == [31]
    panel.clear_filter()
    assert not panel.note.isVisible()


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (Filter(text="lot_999"), 'No asset matches "lot_999".'),
        (
            toggled(toggled(Filter(text="lot_99"), "kind", "pdf"), "stage", "Label"),
            'No asset matches "lot_99" and 2 filters.',
        ),
        (toggled(Filter(), "kind", "pdf"), "No asset matches 1 filter."),
    ],
)
def test_no_match_says_why_and_has_a_way_out(panel: AssetPanel, qtbot: QtBot, record: Filter, text: str) -> None:
    fill(panel, qtbot)
    panel.set_filter(record)
    assert panel.empty.isVisible() and panel.empty.label.text() == text
    qtbot.mouseClick(panel.empty.clear, Qt.MouseButton.LeftButton)
    assert panel.view.isVisible() and panel.filter.is_neutral and panel.field.text() == ""


def test_the_footer_says_how_many(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.reset()
    panel.append(rows(1))
    panel.set_listing(True, 25, 100)
    assert panel.footer.text.text() == "Reading · 1 asset"
    assert panel.footer.bar.share == 0.25
    with qtbot.waitSignal(panel.cancel_listing):
        qtbot.mouseClick(panel.footer.cancel, Qt.MouseButton.LeftButton)
    panel.set_listing(False)
    assert panel.footer.text.text() == "1 asset" and panel.footer.bar.share is None
    fill(panel, qtbot)
    assert panel.footer.text.text() == "100 assets"
    panel.set_filter(Filter(text="lot_4"))
    assert panel.footer.text.text() == "11 of 100 assets"


def test_an_export_without_assets(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.reset()
    assert panel.empty.label.text() == ""
    panel.set_listing(False)
    assert panel.empty.isVisible() and panel.empty.label.text() == "No assets"
    assert not panel.empty.clear.isVisible()


@pytest.mark.parametrize(("typed", "word"), [("/lot(/", "not complete"), ("/(a+)+/", "hours")])
def test_a_pattern_that_is_not_used_is_told(panel: AssetPanel, qtbot: QtBot, typed: str, word: str) -> None:
    fill(panel, qtbot)
    panel.field.setText(typed)
    assert word in panel.note.text() and panel.note.isVisible()
    assert panel.model.counts() == (100, 100)
    panel.field.setText("/lot_1/")
    assert not panel.note.isVisible()


def test_the_rail_shows_thumbnails_alone_and_leads_back(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    panel.show_asset(2)
    panel.set_form("rail")
    assert (panel.minimumWidth(), panel.maximumWidth()) == (56, 56)
    assert panel.view.isVisible() and not panel.field.isVisible() and not panel.footer.isVisible()
    assert current(panel) == 2
    panel.list_wanted.connect(lambda: panel.set_form("list"))
    qtbot.mouseClick(panel.rail_button, Qt.MouseButton.LeftButton)
    assert panel.field.isVisible() and panel.minimumWidth() == 220 and panel.maximumWidth() > 5000
    panel.set_form("rail")
    qtbot.keyClick(panel.view, Qt.Key.Key_7)
    assert panel.form == "list" and panel.field.text() == "7"


def test_the_order_is_chosen_from_a_menu(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    qtbot.mouseClick(panel.sort_button, Qt.MouseButton.LeftButton)
    menu = panel.findChild(QMenu)
    assert isinstance(menu, QMenu)
    actions = {action.text(): action for action in menu.actions()}
    assert actions["Order of the export"].isChecked()
    actions["Problems"].trigger()
    menu.close()
    assert (panel.filter.order, panel.filter.descending) == ("problems", True)
    qtbot.waitUntil(lambda: not panel.model.busy)
    assert [panel.model.asset_at(i) for i in range(3)] == [0, 50, 1]
    assert "Problems" in panel.sort_button.accessibleName()


def test_every_control_has_a_name(panel: AssetPanel, qtbot: QtBot) -> None:
    fill(panel, qtbot)
    panel.set_filter(toggled(Filter(), "class", "Car"))
    controls = [w for w in panel.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    reached = [
        w for w in controls if isinstance(w, QAbstractButton) or w in (panel.field, panel.view, panel.builder.field)
    ]
    assert len(reached) >= 8
    assert [type(w).__name__ for w in reached if not w.accessibleName()] == []


@pytest.mark.parametrize("width", [220, 288, 400])
def test_nothing_is_narrower_than_it_must_be(panel: AssetPanel, qtbot: QtBot, width: int) -> None:
    fill(panel, qtbot)
    panel.set_listing(True, 1, 2)
    panel.set_filter(toggled(Filter(text="l", on=False), "class", "Pedestrian"))
    panel.toggle_filter()
    panel.resize(width, 600)
    QApplication.processEvents()
    for widget in panel.findChildren(QWidget):
        if widget.isVisible() and widget.window() is panel:
            assert widget.width() >= min(widget.minimumSizeHint().width(), 200), widget


def test_a_signed_link_as_a_name_is_shown_without_its_query(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.append([row(0, external_id="https://example.com/lot.jpg?sig=5ec3e7")])
    index = panel.model.index(0, 0)
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
        assert "5ec3e7" not in str(panel.model.data(index, role))

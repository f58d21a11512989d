from __future__ import annotations

import json
from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.make.inspected import video_of
from viewer.model import Asset
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.facts import Fact
from viewer.ui.inspector.selected import SelectedBlock

Show = Callable[..., None]


def copied(panel: InspectorPanel, text: str) -> str:
    next(a for a in panel.labels.selected.copy_menu().actions() if a.text() == text).trigger()
    return QGuiApplication.clipboard().text()


def test_nothing_selected_then_a_label(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset)
    block = panel.labels.selected
    assert block.is_empty
    panel.mark("car2")
    assert not block.is_empty
    assert (block.title.name, block.title.number, block.title.chip) == ("Car", "#2", "")
    assert block.title.colour
    panel.mark(None)
    assert block.is_empty


def test_a_relation(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset, selection="rel1")
    assert (panel.labels.selected.title.name, panel.labels.selected.title.chip) == ("follows", "relation")
    assert copied(panel, "Ends") == "Car #2 → Car #1"


def test_a_track_says_how_sure_it_is(panel: InspectorPanel, show: Show) -> None:
    video = video_of(3, pages=9)
    for page, chip in ((0, "key frame"), (4, "between keys"), (8, "key frame"), (20, "held")):
        show(video, page, selection="v0000001")
        assert panel.labels.selected.title.chip == chip


def test_what_can_be_copied(panel: InspectorPanel, show: Show, asset: Asset, qtbot: QtBot) -> None:
    show(asset, selection="car1")
    assert copied(panel, "Object id") == "car1"
    assert json.loads(copied(panel, "JSON"))["objectId"] == "car1"
    assert "width" in json.loads(copied(panel, "Geometry"))
    with qtbot.waitSignal(panel.asked) as told:
        copied(panel, "Link")
    assert told.args == ["copy_link"]
    with qtbot.waitSignal(panel.copied) as told:
        copied(panel, "Object id")
    assert told.args == ["The object id is copied."]


def test_buttons(panel: InspectorPanel, show: Show, asset: Asset, qtbot: QtBot) -> None:
    show(asset, selection="car1")
    with qtbot.waitSignal(panel.zoom_wanted) as told:
        panel.labels.selected.zoom.click()
    assert told.args == ["car1"]
    panel.labels.selected.json.click()
    assert panel.tab == "json"
    assert '"car1"' in panel.json.view.toPlainText()


def test_an_end_of_a_relation_leads_to_it(panel: InspectorPanel, show: Show, asset: Asset, qtbot: QtBot) -> None:
    show(asset, selection="car1")
    with qtbot.waitSignal(panel.object_chosen) as told:
        panel.labels.selected.facts.jump_wanted.emit(("object", "car2"))
    assert told.args == ["car2"]


def test_in_a_low_window_each_value_is_one_line(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset, selection="car1")
    facts = panel.labels.selected.facts
    rows = [i for i, fact in enumerate(facts.model_.facts) if fact.kind != "heading"]
    panel.resize(190, 700)
    assert len({facts.height_of(row) for row in rows}) > 1
    panel.set_compact(True)
    assert len({facts.height_of(row) for row in rows}) == 1
    assert not facts.grab().isNull()
    panel.labels.selected.more.click()
    assert len({facts.height_of(row) for row in rows}) > 1


def test_in_a_low_window_two_whole_rows_are_seen(qtbot: QtBot, look_of_program: None) -> None:
    block = SelectedBlock()
    qtbot.addWidget(block)
    block.tell(colour="#44AA66", name="Car", number="#1", chip="", copies=(), same=False,
               facts=[Fact("Shape", "Box"), Fact("Created", "3 Nov"), Fact("Last change", "4 Nov")])  # fmt: skip
    block.set_compact(True)
    block.resize(300, 112)
    block.show()
    heights = [block.facts.height_of(row) for row in range(2)]
    assert block.facts.viewport().height() == sum(heights)
    block.more.click()
    block.resize(300, 300)
    assert block.facts.viewport().height() > sum(heights)

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from pytestqt.qtbot import QtBot

from viewer.model import Asset
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.json_tab import PIECE, SMALL

Show = Callable[..., None]


def big(count: int = 3_000) -> bytes:
    return json.dumps({"items": [{"name": f"thing {n} 😀", "n": n} for n in range(count)]}, ensure_ascii=False).encode()


def test_label_or_asset(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset)
    panel.show_tab("json")
    tab = panel.json
    assert not tab.choice.isVisible()
    assert '"externalId": "site/a.png"' in tab.view.toPlainText()
    assert "secret0" not in tab.view.toPlainText()
    panel.mark("car2")
    assert tab.choice.isVisible()
    assert tab.view.toPlainText().count('"objectId": "car2"') == 1
    assert "car1" not in tab.view.toPlainText()
    tab.choose("asset")
    assert "car1" in tab.view.toPlainText()


def test_nothing_is_laid_out_behind_other_tabs(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset, selection="car1")
    assert panel.json.view.toPlainText() == ""


def test_the_path_of_a_line_is_copied(panel: InspectorPanel, show: Show, asset: Asset, qtbot: QtBot) -> None:
    show(asset, selection="car2")
    panel.show_tab("json")
    tab = panel.json
    line = tab.view.toPlainText().split("\n").index(next(x for x in tab.view.toPlainText().split("\n") if "width" in x))
    tab.view.setTextCursor(QTextCursor(tab.view.document().findBlockByNumber(line)))
    assert tab.path.text() == "$.task.tools[1].bounding-box.width"
    with qtbot.waitSignal(tab.copied):
        tab.copy_path.click()
    assert QGuiApplication.clipboard().text() == "$.task.tools[1].bounding-box.width"
    tab.copy_all.click()
    assert json.loads(QGuiApplication.clipboard().text())["objectId"] == "car2"


def test_search_counts_and_steps(panel: InspectorPanel, qtbot: QtBot) -> None:
    tab = panel.json
    tab.show_asset(big())
    panel.show_tab("json")
    tab.view.setFocus()
    qtbot.keyClick(tab.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(tab.search, "THING 299")
    assert tab.count.text() == "1 of 11"
    assert "thing 299 " in tab.view.textCursor().block().text()
    assert tab.view.extraSelections()[0].cursor.selectedText() == "thing 299"
    qtbot.keyClick(tab.search, Qt.Key.Key_Return)
    assert tab.count.text() == "2 of 11"
    assert tab.view.extraSelections()[0].cursor.selectedText() == "thing 299"
    assert "thing 2990 " in tab.view.textCursor().block().text()
    qtbot.keyClick(tab.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert tab.count.text() == "1 of 11"
    tab.search.setText("zebra")
    assert tab.count.text() == "none"
    assert not tab.next.isEnabled()


def test_many_lines_come_in_pieces(panel: InspectorPanel, qtbot: QtBot) -> None:
    tab = panel.json
    tab.show_asset(big())
    panel.show_tab("json")
    assert tab.view.document().blockCount() == PIECE
    qtbot.waitUntil(lambda: tab.is_whole)
    assert tab.view.toPlainText() == tab.json.text


def test_large_assets_are_laid_out_elsewhere_and_late_answers_dropped(panel: InspectorPanel) -> None:
    waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
    panel.set_run(lambda work, done: waiting.append((work, done)))
    tab = panel.json
    panel.show_tab("json")
    first, second = big(2_000), big(2_500)
    assert len(first) > SMALL
    tab.show_asset(first)
    tab.show_asset(second)
    assert tab.view.toPlainText() == ""
    for work, done in waiting:
        done(work())
    assert len(waiting) == 2
    assert len(json.loads(tab.json.text)["items"]) == 2_500


def test_what_is_cut_is_told(panel: InspectorPanel) -> None:
    tab = panel.json
    tab.show_asset(big(90_000))
    panel.show_tab("json")
    assert tab.note.text().startswith("Cut after 1.")
    assert tab.note.isVisible()
    tab.show_asset(b"{}")
    assert not tab.note.isVisible()


def test_a_problem_leads_to_its_path_in_the_asset(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset, selection="car2")
    panel.show_path("$.metadata.width")
    assert (panel.tab, panel.json.choice.choice) == ("json", "asset")
    assert panel.json.path_here() == "$.metadata.width"
    assert '"width": 1000' in panel.json.view.textCursor().block().text()


def test_a_path_that_comes_later_is_gone_to_then(panel: InspectorPanel, qtbot: QtBot) -> None:
    waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
    panel.set_run(lambda work, done: waiting.append((work, done)))
    panel.json.show_asset(big())
    panel.show_path("$.items[2999].n")
    assert panel.json.path_here() == "$"
    for work, done in waiting:
        done(work())
    qtbot.waitUntil(lambda: panel.json.path_here() == "$.items[2999].n")


def test_a_path_of_another_asset_is_forgotten(panel: InspectorPanel) -> None:
    panel.set_run(lambda work, done: None)
    panel.json.show_asset(big())
    panel.show_path("$.items[3]")
    panel.json.show_asset(b'{"items": [0, {"a": 1}, {"b": 1}, {"c": 1}]}')
    assert panel.json.path_here() == "$"

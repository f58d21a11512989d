from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.ui.inspector.facts import Fact, heading
from viewer.ui.inspector.facts_view import HEADING, LINE, PAD, VALUE_LEFT, FactsView

LONG = "a long remark that does not fit into one line of this narrow view, not even nearly"
ROWS = [heading("Block"), Fact("Name", "value"), Fact("Long", LONG), Fact("To", "Car #2", jump=("object", "car2"))]


@pytest.fixture
def view(qtbot: QtBot, look_of_program: None) -> FactsView:
    widget = FactsView("Facts")
    qtbot.addWidget(widget)
    widget.resize(328, 400)
    widget.show_facts(ROWS)
    widget.show()
    return widget


def middle(view: FactsView, row: int, x: int) -> QPoint:
    rect = view.visualRect(view.model_.index(row))
    return QPoint(x, rect.top() + PAD + LINE // 2)


def test_long_values_wrap_and_follow_the_width(view: FactsView) -> None:
    assert view.height_of(0) == HEADING
    assert view.height_of(1) == LINE + 2 * PAD
    narrow = view.height_of(2)
    assert narrow > 2 * LINE
    view.resize(900, 400)
    assert view.height_of(2) < narrow
    assert view.visualRect(view.model_.index(2)).height() == view.height_of(2)


def test_lines_of_a_text_are_kept(view: FactsView) -> None:
    view.show_facts([Fact("A", "1\n2\n3")])
    assert view.height_of(0) == 3 * LINE + 2 * PAD


def test_a_click_on_a_link_leads_there(view: FactsView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.jump_wanted) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 3, VALUE_LEFT + 10))
    assert told.args == [("object", "car2")]
    view.setCurrentIndex(view.model_.index(3))
    with qtbot.waitSignal(view.jump_wanted):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_the_copy_sign_and_ctrl_c_copy_the_value(view: FactsView, qtbot: QtBot) -> None:
    box = view.copy_box(view.visualRect(view.model_.index(2)))
    with qtbot.waitSignal(view.copied):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert QGuiApplication.clipboard().text() == LONG
    view.setCurrentIndex(view.model_.index(1))
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "value"


def test_text_is_selected_by_dragging(view: FactsView, qtbot: QtBot) -> None:
    start, end = middle(view, 1, VALUE_LEFT), middle(view, 1, VALUE_LEFT + 17)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    qtbot.mousePress(view.viewport(), left, none, start)
    move = QMouseEvent(QEvent.Type.MouseMove, end.toPointF(), view.viewport().mapToGlobal(end).toPointF(), left, left,
                       none)  # fmt: skip
    QApplication.sendEvent(view.viewport(), move)
    qtbot.mouseRelease(view.viewport(), left, none, end)
    part = view.selected_text()
    assert 0 < len(part) < len("value")
    assert "value".startswith(part)
    view.copy()
    assert QGuiApplication.clipboard().text() == part
    qtbot.mouseDClick(view.viewport(), left, none, end)
    assert view.selected_text() == "value"


def test_the_place_stays_for_the_same_thing(view: FactsView) -> None:
    many = [Fact(f"n{n}", "v") for n in range(100)]
    view.show_facts(many)
    view.doItemsLayout()
    view.verticalScrollBar().setValue(300)
    view.show_facts([*many[:-1], Fact("last", "v")], keep_place=True)
    assert view.verticalScrollBar().value() == 300
    view.show_facts(many)
    assert view.verticalScrollBar().value() == 0


def test_every_row_is_spoken(view: FactsView) -> None:
    said = [view.model_.data(view.model_.index(n), Qt.ItemDataRole.AccessibleTextRole) for n in range(4)]
    assert said == ["Block", "Name: value", f"Long: {LONG}", "To: Car #2"]

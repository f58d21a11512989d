"""Keys and clicks in the list of labels."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication
from pytestqt.qtbot import QtBot

from tests.make.assets import parsed
from tests.make.inspected import box, image, page_of
from viewer.model import Asset
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.label_rows import GROUP_HEIGHT, LABEL_HEIGHT
from viewer.ui.inspector.label_view import LabelView

Show = Callable[..., None]


@pytest.fixture
def view(panel: InspectorPanel, show: Show, asset: Asset) -> LabelView:
    show(asset)
    return panel.labels.view


def place(view: LabelView, row: int, x: int = 60) -> QPoint:
    return QPoint(x, view.visualRect(view.labels.index(row, 0)).center().y())


def eye(view: LabelView, row: int) -> QPoint:
    return view.delegate.eye_box(view.visualRect(view.labels.index(row, 0))).center()


def click(qtbot: QtBot, view: LabelView, at: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def test_rows_have_the_heights_of_the_design(view: LabelView) -> None:
    heights = [view.rowHeight(row) for row in range(view.labels.rowCount())]
    assert heights == [GROUP_HEIGHT, LABEL_HEIGHT, LABEL_HEIGHT, GROUP_HEIGHT, LABEL_HEIGHT, GROUP_HEIGHT]


def test_a_click_chooses_a_label(view: LabelView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.object_chosen) as told:
        click(qtbot, view, place(view, 2))
    assert told.args == ["car2"]
    with qtbot.waitSignal(view.object_chosen):  # again, after the selection was given up elsewhere
        click(qtbot, view, place(view, 2))


def test_the_selection_from_outside_is_not_told_back(view: LabelView, panel: InspectorPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.object_chosen):
        panel.mark("tree1")
        panel.mark(None)
        panel.mark("nothing of this name")


def test_the_selection_scrolls_into_view(panel: InspectorPanel, show: Show) -> None:
    many = page_of(3_000)
    show(many)
    view, chosen = panel.labels.view, many.tasks[0].current.labels.annotations[2_500].object_id
    panel.mark(chosen)
    row = view.labels.row_of(chosen)
    assert row is not None
    assert view.viewport().rect().contains(view.visualRect(view.labels.index(row, 0)))


def test_what_was_closed_stays_closed_while_pages_step(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset, selection="car2")
    view = panel.labels.view
    view.toggle_open(0, False)
    show(asset, selection="car2")
    assert view.labels.rowCount() == 4
    panel.mark("car1")
    assert view.labels.object_at(view.currentIndex().row()) == "car1"


def test_a_click_on_a_group_closes_and_opens_it(view: LabelView, qtbot: QtBot) -> None:
    click(qtbot, view, place(view, 0))
    assert view.labels.rowCount() == 4
    click(qtbot, view, place(view, 0))
    assert view.labels.rowCount() == 6


def test_eyes_hide_and_show_alone(view: LabelView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.group_toggled) as told:
        click(qtbot, view, eye(view, 0))
    assert told.args == ["class", "schema-Car"]
    with qtbot.waitSignal(view.group_soloed) as told:
        click(qtbot, view, eye(view, 3), Qt.KeyboardModifier.AltModifier)
    assert told.args == ["class", "schema-Tree"]
    with qtbot.waitSignal(view.group_toggled) as told:
        click(qtbot, view, eye(view, 1))
    assert told.args == ["object", "car1"]
    with qtbot.assertNotEmitted(view.group_toggled):
        click(qtbot, view, eye(view, 5))  # relations have none


def test_keys(view: LabelView, qtbot: QtBot) -> None:
    view.setCurrentIndex(view.labels.index(0, 0))
    with qtbot.waitSignal(view.object_chosen) as told:
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert told.args == ["car1"]
    with qtbot.waitSignal(view.zoom_wanted) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["car1"]
    with qtbot.waitSignal(view.group_toggled) as told:
        qtbot.keyClick(view, Qt.Key.Key_Space)
    assert told.args == ["object", "car1"]
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.currentIndex().row() == 0
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.labels.rowCount() == 4
    assert view.currentIndex().row() == 0
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.labels.rowCount() == 6
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == 5
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.labels.rowCount() == 7
    qtbot.keyClick(view, Qt.Key.Key_Home)
    with qtbot.waitSignal(view.group_soloed) as told:
        qtbot.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert told.args == ["class", "schema-Car"]
    with qtbot.waitSignal(view.left):
        qtbot.keyClick(view, Qt.Key.Key_Escape)


def test_letters_search(view: LabelView, panel: InspectorPanel, qtbot: QtBot) -> None:
    view.setFocus()
    qtbot.keyClick(view, "m")
    assert panel.labels.filter.text() == "m"


def test_the_ring_is_for_the_keyboard_only(view: LabelView, qtbot: QtBot) -> None:
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.ring
    click(qtbot, view, place(view, 1))
    assert not view.ring


def test_labels_of_other_pages_lead_there(panel: InspectorPanel, show: Show, qtbot: QtBot) -> None:
    made = parsed({**image(box("a", "Car", page=0), box("b", "Car", page=2)), "dataset": ["1.png", "2.png", "3.png"]})
    show(made)
    panel.labels.group_by("page")
    view = panel.labels.view
    row = view.labels.row_of("b")
    assert row is not None
    with qtbot.waitSignals([view.page_wanted, view.object_chosen]):
        click(qtbot, view, place(view, row))


def test_the_menu(view: LabelView) -> None:
    texts = [action.text() for action in view.menu_of(1).actions() if action.text()]
    assert texts == ["Hide", "Show alone", "Zoom to", "Copy object id"]
    next(a for a in view.menu_of(1).actions() if a.text() == "Copy object id").trigger()
    assert QGuiApplication.clipboard().text() == "car1"
    assert [a.text() for a in view.menu_of(5).actions() if a.text()] == ["Open"]


def test_the_keyboard_finds_a_row_to_stand_at_and_chooses_nothing(view: LabelView, qtbot: QtBot) -> None:
    view.setCurrentIndex(view.labels.index(-1, 0))
    told: list[str] = []
    view.object_chosen.connect(told.append)
    before = view.grab().toImage()
    view.focusInEvent(QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert view.currentIndex().row() == 0
    assert view.delegate.ring
    assert not view.selectionModel().hasSelection()
    assert told == []
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: view.hasFocus() and view.grab().toImage() != before)
    view.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut))
    assert not view.delegate.ring

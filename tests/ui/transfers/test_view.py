"""The list of transfers by key and by pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transfers.conftest import queue_of, transfer
from viewer.ui.transfers.model import TransferModel
from viewer.ui.transfers.row_delegate import ROW_HEIGHT, button_boxes
from viewer.ui.transfers.view import TransferView

ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> TransferView:
    model = TransferModel()
    made = TransferView(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(378, 6 * ROW_HEIGHT)
    model.take(queue_of(transfer("f", "failed"), transfer("r"), *(transfer(n, "waiting") for n in "abc")))
    made.show()
    made.setFocus()
    return made


def go(view: TransferView, row: int) -> None:
    view.setCurrentIndex(view.model().index(row, 0))


def middle(view: TransferView, row: int) -> QPoint:
    return view.visualRect(view.model().index(row, 0)).center()


@pytest.mark.parametrize(
    ("row", "key", "wanted"),
    [(0, Qt.Key.Key_Space, ("retry", "f")), (1, Qt.Key.Key_Space, ("pause", "r")),
     (1, Qt.Key.Key_Return, ("pause", "r")),
     (0, Qt.Key.Key_Delete, ("remove", "f")), (1, Qt.Key.Key_Delete, ("cancel", "r"))],
)  # fmt: skip
def test_deeds_by_key(qtbot: QtBot, view: TransferView, row: int, key: Qt.Key, wanted: tuple[str, str]) -> None:
    go(view, row)
    with qtbot.waitSignal(view.wanted) as told:
        QTest.keyClick(view, key)
    assert tuple(told.args) == wanted


def test_what_is_done_is_not_removed(qtbot: QtBot, view: TransferView) -> None:
    view._transfers.take(queue_of(transfer("d", "done")))
    go(view, 0)
    with qtbot.assertNotEmitted(view.wanted):
        QTest.keyClick(view, Qt.Key.Key_Delete)


@pytest.mark.parametrize(
    ("row", "key", "moved"),
    [(3, Qt.Key.Key_Up, ("b", "a")), (2, Qt.Key.Key_Down, ("a", "c")), (3, Qt.Key.Key_Down, ("b", None))],
)
def test_the_order_by_key(qtbot: QtBot, view: TransferView, row: int, key: Qt.Key, moved: tuple[str, str]) -> None:
    go(view, row)
    with qtbot.waitSignal(view.moved) as told:
        QTest.keyClick(view, key, ALT)
    assert tuple(told.args) == moved


@pytest.mark.parametrize(("row", "key"), [(2, Qt.Key.Key_Up), (1, Qt.Key.Key_Down), (4, Qt.Key.Key_Down)])
def test_nothing_goes_before_what_runs_or_behind_the_end(
    qtbot: QtBot, view: TransferView, row: int, key: Qt.Key
) -> None:
    go(view, row)
    with qtbot.assertNotEmitted(view.moved):
        QTest.keyClick(view, key, ALT)


def test_buttons_by_pointer(qtbot: QtBot, view: TransferView) -> None:
    one = view._transfers.at(2)
    assert one is not None
    box = button_boxes(view.visualRect(view.model().index(2, 0)), one)["cancel"]
    QTest.mouseMove(view.viewport(), box.center())
    with qtbot.waitSignal(view.wanted) as told:
        QTest.mouseClick(view.viewport(), LEFT, NONE, box.center())
    assert told.args == ["cancel", "a"]


@pytest.mark.parametrize(("to", "before"), [(0, "a"), (4, "c"), (9, None)])
def test_the_order_by_dragging(qtbot: QtBot, view: TransferView, to: int, before: str | None) -> None:
    """`b` is put where the pointer lets it go: never before what runs."""
    start, end = middle(view, 3), QPoint(100, to * ROW_HEIGHT + 4)
    QTest.mousePress(view.viewport(), LEFT, NONE, start)
    for at in (start + QPoint(0, 12), QPoint(100, (start.y() + end.y()) // 2), end):
        event_move(view, at)
    assert view._gap is not None
    view.grab()
    with qtbot.waitSignal(view.moved) as told:
        QTest.mouseRelease(view.viewport(), LEFT, NONE, end)
    assert told.args == ["b", before]
    assert view._gap is None


def event_move(view: TransferView, at: QPoint) -> None:
    """A move with the button held: `QTest.mouseMove` holds none."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    place = QPointF(at)
    event = QMouseEvent(QEvent.Type.MouseMove, place, QPointF(view.viewport().mapToGlobal(at)), LEFT, LEFT, NONE)
    QApplication.sendEvent(view.viewport(), event)


def test_what_runs_is_not_dragged(qtbot: QtBot, view: TransferView) -> None:
    with qtbot.assertNotEmitted(view.moved):
        QTest.mousePress(view.viewport(), LEFT, NONE, middle(view, 1))
        event_move(view, middle(view, 4))
        QTest.mouseRelease(view.viewport(), LEFT, NONE, middle(view, 4))


def test_as_many_rows_are_wanted_as_are_seen(qtbot: QtBot, view: TransferView) -> None:
    view._transfers.take(queue_of(*(transfer(str(n), "waiting") for n in range(100)), more=9_900))
    view.grab()
    with qtbot.waitSignal(view.rows_wanted) as told:
        view.verticalScrollBar().setValue(ROW_HEIGHT * 5_000)
    assert 5_000 < told.args[0] < 5_200
    view.grab()


def test_the_current_row_is_found_again_when_others_go(view: TransferView) -> None:
    go(view, 4)
    view._transfers.take(queue_of(transfer("b", "waiting"), transfer("c", "waiting")))
    assert view.current_key == "c"


def test_a_menu_offers_the_same(qtbot: QtBot, view: TransferView) -> None:
    menu = view.menu_of(0)
    assert [action.text() for action in menu.actions()] == [
        "Try again", "Take it off the list", "Copy the sentence",
    ]  # fmt: skip
    menu.actions()[2].trigger()
    assert QApplication.clipboard().text() == "shop.test refused f (403)."
    with qtbot.waitSignal(view.wanted) as told:
        menu.actions()[0].trigger()
    assert told.args == ["retry", "f"]
    assert view.menu_of(77).actions() == []


def test_esc_is_told(qtbot: QtBot, view: TransferView) -> None:
    with qtbot.waitSignal(view.escaped):
        QTest.keyClick(view, Qt.Key.Key_Escape)

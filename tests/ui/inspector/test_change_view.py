"""Keys and clicks in the list of changes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.make.changed import changed_asset, listing_of, many_changed
from viewer.ui.inspector.change_rows import ChangeModel
from viewer.ui.inspector.change_view import ChangeView

Key = Qt.Key


@pytest.fixture
def view(qtbot: QtBot, look_of_program: None) -> ChangeView:
    model = ChangeModel()
    made = ChangeView(model)
    model.setParent(made)
    model.show_listing(listing_of(changed_asset()))
    qtbot.addWidget(made)
    made.resize(328, 300)
    made.show()
    made.setFocus(Qt.FocusReason.TabFocusReason)
    return made


@pytest.fixture
def chosen(view: ChangeView) -> list[int]:
    found: list[int] = []
    view.change_chosen.connect(found.append)
    return found


def test_down_shows_each_change(view: ChangeView, chosen: list[int], qtbot: QtBot) -> None:
    for _ in range(view.changes.rowCount()):
        qtbot.keyClick(view, Key.Key_Down)
    assert chosen == [at for at in view.changes.rows[1:] if at >= 0]


def test_a_change_found_elsewhere_is_marked_without_asking_for_it(view: ChangeView, chosen: list[int]) -> None:
    last = view.changes.rows[-1]
    view.mark(last)
    assert chosen == []
    assert view.changes.change_at(view.currentIndex().row()) == last
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_enter_gives_the_keys_to_the_picture(view: ChangeView, qtbot: QtBot) -> None:
    view.mark(view.changes.rows[1])
    with qtbot.waitSignal(view.entered) as told:
        qtbot.keyClick(view, Key.Key_Return)
    assert told.args == [view.changes.rows[1]]


def test_left_and_right_close_and_open(view: ChangeView, chosen: list[int], qtbot: QtBot) -> None:
    rows = view.changes.rowCount()
    view.mark(view.changes.rows[1])
    qtbot.keyClick(view, Key.Key_Left)
    assert view.currentIndex().row() == 0
    qtbot.keyClick(view, Key.Key_Left)
    assert view.changes.rowCount() < rows
    qtbot.keyClick(view, Key.Key_Return)
    assert view.changes.rowCount() == rows
    qtbot.keyClick(view, Key.Key_Left)
    qtbot.keyClick(view, Key.Key_Right)
    assert view.changes.rowCount() == rows
    assert chosen == []


def test_home_end_and_escape(view: ChangeView, qtbot: QtBot) -> None:
    qtbot.keyClick(view, Key.Key_End)
    assert view.currentIndex().row() == view.changes.rowCount() - 1
    qtbot.keyClick(view, Key.Key_Home)
    assert view.currentIndex().row() == 0
    with qtbot.waitSignal(view.left):
        qtbot.keyClick(view, Key.Key_Escape)


def test_clicks(view: ChangeView, chosen: list[int], qtbot: QtBot) -> None:
    def click(row: int) -> None:
        at = view.visualRect(view.changes.index(row, 0)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)

    click(1)
    click(1)  # shown again: something else may have been looked at meanwhile
    assert chosen == [view.changes.rows[1]] * 2
    click(0)
    assert not view.changes.is_open(view.changes.groups[0])


def test_a_double_click_enters(view: ChangeView, qtbot: QtBot) -> None:
    at = view.visualRect(view.changes.index(1, 0)).center()
    with qtbot.waitSignal(view.entered):
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_tips_tell_all(view: ChangeView) -> None:
    row = next(r for r in range(view.changes.rowCount()) if "Truck" in view.changes.spoken(r))
    assert view.tip_of(row) == "<span>Truck: class Van → Truck</span>"
    assert view.tip_of(0) == ""


def test_the_mark_stays_when_rows_are_made_anew(view: ChangeView, chosen: list[int]) -> None:
    view.mark(4)
    view.changes.choose("class", frozenset())
    assert view.changes.change_at(view.currentIndex().row()) == 4
    assert chosen == []


def test_only_rows_that_are_seen_are_painted(view: ChangeView, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = listing_of(many_changed(3_000)).prepare()
    made: list[int] = []
    measure = listing.measure
    monkeypatch.setattr(listing, "measure", lambda at: made.append(at) or measure(at))
    view.changes.show_listing(listing)
    assert view.changes.rowCount() == 3_001
    view.grab()
    assert 0 < len(set(made)) < 30

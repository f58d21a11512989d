"""Two columns: what differs can be told from what is equal, also without colours."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from viewer.ui.inspector.change_facts import Pair
from viewer.ui.inspector.pair_rows import ROW, PairRows, columns_of

PAIRS = (Pair("Centre", "1, 2", "3, 4", True), Pair("Class", "Car", "Car", False), Pair("Note", "x" * 90, "y", True, 2))


@pytest.fixture
def rows(qtbot: QtBot, look_of_program: None) -> PairRows:
    made = PairRows()
    qtbot.addWidget(made)
    made.resize(328, 200)
    made.show()
    made.show_pairs(PAIRS)
    return made


def test_equal_rows_step_back(rows: PairRows) -> None:
    assert {ink for *_, ink in rows.cells(PAIRS[0], 328)} == {"text2", "text"}
    assert {ink for *_, ink in rows.cells(PAIRS[1], 328)} == {"text3"}


def test_rows_are_spoken(rows: PairRows) -> None:
    spoken = [rows.model_.data(rows.model_.index(n)) for n in range(2)]
    assert spoken == ["Centre: A 1, 2, B 3, 4", "Class: Car, the same"]


@pytest.mark.parametrize("width", [200, 328, 600])
def test_columns_do_not_meet(rows: PairRows, width: int) -> None:
    cells = rows.cells(PAIRS[2], width)
    assert cells[0][1] > columns_of(width)[0]
    for (_, left, wide, _), (_, following, _, _) in itertools.pairwise(cells):
        assert left + wide <= following


def test_a_row_is_copied(rows: PairRows, qtbot: QtBot) -> None:
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    rows.setCurrentIndex(rows.model_.index(0))
    with qtbot.waitSignal(rows.copied):
        qtbot.keyClick(rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Centre: 1, 2 → 3, 4"


def test_cut_cells_tell_the_rest(rows: PairRows) -> None:
    _left, first, second = columns_of(rows.viewport().width())
    assert rows.tip_at(2, first + 5) == f"<span>{'x' * 90}</span>"
    assert rows.tip_at(2, second + 5) == ""
    assert rows.tip_at(2, 1) == ""
    assert not rows.grab().isNull()


def test_in_a_low_view_the_first_difference_is_seen(rows: PairRows) -> None:
    rows.resize(328, 60)
    rows.show_pairs([*(Pair(f"Equal {n}", "1", "1", False) for n in range(9)), Pair("Class", "Car", "Van", True)])
    assert rows.viewport().rect().contains(rows.visualRect(rows.model_.index(9)).center())
    rows.show_pairs(PAIRS)
    assert rows.verticalScrollBar().value() == 0


@pytest.mark.parametrize("height", [60, 68, 99, 150, 300])
def test_rows_are_seen_whole(qtbot: QtBot, look_of_program: None, height: int) -> None:
    view = PairRows()
    qtbot.addWidget(view)
    view.show_pairs([Pair(f"Row {n}", "a", "a" if n < 7 else "b", n >= 7) for n in range(9)])
    view.resize(300, height)
    view.show()
    assert view.viewport().height() % ROW == 0
    assert view.verticalScrollBar().value() % ROW == 0
    differing = view.visualRect(view.model_.index(7))
    assert differing.top() >= 0
    assert differing.bottom() < view.viewport().height()

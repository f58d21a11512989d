"""The view of the table of changes: columns, keys, mouse, and how little 100,000 rows make it do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.make.changes import table
from viewer.ui.assets.filters import Filter
from viewer.ui.changes.columns import COLUMNS
from viewer.ui.changes.table_delegate import ROW_HEIGHT
from viewer.ui.changes.table_model import ChangeModel
from viewer.ui.changes.table_view import ChangeTableView

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
USUAL = ["sign", "change", "label", "asset", "page", "stages", "by", "iou", "shift"]


@pytest.fixture
def view(qtbot: QtBot, look_of_program: None) -> ChangeTableView:
    model = ChangeModel()
    made = ChangeTableView(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(1200, 400)
    made.show()
    show(made, 3, 20)
    return made


def show(view: ChangeTableView, assets: int, each: int) -> None:
    view._changes.show_table(table(assets, each))
    at_rest(view)


def at_rest(view: ChangeTableView) -> None:
    while view._changes.busy:
        view._changes._tick()


def columns(view: ChangeTableView) -> list[str]:
    return [column.key for index, column in enumerate(COLUMNS) if not view.isColumnHidden(index)]


def place(view: ChangeTableView, row: int, column: int = 2) -> QPoint:
    return view.visualRect(view._changes.index(row, column)).center()


@pytest.mark.parametrize("width", [900, 1200, 2200])
def test_columns_fill_the_width(view: ChangeTableView, width: int) -> None:
    view.resize(width, 400)
    assert columns(view) == USUAL
    total = sum(view.columnWidth(index) for index in range(len(COLUMNS)) if not view.isColumnHidden(index))
    assert view.viewport().width() - len(COLUMNS) <= total <= view.viewport().width()


def test_optional_columns_and_those_of_stages_compared_here(view: ChangeTableView) -> None:
    view.show_columns(frozenset(("tool", "hausdorff")), own=False)
    assert columns(view) == [*USUAL, "tool"]
    assert view.optional == {"tool", "hausdorff"}
    view.show_columns(view.optional, own=True)
    assert columns(view) == [*USUAL, "hausdorff", "tool"]


def test_a_heading_sorts_turns_round_and_gives_the_order_of_the_export_back(view: ChangeTableView) -> None:
    told: list[tuple[str, bool]] = []

    def sort(key: str, down: bool) -> None:
        told.append((key, down))
        view._changes.set_filter(Filter(order=key, descending=down))

    view.order_chosen.connect(sort)
    for _ in range(3):
        view.horizontalHeader().sectionClicked.emit([c.key for c in COLUMNS].index("shift"))
    assert told == [("shift", True), ("shift", False), ("export", False)]


def test_keys(view: ChangeTableView, qtbot: QtBot) -> None:
    view.choose(3)
    with qtbot.waitSignal(view.chosen) as chosen:
        qtbot.keyClick(view, Key.Key_Down)
    assert chosen.args == [4]
    qtbot.keyClick(view, Key.Key_End)
    assert view.row == 59
    qtbot.keyClick(view, Key.Key_Home)
    assert view.row == 0
    for key, signal in ((Key.Key_Return, view.entered), (Key.Key_Space, view.peeked), (Key.Key_Escape, view.escaped)):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(view, key)
    with qtbot.waitSignal(view.stepped) as on:
        qtbot.keyClick(view, Key.Key_N)
    with qtbot.waitSignal(view.stepped) as back:
        qtbot.keyClick(view, Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert (on.args, back.args) == ([1], [-1])
    with qtbot.waitSignal(view.typed) as typed:
        qtbot.keyClick(view, Key.Key_C)
    assert typed.args == ["c"]


def test_groups_open_and_close_by_key_and_mouse(view: ChangeTableView, qtbot: QtBot) -> None:
    model = view._changes
    model.set_grouping("asset")
    at_rest(view)
    view.choose(0)
    with qtbot.assertNotEmitted(view.entered):
        qtbot.keyClick(view, Key.Key_Return)
    assert model.rowCount() == 3 + 40
    qtbot.mouseClick(view.viewport(), LEFT, pos=place(view, 0))
    assert model.rowCount() == 3 + 60
    with qtbot.assertNotEmitted(view.entered):
        qtbot.mouseDClick(view.viewport(), LEFT, pos=place(view, 0))
    with qtbot.waitSignal(view.entered):
        qtbot.mouseDClick(view.viewport(), LEFT, pos=place(view, 2))


def test_the_chosen_row_comes_into_view(view: ChangeTableView) -> None:
    view.choose(50)
    assert view.viewport().rect().contains(place(view, 50))
    view.choose(None)
    assert view.row == -1
    view.choose(1000)
    assert view.row == -1


def test_of_100_000_rows_only_those_in_view_are_painted(
    view: ChangeTableView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(view, 200, 500)
    assert view._changes.rowCount() == 100_000
    painted: set[int] = set()
    item_at = view._changes.item_at

    def asked(row: int):  # type: ignore[no-untyped-def]
        painted.add(row)
        return item_at(row)

    monkeypatch.setattr(view._changes, "item_at", asked)
    most = view.viewport().height() // ROW_HEIGHT + 2
    view.grab()
    assert 0 < len(painted) <= most
    painted.clear()
    view.choose(99_999)
    view.grab()
    assert 99_999 in painted
    assert len(painted) <= most + 1  # and the row that is left

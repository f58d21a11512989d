"""The rows of the table of changes: filters, words, order, groups, further changes, and very many of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.make.changes import KINDS, found, items_of, places, step, steps, table
from tests.make.rows import CLASSES, PERSONS
from viewer.ui.assets.changed import CLASS, KIND, PERSON
from viewer.ui.assets.filters import Filter
from viewer.ui.changes.columns import COLUMNS
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import ChangeTable
from viewer.ui.changes.table_model import BUDGET, ChangeModel

MANY = 100_000


@pytest.fixture
def model(qtbot: QtBot) -> ChangeModel:
    made = ChangeModel()
    made.show_table(table(5, 40))
    at_rest(made)
    return made


def at_rest(model: ChangeModel) -> None:
    """Do what is left to do, without waiting for the window's events."""
    while model.busy:
        model._tick()


def shown(model: ChangeModel, **record: object) -> list[Item]:
    model.set_filter(Filter(**record))  # type: ignore[arg-type]
    at_rest(model)
    return model.items()


Test = Callable[[Item], bool]


@pytest.mark.parametrize(
    ("record", "passes"),
    [
        ({}, lambda item: True),
        ({"chosen": ((KIND, "moved"),)}, lambda item: "moved" in item.found.kinds),
        ({"chosen": ((KIND, "moved"), (KIND, "added"))}, lambda item: item.found.kinds[0] in ("moved", "added")),
        (
            {"chosen": ((KIND, "removed"), (CLASS, "Car"))},
            lambda item: item.found.kinds[0] == "removed" and item.found.title == "Car",
        ),
        ({"chosen": ((PERSON, PERSONS[1]),), "text": "Van"},
         lambda item: item.found.by == PERSONS[1] and item.found.title == "Van"),
        ({"text": "jana lot_3 TREE"},
         lambda item: item.found.by == PERSONS[1] and item.asset == 3 and item.found.title == "Tree"),
        ({"text": "nothing like it"}, lambda item: False),
    ],
)  # fmt: skip
def test_filters_and_words(model: ChangeModel, record: dict[str, object], passes: Test) -> None:
    wanted = [item for item in model.table.items if passes(item)]
    assert shown(model, **record) == wanted
    assert model.counts() == (len(wanted), 200)
    assert model.rowCount() == len(wanted)


def test_counts_are_of_what_else_is_chosen(model: ChangeModel) -> None:
    shown(model, chosen=((KIND, "moved"), (CLASS, "Car")), text="mert")
    items = [item for item in model.table.items if item.found.by == PERSONS[0]]
    of_cars = [item for item in items if item.found.title == "Car"]
    counts = model.counts_of(KIND)
    assert {kind: counts.get(kind, 0) for kind in KINDS} == {
        kind: sum(kind in item.found.kinds for item in of_cars) for kind in KINDS
    }
    moved = [item for item in items if "moved" in item.found.kinds]
    by_class = model.counts_of(CLASS)
    assert all(by_class.get(name, 0) == sum(item.found.title == name for item in moved) for name in CLASSES)


@pytest.mark.parametrize("column", [column for column in COLUMNS if not column.own], ids=lambda c: c.key)
@pytest.mark.parametrize("descending", [False, True])
def test_order_by_each_column(model: ChangeModel, column: object, descending: bool) -> None:
    items = shown(model, order=column.key, descending=descending)  # type: ignore[attr-defined]
    assert len(items) == 200
    values = [column.by(model.table, item) for item in items]  # type: ignore[attr-defined]
    assert values == sorted(values, reverse=descending)
    for one, two in pairwise(items):
        if column.by(model.table, one) == column.by(model.table, two):  # type: ignore[attr-defined]
            assert one.at < two.at  # equal ones stand as in the export, whichever way


def test_groups_have_headings_and_close(model: ChangeModel) -> None:
    model.set_grouping("class")
    at_rest(model)
    headings = [row for row in range(model.rowCount()) if model.group_at(row) is not None]
    groups = [model.group_at(row) for row in headings]
    assert [group.value for group in groups if group] == sorted(CLASSES)
    assert sum(group.total for group in groups if group) == 200
    assert model.rowCount() == 200 + len(CLASSES)
    assert model.item_at(headings[1]) is None
    assert model.number_at(headings[1]) is None
    assert model.data(model.index(headings[1], 1)) is None
    first = model.number_at(1)
    model.toggle_group(0)
    at_rest(model)
    assert model.group_at(1) is not None
    assert model.row_of(first) is None
    assert model.counts() == (200, 200)  # what is folded is listed all the same, and saved
    assert len(model.items()) == 200
    model.toggle_group(0)
    at_rest(model)
    assert model.row_of(first) == 1


def test_rows_are_found_again_whatever_is_filtered(model: ChangeModel) -> None:
    shown(model, chosen=((KIND, "reshaped"),), order="iou")
    for row in range(model.rowCount()):
        number = model.number_at(row)
        assert number is not None
        assert model.row_of(number) == row
        assert model.table.items[number] is model.item_at(row)
    assert model.row_of(None) is None
    assert model.row_of(10_000) is None
    assert model.item_at(-1) is None
    assert model.item_at(10_000) is None


def test_the_next_unseen_row_leaps_over_headings_and_seen_ones(model: ChangeModel) -> None:
    model.set_grouping("kind")
    at_rest(model)
    seen: set[str] = set()
    model.is_seen = lambda item: item.digest in seen
    walked: list[Item] = []
    row: int | None = -1
    while (row := model.next_row(row, 1, unseen=True)) is not None:
        item = model.item_at(row)
        assert item is not None
        walked.append(item)
        after = model.item_at(row + 1)
        if after is not None:
            seen.add(after.digest)  # the next one was looked at elsewhere
    assert len(walked) + len(seen) == 200
    assert model.next_row(0, -1) is None
    last = model.rowCount() - 1
    assert model.next_row(last + 1, -1) == last


def test_further_changes_come_into_the_order_in_force(model: ChangeModel, qtbot: QtBot) -> None:
    shown(model, order="label", chosen=((KIND, "moved"),))
    more = items_of([step(2, 1, [found(0, title="Aardvark"), found(1), found(6, title="Zebra")])])
    model.add(more)
    assert model.counts() == (34, 203)
    qtbot.waitUntil(lambda: model.counts() == (36, 203))
    items = model.items()
    assert (items[0], items[-1]) == (more[0], more[2])


def test_another_table_keeps_filter_and_order(model: ChangeModel) -> None:
    shown(model, order="shift", descending=True, chosen=((KIND, "moved"),))
    model.show_table(table(2, 12))
    at_rest(model)
    shifts = [item.found.shift_px or 0.0 for item in model.items()]
    assert len(shifts) == 4
    assert shifts == sorted(shifts, reverse=True)
    model.show_table(ChangeTable(places(0)))
    at_rest(model)
    assert model.rowCount() == 0


def test_rows_are_spoken(model: ChangeModel) -> None:
    model.is_seen = lambda item: True
    text = model.data(model.index(0, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(text, str)
    assert "Moved" in text
    assert "Label 1 → Review" in text
    assert text.endswith("seen")
    assert model.headerData(2, Qt.Orientation.Horizontal) == "Label"


def test_100_000_changes_are_arranged_in_short_steps_and_made_into_rows_only_when_seen(qtbot: QtBot) -> None:
    asked: list[int] = []

    class Counted(ChangeTable):
        def change(self, item: Item) -> None:
            asked.append(item.number)

    table = Counted(places(500))
    table.add(items_of(steps(500, MANY // 500)))
    model = ChangeModel()
    looks = 0
    model.show_table(table)
    while model.busy:
        looks += 1
        model._tick()
    assert looks > 3  # the window is asked in between
    assert model.counts() == (MANY, MANY)
    assert not asked  # no row is told of before it is seen
    model.set_filter(Filter(order="shift", descending=True, chosen=((KIND, "moved"),)))
    at_rest(model)
    top = [item.found.shift_px or 0.0 for item in model.items()[:2000]]
    assert top == sorted(top, reverse=True)
    assert model.counts() == (16_667, MANY)
    model.set_grouping("asset")
    at_rest(model)
    assert model.rowCount() == 16_667 + 500
    assert BUDGET <= 0.008  # half of a picture of the screen


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=40),
    st.sampled_from([column.key for column in COLUMNS if not column.own]),
    st.booleans(),
    st.sampled_from(["none", "kind", "class", "person", "asset"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_nothing_is_lost_or_twice(
    qapp: object, made: list[tuple[int, int]], order: str, down: bool, grouping: str
) -> None:
    of_table = ChangeTable(places(4))
    of_table.add(Item(asset, 0, 1, n, found(number)) for n, (asset, number) in enumerate(made))
    model = ChangeModel()
    model.show_table(of_table)
    model.set_filter(Filter(order=order, descending=down))
    model.set_grouping(grouping)  # type: ignore[arg-type]
    at_rest(model)
    numbers = [n for row in range(model.rowCount()) if (n := model.number_at(row)) is not None]
    assert sorted(numbers) == list(range(len(made)))

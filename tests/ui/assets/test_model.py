"""Rows arrive, are filtered and sorted; what is shown is what was asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as replace_struct
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.make.changes import found, row_of, step, steps
from tests.make.rows import hex_id, row, rows
from viewer.export import Row
from viewer.ui.assets.filters import Filter, toggled
from viewer.ui.assets.model import DIGESTED, AssetModel
from viewer.ui.assets.table import AssetTable
from viewer.ui.link_ends import LinkEnds

COUNT = 5 * DIGESTED


@pytest.fixture
def model(qtbot: QtBot) -> AssetModel:
    result = AssetModel()
    result.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        result, QAbstractItemModelTester.FailureReportingMode.Fatal, result
    )
    result._again.setInterval(0)
    return result


def fill(model: AssetModel, qtbot: QtBot, count: int = COUNT, first: int = 0) -> None:
    model.append(rows(count, first))
    settle(model, qtbot)


def settle(model: AssetModel, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: (
            not model._arrived
            and model._job is None
            and model.table.digested == len(model.table.rows)
            and not model._again.isActive()
        )
    )


def shown(model: AssetModel) -> list[int]:
    return [model.asset_at(i) for i in range(model.rowCount())]  # type: ignore[misc]


def test_the_first_rows_are_shown_before_they_can_be_searched(model: AssetModel) -> None:
    model.append(rows(3000))
    assert model.rowCount() == 3000
    assert model.table.digested < 3000


def test_further_rows_come_together(model: AssetModel, qtbot: QtBot) -> None:
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    for n in range(10):
        model.append(rows(5, first=5 * n))
    settle(model, qtbot)
    assert inserted == [(0, 4), (5, 49)]


def test_rows_that_arrive_are_filtered(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot, 50)
    model.set_filter(toggled(Filter(text="lot"), "kind", "video"))
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    fill(model, qtbot, COUNT, first=50)
    assert shown(model) == [i for i in range(COUNT + 50) if i % 7 == 3]
    assert resets == []


def test_a_filter_while_rows_are_still_made_searchable(model: AssetModel, qtbot: QtBot) -> None:
    model.append(rows(COUNT))
    model.set_filter(Filter(text="lot_7"))
    settle(model, qtbot)
    assert shown(model) == [i for i in range(COUNT) if str(i).startswith("7")]


def test_a_filter_by_words_is_in_force_at_once(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot)
    model.set_filter(Filter(text="lot_77"))
    assert shown(model) == [77]
    model.set_filter(Filter(text="lot_77", on=False))
    assert model.rowCount() == COUNT
    model.set_filter(Filter(text="lot_7"))
    assert len(shown(model)) == 11


def test_a_pattern_is_found_in_steps(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot)
    model.set_filter(Filter(text=r"/_\d{2}5\.jpg$/"))
    settle(model, qtbot)
    assert shown(model) == [i for i in range(100, COUNT) if i % 10 == 5]
    assert not model.busy


def test_only_the_last_of_several_filters_counts(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot)
    model.set_filter(Filter(text="/lot_1/"))
    model.set_filter(Filter(text="/lot_2$/", order="name"))
    model.set_filter(Filter(text="lot_33"))
    settle(model, qtbot)
    assert shown(model) == [i for i in range(COUNT) if str(i).startswith("33")]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("key", ["export", "name", "labels", "stage", "kind", "problems", "completed"])
def test_orders(model: AssetModel, qtbot: QtBot, key: str, descending: bool) -> None:
    its_rows = rows(120)
    fill(model, qtbot, 70)
    model.set_filter(Filter(order=key, descending=descending))
    fill(model, qtbot, 50, first=70)
    keys = {
        "export": lambda r: r.index, "name": lambda r: (int(r.external_id[5:7]), r.index), "labels": lambda r: r.labels,
        "stage": lambda r: r.stage, "kind": lambda r: r.kind, "problems": lambda r: r.problems,
        "completed": lambda r: r.visits[0].completed_at,
    }  # fmt: skip
    assert shown(model) == [r.index for r in sorted(its_rows, key=keys[key], reverse=descending)]
    model.set_filter(replace(model.filter, text="lot_1"))
    settle(model, qtbot)
    expected = [r for r in sorted(its_rows, key=keys[key], reverse=descending) if "lot_1" in (r.external_id or "")]
    assert shown(model) == [r.index for r in expected]


def test_neighbours_respect_filter_and_order(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot, 40)
    model.set_filter(toggled(Filter(), "kind", "video"))  # 3, 10, 17, 24, 31, 38
    assert [model.neighbour(10, 1), model.neighbour(10, -1)] == [17, 3]
    assert [model.neighbour(38, 1), model.neighbour(3, -1)] == [None, None]
    assert [model.neighbour(12, 1), model.neighbour(12, -1)] == [17, 10]
    assert [model.neighbour(0, -1), model.neighbour(39, 1)] == [None, None]
    assert [model.neighbour(None, 1), model.neighbour(None, -1)] == [3, 38]
    model.set_filter(replace(model.filter, descending=True))
    settle(model, qtbot)
    assert [model.neighbour(10, 1), model.neighbour(12, 1), model.neighbour(12, -1)] == [3, 10, 17]


def test_counts(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot, 70)
    model.set_filter(toggled(Filter(text="lot_1"), "kind", "video"))
    assert model.counts() == (len([i for i in range(70) if str(i)[0] == "1" and i % 7 == 3]), 70)
    assert model.counts_of("kind") == {"image": 9, "video": 2}


def test_assets_that_hold_a_pasted_object_are_shown(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot, 40)
    model.set_filter(Filter(text="65a1b2c3d4e5f60718293a4b"))
    assert shown(model) == []
    model.set_object_hits([5, 17, 4000])
    assert shown(model) == [5, 17]
    model.set_filter(Filter(text="lot_3"))
    assert 5 not in shown(model)


def test_open_issues_are_filtered_by(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot, 40)
    model.set_filter(toggled(Filter(), "issues", "open"))
    assert shown(model) == []
    model.set_open_issues({hex_id("task 8")})
    assert shown(model) == [8]


def test_another_export(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot)
    model.set_filter(Filter(text="/lot/", order="name"))
    model.append(rows(10, first=COUNT))
    model.clear()
    assert model.counts() == (0, 0) and model.filter == Filter() and not model.busy
    fill(model, qtbot, 3)
    assert shown(model) == [0, 1, 2]


def test_rows_are_spoken(model: AssetModel, qtbot: QtBot) -> None:
    model.spoken = lambda r: f"row {r.index}"
    model.append([row(0), row(1)])
    assert model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole) == "row 1"
    assert model.data(model.index(1, 0), Qt.ItemDataRole.UserRole) == 1


def test_changes_are_filtered_and_sorted_by_as_they_come(model: AssetModel, qtbot: QtBot) -> None:
    model.append([row_of(each) for each in rows(COUNT)])
    settle(model, qtbot)
    model.set_filter(Filter(order="changes", descending=True))
    settle(model, qtbot)
    model.add_changes(steps(COUNT, 2))
    model.add_changes([step(300, 1, [found(n) for n in range(5)])])
    qtbot.waitUntil(lambda: not model._found)
    settle(model, qtbot)
    assert shown(model)[:3] == [300, 0, 1]
    changed = toggled(Filter(), "change_stage", "Label")
    model.set_filter(changed)
    settle(model, qtbot)
    assert shown(model) == [300]
    model.add_changes([step(301, 1, [found(0)])])
    qtbot.waitUntil(lambda: shown(model) == [300, 301])
    assert model.counts_of("changed") == {"some": 2}


def test_what_is_compared_is_forgotten_with_the_export(model: AssetModel, qtbot: QtBot) -> None:
    fill(model, qtbot, 3)
    model.add_changes(steps(3, 1))
    model.clear()
    fill(model, qtbot, 3)
    assert model.counts_of("changed") == {}


def entries(names: str) -> list[Row]:
    """A row for each letter, which is its asset."""
    return [row(n, asset_id=f"asset-{name}", labels=n % 5) for n, name in enumerate(names)]


def test_entries_of_one_asset_follow_each_other(model: AssetModel, qtbot: QtBot) -> None:
    model.append(entries("abcadbe"))
    settle(model, qtbot)
    assert shown(model) == [0, 3, 1, 5, 2, 4, 6]
    assert [model.ties(at) for at in range(4)] == [(False, True), (True, False), (False, True), (True, False)]
    assert model.ties(4) == model.ties(99) == (False, False)
    assert [model.row_of_asset(n) for n in range(7)] == [0, 2, 4, 1, 5, 3, 6]


def test_entries_that_come_later_are_put_behind_their_first(model: AssetModel, qtbot: QtBot) -> None:
    made = entries("abcad")
    model.append(made[:3])
    settle(model, qtbot)
    assert shown(model) == [0, 1, 2]
    model.append(made[3:])
    settle(model, qtbot)
    assert shown(model) == [0, 3, 1, 2, 4]


def test_a_filter_keeps_the_order_and_ties_of_what_is_left(model: AssetModel, qtbot: QtBot) -> None:
    made = entries("abcadbe")
    made = [replace_struct(r, stage="Label" if r.index in (1, 3, 5, 6) else "Review") for r in made]
    model.append(made)
    settle(model, qtbot)
    model.set_filter(toggled(Filter(), "stage", "Label"))
    settle(model, qtbot)
    assert shown(model) == [3, 1, 5, 6]
    assert model.ties(0) == (False, False)
    assert model.ties(1) == (False, True)
    # from one that is left out to where it would stand
    assert model.neighbour(0, 1) == 3
    assert model.neighbour(2, 1) == 6
    assert model.neighbour(2, -1) == 5


def test_sorted_entries_stand_where_the_first_of_them_does(model: AssetModel, qtbot: QtBot) -> None:
    model.append(entries("abcadbe"))  # labels 0 1 2 3 4 0 1
    settle(model, qtbot)
    model.set_filter(Filter(order="labels", descending=True))
    settle(model, qtbot)
    assert shown(model) == [4, 3, 0, 2, 1, 5, 6]


@given(st.text("abcd", max_size=30), st.booleans(), st.sets(st.integers(0, 29)))
def test_grouping_keeps_all_and_moves_only_what_has_company(names: str, descending: bool, left: set[int]) -> None:
    table = AssetTable()
    table.add(entries(names))
    table.digest(len(names))
    before = np.array([n for n in range(len(names)) if n not in left], np.int32)[:: -1 if descending else 1]
    after = table.grouped(before).tolist()
    first = {}
    for n in before.tolist():
        first.setdefault(names[n], len(first))
    assert after == sorted(before.tolist(), key=lambda n: first[names[n]])


def test_links_are_filtered_and_sorted_by(model: AssetModel, qtbot: QtBot) -> None:
    now = 1_795_000_000
    links = LinkEnds(lambda: float(now))
    model.set_links(links)
    made = [replace_struct(row(n), ends=end) for n, end in enumerate((now + 90_000, now - 5, None, now + 60))]
    links.add(made)
    model.append(made)
    settle(model, qtbot)
    assert model.counts_of("link") == {"expired": 1, "soon": 1, "valid": 1}
    model.set_filter(toggled(Filter(), "link", "expired"))
    settle(model, qtbot)
    assert shown(model) == [1]
    links.renew({1: now + 90_000, 0: now - 1})
    model.links_changed()
    settle(model, qtbot)
    assert shown(model) == [0]
    model.set_filter(Filter(order="link"))
    settle(model, qtbot)
    assert shown(model) == [0, 3, 1, 2]
    links.renew({0: now + 99_000})
    model.links_changed()
    settle(model, qtbot)
    assert shown(model) == [3, 1, 0, 2]
    model.clear()
    assert model.table.links is links

"""The changes of the table: where each is, what is found by words, and groups."""

from __future__ import annotations

import numpy as np
import pytest

from tests.make.changes import found, items_of, places, step, table
from tests.make.rows import CLASSES, PERSONS
from viewer.ui.assets.changed import CLASS, KIND, PERSON, STAGE
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import ChangeTable, title_of


@pytest.fixture
def full() -> ChangeTable:
    made = table(4, 30)
    made.digest(1000)
    return made


def test_where_a_change_is() -> None:
    where, item = places(3), Item(2, 1, 2, 0, found(0))
    assert where.name(2) == "site-02/lot_2.jpg"
    assert where.stages(item) == ("Review", "Label 2")
    assert where.step(Item(2, 0, 1, 0, found(0))) == "Label 1 → Review"
    assert where.stages(Item(9, 0, 1, 0, found(0))) == ("", "")
    assert where.name(9) == ""
    assert where.stages(Item(1, 0, 7, 0, found(0))) == ("Label 1", "")


def test_the_number_of_the_only_page_says_nothing() -> None:
    where = places(1)
    assert not where.has_pages(Item(0, 0, 1, 0, found(0, page_before=0, page_after=0)))
    assert where.has_pages(Item(0, 0, 1, 0, found(0, page_after=3)))


def test_only_what_is_digested_is_searched() -> None:
    made = table(4, 30)
    assert made.digested == 0
    made.digest(50)
    assert made.digested == 50
    assert len(made.with_words(("car",))) == 50
    made.digest(1000)
    assert made.digested == 120


@pytest.mark.parametrize(
    ("words", "matches"),
    [
        (("car",), lambda item: item.found.title == "Car"),
        (("mert@",), lambda item: item.found.by == PERSONS[0]),
        (("polygon",), lambda item: item.found.tool == "polygon"),
        (("lot_2",), lambda item: item.asset == 2),
        (("tree", "lot_3"), lambda item: item.found.title == "Tree" and item.asset == 3),
        (("review",), lambda item: True),
        (("zeppelin",), lambda item: False),
    ],
)
def test_all_words_must_be_found(full: ChangeTable, words: tuple[str, ...], matches: object) -> None:
    mask = full.with_words(words)
    assert mask.tolist() == [matches(item) for item in full.items]  # type: ignore[operator]


def test_facets_hold_what_each_change_has(full: ChangeTable) -> None:
    for facet, value_of in (
        (KIND, lambda item: item.found.kinds[0]),
        (CLASS, lambda item: item.found.title),
        (PERSON, lambda item: item.found.by),
        (STAGE, lambda item: "Label 1 → Review"),
    ):
        for value in {value_of(item) for item in full.items}:
            rows = set(np.flatnonzero(full.mask_of([(facet, value)])).tolist())
            assert rows == {n for n, item in enumerate(full.items) if value_of(item) == value}


def test_groups_stand_in_their_own_order_and_hold_all_rows(full: ChangeTable) -> None:
    shown = np.arange(len(full.items), dtype=np.int32)[::-1].copy()
    groups, parts = full.grouped(shown, "kind")
    assert [group.value for group in groups] == [
        "added", "removed", "moved", "reshaped", "reclassified", "attributes",
    ]  # fmt: skip
    for group, part in zip(groups, parts):
        assert group.total == len(part)
        assert group.first == part[0]
        assert part.tolist() == sorted(part.tolist(), reverse=True)  # the order of the rows stays
        assert {full.items[n].found.kinds[0] for n in part.tolist()} == {group.value}
    assert sorted(n for part in parts for n in part.tolist()) == sorted(shown.tolist())
    assert [g.value for g in full.grouped(shown, "class")[0]] == sorted(CLASSES)
    assert [g.value for g in full.grouped(shown, "asset")[0]] == ["0", "1", "2", "3"]
    assert full.grouped(shown, "none") == ([], [])


def test_nobody_is_the_last_group() -> None:
    made = ChangeTable(places(1))
    made.add(items_of([step(0, 0, [found(0, by=None), found(1, by="zoe"), found(2, by="Anna")])]))
    made.digest(9)
    groups, _ = made.grouped(np.arange(3, dtype=np.int32), "person")
    assert [group.value for group in groups] == ["Anna", "zoe", ""]


def test_a_title_is_one_line() -> None:
    assert "\n" not in title_of(Item(0, 0, 1, 0, found(0, title="a\nb" * 500)))
    assert len(title_of(Item(0, 0, 1, 0, found(0, title="a\nb" * 500)))) <= 200

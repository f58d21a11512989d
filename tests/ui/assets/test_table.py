"""What a search needs is made of rows, a few at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make.rows import hex_id, row, rows
from viewer.export import Visit
from viewer.ui.assets.table import BLOCK, AssetTable, name_of


def table_of(its_rows: list) -> AssetTable:
    table = AssetTable()
    table.add(its_rows)
    table.digest(len(its_rows))
    return table


def test_rows_are_digested_a_few_at_a_time() -> None:
    table = AssetTable()
    table.add(rows(10))
    assert (len(table.rows), table.digested) == (10, 0)
    table.digest(4)
    assert table.digested == 4
    table.digest(100)
    assert table.digested == 10
    assert list(table.with_value("kind", "video")) == [3]


@pytest.mark.parametrize("start", [0, 7, BLOCK, BLOCK + 5])
def test_a_word_is_found_as_by_looking_at_each_row(start: int) -> None:
    its_rows = rows(2 * BLOCK + 20)
    table = table_of(its_rows)
    for word in ("lot_25", "site-1", "7.jpg", "truck", "review", "jana", "batch 3", "video", "nothing"):
        expected = [
            word in f"{r.external_id}".casefold()
            or any(word in v.casefold() for v in (*r.by_title, *r.persons, *r.batches, r.stage or "", r.kind))
            for r in its_rows
        ]
        assert list(table.with_word(word, start)) == expected[start:], word


def test_ids_are_found_inside_from_the_fourth_letter_on_and_before_at_their_beginning() -> None:
    table = table_of(rows(50))
    whole = hex_id("task 17")
    assert list(np.flatnonzero(table.with_word(whole, 0))) == [17]
    assert 17 in np.flatnonzero(table.with_word(whole[9:15], 0))
    assert 17 in np.flatnonzero(table.with_word(whole[:2], 0))
    begun = {r.index for r in rows(50) if (r.asset_id or "").startswith("a") or (r.task_id or "").startswith("a")}
    assert begun <= set(np.flatnonzero(table.with_word("a", 0)).tolist())


def test_other_tasks_of_an_asset_are_found() -> None:
    table = table_of([row(0), row(1, other_task_ids=("0123456789abcdef",))])
    assert list(table.with_word("456789abcd", 0)) == [False, True]


@given(st.lists(st.text(max_size=12), max_size=8), st.text(min_size=1, max_size=4))
def test_any_text_is_found_where_it_is(names: list[str], word: str) -> None:
    its_rows = [row(i, external_id=n, asset_id=None, task_id=None, by_title={}) for i, n in enumerate(names)]
    table = table_of(its_rows)
    found = table.with_word(word.casefold(), 0)
    for r, hit in zip(its_rows, found):
        others = (*r.persons, *r.batches, r.stage or "", r.kind)
        expected = word.casefold() in name_of(r).casefold() if r.external_id else False
        assert bool(hit) == (expected or any(word.casefold() in v.casefold() for v in others))


def test_the_query_of_an_address_is_neither_shown_nor_searched() -> None:
    signed = row(0, external_id="https://example.com/a/lot.jpg?X-Amz-Signature=5ec3e7")
    assert "5ec3e7" not in name_of(signed)
    assert not table_of([signed]).with_word("5ec3e7", 0).any()


def test_entries_of_one_asset_are_counted() -> None:
    same = [row(0, asset_id="x"), row(1), row(2, asset_id="x"), row(3, asset_id="x")]
    table = table_of(same)
    assert [table.entry_of(r) for r in same] == [(1, 3), None, (2, 3), (3, 3)]


def test_open_issues_before_and_after_rows_arrive() -> None:
    table = table_of(rows(3))
    table.set_open_issues({hex_id("task 1"), hex_id("task 4")})
    table.add(rows(3, first=3))
    table.digest(3)
    assert list(table.with_value("issues", "open")) == [1, 4]
    table.set_open_issues(())
    assert not table.members["issues"]


def test_a_review_that_was_rejected_once() -> None:
    table = table_of(
        [row(0, visits=(Visit(review_status="Accepted"),)), row(1, visits=(Visit(review_status="Rejected"),))]
    )
    assert list(table.with_value("rejected", "once")) == [1]


def test_an_order_with_groups_is_made_once_until_something_changes() -> None:
    made = [row(n, asset_id="one" if n in (0, 2) else f"a{n}") for n in range(4)]
    table = table_of(made[:3])
    first = table.whole(3)
    assert first.tolist() == [0, 2, 1]
    assert table.whole(3) is first
    back = np.array([2, 1, 0], np.int32)
    assert table.whole(3, back).tolist() == [2, 0, 1]
    assert table.whole(3, back) is table.whole(3, back)
    table.add(made[3:])
    assert table.whole(4).tolist() == [0, 2, 1, 3]

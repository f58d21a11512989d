"""What is typed, and what it finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make.rows import hex_id, rows
from viewer.ui.assets.query import SLICE, matching, narrows, parse
from viewer.ui.assets.table import AssetTable


def table(count: int) -> AssetTable:
    result = AssetTable()
    result.add(rows(count))
    result.digest(count)
    return result


def found(typed: str, count: int = 60, start: int = 0) -> list[int]:
    mask = [step for step in matching(parse(typed), table(count), start) if step is not None][-1]
    return (np.flatnonzero(mask) + start).tolist()


def test_all_words_must_be_found() -> None:
    assert found("site-05 lot_4") == [45]
    assert found("LOT_45") == [45]
    assert found("   ") == list(range(60))


def test_words_in_quotes_stay_together() -> None:
    assert parse('"batch 3" car').words == ("batch 3", "car")
    assert all(i % 5 == 3 for i in found('"batch 3"'))


def test_a_number_is_the_one_that_people_count() -> None:
    assert found("#12") == [11]
    assert found("# 3-5") == [2, 3, 4]
    assert found("#0") == []
    assert found("#61") == []
    assert found("#12", start=20) == []
    assert found("#21-22", start=20) == [20, 21]


def test_a_pattern_is_tried_on_names_ids_and_values() -> None:
    assert found(r"/lot_\d\.jpg$/") == list(range(10))
    assert found("/^" + hex_id("task 7") + "$/") == [7]
    assert set(found("/^video$/")) == {i for i in range(60) if i % 7 == 3}


def test_a_pattern_is_tried_in_steps() -> None:
    steps = list(matching(parse("/9$/"), table(SLICE * 2 + 1)))
    assert steps[:-1] == [None] * 3
    assert steps[-1] is not None


@pytest.mark.parametrize("typed", ["/(/", "/[a/", "/*/", "/a{2,1}/"])
def test_an_incomplete_pattern_filters_nothing(typed: str) -> None:
    query = parse(typed)
    assert query.problem == "pattern"
    assert not query


@pytest.mark.parametrize(
    "typed", ["/(a+)+$/", "/(a|aa)*b/", "/((a)*)*/", r"/(\w+\s?)+x/", "/(?:a*){9}/", "/" + "a*" * 9 + "/"]
)
def test_a_pattern_that_could_run_for_hours_is_refused(typed: str) -> None:
    assert parse(typed).problem == "slow"


@pytest.mark.parametrize("typed", [r"/lot_\d+\.(jpg|png)$/", "/(abc)+/", "/[+*]+/", r"/\(a\+\)+/", "/a{2}/"])
def test_usual_patterns_are_not_refused(typed: str) -> None:
    assert parse(typed).problem == ""


def test_the_id_of_an_object_is_told_and_searched_as_a_word() -> None:
    query = parse(" 65A1B2C3D4E5F60718293A4B ")
    assert query.object_id == "65a1b2c3d4e5f60718293a4b"
    assert query.words == (query.object_id,)
    assert parse("65a1b2c3d4e5f607182").object_id == ""
    assert parse("lot_65a1b2c3d4e5f60718293a4b").object_id == ""


def test_typing_on_narrows() -> None:
    assert narrows(parse("lot_23"), parse("lot_2"))
    assert narrows(parse("lot_23 car"), parse("lot_2"))
    assert not narrows(parse("lot_2"), parse("lot_23"))
    assert not narrows(parse("a1b2"), parse("a1b"))  # three letters are not looked for inside of ids
    assert not narrows(parse("/lot_23/"), parse("/lot_2/"))


@given(st.text(max_size=6), st.text(max_size=3))
def test_narrowing_finds_what_searching_anew_finds(typed: str, more: str) -> None:
    its = table(30)
    before, after = parse(typed), parse(typed + more)
    if not narrows(after, before):
        return
    (within,) = matching(before, its)
    assert within is not None
    (narrowed,) = matching(after, its, 0, within)
    (anew,) = matching(after, its)
    assert narrowed is not None and anew is not None
    assert np.array_equal(narrowed, anew)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_understood_somehow(typed: str) -> None:
    parse(typed)
    parse(f"/{typed}/")

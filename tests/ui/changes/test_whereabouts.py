"""The page on which a change is seen."""

from __future__ import annotations

import pytest

from tests.make.compared import arrow, box, labels
from viewer.diff import compare
from viewer.model import Change, Labels
from viewer.ui.changes.whereabouts import page_of

ENDS = [box("a", 0, 0, page=2), box("a", 0, 0, page=5), box("b", 90, 0, page=5), box("b", 90, 0, page=7),
        box("c", 50, 90, page=9)]  # fmt: skip


def added(*relations: object) -> tuple[Change, Labels, Labels]:
    before, after = labels(*ENDS), labels(*ENDS, relations=relations)  # type: ignore[arg-type]
    return compare(before, after, tracked=True).relations[0], before, after


@pytest.mark.parametrize(
    ("ends", "here", "page"), [("ab", 0, 5), ("ab", 5, 5), ("ac", 0, 2), ("ac", 9, 9), ("cc", 0, 9)]
)
def test_a_relation_is_seen_where_both_ends_are(ends: str, here: int, page: int) -> None:
    assert page_of(*added(arrow("r", *ends)), here=here) == page


def test_a_relation_that_went_is_seen_where_it_was() -> None:
    before, after = labels(*ENDS, relations=[arrow("r", "a", "b")]), labels(box("z", 0, 0, page=1))
    change = compare(before, after, tracked=True).relations[0]
    assert page_of(change, before, after, here=1) == 5


def test_a_relation_of_relations_is_where_their_ends_are() -> None:
    inner, outer = arrow("inner", "a", "b"), arrow("outer", "inner", "b")
    before, after = labels(*ENDS, relations=[inner]), labels(*ENDS, relations=[inner, outer])
    assert page_of(compare(before, after, tracked=True).relations[0], before, after) == 5
    ring = [arrow("r1", "r2", "a"), arrow("r2", "r1", "b")]
    assert page_of(*added(*ring)) == 5


def test_what_is_nowhere_has_no_page() -> None:
    assert page_of(*added(arrow("r", "x", "y"))) is None


def test_a_page_of_its_own_comes_first() -> None:
    assert page_of(*added(arrow("r", "a", "b", page=3))) in (3, 5)
    before, after = labels(box("a", 0, 0, page=4)), labels(box("a", 20, 0, page=4))
    assert page_of(compare(before, after, tracked=True).changes[0], before, after, here=9) == 4

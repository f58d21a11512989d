"""What a typed text finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.find.match import Entry, Names, Query, best, entries_for, parse, rank

ACTIONS = (
    Entry("action", "fit", "Fit", "Ctrl+9"),
    Entry("action", "next_page", "Next page", "Right"),
    Entry("action", "next_asset", "Next asset", "PgDown"),
    Entry("action", "retry", "Try again", "F5", enabled=False, why="nothing failed"),
)


def _names(*names: str) -> Names:
    found = Names()
    found.extend(names)
    return found


def _keys(typed: str, names: Names, page_count: int = 9) -> list[tuple[str, str]]:
    found = entries_for(
        parse(typed), actions=lambda: ACTIONS, names=names, classes=lambda: (Entry("class", "c1", "Car"),),
        page_count=page_count, limit=9,
    )  # fmt: skip
    return [(entry.kind, entry.key) for entry in found]


def test_the_first_character_says_what_is_looked_for() -> None:
    assert parse(" > fit") == Query("action", "fit")
    assert parse("#12") == Query("number", "12")
    assert parse("@car") == Query("class", "car")
    assert parse(":7") == Query("page", "7")
    assert parse("lot 7") == Query("any", "lot 7")


def test_numbers_are_those_that_people_count() -> None:
    names = _names("a.jpg", "b.jpg")
    assert _keys("#2", names) == [("asset", "1")]
    assert _keys("#3", names) == []
    assert _keys(":9", names) == [("page", "8")]
    assert _keys(":10", names) == _keys(":0", names) == _keys(":x", names) == []


def test_actions_and_assets_are_found_together() -> None:
    names = _names("site/NEXT_0231.jpg", "other.png")
    assert _keys("next", names) == [("action", "next_page"), ("action", "next_asset"), ("asset", "0")]
    assert _keys(">next", names) == [("action", "next_page"), ("action", "next_asset")]
    assert _keys("@ca", names) == [("class", "c1")]
    assert _keys("0231 site", names) == [("asset", "0")]


def test_what_cannot_be_done_now_is_last_and_says_why() -> None:
    found = best(ACTIONS, "", 9)
    assert found[-1].key == "retry"
    assert found[-1].why == "nothing failed"


def test_the_start_of_a_text_and_of_a_word_count_more() -> None:
    assert rank("next page", ["next"]) == 0
    assert rank("next page", ["page"]) == 1
    assert rank("next page", ["age"]) == 2
    assert rank("next page", ["z"]) is None


@given(st.lists(st.text(max_size=8), max_size=30), st.text(max_size=4), st.integers(1, 9))
def test_every_name_that_is_found_holds_every_word(names: list[str], typed: str, limit: int) -> None:
    found = _names(*names).find(typed, limit)
    assert len(found) <= limit
    words = typed.casefold().split()
    assert all(word in entry.text.casefold() for entry in found for word in words)
    fitting = [n for n in names if words and all(word in n.casefold() for word in words)]
    assert [entry.text for entry in found] == fitting[:limit]

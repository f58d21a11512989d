"""What gives way in a narrow bar, and in which order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.widgets.giving_way import Way, give_way

WAYS = (Way("count", 60), Way("fit", 32, to_menu=True), Way("tags", 32, to_menu=True), Way("text", 80))


def test_where_all_fits_nothing_goes() -> None:
    assert give_way(400, 400, WAYS, 32) == frozenset()


def test_words_go_first_and_need_no_menu() -> None:
    assert give_way(460, 400, WAYS, 32) == {"count"}


def test_the_button_of_the_menu_needs_room_too() -> None:
    # without the button `fit` alone would be enough
    assert give_way(492, 400, WAYS, 32) == {"count", "fit", "tags"}


def test_what_went_shortly_before_comes_back_when_the_last_one_gave_enough() -> None:
    assert give_way(500, 400, WAYS, 32) == {"count", "text"}


def test_a_way_that_saves_nothing_is_left_out() -> None:
    assert give_way(500, 400, (Way("narrow", 0), Way("count", 200)), 32) == {"count"}


def test_all_of_them_when_not_even_that_is_enough() -> None:
    assert give_way(5000, 400, WAYS, 32) == {"count", "fit", "tags", "text"}


ways = st.lists(st.builds(Way, st.uuids().map(str), st.integers(0, 200), st.booleans()), max_size=12)


@given(st.integers(0, 2000), st.integers(0, 2000), ways)
def test_it_fits_afterwards_whenever_it_can(needed: int, room: int, some: list[Way]) -> None:
    gone = give_way(needed, room, some, 32)
    left = needed - sum(way.saves for way in some if way.key in gone)
    left += 32 * any(way.to_menu for way in some if way.key in gone)
    if gone != {way.key for way in some if way.saves}:
        assert left <= room

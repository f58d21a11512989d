"""Where cards, pins and the bracket stand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.timeline import places as model


@given(st.integers(0, 40), st.integers(100, 3000), st.booleans())
def test_cards_fill_the_room_or_scroll(count: int, room: int, pictures: bool) -> None:
    places = model.places(count, room, pictures=pictures)
    extra = model.PICTURE_ROOM if pictures else 0
    assert len(places.lefts) == count
    assert all(b - a == places.width + model.GAP for a, b in pairwise(places.lefts))
    if count:
        assert model.MIN_WIDTH + extra <= places.width <= model.MAX_WIDTH + extra
        assert places.total <= room or places.width == model.MIN_WIDTH + extra


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("timed", [False, True])
def test_each_form_has_room_for_its_pins_and_what_is_below_its_cards(compact: bool, timed: bool) -> None:
    rows = model.rows(compact=compact, timed=timed)
    assert rows.height == (96 if compact else 136)
    assert rows.pin_top >= 1
    assert rows.bracket - 7 >= 0
    assert rows.bracket < rows.card_top
    below = rows.axis if rows.axis is not None else rows.card_bottom + 17  # the text of an arc
    assert rows.card_bottom < below <= rows.height - 1
    assert (rows.axis is not None) == timed


def test_pins_on_one_card_stand_beside_each_other() -> None:
    a, b = model.pin_lefts(100, 400)
    assert (a, b) == (109, 409)
    a, b = model.pin_lefts(100, 100, same=True)
    assert b - a > model.PIN


def test_the_bracket_joins_the_pins_and_leaves_room_for_its_text() -> None:
    made = model.bracket(109, 409, 80, (0, 1000))
    assert made is not None
    assert (made.left, made.right) == (118, 418)
    assert (made.text_left, made.text_right) == (268 - 48, 268 + 48)
    assert model.bracket(409, 109, 80, (0, 1000)) == made


def test_its_text_stays_in_sight() -> None:
    made = model.bracket(-600, 300, 80, (156, 1000))
    assert made is not None
    assert made.text_left > 156
    assert model.bracket(100, 130, 80, (0, 1000)) is None
    assert model.bracket(-600, -300, 80, (0, 1000)) is None


def test_a_leader_goes_from_its_card_down_to_its_block() -> None:
    points = model.leader(200, 96, 640, 117)
    assert points[0] == (200, 96)
    assert points[-1] == (640, 117)
    assert points[1][0] == 200
    assert points[2][0] == 640
    assert [y for _, y in points] == sorted(y for _, y in points)


@given(st.lists(st.integers(0, 500), min_size=3, max_size=3), st.integers(1, 3000), st.floats(20, 400))
def test_a_bar_shows_every_amount_and_stays_in_its_groove(amounts: list[int], biggest: int, width: float) -> None:
    parts = model.bar_parts(amounts, max(biggest, sum(amounts)), width)
    for amount, (left, part) in zip(amounts, parts, strict=True):
        assert (part >= model.LEAST_PART - 1e-9) if amount else part == 0
        assert not amount or left + part <= width + 1e-6


def test_one_that_is_small_may_make_the_next_one_small() -> None:
    assert model.bar_parts((0, 1, 3), 17, 20.0) == ((0, 0), (0, 2), (3, 2))
    assert model.bar_parts((1, 1, 1), 3000, 20.0) == ((0, 2), (3, 2), (6, 2))


def test_a_bar_is_as_long_as_its_share() -> None:
    assert model.bar_parts((10, 0, 0), 20, 100) == ((0, 50), (51, 0), (51, 0))
    (_, added), (left, changed), (_, removed) = model.bar_parts((1, 97, 1), 99, 100)
    assert (added, removed) == (2, 2)
    assert left == 3
    assert changed == 94
    assert model.bar_parts((0, 0, 0), 9, 100) == ((0, 0),) * 3

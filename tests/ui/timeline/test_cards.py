"""What the cards say, and where they stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.export.parse import parse_asset
from viewer.model import Task
from viewer.ui.timeline import cards as model


@pytest.fixture
def rework(data: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    asset = json.loads((data / "ango-examples.json").read_text())[22]
    return parse_asset(json.dumps(asset).encode(), index=22).tasks[0]


def test_a_card_says_who_when_how_long_and_what_came_of_it(rework: Task) -> None:
    cards = model.cards_of(rework)
    assert [card.stage for card in cards] == ["Start", "Label 1", "Review 1", "Label 2", "Review 2", "Complete"]
    assert [card.verdict for card in cards] == ["", "", "rejected", "", "accepted", ""]
    assert cards[1].person == "annotator@example.com"
    assert cards[1].duration == "30 s"
    assert cards[-1].is_current
    assert "Rejected" in cards[2].tip
    assert [card.labels for card in cards] == [0, 1, 1, 1, 1, 1]


def test_the_loop_of_rework_is_told_with_its_time(rework: Task) -> None:
    (loop,) = model.reworks(rework)
    assert (loop.start, loop.number) == (2, 1)
    assert loop.after
    assert model.work_time(rework) == "50 s"


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0 s"), (2843, "2.8 s"), (46_753, "47 s"), (242_000, "4 min 02 s"), (3 * 3_600_000 + 600_000, "3 h 10"),
        (52 * 3_600_000, "2 d 4 h"),
    ],
)  # fmt: skip
def test_spans_have_two_units(milliseconds: int, text: str) -> None:
    assert model.span(milliseconds) == text


@given(st.integers(0, 40), st.integers(100, 3000))
def test_cards_fill_the_room_or_scroll(count: int, room: int) -> None:
    places = model.places(count, room)
    assert len(places.lefts) == count
    assert all(b - a == places.width + model.GAP for a, b in zip(places.lefts, places.lefts[1:], strict=False))
    if count:
        assert model.MIN_WIDTH <= places.width <= model.MAX_WIDTH
        assert places.total <= room or places.width == model.MIN_WIDTH


@pytest.mark.parametrize("text", [None, "", "yesterday", "2024-13-40", "9" * 40])
def test_a_time_that_is_none_is_left_out(text: str | None) -> None:
    assert model.parse_time(text) is None

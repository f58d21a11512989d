"""The words on cards, in tooltips and for those who hear."""

from __future__ import annotations

import pytest

from tests.make import histories
from viewer.diff import Counts
from viewer.ui.timeline import texts
from viewer.ui.timeline.cards import Card, cards_of
from viewer.ui.timeline.texts import Beside


@pytest.fixture
def cards() -> tuple[Card, ...]:
    return cards_of(histories.reworked())


def test_a_step_is_told_by_signs_in_the_colours_of_its_changes(cards: tuple[Card, ...]) -> None:
    assert texts.step_parts(cards[3], Counts(3, 9, 2)) == (("added", "+3"), ("moved", "~9"), ("removed", "−2"))
    assert texts.step_parts(cards[3], Counts(0, 1200, 0)) == (("moved", "~1,200"),)


def test_a_step_that_changed_nothing_or_is_not_compared_yet(cards: tuple[Card, ...]) -> None:
    assert texts.step_parts(cards[2], Counts()) == (("", "= no change"),)
    assert texts.step_parts(cards[2], None) == (("", "8 labels"),)
    assert texts.step_parts(cards[0], None) == (("", "no labels"),)
    assert texts.step_parts(cards[0], Counts(removed=3)) == (("removed", "−3"),)


def test_answers_and_relations_are_changes_too(cards: tuple[Card, ...]) -> None:
    assert texts.step_parts(cards[2], Counts(), Beside(1, 2)) == (
        ("attributes", "1 answer"), ("attributes", "2 relations"),
    )  # fmt: skip
    assert texts.step_parts(cards[2], Counts(), Beside(1, 2), short=True) == (("attributes", "3 other changes"),)
    assert texts.step_parts(cards[2], Counts(), Beside(1, 0), short=True) == (("attributes", "1 answer"),)
    assert texts.step_words(Counts(1, 0, 0), Beside(answers=2)) == "1 added, 2 answers changed"


def test_a_tooltip_says_all_that_is_known(cards: tuple[Card, ...]) -> None:
    lines = texts.tip(cards[4], Counts(1, 4, 1)).splitlines()
    assert lines[0] == "Review 2 · Accepted"
    assert lines[1] == "jana.krueger@example.com"
    assert "2026" in lines[2]
    assert lines[3:] == ["2 min 50 s of work", "after 17 h 21 of waiting", "8 labels", "1 added, 4 changed, 1 removed",
                         "review"]  # fmt: skip


def test_an_acceptance_that_changed_nothing_is_a_hint(cards: tuple[Card, ...]) -> None:
    assert "Accepted after 2 min 50 s, nothing changed" in texts.tip(cards[4], Counts())
    assert "nothing changed" not in texts.tip(cards[4], Counts(), Beside(1)).splitlines()[-2]
    assert "after" not in texts.tip(cards[0], None)


def test_a_card_is_heard_as_the_design_says(cards: tuple[Card, ...]) -> None:
    assert texts.spoken(cards[4], Counts(1, 4, 1), ("B",)) == (
        "Review, 2 of 2, Accepted, jana.krueger@example.com, 2 minutes 50, 1 added, 4 changed, 1 removed, is B"
    )
    assert texts.spoken(cards[5], None, ("shown",)) == "Complete, current, 8 labels, shown"
    assert texts.spoken(cards[0], Counts(), ()) == "Start, no labels"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"), (1, "1 second"), (59.4, "59 seconds"), (60, "1 minute"), (170, "2 minutes 50"),
        (11_400, "3 hours 10"), (3600, "1 hour"), (187_200, "2 days 4"),
    ],
)  # fmt: skip
def test_time_as_one_says_it(seconds: float, words: str) -> None:
    assert texts.spoken_span(seconds * 1000) == words


def test_the_bracket_tells_what_lies_between_the_pins() -> None:
    assert texts.bracket_text(None) == "A → B"
    assert texts.bracket_text(0) == "A → B · nothing changed"
    assert texts.bracket_text(1) == "A → B · 1 change"
    assert texts.bracket_text(1234) == "A → B · 1,234 changes"


def test_a_loop_with_and_without_its_time() -> None:
    assert texts.rework_texts(1, "3 h 10") == ("Rework 1 · after 3 h 10", "Rework 1 · 3 h 10", "Rework 1")
    assert texts.rework_texts(2, "") == ("Rework 2",)

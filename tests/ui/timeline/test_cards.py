"""What the cards say, and where they stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.make import histories
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
    assert cards[2].verdict_text == "Rejected"
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


def test_cards_know_when_work_began_and_how_long_it_was_waited_for() -> None:
    cards = model.cards_of(histories.reworked())
    assert cards[0].waited_ms is None
    began, ended = cards[1].worked or (None, None)
    assert began is not None
    assert ended is not None
    assert (ended - began).total_seconds() == 1104
    assert cards[1].waited_ms == pytest.approx((17.1 * 3600 - 1104) * 1000)
    assert cards[2].turn == (1, 2)
    assert cards[2].name == "Review"
    assert cards[5].waited_ms is None  # nobody worked on the current state


def test_nothing_is_made_up_where_the_export_says_no_time() -> None:
    task = Task(
        task_id=None,
        fields={},
        snapshots=(
            histories.snapshot(0, "Label", hours=None, seconds=None),
            histories.snapshot(1, "Review", hours=2, seconds=None),
            histories.snapshot(2, "Label", hours=1, seconds=-5, current=True),
        ),
    )
    cards = model.cards_of(task)
    assert cards[0].worked is None
    assert cards[0].when == cards[0].duration == ""
    assert cards[1].worked is not None
    assert cards[1].worked[0] == cards[1].worked[1]
    assert [card.waited_ms for card in cards] == [None, None, None]
    assert cards[2].duration_ms is None


@pytest.mark.parametrize("text", [None, "", "yesterday", "2024-13-40", "9" * 40])
def test_a_time_that_is_none_is_left_out(text: str | None) -> None:
    assert model.parse_time(text) is None

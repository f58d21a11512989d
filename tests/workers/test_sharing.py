from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from viewer.workers.sharing import to_give, to_shelve, to_start


def workers(*states: str) -> list[Any]:
    return [SimpleNamespace(number=n, state=state, documents=0) for n, state in enumerate(states)]


def desks(*stages: str) -> list[Any]:
    """Desks that were used in this order; "idle" is an open one with nothing to do."""
    return [
        SimpleNamespace(stage="open" if stage == "idle" else stage, is_idle=stage == "idle", last_used=float(n))
        for n, stage in enumerate(stages)
    ]


def test_the_worker_that_knows_most_is_given() -> None:
    team = workers("taken", "free", "free", "free")
    team[2].documents = team[3].documents = 4
    assert to_give(team) is team[2]
    assert to_give(workers("taken", "starting", "closing", "dead")) is None


@pytest.mark.parametrize(
    ("stages", "states", "count"),
    [
        ((), (), 1),  # a spare
        (("queued",), (), 2),
        (("queued", "queued", "queued"), (), 3),  # two documents at a time, and a spare
        (("queued",), ("starting",), 1),
        (("open",), ("taken", "free"), 0),
        (("open", "open", "queued"), ("taken", "taken", "dead"), 0),  # no room until that one is buried
    ],
)
def test_one_for_each_that_waits_and_a_spare(stages: tuple[str, ...], states: tuple[str, ...], count: int) -> None:
    assert to_start(desks(*stages), workers(*states), 2) == count


def test_nobody_lends_while_there_are_enough() -> None:
    assert to_shelve(desks("idle", "queued"), workers("taken", "free"), 2) is None
    assert to_shelve(desks("idle", "idle", "queued"), workers("taken", "taken"), 2) is None  # one can be started


def test_the_one_used_least_lately_lends_its_worker() -> None:
    open_ones = desks("open", "idle", "idle", "queued")
    assert to_shelve(open_ones, workers("taken", "taken", "taken"), 2) is open_ones[1]
    assert to_shelve(desks("open", "open", "queued"), workers("taken", "taken", "taken"), 2) is None


def test_the_one_that_was_just_given_a_worker_does_not_wait() -> None:
    both = desks("idle", "queued")
    team = workers("taken", "taken")
    assert to_shelve(both, team, 1) is both[0]  # beyond the limit
    team = workers("taken", "starting")
    assert to_shelve(both, team, 1, beside=both[1]) is None

from __future__ import annotations

from viewer import limits
from viewer.workers import Budgets, launch


def test_the_budgets_are_those_of_the_table() -> None:
    budgets = Budgets()
    assert (budgets.open, budgets.image, budgets.tile) == (limits.OPEN_S, limits.IMAGE_S, limits.TILE_S)
    assert budgets.ready == limits.READY_S
    assert budgets.memory == launch.memory_limit()
    assert budgets.close < budgets.answer < budgets.tile

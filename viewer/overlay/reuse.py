"""The geometry of the last large pages: hiding a class, other colours, another stage need not make it again."""

from __future__ import annotations

import threading
from collections.abc import Sequence, Sized
from typing import Generic, TypeVar

from viewer.geometry import LabelSpace
from viewer.tools.base import Tool

Store = TypeVar("Store", bound=Sized)

FROM_LABELS = 300
"""Smaller pages are made anew in a few milliseconds, and those of a video would only push each other out."""
UNKNOWN = -2
"""Instead of the label of a value that a store does not have."""
MOST_UNKNOWN = 0.3
"""Share of values that may be new when the others are taken from another stage of the page."""
MOST_KEPT = 1.5
"""Labels of a store for each one that is shown, the others being of other stages."""
KEPT = 4
"""Pages kept: of the stage shown, of the one that it is compared with, and of those before and after it."""


class Reuse(Generic[Store]):
    """Remembers which label of which store came from which tool value. Any thread may ask.

    Tool values never change, so that the same value in the same space is the same geometry. The stores
    themselves are held: 35 MB for 10,000 labels of 200 points.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[LabelSpace, dict[int, int], tuple[Tool, ...], Store]] = []
        self._lock = threading.Lock()

    def remember(self, space: LabelSpace, tools: Sequence[Tool], rows: Sequence[int], store: Store) -> None:
        """`rows[i]` is the label in the store that tool value i became, -1 when nothing of it is drawn."""
        if len(tools) < FROM_LABELS:
            return
        row_of = {id(tool): row for tool, row in zip(tools, rows)}
        if len(row_of) != len(tools):
            return  # one value for two labels: which of them is meant would be open
        with self._lock:
            self._kept = [(space, row_of, tuple(tools), store), *self._kept][:KEPT]

    def find(self, space: LabelSpace, tools: Sequence[Tool]) -> tuple[Store, list[int]] | None:
        """A store that has the geometry of most of these values, and the label of each (-1 for none, or `UNKNOWN`).

        The one that has most. None where so many are unknown that the rest is not worth being kept with them.
        """
        if len(tools) < FROM_LABELS // 2:
            return None
        with self._lock:
            kept = tuple(self._kept)
        best, fewest = None, int(len(tools) * MOST_UNKNOWN) + 1
        for old_space, row_of, _held, store in kept:  # values are held, so an id is theirs alone
            if old_space != space:
                continue
            rows = [row_of.get(id(tool), UNKNOWN) for tool in tools]
            unknown = rows.count(UNKNOWN)
            # one with many labels that are not shown any more is not made larger still
            if unknown < fewest and (not unknown or len(store) + unknown <= len(tools) * MOST_KEPT):
                best, fewest = (store, rows), unknown
            if not unknown:
                break
        return best

    def forget(self) -> None:
        """Everything is made anew."""
        with self._lock:
            self._kept = []

"""The orders of the list of assets, and a sort in steps that never holds the window. No Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Generic, TypeVar

import numpy as np

from viewer.export import Row
from viewer.ui.assets.faceted import Numbers
from viewer.ui.assets.table import AssetTable, name_of

STEP = 4096
"""Rows that are sorted at once (2 ms)."""
_DIGITS = re.compile(r"[0-9]+")


def natural(text: str) -> str:
    """A key by which ``lot_9`` comes before ``lot_10``."""
    return _DIGITS.sub(lambda m: m[0].lstrip("0").zfill(12), text.casefold())


def last_completed(row: Row) -> str:
    """When a stage of the asset was last completed, as the export writes it (ISO 8601, UTC); "" when never."""
    return max((visit.completed_at or "" for visit in row.visits), default="")


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `key` of a row is compared; equal ones stay in the order of the export."""

    key: str
    of: Callable[[Row], Any]
    descending: bool = False
    """Which way it begins when chosen."""
    by_changes: bool = False
    """It is told by `AssetTable.changes`, not by the row."""
    by_links: bool = False
    """It is told by `AssetTable.links`, not by the row."""


ORDERS: tuple[Order, ...] = (
    Order("export", lambda row: row.index),
    Order("name", lambda row: natural(name_of(row))),
    Order("labels", lambda row: row.labels, descending=True),
    Order("stage", lambda row: (row.stage or "").casefold()),
    Order("kind", lambda row: row.kind),
    Order("problems", lambda row: row.problems, descending=True),
    Order("completed", last_completed, descending=True),
    Order("changes", lambda row: 0, descending=True, by_changes=True),
    Order("largest", lambda row: 0.0, descending=True, by_changes=True),
    Order("link", lambda row: 0, by_links=True),
)
"""All orders, as the menu lists them."""


def order_of(key: str) -> Order:
    """The order with a key; a key of another version is the order of the export."""
    return next((order for order in ORDERS if order.key == key), ORDERS[0])


def keys_of(order: Order, table: AssetTable) -> Keys[Row]:
    """The keys of an order of assets, none made yet."""
    if order.by_changes:
        return Keys(order.key, lambda row: table.changes.order_key(row.index, order.key))
    if order.by_links:
        return Keys(order.key, lambda row: table.links.order_key(row.index))
    return Keys(order.key, order.of)


T = TypeVar("T")


class Keys(Generic[T]):
    """What rows are compared by, kept for the order in use while rows arrive."""

    def __init__(self, key: str, of: Callable[[T], Any]) -> None:
        self.key, self._of = key, of
        self.values: list[Any] = []

    def fill(self, rows: Sequence[T], count: int) -> Iterator[None]:
        """Make the keys of the first `count` rows, in steps."""
        for low in range(len(self.values), count, STEP // 4):
            self.values.extend(map(self._of, rows[low : min(low + STEP // 4, count)]))
            yield


def sorting(values: list[Any], before: Numbers, count: int, *, descending: bool) -> Iterator[Numbers | None]:
    """Put rows 0 to `count` in the order of their keys, in steps: None while it goes on, at last the rows.

    `before`: rows that are in order already; the others follow them in the export. Runs are sorted and then merged
    two by two, a part at a time: Python's sort merges what is in order with few comparisons.
    """
    key = values.__getitem__
    runs = [before.tolist()] if len(before) else []
    for low in range(len(before), count, STEP):
        runs.append(sorted(range(low, min(low + STEP, count)), key=key, reverse=descending))
        yield None
    while len(runs) > 1:
        # neighbours only, so that equal keys stay in the order of the export; the smallest sum first
        sums = [len(a) + len(b) for a, b in pairwise(runs)]
        at = sums.index(min(sums))
        runs[at : at + 2] = [(yield from _merged(runs[at], runs[at + 1], key, descending=descending))]
    yield np.array(runs[0] if runs else [], np.int32)


def _merged(
    a: list[int], b: list[int], key: Callable[[int], Any], *, descending: bool
) -> Generator[None, None, list[int]]:
    """Two runs as one, in steps of so many rows at most; equal keys of `a` come first."""
    done: list[int] = []
    i = j = 0
    while i < len(a) and j < len(b):
        of_a, of_b = a[i : i + STEP], b[j : j + STEP]
        last_a, last_b = key(of_a[-1]), key(of_b[-1])
        # what comes before the last row of both parts is final: nothing behind them can come before it
        if last_b < last_a if not descending else last_a < last_b:
            of_a = of_a[: _before(of_a, last_b, key, descending=descending, or_equal=True)]
        else:
            of_b = of_b[: _before(of_b, last_a, key, descending=descending, or_equal=False)]
        done += sorted(of_a + of_b, key=key, reverse=descending)
        i, j = i + len(of_a), j + len(of_b)
        yield None
    return done + a[i:] + b[j:]


def _before(run: list[int], limit: Any, key: Callable[[int], Any], *, descending: bool, or_equal: bool) -> int:
    """How many rows of a run come before a key."""
    low, high = 0, len(run)
    while low < high:
        middle = (low + high) // 2
        value = key(run[middle])
        comes = value > limit if descending else value < limit
        if comes or (or_equal and value == limit):
            low = middle + 1
        else:
            high = middle
    return low

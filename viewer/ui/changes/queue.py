"""The changes of a whole export one after another: their order, what is left out, which were seen. No Qt."""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from viewer.export.differences import Found, Step

Order: TypeAlias = Literal["asset", "size", "class", "person"]
ORDERS: tuple[Order, ...] = ("asset", "size", "class", "person")


@dataclass(frozen=True, slots=False)
class Item:
    """One change and where it is: between which snapshots of which asset, and as which of their changes."""

    asset: int
    a: int
    b: int
    number: int
    found: Found
    continues: bool = False
    """It only goes on with what happened to its track on the page before."""

    @property
    def at(self) -> tuple[int, int, int]:
        """Its place in the order of the export."""
        return (self.asset, self.a, self.number)

    @property
    def size(self) -> float:
        """How large the change is: added and removed ones first, then by overlap lost, then by shift."""
        return self.found.size

    @cached_property
    def digest(self) -> str:
        """Tells it from all others, also when the export is compared anew: what is remembered of one that was seen."""
        f = self.found
        parts = (self.asset, self.a, self.b, f.subject, f.before_id, f.after_id, f.page, ",".join(f.kinds))
        return hashlib.blake2b("\0".join(map(str, parts)).encode("utf-8", "replace"), digest_size=9).hexdigest()


KEYS: dict[Order, Callable[[Item], tuple[object, ...]]] = {
    "asset": lambda item: item.at,
    "size": lambda item: (-item.size, *item.at),
    "class": lambda item: (item.found.title.casefold(), item.found.schema_id, *item.at),
    "person": lambda item: ((item.found.by or "\U0010ffff").casefold(), *item.at),
}


class ChangeQueue:
    """All changes in one order. `add` takes the results of the pass as they come."""

    def __init__(self) -> None:
        self.order: Order = "asset"
        self.skips_seen = False
        self.is_tracked: Callable[[int], bool] = lambda asset: False
        """Whether one object of an asset goes on over its pages."""
        self.seen: set[str] = set()
        """Digests of changes that were looked at."""
        self._items: list[Item] = []
        self._keys: list[tuple[object, ...]] = []
        self._passes: Callable[[Item], bool] | None = None

    def __len__(self) -> int:
        return len(self._items)

    @property
    def items(self) -> list[Item]:
        """In the order chosen."""
        return self._items

    def clear(self) -> None:
        """Another export."""
        self._items, self._keys, self.seen = [], [], set()

    def add(self, steps: Iterable[Step]) -> list[Item]:
        """Take results of the pass; they are given back, one by one."""
        new = [
            Item(step.asset, step.a, step.b, number, found, number in going_on)
            for step in steps
            for going_on in (continuing(step.changes) if self.is_tracked(step.asset) else (),)
            for number, found in enumerate(step.changes)
        ]
        key = KEYS[self.order]
        if len(new) > 64 or len(new) * 8 > len(self._items):
            self._sort([*self._items, *new])
        else:
            for item in new:
                at = bisect.bisect(self._keys, key(item))
                self._items.insert(at, item)
                self._keys.insert(at, key(item))
        return new

    def set_order(self, order: Order) -> None:
        """Another order."""
        if order != self.order:
            self.order = order
            self._sort(self._items)

    def set_filter(self, passes: Callable[[Item], bool] | None) -> None:
        """Only these are stepped through; None: all."""
        self._passes = passes

    def _sort(self, items: list[Item]) -> None:
        keyed = sorted(((KEYS[self.order](item), item) for item in items), key=lambda pair: pair[0])
        self._keys = [key for key, _ in keyed]
        self._items = [item for _, item in keyed]

    def after(self, item: Item | None, direction: int) -> Item | None:
        """The next one (1) or the one before (-1); without `item` the first or the last. None at the end."""
        if item is None:
            at = 0 if direction > 0 else len(self._items) - 1
        else:
            at = bisect.bisect_left(self._keys, KEYS[self.order](item))
            is_there = at < len(self._items) and self._items[at].at == item.at
            at = at + 1 if direction > 0 and is_there else at - 1 if direction < 0 else at
        return self._step(at, direction)

    def from_place(self, asset: int, a: int | None, direction: int) -> Item | None:
        """The nearest one from an asset (and one of its steps) on, in the order of the export only."""
        if self.order != "asset":
            return self.after(None, direction)
        low = (asset, -1 if a is None else a, -1)
        at = bisect.bisect_left(self._keys, low)
        return self._step(at if direction > 0 else at - 1, direction)

    def _step(self, at: int, direction: int) -> Item | None:
        while 0 <= at < len(self._items):
            item = self._items[at]
            if item.continues and self.order == "asset":
                pass  # of a track only the first page of what happened is stopped at
            elif (self._passes is None or self._passes(item)) and not (self.skips_seen and item.digest in self.seen):
                return item
            at += direction
        return None

    def number_of(self, item: Item) -> int:
        """Its place in the order, from 0."""
        return bisect.bisect_left(self._keys, KEYS[self.order](item))

    def see(self, item: Item) -> bool:
        """It is looked at; whether for the first time."""
        if item.digest in self.seen:
            return False
        self.seen.add(item.digest)
        return True


def continuing(changes: Sequence[Found]) -> frozenset[int]:
    """Positions of changes of tracks that are the same as on the page before."""
    known = {(f.before_id, f.after_id, kind, f.page) for f in changes if f.subject == "label" for kind in f.kinds}
    return frozenset(
        number
        for number, f in enumerate(changes)
        if f.subject == "label"
        and f.page is not None
        and all((f.before_id, f.after_id, kind, f.page - 1) in known for kind in f.kinds)
    )

"""The changes that are listed one a row, with all that they are filtered, grouped and searched by. No Qt."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from viewer.errors import one_line
from viewer.export import Row
from viewer.model import Change
from viewer.ui.assets.changed import CLASS, KIND, OF_ONE, PERSON, STAGE, TOOL
from viewer.ui.assets.faceted import Faceted, Mask, Numbers
from viewer.ui.assets.texts import shown_name
from viewer.ui.changes.queue import Item
from viewer.ui.inspector.change_words import ORDER, sign_of
from viewer.ui.timeline.cards import visit_names

Grouping: TypeAlias = Literal["none", "kind", "class", "person", "asset"]
GROUPINGS: tuple[Grouping, ...] = ("none", "kind", "class", "person", "asset")
SHOWN = 200
"""Characters of a text of the export."""


class Group(NamedTuple):
    """Rows that have something in common: `value` is a sign, a class, a person or the index of an asset."""

    value: str
    total: int
    first: int
    """A row of it."""


class Places:
    """What the index says of where a change is. `rows` gives the assets that are listed now."""

    def __init__(self, rows: Callable[[], Sequence[Row]]) -> None:
        self._rows = rows

    def row(self, asset: int) -> Row | None:
        """The asset as it is listed."""
        rows = self._rows()
        return rows[asset] if 0 <= asset < len(rows) else None

    def name(self, asset: int) -> str:
        """What an asset is called."""
        row = self.row(asset)
        return "" if row is None else shown_name(row)

    def stages(self, item: Item) -> tuple[str, str]:
        """The names of both stages; "" for one that is not listed."""
        row = self.row(item.asset)
        names = () if row is None else visit_names(row.visits)
        a, b = (names[at] if 0 <= at < len(names) else "" for at in (item.a, item.b))
        return a, b

    def step(self, item: Item) -> str:
        """``Label 1 → Review``."""
        return " → ".join(self.stages(item))

    def has_pages(self, item: Item) -> bool:
        """Whether the number of its page says anything."""
        row = self.row(item.asset)
        return bool(item.found.page) or (row is not None and (row.pages or 1) > 1)


class ChangeTable(Faceted):
    """Changes in the order in which they come; `digest` makes them searchable a few at a time."""

    def __init__(self, places: Places, own: Sequence[Change] = (), details: Callable[[int], str] | None = None) -> None:
        """`own`: the changes themselves, by `Item.number`, of two stages that were compared here."""
        super().__init__(OF_ONE)
        self.places = places
        self.own = own
        self.detail: Callable[[int], str] = details or (lambda number: "")
        """What tells the object of a change from others of its class (``#39``)."""
        self.items: list[Item] = []
        self._assets = array("i")
        self._names: dict[int, str] = {}
        self._codes: dict[Grouping, array[int]] = {g: array("i") for g in ("kind", "class", "person")}
        self._values: dict[Grouping, dict[str, int]] = {g: {} for g in ("kind", "class", "person")}

    @property
    def digested(self) -> int:
        """So many rows can be filtered."""
        return len(self._assets)

    def add(self, items: Iterable[Item]) -> None:
        """Further changes."""
        self.items.extend(items)

    def digest(self, count: int) -> None:
        """Make the next `count` changes searchable."""
        first = self.digested
        for number, item in enumerate(self.items[first : first + count], first):
            found = item.found
            title, person = found.title, found.by or ""
            self.enter(number, KIND, found.kinds)
            self.enter(number, CLASS, (title,))
            self.enter(number, PERSON, (person,))
            self.enter(number, STAGE, (self.places.step(item),))
            self.enter(number, TOOL, (found.tool or "",))
            for grouping, value in (("kind", sign_of(found.kinds[0])), ("class", title), ("person", person)):
                values = self._values[grouping]  # type: ignore[index]
                self._codes[grouping].append(values.setdefault(value, len(values)))  # type: ignore[index]
            if item.asset not in self._names:
                self._names[item.asset] = self.places.name(item.asset).casefold()
            self._assets.append(item.asset)

    def change(self, item: Item) -> Change | None:
        """The change itself, where both stages were compared here."""
        return self.own[item.number] if item.number < len(self.own) else None

    # ---- search ------------------------------------------------------------------------------------------

    def with_words(self, words: Sequence[str]) -> Mask:
        """Which of the digested rows hold all casefolded words in class, person, stages, tool or asset."""
        result = np.ones(self.digested, bool)
        for word in words:
            one = np.zeros(self.digested, bool)
            for facet in (CLASS, PERSON, STAGE, TOOL):
                for value in self.members[facet]:
                    if word in value.casefold():
                        one[self.with_value(facet, value)] = True
            named = [asset for asset, name in self._names.items() if word in name]
            if named:
                assets = np.frombuffer(self._assets, np.int32)
                is_named = np.zeros(int(assets.max()) + 1, bool)
                is_named[named] = True
                one |= is_named[assets]
            result &= one
        return result

    # ---- groups ------------------------------------------------------------------------------------------

    def grouped(self, shown: Numbers, grouping: Grouping) -> tuple[list[Group], list[Numbers]]:
        """The groups of some rows in the order in which they are listed, and the rows of each, in their order."""
        if not len(shown) or grouping == "none":
            return [], []
        if grouping == "asset":
            codes = np.frombuffer(self._assets, np.int32)[shown]
            values: list[str] = []
        else:
            ranked = self._ranked(grouping)
            values = [value for value, _ in ranked]
            rank = np.zeros(len(ranked), np.int32)
            rank[[code for _, code in ranked]] = np.arange(len(ranked))
            codes = rank[np.frombuffer(self._codes[grouping], np.int32)[shown]]
        order = np.argsort(codes, kind="stable")
        rows, ordered = shown[order], codes[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
        parts = np.split(rows, starts[1:])
        groups = [
            Group(values[code] if values else str(code), len(part), int(part[0]))
            for code, part in zip(ordered[starts].tolist(), parts)
        ]
        return groups, parts

    def _ranked(self, grouping: Grouping) -> list[tuple[str, int]]:
        values = self._values[grouping]
        if grouping == "kind":
            return sorted(values.items(), key=lambda pair: ORDER.index(pair[0]) if pair[0] in ORDER else len(ORDER))
        return sorted(values.items(), key=lambda pair: (not pair[0], pair[0].casefold()))


def title_of(item: Item) -> str:
    """The class of what changed, on one line."""
    return one_line(item.found.title)[:SHOWN]

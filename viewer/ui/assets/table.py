"""The rows of an export with all that a search needs at hand: folded names, ids, and who has which value. No Qt."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from viewer.errors import one_line
from viewer.export import Row
from viewer.export.differences import Step
from viewer.limits import TEXT_SHOWN
from viewer.log import redact
from viewer.ui.assets import changed
from viewer.ui.assets.changed import ChangedAssets
from viewer.ui.assets.faceted import Faceted, Mask, Numbers
from viewer.ui.link_ends import LinkEnds

HEAD = 3
"""So many letters of an id are kept apart: shorter words are looked for only where an id begins."""
BLOCK = 256
"""So many texts are also kept joined: most words are in few of the blocks, and only these are looked into."""


LINK = "link"
"""The facet of how long the links of an asset are valid."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Something that assets differ in. `values` gives a row's; a row with several has each of them."""

    key: str
    values: Callable[[Row], Iterable[str]]
    searched: bool = False
    """Its values are found by typing them."""
    flag: bool = False
    """It has one or two values, which are offered as chips of their own."""


def _rejected(row: Row) -> tuple[str, ...]:
    return ("once",) if any((visit.review_status or "").casefold() == "rejected" for visit in row.visits) else ()


FACETS: tuple[Facet, ...] = (
    Facet(changed.CHANGED, lambda row: (), flag=True),  # this one and the others of changes: `AssetTable.changes`
    Facet("issues", lambda row: (), flag=True),  # told by `AssetTable.set_open_issues`
    Facet("rejected", _rejected, flag=True),
    Facet("problems", lambda row: ("with",) if row.problems else (), flag=True),
    Facet("labels", lambda row: ("with" if row.labels else "without",)),
    Facet(LINK, lambda row: ()),  # told by `AssetTable.links`, since time goes on
    Facet("kind", lambda row: (row.kind,), searched=True),
    Facet("stage", lambda row: (row.stage or "",), searched=True),
    Facet("class", lambda row: row.by_title, searched=True),
    Facet("tool", lambda row: row.by_tool),
    Facet("person", lambda row: row.persons, searched=True),
    Facet("batch", lambda row: row.batches, searched=True),
    *(Facet(key, lambda row: ()) for key in changed.FACETS if key != changed.CHANGED),
)
"""All that assets are filtered by, in the order of the menu."""
_OF_ROWS = tuple(facet for facet in FACETS if facet.key not in changed.FACETS)


def name_of(row: Row) -> str:
    """What to call an asset: one line, cut to what a person reads, without the secrets of an address."""
    text = row.external_id or row.asset_id or row.task_id
    return "" if not text else one_line(redact(text) if "://" in text else text)[:TEXT_SHOWN]


class AssetTable(Faceted):
    """Rows as they are read. What is searched is made of them a few at a time by `digest`."""

    def __init__(self, links: LinkEnds | None = None) -> None:
        super().__init__(facet.key for facet in FACETS)
        self.links = LinkEnds() if links is None else links
        """When the links of each asset end; it is filled by whoever made it."""
        self.changes = ChangedAssets()
        """What is known of the changes between the stages of each asset."""
        self.rows: list[Row] = []
        self.names: list[str] = []
        """Casefolded, of the digested rows."""
        self.ids: list[str] = []
        """Casefolded asset id and task ids of the digested rows, a line each."""
        self._name_blocks: list[str] = []
        self._id_blocks: list[str] = []
        self._heads = bytearray()
        self._id_letters: set[str] = set()
        self._first_entry: dict[str, int] = {}
        self._entries: dict[str, list[int]] = {}
        self._leaders = array("i")
        """Of each digested row the first entry of its asset: its own number where there is only one."""
        self.followers = 0
        """Entries that are not the first of their asset."""
        self._whole: tuple[Numbers | None, tuple[int, int], Numbers | None] = (None, (0, 0), None)
        self.strays = 0
        """Entries that do not stand right behind the one before of the same asset."""
        self._issue_tasks: frozenset[str] = frozenset()

    @property
    def digested(self) -> int:
        """So many rows can be searched."""
        return len(self.names)

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows that have just been read; they can be shown at once and searched once digested."""
        self.rows.extend(rows)

    def digest(self, count: int) -> None:
        """Make the next `count` rows searchable."""
        first = len(self.names)
        for number, row in enumerate(self.rows[first : first + count], first):
            self._digest_one(number, row)
        for low in range(len(self._name_blocks) * BLOCK, self.digested - BLOCK + 1, BLOCK):
            self._name_blocks.append("\n".join(self.names[low : low + BLOCK]))
            self._id_blocks.append("\n".join(self.ids[low : low + BLOCK]))

    def _digest_one(self, number: int, row: Row) -> None:
        self.names.append(name_of(row).casefold() if row.external_id else "")
        ids = [text.casefold() for text in (row.asset_id, row.task_id, *row.other_task_ids) if text]
        self.ids.append("\n".join(ids))
        self._id_letters.update(*ids)
        for place in range(2):
            head = ids[place][:HEAD].encode("utf-8", "replace")[:HEAD] if place < len(ids) else b""
            self._heads += head.ljust(HEAD, b"\0")
        for facet in _OF_ROWS:
            self.enter(number, facet.key, facet.values(row))
        if self._issue_tasks and self._has_issue(row):
            self.members["issues"].setdefault("open", array("i")).append(number)
        first = self._first_entry.setdefault(row.asset_id, number) if row.asset_id else number
        self._leaders.append(first)
        if first != number and row.asset_id:
            entries = self._entries.setdefault(row.asset_id, [first])
            self.strays += entries[-1] != number - 1
            entries.append(number)
            self.followers += 1

    def set_open_issues(self, tasks: Collection[str]) -> None:
        """The ids of tasks with an issue that is not resolved (of a separately loaded issues export)."""
        self._issue_tasks = frozenset(tasks)
        found = [n for n, row in enumerate(self.rows[: self.digested]) if self._has_issue(row)] if tasks else []
        self.members["issues"] = {"open": array("i", found)} if found else {}

    def _has_issue(self, row: Row) -> bool:
        tasks = self._issue_tasks
        return row.task_id in tasks or any(task in tasks for task in row.other_task_ids)

    def entry_of(self, row: Row) -> tuple[int, int] | None:
        """(which from 1, of how many) when several entries of the export are about the same asset."""
        if not self.followers:
            return None
        entries = self.entries_of(row)
        at = bisect_left(entries, row.index)
        return (at + 1, len(entries)) if at < len(entries) and entries[at] == row.index else None

    def entries_of(self, row: Row) -> Sequence[int]:
        """The rows that are about the same asset, in the order of the export; none where it is the only one."""
        return self._entries.get(row.asset_id or "", ())

    def leader_of(self, number: int) -> int:
        """The first entry of the asset that a row is about: its own number where there is no other."""
        return self._leaders[number] if number < len(self._leaders) else number

    def whole(self, count: int, order: Numbers | None = None) -> Numbers:
        """The first `count` rows in an order (None: that of the export), the entries of an asset together.

        Kept for the next filter: what comes again and again is asked for once.
        """
        kept, known, found = self._whole
        if found is None or kept is not order or known != (count, self.digested):
            found = self.grouped(np.arange(count, dtype=np.int32) if order is None else order)
            self._whole = (order, (count, self.digested), found)
        return found

    def grouped(self, order: Numbers) -> Numbers:
        """Rows in an order in which the entries of an asset follow each other: where the first of them stood."""
        if not self.followers or not len(order):
            return order
        leaders = np.arange(len(self.rows), dtype=np.int32)
        leaders[: len(self._leaders)] = np.frombuffer(self._leaders, np.int32)
        groups = leaders[order]
        first = np.zeros(len(leaders), np.int32)
        first[groups[::-1]] = np.arange(len(order) - 1, -1, -1, dtype=np.int32)  # of several the last one stays
        places = first[groups]
        if bool((places[1:] >= places[:-1]).all()):
            return order
        return order[np.argsort(places, kind="stable")]

    def add_steps(self, steps: Iterable[Step]) -> None:
        """Take changes between stages that were found. Of a row that is not here nothing is kept."""
        for step in steps:
            if step.asset < len(self.rows):
                self.changes.add(step, self.rows[step.asset])

    # ---- who has it --------------------------------------------------------------------------------------

    def mask_of(self, chosen: Iterable[tuple[str, str]], start: int = 0) -> Mask:
        """As of every list; what is chosen of changes must be true of one and the same change."""
        pairs = tuple(chosen)
        result = super().mask_of([p for p in pairs if p[0] not in changed.FACETS and p[0] != LINK], start)
        states = [value for facet, value in pairs if facet == LINK]
        if states:
            result &= self.links.mask_of(states, self.digested)[start:]
        of_changes = [pair for pair in pairs if pair[0] in changed.FACETS]
        if of_changes:
            result &= self.changes.mask_of(of_changes, self.digested)[start:]
        return result

    def counts_in(self, facet: str, mask: Mask, chosen: Iterable[tuple[str, str]] = ()) -> dict[str, int]:
        """Value → how many of the rows in a mask have it."""
        if facet == LINK:
            return self.links.counts_in(mask)
        if facet in changed.FACETS:
            return self.changes.counts_in(facet, mask, [pair for pair in chosen if pair[0] in changed.FACETS])
        return super().counts_in(facet, mask)

    def with_word(self, word: str, start: int, within: Mask | None = None) -> Mask:
        """Which of the digested rows from `start` on hold a casefolded word in name, ids or a searched value.

        `within`: rows that are not in it need not be looked at.
        """
        count = self.digested - start
        result = np.zeros(count, bool)
        candidates: list[int] | None = None
        if within is not None and np.count_nonzero(within) < count // 2:
            candidates = (np.flatnonzero(within) + start).tolist()
        in_ids = len(word) > HEAD and self._id_letters.issuperset(word)
        for texts, blocks, wanted in (
            (self.names, self._name_blocks, True),
            (self.ids, self._id_blocks, in_ids),
        ):
            if wanted and candidates is not None:
                result[[i - start for i in candidates if word in texts[i]]] = True
            elif wanted:
                result |= _holding(word, texts, blocks, start)
        if len(word) <= HEAD:
            result |= self._begins_id(word, start)
        for facet in FACETS:
            if facet.searched:
                for value in self.members[facet.key]:
                    if word in value.casefold():
                        result[self.with_value(facet.key, value, start) - start] = True
        return result

    def _begins_id(self, word: str, start: int) -> Mask:
        head = np.frombuffer(word.encode("utf-8", "replace")[:HEAD], np.uint8)
        heads = np.frombuffer(bytes(self._heads), np.uint8).reshape(-1, 2, HEAD)[start:, :, : len(head)]
        found: Mask = (heads == head).all(axis=2).any(axis=1)
        return found


def _holding(word: str, texts: list[str], blocks: list[str], start: int) -> Mask:
    """Which of the texts from `start` on hold a word. `blocks`: the texts joined, `BLOCK` by `BLOCK`."""
    result = np.zeros(len(texts) - start, bool)
    low = start
    for number, block in enumerate(blocks) if start == 0 else ():
        low = (number + 1) * BLOCK
        if word in block:
            result[low - BLOCK : low] = _each(word, texts[low - BLOCK : low])
    result[low - start :] = _each(word, texts[low:])
    return result


def _each(word: str, texts: list[str]) -> Mask:
    # by way of bytes: three times as fast as a list of numbers
    return np.frombuffer(bytes([word in text for text in texts]), np.bool_)

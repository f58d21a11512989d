"""The shown rows as a Qt model: an array of row numbers that is filtered and sorted in short steps."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from viewer.export import Row
from viewer.export.differences import Step
from viewer.ui.assets import changed, filters, order, query
from viewer.ui.assets.faceted import Mask, Numbers
from viewer.ui.assets.filters import Filter
from viewer.ui.assets.query import Query
from viewer.ui.assets.table import LINK, AssetTable
from viewer.ui.link_ends import LinkEnds

ANY_INDEX = QModelIndex | QPersistentModelIndex

BUDGET = 0.006
"""Seconds of work between two looks at the window's events."""
DIGESTED = 128
"""Rows that are made searchable in one step (about 1 ms)."""
GATHERED_MS = 40
"""Rows that arrive within this time are shown together."""
SORTED_AGAIN_MS = 700
"""While rows arrive, a sorted list is put in order so often."""


class AssetModel(QAbstractTableModel):
    """Holds row numbers, not widgets: 100,000 assets cost nothing. Rows are added at the end, or all is reset."""

    rearranged = Signal()
    """Another filter or order is in force, or what was chosen is filtered to its end."""
    busy_changed = Signal(bool)
    """Searching goes on in the background."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._links = LinkEnds()
        self.table = AssetTable(self._links)
        self.filter = Filter()
        self.query = Query()
        self.busy = False
        self.spoken: Callable[[Row], str] | None = None
        """What a screen reader says of a row; set by the panel."""
        self._object_hits: frozenset[int] = frozenset()
        self._start_over()
        self._ticker = QTimer(self)
        self._ticker.setInterval(0)
        self._ticker.timeout.connect(self._tick)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHERED_MS)
        self._gather.timeout.connect(self._show_arrived)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(SORTED_AGAIN_MS)
        self._again.timeout.connect(self._arrange)

    def _start_over(self) -> None:
        self._shown: Numbers = np.zeros(0, np.int32)
        self._place: Numbers = np.zeros(0, np.int32)
        self._sorted: Numbers = np.zeros(0, np.int32)
        self._sorted_as = ("export", False)
        self._whole: Numbers | None = None
        """All rows in the order shown, filtered or not; None where their numbers ascend."""
        self._keys: order.Keys[Row] | None = None
        self._text_mask: Mask = np.zeros(0, bool)
        self._text_query = Query()
        self._job: Iterator[None] | None = None
        self._arrived: list[Row] = []
        self._found: deque[Step] = deque()

    # ---- rows arrive -------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Forget all rows: another export is being opened. The filter goes too."""
        for timer in (self._ticker, self._gather, self._again):
            timer.stop()
        self.beginResetModel()
        self.table = AssetTable(self._links)
        self.filter, self.query = Filter(), Query()
        self._object_hits = frozenset()
        self._start_over()
        self.endResetModel()
        self._tell_busy()

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows that have just been read. The first are shown at once, further ones a moment later together."""
        self._arrived.extend(rows)
        if not len(self.table.rows):
            self._show_arrived()
        elif not self._gather.isActive():
            self._gather.start()

    def _show_arrived(self) -> None:
        arrived, self._arrived = self._arrived, []
        first = len(self.table.rows)
        self.table.add(arrived)
        if not self._filters and self._as_exported:
            self._extend(np.arange(first, len(self.table.rows), dtype=np.int32))
        elif not self._filters:
            self._arrange_later()
        self._work()

    def _extend(self, numbers: Numbers) -> None:
        """Show further rows at the end."""
        if not len(numbers):
            return
        at = len(self._shown)
        self.beginInsertRows(QModelIndex(), at, at + len(numbers) - 1)
        self._shown = np.concatenate((self._shown, numbers))
        missing = len(self.table.rows) - len(self._place)
        self._place = np.concatenate((self._place, np.full(missing, -1, np.int32)))
        self._place[numbers] = np.arange(at, len(self._shown), dtype=np.int32)
        self.endInsertRows()

    # ---- filter and order --------------------------------------------------------------------------------

    @property
    def _filters(self) -> bool:
        """Whether anything may be left out now."""
        return self.filter.on and bool(self.query or self.filter.chosen)

    @property
    def _as_exported(self) -> bool:
        """Whether row numbers ascend: nothing need be sorted, and further rows belong at the end."""
        return order.order_of(self.filter.order).key == "export" and not self.filter.descending

    def set_filter(self, record: Filter) -> None:
        """Search, filter and sort by a record. What takes long goes on between the window's events."""
        if record == self.filter:
            return
        if record.text != self.filter.text:
            self.query = query.parse(record.text)
            self._object_hits = frozenset()
        self.filter = record
        self._arrange()

    def set_open_issues(self, tasks: Collection[str]) -> None:
        """Ids of the tasks with an open issue, of an issues export."""
        self.table.set_open_issues(tasks)
        if self.filter.values("issues"):
            self._arrange()
        else:
            self.rearranged.emit()

    def add_changes(self, steps: Sequence[Step]) -> None:
        """Changes between stages that were found; they are told by the bars of rows, filters and orders."""
        self._found.extend(steps)
        self._work()

    def set_compared(self, complete: bool) -> None:
        """Whether all changes that can be found are known."""
        self.table.changes.is_complete = complete
        self.rearranged.emit()

    def set_links(self, links: LinkEnds) -> None:
        """Where the ends of links are kept; for the rows of this export and of the next ones."""
        self._links = self.table.links = links

    def links_changed(self) -> None:
        """Links were renewed, or time went on: what is filtered or sorted by them is another."""
        if order.order_of(self.filter.order).by_links:
            self._keys, self._sorted = None, np.zeros(0, np.int32)
            self._arrange_later()
        elif self.filter.values(LINK):
            self._arrange_later()
        self.rearranged.emit()

    def set_object_hits(self, assets: Collection[int]) -> None:
        """Assets that hold the object whose id was pasted: they match too."""
        self._object_hits = frozenset(assets)
        self._arrange()

    def _arrange(self) -> None:
        self._again.stop()
        self._job = self._arranging()
        # a filter by words is faster than the next picture of the screen, a pattern or a first sort is not
        end = time.perf_counter() + BUDGET
        while self._job is not None and time.perf_counter() < end:
            self._step()
        self._work()

    def _arrange_later(self) -> None:
        if not self._again.isActive():
            self._again.start()

    def _arranging(self) -> Iterator[None]:
        """Find out what is shown, then show it."""
        table = self.table
        count = len(table.rows)
        order_ = order.order_of(self.filter.order)
        if not self._as_exported:
            yield from self._sorting(order_, count)
        mask: Mask | None = None
        if self._filters:
            yield from self._searching()
            mask = np.zeros(count, bool)
            found = self._text_mask & filters.facet_mask(table, self.filter)[: len(self._text_mask)]
            mask[: len(found)] = found
            hits = [n for n in self._object_hits if n < len(found)]
            mask[hits] = True
        if not self._as_exported or table.strays:
            whole = self._whole = table.whole(count, None if self._as_exported else self._sorted)
            shown = whole if mask is None else whole[mask[whole]]
        else:
            shown = np.arange(count, dtype=np.int32) if mask is None else np.flatnonzero(mask).astype(np.int32)
            self._whole = None
        self.beginResetModel()
        self._shown = shown
        self._place = np.full(len(table.rows), -1, np.int32)
        self._place[shown] = np.arange(len(shown), dtype=np.int32)
        self.endResetModel()
        self.rearranged.emit()

    def _searching(self) -> Iterator[None]:
        before = self._text_query
        within = self._text_mask if query.narrows(self.query, before) else None
        if within is not None and len(within) < self.table.digested:
            within = None
        done = self.table.digested
        if self.query == before and len(self._text_mask) == done:
            return
        wanted = self.query
        for mask in query.matching(wanted, self.table, 0, within):
            if mask is None:
                yield
            else:
                self._text_mask, self._text_query = mask, wanted

    def _sorting(self, order_: order.Order, count: int) -> Iterator[None]:
        asked = (order_.key, self.filter.descending)
        if self._keys is None or self._keys.key != order_.key:
            self._keys = order.keys_of(order_, self.table)
        if asked != self._sorted_as:
            self._sorted, self._sorted_as = np.zeros(0, np.int32), asked
        if len(self._sorted) == count:
            return
        yield from self._keys.fill(self.table.rows, count)
        for result in order.sorting(self._keys.values, self._sorted, count, descending=self.filter.descending):
            if result is None:
                yield
            else:
                self._sorted = result

    # ---- work between the window's events ----------------------------------------------------------------

    def _work(self) -> None:
        undone = self._job is not None or self.table.digested < len(self.table.rows) or bool(self._found)
        if undone and not self._ticker.isActive():
            self._ticker.start()
        self._tell_busy()

    def _tick(self) -> None:
        end = time.perf_counter() + BUDGET
        while time.perf_counter() < end:
            if self._job is not None:
                self._step()
            elif self.table.digested < len(self.table.rows):
                self._digest()
            elif self._found:
                self._digest_changes()
            else:
                self._ticker.stop()
                break
        self._tell_busy()

    def _digest_changes(self) -> None:
        """Some of the changes that were found; what they are filtered or sorted by is told again at the end."""
        some: list[Step] = []
        while self._found and (not some or sum(len(step.changes) for step in some) < DIGESTED):
            some.append(self._found.popleft())
        self.table.add_steps(some)
        if self._found:
            return
        if order.order_of(self.filter.order).by_changes:
            self._keys, self._sorted = None, np.zeros(0, np.int32)
            self._arrange_later()
        elif any(facet in changed.FACETS for facet, _ in self.filter.chosen):
            self._arrange_later()
        self.rearranged.emit()

    def _step(self) -> None:
        job = self._job
        if job is not None and next(job, StopIteration) is StopIteration and self._job is job:
            self._job = None

    def _digest(self) -> None:
        first, strays, followers = self.table.digested, self.table.strays, self.table.followers
        self.table.digest(DIGESTED)
        if self.table.strays != strays or (self.table.followers != followers and not self._as_exported):
            self._arrange_later()  # an entry belongs behind one that is shown already
        if self._filters:
            self._search_digested(first)
        if self.table.digested == len(self.table.rows):
            self.rearranged.emit()

    def _search_digested(self, first: int) -> None:
        if len(self._text_mask) != first or self._text_query != self.query:
            self._arrange_later()
            return
        for mask in query.matching(self.query, self.table, first):
            if mask is not None:
                self._text_mask = np.concatenate((self._text_mask, mask))
                found = np.flatnonzero(mask & filters.facet_mask(self.table, self.filter, first)) + first
                if self._as_exported:
                    self._extend(found.astype(np.int32))
                elif len(found):
                    self._arrange_later()

    def _tell_busy(self) -> None:
        undigested = self._filters and self.table.digested < len(self.table.rows)
        busy = self._job is not None or undigested
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)

    # ---- what is shown -----------------------------------------------------------------------------------

    def counts(self) -> tuple[int, int]:
        """(shown, all)."""
        return len(self._shown), len(self.table.rows)

    def counts_of(self, facet: str) -> dict[str, int]:
        """Value → how many assets it lets through, with what else is chosen and typed as it is."""
        record = replace(self.filter, on=True)
        mask = self._text_mask if self.query and self._text_query == self.query else None
        return filters.counts(self.table, record, facet, mask)

    def row_at(self, row: int) -> Row | None:
        """What is shown at a row."""
        return self.table.rows[self._shown[row]] if 0 <= row < len(self._shown) else None

    def row_of_asset(self, asset: int) -> int | None:
        """Where an asset stands in what is shown; None when it is filtered out."""
        at = int(self._place[asset]) if 0 <= asset < len(self._place) else -1
        return at if at >= 0 else None

    def asset_at(self, row: int) -> int | None:
        """The asset's index in the export at a shown row."""
        return int(self._shown[row]) if 0 <= row < len(self._shown) else None

    def ties(self, row: int) -> tuple[bool, bool]:
        """Whether the row above, and the one below, is another entry of the same asset."""
        table = self.table
        if not table.followers or not 0 <= row < len(self._shown):
            return False, False
        leader = table.leader_of(int(self._shown[row]))
        above = row > 0 and table.leader_of(int(self._shown[row - 1])) == leader
        below = row + 1 < len(self._shown) and table.leader_of(int(self._shown[row + 1])) == leader
        return above, below

    def neighbour(self, asset: int | None, step: int) -> int | None:
        """The next (1) or previous (-1) shown asset; None at the end.

        From an asset that is filtered out it goes to the nearest shown one in that direction of the list's order.
        """
        if asset is None:
            return self.asset_at(0 if step > 0 else len(self._shown) - 1)
        at = self.row_of_asset(asset)
        if at is not None:
            return self.asset_at(at + step)
        gap = self._gap_of(asset)
        return self.asset_at(gap if step > 0 else gap - 1)

    def _gap_of(self, asset: int) -> int:
        """Between which shown rows an asset that is left out would stand: before the one returned."""
        if self._whole is None:
            return int(np.searchsorted(self._shown, asset))
        rank = np.empty(len(self.table.rows), np.int32)
        rank[:] = len(rank)
        rank[self._whole] = np.arange(len(self._whole), dtype=np.int32)
        return int(np.searchsorted(rank[self._shown], rank[asset])) if asset < len(rank) else 0

    # Qt's model interface
    def rowCount(self, parent: ANY_INDEX | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: ANY_INDEX | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 1

    def data(self, index: ANY_INDEX, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.UserRole:
            return row.index
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole) and self.spoken is not None:
            return self.spoken(row)
        return None

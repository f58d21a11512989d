"""The rows of the table of changes as a Qt model: numbers that are filtered, sorted and grouped in short steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from viewer.ui.assets import filters, order, query
from viewer.ui.assets.faceted import Mask, Numbers
from viewer.ui.assets.filters import Filter
from viewer.ui.changes.columns import COLUMNS, Column, column_of, column_text, spoken
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import ChangeTable, Group, Grouping, Places

AnyIndex = QModelIndex | QPersistentModelIndex

BUDGET = 0.005
"""Seconds of work between two looks at the window's events."""
DIGESTED = 256
GATHERED_MS = 250
"""Changes that are found within this time are listed together."""
NOWHERE = Places(lambda: ())
_NONE: Numbers = np.zeros(0, np.int32)


class ChangeModel(QAbstractTableModel):
    """Rows are numbers: a change of the table, or ``-1 - group``. 100,000 changes cost nothing until they are seen."""

    rearranged = Signal()
    """Other rows, another order, or other counts."""
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = ChangeTable(NOWHERE)
        self.filter = Filter()
        self.grouping: Grouping = "none"
        self.groups: list[Group] = []
        self.is_seen: Callable[[Item], bool] = lambda item: False
        self.busy = False
        self._closed: set[tuple[Grouping, str]] = set()
        self._start_over()
        self._ticker = QTimer(self)
        self._ticker.setInterval(0)
        self._ticker.timeout.connect(self._tick)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHERED_MS)
        self._gather.timeout.connect(self.arrange)

    def _start_over(self) -> None:
        self._rows: Numbers = _NONE
        self._place: Numbers = _NONE
        self._shown: Numbers = _NONE
        self._sorted: Numbers = _NONE
        self._sorted_as = ("", False)
        self._keys: order.Keys[Item] | None = None
        self._text_mask: Mask | None = None
        self._job: Iterator[None] | None = None

    # ---- what is listed ----------------------------------------------------------------------------------

    def show_table(self, table: ChangeTable) -> None:
        """Other changes; filter, order and grouping stay."""
        self.beginResetModel()
        self.table = table
        self.groups = []
        self._start_over()
        self.endResetModel()
        self.arrange()

    def add(self, items: Sequence[Item]) -> None:
        """Further changes; they are listed a moment later."""
        self.table.add(items)
        if not self._gather.isActive():
            self._gather.start()

    def set_filter(self, record: Filter) -> None:
        """Filter and sort by a record; its order is the key of a column."""
        if record != self.filter:
            self.filter = record
            self.arrange()

    def set_grouping(self, grouping: Grouping) -> None:
        """Group in another way."""
        if grouping != self.grouping:
            self.grouping = grouping
            self.arrange()

    def toggle_group(self, row: int) -> None:
        """Open or close the group whose heading a row is."""
        group = self.group_at(row)
        if group is not None:
            self._closed ^= {(self.grouping, group.value)}
            self.arrange()

    def is_open(self, group: Group) -> bool:
        """Whether the rows of a group are listed."""
        return (self.grouping, group.value) not in self._closed

    # ---- work between the window's events ----------------------------------------------------------------

    def arrange(self) -> None:
        """Find out what is listed, now where that is quick, else between the window's events."""
        self._gather.stop()
        self._job = self._arranging()
        self._tick()
        if self._job is not None:
            self._ticker.start()
        self._tell_busy()

    def _tick(self) -> None:
        end = time.perf_counter() + BUDGET
        while self._job is not None and time.perf_counter() < end:
            job = self._job
            if next(job, StopIteration) is StopIteration and self._job is job:
                self._job = None
        if self._job is None:
            self._ticker.stop()
            self._tell_busy()

    def _tell_busy(self) -> None:
        busy = self._job is not None
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)

    def _arranging(self) -> Iterator[None]:
        table = self.table
        while table.digested < len(table.items):
            table.digest(DIGESTED)
            yield
        yield from self._sorting(table)
        words = query.parse(self.filter.text).words
        self._text_mask = table.with_words(words) if words else None
        mask = filters.facet_mask(table, self.filter) if self.filter.chosen else None
        if self._text_mask is not None:
            mask = self._text_mask if mask is None else mask & self._text_mask
        shown = self._sorted if mask is None else self._sorted[mask[self._sorted]]
        if self.grouping != "none":
            yield
        groups, parts = table.grouped(shown, self.grouping)
        rows = self._with_headings(groups, parts) if groups else shown
        place = np.full(len(table.items), -1, np.int32)
        changes = np.flatnonzero(rows >= 0)
        place[rows[changes]] = changes
        self.beginResetModel()
        self._rows, self._place, self._shown, self.groups = rows, place, shown, groups
        self.endResetModel()
        self.rearranged.emit()

    def _with_headings(self, groups: list[Group], parts: list[Numbers]) -> Numbers:
        found: list[Numbers] = []
        for number, (group, part) in enumerate(zip(groups, parts)):
            found.append(np.array([-1 - number], np.int32))
            if self.is_open(group):
                found.append(part)
        return np.concatenate(found)

    def _sorting(self, table: ChangeTable) -> Iterator[None]:
        column, count = column_of(self.filter.order), len(table.items)
        asked = (column.key, self.filter.descending)
        if self._keys is None or asked != self._sorted_as:
            # rows come in any order: what is equal stands as in the export, also when the order is turned round
            way = -1 if self.filter.descending else 1
            self._keys = order.Keys(
                column.key, lambda item: (column.by(table, item), way * item.asset, way * item.a, way * item.number)
            )
        if asked != self._sorted_as:
            self._sorted, self._sorted_as = _NONE, asked
        if len(self._sorted) == count:
            return
        keys = self._keys
        yield from keys.fill(table.items, count)
        for result in order.sorting(keys.values, self._sorted, count, descending=self.filter.descending):
            if result is None:
                yield
            else:
                self._sorted = result

    # ---- what is shown -----------------------------------------------------------------------------------

    def counts(self) -> tuple[int, int]:
        """(changes that the filter leaves, all)."""
        return len(self._shown), len(self.table.items)

    def counts_of(self, facet: str) -> dict[str, int]:
        """Value → how many changes it lets through, with what else is chosen and typed as it is."""
        return filters.counts(self.table, replace(self.filter, on=True), facet, self._text_mask)

    def items(self) -> list[Item]:
        """The changes that the filter leaves, in their order; those of closed groups, too."""
        items = self.table.items
        return [items[number] for number in self._shown.tolist()]

    def item_at(self, row: int) -> Item | None:
        """The change of a row; None for a heading."""
        number = int(self._rows[row]) if 0 <= row < len(self._rows) else -1
        return self.table.items[number] if number >= 0 else None

    def group_at(self, row: int) -> Group | None:
        """The group whose heading a row is."""
        number = int(self._rows[row]) if 0 <= row < len(self._rows) else 0
        return self.groups[-1 - number] if number < 0 else None

    def number_at(self, row: int) -> int | None:
        """Which change of the table a row is, whatever is filtered."""
        number = int(self._rows[row]) if 0 <= row < len(self._rows) else -1
        return number if number >= 0 else None

    def row_of(self, number: int | None) -> int | None:
        """Where a change stands now; None where it is left out."""
        row = int(self._place[number]) if number is not None and 0 <= number < len(self._place) else -1
        return row if row >= 0 else None

    def next_row(self, row: int, step: int, *, unseen: bool = False) -> int | None:
        """The next change after a row in a direction (1, -1), of those not seen where it is asked for."""
        at = row + step
        while 0 <= at < len(self._rows):
            item = self.item_at(at)
            if item is not None and not (unseen and self.is_seen(item)):
                return at
            at += step
        return None

    # Qt's model interface
    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def column(self, index: int) -> Column:
        """A column by its number."""
        return COLUMNS[index]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return column_text(COLUMNS[section].key)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item_at(index.row())
        if item is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[index.column()].text(self.table, item)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(self.table, item, seen=self.is_seen(item))
        return None

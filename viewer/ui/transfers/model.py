"""The transfers as rows: as many as there are, the first of them known one by one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viewer.fetch.transfer import QueueReport, TransferReport
from viewer.ui.transfers import texts

AnyIndex = QModelIndex | QPersistentModelIndex


class TransferModel(QAbstractTableModel):
    """One column. A row keeps its selection when it moves, since rows are told apart by their keys."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: tuple[TransferReport, ...] = ()
        self._count = 0
        self.is_paused = False
        """Whether all of them are paused."""

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 1

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.at(index.row())
        if one is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return texts.shown(one.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return texts.spoken(one, is_paused=self.is_paused)
        if role == Qt.ItemDataRole.ToolTipRole and one.sentence:
            return texts.shown(one.sentence)
        return None

    def at(self, row: int) -> TransferReport | None:
        """The transfer of a row; None for one that is not known yet."""
        return self._known[row] if 0 <= row < len(self._known) else None

    def row_of(self, key: str) -> int | None:
        """Where a transfer stands, if that is known."""
        return next((row for row, one in enumerate(self._known) if one.key == key), None)

    def take(self, report: QueueReport) -> None:
        """What is so now."""
        is_other, self.is_paused = self.is_paused != report.is_paused, report.is_paused
        count = max(sum(report.counts.values()), len(report.transfers))
        if count < self._count:
            self.beginResetModel()
            self._known, self._count = report.transfers, count
            self.endResetModel()
            return
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        before, keys = [one.key for one in self._known], [one.key for one in report.transfers]
        if before == keys[: len(before)]:
            changed = [
                row
                for row, one in enumerate(report.transfers)
                if is_other or row >= len(before) or one != self._known[row]
            ]  # fmt: skip
            self._known = report.transfers
            if changed:
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], 0))
            return
        self.layoutAboutToBeChanged.emit()
        places = {key: row for row, key in enumerate(keys)}
        old = self.persistentIndexList()
        self._known = report.transfers
        new = [
            self.index(places[before[index.row()]], 0)
            if index.row() < len(before) and before[index.row()] in places
            else QModelIndex()
            for index in old
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

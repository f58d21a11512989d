"""What the open asset can be compared with beside its own stages: other tasks of it, the same asset elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from viewer.diff.across import Identity, match_assets
from viewer.errors import ExportError, ViewerError, one_line
from viewer.export import Export, Row
from viewer.model import Asset, Snapshot, Task
from viewer.ui.reading import Reading
from viewer.ui.session import Session
from viewer.ui.timeline.cards import stage_names

ENTRIES = 16
"""Entries of one asset in an export that are offered, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """One snapshot to compare with: of another task, another entry or another export."""

    task: Task
    snapshot: Snapshot
    name: str
    entry: int | None = None
    """The index of the entry of this export that it stands in, where that is another one."""
    is_elsewhere: bool = False
    """It is of another export."""


def identities(rows: list[Row]) -> list[Identity]:
    """By what the assets of an export are known in another one."""
    return [
        Identity(row.asset_id, tuple(t for t in (row.task_id, *row.other_task_ids) if t), row.external_id)
        for row in rows
    ]


class OtherStates(QObject):
    """Finds them for the open asset. The other export is read as any is: in a child process, kept for next time."""

    changed = Signal()
    """Another list of snapshots for the open asset."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session
        self.states: tuple[Beside, ...] = ()
        self.other = Reading(session.tasks, session.options.cache_dir, self)
        self._partner: dict[int, int] = {}
        self._entries: dict[str, list[int]] = {}
        self._round = 0
        self.other.ended.connect(self._read)
        self.other.refused.connect(lambda error: session.noticed.emit(str(error)))
        session.export_opened.connect(self._export_opened)
        session.rows_read.connect(self._rows_read)
        session.listing_ended.connect(self._listing_ended)
        session.asset_opened.connect(self._find)
        session.state_changed.connect(
            lambda before, after: self._find() if before.place.task != after.place.task else None
        )

    @property
    def name(self) -> str:
        """The other export's; "" when there is none."""
        return one_line(self.other.export.path.name) if self.other.export is not None else ""

    def open(self, path: Path) -> None:
        """Compare with this export; its assets are matched by asset id, task id and external id."""
        self.other.open(path)

    def leave(self) -> None:
        """No other export any more."""
        self.other.close()
        self._partner = {}
        self._find()

    def _export_opened(self, _export: Export) -> None:
        self._entries.clear()
        self._partner = {}
        self._offer(())

    def _rows_read(self, rows: list[Row]) -> None:
        for row in rows:
            if row.asset_id:
                self._entries.setdefault(row.asset_id, []).append(row.index)

    def _listing_ended(self) -> None:
        self._match()
        asset = self._session.asset
        if asset is not None and len(self._entries.get(asset.asset_id or "", ())) > 1:
            self._find()

    def _read(self, error: ExportError | None) -> None:
        if error is not None:
            self._session.noticed.emit(str(error))
        self._match()

    def _match(self) -> None:
        own, other = self._session.export, self.other.export
        if own is None or other is None or not own.complete or not other.complete:
            return
        mine, theirs = list(own.rows), list(other.rows)

        def match() -> dict[int, int]:
            found = match_assets(identities(mine), identities(theirs))
            return {m.before: m.after for m in found if m.before is not None and m.after is not None}

        def matched(partner: dict[int, int]) -> None:
            if self._session.export is own and self.other.export is other:
                self._partner = partner
                text = self.tr("{0} of {1} assets are in {2}, too.")
                self._session.noticed.emit(text.format(f"{len(partner):,}", f"{len(mine):,}", self.name))
                self._find()

        self._session.tasks.run(match, matched, slow=True)

    def _find(self, _asset: Asset | None = None) -> None:
        """Read what the open asset can be compared with, in a thread."""
        s = self._session
        self._round += 1
        round_, asset, export, other = self._round, s.asset, s.export, self.other.export
        if asset is None or export is None or asset.index != s.state.place.asset:
            self._offer(())
            return
        own = s.state.place.task
        entries = self._entries.get(asset.asset_id or "", [])
        others = [(n, i) for n, i in enumerate(entries, start=1) if i != asset.index][:ENTRIES]
        partner = self._partner.get(asset.index)
        name, task_text, entry_text = self.name, self.tr("Task {0}"), self.tr("Task {0} of {1}")

        def read() -> tuple[Beside, ...]:
            found = [_current(task, task_text.format(n + 1)) for n, task in enumerate(asset.tasks) if n != own]
            for number, index in others:
                try:
                    task = export.asset(index).tasks[0]
                except ExportError:
                    continue
                found.append(_current(task, entry_text.format(number, len(entries)), entry=index))
            if other is not None and partner is not None:
                task = other.asset(partner).tasks[0]
                names = stage_names(task.snapshots)
                found += [
                    Beside(task, s, f"{names[s.index]} · {name}", is_elsewhere=True) for s in reversed(task.snapshots)
                ]
            return tuple(found)

        def came(found: tuple[Beside, ...]) -> None:
            if round_ == self._round:
                self._offer(found)

        def failed(error: BaseException) -> None:
            if round_ == self._round:
                self._offer(())
                if isinstance(error, ViewerError):
                    s.noticed.emit(str(error))

        s.tasks.run(read, came, failed)

    def _offer(self, states: tuple[Beside, ...]) -> None:
        if states or self.states:
            self.states = states
            self.changed.emit()

    def close(self) -> None:
        """No process is left."""
        self.other.close()


def _current(task: Task, name: str, *, entry: int | None = None) -> Beside:
    who = task.fields.get("completedBy") or task.fields.get("updatedBy") or ""
    person = one_line(str(who)).split("@")[0][:40]
    return Beside(task, task.current, " · ".join(part for part in (name, person) if part), entry)

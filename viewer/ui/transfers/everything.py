"""Fetching all files of the open export: how many are missing, and handing them to the queue bit by bit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.errors import ExportError
from viewer.export import Export
from viewer.fetch import Address
from viewer.fetch.locate import kind_of
from viewer.fetch.transfer import QueueReport, key_of
from viewer.ui import scene
from viewer.ui.transfers.near import files_of, is_missing

if TYPE_CHECKING:
    from viewer.ui.session import Session

COUNTED = 2_000
"""Of more assets it is not counted before which files are missing: each has to be read for that."""
IN_QUEUE = 2_000
"""So many files wait in the queue; more would only take memory."""
_LOOK_S = 0.2


class Everything(QObject):
    """`begin` has all missing files fetched; `missing` tells how many those are, once `count` has found out."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.missing: int | None = None
        """Files on a server only, whose links live; None while it is not known."""
        self.dead = 0
        """Files on a server only, whose links do not."""
        self.is_under_way = False
        self.to_come = 0
        """Files that are not in the queue yet."""
        self.first: Callable[[], Sequence[int]] = lambda: ()
        """The assets whose files come before those of the others."""
        self._over = threading.Event()
        self._is_watched = False
        self._counts = 0
        """How often it was counted: an older count may end later."""
        self._is_handed = False
        """Whether all of them are in the queue."""
        self._rests = 0
        self._is_stale = True
        """Whether files came, or assets, since it was counted."""
        session.export_opened.connect(self._forget)
        session.listing_ended.connect(self._listing_ended)
        session.transfers.came.connect(self._came)
        session.transfers.reported.connect(self._reported)

    def watch(self, on: bool) -> None:
        """Whether somebody wants to know how many are missing; then it is counted anew whenever files came."""
        self._is_watched = on
        if on:
            self.count()

    def _forget(self) -> None:
        self.stop()
        self.missing, self.dead, self._is_stale = None, 0, True
        self.changed.emit()

    def stop(self) -> None:
        """Hand no more files to the queue."""
        self._over.set()
        self._over = threading.Event()
        self.is_under_way, self.to_come = False, 0

    @property
    def can_begin(self) -> bool:
        """Whether there is anything to fetch, as far as that is known."""
        sources = self._session.transfers.sources
        return sources is not None and not sources.offline and self.missing != 0 and not self.is_under_way

    def count(self) -> None:
        """Find out how many files are missing."""
        s, over = self._session, self._over
        export, sources = s.export, s.transfers.sources
        if export is None or sources is None or not export.complete or len(export.rows) > COUNTED:
            return
        self._is_stale = False
        self._counts += 1
        number = self._counts

        def look() -> tuple[int, int]:
            missing = dead = 0
            for address in _files(export, over):
                if is_missing(sources, address):
                    missing += 1
                elif kind_of(address.url) == "web" and sources.locate(address) is None:
                    dead += 1
            return missing, dead

        def looked(found: tuple[int, int]) -> None:
            if sources is s.transfers.sources and not over.is_set() and number == self._counts:
                self.missing, self.dead = found
                self.changed.emit()

        s.tasks.run(look, looked, slow=True)

    def begin(self) -> None:
        """Fetch all that is missing, after what is looked at and what is near it."""
        s = self._session
        export, sources, queue = s.export, s.transfers.sources, s.transfers
        if export is None or sources is None or not self.can_begin:
            return
        self.stop()
        over, self.is_under_way, self._is_handed = self._over, True, False
        self.to_come = self.missing or 0
        first = tuple(self.first())

        def hand_over() -> int:
            given = 0
            for address in _files(export, over, first):
                if is_missing(sources, address):
                    while queue.report.unfinished >= IN_QUEUE:
                        if over.wait(_LOOK_S):
                            return given
                    queue.want(address)
                    given += 1
                    self.to_come = max(0, self.to_come - 1)
            return given

        def handed(given: int) -> None:
            if over is self._over:
                self.to_come, self._rests, self._is_handed = 0, 0, True
                queue.refresh()
                if not given:
                    self.is_under_way, self.missing = False, 0
                self.changed.emit()

        queue.resume()
        s.tasks.run(hand_over, handed, slow=True)
        self.changed.emit()

    def cancel(self) -> None:
        """Give up all transfers and what was still to come."""
        self.stop()
        self._session.transfers.cancel()
        self.changed.emit()

    def _reported(self, report: QueueReport) -> None:
        if report.unfinished or self.to_come or (self.is_under_way and not self._is_handed):
            self._rests = 0
            return
        if self.is_under_way:
            self._rests += 1
            if self._rests == 1:  # perhaps of a moment before the last of them was handed over
                self._session.transfers.refresh()
                return
            self.is_under_way = False
            self.changed.emit()
        if self._is_stale and self._is_watched:
            self.count()

    def _came(self, _address: Address) -> None:
        self._is_stale = True

    def _listing_ended(self) -> None:
        if self._is_watched:
            self.count()

    def close(self) -> None:
        """The program ends."""
        self.stop()


def _files(export: Export, over: threading.Event, first: Sequence[int] = ()) -> Iterator[Address]:
    """Each file of the export once, those of the assets `first` before the others."""
    seen: set[str] = set()
    rows = list(export.rows)
    sooner = set(first)
    for row in (*(rows[index] for index in first), *(row for row in rows if row.index not in sooner)):
        if over.is_set():
            return
        if row.kind not in scene.DRAWN_KINDS or not row.readable:
            continue
        try:
            asset = export.asset(row.index)
        except ExportError:
            continue
        for address in files_of(asset):
            if kind_of(address.url) == "web" and (key := key_of(address)) not in seen:
                seen.add(key)
                yield address

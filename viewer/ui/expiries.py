"""When the links of the open export end, in words that stay true: one coarse timer, the server's clock if known."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from viewer.export import Export, Row
from viewer.model import Asset
from viewer.ui.link_ends import LinkEnds, LinkTotals, State, state_at, words_at

if TYPE_CHECKING:
    from viewer.ui.session import Session

LOOKED_MS = 20_000
"""How often it is looked whether something is to be said in other words."""
GATHERED_MS = 120
"""What changes within this time is told together."""


class Expiries(QObject):
    """The ends of the links of all assets. `changed`: rows came, links were renewed, or time went on."""

    changed = Signal()
    states_changed = Signal()
    """The state of assets that were listed before may be another one; not told for rows that came."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session
        self._asked = ""
        """A link of the export, to know by whose clock the others are judged."""
        self._ahead = 0.0
        """Seconds by which that server's clock is ahead of this one's, as it was at the last look."""
        self.ends = LinkEnds(self.now)
        self.totals = LinkTotals()
        self._told: tuple[LinkTotals, str] = (self.totals, "")
        self._noted: tuple[Export | None, int | None] = (None, None)
        """What is remembered for the start page."""
        self._saving = threading.Lock()
        self._is_renewed = False
        self._tick = QTimer(self)
        self._tick.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._tick.setInterval(LOOKED_MS)
        self._tick.timeout.connect(self.look)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHERED_MS)
        self._gather.timeout.connect(self._gathered)
        session.export_opened.connect(self._export_opened)
        session.rows_read.connect(self._rows_read)
        session.asset_opened.connect(self._asset_opened)
        session.listing_ended.connect(self._gather.start)
        session.settled.connect(self.look)  # a server has answered: perhaps it told its time

    def now(self) -> float:
        """Seconds since 1970 by the clock of the server that the files come from, where it has told its time."""
        return datetime.now(UTC).timestamp() + self._ahead

    # ---- what is said ------------------------------------------------------------------------------------

    def of(self, index: int) -> str:
        """How long the links of an asset are valid: ``valid 21 h``, ``expired 3 days ago``; "" when not signed."""
        return words_at(self.ends.end_of(index), self.now())

    def state_of(self, index: int) -> State:
        """``valid``, ``soon``, ``expired`` or "" for the links of an asset."""
        return self.ends.state_of(index)

    @property
    def words(self) -> str:
        """Of the link that ends first in the whole export; "" when none is signed."""
        return words_at(self.totals.ends, self.now())

    @property
    def state(self) -> State:
        """Of the link that ends first in the whole export."""
        return state_at(self.totals.ends, self.now())

    # ---- what changes it ---------------------------------------------------------------------------------

    def renew(self, ends: Mapping[int, int | None]) -> None:
        """Other links are in use for these assets: index → seconds since 1970 at which the first of them ends."""
        if ends:
            self.ends.renew(ends)
            self._is_renewed = True
            self._gather.start()

    def look(self) -> None:
        """Tell if anything is to be said in other words by now."""
        if self._tell(always=False):
            self.states_changed.emit()

    def _tell(self, *, always: bool) -> bool:
        sources = self._session.loader.sources
        if sources is not None:
            self._ahead = sources.now(self._asked or None).timestamp() - datetime.now(UTC).timestamp()
        self.totals = self.ends.totals()
        self._remember()
        told = (self.totals, self.words)
        if told == self._told and not always:
            return False
        self._told = told
        self.changed.emit()
        return True

    def _remember(self) -> None:
        """For the start page, once all rows are there."""
        s, ends = self._session, self.totals.ends
        export = s.export
        noted = (export, ends)
        if export is not None and export.complete and noted != self._noted:
            self._noted = noted
            path, remembered, saving = export.path, s.remembered, self._saving

            def save() -> None:
                with saving:
                    if noted == self._noted:  # else a later one is written
                        remembered.note_links_end(path, ends)

            s.tasks.run(save, lambda _none: None)  # a disk may take its time

    def _gathered(self) -> None:
        renewed, self._is_renewed = self._is_renewed, False
        self._tell(always=renewed)
        if renewed:
            self.states_changed.emit()

    def _export_opened(self, _export: object) -> None:
        self._asked = ""
        self.ends.clear()
        self._is_renewed = True
        self._gather.start()
        self._tick.start()

    def _rows_read(self, rows: list[Row]) -> None:
        self.ends.add(rows)
        if not self._gather.isActive():
            self._gather.start()

    def _asset_opened(self, asset: Asset) -> None:
        self._asked = next((url for url in (asset.url, *asset.dataset) if url and url[:4].lower() == "http"), "")

    def close(self) -> None:
        """Nothing more is told."""
        self._tick.stop()
        self._gather.stop()

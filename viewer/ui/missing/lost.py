"""How many assets have files that are neither on this computer nor to be had by their links; counted in threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from viewer.errors import ExportError, FetchError
from viewer.export import Export
from viewer.fetch import Address, Sources
from viewer.fetch.locate import kind_of
from viewer.ui import scene
from viewer.ui.missing.wanted import addresses_in

if TYPE_CHECKING:
    from viewer.ui.session import Session

GATHERED_MS = 1_000
"""What changes within this time is counted once."""
COUNTED = 20_000
"""Of more assets it is not counted: each has to be looked at."""
REST_EVERY, REST_S = 25, 0.001
"""Assets between two rests: a thread that computes holds the others up."""
MAY_COME = ("offline", "private-host", "cancelled")
"""Refusals that a setting or an answer takes back; such a file is not lost."""


class Lost(QObject):
    """`count` is None until it is known. Counted anew when links, files or the clock have changed."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session
        self.assets: frozenset[int] | None = None
        self._over = threading.Event()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(GATHERED_MS)
        self._soon.timeout.connect(self._look)
        self._is_whole = True
        """Whether all assets are to be looked at, not only those whose files were lost."""
        session.export_opened.connect(lambda _export: self._forget())
        session.listing_ended.connect(self.look_again)
        session.thumbnails.asked_again.connect(self.look_again)
        session.expiries.states_changed.connect(self.look_again)
        session.transfers.came.connect(lambda _address: self._came())
        session.transfers.closed.connect(self.close)

    @property
    def count(self) -> int | None:
        """Assets; None while that is not known."""
        return None if self.assets is None else len(self.assets)

    def look_again(self) -> None:
        """Count anew soon."""
        self._is_whole = True
        self._soon.start()

    def _came(self) -> None:
        if self.assets and not self._soon.isActive():
            self._soon.start()

    def _forget(self) -> None:
        self._over.set()
        self._take(None)

    def _take(self, assets: frozenset[int] | None) -> None:
        if assets != self.assets:
            self.assets = assets
            self.changed.emit()

    def _look(self) -> None:
        s = self._session
        export, sources, tell = s.export, s.loader.sources, s.expiries.state_of
        if export is None or sources is None or not export.complete or len(export.rows) > COUNTED:
            return
        self._over.set()
        over = self._over = threading.Event()
        among = None if self._is_whole or self.assets is None else sorted(self.assets)
        self._is_whole = False
        indices = range(len(export.rows)) if among is None else among
        # (a link that lives says so without a look at its asset)
        suspects = [index for index in indices if tell(index) not in ("valid", "soon")]

        def found(lost: frozenset[int] | None) -> None:
            if lost is not None and not over.is_set() and export is s.export:
                self._take(lost)

        s.tasks.run(lambda: lost_among(export, sources, suspects, over.is_set), found, slow=True)

    def close(self) -> None:
        """The program ends."""
        self._soon.stop()
        self._over.set()


def lost_among(
    export: Export, sources: Sources, assets: Iterable[int], cancelled: Callable[[], bool] = lambda: False
) -> frozenset[int] | None:
    """Those of the assets that want a file which is not here and whose link is of no use; None when cancelled.

    For a thread: it rests now and then, so that others can go on.
    """
    lost: set[int] = set()
    for done, index in enumerate(assets):
        if cancelled():
            return None
        if done % REST_EVERY == REST_EVERY - 1:
            time.sleep(REST_S)
        row = export.rows[index]
        if row.kind not in scene.DRAWN_KINDS or not row.readable:
            continue
        try:
            addresses = addresses_in(export.raw(index), row)
        except ExportError:
            continue
        if any(_is_lost(sources, address) for address in addresses):
            lost.add(index)
    return frozenset(lost)


def _is_lost(sources: Sources, address: Address) -> bool:
    if kind_of(address.url) in ("inline", "data") or sources.whereabouts(address):
        return False
    try:
        sources.ready(address)
    except FetchError as error:
        return error.code not in MAY_COME
    return False

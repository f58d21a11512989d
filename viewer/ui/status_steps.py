"""What the status row and the foot of the asset list say of files: how many are missing, how full the cache is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from viewer.fetch.body import size_in_words
from viewer.ui.assets.footer import Footer
from viewer.ui.cache_use import CacheUse
from viewer.ui.missing.lost import Lost
from viewer.ui.status import StatusItem, StatusRow

if TYPE_CHECKING:
    from viewer.ui.session import Session

GATHERED_MS = 1_000
"""Files that come within this time are measured together."""


def used_in_words(length: int, limit: int) -> str:
    """``1.2 of 10 GB``, ``38 MB of 10 GB``."""
    here, room = size_in_words(length), size_in_words(limit)
    unit = room.rpartition(" ")[2]
    return f"{here.removesuffix(f' {unit}')} of {room}"


class StatusSteps(QObject):
    """Measures the cache and counts what is missing in threads; a click on what is said leads to what can be done."""

    def __init__(
        self, session: Session, status: StatusRow, footer: Footer, cache: CacheUse, run: Callable[[str], object]
    ) -> None:
        """`run` does the action of an id."""
        super().__init__(session)
        self._session, self._status, self._footer, self._cache = session, status, footer, cache
        self.lost = Lost(session, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(GATHERED_MS)
        self._soon.timeout.connect(self._measure)
        session.export_opened.connect(lambda _export: self._soon.start())
        session.transfers.came.connect(lambda _address: self._came())
        session.transfers.closed.connect(self._soon.stop)
        cache.measured.connect(self._measured)
        self.lost.changed.connect(self._show_lost)
        status.cache.clicked.connect(lambda: run("edit_cache"))
        status.missing.clicked.connect(lambda: run("look_in_folder"))
        footer.missing.clicked.connect(lambda: run("look_in_folder"))

    def _came(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _measure(self) -> None:
        if self._session.export is not None:
            self._cache.measure()

    def _measured(self, files: int, length: int) -> None:
        if self._session.export is None:
            return
        tip = self.tr("{0} files are kept in the cache. Where it is, and how it is cleared.").format(f"{files:,}")
        self._say(self._status.cache, self.tr("Cache {0}").format(used_in_words(length, self._cache.limit)), tip)

    def _show_lost(self) -> None:
        count = self.lost.count or 0
        words = self.tr("1 file missing") if count == 1 else self.tr("{0} files missing").format(f"{count:,}")
        tip = self.tr("Their links are of no use, and they are not on this computer. Look for them in a folder.")
        self._say(self._status.missing, words if count else "", tip)
        self._footer.set_missing(count, tip)

    def _say(self, item: StatusItem, words: str, tip: str) -> None:
        item.setText(words)
        item.setAccessibleName(words)
        item.setToolTip(tip)
        item.setVisible(bool(words))
        item.updateGeometry()

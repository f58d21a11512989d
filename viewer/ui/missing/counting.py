"""How many files of the open export are missing, and on which servers they lie: counted in threads when it matters."""

from __future__ import annotations

import threading
from collections import Counter

from PySide6.QtCore import QObject, Signal

from viewer.ui.missing.wanted import Wanted, assets_by_host, missing_of
from viewer.ui.session import Session


class MissingCounts(QObject):
    """Counts are asked for by what shows them; `counted` tells that they are known by now."""

    counted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session
        self._cancelled = threading.Event()
        self._missing: frozenset[int] | None = None
        self._hosts: Counter[str] | None = None
        self._is_looking = self._is_counting = False
        session.export_opened.connect(lambda _export: self.forget())

    def forget(self) -> None:
        """Files may be here that were not, or another export is open."""
        self._cancelled.set()
        self._cancelled = threading.Event()
        self._missing = self._hosts = None
        self._is_looking = self._is_counting = False

    def others(self, index: int | None) -> int | None:
        """How many assets beside one want files that are not here; None while that is being found out."""
        if self._missing is not None:
            return len(self._missing - {index})
        s, cancelled = self._session, self._cancelled
        export, sources = s.export, s.loader.sources
        if self._is_looking or export is None or sources is None or not export.complete:
            return None
        self._is_looking = True

        def known(wanted: list[Wanted] | None) -> None:
            if wanted is not None and not cancelled.is_set():
                self._missing = frozenset(one.index for one in wanted)
                self.counted.emit()

        s.tasks.run(lambda: missing_of(export, sources, cancelled=cancelled.is_set), known, slow=True)
        return None

    def at_host(self, host: str) -> int | None:
        """How many assets have files on a server; None while that is being found out."""
        if self._hosts is not None:
            return self._hosts[host]
        s, cancelled, export = self._session, self._cancelled, self._session.export
        if self._is_counting or export is None or not export.complete:
            return None
        self._is_counting = True

        def known(hosts: Counter[str]) -> None:
            if not cancelled.is_set():
                self._hosts = hosts
                self.counted.emit()

        s.tasks.run(lambda: assets_by_host(export, cancelled.is_set), known, slow=True)
        return None

    def close(self) -> None:
        """Nothing is counted any more."""
        self._cancelled.set()

"""The cache as the window sees it: where it is, how full, cleared and limited. What takes long runs in a thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer import limits
from viewer.fetch import Address
from viewer.fetch.cache import Cache
from viewer.ui import scene

if TYPE_CHECKING:
    from viewer.ui.session import Session

EVICTED_TO = 0.9
"""Of a limit that was lowered below what is there."""


class CacheUse(QObject):
    """Of the open export's files, or of the folder alone while nothing is open."""

    measured = Signal(int, object)
    """(files, bytes) that the cache holds. (A Qt integer would end at 2 GB.)"""
    cleared = Signal(object)
    """Bytes that were freed."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session

    @property
    def folder(self) -> Path:
        """Where it is."""
        sources = self._session.loader.sources
        return self._session.cache_folder if sources is None else sources.cache.folder

    @property
    def limit(self) -> int:
        """Bytes that it may hold, by the settings."""
        return int(self._session.settings.settings.cache_gb * limits.GB)

    def measure(self) -> None:
        """Find out how much there is; `measured` tells it."""
        sources, folder = self._session.loader.sources, self.folder

        def look() -> tuple[int, int]:
            if sources is not None:
                return sources.cache.size()
            cache = Cache(folder)
            try:
                return cache.size()
            finally:
                cache.close()

        self._session.tasks.run(look, lambda found: self.measured.emit(*found))

    def clear(self) -> None:
        """Remove everything but the files of the asset that is looked at; `cleared` tells what that freed."""
        sources, folder, in_use = self._session.loader.sources, self.folder, self._in_use()

        def remove() -> int:
            if sources is not None:
                return sources.clear_cache(in_use)
            cache = Cache(folder)
            try:
                return cache.clear() if folder.is_dir() else 0
            finally:
                cache.close()

        def removed(freed: int) -> None:
            self._session.thumbnails.forget_failures()  # where files are is looked at anew
            self.cleared.emit(freed)
            self.measure()

        self._session.tasks.run(remove, removed, slow=True)

    def use_settings(self) -> None:
        """Take over other limits: what is too much goes now, and nothing is fetched where that was switched off."""
        sources, limit = self._session.loader.sources, self.limit
        if sources is None:
            return
        sources.offline = self._session.options.offline or self._session.settings.settings.offline
        sources.cache.limit = limit
        cache = sources.cache

        def make_room() -> None:
            _files, held = cache.size()
            if held > limit:
                cache.evict(held - int(limit * EVICTED_TO))

        self._session.tasks.run(make_room, lambda _none: self.measure(), slow=True)

    def _in_use(self) -> list[Address]:
        asset = self._session.asset
        if asset is None:
            return []
        masks = (scene.brush_address(snapshot) for task in asset.tasks for snapshot in task.snapshots)
        return [*scene.addresses_of(asset), *(address for address in masks if address is not None)]

"""What the program remembers of exports: located files and folders, the place in each, the last ones opened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from viewer.errors import ViewerError
from viewer.state_file import Members, StateFile

VERSION = 1
RECENTS_KEPT = 20
EXPORTS_KEPT = 200  # the ones used longest ago are forgotten first
FILES_KEPT = 20_000  # per export
HOSTS_KEPT = 100  # per export


class Filter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the asset list was searched, filtered and sorted by."""

    text: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    order: str = "export"
    descending: bool = False
    on: bool = True


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where somebody was in an export: which asset, page and stage (as in `ViewState`)."""

    asset: int = 0
    page: int = 0
    task: str | None = None
    stage: str | None = None
    view: tuple[float, float, float, str] | None = None
    """What of the page was visible: scale, the point in the middle (x, y), what was fitted ("" when nothing)."""
    filter: Filter | None = None


class _Export(msgspec.Struct, kw_only=True, omit_defaults=True):
    files: dict[str, str] = {}
    folders: list[str] = []
    flat: list[str] = []
    """Those of `folders` whose subfolders are not looked in."""
    newer: str = ""
    hosts: dict[str, bool] = {}
    place: Place | None = None
    opened_at: float | None = None
    """Seconds since 1970, UTC."""
    links_end: int | None = None


class _Memory(msgspec.Struct, kw_only=True, omit_defaults=True):
    recents: list[str] = []
    exports: dict[str, _Export] = {}


def default_path() -> Path:
    """The file in the platform's data folder."""
    return platformdirs.user_data_path("ango-viewer", appauthor=False) / "remembered.json"


class Remembered:
    """The memory on disk. Thread-safe; an export is known by its absolute path.

    What cannot be saved still holds until the program ends; `notice` then says why.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = StateFile(path or default_path(), version=VERSION, title="The remembered files and places")
        self._lock = threading.RLock()
        self._memory = _typed(self._file.read())
        self.notice = self._file.notice

    # Located files: "Locate file…"

    def located(self, export: Path, asset_key: str, *, part: int | None = None) -> Path | None:
        """The file (or, for an asset of several files, the folder) that somebody chose for this asset.

        `part` None asks for the asset as a whole, a number for that one of its files.
        """
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            found = entry.files.get(_asset(asset_key, part)) if entry else None
        return Path(found) if found else None

    def locate(self, export: Path, asset_key: str, path: Path | None, *, part: int | None = None) -> None:
        """Remember `path` for this asset; None forgets it."""
        key = _asset(asset_key, part)

        def change(entry: _Export) -> None:
            entry.files.pop(key, None)
            if path is not None:
                entry.files[key] = str(path.absolute())
                _keep_last(entry.files, FILES_KEPT)

        self._change(export, change)

    # Folders: "Look in folder…"

    def folders(self, export: Path) -> tuple[Path, ...]:
        """The folders to look in, the one that was added last first."""
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            return tuple(Path(folder) for folder in entry.folders) if entry else ()

    def look_in(self, export: Path, folder: Path, *, subfolders: bool = True) -> None:
        """Look in `folder` for the files of this export from now on."""
        name = str(folder.absolute())

        def change(entry: _Export) -> None:
            entry.folders = [name, *(other for other in entry.folders if other != name)]
            entry.flat = [other for other in entry.flat if other != name] + ([] if subfolders else [name])

        self._change(export, change)

    def stop_looking_in(self, export: Path, folder: Path) -> None:
        """Forget `folder`."""
        name = str(folder.absolute())

        def change(entry: _Export) -> None:
            entry.folders = [other for other in entry.folders if other != name]
            entry.flat = [other for other in entry.flat if other != name]

        self._change(export, change)

    def is_flat(self, export: Path, folder: Path) -> bool:
        """Whether only `folder` itself is looked in, not its subfolders."""
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            return entry is not None and str(folder.absolute()) in entry.flat

    # Where links come from, and which servers are known

    def newer(self, export: Path) -> Path | None:
        """The newer export whose links are used; the links themselves are never remembered."""
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            return Path(entry.newer) if entry is not None and entry.newer else None

    def use_newer(self, export: Path, newer: Path | None) -> None:
        """Use the links of `newer` from now on; None: those of the export itself."""

        def change(entry: _Export) -> None:
            entry.newer = "" if newer is None else str(newer.absolute())

        self._change(export, change)

    def allowed(self, export: Path, host: str) -> bool | None:
        """What was said about fetching from a private host for this export; None: nothing yet."""
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            return entry.hosts.get(host.lower()) if entry is not None else None

    def hosts(self, export: Path) -> tuple[str, ...]:
        """The private hosts about which something was said for this export."""
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            return tuple(entry.hosts) if entry is not None else ()

    def allowed_hosts(self, export: Path) -> tuple[str, ...]:
        """The private hosts that files of this export may be fetched from."""
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            return tuple(host for host, is_allowed in entry.hosts.items() if is_allowed) if entry is not None else ()

    def allow(self, export: Path, host: str, is_allowed: bool | None) -> None:
        """Remember what was said about a private host; None forgets it."""
        name = host.lower()

        def change(entry: _Export) -> None:
            entry.hosts.pop(name, None)
            if is_allowed is not None:
                entry.hosts[name] = is_allowed
                _keep_last(entry.hosts, HOSTS_KEPT)

        self._change(export, change)

    # Places and recents

    def place(self, export: Path) -> Place | None:
        """Where this export was left."""
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            return entry.place if entry else None

    def leave(self, export: Path, place: Place) -> None:
        """Remember where this export was left."""

        def change(entry: _Export) -> None:
            entry.place = place

        self._change(export, change)

    def recents(self) -> tuple[Path, ...]:
        """The exports opened last, the newest first (whether or not they still exist)."""
        with self._lock:
            return tuple(Path(name) for name in self._memory.recents)

    def opened_at(self, export: Path) -> datetime | None:
        """When `export` was opened last (UTC), if that is known."""
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            seconds = entry.opened_at if entry else None
        try:
            return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return None  # somebody wrote nonsense into the file

    def opened(self, export: Path, *, at: datetime | None = None) -> None:
        """Put `export` first among the recents, opened now or at another time (with a time zone)."""
        name = _key(export)
        seconds = (at or datetime.now(UTC)).timestamp()

        def change(memory: _Memory) -> None:
            memory.recents = [name, *(other for other in memory.recents if other != name)][:RECENTS_KEPT]
            entry = memory.exports.pop(name, None) or _Export()
            entry.opened_at = seconds
            memory.exports[name] = entry
            _keep_last(memory.exports, EXPORTS_KEPT)

        self._update(change)

    def links_end(self, export: Path) -> int | None:
        """When the first link of `export` ends (seconds since 1970, UTC), as it was when it was open last."""
        with self._lock:
            entry = self._memory.exports.get(_key(export))
            return entry.links_end if entry else None

    def note_links_end(self, export: Path, ends: int | None) -> None:
        """Remember when the first link of `export` ends; None where none is signed. No link is remembered."""

        def change(entry: _Export) -> None:
            entry.links_end = ends

        if ends != self.links_end(export):
            self._change(export, change)

    def forget_recents(self) -> None:
        """Empty the list of exports opened last."""

        def change(memory: _Memory) -> None:
            memory.recents = []

        self._update(change)

    def _change(self, export: Path, change: Callable[[_Export], None]) -> None:
        def change_memory(memory: _Memory) -> None:
            entry = memory.exports.pop(_key(export), None) or _Export()
            change(entry)
            memory.exports[_key(export)] = entry
            _keep_last(memory.exports, EXPORTS_KEPT)

        self._update(change_memory)

    def _update(self, change: Callable[[_Memory], None]) -> None:
        with self._lock:
            change(self._memory)  # holds even if the disk says no

            def rewrite(members: Members) -> Members:
                memory = _typed(members)
                change(memory)
                rewritten: Members = msgspec.to_builtins(memory)
                others = {name: value for name, value in members.items() if name not in _Memory.__struct_fields__}
                return {**others, **rewritten}

            try:
                members = self._file.update(rewrite)
            except ViewerError as error:
                self.notice = str(error)
            else:
                if self._file.writable:
                    self._memory = _typed(members)


def _key(export: Path) -> str:
    return str(export.absolute())


def _asset(asset_key: str, part: int | None) -> str:
    return asset_key if part is None else f"{asset_key}#{part}"


def _keep_last(entries: dict[str, Any], count: int) -> None:
    while len(entries) > count:
        del entries[next(iter(entries))]


def _typed(members: Members) -> _Memory:
    """What of the file is understood; an export whose entry is damaged is forgotten, the others are not."""
    memory = _Memory(recents=[], exports={})
    recents = members.get("recents")
    if isinstance(recents, list):
        memory.recents = [name for name in recents if isinstance(name, str)][:RECENTS_KEPT]
    exports = members.get("exports")
    for name, entry in exports.items() if isinstance(exports, dict) else ():
        try:
            memory.exports[name] = msgspec.convert(entry, _Export)
        except msgspec.ValidationError:
            continue
    return memory

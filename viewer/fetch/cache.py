"""Fetched files on disk: whole or not at all, found again without the signature that fetched them.

A file is made in ``parts``, synced and renamed to ``objects/ab/KEY``; then one row says so in ``index.sqlite3``.
What was not used for longest goes when the cache is larger than its limit, but never what is in use: each
program holds a lock in ``users`` for as long as it lives, and its pins count while that lock is held.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch import presign
from viewer.fetch.block_store import BlockFolder
from viewer.fetch.body import size_in_words
from viewer.fetch.cache_index import CacheIndex, Entry
from viewer.fetch.client import Received
from viewer.fetch.locks import locked, try_lock, unlock
from viewer.fetch.parts import Part, PartFolder
from viewer.fetch.policy import WebAddress
from viewer.settings import Settings
from viewer.state_file import sync_folder

_QUICK_S = 0.05  # how long somebody who must not wait waits for the index
_EVICTED_TO = 0.9  # of the limit, so that not every file evicts another one


def default_folder() -> Path:
    """The platform's folder for caches."""
    return platformdirs.user_cache_path("ango-viewer", appauthor=False)


def chosen_folder(settings: Settings) -> Path:
    """The folder that the settings name, else the platform's."""
    return Path(settings.cache_folder).expanduser() if settings.cache_folder else default_folder()


def key_of(address: WebAddress) -> str:
    """The name of a file in the cache: SHA-256 (hex) of what names the object, never of a signature.

    That is scheme, host, port and path, with ``versionId``. Only where the URL is not signed by a known
    store does the query count, too: there it may say which file is meant (``?file=12``).
    """
    parts = [address.scheme, address.host, str(address.port), address.path or "/"]
    members = presign.query_of(address.url)
    if presign.is_signed(address.url):
        parts += [f"{name}={members[name]}" for name in ("versionid", "generation", "snapshot") if name in members]
    elif query := address.url.partition("#")[0].partition("?")[2]:
        parts.append("?" + query)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Cache:
    """The cache in `folder`. Thread-safe, shared with other programs; the folders are made when needed.

    `limit` is what all files together may have, in bytes; only files in use can make it more. Close it at the end.
    """

    def __init__(self, folder: Path, *, limit: int = limits.CACHE_BYTES) -> None:
        self.folder = folder
        self.limit = limit
        self.parts = PartFolder(folder / "parts")
        self.blocks = BlockFolder(folder / "blocks")
        self._index = CacheIndex(folder / "index.sqlite3")
        self._lock = threading.Lock()
        self._checked: dict[str, tuple[int, int]] = {}
        self._pins: dict[str, int] = {}
        self._user = ""
        self._user_lock: int | None = None
        self._is_swept = False

    # ---- finding -------------------------------------------------------------------------------------------

    def find(self, key: str, *, check: bool = False) -> Path | None:
        """The file of `key`, None when it is not there or its length is wrong.

        With `check` also its digest is compared, once per run: reads the whole file. One that was altered is
        removed. Never raises.
        """
        path = self._object(key)
        try:
            length = path.stat().st_size
        except OSError:
            return None
        try:
            entry = self._index.entry(key) or self._adopted(key)
            if entry is None:
                return None
            if length != entry.length or (check and not self._is_intact(key, path, entry.sha256)):
                self.remove(key)
                return None
            return path
        except (OSError, sqlite3.Error):
            return path if not check else None  # the index is busy or unwritable; the file is whole by its making

    def pin(self, key: str, *, may_wait: bool = True) -> bool:
        """Keep the file of `key` while it is in use, and note the use. False when it is gone.

        Each call wants an `unpin`; all end with `close` or the program. Where the index cannot be written, the
        file is kept by luck alone (True).
        """
        with self._lock:
            if key in self._pins:
                self._pins[key] += 1
                return True
        try:
            is_there = self._index.pin(key, self._own_user(), wait_s=5.0 if may_wait else _QUICK_S)
        except (OSError, sqlite3.Error):
            is_there = self._object(key).exists()
        if is_there:
            with self._lock:
                self._pins[key] = self._pins.get(key, 0) + 1
        return is_there

    def unpin(self, key: str) -> None:
        """The end of one `pin`."""
        with self._lock:
            left = self._pins.get(key, 0) - 1
            if left > 0:
                self._pins[key] = left
                return
            self._pins.pop(key, None)
        with contextlib.suppress(sqlite3.Error):
            self._index.unpin(self._user, [key])

    # ---- making --------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self, key: str, cancelled: Callable[[], bool]) -> Iterator[None]:
        """Let one thread of one program at a time fetch `key`; who waited finds it afterwards.

        Raises FetchError (``cancelled``), OSError.
        """
        self._prepare()
        with self.parts.writing(key, cancelled):
            yield

    def finish(self, key: str, part: Part, received: Received) -> Path:
        """Make `part` the file of `key`, pinned once. Raises OSError; nothing is changed then."""
        path = self._object(key)
        assert part.path is not None
        part.file.flush()
        os.fsync(part.file.fileno())
        part.file.close()
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(OSError, sqlite3.Error):
            self._index.reserve(key, self._own_user())
        part.path.replace(path)
        sync_folder(path.parent)
        self.parts.forget(key)
        self._remember(path, key)
        entry = Entry(received.length, received.sha256, received.content_type, received.etag)
        with self._lock:
            self._pins[key] = self._pins.get(key, 0) + 1
        with contextlib.suppress(OSError, sqlite3.Error):  # the row is made again from the file
            total = self._index.put(key, entry, user=self._own_user())
            if total > self.limit:
                self.evict(total - int(self.limit * _EVICTED_TO))
        return path

    def check_room(self, length: int, name: str) -> None:
        """Make room for `length` more bytes. Raises FetchError when less than the reserve would stay free."""
        missing = length + limits.DISK_RESERVE - shutil.disk_usage(self.folder).free
        if missing > 0 and (missing := missing - self.blocks.evict(missing)) > 0:
            self.evict(missing)
        free = shutil.disk_usage(self.folder).free
        if length + limits.DISK_RESERVE > free:
            raise FetchError(
                f"{name} needs {size_in_words(length)} and {size_in_words(limits.DISK_RESERVE)} must stay free, "
                f"but the disk of the cache has {size_in_words(free)}. "
                "Free some space, or choose another cache folder.",
                code="disk",
            )

    # ---- removing ------------------------------------------------------------------------------------------

    def remove(self, key: str) -> None:
        """Forget the file of `key`: first its row, then the file, so that no row lacks its file."""
        with contextlib.suppress(sqlite3.Error):
            self._index.remove([key])
        self._checked.pop(key, None)
        with contextlib.suppress(OSError):
            self._object(key).unlink(missing_ok=True)

    def evict(self, bytes_: int | None) -> int:
        """Remove what was not used for longest and is not in use, until `bytes_` (None: all) are freed.

        Returns the bytes that were freed. Never raises.
        """
        freed = 0
        with contextlib.suppress(OSError, sqlite3.Error), locked(self.folder / "evicting.lock"):
            for key, length in self._index.evict(bytes_, self._is_user_alive):
                self._checked.pop(key, None)
                with contextlib.suppress(OSError):  # on Windows somebody reads it just now: it is adopted again
                    self._object(key).unlink(missing_ok=True)
                    freed += length
        return freed

    def clear(self) -> int:
        """Remove all that is not in use, also what is half fetched. Returns the bytes that were freed."""
        self._adopt_all()
        return self.evict(None) + self.blocks.evict(None) + self.parts.sweep(older_than_s=-1.0)

    def size(self) -> tuple[int, int]:
        """(files, bytes), with what is half fetched. Never raises."""
        try:
            files, length = self._index.totals() if self.folder.is_dir() else (0, 0)
        except sqlite3.Error:
            files, length = 0, 0
        return files, length + self.parts.bytes() + self.blocks.bytes()

    def close(self) -> None:
        """Use nothing any more."""
        with self._lock:
            user, lock, self._user_lock, self._user = self._user, self._user_lock, None, ""
            self._pins.clear()
        if lock is not None:
            with contextlib.suppress(sqlite3.Error):
                self._index.unpin(user)
            unlock(lock, self._user_file(user))
        self._index.close()

    # ---- inside --------------------------------------------------------------------------------------------

    def _object(self, key: str) -> Path:
        return self.folder / "objects" / key[:2] / key

    def _prepare(self) -> None:
        with self._lock:
            if self._is_swept and (self.folder / "objects").is_dir():
                return
            for folder in (self.folder, self.folder / "objects"):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._is_swept = True
        self.blocks.sweep()
        self._adopt_all()
        with contextlib.suppress(OSError):
            for file in (self.folder / "users").iterdir():
                self._is_user_alive(file.name)  # removes what a dead one left

    def _adopt_all(self) -> None:
        """Give each file its row: those of programs that were ended between the two have none."""
        with contextlib.suppress(OSError, sqlite3.Error), locked(self.folder / "evicting.lock"):
            known = self._index.keys()
            found: dict[str, os.DirEntry[str]] = {}
            for folder in os.scandir(self.folder / "objects"):
                if folder.is_dir(follow_symlinks=False):
                    found.update((entry.name, entry) for entry in os.scandir(folder.path))
            states = ((key, found[key].stat(follow_symlinks=False)) for key in found.keys() - known)
            self._index.adopt([(key, state.st_size, state.st_mtime) for key, state in states])
            if lost := known - found.keys():
                # one may have been made just now, after its folder was read
                self._index.remove([key for key in lost if not self._object(key).exists()])

    def _adopted(self, key: str) -> Entry | None:
        """A row for a file whose row was lost, unless it is being removed: it was whole when it was renamed."""
        path = self._object(key)
        with locked(self.folder / "evicting.lock"):
            try:
                state = path.stat()
            except FileNotFoundError:
                return None
            self._index.adopt([(key, state.st_size, state.st_mtime)])
        return self._index.entry(key)

    def _is_intact(self, key: str, path: Path, sha256: str) -> bool:
        state = path.stat()
        if self._checked.get(key) == (state.st_size, state.st_mtime_ns):
            return True
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if not sha256:
            self._index.know(key, digest)
        elif digest != sha256:
            return False
        self._remember(path, key)
        return True

    def _remember(self, path: Path, key: str) -> None:
        state = path.stat()
        self._checked[key] = (state.st_size, state.st_mtime_ns)

    # ---- users ---------------------------------------------------------------------------------------------

    def _user_file(self, user: str) -> Path:
        return self.folder / "users" / user

    def _own_user(self) -> str:
        """The name under which this program pins. Raises OSError."""
        with self._lock:
            if self._user_lock is None:
                user = uuid.uuid4().hex
                self._user_file(user).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._user_lock = try_lock(self._user_file(user))
                if self._user_lock is not None:
                    self._user = user
            return self._user

    def _is_user_alive(self, user: str) -> bool:
        """Whether the program of these pins still runs: then it holds its lock."""
        if user == self._user:
            return True
        path = self._user_file(user)
        if not path.exists():
            return False
        if (lock := try_lock(path)) is None:
            return True
        unlock(lock, path)
        return False

"""Fetched files on disk: whole or not at all, found again without the signature that fetched them.

``parts/KEY.PID`` is written, synced and renamed to ``objects/ab/KEY``, then one row says so in
``index.sqlite3``. The files are the truth: an index that is damaged or lost is made again from them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch import presign
from viewer.fetch.call import cancelled_error
from viewer.fetch.client import size_in_words
from viewer.fetch.policy import WebAddress
from viewer.state_file import is_alive, sync_folder

SCHEMA = 1
_CREATE = """
CREATE TABLE IF NOT EXISTS objects (
    key TEXT PRIMARY KEY,
    length INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content_type TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    fetched_at REAL NOT NULL,
    used_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS objects_by_use ON objects (used_at);
"""
_PIECE = 1 << 20


def default_folder() -> Path:
    """The platform's folder for caches."""
    return platformdirs.user_cache_path("ango-viewer", appauthor=False)


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


class Part:
    """A file that is being fetched. `file` is open for writing and reading."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")

    def discard(self) -> None:
        """Close and remove it."""
        self.file.close()
        self.path.unlink(missing_ok=True)


class Cache:
    """The cache in `folder`. Thread-safe, shared with other programs; the folders are made when needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}
        self._checked: dict[str, tuple[int, int]] = {}
        self._is_ready = False

    def find(self, key: str, *, check: bool = False) -> Path | None:
        """The file of `key`, None when it is not there or its length is wrong.

        With `check` also its digest is compared, once per run: reads the whole file. One that was altered is
        removed. Never raises.
        """
        path = self._object(key)
        try:
            status = path.stat()
        except OSError:
            return None
        try:
            row = self._row(key)
            if row is None:
                row = self._adopt(key, path)
            if status.st_size != row[0] or (check and not self._is_intact(key, path, row[1])):
                self.remove(key)
                return None
            return path
        except (OSError, sqlite3.Error):
            return path if not check else None  # the index is busy or unwritable; the file is whole by its making

    @contextlib.contextmanager
    def writing(self, key: str, cancelled: Callable[[], bool]) -> Iterator[None]:
        """Let one thread at a time fetch `key`; who waited finds it afterwards."""
        with self._lock:
            lock = self._busy.setdefault(key, threading.Lock())
        while not lock.acquire(timeout=0.1):
            if cancelled():
                raise cancelled_error()
        try:
            yield
        finally:
            lock.release()

    def begin(self, key: str) -> Part:
        """A new part file. Raises OSError."""
        self._prepare()
        suffix = f"{os.getpid()}-{threading.get_ident()}"
        return Part(self.folder / "parts" / f"{key}.{suffix}")

    def finish(self, key: str, part: Part, *, length: int, sha256: str, content_type: str = "", etag: str = "") -> Path:
        """Make `part` the file of `key`. Raises OSError; the part is then gone."""
        path = self._object(key)
        try:
            part.file.flush()
            os.fsync(part.file.fileno())
            part.file.close()
            path.parent.mkdir(mode=0o700, exist_ok=True)
            part.path.replace(path)
            sync_folder(path.parent)
        except BaseException:
            part.discard()
            raise
        self._remember(path, key, sha256)
        now = time.time()
        with contextlib.suppress(sqlite3.Error), self._index() as index:
            index.execute(
                "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, length, sha256, content_type, etag, now, now),
            )
        return path

    def remove(self, key: str) -> None:
        """Forget the file of `key`: first its row, then the file, so that no row lacks its file."""
        with contextlib.suppress(sqlite3.Error), self._index() as index:
            index.execute("DELETE FROM objects WHERE key = ?", (key,))
        self._checked.pop(key, None)
        with contextlib.suppress(OSError):
            self._object(key).unlink(missing_ok=True)

    def check_room(self, length: int, name: str) -> None:
        """Raises FetchError when `length` more bytes would leave less than the reserve on the disk."""
        free = shutil.disk_usage(self.folder).free
        if length + limits.DISK_RESERVE > free:
            raise FetchError(
                f"{name} needs {size_in_words(length)} and {size_in_words(limits.DISK_RESERVE)} must stay free, "
                f"but the disk of the cache has {size_in_words(free)}. "
                "Free some space, or choose another cache folder.",
                code="disk",
            )

    def _object(self, key: str) -> Path:
        return self.folder / "objects" / key[:2] / key

    def _prepare(self) -> None:
        with self._lock:
            if self._is_ready and (self.folder / "parts").is_dir():
                return
            for folder in (self.folder, self.folder / "objects", self.folder / "parts"):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._sweep()
            self._is_ready = True

    def _sweep(self) -> None:
        """Remove the parts of programs that are gone."""
        for part in (self.folder / "parts").iterdir():
            pid = part.name.rpartition(".")[2].partition("-")[0]
            if not pid.isdigit() or not is_alive(int(pid)):
                part.unlink(missing_ok=True)

    def _row(self, key: str) -> tuple[int, str] | None:
        with self._index() as index:
            row: tuple[int, str] | None = index.execute(
                "SELECT length, sha256 FROM objects WHERE key = ?", (key,)
            ).fetchone()
        return row

    def _adopt(self, key: str, path: Path) -> tuple[int, str]:
        """A row for a file whose row was lost: it was whole when it was renamed."""
        digest = _digest(path)
        length = path.stat().st_size
        now = time.time()
        with self._index() as index:
            index.execute(
                "INSERT OR IGNORE INTO objects (key, length, sha256, fetched_at, used_at) VALUES (?, ?, ?, ?, ?)",
                (key, length, digest, now, now),
            )
        self._remember(path, key, digest)
        return length, digest

    def _is_intact(self, key: str, path: Path, sha256: str) -> bool:
        status = path.stat()
        if self._checked.get(key) == (status.st_size, status.st_mtime_ns):
            return True
        if _digest(path) != sha256:
            return False
        self._remember(path, key, sha256)
        return True

    def _remember(self, path: Path, key: str, sha256: str) -> None:
        status = path.stat()
        self._checked[key] = (status.st_size, status.st_mtime_ns)

    @contextlib.contextmanager
    def _index(self) -> Iterator[sqlite3.Connection]:
        """One transaction. A damaged index is set aside and a new one begun. Raises sqlite3.Error."""
        path = self.folder / "index.sqlite3"
        connection = self._open(path)
        try:
            with connection:
                yield connection
        except sqlite3.DatabaseError as error:
            if _is_damage(error):
                connection.close()
                _set_aside(path)
            raise
        finally:
            connection.close()

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        for attempt in (1, 2):
            connection = sqlite3.connect(path, timeout=5.0)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version not in (0, SCHEMA):
                    raise sqlite3.DatabaseError("another schema")
                if version == 0:
                    connection.executescript(_CREATE)
                    connection.execute(f"PRAGMA user_version = {SCHEMA}")
            except sqlite3.DatabaseError as error:
                connection.close()
                if attempt == 2 or not _is_damage(error):
                    raise
                _set_aside(path)
            except BaseException:
                connection.close()
                raise
            else:
                return connection
        raise AssertionError("returned or raised")


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Damage or a foreign schema; not a lock, a full disk or a read-only folder, which pass."""
    if isinstance(error, sqlite3.OperationalError):
        return "no such" in str(error) or "malformed" in str(error)
    return not isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError)


def _set_aside(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        path.replace(path.with_name(path.name + ".damaged"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""The index of the cache: one row for each file, who is using which, and how much it is together.

SQLite in one file, shared by all programs. The files are the truth: an index that is damaged, lost or of another
schema is begun anew, and filled again from the files. No address and no query is ever in it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SCHEMA = 2
_CREATE = """
CREATE TABLE objects (
    key TEXT PRIMARY KEY,
    length INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content_type TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    fetched_at REAL NOT NULL,
    used_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX objects_by_use ON objects (used_at);
CREATE TABLE pins (key TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY (key, user)) WITHOUT ROWID;
CREATE TABLE totals (files INTEGER NOT NULL, bytes INTEGER NOT NULL);
INSERT INTO totals VALUES (0, 0);
CREATE TRIGGER added AFTER INSERT ON objects BEGIN
    UPDATE totals SET files = files + 1, bytes = bytes + NEW.length;
END;
CREATE TRIGGER removed AFTER DELETE ON objects BEGIN
    UPDATE totals SET files = files - 1, bytes = bytes - OLD.length;
END;
"""
_BUSY_S = 5.0


class Entry(NamedTuple):
    """What the index knows of a file. `sha256` is "" where it has to be found out."""

    length: int
    sha256: str
    content_type: str = ""
    etag: str = ""


class _Access:
    """A connection that is kept open, and the lock for it. It is closed with this object at the latest."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.connection: sqlite3.Connection | None = None
        self._finalizer: weakref.finalize[[], _Access] | None = None

    def keep(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._finalizer = weakref.finalize(self, connection.close)

    def drop(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self.connection = self._finalizer = None


class CacheIndex:
    """The index at `path`. Thread-safe; each call is one transaction and raises sqlite3.Error where that fails."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reader, self._writer = _Access(), _Access()

    def entry(self, key: str) -> Entry | None:
        """What is known of `key`."""
        with self._transaction() as index:
            row = index.execute(
                "SELECT length, sha256, content_type, etag FROM objects WHERE key = ?", (key,)
            ).fetchone()
        return None if row is None else Entry(*row)

    def put(self, key: str, entry: Entry, *, user: str = "") -> int:
        """Note a file, used just now and (with `user`) in use. Returns the bytes of all files together."""
        now = time.time()
        with self._transaction(writes=True) as index:
            # not REPLACE: that would not fire the trigger which subtracts the old length
            index.execute("DELETE FROM objects WHERE key = ?", (key,))
            index.execute("INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)", (key, *entry, now, now))
            if user:
                index.execute("INSERT OR IGNORE INTO pins VALUES (?, ?)", (key, user))
            total: int = index.execute("SELECT bytes FROM totals").fetchone()[0]
        return total

    def adopt(self, files: Iterable[tuple[str, int, float]]) -> None:
        """Note files (key, length, time of last use) that have no row; what is in them is found out when needed."""
        with self._transaction(writes=True) as index:
            index.executemany(
                "INSERT INTO objects (key, length, sha256, fetched_at, used_at) SELECT ?1, ?2, '', ?3, ?3 "
                "WHERE NOT EXISTS (SELECT 1 FROM objects WHERE key = ?1)",
                files,
            )

    def know(self, key: str, sha256: str) -> None:
        """Note the digest of a file that was adopted."""
        with self._transaction(writes=True) as index:
            index.execute("UPDATE objects SET sha256 = ? WHERE key = ?", (sha256, key))

    def remove(self, keys: Iterable[str]) -> None:
        """Forget files."""
        with self._transaction(writes=True) as index:
            index.executemany("DELETE FROM objects WHERE key = ?", [(key,) for key in keys])

    def pin(self, key: str, user: str, *, wait_s: float = _BUSY_S) -> bool:
        """Note that `user` uses the file, just now. False when it is not there (any more)."""
        with self._transaction(writes=True, wait_s=wait_s) as index:
            found = index.execute("UPDATE objects SET used_at = ? WHERE key = ?", (time.time(), key)).rowcount == 1
            if found:
                index.execute("INSERT OR IGNORE INTO pins VALUES (?, ?)", (key, user))
        return found

    def reserve(self, key: str, user: str) -> None:
        """`user` is about to make the file: nobody may remove it as soon as it is there."""
        with self._transaction(writes=True) as index:
            index.execute("INSERT OR IGNORE INTO pins VALUES (?, ?)", (key, user))

    def unpin(self, user: str, keys: Iterable[str] | None = None) -> None:
        """`user` uses these files (all of its files) no more."""
        with self._transaction(writes=True) as index:
            if keys is None:
                index.execute("DELETE FROM pins WHERE user = ?", (user,))
            else:
                index.executemany("DELETE FROM pins WHERE user = ? AND key = ?", [(user, key) for key in keys])

    def evict(self, bytes_: int | None, is_alive: Callable[[str], bool]) -> list[tuple[str, int]]:
        """Forget what was not used for longest, until `bytes_` are freed (None: everything), but nothing in use.

        Pins of users that are not alive any more go first. Returns keys and lengths: their files have to be removed.
        """
        with self._transaction(writes=True) as index:
            for (user,) in index.execute("SELECT DISTINCT user FROM pins").fetchall():
                if not is_alive(user):
                    index.execute("DELETE FROM pins WHERE user = ?", (user,))
            rows = index.execute(
                "SELECT key, length FROM objects WHERE key NOT IN (SELECT key FROM pins) ORDER BY used_at"
            )
            chosen: list[tuple[str, int]] = []
            freed = 0
            for key, length in rows:
                if bytes_ is not None and freed >= bytes_:
                    break
                chosen.append((key, length))
                freed += length
            index.executemany("DELETE FROM objects WHERE key = ?", [(key,) for key, _ in chosen])
        return chosen

    def totals(self) -> tuple[int, int]:
        """(files, bytes)."""
        with self._transaction() as index:
            files, length = index.execute("SELECT files, bytes FROM totals").fetchone()
        return files, length

    def keys(self) -> set[str]:
        """All files."""
        with self._transaction() as index:
            return {key for (key,) in index.execute("SELECT key FROM objects")}

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        for access in (self._reader, self._writer):
            with access.lock:
                access.drop()

    @contextlib.contextmanager
    def _transaction(self, *, writes: bool = False, wait_s: float = _BUSY_S) -> Iterator[sqlite3.Connection]:
        # Reading has a connection of its own: it must not wait for a thread that waits for another program.
        access = self._writer if writes else self._reader
        if not access.lock.acquire(timeout=wait_s):
            raise sqlite3.OperationalError("another thread writes")
        try:
            connection = access.connection or self._open(access)
            try:
                connection.execute(f"PRAGMA busy_timeout = {int(wait_s * 1000)}")
                # IMMEDIATE: a reader that becomes a writer in the middle could not wait for another one
                connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                with contextlib.suppress(sqlite3.Error):
                    connection.rollback()
                if isinstance(error, sqlite3.Error):
                    access.drop()  # the file may have been replaced or removed under us
                    if isinstance(error, sqlite3.DatabaseError) and _is_damage(error):
                        self._set_aside()
                raise
        finally:
            access.lock.release()

    def _open(self, access: _Access) -> sqlite3.Connection:
        """Open the file for good: to open it for each call would cost a checkpoint each time."""
        for attempt in (1, 2):
            connection = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
            try:
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version not in (0, SCHEMA):
                    raise sqlite3.DatabaseError("another schema")
                if version == 0:
                    self._create(connection)
                connection.execute("PRAGMA synchronous = NORMAL")
            except sqlite3.DatabaseError as error:
                connection.close()
                if attempt == 2 or not _is_damage(error):
                    raise
                self._set_aside()
            except BaseException:
                connection.close()
                raise
            else:
                access.keep(connection)
                return connection
        raise AssertionError("returned or raised")

    @staticmethod
    def _create(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:  # else another program was quicker
            for statement in _statements(_CREATE):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.execute("COMMIT")

    def _set_aside(self) -> None:
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.path.replace(self.path.with_name(self.path.name + ".damaged"))


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would end the transaction."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Damage or a foreign schema; not a lock, a full disk or a read-only folder, which pass."""
    if isinstance(error, sqlite3.OperationalError):
        return "no such" in str(error) or "malformed" in str(error)
    return not isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError)

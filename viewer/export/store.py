"""The index of an export on disk, so that opening it again costs nothing.

One SQLite file per export, named by what the export is (path, size, time, checksums of both ends), written in one
transaction when a pass is complete. It holds rows and problems: no address, so no signed link.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from viewer.errors import Problem
from viewer.export.rows import Row, Summary

SCHEMA = 3
"""Raise it whenever a table, `Row`, or what the pass counts changes: older files are then written anew."""

ENDS = 65_536
KEPT = 64
ABANDONED_S = 24 * 3600.0

_TABLES = (
    "CREATE TABLE summary (value BLOB NOT NULL)",
    "CREATE TABLE assets (idx INTEGER PRIMARY KEY, asset_id TEXT, task_id TEXT, external_id TEXT, "
    "kind TEXT NOT NULL, stage TEXT, labels INTEGER NOT NULL, problems INTEGER NOT NULL, row BLOB NOT NULL)",
    "CREATE TABLE problems (id INTEGER PRIMARY KEY, value BLOB NOT NULL)",
    # what differs between two snapshots, and how far that is known: `viewer.export.differences`
    "CREATE TABLE diffs (idx INTEGER NOT NULL, task INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL, "
    "value BLOB NOT NULL, PRIMARY KEY (idx, task, a, b)) WITHOUT ROWID",
)

_rows: msgspec.msgpack.Decoder[list[Row]] = msgspec.msgpack.Decoder(list[Row])
_problem: msgspec.msgpack.Decoder[Problem] = msgspec.msgpack.Decoder(Problem)
_summary: msgspec.msgpack.Decoder[Summary] = msgspec.msgpack.Decoder(Summary)


class Stored(NamedTuple):
    """A complete index."""

    rows: list[Row]
    problems: list[Problem]
    summary: Summary


def fingerprint(path: Path) -> str:
    """What the export at `path` is, as a name for its index. Raises OSError."""
    absolute = path.resolve()
    with absolute.open("rb") as file:
        state = os.fstat(file.fileno())
        ends = zlib.crc32(file.read(ENDS))
        if state.st_size > ENDS:
            file.seek(max(ENDS, state.st_size - ENDS))
            ends = zlib.crc32(file.read(ENDS), ends)
    text = f"{absolute}\0{state.st_size}\0{state.st_mtime_ns}\0{ends}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def place_of(cache_dir: Path, name: str) -> Path:
    """The file of the index called `name` (see `fingerprint`)."""
    return cache_dir / "indexes" / f"{name}.sqlite"


def load(cache_dir: Path, name: str) -> Stored | None:
    """The index as it was saved; None when there is none, an older one, or a damaged one (which is removed)."""
    place = place_of(cache_dir, name)
    if not place.is_file():
        return None
    try:
        with contextlib.closing(connect(place)) as database:
            if database.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
                raise sqlite3.DatabaseError("another schema")
            summary = _summary.decode(database.execute("SELECT value FROM summary").fetchone()[0])
            blobs = [blob for (blob,) in database.execute("SELECT row FROM assets ORDER BY idx")]
            problems = [_problem.decode(b) for (b,) in database.execute("SELECT value FROM problems ORDER BY id")]
        if len(blobs) != summary.rows:
            raise sqlite3.DatabaseError("rows are missing")
        # one message of all rows is decoded in half the time of one each
        rows = _rows.decode(b"\xdd" + len(blobs).to_bytes(4, "big") + b"".join(blobs))
        if any(row.index != i for i, row in enumerate(rows)):
            raise sqlite3.DatabaseError("rows are out of order")
    except (sqlite3.Error, msgspec.DecodeError, UnicodeDecodeError, TypeError, ValueError):
        remove(place)
        return None
    with contextlib.suppress(OSError):
        os.utime(place)  # the oldest are swept first
    return Stored(rows, problems, summary)


class Writer:
    """Takes the rows of a pass as they come and becomes the saved index when the pass is complete.

    All goes into one transaction of a file of its own, which takes its final name only when it is whole; a pass
    that is ended, or a process that is killed, leaves no index. A place that cannot be written (full, read-only)
    only means that the export is read again next time.
    """

    def __init__(self, cache_dir: Path, name: str) -> None:
        self._place = place_of(cache_dir, name)
        self._part = self._place.with_name(f"{name}.{os.getpid()}.part")
        self._encode = msgspec.msgpack.Encoder().encode
        self._database: sqlite3.Connection | None = None
        self._problems = 0
        with contextlib.suppress(sqlite3.Error, OSError):
            self._place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sweep(self._place.parent)
            remove(self._part)
            os.close(os.open(self._part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            database = connect(self._part)
            database.execute("BEGIN IMMEDIATE")
            for statement in _TABLES:
                database.execute(statement)
            self._database = database

    def add(self, rows: Sequence[Row], problems: Sequence[Problem] = ()) -> None:
        """Write rows and problems."""
        if self._database is None:
            return
        encode = self._encode
        try:
            self._database.executemany(
                "INSERT INTO assets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (r.index, r.asset_id, r.task_id, r.external_id, r.kind, r.stage, r.labels, r.problems, encode(r))
                    for r in rows
                ],
            )
            self._database.executemany(
                "INSERT INTO problems VALUES (?, ?)",
                [(self._problems + i, encode(problem)) for i, problem in enumerate(problems)],
            )
        except (sqlite3.Error, OverflowError, UnicodeError):
            self.discard()
        self._problems += len(problems)

    def finish(self, summary: Summary) -> bool:
        """Commit, and take the final name. False when there is no saved index now."""
        if self._database is None:
            return False
        try:
            self._database.execute("INSERT INTO summary VALUES (?)", (self._encode(summary),))
            self._database.execute(f"PRAGMA user_version = {SCHEMA}")
            self._database.execute("COMMIT")
            self._database.close()  # empties the log beside it, so that the file is whole by itself
            self._database = None
            if not self._place.exists():
                # (else another instance was faster, and its index is as good and may be in use)
                self._part.replace(self._place)
        except (sqlite3.Error, OSError):
            self.discard()
            return False
        remove(self._part)
        return True

    def discard(self) -> None:
        """Leave nothing. Nothing happens after `finish`."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None
        remove(self._part)


def remove(place: Path) -> None:
    """Delete an index with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            Path(f"{place}{suffix}").unlink()


def connect(place: Path) -> sqlite3.Connection:
    """Open an index. Raises sqlite3.Error."""
    database = sqlite3.connect(place, timeout=5.0, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        database.close()
        raise
    return database


def _sweep(folder: Path) -> None:
    """Keep the indexes that were used last, and no parts of programs that were killed."""
    with contextlib.suppress(OSError):
        places = sorted(folder.glob("*.sqlite"), key=lambda p: p.stat().st_mtime, reverse=True)
        for place in places[KEPT:]:
            remove(place)
        for part in folder.glob("*.part"):
            if time.time() - part.stat().st_mtime > ABANDONED_S:
                remove(part)

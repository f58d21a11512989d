"""What comparing the stages of a whole export gave, kept beside its index, so that the next opening has it at once."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from viewer.export.store import connect, place_of

if TYPE_CHECKING:
    from viewer.model import Change

VERSION = 3
"""Raise it whenever the comparison or these records change: older results are then made anew."""

_MARK = -1
"""As an asset's index: the row says how far a part of the pass came."""


class Found(msgspec.Struct, frozen=True, gc=False, array_like=True, kw_only=True):
    """One change, as `viewer.model.Change` without its entries. Nothing of it is a link."""

    subject: str
    kinds: tuple[str, ...]
    tool: str | None = None
    title: str = ""
    schema_id: str = ""
    before_id: str | None = None
    after_id: str | None = None
    page_before: int | None = None
    page_after: int | None = None
    shift_px: float | None = None
    iou: float | None = None
    by: str | None = None
    at: str | None = None

    @property
    def page(self) -> int | None:
        """The later page that is there."""
        return self.page_after if self.after_id is not None else self.page_before

    @property
    def size(self) -> float:
        """How large the change is: added and removed ones first, then by overlap lost, then by shift."""
        if "added" in self.kinds or "removed" in self.kinds:
            return 3.0
        if self.iou is not None:
            return 1.0 + (1.0 - self.iou)
        shift = self.shift_px or 0.0
        return shift / (1.0 + shift)


def found_of(change: Change) -> Found:
    """What is kept of a change."""
    from viewer.model import Annotation  # not before it is needed: it brings numpy with it

    entry = change.entry
    return Found(
        subject=change.subject,
        kinds=change.kinds,
        tool=entry.key if isinstance(entry, Annotation) else None,
        title=entry.title or "",
        schema_id=entry.schema_id or "",
        before_id=change.before.object_id if change.before is not None else None,
        after_id=change.after.object_id if change.after is not None else None,
        page_before=change.page_before,
        page_after=change.page_after,
        shift_px=change.shift_px,
        iou=change.iou,
        by=change.by,
        at=change.at,
    )


class Step(msgspec.Struct, frozen=True, gc=False, array_like=True, kw_only=True):
    """The changes from snapshot `a` to the next one, `b`, of an asset's first task.

    One without changes is kept, too: its bytes differ, and nothing else does.
    """

    asset: int
    a: int
    b: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    changes: tuple[Found, ...] = ()


_encode = msgspec.msgpack.Encoder().encode
_step: msgspec.msgpack.Decoder[Step] = msgspec.msgpack.Decoder(Step)


class Results:
    """The results of one export's pass, made in `parts` processes. A place that cannot be written keeps nothing."""

    def __init__(self, cache_dir: Path, name: str) -> None:
        self._place = place_of(cache_dir, name)

    def load(self) -> tuple[list[Step], bool]:
        """What is kept, and whether it is all there is to know."""
        if not self._place.is_file():
            return [], False
        try:
            with contextlib.closing(connect(self._place)) as database:
                marks = database.execute("SELECT a, value FROM diffs WHERE idx = ? AND b = ?", (_MARK, VERSION))
                done: dict[int, set[int]] = {}
                for parts, value in marks:
                    part, _, complete = msgspec.msgpack.decode(value, type=tuple[int, int, bool])
                    if complete:
                        done.setdefault(parts, set()).add(part)
                if not done:
                    return [], False
                rows = database.execute(
                    "SELECT value FROM diffs WHERE idx >= 0 AND task = ? ORDER BY idx, a", (VERSION,)
                )
                steps = [_step.decode(value) for (value,) in rows]
        except (sqlite3.Error, msgspec.DecodeError, UnicodeDecodeError):
            return [], False
        return steps, any(len(found) == parts for parts, found in done.items())

    def writer(self, part: int, parts: int) -> ResultWriter:
        """For the process that compares part `part` of `parts`."""
        return ResultWriter(self._place, part, parts)


class ResultWriter:
    """Keeps results as they come, each batch in one transaction with the mark of how far it goes."""

    def __init__(self, place: Path, part: int, parts: int) -> None:
        self._part, self._parts = part, parts
        self._database: sqlite3.Connection | None = None
        if place.is_file():  # (an index that could not be saved has no results either)
            with contextlib.suppress(sqlite3.Error, OSError):
                self._database = connect(place)

    def begun(self) -> tuple[int, list[Step]]:
        """The first asset that an earlier pass of this part did not come to, and the results before it."""
        if self._database is None:
            return 0, []
        try:
            mark = self._database.execute(
                "SELECT value FROM diffs WHERE idx = ? AND task = ? AND a = ? AND b = ?",
                (_MARK, self._part, self._parts, VERSION),
            ).fetchone()
            if mark is None:
                return 0, []
            _, upto, _ = msgspec.msgpack.decode(mark[0], type=tuple[int, int, bool])
            rows = self._database.execute(
                "SELECT value FROM diffs WHERE idx >= 0 AND idx < ? AND task = ? AND idx % ? = ? ORDER BY idx, a",
                (upto, VERSION, self._parts, self._part),
            )
            return upto, [_step.decode(value) for (value,) in rows]
        except (sqlite3.Error, msgspec.DecodeError, UnicodeDecodeError):
            return 0, []

    def keep(self, steps: Sequence[Step], upto: int, *, complete: bool) -> None:
        """Keep results; all assets of this part below `upto` are compared. Of an older version nothing stays."""
        if self._database is None:
            return
        mark = _encode((self._part, upto, complete))
        try:
            with _transaction(self._database) as database:
                database.execute("DELETE FROM diffs WHERE idx = ? AND b <> ?", (_MARK, VERSION))
                database.execute("DELETE FROM diffs WHERE idx >= 0 AND task <> ?", (VERSION,))
                database.executemany("INSERT OR REPLACE INTO diffs VALUES (?, ?, ?, ?, ?)", _values(steps))
                database.execute(
                    "INSERT OR REPLACE INTO diffs VALUES (?, ?, ?, ?, ?)",
                    (_MARK, self._part, self._parts, VERSION, mark),
                )
        except sqlite3.Error:
            self.close()

    def close(self) -> None:
        """Nothing more is kept."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None


def _values(steps: Iterable[Step]) -> Iterator[tuple[int, int, int, int, bytes]]:
    for step in steps:
        yield step.asset, VERSION, step.a, step.b, _encode(step)


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield database
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")

"""The child's side of comparing the stages of a whole export: asset by asset, results sent and kept as they come."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

import msgspec

from viewer.errors import ExportError, ViewerError
from viewer.export.differences import Results, ResultWriter, Step, found_of
from viewer.export.rows import Row
from viewer.export.serve import NICE, Failed, bind, listen

BATCH_S = 0.1
BATCH_STEPS = 200
KEPT_S = 2.0
"""So often results are written down."""


class Steps(msgspec.Struct, tag=True, array_like=True, gc=False):
    """The next results; `bytes` of the export that are behind this part of the pass by now."""

    steps: list[Step]
    bytes: int


class Compared(msgspec.Struct, tag=True, array_like=True, gc=False):
    """This part of the pass is over; `unread` assets could not be read."""

    cancelled: bool
    unread: int


Message: TypeAlias = Steps | Compared | Failed

MESSAGES = Steps | Compared | Failed

_encode = msgspec.msgpack.Encoder().encode


def serve(pipe: Connection, parent: int, memory: int, path: str, cache_dir: str, part: int, parts: int) -> None:
    """The child's whole life: compare the assets whose index leaves `part` when divided by `parts`."""
    bind(parent, memory)
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(NICE)
    stop = threading.Event()
    threading.Thread(target=listen, args=(pipe, stop), daemon=True).start()
    try:
        _compare(Path(path), Path(cache_dir), pipe, stop, part, parts)
    except ViewerError as error:
        pipe.send_bytes(_encode(Failed(str(error))))
    except OSError as error:
        pipe.send_bytes(_encode(Failed(f"{Path(path).name} cannot be read: {error.strerror or type(error).__name__}.")))
    except MemoryError:
        pipe.send_bytes(_encode(Failed(f"There is not enough memory to compare the stages of {Path(path).name}.")))


def _compare(path: Path, cache_dir: Path, pipe: Connection, stop: threading.Event, part: int, parts: int) -> None:
    from viewer.export import Export

    with Export.open(path, cache_dir=cache_dir) as export:
        if not export.complete:  # (where nothing can be saved, every process reads for itself)
            export.read(cancelled=stop.is_set)
        writer = Results(cache_dir, export.name).writer(part, parts)
        try:
            _pass(export.rows, export.raw, writer, pipe, stop, part, parts)
        finally:
            writer.close()


def _pass(
    rows: list[Row],
    raw: Callable[[int], bytes],
    writer: ResultWriter,
    pipe: Connection,
    stop: threading.Event,
    part: int,
    parts: int,
) -> None:
    from viewer.export.neighbours import wanted_steps

    begun, known = writer.begun()
    unread = behind = 0
    steps: list[Step] = list(known)
    unkept: list[Step] = []
    upto = begun
    now = time.monotonic()
    due, keep_due = now, now + KEPT_S
    for row in rows[part::parts]:
        if stop.is_set():
            break
        behind += row.end - row.start
        if row.index >= begun:
            if wanted_steps(row):
                try:
                    made = steps_of(raw(row.index), row)
                except ExportError:
                    unread += 1
                    made = []
                steps += made
                unkept += made
            upto = row.index + 1
        now = time.monotonic()
        if now >= due or len(steps) >= BATCH_STEPS:
            pipe.send_bytes(_encode(Steps(steps, behind)))
            steps, due = [], now + BATCH_S
        if now >= keep_due:
            writer.keep(unkept, upto, complete=False)
            unkept, keep_due = [], now + KEPT_S
    cancelled = stop.is_set()
    pipe.send_bytes(_encode(Steps(steps, behind)))
    writer.keep(unkept, upto, complete=not cancelled)
    pipe.send_bytes(_encode(Compared(cancelled, unread)))


def steps_of(raw: bytes, row: Row) -> list[Step]:
    """The changes between the neighbouring snapshots of one asset. Raises ExportError when it cannot be read."""
    from viewer.diff import compare
    from viewer.export.neighbours import neighbours
    from viewer.model import TRACKED_KINDS

    steps = []
    for pair in neighbours(raw, row):
        made = compare(pair.before, pair.after, tracked=row.kind in TRACKED_KINDS, measures="light", by=pair.by,
                       at=pair.at, since=pair.since)  # fmt: skip
        counts = made.counts
        steps.append(
            Step(
                asset=row.index,
                a=pair.a,
                b=pair.b,
                added=counts.added,
                changed=counts.changed,
                removed=counts.removed,
                changes=tuple(found_of(change) for change in made.changes),
            )
        )
    return steps

"""The child's side of reading an export beside the window: it reads, sends what it finds, and saves the index.

`viewer.workers.jobs` starts it. It imports as little as it can, because the first row waits for that.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from viewer import limits
from viewer.errors import Problem, ViewerError
from viewer.export import index
from viewer.export.rows import Row, Summary

if TYPE_CHECKING:
    from viewer.export.store import Writer

_PR_SET_PDEATHSIG = 1

BATCH_ROWS = 200
BATCH_S = 0.05
MESSAGE_BYTES = 64 * limits.MB
ROW_BYTES = 8 * limits.MB
"""A row that is larger (a hundred thousand classes) goes without its counts."""
NICE = 10


class Rows(msgspec.Struct, tag=True, array_like=True, gc=False):
    """The next rows."""

    rows: list[Row]


class Problems(msgspec.Struct, tag=True, array_like=True, gc=False):
    """What was met with meanwhile."""

    problems: list[Problem]


class Done(msgspec.Struct, tag=True, array_like=True, gc=False):
    """The pass is over."""

    summary: Summary


class Failed(msgspec.Struct, tag=True, array_like=True, gc=False):
    """The export cannot be read (further); the sentence for the user."""

    text: str


Message: TypeAlias = Rows | Problems | Done | Failed

MESSAGES = Rows | Problems | Done | Failed

_encode = msgspec.msgpack.Encoder().encode


def serve(pipe: Connection, parent: int, memory: int, path: str, cache_dir: str) -> None:
    """The child's whole life: read the export, send what is found, save the index."""
    bind(parent, memory)
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(NICE)
    stop = threading.Event()
    threading.Thread(target=listen, args=(pipe, stop), daemon=True).start()
    sender = _Sender(pipe)
    try:
        _index(Path(path), Path(cache_dir), sender, stop)
    except ViewerError as error:
        sender.send(Failed(str(error)))
    except OSError as error:
        sender.send(Failed(f"{Path(path).name} cannot be read: {error.strerror or type(error).__name__}."))
    except MemoryError:
        sender.send(Failed(f"There is not enough memory to read {Path(path).name}."))


def bind(parent: int, memory: int) -> None:
    """End with the window, keep to `memory` bytes, leave no core file (it would hold signed links).

    As `viewer.workers.launch` does for decoders; that package brings numpy and the decoders with it, which would
    cost the first row 0.1 s.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the window's to answer
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if sys.platform != "win32":
        import resource

        if os.getppid() != parent:  # it died before the line above
            os._exit(0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def listen(pipe: Connection, stop: threading.Event) -> None:
    """Wait for the word to stop; a pipe that is closed means that the window is gone."""
    try:
        while True:
            pipe.recv_bytes(64)
            stop.set()
    except (EOFError, OSError):
        os._exit(0)


def _index(path: Path, cache_dir: Path, sender: _Sender, stop: threading.Event) -> None:
    saving = _Saving(path, cache_dir)
    sender.save = saving.add
    try:
        summary = index.build(path, on_rows=sender.add_rows, on_problems=sender.add_problems, cancelled=stop.is_set)
        sender.flush()
        if not summary.cancelled:
            saving.finish(summary)
        sender.send(Done(summary))
    except ViewerError:
        sender.flush()
        raise
    finally:
        saving.discard()


class _Saving:
    """The saved index, begun only when the first row is on its way."""

    def __init__(self, path: Path, cache_dir: Path) -> None:
        self._path = path
        self._cache_dir = cache_dir
        self._writer: Writer | None = None

    def _begun(self) -> Writer:
        if self._writer is None:
            from viewer.export import store

            self._writer = store.Writer(self._cache_dir, store.fingerprint(self._path))
        return self._writer

    def add(self, rows: list[Row], problems: list[Problem]) -> None:
        self._begun().add(rows, problems)

    def finish(self, summary: Summary) -> None:
        self._begun().finish(summary)

    def discard(self) -> None:
        if self._writer is not None:
            self._writer.discard()


class _Sender:
    """Collects rows into messages: the first at once, then by number or age."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._rows: list[Row] = []
        self._problems: list[Problem] = []
        self._due = 0.0
        self.save: Callable[[list[Row], list[Problem]], None] = lambda rows, problems: None

    def add_rows(self, rows: list[Row]) -> None:
        """Take rows; send what is due."""
        self._rows += rows
        now = time.monotonic()
        if len(self._rows) >= BATCH_ROWS or now >= self._due:
            self._due = now + BATCH_S
            self.flush()

    def add_problems(self, problems: list[Problem]) -> None:
        """Take problems; they go with the next rows."""
        self._problems += problems

    def flush(self) -> None:
        """Send and save what was taken."""
        rows, problems = self._rows, self._problems
        self._rows, self._problems = [], []
        if problems:
            self.send(Problems(problems))
        if rows:
            self._send_rows(rows)
        self.save(rows, problems)

    def _send_rows(self, rows: list[Row]) -> None:
        data = _encode(Rows(rows))
        if len(data) <= ROW_BYTES:
            self._pipe.send_bytes(data)
        elif len(rows) > 1:
            half = len(rows) // 2
            self._send_rows(rows[:half])
            self._send_rows(rows[half:])
        else:
            row = msgspec.structs.replace(rows[0], by_class=(), by_title={}, by_tool={}, visits=rows[0].visits[-1:])
            self._pipe.send_bytes(_encode(Rows([row])))

    def send(self, message: Message) -> None:
        """Send one message."""
        self._pipe.send_bytes(_encode(message))

"""Long work beside the window, in a process of its own: here, reading an export for its index."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

import msgspec

from viewer import limits
from viewer.errors import ExportError, Problem, ViewerError
from viewer.export.rows import Row, Summary
from viewer.workers.launch import bind_memory, bind_to_parent, ending, memory_limit

BATCH_ROWS = 200
BATCH_S = 0.05
MESSAGE_BYTES = 64 * limits.MB
ROW_BYTES = 8 * limits.MB
"""A row that is larger (a hundred thousand classes) goes without its counts."""
NICE = 10
JOIN_S = 2.0


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

_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Rows | Problems | Done | Failed)
_encode = msgspec.msgpack.Encoder().encode

OnDone: TypeAlias = Callable[[Summary | ExportError], None]


class IndexJob:
    """Reads an export in a child process of low priority and hands its rows over as they are found.

    `on_rows`, `on_problems` and at last `on_done` (the summary, or why it ended) are called from a thread of this
    job, never after `close` has returned. The child saves the index. It ends with `close`, with this process,
    and, on Linux, with the *thread* that made this object: make it on one that lives on.
    """

    def __init__(
        self,
        path: Path,
        cache_dir: Path,
        *,
        on_rows: Callable[[list[Row]], None],
        on_problems: Callable[[list[Problem]], None],
        on_done: OnDone,
    ) -> None:
        self._name = path.name
        self._on_rows = on_rows
        self._on_problems = on_problems
        self._on_done = on_done
        self._closed = False
        self._delivering = threading.RLock()
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe(duplex=True)
        try:
            self._process = context.Process(
                target=_child,
                args=(theirs, os.getpid(), memory_limit(), str(path), str(cache_dir)),
                name="ango-viewer index",
                daemon=True,
            )
            self._process.start()
        except BaseException:
            self._ours.close()
            raise
        finally:
            theirs.close()
        self._pid = self._process.pid
        self._reader = threading.Thread(target=self._read, name="index rows", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._pid

    def cancel(self) -> None:
        """Ask the child to stop at the next asset; `on_done` gets a summary that says ``cancelled``."""
        with contextlib.suppress(OSError):
            self._ours.send_bytes(b"cancel")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until `on_done` was called (or the job closed). False when the time is over."""
        self._reader.join(timeout)
        return not self._reader.is_alive()

    def close(self) -> None:
        """End the child if it still runs. When this returns there is no process and no callback any more."""
        with self._delivering:
            if self._closed:
                return
            self._closed = True
        self._process.kill()
        self._process.join()
        if threading.current_thread() is not self._reader:
            self._reader.join()
        self._ours.close()
        self._process.close()

    def __enter__(self) -> IndexJob:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- the thread that listens ----------------------------------------------------------------------

    def _read(self) -> None:
        rows = 0
        result: Summary | ExportError | None = None
        while result is None:
            try:
                message = _decoder.decode(self._ours.recv_bytes(MESSAGE_BYTES))
            except EOFError:
                break
            except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                # not one of our messages: whoever speaks there is not our child any more
                self._process.kill()
                break
            if isinstance(message, Rows):
                if any(row.index != rows + i for i, row in enumerate(message.rows)):
                    self._process.kill()
                    break
                rows += len(message.rows)
                self._deliver(self._on_rows, message.rows)
            elif isinstance(message, Problems):
                self._deliver(self._on_problems, message.problems)
            elif isinstance(message, Done):
                result = message.summary
            else:
                result = ExportError(message.text[: limits.TEXT_SHOWN])
        with contextlib.suppress(ValueError):
            # (ValueError: closed meanwhile)
            self._process.join(JOIN_S)
            if self._process.exitcode is None:
                self._process.kill()
                self._process.join()
            if result is None:
                how = ending(self._process.exitcode)
                result = ExportError(
                    f"The reading of {self._name} {how} after {rows:,} assets. What is listed can be used; "
                    "open the export again to read the rest."
                )
        if result is not None:
            self._deliver(self._on_done, result)

    def _deliver(self, callback: Callable[..., None], value: object) -> None:
        with self._delivering:
            if not self._closed:
                callback(value)


# ---- inside the child --------------------------------------------------------------------------------------


def _child(pipe: Connection, parent: int, memory: int, path: str, cache_dir: str) -> None:
    """The child's whole life: read the export, send what is found, save the index."""
    bind_to_parent(parent)
    bind_memory(memory)
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(NICE)
    stop = threading.Event()
    threading.Thread(target=_listen, args=(pipe, stop), daemon=True).start()
    sender = _Sender(pipe)
    try:
        _index(Path(path), Path(cache_dir), sender, stop)
    except ViewerError as error:
        sender.send(Failed(str(error)))
    except OSError as error:
        sender.send(Failed(f"{Path(path).name} cannot be read: {error.strerror or type(error).__name__}."))
    except MemoryError:
        sender.send(Failed(f"There is not enough memory to read {Path(path).name}."))


def _listen(pipe: Connection, stop: threading.Event) -> None:
    """Wait for the word to stop; a pipe that is closed means that the window is gone."""
    try:
        while True:
            pipe.recv_bytes(64)
            stop.set()
    except (EOFError, OSError):
        os._exit(0)


def _index(path: Path, cache_dir: Path, sender: _Sender, stop: threading.Event) -> None:
    from viewer.export import index, store

    writer = store.Writer(cache_dir, store.fingerprint(path))
    try:
        sender.save = writer.add
        summary = index.build(path, on_rows=sender.add_rows, on_problems=sender.add_problems, cancelled=stop.is_set)
        sender.flush()
        if not summary.cancelled:
            writer.finish(summary)
        sender.send(Done(summary))
    except ViewerError:
        sender.flush()
        raise
    finally:
        writer.discard()


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

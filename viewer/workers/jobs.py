"""Long work beside the window, in a process of its own: here, reading an export for its index."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from viewer import limits, spawning
from viewer.errors import ExportError, Problem
from viewer.export.rows import Row, Summary
from viewer.export.serve import MESSAGE_BYTES, MESSAGES, Done, Message, Problems, Rows, serve
from viewer.workers.launch import ending, memory_limit

JOIN_S = 2.0

_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(MESSAGES)

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
                target=serve,
                args=(theirs, os.getpid(), memory_limit(), str(path), str(cache_dir)),
                name="ango-viewer index",
                daemon=True,
            )
            with spawning.LOCK:
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

"""A process beside the window that does one long work and sends what it finds: its life, and who listens to it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable
from typing import Any, Self

import msgspec

from viewer import spawning
from viewer.export.serve import MESSAGE_BYTES
from viewer.workers.launch import ending, memory_limit

JOIN_S = 2.0


class Job:
    """Starts a child of low priority and hands its messages over as they come.

    `took` and at last `ended` are called from a thread of this job, never after `close` has returned. The child
    ends with `close`, with this process, and, on Linux, with the *thread* that made this object: make it on one
    that lives on.
    """

    def __init__(
        self,
        name: str,
        serve: Callable[..., None],
        arguments: tuple[Any, ...],
        messages: Any,
        *,
        took: Callable[[Any], bool],
        ended: Callable[[str], None],
    ) -> None:
        """`serve` is called in the child with a pipe, this process's id, bytes of memory, and `arguments`.

        `took` gets each message (one of `messages`) and says whether it was the last one; it raises ValueError for
        one that the child cannot have meant. `ended` gets "" after the last one, else how the child ended.
        """
        self._decoder = msgspec.msgpack.Decoder(messages)
        self._took = took
        self._ended = ended
        self._closed = False
        self._delivering = threading.RLock()
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe(duplex=True)
        try:
            self._process = context.Process(
                target=serve,
                args=(theirs, os.getpid(), memory_limit(), *arguments),
                name=f"ango-viewer {name}",
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
        self._reader = threading.Thread(target=self._read, name=f"{name} messages", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._pid

    def cancel(self) -> None:
        """Ask the child to stop at the next asset; its last message says that it was cancelled."""
        with contextlib.suppress(OSError):
            self._ours.send_bytes(b"cancel")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until `ended` was called (or the job closed). False when the time is over."""
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        is_last = False
        while not is_last:
            try:
                message = self._decoder.decode(self._ours.recv_bytes(MESSAGE_BYTES))
            except EOFError:
                break
            except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                # not one of our messages: whoever speaks there is not our child any more
                self._process.kill()
                break
            with self._delivering:
                if self._closed:
                    break
                try:
                    is_last = self._took(message)
                except ValueError:
                    self._process.kill()
                    break
        how = ""
        with contextlib.suppress(ValueError):
            # (ValueError: closed meanwhile)
            self._process.join(JOIN_S)
            if self._process.exitcode is None:
                self._process.kill()
                self._process.join()
            if not is_last:
                how = ending(self._process.exitcode)
        with self._delivering:
            if not self._closed:
                self._ended(how)

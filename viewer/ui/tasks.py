"""Work off the GUI thread: executors, and one long-lived relay that brings results back to it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger(__name__)

T = TypeVar("T")

_STACK_BYTES = 8 << 20
"""Parsers recurse; below 512 KB of stack they crash instead of raising RecursionError (macOS gives 512 KB)."""


class Relay(QObject):
    """Runs functions on the thread that made it. Made once, before any thread; never destroyed off it."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)
        self._open = True

    def post(self, function: Callable[[], None]) -> None:
        """Run `function` on the GUI thread soon. From any thread; after `close` it does nothing."""
        if self._open:
            self._posted.emit(function)

    @Slot(object)
    def _run(self, function: Callable[[], None]) -> None:
        if self._open:
            function()

    @property
    def is_open(self) -> bool:
        """Whether anything is still delivered."""
        return self._open

    def close(self) -> None:
        """Deliver nothing more, not even what is already queued."""
        self._open = False


class Tasks:
    """Background work as a value: what to do, what to do with the result, what to do with a failure."""

    def __init__(self, parent: QObject | None = None) -> None:
        self.relay = Relay(parent)
        threading.stack_size(_STACK_BYTES)
        # Fetches wait for servers; they must not keep a parsed asset or a picture waiting.
        self._quick = ThreadPoolExecutor(max_workers=3, thread_name_prefix="quick")
        self._slow = ThreadPoolExecutor(max_workers=8, thread_name_prefix="slow")
        self._failed: Callable[[BaseException], None] = _log_failure

    def on_failure(self, failed: Callable[[BaseException], None]) -> None:
        """What to do with a failure that a call site does not take itself."""
        self._failed = failed

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None] | None = None,
        *,
        slow: bool = False,
    ) -> Future[T]:
        """Do `work` in a thread and bring its result or failure to the GUI thread."""
        future = (self._slow if slow else self._quick).submit(work)
        self.watch(future, done, failed)
        return future

    def submit_slow(self, work: Callable[[], T]) -> Future[T]:
        """Do `work` in a thread of those that may wait for a server; nothing is brought back."""
        return self._slow.submit(work)

    def watch(
        self,
        future: Future[T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Bring the outcome of a future to the GUI thread. A cancelled one brings nothing."""

        def finished(ended: Future[T]) -> None:
            self.relay.post(lambda: _deliver(ended, done, failed or self._failed))

        future.add_done_callback(finished)

    @property
    def is_closed(self) -> bool:
        """Whether the program ends: nothing is begun any more."""
        return not self.relay.is_open

    def close(self) -> None:
        """Cancel what waits, deliver nothing more, and do not wait for what runs."""
        self.relay.close()
        for executor in (self._quick, self._slow):
            executor.shutdown(wait=False, cancel_futures=True)


def _deliver(future: Future[Any], done: Callable[[Any], None], failed: Callable[[BaseException], None]) -> None:
    try:
        result = future.result()
    except CancelledError:
        return
    except Exception as error:
        failed(error)
        return
    done(result)


def _log_failure(error: BaseException) -> None:
    log.error("a background task failed", exc_info=error)

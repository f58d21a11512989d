"""Slow work of the canvas (mip levels, simplified outlines) in a thread, its end told on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

POLL_MS = 15


class Background(QObject):
    """Runs functions in an executor and calls back on the thread it lives in.

    Results are fetched by a timer that runs only while something is under way: no signal crosses threads, so
    nothing can arrive for a canvas that is gone.
    """

    def __init__(self, parent: QObject, executor: Executor | None = None) -> None:
        super().__init__(parent)
        self._own = executor is None
        self._executor = executor
        self._jobs: dict[str, tuple[Future[Any], Callable[[Any], None]]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    def run(self, name: str, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Start `work`; `done` gets its result. A job of the same name before it is dropped unheard."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, thread_name_prefix="canvas")
        old = self._jobs.pop(name, None)
        if old is not None:
            old[0].cancel()
        self._jobs[name] = (self._executor.submit(work), done)
        self._timer.start()

    def has(self, name: str) -> bool:
        """Whether a job of this name is under way."""
        return name in self._jobs

    def drop(self, name: str) -> None:
        """Forget a job; its result is not wanted any more."""
        old = self._jobs.pop(name, None)
        if old is not None:
            old[0].cancel()

    def close(self) -> None:
        """Deliver nothing more and let the thread end."""
        for name in tuple(self._jobs):
            self.drop(name)
        self._timer.stop()
        if self._own and self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None

    @Slot()
    def _poll(self) -> None:
        ready = [(name, job) for name, job in self._jobs.items() if job[0].done()]
        for name, (future, done) in ready:
            if self._jobs.get(name) is not None and self._jobs[name][0] is future:
                del self._jobs[name]
                if not future.cancelled():
                    done(future.result())
        if not self._jobs:
            self._timer.stop()

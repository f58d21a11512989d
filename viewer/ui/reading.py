"""Opening an export: its first bytes in a thread, its rows from a child process, streamed to the window."""

from __future__ import annotations

import gc
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from viewer.errors import ExportError, Problem
from viewer.export import Export, Row, Summary
from viewer.fetch.cache import default_folder
from viewer.ui.tasks import Tasks
from viewer.workers.jobs import IndexJob


class Reading(QObject):
    """One export is open at a time; while a next one is being opened the old one stays."""

    opened = Signal(object)
    """`Export`: it is one; its rows follow, or are there already."""
    rows_read = Signal(object)
    """list[Row]: the next rows."""
    ended = Signal(object)
    """None, or the ExportError why the listing stopped early."""
    refused = Signal(object)
    """ExportError: not an export; what was open stays."""

    def __init__(
        self, tasks: Tasks, cache_dir: Path | None, parent: QObject | None = None, *, stays: bool = True
    ) -> None:
        """`stays` False: for an export that is only looked at in passing, beside the one that is open."""
        super().__init__(parent)
        self._stays = stays
        self._tasks = tasks
        self.cache_dir = cache_dir or default_folder()
        self.export: Export | None = None
        self.is_listing = False
        self._job: IndexJob | None = None
        self._opening: set[Future[Export]] = set()
        self._round = 0

    def open(self, path: Path) -> None:
        """Open an export, or a folder with exactly one."""
        self._round += 1
        round_ = self._round

        def opened(export: Export) -> None:
            self._opening.discard(future)
            if round_ != self._round:
                export.close()
                return
            self._take(export)

        def failed(error: BaseException) -> None:
            self._opening.discard(future)
            if round_ == self._round:
                self.refused.emit(error)

        future = self._tasks.run(lambda: Export.open(path, cache_dir=self.cache_dir), opened, failed)
        self._opening.add(future)

    def _take(self, export: Export) -> None:
        self._end_job()
        before, self.export = self.export, export
        self.is_listing = not export.complete
        self.opened.emit(export)
        if before is not None:
            before.close()
        if export.complete:
            self.rows_read.emit(list(export.rows))
            self._ended(None)
            return
        relay = self._tasks.relay
        # a child of this thread: on Linux it ends with the thread that started it
        self._job = IndexJob(
            export.path,
            export.cache_dir,
            on_rows=lambda rows: relay.post(lambda: self._rows(export, rows)),
            on_problems=lambda problems: relay.post(lambda: self._problems(export, problems)),
            on_done=lambda result: relay.post(lambda: self._done(export, result)),
        )

    # What comes belongs to one export, and it is wanted for as long as that one is open: a next one that is being
    # looked at may turn out to be none.

    def _rows(self, export: Export, rows: list[Row]) -> None:
        if export is self.export:
            export.extend(rows)
            self.rows_read.emit(rows)

    def _problems(self, export: Export, problems: list[Problem]) -> None:
        if export is self.export:
            export.extend((), problems)

    def _done(self, export: Export, result: Summary | ExportError) -> None:
        if export is not self.export:
            return
        self._end_job()
        if isinstance(result, Summary):
            export.finish(result)
            self._ended(None)
        else:
            self._ended(result)

    def _ended(self, error: ExportError | None) -> None:
        self.is_listing = False
        # what was read stays: the collector need not walk through it again and again (but what an export before
        # this one left in cycles has to go)
        if self._stays:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        self.ended.emit(error)

    def stop(self) -> None:
        """Stop listing; what was read stays."""
        if self._job is not None:
            self._job.cancel()

    def _end_job(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.close()

    def close(self) -> None:
        """No process is left, the file is closed."""
        self._round += 1
        self._end_job()
        for future in self._opening:  # nobody will be told of them any more
            future.add_done_callback(_close_unused)
        self._opening.clear()
        if self.export is not None:
            self.export.close()
            self.export = None
        if self._stays:
            gc.unfreeze()


def _close_unused(future: Future[Export]) -> None:
    if not future.cancelled() and future.exception() is None:
        future.result().close()

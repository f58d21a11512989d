"""Comparing the stages of every asset in the background: begins when all is listed, and is there at once next time."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from viewer.errors import ViewerError
from viewer.export import Export
from viewer.export.differences import Results, Step
from viewer.export.neighbours import wanted_steps
from viewer.ui.session import Session
from viewer.workers.jobs import CompareJob

log = logging.getLogger(__name__)


class WholeExport(QObject):
    """The changes between neighbouring stages of all assets of the open export, as far as they are known."""

    steps_found = Signal(object)
    """list[Step]: the next ones, not in the order of the export."""
    progressed = Signal(float)
    """The share that is compared, 0 to 1."""
    ended = Signal(bool)
    """Whether all is compared; no, when it was stopped or something could not be read."""
    forgotten = Signal()
    """Another export: what was known belongs to the one before."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session
        self.steps: dict[int, list[Step]] = {}
        """Asset → its steps, by `a`."""
        self.is_running = False
        self.is_complete = False
        self._job: CompareJob | None = None
        self._total = 0
        self._round = 0
        session.export_opened.connect(self._export_opened)
        session.listing_ended.connect(self._listing_ended)

    def _export_opened(self, _export: Export) -> None:
        self._round += 1
        self._end_job()
        self.steps = {}
        self.is_complete = False
        self.forgotten.emit()

    def _listing_ended(self) -> None:
        export = self._session.export
        if export is None or not export.complete:
            return
        round_ = self._round

        def look() -> tuple[list[Step], bool, int]:
            steps, complete = Results(export.cache_dir, export.name).load()
            wanted = sum(row.end - row.start for row in export.rows) if any(map(wanted_steps, export.rows)) else 0
            return steps, complete or not wanted, wanted

        def looked(found: tuple[list[Step], bool, int]) -> None:
            steps, complete, self._total = found
            if round_ != self._round:
                return
            if complete:
                self._take(steps)
                self._finish(complete=True)
            elif self._session.settings.settings.compare_stages:
                self.compare_all()

        self._session.tasks.run(look, looked, slow=True)

    def changed_assets(self) -> list[int]:
        """The assets with changes that are known by now, in their order, while stages are compared; else none."""
        if self._session.state.place.reference is None:
            return []
        return sorted(asset for asset, steps in list(self.steps.items()) if any(step.changes for step in steps))

    def compare_all(self) -> None:
        """Compare what is not compared yet."""
        export = self._session.export
        if export is None or not export.complete or self.is_running or self.is_complete:
            return
        self._round += 1
        round_, relay = self._round, self._session.tasks.relay
        self.is_running = True
        self.progressed.emit(0.0)

        def found(steps: list[Step], behind: int) -> None:
            if round_ == self._round:
                self._take(steps)
                self.progressed.emit(min(1.0, behind / max(1, self._total)))

        def ended(said: str | None) -> None:
            if round_ == self._round:
                self._end_job()
                if said:
                    self._session.noticed.emit(said)
                self._finish(complete=said is None)

        try:
            self._job = CompareJob(
                export.path,
                export.cache_dir,
                on_steps=lambda steps, behind: relay.post(lambda: found(steps, behind)),
                on_done=lambda said: relay.post(lambda: ended(said)),
            )
        except (OSError, ViewerError) as error:
            log.warning("the stages of the export are not compared: %s", type(error).__name__)
            self.is_running = False
            self.ended.emit(False)

    def stop_comparing(self) -> None:
        """Stop comparing; what was found is kept, and `compare_all` goes on there."""
        if self.is_running:
            self._round += 1
            self._end_job()
            self.ended.emit(False)

    def _take(self, steps: Iterable[Step]) -> None:
        new = []
        for step in steps:
            of_asset = self.steps.setdefault(step.asset, [])
            if all(other.a != step.a for other in of_asset):  # a pass that goes on says again what it knew
                of_asset.append(step)
                of_asset.sort(key=lambda known: known.a)
                new.append(step)
        if new:
            self.steps_found.emit(new)

    def _finish(self, *, complete: bool) -> None:
        self.is_running = False
        self.is_complete = complete
        self.ended.emit(complete)

    def _end_job(self) -> None:
        self.is_running = False
        job, self._job = self._job, None
        if job is not None:
            job.close()

    def close(self) -> None:
        """No process is left."""
        self._round += 1
        self._end_job()

"""What is open and what is looked at: holds the `ViewState`, asks for what is missing, tells the views."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from viewer import state
from viewer.errors import ExportError, Problem, ViewerError
from viewer.export.issues import Issue
from viewer.export.ontology import Ontology
from viewer.model import Asset, Labels, Snapshot, Task
from viewer.overlay.palette import Palette
from viewer.remembered import Place as RememberedPlace
from viewer.remembered import Remembered
from viewer.settings import SettingsFile
from viewer.state import CURRENT, Look, Trail, ViewState
from viewer.ui import scene
from viewer.ui.document_options import DocumentOptions
from viewer.ui.expiries import Expiries
from viewer.ui.failures import Failure
from viewer.ui.opening import Opening
from viewer.ui.options import WindowOptions
from viewer.ui.page_loader import PageLoader, Wish
from viewer.ui.reading import Reading
from viewer.ui.scene import Scene, find_stage
from viewer.ui.tasks import Tasks
from viewer.ui.thumbnails import Thumbnails
from viewer.ui.transfers.queue import TransferQueue
from viewer.workers import Opened, Pool

log = logging.getLogger(__name__)


class Session(Opening):
    """The one object that changes what is shown. Views show its signals and call its methods."""

    asset_opened = Signal(object)
    """`Asset`, read and typed; its picture follows."""
    state_changed = Signal(object, object)
    """(`ViewState` before, after)"""
    page_shown = Signal(object, object)
    """(`Scene`, `PageContent`)"""
    labels_placed = Signal(object)
    """`Scene` of a page without a picture."""
    waiting = Signal(str)
    detail_made = Signal(object, object)
    document_opened = Signal(object)
    pages_marked = Signal(object)
    """dict[int, int]: labels exported on each page of the stage shown."""
    objects_found = Signal(object)
    """list[int]: assets that hold the object id that was looked for."""

    def __init__(self, options: WindowOptions, parent: QObject | None = None, *, pool: Pool | None = None) -> None:
        """`pool`: another one than the usual, for tests that are less patient."""
        super().__init__(parent)
        self.options = options
        self.state = ViewState()
        self.trail = Trail()
        self.settings = SettingsFile()
        self.remembered = Remembered()
        self.tasks = Tasks(self)
        self.tasks.on_failure(self._unexpected)
        self.pool = pool or Pool(on_notice=lambda text: self.tasks.relay.post(lambda: self.noticed.emit(text)))
        self.palette = Palette()
        self.ontology: Ontology | None = None
        self.issues: dict[str, tuple[Issue, ...]] = {}
        self.asset: Asset | None = None
        self.scene: Scene | None = None
        self.reading = Reading(self.tasks, self.cache_folder, self)
        self.transfers = TransferQueue(self.tasks, self)
        self.loader = PageLoader(self.tasks, self.pool, self.palette, self.transfers, self)
        self.loader.fill = self.settings.settings.fill_opacity
        self.thumbnails = Thumbnails(self.tasks, self.pool, self)
        self.expiries = Expiries(self)
        self.with_looks: Callable[[RememberedPlace], RememberedPlace] = lambda place: place
        """Adds what the views know of a place that is left (`viewer.ui.kept`)."""
        self._first: RememberedPlace | None = None
        self._explicit_page = False
        self._after_open: tuple[str | None, str | None, str | None] = (None, None, None)
        self._marked: Snapshot | None = None
        self._searched = ""
        self.reading.opened.connect(self._export_opened)
        self.reading.rows_read.connect(self._rows_read)
        self.reading.ended.connect(self._listing_ended)
        self.reading.refused.connect(self._export_refused)
        self.loader.document_opened.connect(self._document_opened)
        self.loader.page_shown.connect(self._page_shown)
        self.loader.labels_placed.connect(self._labels_placed)
        self.loader.page_failed.connect(self._page_failed)
        self.loader.waiting.connect(self.waiting)
        self.loader.detail_made.connect(self.detail_made)

    # ---- what is there -----------------------------------------------------------------------------------

    @property
    def task(self) -> Task | None:
        """The task shown."""
        return None if self.asset is None else self.asset.tasks[min(self.state.place.task, len(self.asset.tasks) - 1)]

    @property
    def snapshot(self) -> Snapshot | None:
        """The stage shown."""
        task = self.task
        return None if task is None else task.snapshots[state.snapshot_index(self.state.place, len(task.snapshots))]

    @property
    def labels(self) -> Labels | None:
        """The labels of the stage shown, once they are parsed."""
        return None if self.snapshot is None else self.loader.labels_of(self.snapshot)

    @property
    def page_count(self) -> int:
        """Pages of the asset: the file's, else what the export says."""
        if self.loader.page_count:
            return self.loader.page_count
        export, asset = self.export, self.asset
        row = export.rows[asset.index] if export is not None and asset is not None else None
        return max(1, (row.pages if row is not None else None) or 1)

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the asset shown and with the export."""
        export, asset = self.export, self.asset
        found: list[Problem] = []
        if asset is not None:
            found += asset.problems
            labels = self.labels
            if labels is not None:
                found += labels.problems
            if self.scene is not None and not self.loader.has_failed:
                found += [
                    Problem(severity="warning", what=note.what, instead=note.instead, path="$.metadata")
                    for note in self.scene.notes
                ]
            brush = self.loader.brush_failure(self.snapshot) if self.snapshot is not None else ""
            if brush:
                what = self.tr("the brush mask could not be had: {0}").format(brush)
                instead = self.tr("the page is shown without it")
                found.append(Problem(severity="error", what=what, instead=instead, path="$.task.brushDataUrl"))
        if export is not None:
            found += [p for p in export.problems if asset is None or p.asset_index in (None, asset.index)]
        seen: dict[tuple[str, str | None], Problem] = {(p.what, p.path): p for p in found}
        return list(seen.values())

    # ---- places ------------------------------------------------------------------------------------------

    def open_asset(self, index: int, *, page: int | None = None, stage: int = CURRENT) -> None:
        """Open an asset of the export by its index, at its first page with labels unless a page is given."""
        self._explicit_page = page is not None
        after = state.open_asset(self.state, index, page=page or 0)
        if stage != CURRENT:
            after = replace(after, place=replace(after.place, stage=stage))
        self.go(after)

    def visit(self, after: ViewState) -> None:
        """Go to a place as it is, also in another asset: its page stays, whether it has labels or not."""
        self._explicit_page = after.place.asset != self.state.place.asset
        self.go(after)

    def go(self, after: ViewState, *, trail: bool = True) -> None:
        """Take on another state and bring what it wants to the screen."""
        before = self.state
        if after is before:
            return
        if trail and before.place.asset is not None and after.place != before.place:
            self.trail = self.trail.visited(before.place)
        self._set(after)
        if after.place.asset != before.place.asset:
            self.stop_playing()
            self._read_asset()
        elif after.place != before.place or after.look != before.look:
            self._show()

    def _set(self, after: ViewState) -> None:
        before, self.state = self.state, after
        self.state_changed.emit(before, after)

    def _read_asset(self) -> None:
        """Read and type the asset in a thread; a large one takes a moment."""
        export, index, generation = self.export, self.state.place.asset, self.state.generation
        self.asset = self.scene = None
        self.loader.leave()  # what comes late of the asset before must not stand under the name of this one
        if export is None or index is None:
            return

        explicit = self._explicit_page
        self._explicit_page = False

        def begin() -> tuple[Asset, int]:
            asset = export.asset(index)
            # its first page with labels: an empty first page says nothing to a reviewer
            pages = (
                () if explicit else scene.timeline_of(asset, asset.tasks[0].current.labels, Look()).pages_with_labels()
            )
            return asset, next((page for page in pages if page >= 0), 0)

        def read(result: tuple[Asset, int]) -> None:
            asset, page = result
            if index != self.state.place.asset or export is not self.export:
                return
            self.asset = asset
            if page and not self.state.place.page:
                self._set(replace(self.state, place=replace(self.state.place, page=page)))
            self.palette.ontology = {**Ontology.of_asset(asset).colours, **self.palette.ontology}
            self.asset_opened.emit(asset)
            self._go_to_named(asset)
            self._show()
            self.problems_changed.emit()

        def failed(error: BaseException) -> None:
            if index == self.state.place.asset and generation <= self.state.generation:
                self.loader.leave()
                self.failed.emit(
                    Failure(self.tr("Asset {0} could not be read").format(index), str(error), "asset", can_retry=False)
                    if isinstance(error, ViewerError)
                    else Failure(self.tr("This asset could not be read"), type(error).__name__, "Internal")
                )
                self.problems_changed.emit()
                self.settled.emit()

        self.tasks.run(begin, read, failed)

    def _go_to_named(self, asset: Asset) -> None:
        """The task, the stage and the object that the command line named, once their asset is here."""
        ref, stage, object_id = self._after_open
        self._after_open = (None, None, None)
        number = next((i for i, task in enumerate(asset.tasks) if ref is not None and task.task_id == ref), 0)
        if number:
            self._set(state.choose_task(self.state, number, len(asset.tasks)))
        task = asset.tasks[number]
        if stage is not None:
            index = find_stage(task, stage)
            if index is None:
                self.noticed.emit(self.tr("There is no stage {0} here.").format(stage))
            else:
                self._set(state.show_stage(self.state, index, len(task.snapshots)))
        if object_id is not None:
            self._set(state.select(self.state, object_id))

    def _show(self) -> None:
        asset, snapshot = self.asset, self.snapshot
        if asset is not None and snapshot is not None and asset.index == self.state.place.asset:
            self.loader.show(Wish(asset, snapshot, self.state.place.page, self.state.look))

    def _document_opened(self, opened: Opened) -> None:
        self.document_opened.emit(opened)
        if self.state.place.page >= self.page_count:
            self.go(state.go_to_page(self.state, self.page_count - 1, self.page_count), trail=False)

    def _page_shown(self, made: Scene, content: Any) -> None:
        self.scene = made
        self._mark_pages()
        self.page_shown.emit(made, content)
        self.problems_changed.emit()
        self.settled.emit()

    def _labels_placed(self, made: Scene) -> None:
        self.scene = made
        self._mark_pages()
        self.labels_placed.emit(made)
        self.problems_changed.emit()

    def _page_failed(self, failure: Failure) -> None:
        self.stop_playing()
        self.failed.emit(failure)
        self.settled.emit()

    def _mark_pages(self) -> None:
        """Count the labels of every page once for a stage, in a thread."""
        snapshot, labels = self.snapshot, self.labels
        if snapshot is None or labels is None or snapshot is self._marked:
            return
        self._marked = snapshot

        def counted(pages: dict[int, int]) -> None:
            if snapshot is self.snapshot:
                self.pages_marked.emit(pages)

        self.tasks.run(lambda: scene.labels_by_page(labels), counted)

    def _unexpected(self, error: BaseException) -> None:
        log.error("unexpected in the background", exc_info=error)
        text = self.tr("Something unexpected happened ({0}). The log says more.")
        self.noticed.emit(text.format(type(error).__name__))

    def _told(self, error: BaseException) -> None:
        if isinstance(error, ViewerError):
            self.noticed.emit(str(error))
        else:
            self._unexpected(error)

    # ---- actions that begin something (steps and looks: `Steps`) ---------------------------------------------

    def retry(self) -> None:
        """Fetch and decode this page again."""
        if self.asset is None:
            self._read_asset()
        else:
            self.loader.retry()

    def choose_fill(self, fill: float) -> None:
        """How much class colour lies inside of labels, 0 to 0.4."""
        self.loader.fill = fill
        self._change_setting(fill_opacity=fill)
        self._show()

    def _change_setting(self, **changes: Any) -> None:
        try:
            self.settings.change(**changes)
        except ViewerError as error:
            self.noticed.emit(str(error))

    def cancel(self) -> None:
        """Give up the transfer under way."""
        self.loader.cancel()

    def reread(self, options: DocumentOptions) -> None:
        """Read the asset's file in another way (mapping of pages, password, engine)."""
        self.loader.reread(options)

    def locate(self, path: Path) -> None:
        """The open asset's file is here."""
        export, asset = self.export, self.asset
        if export is not None and asset is not None:
            part = self.state.place.page if asset.dataset and path.is_file() else None
            self.remembered.locate(export.path, scene.asset_key(asset), path, part=part)
            self.loader.reread(self.loader.options)

    def look_in(self, folder: Path, *, subfolders: bool = True) -> None:
        """Files of this export's assets are in this folder."""
        if self.export is not None:
            self.remembered.look_in(self.export.path, folder, subfolders=subfolders)
            self.thumbnails.forget_failures()
            if self.asset is not None:
                self.loader.reread(self.loader.options)

    def tasks_with_open_issues(self) -> set[str]:
        """Task ids of open issues."""
        return {task for task, issues in self.issues.items() if any(issue.is_open for issue in issues)}

    def find_object(self, object_id: str) -> None:
        """Select an object of the open asset at once; else look for it in the whole export, in a thread."""
        labels, export = self.labels, self.export
        if labels is not None:
            found = next((a for a in labels.annotations if a.object_id == object_id), None)
            if found is not None:
                if found.page is not None and self.page_count > 1:
                    self.go_to_page(found.page)
                self.select(object_id)
        if export is None:
            return
        self._searched = object_id
        rows, needle = list(export.rows), object_id.encode()

        def search() -> list[int]:
            hits: list[int] = []
            for row in rows:
                if self._searched != object_id:
                    break  # another one is looked for by now
                try:
                    if row.readable and needle in export.raw(row.index):
                        hits.append(row.index)
                except (ExportError, ValueError):
                    continue
            return hits

        def told(hits: list[int]) -> None:
            if self._searched == object_id:
                self.objects_found.emit(hits)

        self.tasks.run(search, told, slow=True)

    def _leave(self) -> None:
        """Remember where one was in the open export."""
        export, place = self.export, self.state.place
        if export is None or place.asset is None:
            return
        stage = None if place.stage == CURRENT else str(place.stage)
        task = self.task.task_id if self.task is not None and place.task else None
        left = RememberedPlace(asset=place.asset, page=place.page, stage=stage, task=task)
        try:
            self.remembered.leave(export.path, self.with_looks(left))
        except ViewerError as error:
            log.warning("the place could not be remembered: %s", type(error).__name__)

    # ---- the end -----------------------------------------------------------------------------------------

    def close(self) -> None:
        """Remember the place; leave no process, no thread at work and nothing to be delivered."""
        self._leave()
        self._searched = ""
        self.stop_playing()
        self.tasks.close()
        self.loader.close()
        self.thumbnails.close()
        self.expiries.close()
        self.reading.close()
        self.pool.close()
        self.transfers.close()

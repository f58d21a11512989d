"""Which export is open: opening, what the command line named, ontologies and issues that are joined to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from viewer import limits, resources
from viewer.errors import ExportError, ViewerError
from viewer.export import Export, Row
from viewer.export.issues import Issue, load_issues
from viewer.export.ontology import Ontology
from viewer.fetch import Sources, client
from viewer.fetch.cache import chosen_folder
from viewer.model import Snapshot
from viewer.overlay.palette import Palette
from viewer.remembered import Place as RememberedPlace
from viewer.remembered import Remembered
from viewer.state import CURRENT, Trail, ViewState
from viewer.ui.failures import Failure
from viewer.ui.options import WindowOptions
from viewer.ui.reading import Reading
from viewer.ui.steps import Steps
from viewer.ui.tasks import Tasks
from viewer.ui.thumbnails import Thumbnails
from viewer.ui.transfers.queue import TransferQueue


class Opening(Steps):
    """The part of the session that opens and leaves exports; `Session` makes what is named here."""

    export_opened = Signal(object)
    """`Export`"""
    rows_read = Signal(object)
    listing_ended = Signal()
    issues_loaded = Signal()
    failed = Signal(object)
    """`Failure`: there is no picture, or no asset."""
    noticed = Signal(str)
    """A sentence about something beside what is looked at."""
    problems_changed = Signal()
    settled = Signal()
    """The page wanted is shown, or why not; nothing is under way."""

    options: WindowOptions
    tasks: Tasks
    remembered: Remembered
    palette: Palette
    ontology: Ontology | None
    issues: dict[str, tuple[Issue, ...]]
    reading: Reading
    thumbnails: Thumbnails
    transfers: TransferQueue
    _first: RememberedPlace | None
    _after_open: tuple[str | None, str | None, str | None]
    _marked: Snapshot | None

    if TYPE_CHECKING:  # what `Session` gives

        def look_in(self, folder: Path, *, subfolders: bool = True) -> None: ...
        def open_asset(self, index: int, *, page: int | None = None, stage: int = CURRENT) -> None: ...
        def _set(self, after: ViewState) -> None: ...
        def _show(self) -> None: ...
        def _leave(self) -> None: ...
        def _told(self, error: BaseException) -> None: ...

    @property
    def export(self) -> Export | None:
        """The open export."""
        return self.reading.export

    @property
    def cache_folder(self) -> Path:
        """Where fetched files and indexes are kept: what the command line named, else the settings."""
        return self.options.cache_dir or chosen_folder(self.settings.settings)

    def open_first(self) -> None:
        """What the command line asked for, else nothing: the start page."""
        recents = self.remembered.recents()
        if self.options.demo:
            self.open_demo()
        elif self.options.export is not None:
            self.open_export(self.options.export)
        elif self.settings.settings.restore and recents:
            self.open_export(recents[0])
        if self.options.ontology is not None:
            self.load_ontology(self.options.ontology)
        if self.options.issues is not None:
            self.load_issues(self.options.issues)
        if self.settings.notice:
            self.noticed.emit(self.settings.notice)
        if self.options.export is None and not self.options.demo and not self.settings.settings.restore:
            self.settled.emit()

    def open_export(self, path: Path) -> None:
        """Open an export; the one that is open stays until the new one is known to be one."""
        self._leave()
        self.reading.open(path)

    def open_demo(self) -> None:
        """Open the export that comes with the program."""
        self.open_export(resources.path("demo"))

    def reload(self, path: Path) -> None:
        """Read the export anew; the place is kept, since it is remembered."""
        self.open_export(path)

    def take(self, path: Path) -> None:
        """A file or folder from outside: an export, an ontology, issues, or a folder of media."""
        if path.is_dir() and not any(path.glob("*.json")) and not any(path.glob("*.ndjson")) and self.export:
            self.look_in(path)
            return

        def find_out() -> str:
            try:
                Export.open(path, cache_dir=self.reading.cache_dir).close()
                return "export"
            except ExportError as error:
                for name, load in (("ontology", Ontology.load), ("issues", load_issues)):
                    try:
                        load(path)
                        return name
                    except ViewerError:
                        continue
                raise error

        def found(name: str) -> None:
            {"export": self.open_export, "ontology": self.load_ontology, "issues": self.load_issues}[name](path)

        self.tasks.run(find_out, found, self._told)

    def load_ontology(self, path: Path) -> None:
        """Class colours and names from an ontology JSON."""

        def loaded(ontology: Ontology) -> None:
            self.ontology = ontology
            self.palette.ontology.update(ontology.colours)
            self._show()
            text = self.tr("{0} class colours are taken from {1}.")
            self.noticed.emit(text.format(len(ontology.colours), path.name))

        self.tasks.run(lambda: Ontology.load(path), loaded, self._told)

    def load_issues(self, path: Path) -> None:
        """Issues from a separate export, joined by task id."""

        def loaded(issues: dict[str, tuple[Issue, ...]]) -> None:
            self.issues = issues
            self.issues_loaded.emit()
            text = self.tr("{0} issues are taken from {1}.")
            self.noticed.emit(text.format(sum(map(len, issues.values())), path.name))
            self.problems_changed.emit()

        self.tasks.run(lambda: load_issues(path), loaded, self._told)

    def _export_opened(self, export: Export) -> None:
        self.stop_playing()
        self.loader.leave()
        settings = self.settings.settings
        sources = Sources(
            export.path,
            cache_dir=self.cache_folder,
            cache_limit=int(settings.cache_gb * limits.GB),
            asset_limit=int(settings.asset_gb * limits.GB),
            patience=client.Patience(whole_s=settings.asset_hours * 3600),
            assets_dir=self.options.assets_dir,
            offline=self.options.offline or settings.offline,
            allow_private_hosts=self.options.allow_private_hosts,
            remembered=self.remembered,
        )
        self.transfers.use(sources)
        self.thumbnails.use(export, sources)
        # colours are kept for the classes of one project; another export may be of another one
        self.palette.indices.clear()
        self.palette.ontology = dict(self.ontology.colours) if self.ontology is not None else {}
        self.asset = self.scene = None
        self.trail = Trail()
        self._set(ViewState(generation=self.state.generation + 1))
        self._first = self.remembered.place(export.path)
        self._marked = None
        self.remembered.opened(export.path)
        self.export_opened.emit(export)

    def _rows_read(self, rows: list[Row]) -> None:
        self.palette.add(schema_id for row in rows for schema_id, _, _ in row.by_class)
        self.rows_read.emit(rows)
        if self.state.place.asset is None:
            self._open_first_asset(listing=True)

    def _open_first_asset(self, *, listing: bool) -> None:
        """What the command line named, else where one was, else the first; as soon as it is listed."""
        export, wanted, place = self.export, self.options, self._first
        if export is None or not export.rows:
            return
        if wanted.asset is not None:
            try:
                index = export.find(wanted.asset)
            except ExportError as error:
                if not listing:
                    self.noticed.emit(str(error))
                    self.open_asset(0)
                return
            self._after_open = (wanted.asset, wanted.stage, wanted.object_id)
            self.open_asset(index, page=wanted.page)
            self.options = replace(wanted, asset=None)
        elif place is None or place.asset < len(export.rows):
            known = place.stage if place is not None else None
            if place is not None and place.task:
                self._after_open = (place.task, None, None)
            stage = int(known) if known is not None and known.isdigit() else CURRENT
            self.open_asset(place.asset if place else 0, page=place.page if place else None, stage=stage)
        elif not listing:
            self.open_asset(0)

    def _listing_ended(self, error: ViewerError | None) -> None:
        export = self.export
        self.listing_ended.emit()
        self.problems_changed.emit()
        if error is not None:
            self.noticed.emit(str(error))
        if export is not None and self.state.place.asset is None:
            if export.rows:
                self._open_first_asset(listing=False)
            else:
                text = self.tr("{0} is empty.").format(export.path.name)
                self.failed.emit(Failure(self.tr("No assets in this export"), text, can_retry=False))
                self.settled.emit()

    def _export_refused(self, error: BaseException) -> None:
        if self.export is None:
            self.failed.emit(Failure(self.tr("This file could not be opened"), str(error), "export", can_retry=False))
        else:
            self.noticed.emit(str(error))
        self.settled.emit()

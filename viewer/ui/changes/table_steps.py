"""Brings the changes of the open asset and of the whole export to their table, and from there to the page."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QWidget

from viewer import state
from viewer.errors import ViewerError, one_line
from viewer.export.differences import found_of
from viewer.state import ViewState
from viewer.ui import dialogs
from viewer.ui.changes.pair_crop import Crop, Wish
from viewer.ui.changes.pair_crops import Crops
from viewer.ui.changes.queue import Item
from viewer.ui.changes.stepping import ChangeSteps
from viewer.ui.changes.table import ChangeTable, Places
from viewer.ui.changes.table_file import save_csv
from viewer.ui.changes.table_panel import ChangeTablePanel
from viewer.ui.comparing import Comparing
from viewer.ui.inspector.change_rows import ChangeModel as ListedChanges
from viewer.ui.regions import Regions
from viewer.ui.session import Session
from viewer.ui.whole_export import WholeExport

SEEN_AFTER_MS = 700
"""A change that was looked at for so long is seen."""


class ChangeTableSteps(QObject):
    """The panel is made when it is first asked for, and follows the session while it is shown."""

    left = Signal()
    """The keys belong to the page again."""
    toggled = Signal()

    def __init__(
        self,
        session: Session,
        comparing: Comparing,
        whole: WholeExport,
        steps: ChangeSteps,
        regions: Regions,
        listed: ListedChanges,
    ) -> None:
        """`listed`: the inspector's list of the comparison in force, which knows what objects are called."""
        super().__init__(regions)
        self._session, self._comparing, self._whole, self._steps = session, comparing, whole, steps
        self._regions, self._listed = regions, listed
        self.panel: ChangeTablePanel | None = None
        self.crops = Crops(session, self)
        self._places = Places(lambda: () if session.export is None else session.export.rows)
        self._share: float | None = None
        self._seeing = QTimer(self)
        self._seeing.setSingleShot(True)
        self._seeing.setInterval(SEEN_AFTER_MS)
        self._seeing.timeout.connect(self._see)
        self.crops.made.connect(self._crop_made)
        steps.added.connect(self._added)
        steps.forgotten.connect(self._forgotten)
        steps.seen_changed.connect(self._seen_changed)
        whole.progressed.connect(self._progressed)
        whole.ended.connect(lambda _complete: self._progressed(None))
        comparing.comparison_made.connect(lambda _comparison: self._own_changed())
        session.asset_opened.connect(lambda _asset: self._own_changed())
        session.state_changed.connect(self._state_changed)

    # ---- shown or not ------------------------------------------------------------------------------------

    @property
    def is_shown(self) -> bool:
        """Whether the table stands in place of the page."""
        return self.panel is not None and self._regions.table_shown

    @property
    def regions(self) -> list[QWidget]:
        """What takes the keys of the table."""
        return [] if self.panel is None else [self.panel.view]

    def toggle(self) -> None:
        """The table, or the page again."""
        self.close() if self.is_shown else self.open()

    def open(self) -> None:
        """Show the table, of what it listed before."""
        panel = self.panel or self._made()
        self._regions.show_table(panel)
        self._list(panel.source)
        panel.view.setFocus()
        self.toggled.emit()

    def close(self) -> None:
        """The page again."""
        if not self.is_shown:
            return
        assert self.panel is not None
        self.panel.save(QSettings("ango-viewer", "window"))
        self._regions.show_table(None)
        self._seeing.stop()
        self.crops.rest()
        self.left.emit()
        self.toggled.emit()

    def _made(self) -> ChangeTablePanel:
        panel = self.panel = ChangeTablePanel(self._regions)
        panel.restore(QSettings("ango-viewer", "window"))
        panel.model.is_seen = lambda item: item.digest in self._steps.queue.seen
        panel.view.delegate.colour_of = lambda schema_id: self._session.palette.colour(schema_id)
        panel.source_chosen.connect(self._list)
        panel.chosen.connect(self._chosen)
        panel.show_wanted.connect(self._show)
        panel.csv_wanted.connect(self._save)
        panel.compare_wanted.connect(self._whole.compare_all)
        panel.stop_wanted.connect(self._whole.stop_comparing)
        panel.closed.connect(self.close)
        return panel

    # ---- what is listed ----------------------------------------------------------------------------------

    def _list(self, source: str) -> None:
        panel = self.panel
        if panel is None:
            return
        if source == "export":
            table = ChangeTable(self._places)
            table.add(self._steps.queue.items)
        else:
            table = self._own_table()
        panel.show_table(source, table)
        self._tell()

    def _own_table(self) -> ChangeTable:
        """The changes of A and B; without them those between all neighbouring stages of the asset."""
        s = self._session
        place, comparison, task = s.state.place, self._comparing.comparison, s.task
        if comparison is not None and task is not None and place.asset is not None and place.reference is not None:
            a, b = place.reference, state.snapshot_index(place, len(task.snapshots))
            table = ChangeTable(self._places, comparison.changes, self._detail)
            asset = place.asset
            table.add(Item(asset, a, b, n, found_of(change)) for n, change in enumerate(comparison.changes))
            return table
        table = ChangeTable(self._places)
        if place.reference is None:
            for step in self._whole.steps.get(-1 if place.asset is None else place.asset, ()):
                table.add(Item(step.asset, step.a, step.b, n, found) for n, found in enumerate(step.changes))
        return table

    def _detail(self, number: int) -> str:
        listing = self._listed.listing
        return listing.detail(number) if listing.comparison is self._comparing.comparison is not None else ""

    def names_changed(self) -> None:
        """The inspector knows by now what the objects of the comparison are called."""
        if self.is_shown and self.panel is not None:
            self.panel.view.viewport().update()

    def _own_changed(self) -> None:
        if self.is_shown and self.panel is not None:
            if self.panel.source == "asset":
                self._list("asset")
            self._tell()

    def _state_changed(self, before: ViewState, after: ViewState) -> None:
        if after.place.asset != before.place.asset:
            self._own_changed()

    def _added(self, items: list[Item]) -> None:
        if self.is_shown and self.panel is not None:
            if self.panel.source == "export":
                self.panel.model.add(items)
            elif self._comparing.comparison is None and any(i.asset == self._session.state.place.asset for i in items):
                self._list("asset")
            self._tell()

    def _forgotten(self) -> None:
        self._share = None
        self.crops.forget()
        if self.panel is not None:
            self.panel.show_table(self.panel.source, ChangeTable(self._places))
            self._tell()

    def _progressed(self, share: float | None) -> None:
        self._share = share
        self._tell()

    def _seen_changed(self) -> None:
        if self.panel is not None:
            self.panel.seen_changed()

    # ---- what is said ------------------------------------------------------------------------------------

    def _tell(self) -> None:
        panel = self.panel
        if panel is None or not self.is_shown:
            return
        panel.set_running(self._share)
        place, comparison = self._session.state.place, self._comparing.comparison
        if comparison is not None:
            own: int | None = len(comparison.changes)
        else:
            steps = self._whole.steps.get(-1 if place.asset is None else place.asset, ())
            own = sum(len(step.changes) for step in steps) if steps or self._whole.is_complete else None
        total = len(self._steps.queue)
        panel.bar.tell_counts(own, total if total or self._whole.is_complete else None)
        panel.set_reason(self._reason(panel.source), can_compare=self._can_compare)

    @property
    def _can_compare(self) -> bool:
        export = self._session.export
        return export is not None and export.complete and not self._whole.is_running and not self._whole.is_complete

    def _reason(self, source: str) -> str:
        """Why there may be no changes."""
        place, task = self._session.state.place, self._session.task
        if source == "asset" and place.asset is None:
            return self.tr("No asset is open.")
        if source == "asset" and task is not None and len(task.snapshots) < 2:
            return self.tr('This export holds no stage history. In Ango Hub, tick "History" when exporting.')
        if source == "asset" and place.reference is not None:
            is_there = self._comparing.comparison is not None
            return self.tr("Nothing changed between A and B.") if is_there else self.tr("Comparing A with B")
        if self._whole.is_running:
            return self.tr("No changes so far. The stages of the assets are being compared.")
        if self._can_compare:
            return self.tr("The stages of this export are not compared yet.")
        if source == "asset":
            return self.tr("Nothing changed between the stages of this asset.")
        return self.tr("Nothing changed between the stages of this export.")

    # ---- one change --------------------------------------------------------------------------------------

    def _chosen(self, item: Item | None) -> None:
        self._seeing.stop()
        if item is None or self.panel is None:
            return
        table, place = self.panel.model.table, self._session.state.place
        wish = Wish(item, place.task if table.own else 0, table.change(item))
        crop = self.crops.want(wish)
        if crop is not None:
            self._crop_made(wish, crop)

    def _crop_made(self, wish: Wish, crop: Crop | None) -> None:
        panel = self.panel
        if panel is not None and self.is_shown and panel.item is not None and panel.item.digest == wish.item.digest:
            panel.show_crop(wish.item, crop, waiting=False)
            self._seeing.start()

    def _see(self) -> None:
        if self.panel is not None and self.panel.item is not None:
            self._steps.see(self.panel.item)

    def _show(self, item: Item) -> None:
        """In its asset, with both shapes in view."""
        assert self.panel is not None
        change = self.panel.model.table.change(item)
        self.close()
        if change is not None:
            self._steps.show_change(change)
        else:
            self._steps.show_item(item)

    # ---- the file ----------------------------------------------------------------------------------------

    def _save(self) -> None:
        """Ask where, and write the changes that are listed, in their order."""
        panel, export = self.panel, self._session.export
        if panel is None or export is None:
            return
        suggested = f"{one_line(export.path.stem)}-changes.csv".replace("/", "_")
        path = dialogs.ask_csv(panel, self.tr("Save the changes as CSV"), suggested)
        if path is None:
            return
        items, rows, own = panel.model.items(), export.rows, panel.model.table.own
        s = self._session

        def told(count: int) -> None:
            s.noticed.emit(self.tr("{0} changes saved as {1}.").format(f"{count:,}", one_line(path.name)))

        def failed(error: BaseException) -> None:
            if isinstance(error, ViewerError):
                s.noticed.emit(str(error))
            else:
                raise error

        s.tasks.run(lambda: save_csv(path, items, rows, own), told, failed, slow=True)

"""The window: its regions, and what they show of the session. Who is told of what: `viewer.ui.wiring`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from viewer.decoders.base import Raster
from viewer.errors import one_line
from viewer.export import Export, Visit
from viewer.model import Asset
from viewer.state import ViewState
from viewer.ui.assets import AssetPanel
from viewer.ui.assets.table import name_of
from viewer.ui.canvas import Canvas, PageContent
from viewer.ui.canvas.state_block import Way, Words
from viewer.ui.changes.stepping import ChangeSteps
from viewer.ui.compare import CompareView
from viewer.ui.comparing import Comparing
from viewer.ui.failures import Failure
from viewer.ui.find.palette import Palette
from viewer.ui.header import Header
from viewer.ui.hold_keys import HoldKey
from viewer.ui.inspector import InspectorPanel
from viewer.ui.jumps import Jumps
from viewer.ui.kept import Kept
from viewer.ui.notify import NoticeBar, Notifications
from viewer.ui.page_texts import filled_stage, media_text, number_text
from viewer.ui.pages import PageBar
from viewer.ui.regions import Regions
from viewer.ui.scene import Scene, timeline_of
from viewer.ui.session import Session
from viewer.ui.start_page import StartPage
from viewer.ui.status import StatusRow
from viewer.ui.timeline import StageTimeline
from viewer.ui.timeline.cards import stage_names
from viewer.ui.view_bar import ViewBar
from viewer.ui.ways_out import WaysOut, words_of
from viewer.ui.whole_export import WholeExport
from viewer.ui.widgets.layout import column
from viewer.ui.window_actions import WindowActions
from viewer.ui.window_steps import WindowSteps
from viewer.ui.wiring import connect
from viewer.workers import Opened

CHANGED_MS = 3_000
"""How often the export on disk is looked at."""


class MainWindow(WindowSteps):
    """Header; asset list | view bar, canvas, page bar | inspector; stage timeline; status row."""

    uses_menu_bar = sys.platform == "darwin"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setWindowTitle("ango-viewer")
        self.setAcceptDrops(True)
        self.setMinimumSize(1024, 680)
        self.assets = AssetPanel(self)
        self.canvas = Canvas(self)
        self.canvas.set_navigator(True)
        self.compare = CompareView(self.canvas, self)
        self.comparing = Comparing(session)
        self.whole = WholeExport(session)
        self.change_steps = ChangeSteps(session, self.comparing, self.whole, self.compare)
        self.view_bar = ViewBar(self)
        self.notice_bar = NoticeBar(self)
        self.page_bar = PageBar(self)
        self.page_bar.hide()
        self.timeline = StageTimeline(self)
        self.inspector = InspectorPanel(self, run=session.tasks.run)
        self.inspector.set_repeats(session.palette.repeats)
        self.status = StatusRow(self)
        self._settings = QSettings("ango-viewer", "window")
        self.key_widgets = (self.compare, self.view_bar, self.page_bar, self.timeline)
        self.actions_ = WindowActions(self, session)
        self.ways_out = WaysOut(session, self.actions_)
        self.header = Header(self.actions_.menu, self.actions_.key_of, self)
        self.regions = Regions(
            header=self.header,
            assets=self.assets,
            canvas_column=(self.view_bar, self.notice_bar, self.compare, self.page_bar),
            canvas=self.compare,
            inspector=self.inspector,
            timeline=self.timeline,
            parent=self,
        )
        self.start = StartPage(self.actions_.key_of, self)
        self.regions.set_start(self.start)
        root = QWidget(self)
        root.setLayout(column(self.regions, self.status))
        self.setCentralWidget(root)
        self.palette_ = Palette(root)
        self.jumps = Jumps(session, self.canvas, self.inspector, self.status.pixel)
        self.notifications = Notifications(self.canvas)
        self.hold = HoldKey((self.canvas,), Qt.Key.Key_H, hold=session.peek, tap=self.hide_pointed)
        self.hold_a = HoldKey(
            (self.canvas,), Qt.Key.Key_B, hold=self.compare.hold_a, tap=lambda: self.comparing.toggle_mode("blink")
        )
        self._changed = QTimer(self)
        self._changed.setInterval(CHANGED_MS)
        self._changed.timeout.connect(self._look_at_export)
        connect(self)
        self.kept = Kept(session, self.canvas, self.assets)
        self._restore()
        self.use_settings()
        self._show_start()
        self.actions_.refresh()

    # ---- exports and assets ------------------------------------------------------------------------------

    def _show_start(self) -> None:
        """The start page in place of all regions but the header."""
        remembered = self.session.remembered
        recents = remembered.recents()
        self.start.show_recents([(p, remembered.opened_at(p), remembered.links_end(p)) for p in recents])
        self.header.show_export("", recents)
        self.regions.show_start(True)
        self.status.set_open(False)

    def export_opened(self, export: Export) -> None:
        """Another export: its name, an empty list, an empty canvas."""
        self._leave_start()
        self.assets.reset()
        self.assets.set_listing(not export.complete)
        self.palette_.names.clear()
        name = one_line(export.path.name)
        self.setWindowTitle(f"{name} – ango-viewer")
        self.header.show_export(name, self.session.remembered.recents())
        self.compare.clear()
        self.notice_bar.tell("")
        self._changed.start()
        self.actions_.refresh()

    def rows_read(self, rows: list) -> None:  # type: ignore[type-arg]
        """More assets are listed."""
        self.assets.append(rows)
        if rows and self.session.export is not None and self.session.reading.is_listing:
            self.assets.set_listing(True, rows[-1].end, self.session.export.bytes)
        self.palette_.names.extend(name_of(row) for row in rows)
        self._show_position()

    def listing_ended(self) -> None:
        """All assets are listed, or listing was stopped."""
        self.assets.set_listing(False)
        self._show_position()

    def _show_position(self) -> None:
        export, asset = self.session.export, self.session.state.place.asset
        if export is None or asset is None or asset >= len(export.rows):
            self.header.show_asset(None, 0, "")
        else:
            self.header.show_asset(asset + 1, len(export.rows), name_of(export.rows[asset]))

    def _look_at_export(self) -> None:
        export = self.session.export
        if export is not None and self.isActiveWindow() and export.changed and export.path.exists():
            path = export.path
            self.notice_bar.tell(
                self.tr("The export changed on disk."),
                (self.tr("Reload"), lambda: self.session.reload(path)),
            )

    def asset_opened(self, asset: Asset) -> None:
        """The asset is read: its history and its facts; the picture follows."""
        self.timeline.show_task(asset.tasks[0], self._visits())
        self.view_bar.show_asset(asset)
        self._show_details()
        self.jumps.show_issues()
        self.actions_.refresh()

    def step_asset(self, step: int) -> None:
        """The next (1) or previous (-1) asset of those that the filter leaves."""
        asset = self.assets.model.neighbour(self.session.state.place.asset, step)
        if asset is not None:
            self.session.open_asset(asset)

    def document_opened(self, opened: Opened) -> None:
        """The file of the asset is open: how many pages it has, and how they are counted."""
        self.page_bar.set_pages(self.session.page_count)
        self.page_bar.set_mapping(opened.facts, self.session.loader.options)
        self._show_page_number()
        self._show_details()
        warnings = opened.facts.get("warnings")
        self.notice_bar.tell(str(warnings[0]) if isinstance(warnings, list | tuple) and warnings else "")

    # ---- states and pages --------------------------------------------------------------------------------

    def state_changed(self, before: ViewState, after: ViewState) -> None:
        """Bring to every region what differs between two states."""
        place = after.place
        if place.asset != before.place.asset:
            self.assets.show_asset(place.asset)
            self.page_bar.hide()
            self.view_bar.clear()
            self.timeline.show_task(None)
            self.status.media.setText("")
            self.notice_bar.tell("")
            self._show_position()
            if place.asset is not None:
                self.compare.clear()
                self.inspector.clear()
        if place.page != before.place.page:
            self._show_page_number()
        if place.task != before.place.task and self.session.task is not None:
            self.timeline.show_task(self.session.task)
            self.jumps.show_issues()
        if (place.stage, place.task) != (before.place.stage, before.place.task):
            self._show_stage()
        if after.selection != before.selection:
            self.compare.set_selection([after.selection] if after.selection else [])
            self.inspector.mark(after.selection)
            self.page_bar.set_keys(self.session.key_frames())
        look = after.look
        self.compare.set_look(look)
        self.view_bar.show_look(look, self.session.loader.fill)
        self.actions_.refresh()

    def _show_stage(self) -> None:
        snapshot = self.session.snapshot
        if snapshot is not None:
            self.stages.mark()
            self._show_details()

    def page_shown(self, scene: Scene, content: PageContent) -> None:
        """Pixels and labels of one page, from one state."""
        self.comparing.show(scene, content)
        self.canvas.setAccessibleName(
            self.tr("Page {0} of {1}, {2} labels, {3}").format(
                scene.page + 1, self.session.page_count, len(scene.store), self._stage_name()
            )
        )
        selection = self.session.state.selection
        self.compare.set_selection([selection] if selection else [])
        self.view_bar.show_kind(content.kind)
        self.show_scene(scene)
        self._show_page_number()

    def show_scene(self, scene: Scene) -> None:
        """The labels of the page, with or without its picture."""
        look = self.session.state.look
        s = self.session
        self.inspector.show_scene(scene, s.snapshot, s.task, s.asset, look, s.state.selection)
        self.inspector.offer_stage(filled_stage(s.task, s.snapshot, self._visits()))
        self.status.media.setText(media_text(scene, s.loader.facts))
        self.show_zoom()
        self.jumps.show_pins()
        self.jumps.show_corners()
        self.view_bar.show_count(len(scene.placed), scene.hidden)
        self._show_stage()
        self.actions_.refresh()

    def _leave_start(self) -> None:
        if self.regions.start_shown:
            self.regions.show_start(False)
            self.status.set_open(True)
            self.canvas.setFocus()

    def failed(self, failure: Failure) -> None:
        """Why there is no picture, with the ways out."""
        self._leave_start()
        self.compare.set_message(failure.title, failure.text, self.ways_out.of(failure), words_of(failure))
        self.status.media.setText("")
        self.show_zoom()
        self.page_bar.set_pages(self.session.page_count)
        self._show_page_number()
        self.actions_.refresh()

    def waiting(self, text: str) -> None:
        """Something is under way for longer than one notices."""
        if self.canvas.content is None:
            cancel = Way(self.tr("Cancel"), self.session.cancel, "x")
            self.compare.set_message(text, "", (cancel,), Words("download"))
            self.show_zoom()
        else:
            self.compare.set_waiting(text)

    def detail_made(self, raster: Raster, key: object) -> None:
        """A sharper part of the page shown."""
        self.compare.add_detail(raster, key=key)

    def show_zoom(self) -> None:
        """How large the page is; nothing where there is none."""
        self.view_bar.show_zoom(self.canvas.view.scale if self.canvas.content is not None else None)

    def _visits(self) -> Sequence[Visit]:
        """What the index knows of the first task's stages."""
        export, asset = self.session.export, self.session.asset
        return () if export is None or asset is None else export.rows[asset.index].visits

    # ---- texts -------------------------------------------------------------------------------------------

    def _stage_name(self) -> str:
        task, snapshot = self.session.task, self.session.snapshot
        if task is None or snapshot is None:
            return ""
        names, reference = stage_names(task.snapshots), self.session.state.place.reference
        if reference is None or reference >= len(names):
            return names[snapshot.index]
        return self.tr("{0}, compared with {1}").format(names[snapshot.index], names[reference])

    def _show_page_number(self) -> None:
        page = self.session.state.place.page
        text = number_text(self.session.loader.info_of(page), self.session.loader.facts)
        self.page_bar.set_page(page, text, playing=self.session.is_playing)

    def playing_changed(self, _on: bool) -> None:
        """Playing, its speed or its loop changed."""
        self.page_bar.set_speed(self.session.speed, loop=self.session.is_looping)
        self._show_page_number()

    def _show_details(self) -> None:
        s = self.session
        if s.asset is not None and s.task is not None and s.snapshot is not None and s.labels is not None:
            answers = timeline_of(s.asset, s.labels, s.state.look).answers_on_page(s.state.place.page)
            self.inspector.show_asset(s.asset, s.task, s.snapshot, s.loader.facts, answers)

    def problems_changed(self) -> None:
        """The problems of the asset and the export, counted and listed."""
        problems = self.session.problems
        self.inspector.show_problems(problems)
        self.status.facts.setText(self.tr("{0} problems").format(len(problems)) if problems else "")
        self.status.facts.updateGeometry()

    def hovered(self, object_id: str | None, point: QPointF | None) -> None:
        """The label under the pointer, and where that is in the page."""
        self.hovered_id = object_id
        self.status.pointer.setText("" if point is None else f"x {point.x():.1f}   y {point.y():.1f}")

    def tell(self, text: str) -> None:
        """A sentence that is no reason to interrupt."""
        self.notifications.tell(text)

    def tell_unexpected(self, error: BaseException) -> None:
        """A defect of the program: say it and go on."""
        text = self.tr("Something unexpected happened ({0}). The log says more.").format(type(error).__name__)
        self.notifications.tell(text, (self.tr("Show log"), self.actions_.show_log), stays=True)

    def issues_loaded(self) -> None:
        """Issues were joined to the tasks."""
        self.assets.set_open_issues(self.session.tasks_with_open_issues())
        self.jumps.show_issues()
        self.jumps.show_pins()

    # ---- events ------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        self.resize(1600, 1000)
        geometry = self._settings.value("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        self.regions.restore(self._settings)
        self.inspector.restore(self._settings)
        self.timeline.restore(self._settings)

    def showEvent(self, event: QShowEvent) -> None:
        """The keys belong to the page from the start."""
        super().showEvent(event)
        (self.start if self.regions.start_shown else self.canvas).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.regions.fit_to(self.width(), self.height())
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """The system may switch between light and dark at any time."""
        if event.type() == QEvent.Type.ThemeChange:
            self.use_settings()
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """An export, an ontology, issues, or a folder of media: the session finds out."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            for path in paths[:3]:
                self.session.take(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let threads, processes and timers end before the window does."""
        if not self.isFullScreen():
            self._settings.setValue("geometry", self.saveGeometry())
        self.regions.save(self._settings)
        self.inspector.save(self._settings)
        self.timeline.save(self._settings)
        self._changed.stop()
        pictures, through = self.stages.pictures, self.through_stages
        for part in (self.whole, self.missing, self.session, self.comparing, pictures, through, self.compare):
            part.close()
        super().closeEvent(event)

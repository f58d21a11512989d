"""The window: where the views stand, and which signal goes to which. What happens is the session's."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter, QVBoxLayout, QWidget

from viewer.decoders.base import Raster
from viewer.errors import one_line
from viewer.export import Export
from viewer.limits import TEXT_SHOWN
from viewer.model import Asset
from viewer.state import ViewState
from viewer.ui.canvas import Canvas, PageContent
from viewer.ui.failures import Failure
from viewer.ui.page_bar import PageBar
from viewer.ui.panels import describe
from viewer.ui.panels.asset_list import AssetList
from viewer.ui.panels.inspector import Inspector
from viewer.ui.scene import Scene, timeline_of
from viewer.ui.session import Session
from viewer.ui.stage_bar import StageBar, stage_names
from viewer.ui.window_actions import WindowActions
from viewer.workers import Opened

WINDOW_STEP = 4.0
"""Modality units for each pixel that the VOI window is dragged (radiology viewers' usual gain for CT)."""


class MainWindow(QMainWindow):
    """Asset list | canvas with stage, task and page bars | inspector."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setWindowTitle("ango-viewer")
        self.setAcceptDrops(True)
        self.resize(1600, 1000)
        self.setMinimumSize(1024, 680)
        self.assets = AssetList(self)
        self.canvas = Canvas(self)
        self.page_bar = PageBar(self)
        self.stages = StageBar(self)
        self.inspector = Inspector(self)
        self._lay_out()
        self.actions_ = WindowActions(self, session)
        self._connect()
        self._show_start()

    def _lay_out(self) -> None:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stages)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.page_bar)
        self.page_bar.hide()
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for widget, width, stretch in ((self.assets, 288, 0), (middle, 984, 1), (self.inspector, 328, 0)):
            splitter.addWidget(widget)
            splitter.setStretchFactor(splitter.count() - 1, stretch)
            widget.setMinimumWidth(min(width, 220 if widget is self.assets else 280))
        splitter.setSizes([288, 984, 328])
        self.setCentralWidget(splitter)
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self.pointer_text, self.media_text, self.notice = QLabel(self), QLabel(self), QLabel(self)
        for label in (self.pointer_text, self.media_text, self.notice):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.pointer_text.setMinimumWidth(150)
        bar.addWidget(self.pointer_text)
        bar.addWidget(self.media_text, 1)
        bar.addPermanentWidget(self.notice)

    def _connect(self) -> None:
        s, c = self.session, self.canvas
        s.export_opened.connect(self._export_opened)
        s.rows_read.connect(self.assets.append)
        s.listing_ended.connect(self._listing_ended)
        s.asset_opened.connect(self._asset_opened)
        s.state_changed.connect(self._state_changed)
        s.document_opened.connect(self._document_opened)
        s.page_shown.connect(self._page_shown)
        s.labels_placed.connect(self._show_scene)
        s.failed.connect(self._failed)
        s.waiting.connect(self._waiting)
        s.detail_made.connect(self._detail_made)
        s.noticed.connect(self.tell)
        s.problems_changed.connect(self._problems_changed)
        s.playing_changed.connect(lambda _on: self._show_page_number())
        s.step_asset.connect(self._step_asset)
        self.assets.asset_chosen.connect(s.open_asset)
        self.stages.stage_chosen.connect(s.show_stage)
        self.stages.task_chosen.connect(s.choose_task)
        self.inspector.object_chosen.connect(s.select)
        self.page_bar.page_wanted.connect(s.go_to_page)
        self.page_bar.asked.connect(lambda name: getattr(s, name)())
        self.page_bar.mapping_chosen.connect(s.reread)
        c.selection_requested.connect(s.select)
        c.object_activated.connect(lambda object_id: c.zoom_to_labels([object_id]))
        c.hovered.connect(self._hovered)
        c.window_dragged.connect(self._window_dragged)
        c.page_step_requested.connect(lambda step: s.go_to_page(s.state.place.page + step))
        c.detail_wanted.connect(s.loader.want_detail)
        c.space_tapped.connect(s.play)
        c.failed.connect(self.tell)
        c.menu_requested.connect(self.actions_.show_canvas_menu)
        c.set_card_text(self._card_text)

    # ---- exports and assets ------------------------------------------------------------------------------

    def _show_start(self) -> None:
        self.canvas.set_message(
            self.tr("Open an Ango Hub export"),
            self.tr("Drop a JSON, NDJSON or ZIP export here, or choose one. Nothing in it is ever changed."),
            (
                (self.tr("Open export…"), self.actions_.choose_export),
                (self.tr("Open the demo"), self.session.open_demo),
            ),
        )

    def _export_opened(self, export: Export) -> None:
        self.assets.reset()
        self.setWindowTitle(f"{one_line(export.path.name)} – ango-viewer")
        self.canvas.clear()
        self.actions_.refresh()

    def _listing_ended(self) -> None:
        self.assets.tell_count(listing=False)

    def _asset_opened(self, asset: Asset) -> None:
        self.stages.show_asset(asset)
        self.inspector.show_raw(asset.raw)
        self._show_details()

    def _step_asset(self, step: int) -> None:
        asset = self.assets.model.neighbour(self.session.state.place.asset, step)
        if asset is not None:
            self.session.open_asset(asset)

    def _document_opened(self, opened: Opened) -> None:
        self.page_bar.set_pages(self.session.page_count)
        self.page_bar.set_mapping(opened.facts, self.session.loader.options)
        self._show_page_number()
        self._show_details()

    # ---- states and pages --------------------------------------------------------------------------------

    def _state_changed(self, before: ViewState, after: ViewState) -> None:
        place = after.place
        if place.asset != before.place.asset:
            self.assets.show_asset(place.asset)
            self.page_bar.hide()
            self.stages.clear()
            self.media_text.clear()
            if place.asset is not None:
                self.canvas.clear()
                self.inspector.show_labels((), (), lambda _annotation: "", None)
                self.inspector.show_selected((), None)
        if place.page != before.place.page:
            self._show_page_number()
        if (place.stage, place.task) != (before.place.stage, before.place.task):
            self._show_stage()
        if after.selection != before.selection:
            self.canvas.set_selection([after.selection] if after.selection else [])
            self.inspector.mark(after.selection)
            self._show_selected()
        look = after.look
        self.canvas.set_tags_mode(look.tags)
        self.canvas.set_labels_visible(look.labels)
        self.canvas.set_all_relations(look.all_relations)
        self.actions_.refresh()

    def _show_stage(self) -> None:
        snapshot = self.session.snapshot
        if snapshot is not None:
            self.stages.mark(self.session.state.place.task, snapshot.index)
            self._show_details()

    def _page_shown(self, scene: Scene, content: PageContent) -> None:
        self.canvas.show_page(content)
        self.canvas.setAccessibleName(
            self.tr("Page {0} of {1}, {2} labels, {3}").format(
                scene.page + 1, self.session.page_count, len(scene.store), self._stage_name()
            )
        )
        selection = self.session.state.selection
        self.canvas.set_selection([selection] if selection else [])
        self._show_scene(scene)
        self._show_media(scene)
        self._show_page_number()

    def _show_scene(self, scene: Scene) -> None:
        self.inspector.show_labels(scene.placed, scene.relations, scene.colour_of, self.session.state.selection)
        self._show_selected()
        self._show_stage()
        self.actions_.refresh()

    def _failed(self, failure: Failure) -> None:
        choices: list[tuple[str, Callable[[], object]]] = []
        if failure.code == "asset" or failure.code == "export":
            if failure.code == "export":
                choices.append((self.tr("Open export…"), self.actions_.choose_export))
        elif failure.can_retry and failure.code == "Encrypted":
            choices.append((self.tr("Enter password…"), self.actions_.ask_password))
        elif failure.can_retry:
            choices.append((self.tr("Try again"), self.session.retry))
            asset = self.session.asset
            if failure.code in ("worker", "Corrupt") and asset is not None and asset.kind == "pdf":
                choices.append((self.tr("Other engine"), self.actions_.other_engine))
            choices.append((self.tr("Locate file…"), self.actions_.locate_file))
            choices.append((self.tr("Look in folder…"), self.actions_.look_in_folder))
        self.canvas.set_message(failure.title, failure.text, choices)
        self.media_text.clear()
        self.page_bar.set_pages(self.session.page_count)
        self._show_page_number()
        self.actions_.refresh()

    def _waiting(self, text: str) -> None:
        if self.canvas.content is None:
            self.canvas.set_message(text, "", ((self.tr("Cancel"), self.session.cancel),))
        else:
            self.canvas.set_waiting(text)

    def _detail_made(self, raster: Raster, key: object) -> None:
        self.canvas.add_detail(raster, key=key)

    # ---- texts -------------------------------------------------------------------------------------------

    def _stage_name(self) -> str:
        task, snapshot = self.session.task, self.session.snapshot
        return "" if task is None or snapshot is None else stage_names(task)[snapshot.index]

    def _show_page_number(self) -> None:
        session = self.session
        page = session.state.place.page
        parts = []
        info = session.loader.info_of(page)
        if info is not None and info.frame is not None:
            parts.append(self.tr("frame {0}").format(f"{info.frame + 1:,}"))
        if info is not None and info.seconds is not None:
            parts.append(f"{int(info.seconds) // 60:02d}:{info.seconds % 60:06.3f}")
        position = info.facts.get("position_along_normal_mm") if info is not None else None
        if isinstance(position, int | float):
            parts.append(f"z {position:.2f} mm")
        self.page_bar.set_page(page, " · ".join(parts), playing=session.is_playing)

    def _show_media(self, scene: Scene) -> None:
        info = scene.info
        parts = [f"{info.size[0]:g} × {info.size[1]:g}", *info.flags]
        for name in ("codec", "format", "colour", "modality"):
            value = info.facts.get(name) or self.session.loader.facts.get(name)
            if isinstance(value, str):
                parts.insert(1, value)
        warnings = self.session.loader.facts.get("warnings")
        if isinstance(warnings, list | tuple) and warnings:
            parts.append(str(warnings[0]))
        self.media_text.setText(one_line(" · ".join(parts))[:TEXT_SHOWN])

    def _show_details(self) -> None:
        s = self.session
        if s.asset is not None and s.task is not None and s.snapshot is not None and s.labels is not None:
            answers = timeline_of(s.asset, s.labels, s.state.look).answers_on_page(s.state.place.page)
            groups = describe.asset_groups(s.asset, s.task, s.snapshot, s.loader.facts, answers)
            issues = s.issues.get(s.task.task_id or "", ())
            if issues:
                groups.append((self.tr("Issues"), [describe.issue_fields(issue) for issue in issues]))
            self.inspector.show_asset(groups)

    def _show_selected(self) -> None:
        scene, selection = self.session.scene, self.session.state.selection
        if scene is None or selection is None:
            self.inspector.show_selected((), self.session.asset.raw if self.session.asset is not None else None)
            return
        placed = next((p for p in scene.placed if p.annotation.object_id == selection), None)
        if placed is not None:
            self.inspector.show_selected(describe.label_groups(placed.annotation, placed), placed.annotation.raw)
            return
        relation = next((r for r in scene.relations if r.object_id == selection), None)
        labels = self.session.labels
        if relation is not None and labels is not None:
            names = {a.object_id: a.title or a.key for a in labels.annotations}
            names |= {r.object_id: r.title for r in labels.relations}
            self.inspector.show_selected(describe.relation_groups(relation, names), relation.raw)

    def _problems_changed(self) -> None:
        self.inspector.show_problems(self.session.problems)
        self._show_details()

    def _hovered(self, object_id: str | None, point: QPointF | None) -> None:
        self.pointer_text.setText("" if point is None else f"x {point.x():.1f}  y {point.y():.1f}")

    def _card_text(self, object_id: str) -> str:
        """Rich text for the hover card. All text from the export is escaped."""
        scene = self.session.scene
        placed = None if scene is None else next(
            (p for p in scene.placed if p.annotation.object_id == object_id), None
        )  # fmt: skip
        if placed is None:
            return ""
        a = placed.annotation
        lines = [f"<b>{html.escape(one_line(a.title or 'no title')[:200])}</b> &nbsp; {html.escape(a.key)}"]
        lines += [
            html.escape(one_line(f"{c.title}: {describe.answer_text(c.answer)}")[:200]) for c in a.classifications[:6]
        ]
        made = describe.edits_text(a.created)
        if made:
            lines.append(f"<span>{html.escape(made[:200])}</span>")
        return "<br>".join(lines)

    def _window_dragged(self, dx: float, dy: float) -> None:
        window = self.session.state.look.window or self.session.loader.window
        if window is not None:
            gain = max(window[1] / 512.0, WINDOW_STEP / 16.0)
            self.session.set_window((window[0] + dy * gain, window[1] + dx * gain))

    def tell(self, text: str) -> None:
        """A sentence that is no reason to interrupt."""
        self.notice.setText(one_line(text)[:TEXT_SHOWN])
        self.notice.setToolTip(html.escape(text[:TEXT_SHOWN]))

    def tell_unexpected(self, error: BaseException) -> None:
        """A defect of the program: say it, offer the details, go on."""
        self.tell(self.tr("Something unexpected happened ({0}). The log says more.").format(type(error).__name__))

    # ---- events ------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """An export, or a folder with one."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.session.open_export(paths[0])
            event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let threads, processes and timers end before the window does."""
        self.canvas.close()
        self.session.close()
        super().closeEvent(event)

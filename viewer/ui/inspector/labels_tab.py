"""The tab of labels: filter and grouping over the list, the selected label below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.model import TRACKED_KINDS, Annotation, Asset, Relation, Snapshot, Task
from viewer.state import Look
from viewer.tracks import Placed, Timeline
from viewer.ui import theme
from viewer.ui.inspector import facts
from viewer.ui.inspector.filter_row import FilterField, GroupingButton
from viewer.ui.inspector.json_text import laid_out
from viewer.ui.inspector.label_rows import EMPTY, LabelModel, colour_in
from viewer.ui.inspector.label_view import LabelView
from viewer.ui.inspector.listing import Grouping, list_page, list_pages, list_tracks, relation_text
from viewer.ui.inspector.names import Names, title_of
from viewer.ui.inspector.selected import SelectedBlock
from viewer.ui.inspector.words import state_text
from viewer.ui.scene import Scene, timeline_of
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.splitter import LineSplitter

TYPED_MS = 60
BLOCK, TALLEST, SHARE = 250, 520, 0.45
"""Height of the selected label's block: its share of the tab, within limits, until somebody drags it."""
COMPACT_BLOCK = 112


class LabelsTab(QWidget):
    """Shows a scene; what is selected and hidden is the session's."""

    jump_wanted = Signal(object)
    json_wanted = Signal()
    stage_wanted = Signal(int)
    selection_told = Signal()
    """What is selected has another raw JSON now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grouping: Grouping = "class"
        self.scene: Scene | None = None
        self.snapshot: Snapshot | None = None
        self.names = Names()
        self._timeline: Timeline | None = None
        self._asset: Asset | None = None
        self._task: Task | None = None
        self._selection: str | None = None
        self._told: str | None = None
        self._history: tuple[frozenset[str], Sequence[facts.Fact]] = (frozenset(), ())
        self._block = BLOCK
        self._is_dragged = False
        self.filter = FilterField(self.tr("Filter labels"), self)
        self.filter.setToolTip(self.tr("Class, answer, #number or object id"))
        self.button = GroupingButton(self)
        self.model = LabelModel(self)
        self.view = LabelView(self.model, self)
        self.setFocusProxy(self.view)
        self.note = Text("", self, pixels=theme.SECOND_PX, tone="text2", elide=Qt.TextElideMode.ElideRight)
        self._stage: tuple[int, str, int] | None = None
        self.stage_button = FlatButton("", self, look="framed")
        self.stage_button.clicked.connect(lambda: self.stage_wanted.emit(self._stage[0] if self._stage else 0))
        self.selected = SelectedBlock(self)
        upper = QWidget(self)
        bar = QWidget(upper)
        bar.setFixedHeight(44)
        bar.setLayout(row(self.filter, self.button, spacing=6, margins=(theme.SPACE_M, 8)))
        self._note_row = QWidget(upper)
        self._note_row.setLayout(
            column(self.note, row(self.stage_button, None), spacing=theme.SPACE_S, margins=(theme.SPACE_M, 8))
        )
        upper.setLayout(column(bar, self._note_row, self.view))
        self.splitter = LineSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(self.selected)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([400, BLOCK])
        self.splitter.splitterMoved.connect(lambda _at, _handle: setattr(self, "_is_dragged", True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(TYPED_MS)
        self._typed.timeout.connect(self._filter_now)
        self.filter.textChanged.connect(lambda _text: self._typed.start())
        self.filter.returnPressed.connect(self._to_list)
        self.filter.down.connect(self._to_list)
        self.view.typed.connect(self._type)
        self.button.chosen.connect(self.group_by)
        self.selected.jump_wanted.connect(self.jump_wanted)
        self.selected.json_wanted.connect(self.json_wanted)
        self.selected.more_wanted.connect(lambda on: self._set_block(max(self._block, BLOCK) if on else COMPACT_BLOCK))
        self._tell_empty()

    # ---- what is shown -----------------------------------------------------------------------------------

    def show_scene(
        self, scene: Scene | None, snapshot: Snapshot | None, task: Task | None, asset: Asset | None, look: Look,
        selection: str | None,
    ) -> None:  # fmt: skip
        """The labels of a page. The same labels as before are not listed anew, only drawn as they are now."""
        self.scene = self.model.scene = scene
        self._asset, self._task, self._selection = asset, task, selection
        timeline = None
        if scene is not None and snapshot is not None and asset is not None:
            timeline = timeline_of(asset, snapshot.labels, look)
        if timeline is not self._timeline or snapshot is not self.snapshot:
            self._timeline, self.snapshot = timeline, snapshot
            self.names = Names(timeline, () if snapshot is None or scene is None else snapshot.labels.relations)
            self.model.forget_searched()
            self._offer()
        same = (
            scene is not None
            and self.model.listing.names is self.names
            and self.model.listing.grouping == self.button.grouping
            and (
                self.model.listing.replace(scene.placed)
                if self.model.listing.grouping not in ("track", "page")
                else self.model.listing.entries
            )
        )
        if scene is not None:
            self.model.listing.open_page = scene.page
        self.view.look_changed(look)
        if not same:
            self._list()
        self.mark(selection)

    def _offer(self) -> None:
        """Ways of grouping that mean something here; one that does not is by class until it does."""
        tracked = self._asset is not None and self._asset.kind in TRACKED_KINDS
        over: Grouping = "track" if tracked else "page"
        self.button.offered = ("class", "tool", over, "person")
        self.button.tell(self.grouping if self.grouping in self.button.offered else "class")
        self.filter.setPlaceholderText(self.tr("Filter tracks") if tracked else self.tr("Filter labels"))

    def _list(self) -> None:
        listing, scene, timeline = EMPTY, self.scene, self._timeline
        grouping = self.button.grouping
        if scene is not None:
            if grouping == "track" and timeline is not None:
                listing = list_tracks(timeline, scene.relations, self.names)
            elif grouping == "page" and timeline is not None:
                listing = list_pages(timeline, scene.relations, self.names)
            else:
                tracked = self._asset is not None and self._asset.kind in TRACKED_KINDS
                way: Grouping = grouping if grouping in ("class", "tool", "person") else "class"
                listing = list_page(scene.placed, scene.relations, way, self.names, tracked=tracked)
            listing.open_page = scene.page
        if not listing.entries and not self.model.rows:
            self.model.listing = listing
        else:
            self.model.show_listing(listing)
        self._tell_empty()

    def _tell_empty(self) -> None:
        """Why the list is empty."""
        text, offered = "", False
        if self.model.needle and not self.model.matches:
            text = self.tr('No label matches "{0}".').format(self.filter.text().strip()[:80])
        elif self.scene is not None and not self.model.rows:
            text = self.tr("No labels on this page.")
            if self.snapshot is not None and not self.snapshot.labels.count:
                text = self.tr("No labels in this stage.")
                if self._stage is not None:
                    text += " " + self.tr("{0} has {1}.").format(self._stage[1], f"{self._stage[2]:,}")
                    offered = True
        self.stage_button.setVisible(offered)
        self.note.setText(text)
        self._note_row.setVisible(bool(text))

    def offer_stage(self, stage: tuple[int, str, int] | None) -> None:
        """Where there are labels (index, name, how many), for a stage without any."""
        if stage != self._stage:
            self._stage = stage
            if stage is not None:
                self.stage_button.setText(self.tr("Show {0}").format(stage[1]))
                self.stage_button.setAccessibleName(self.stage_button.text())
                self.stage_button.updateGeometry()
            self._tell_empty()

    def set_compact(self, on: bool) -> None:
        """In a low window the block of the selected label is two rows and "More"."""
        if on == self.selected.is_compact:
            return
        self.selected.set_compact(on)
        if on:
            self._block = self.splitter.sizes()[1]
        self._set_block(COMPACT_BLOCK if on else self._block)

    def _set_block(self, height: int) -> None:
        whole = max(sum(self.splitter.sizes()), 2 * BLOCK)
        height = max(84, min(height, whole - 150))
        self.splitter.setSizes([whole - height, height])

    def mark(self, selection: str | None) -> None:
        """Another label is selected, or its place on the page changed."""
        self._selection = selection
        self.view.mark(selection)
        self._tell_selected()

    def group_by(self, grouping: Grouping) -> None:
        """Group in another way."""
        self.grouping = grouping
        self.button.tell(grouping if grouping in self.button.offered else "class")
        self._list()
        self.view.mark(self._selection, reveal=True)

    # ---- the selected label ------------------------------------------------------------------------------

    def selected_entry(self) -> Placed | Annotation | Relation | None:
        """The selected label as it lies on this page, else as exported first, or the relation."""
        scene, selection = self.scene, self._selection
        if scene is None or selection is None:
            return None
        at = self.model.listing.find(selection)
        if at is not None and isinstance(self.model.listing.entries[at], Placed | Relation):
            return self.model.listing.entries[at]
        placed = next((p for p in scene.placed if p.annotation.object_id == selection), None)
        return placed if placed is not None else self.names.first(selection)

    def _tell_selected(self) -> None:
        entry = self.selected_entry()
        scene = self.scene
        if entry is None or scene is None:
            if not self.selected.is_empty:
                self.selected.clear()
            self._told = None
            self.selection_told.emit()
            return
        same, self._told = self._told == self._selection, self._selection
        stages = facts.stages_of(self._task)
        names = self.names
        target = entry.annotation if isinstance(entry, Placed) else entry
        copies: list[tuple[str, Callable[[], str], str]] = [
            (self.tr("Object id"), lambda: target.object_id, self.tr("The object id is copied.")),
            (self.tr("JSON"), lambda: json_of(target.raw),
             self.tr("The JSON is copied; links are copied without their signature.")),
        ]  # fmt: skip
        if isinstance(target, Relation):
            rows: Sequence[facts.Fact] = facts.relation_facts(target, names)
            colour = scene.colours.get(target.schema_id, "")
            chip = self.tr("group") if target.group is not None else self.tr("relation")
            copies.insert(1, (self.tr("Ends"), lambda: relation_text(target, names), self.tr("The ends are copied.")))
        else:
            placed = entry if isinstance(entry, Placed) else None
            tracked = self._asset is not None and self._asset.kind in TRACKED_KINDS
            rows = facts.label_facts(
                target, placed, stages=stages, tracked=tracked, relations=scene.relations, names=names
            )
            if target.object_id in self._history[0]:
                rows = facts.with_history(rows, self._history[1])
            colour = colour_in(scene, target)
            chip = ""
            if tracked:
                chip = state_text(placed.state) if placed is not None else self.tr("not on this page")
            copies.append(
                (self.tr("Geometry"), lambda: facts.geometry_text(target), self.tr("The geometry is copied as JSON."))
            )
        self.selected.tell(
            colour=colour, name=title_of(target), number=names.number(target.object_id), chip=chip, facts=rows,
            copies=copies, same=same,
        )  # fmt: skip
        self.selection_told.emit()

    def show_history(self, ids: frozenset[str], history: Sequence[facts.Fact], pictures: Mapping[int, QPixmap]) -> None:
        """What happened to a label through the stages, in which it may have had several `ids`."""
        self._history = (ids, history)
        self.selected.facts.set_pictures(pictures)
        if self._selection in ids:
            self._tell_selected()

    # ---- filter ------------------------------------------------------------------------------------------

    def _filter_now(self) -> None:
        self._typed.stop()
        self.model.set_needle(self.filter.text())
        self._tell_empty()
        if self._selection is not None:
            self.view.mark(self._selection)

    def _to_list(self) -> None:
        if self._typed.isActive():
            self._filter_now()
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        if not self.view.currentIndex().isValid() and self.model.rows:
            self.view.setCurrentIndex(self.model.index(0, 0))

    def _type(self, text: str) -> None:
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
        self.filter.setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A tall window shows more of the selected label."""
        super().resizeEvent(event)
        if not self._is_dragged and not self.selected.is_compact:
            self._block = max(BLOCK, min(round(self.height() * SHARE), TALLEST))
            self._set_block(self._block)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    # ---- remembered --------------------------------------------------------------------------------------

    def save(self, settings: QSettings) -> None:
        """Grouping and height of the block."""
        settings.setValue("inspector/grouping", self.grouping)
        height = self._block if self.selected.is_compact else self.splitter.sizes()[1]
        settings.setValue("inspector/block", height if self._is_dragged else 0)

    def restore(self, settings: QSettings) -> None:
        """As they were."""
        grouping = settings.value("inspector/grouping", "class")
        for known in ("class", "tool", "track", "person", "page"):
            if known == grouping:
                self.group_by(known)
        try:
            height = int(str(settings.value("inspector/block", 0)))
        except ValueError:
            height = 0
        self._is_dragged = height > 0
        self._block = height or BLOCK
        if not self.selected.is_compact:
            self._set_block(self._block)


def json_of(raw: bytes) -> str:
    """Raw JSON, indented and without signatures."""
    return laid_out(raw).text

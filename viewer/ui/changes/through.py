"""The selected label through the stages: followed in the background, with small pictures, for the inspector."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage, QPixmap

from viewer import state
from viewer.decoders.base import Raster
from viewer.diff import Comparison, compare
from viewer.model import TRACKED_KINDS, Asset, Task
from viewer.overlay.palette import Palette
from viewer.state import Look, ViewState
from viewer.ui.canvas import PageContent
from viewer.ui.changes.crops import crops_of
from viewer.ui.changes.label_stages import LabelStages, facts_of, stages_of_label
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.stage_rows import PICTURE
from viewer.ui.scene import Scene
from viewer.ui.session import Session
from viewer.ui.timeline.step_counts import StepCounts

WAIT_MS = 60
"""A label must be selected for so long: those that are only passed by are not followed."""
KEPT = 64
KEPT_CHANGES = 100_000
"""Comparisons of neighbouring stages that are kept: so many, with so many changes in all."""

Pair = tuple[int, int]
Key = tuple[int, int, int, int]
"""(asset, task, a, b)"""


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    """All that a thread needs."""

    key: tuple[int, int]
    asset: Asset
    task: Task
    object_id: str
    shown: int
    reference: int | None
    page: int
    look: Look
    known: dict[Pair, Comparison]
    scene: Scene | None
    raster: Raster | None
    """The picture of the page; None where there is none."""
    palette: Palette
    ratio: float


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    stages: LabelStages
    crops: dict[int, QImage]
    made: dict[Pair, Comparison]


class ThroughStages(QObject):
    """Follows the selection. Comparisons of neighbouring stages are made once, or taken from the timeline's."""

    def __init__(self, session: Session, counts: StepCounts, inspector: InspectorPanel) -> None:
        super().__init__(inspector)
        self._session, self._inspector = session, inspector
        self._kept: OrderedDict[Key, Comparison] = OrderedDict()
        self._content: PageContent | None = None
        self._round = 0
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._begin)
        counts.compared.connect(lambda asset, task, pair, made: self._keep((asset, task, *pair), made))
        session.export_opened.connect(lambda _export: self._forget())
        session.state_changed.connect(self._state_changed)
        session.page_shown.connect(self._page_shown)
        session.labels_placed.connect(lambda _scene: self._page_shown(None, None))
        inspector.tabs.currentChanged.connect(lambda _tab: self._wait.start())

    def close(self) -> None:
        """Nothing more begins, and the picture is given back: it lies in memory shared with a reader."""
        self._wait.stop()
        self._round += 1
        self._content = None

    def _forget(self) -> None:
        self._kept.clear()
        self._content = None
        self._show_nothing()

    def _keep(self, key: Key, made: Comparison) -> None:
        self._kept[key] = made
        self._kept.move_to_end(key)
        total = sum(len(comparison.changes) for comparison in self._kept.values())
        while len(self._kept) > 1 and (len(self._kept) > KEPT or total > KEPT_CHANGES):
            total -= len(self._kept.popitem(last=False)[1].changes)

    def _page_shown(self, _scene: Scene | None, content: PageContent | None) -> None:
        self._content = content
        self._wait.start()

    def _state_changed(self, before: ViewState, after: ViewState) -> None:
        one, two = before.place, after.place
        if (one.asset, one.task) != (two.asset, two.task):
            self._content = None
            self._show_nothing()
        if after.selection != before.selection or one != two:
            self._round += 1  # what is under way is of another label or place
            self._wait.start()

    def _show_nothing(self) -> None:
        self._round += 1
        self._inspector.labels.show_history(frozenset(), (), {})

    def _begin(self) -> None:
        wish = self._wish()
        if wish is None:
            return
        self._round += 1
        round_ = self._round

        def found(result: _Found) -> None:
            for pair, made in result.made.items():
                self._keep((*wish.key, *pair), made)
            if round_ == self._round:
                pictures = {stage: QPixmap.fromImage(image) for stage, image in result.crops.items()}
                self._inspector.labels.show_history(result.stages.ids, facts_of(result.stages, wish.shown), pictures)

        self._session.tasks.run(lambda: _followed(wish), found, slow=True)

    def _wish(self) -> _Wish | None:
        s = self._session
        asset, task, place, selection = s.asset, s.task, s.state.place, s.state.selection
        if asset is None or task is None or selection is None or asset.index != place.asset:
            return None
        if not self._inspector.window().isVisible():
            return None  # the window was closed meanwhile, and its threads with it
        if len(task.snapshots) < 2 or not self._inspector.shows("labels") or s.is_playing:
            return None
        key = (asset.index, place.task)
        known = {(a, b): made for (*of, a, b), made in self._kept.items() if tuple(of) == key}
        scene = s.scene if s.scene is not None and s.scene.page == place.page else None
        content = self._content
        return _Wish(
            key, asset, task, selection, state.snapshot_index(place, len(task.snapshots)), place.reference, place.page,
            s.state.look, known, scene, None if scene is None or content is None else content.raster,
            s.palette, self._inspector.devicePixelRatioF(),
        )  # fmt: skip


def _followed(wish: _Wish) -> _Found:
    """Compare what is not compared yet, as far as the label goes back and on, and cut its pictures. In a thread."""
    made: dict[Pair, Comparison] = {}
    tracked, size = wish.asset.kind in TRACKED_KINDS, wish.asset.size

    def comparison(a: int, b: int) -> Comparison:
        found = wish.known.get((a, b)) or made.get((a, b))
        if found is None:
            before, after = wish.task.snapshots[a], wish.task.snapshots[b]
            found = made[a, b] = compare(before, after, tracked=tracked, size=size, measures="light")
        return found

    stages = stages_of_label(
        wish.asset, wish.task, wish.object_id, wish.shown, wish.page,
        look=wish.look, comparison=comparison, reference=wish.reference,
    )  # fmt: skip
    crops: dict[int, QImage] = {}
    if wish.scene is not None and wish.raster is not None:
        paper = wish.scene.is_paper
        entries = {s.index: s for s in stages.stages if s.tool is not None and s.entry is not None}
        crops = crops_of(
            wish.raster, wish.scene.space,
            {i: s.tool for i, s in entries.items() if s.tool is not None},
            {i: wish.palette.colour(s.entry.schema_id, paper=paper) for i, s in entries.items() if s.entry is not None},
            shape=PICTURE, ratio=wish.ratio, paper=paper,
        )  # fmt: skip
    return _Found(stages, crops, made)

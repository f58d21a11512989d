"""The session's half of comparing: which stages are wanted, their comparisons, and the page in all of them."""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from viewer import state
from viewer.decoders.base import Raster
from viewer.diff import Comparison, compare
from viewer.model import TRACKED_KINDS, Asset, Snapshot, Task
from viewer.overlay.palette import Palette
from viewer.state import Look, ViewState
from viewer.ui.ahead import Scenes
from viewer.ui.beside import OtherStates
from viewer.ui.canvas import PageContent
from viewer.ui.compare.modes import mode_of
from viewer.ui.compare.pages import LETTERS, ComparedStages, StageWords, stages_of, words_of
from viewer.ui.compared_masks import is_of_masks, with_masks
from viewer.ui.next_stages import NextStages
from viewer.ui.scene import Scene
from viewer.ui.session import Session
from viewer.ui.timeline.cards import stage_names

log = logging.getLogger(__name__)

KEPT = 64
"""Comparisons of the open export that are kept."""
PATIENCE_S = 0.1
"""A page waits so long for its comparison; then it is shown as if nothing had changed until it is there."""
STALE_AFTER_MS = 30
"""Labels of a place that was left are not shown for longer than this."""


Key = tuple[int, int, int, int]
"""(asset, task, a, b)"""


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    """What a page is made from; all that a thread needs."""

    scene: Scene
    content: PageContent
    asset: Asset
    snapshots: tuple[Snapshot, ...]
    """Of A, B, C …"""
    comparisons: tuple[Future[Comparison], ...]
    look: Look
    scenes: Scenes
    palette: Palette
    fill: float
    words: tuple[StageWords, ...]
    brushes: tuple[Raster | None, ...]


class Comparing(QObject):
    """Compares what the state names as A and B, and gives the page shown in all stages that are wanted."""

    comparison_made = Signal(object)
    """`Comparison` of A with B; None while there is none, or while it is under way."""
    single_ready = Signal(object)
    """`PageContent` of a page that is not compared."""
    stages_ready = Signal(object)
    """`ComparedStages`"""
    went_stale = Signal()
    """What is shown belongs to a place that was left; its labels must go before the new ones are there."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session
        self.comparison: Comparison | None = None
        """Of A with B, when it is there."""
        self._made: OrderedDict[Key, Future[Comparison]] = OrderedDict()
        self._refined: dict[Key, Comparison] = {}
        """Those whose brush masks were looked at."""
        self._wanted: Key | None = None
        self._round = 0
        self._shown_generation = -1
        self._unfinished: tuple[Scene, PageContent] | None = None
        self._last: tuple[Scene, PageContent] | None = None
        self.next_stages = NextStages(session, self)
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setInterval(STALE_AFTER_MS)
        self._stale.timeout.connect(self.went_stale)
        self.beside = OtherStates(session, self)
        self._keeps_beside = False
        """The next asset is compared with its state in the other export, too."""
        self.beside.changed.connect(self._beside_changed)
        session.state_changed.connect(self._state_changed)
        session.asset_opened.connect(lambda _asset: self._want())
        session.export_opened.connect(lambda _export: self._forget())

    # ---- steps -------------------------------------------------------------------------------------------

    def choose_mode(self, mode: str) -> None:
        """Another way to look at stages."""
        self._go(state.choose_mode(self._session.state, mode, self._count))

    def toggle_mode(self, mode: str) -> None:
        """A way to look at stages; the same one again leads back to one stage."""
        self.choose_mode("single" if self._session.state.look.mode == mode else mode)

    def pick_a(self, stage: int) -> None:
        """Compare with this stage."""
        self._go(state.pick_a(self._session.state, stage, self._count))

    def pick_b(self, stage: int) -> None:
        """Show this stage, as B when two are compared."""
        self._go(state.pick_b(self._session.state, stage, self._count))

    def pick_beside(self, number: int) -> None:
        """Compare with a state beside this task: of another task of the asset, or of another export."""
        self._go(state.pick_beside(self._session.state, number, self._count))

    def swap(self) -> None:
        """A and B change places."""
        self._go(state.swap(self._session.state, self._count))

    def toggle_link(self) -> None:
        """Panes move together, or each alone."""
        self._go(state.toggle_link(self._session.state))

    def toggle_pane(self, stage: int) -> None:
        """One more stage side by side, or one less."""
        self._go(state.toggle_pane(self._session.state, stage, self._count))

    def all_panes(self) -> None:
        """All stages side by side, or only two again."""
        self._go(state.all_panes(self._session.state, self._count))

    def _go(self, after: ViewState) -> None:
        self._session.go(after)

    @property
    def _count(self) -> int:
        task = self._session.task
        return 0 if task is None else len(task.snapshots)

    @property
    def stages(self) -> tuple[int, int]:
        """A and B as they are counted; A is B while nothing is compared."""
        place = self._session.state.place
        b = state.snapshot_index(place, self._count)
        return (b if place.reference is None else place.reference), b

    def snapshot(self, index: int) -> Snapshot | None:
        """A stage of the open task, or (from their number on) a state beside it; None while there is none."""
        task = self._session.task
        if task is None or index < len(task.snapshots):
            return None if task is None else task.snapshots[index]
        number = index - len(task.snapshots)
        return self.beside.states[number].snapshot if number < len(self.beside.states) else None

    def _beside_changed(self) -> None:
        """Other states: a comparison with them is made anew, or taken up again in the next asset."""
        count = self._count
        for key in [key for key in self._made if key[2] >= count]:
            del self._made[key]
            self._refined.pop(key, None)
        reference = self._session.state.place.reference
        if self.beside.states and self._keeps_beside and reference is None:
            self.pick_beside(self._of_other())
        elif reference is not None and reference >= count:
            self._wanted = None
            self._want()
            if self._last is not None and self._session.scene is self._last[0]:
                self.show(*self._last)

    def _of_other(self) -> int:
        """Which state the other export's current one is."""
        states = self.beside.states
        own = self._session.asset.tasks if self._session.asset is not None else ()
        return next((n for n, b in enumerate(states) if b.task not in own), 0)

    def close(self) -> None:
        """No process is left, and no picture is held: they lie in memory shared with readers."""
        self._round += 1
        self._stale.stop()
        self.next_stages.stop()
        self._unfinished = self._last = None
        self._made.clear()
        self._refined.clear()
        self.beside.close()

    # ---- comparisons -------------------------------------------------------------------------------------

    def of(self, a: int, b: int) -> Future[Comparison]:
        """The comparison of two stages of the open task, as it will be; made once, in a thread."""
        s = self._session
        asset, task, place = s.asset, s.task, s.state.place
        assert asset is not None
        assert task is not None
        key = (asset.index, place.task, a, b)
        future = self._made.get(key)
        if future is None:
            before, after = self.snapshot(a), task.snapshots[b]
            assert before is not None
            tracked, size = asset.kind in TRACKED_KINDS, asset.size
            future = s.tasks.submit_slow(lambda: compare(before, after, tracked=tracked, size=size))
            self._made[key] = future
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
            s.tasks.watch(future, lambda made: self._compared(key, made), lambda error: self._failed(key, error))
        self._made.move_to_end(key)
        return future

    def _compared(self, key: Key, made: Comparison) -> None:
        if key == self._wanted:
            self.comparison = made
            self.comparison_made.emit(made)
            self._look_at_masks()
        if self._unfinished is not None:
            self.show(*self._unfinished)

    def _failed(self, key: Key, error: BaseException) -> None:
        log.error("two stages could not be compared", exc_info=error)
        if key == self._wanted:
            self._session.noticed.emit(
                self.tr("These stages could not be compared ({0}). The log says more.").format(type(error).__name__)
            )

    def _forget(self) -> None:
        self._made.clear()
        self._refined.clear()
        self._want()

    def _state_changed(self, before: ViewState, after: ViewState) -> None:
        if after.place.asset != before.place.asset:
            if self._is_beside(before):
                self._keeps_beside = True
            self._round += 1  # what is under way is of an asset that was left
            self._unfinished = self._last = None
            self._stale.stop()
            self.next_stages.stop()
        elif after.look.mode == "single" or (after.place.reference is not None and not self._is_beside(after)):
            self._keeps_beside = self._keeps_beside and before.place.reference is None
        self._want()

    def _is_beside(self, of: ViewState) -> bool:
        """Whether A is no stage of the open task."""
        return of.place.reference is not None and self._count > 0 and of.place.reference >= self._count

    def _want(self) -> None:
        """Have A compared with B, and say that the comparison before is not the one any more."""
        s = self._session
        place, asset = s.state.place, s.asset
        wanted: Key | None = None
        is_there = place.reference is not None and asset is not None and asset.index == place.asset and self._count
        if is_there and asset is not None and place.reference is not None and self.snapshot(place.reference):
            b = state.snapshot_index(place, self._count)
            wanted = (asset.index, place.task, place.reference, b)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        future = self.of(wanted[2], wanted[3]) if wanted is not None else None
        self.comparison = self._refined.get(wanted) if wanted in self._refined else _result(future)
        self.comparison_made.emit(self.comparison)
        self._look_at_masks()

    def _look_at_masks(self) -> None:
        """Count the pixels of masks that changed, in a thread, when both are here; they may still be on their way."""
        key, made, task = self._wanted, self.comparison, self._session.task
        if key is None or made is None or task is None or key in self._refined:
            return
        before = self.snapshot(key[2])
        if before is None or not any(map(is_of_masks, made.changes)):
            return
        masks = [self._session.loader.brush_of(snapshot) for snapshot in (before, task.snapshots[key[3]])]
        one, two = masks
        if one is None or two is None:
            return
        self._refined[key] = made

        def counted(told: Comparison) -> None:
            self._refined[key] = told
            if key == self._wanted:
                self.comparison = told
                self.comparison_made.emit(told)

        self._session.tasks.run(lambda: with_masks(made, one, two), counted, slow=True)

    # ---- pages -------------------------------------------------------------------------------------------

    def show(self, scene: Scene, content: PageContent) -> None:
        """A page of stage B is there: bring it to the screen, with the same page of the other stages."""
        self._round += 1
        self.next_stages.stop()
        self._unfinished = None
        self._last = (scene, content)
        self._look_at_masks()
        wish = self._wish(scene, content)
        s = self._session
        if wish is None:
            self._stale.stop()
            self._shown_generation = s.state.generation
            self.single_ready.emit(content)
            self.next_stages.after(scene)
            return
        if s.state.generation != self._shown_generation:
            self._stale.start()
        round_, generation = self._round, s.state.generation

        def built(stages: ComparedStages) -> None:
            if round_ == self._round:
                self._stale.stop()
                self._shown_generation = generation
                self._unfinished = None if stages.is_final else (scene, content)
                self.stages_ready.emit(stages)
                self.next_stages.after(scene)
                if not stages.is_final and all(f.done() for f in wish.comparisons):
                    self.show(scene, content)  # it came while the page was made

        def failed(error: BaseException) -> None:
            log.error("a page could not be compared", exc_info=error)
            if round_ == self._round:
                self._stale.stop()
                self.single_ready.emit(content)  # better one stage than none

        s.tasks.run(lambda: _built(wish), built, failed)

    def _wish(self, scene: Scene, content: PageContent) -> _Wish | None:
        s = self._session
        place, asset, task = s.state.place, s.asset, s.task
        a, count = place.reference, self._count
        if s.state.look.mode == "single" or a is None or asset is None or task is None or self.snapshot(a) is None:
            return None
        stages = (a, state.snapshot_index(place, count), *(o for o in place.others if o < count))
        if s.state.look.mode != "side":
            stages = stages[:2]
        has_brush = scene.page == 0 and s.state.look.labels
        words = tuple(words_of(*self._named(task, stage), LETTERS[i % len(LETTERS)]) for i, stage in enumerate(stages))
        snapshots = tuple(found for stage in stages if (found := self.snapshot(stage)) is not None)
        return _Wish(
            scene, content, asset, snapshots,
            tuple(self.of(a, stage) for stage in stages[1:]),
            s.state.look, s.loader.scenes, s.palette, s.loader.fill, words,
            tuple(s.loader.brush_of(snapshot) if has_brush else None for snapshot in snapshots),
        )  # fmt: skip

    def _named(self, task: Task, stage: int) -> tuple[Task, Snapshot, str]:
        """A stage, or a state beside the task, with what to call it."""
        if stage < len(task.snapshots):
            return task, task.snapshots[stage], stage_names(task.snapshots)[stage]
        found = self.beside.states[stage - len(task.snapshots)]
        return found.task, found.snapshot, found.name


def _result(future: Future[Comparison] | None) -> Comparison | None:
    """What is there already."""
    if future is None or not future.done() or future.cancelled() or future.exception() is not None:
        return None
    return future.result()


def _patient(future: Future[Comparison]) -> Comparison | None:
    try:
        return future.result(timeout=PATIENCE_S)
    except FutureTimeout:
        return None
    except Exception:
        return None  # it was told by `_failed`; the page is shown without


def _built(wish: _Wish) -> ComparedStages:
    """Place the labels of every stage on the page and tell what happened to them. In a thread."""
    scenes = [
        wish.scene
        if i == 1
        else wish.scenes.of(
            wish.asset,
            snapshot.labels,
            wish.scene.page,
            wish.scene.info,
            palette=wish.palette,
            look=wish.look,
            fill=wish.fill,
        )
        for i, snapshot in enumerate(wish.snapshots)
    ]
    comparisons = [_patient(future) for future in wish.comparisons]
    made = stages_of(wish.look.mode, wish.content, scenes, comparisons, wish.words, wish.brushes)
    mode_of(wish.look.mode).panes_of(made)  # made here, so that the window has it at once
    return made

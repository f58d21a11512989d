"""What changed from each stage of the open asset to the next: compared in the background, kept for each asset."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from viewer.diff import Comparison, Counts, compare
from viewer.model import TRACKED_KINDS, Asset, Task
from viewer.state import ViewState
from viewer.ui.session import Session
from viewer.ui.timeline.history import Pair
from viewer.ui.timeline.texts import Beside

log = logging.getLogger(__name__)

KEPT = 256
"""Tasks of the open export whose counts are kept."""

Key = tuple[int, int]
"""(asset, task)"""
Step = tuple[Counts, Beside]


class StepCounts(QObject):
    """Counts of the task shown, as they become known. The newest asset wins: the one before is left unfinished."""

    counted = Signal(object, object)
    """(dict[Pair, Counts], dict[Pair, Beside]) of the task shown; may come several times, each time with more."""

    compared = Signal(int, int, object, object)
    """(asset, task, `Pair`, `Comparison`) of each pair that was compared for this: others may need it, too."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session
        self._known: OrderedDict[Key, dict[Pair, Step]] = OrderedDict()
        self._wanted: Key | None = None
        self._round = 0
        session.asset_opened.connect(lambda _asset: self._want())
        session.state_changed.connect(self._state_changed)
        session.export_opened.connect(lambda _export: self._forget())

    def known(self) -> dict[Pair, Counts]:
        """What is known of the task shown."""
        return {} if self._wanted is None else {p: step[0] for p, step in self._known.get(self._wanted, {}).items()}

    def _forget(self) -> None:
        self._known.clear()
        self._want()

    def _state_changed(self, before: ViewState, after: ViewState) -> None:
        if (after.place.asset, after.place.task) != (before.place.asset, before.place.task):
            self._want()

    def _want(self) -> None:
        s = self._session
        asset, task = s.asset, s.task
        self._round += 1  # what is under way is not wanted any more
        if asset is None or task is None or asset.index != s.state.place.asset:
            self._wanted = None
            return
        key = self._wanted = (asset.index, s.state.place.task)
        known = self._known.setdefault(key, {})
        self._known.move_to_end(key)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        if known:
            self._tell(known)
        self._go_on(asset, task, known)

    def _go_on(self, asset: Asset, task: Task, known: dict[Pair, Step], failures: tuple[Pair, ...] = ()) -> None:
        """Compare the next pair that is not known yet, in a thread; one at a time, so that leaving costs little."""
        pair = next((pair for pair in pairs_of(task) if pair not in known and pair not in failures), None)
        if pair is None:
            return
        round_, task_index = self._round, self._session.state.place.task
        before, after = (task.snapshots[i] for i in pair)

        def counted(comparison: Comparison) -> None:
            known[pair] = step_of(comparison)  # it is right, even when the asset was left meanwhile
            self.compared.emit(asset.index, task_index, pair, comparison)
            if round_ == self._round:
                self._tell({pair: known[pair]})
                self._go_on(asset, task, known, failures)

        def failed(error: BaseException) -> None:
            log.error("two stages could not be compared", exc_info=error)
            if round_ == self._round:
                self._go_on(asset, task, known, (*failures, pair))

        self._session.tasks.run(
            lambda: compare(before, after, tracked=asset.kind in TRACKED_KINDS, size=asset.size, measures="light"),
            counted,
            failed,
        )

    def _tell(self, steps: dict[Pair, Step]) -> None:
        self.counted.emit({p: s[0] for p, s in steps.items()}, {p: s[1] for p, s in steps.items()})


def pairs_of(task: Task) -> Iterator[Pair]:
    """Each stage with the next one, the latest first: that is where one looks."""
    last = len(task.snapshots) - 1
    return ((i - 1, i) for i in range(last, 0, -1))


def step_of(comparison: Comparison) -> Step:
    """The numbers of a comparison."""
    subjects = [change.subject for change in comparison.changes]
    return comparison.counts, Beside(subjects.count("classification"), subjects.count("relation"))

"""Brings to the timeline and the view bar which stages are compared, and what is known of that."""

from __future__ import annotations

from PySide6.QtCore import QObject

from viewer import state
from viewer.diff import Comparison
from viewer.state import ViewState
from viewer.ui.comparing import Comparing
from viewer.ui.session import Session
from viewer.ui.timeline import StageTimeline
from viewer.ui.timeline.stage_pictures import StagePictures
from viewer.ui.timeline.step_counts import StepCounts
from viewer.ui.view_bar import ViewBar


class ComparingSteps(QObject):
    """The two regions that name stages: what they choose goes to `Comparing`, what is in force comes back."""

    def __init__(self, session: Session, comparing: Comparing, timeline: StageTimeline, view_bar: ViewBar) -> None:
        super().__init__(comparing)
        self._session, self._comparing = session, comparing
        self._timeline, self._view_bar = timeline, view_bar
        self.counts = StepCounts(session, self)
        self.counts.counted.connect(timeline.set_counts)
        self.pictures = StagePictures(session, timeline)
        for region in (timeline, view_bar):
            region.stage_chosen.connect(comparing.pick_b)
            region.reference_chosen.connect(comparing.pick_a)
        view_bar.beside_chosen.connect(comparing.pick_beside)
        comparing.beside.changed.connect(self._offer_beside)
        view_bar.mode_chosen.connect(comparing.choose_mode)
        view_bar.swap_wanted.connect(comparing.swap)
        view_bar.link_toggled.connect(comparing.toggle_link)
        comparing.comparison_made.connect(self._compared)
        session.state_changed.connect(self._state_changed)

    def mark(self) -> None:
        """Show what is in force; called when the regions have the task."""
        asset, task, place = self._session.asset, self._session.task, self._session.state.place
        if asset is None or task is None or asset.index != place.asset:
            return
        shown = state.snapshot_index(place, len(task.snapshots))
        comparison = self._comparing.comparison
        total = None if comparison is None or place.reference is None else len(comparison.changes)
        self._timeline.mark(shown, place.reference, total, place.others)
        self._view_bar.mark(place.task, shown, place.reference)

    def _state_changed(self, before: ViewState, after: ViewState) -> None:
        if after.place != before.place:
            self.mark()

    def _offer_beside(self) -> None:
        self._view_bar.offer_beside(tuple(found.name for found in self._comparing.beside.states))
        self.mark()

    def _compared(self, comparison: Comparison | None) -> None:
        self.mark()

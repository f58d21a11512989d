"""Brings the changes of the open asset to where they are seen: the inspector's list and the page bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from viewer import state
from viewer.diff import Comparison
from viewer.model import Asset, Change, Snapshot
from viewer.state import Look, ViewState
from viewer.ui.changes.stepping import ChangeSteps
from viewer.ui.comparing import Comparing
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.change_block import Sides
from viewer.ui.inspector.change_listing import ChangeListing
from viewer.ui.inspector.change_words import ORDER, sign_of
from viewer.ui.inspector.names import Names
from viewer.ui.pages import PageBar
from viewer.ui.scene import timeline_of
from viewer.ui.session import Session
from viewer.ui.timeline.cards import stage_names

PATIENCE_MS = 300
"""What takes less is not announced."""

Show = Callable[[ChangeListing, Sides], None]


class ChangesShown(QObject):
    """Follows the comparison of A with B, and the change that is stepped to."""

    listed = Signal()
    """The inspector lists the changes of the comparison in force."""

    def __init__(
        self,
        session: Session,
        comparing: Comparing,
        steps: ChangeSteps,
        inspector: InspectorPanel,
        page_bar: PageBar,
        canvas: QWidget,
    ) -> None:
        super().__init__(inspector)
        self._session, self._comparing, self._steps = session, comparing, steps
        self._inspector, self._page_bar, self._canvas = inspector, page_bar, canvas
        self._round = 0
        self._at: int | None = None
        """The change that is stepped to, in the comparison in force."""
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(PATIENCE_MS)
        self._waiting.timeout.connect(self._tell_waiting)
        tab = inspector.changes
        tab.model.colour_of = self._colour_of
        comparing.comparison_made.connect(self._compared)
        session.asset_opened.connect(lambda _asset: self._tell_none())
        session.state_changed.connect(self._state_changed)
        steps.moved.connect(self._moved)
        tab.change_chosen.connect(steps.show_change)
        tab.page_chosen.connect(lambda change, page: steps.show_change(change, page=page))
        tab.entered.connect(self._entered)
        tab.compare_wanted.connect(lambda: comparing.choose_mode("overlay"))

    def _colour_of(self, schema_id: str) -> str:
        scene = self._session.scene
        return self._session.palette.colour(schema_id, paper=scene is not None and scene.is_paper)

    def _entered(self, change: Change) -> None:
        self._steps.show_change(change)
        self._canvas.setFocus()

    # ---- the comparison ----------------------------------------------------------------------------------

    def _sides(self) -> Sides | None:
        """The names of A and B; None while nothing is compared."""
        s = self._session
        place, asset, task = s.state.place, s.asset, s.task
        if asset is None or task is None or place.reference is None or asset.index != place.asset:
            return None
        names = stage_names(task.snapshots)
        b = state.snapshot_index(place, len(names))
        return Sides(names[place.reference], names[b], asset.size) if place.reference < len(names) else None

    def _compared(self, comparison: Comparison | None) -> None:
        self._round += 1
        self._waiting.stop()
        s = self._session
        task, sides = s.task, self._sides()
        if comparison is None or sides is None:
            self._page_bar.set_changes({})
            if sides is not None:
                self._waiting.start()
                self._inspector.show_no_changes("none", sides)
            elif task is None:
                self._inspector.show_no_changes("none")
            else:
                self._inspector.show_no_changes("single" if len(task.snapshots) > 1 else "no_history")
            return
        self._mark_pages(comparison)
        if not comparison.changes:
            self._inspector.show_no_changes("equal", sides)
            return
        self._inspector.show_changes(len(comparison.changes), lambda show: self._list(comparison, sides, show))

    def _tell_none(self) -> None:
        """Another task: what there is to say while nothing is compared may be another thing now."""
        if self._comparing.comparison is None:
            self._compared(None)

    def _tell_waiting(self) -> None:
        if self._comparing.comparison is None and (sides := self._sides()) is not None:
            self._inspector.show_no_changes("waiting", sides)

    def _list(self, comparison: Comparison, sides: Sides, show: Show) -> None:
        """Name the objects of both stages and group the changes, in a thread."""
        s = self._session
        asset, task, place, look = s.asset, s.task, s.state.place, s.state.look
        if asset is None or task is None or place.reference is None:
            return
        b = state.snapshot_index(place, len(task.snapshots))
        before, after = task.snapshots[place.reference], task.snapshots[b]
        round_, many = self._round, s.page_count > 1

        def listed(listing: ChangeListing) -> None:
            if round_ == self._round:
                show(listing, sides)
                self._mark()
                self.listed.emit()

        s.tasks.run(lambda: listing_of(comparison, asset, before, after, look=look, many_pages=many), listed)

    def _mark_pages(self, comparison: Comparison) -> None:
        round_ = self._round

        def marked(kinds: dict[int, str]) -> None:
            if round_ == self._round:
                self._page_bar.set_changes(kinds)

        self._session.tasks.run(lambda: kinds_by_page(comparison), marked)

    # ---- which change is shown ---------------------------------------------------------------------------

    def _moved(self, at: int | None, _total: int | None) -> None:
        self._at = at
        self._mark()

    def _mark(self) -> None:
        tab = self._inspector.changes
        if not tab.is_listed or tab.model.listing.comparison is not self._comparing.comparison:
            return
        place = self._session.state.place
        if self._at is not None:
            tab.mark(self._at)
        elif self._session.state.selection is not None:
            tab.mark_object(self._session.state.selection, place.page)

    def _state_changed(self, before: ViewState, after: ViewState) -> None:
        if after.place.asset != before.place.asset or after.place.task != before.place.task:
            self._at = None
            self._tell_none()
        if after.selection != before.selection and after.selection is not None:
            tab = self._inspector.changes
            if tab.is_listed and tab.model.listing.comparison is self._comparing.comparison:
                tab.mark_object(after.selection, after.place.page)


def listing_of(
    comparison: Comparison, asset: Asset, before: Snapshot, after: Snapshot, *, look: Look, many_pages: bool
) -> ChangeListing:
    """The changes of a comparison with the names of their objects. Pure; tens of milliseconds for 10,000 labels."""
    names = [Names(timeline_of(asset, s.labels, look), s.labels.relations) for s in (before, after)]
    return ChangeListing(comparison, names[0], names[1], many_pages=many_pages).prepare()


def kinds_by_page(comparison: Comparison) -> dict[int, str]:
    """The weightiest sign of each page on which labels changed, the weightiest pages first."""
    rank = {sign: at for at, sign in enumerate(("removed", "added", *ORDER[2:]))}
    found: dict[int, str] = {}
    for page, changes in comparison.by_page.items():
        signs = {sign_of(change.kind) for change in changes} | {found.get(page or 0, "")} - {""}
        found[page or 0] = min(signs, key=lambda sign: rank.get(sign, len(rank)))
    return dict(sorted(found.items(), key=lambda item: (rank.get(item[1], len(rank)), item[0])))

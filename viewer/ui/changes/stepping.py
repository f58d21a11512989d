"""From one change to the next: anywhere in the export, with both shapes in view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from viewer import state
from viewer.diff import Comparison
from viewer.export import Export
from viewer.export.differences import Step
from viewer.model import TRACKED_KINDS, Annotation, Change, Labels, Relation
from viewer.state import CURRENT, Place, ViewState
from viewer.ui.changes.queue import ChangeQueue, Item, Order
from viewer.ui.changes.seen import Seen
from viewer.ui.changes.whereabouts import page_of
from viewer.ui.compare.pages import ComparedStages
from viewer.ui.comparing import Comparing
from viewer.ui.session import Session
from viewer.ui.whole_export import WholeExport

LOOKED_AHEAD = 500
"""So many changes are looked through for the next assets that have any."""


class Shows(Protocol):
    """What brings objects into view: the compare view."""

    def zoom_to_labels(self, object_ids: tuple[str, ...]) -> bool:
        """Where they are and where they were; False when none is on the page."""

    def flash(self, object_ids: tuple[str, ...]) -> None:
        """Light them up."""


@dataclass(frozen=True, slots=True)
class _Target:
    """A change that is to be shown as soon as its page is there."""

    place: Place
    ids: tuple[str, ...]
    selected: str | None


class ChangeSteps(QObject):
    """Where one is among the changes. Within the open asset they are those of A and B, else those of the pass."""

    moved = Signal(object, object)
    """(index or None, total or None while it is not known) of the change shown among those of A and B: 7 of 20."""
    seen_changed = Signal()
    added = Signal(object)
    """list[Item]: further changes of the whole export are known."""
    forgotten = Signal()
    """Another export: there are no changes yet."""

    def __init__(self, session: Session, comparing: Comparing, whole: WholeExport, shows: Shows) -> None:
        super().__init__(session)
        self._session, self._comparing, self._whole, self._shows = session, comparing, whole, shows
        self.queue = ChangeQueue()
        self.queue.is_tracked = self._is_tracked
        self._seen = Seen(session)
        self._item: Item | None = None
        self._own: Change | None = None
        self._target: _Target | None = None
        self._waiting = 0
        """A step that waits for the comparison of A and B."""
        whole.forgotten.connect(self._forget)
        whole.steps_found.connect(self._found)
        session.export_opened.connect(self._export_opened)
        session.state_changed.connect(self._state_changed)
        comparing.comparison_made.connect(self._compared)
        # a moment later: the views, which the same signals tell, must have the page first
        comparing.stages_ready.connect(self._arrive, Qt.ConnectionType.QueuedConnection)
        comparing.single_ready.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    # ---- steps -------------------------------------------------------------------------------------------

    @property
    def skips_seen(self) -> bool:
        """Whether changes that were looked at are passed over."""
        return self.queue.skips_seen

    @property
    def is_under_way(self) -> bool:
        """Whether a change is still to be shown."""
        return self._target is not None or self._waiting != 0

    def toggle_skip_seen(self) -> None:
        """Pass over changes that were looked at, or not."""
        self.queue.skips_seen = not self.queue.skips_seen

    def choose_order(self, order: Order) -> None:
        """Another order of the changes of the whole export."""
        self.queue.set_order(order)

    def next_change(self) -> None:
        """The next change, in the asset or in the export."""
        self._step(1)

    def previous_change(self) -> None:
        """The change before."""
        self._step(-1)

    def next_changed_page(self) -> None:
        """The next page on which A and B differ."""
        self._changed_page(1)

    def previous_changed_page(self) -> None:
        """The one before."""
        self._changed_page(-1)

    def _changed_page(self, direction: int) -> None:
        comparison = self._comparing.comparison
        if comparison is not None:
            pages = sorted(page for page in comparison.by_page if page is not None)
            page = state.next_in(pages, self._session.state.place.page, direction)
            if page is not None:
                self._session.go_to_page(page)

    def _step(self, direction: int) -> None:
        place = self._session.state.place
        if self._session.export is None:
            return
        if self._is_own(place):
            comparison = self._comparing.comparison
            if comparison is None:
                self._waiting = direction
                return
            change = self._next_own(comparison, direction)
            if change is not None:
                self.show_change(change)
                return
            start = (place.asset or 0) + (1 if direction > 0 else 0)
            item = self.queue.from_place(start, None, direction)
        elif self._item is not None and self._is_at(self._item, place):
            item = self.queue.after(self._item, direction)
        else:
            item = self.queue.from_place(place.asset or 0, place.reference, direction)
        if item is not None:
            self.show_item(item)
        elif self._whole.is_running:
            self._session.noticed.emit(self.tr("The rest of the export is still being compared."))
        elif not self._whole.is_complete:
            self._session.noticed.emit(self.tr("The stages of this export are not compared yet."))
        elif not len(self.queue):
            self._session.noticed.emit(self.tr("Nothing changed between the stages of this export."))
        else:
            text = self.tr("That was the last change.") if direction > 0 else self.tr("This is the first change.")
            self._session.noticed.emit(text)

    def _is_own(self, place: Place) -> bool:
        """Whether A and B are a pair that the pass does not compare: then their own changes come first."""
        if place.asset is None or place.reference is None or self._session.task is None:
            return False
        if place.task != 0:
            return True
        b = state.snapshot_index(place, len(self._session.task.snapshots))
        return all((step.a, step.b) != (place.reference, b) for step in self._whole.steps.get(place.asset, ()))

    def _is_tracked(self, asset: int) -> bool:
        export = self._session.export
        return export is not None and asset < len(export.rows) and export.row(asset).kind in TRACKED_KINDS

    def _is_at(self, item: Item, place: Place) -> bool:
        return (item.asset, item.a) == (place.asset, place.reference)

    def _next_own(self, comparison: Comparison, direction: int) -> Change | None:
        keys = [change.key for change in comparison.changes]
        if self._own is not None and self._own.key in keys:
            at = keys.index(self._own.key) + direction
        else:
            at = 0 if direction > 0 else len(keys) - 1
        while 0 <= at < len(keys) and at in comparison.continuing:
            at += direction  # of a track only the first page of what happened is stopped at
        return comparison.changes[at] if 0 <= at < len(keys) else None

    def upcoming(self, count: int) -> list[int]:
        """The assets of the next changes, other than the one shown; at most so many."""
        place = self._session.state.place
        item = self._item or self.queue.from_place(place.asset or 0, place.reference, 1)
        found: list[int] = []
        for _ in range(LOOKED_AHEAD):
            if item is None or len(found) == count:
                break
            if item.asset != place.asset and item.asset not in found:
                found.append(item.asset)
            item = self.queue.after(item, 1)
        return found

    # ---- showing one -------------------------------------------------------------------------------------

    def show_change(self, change: Change, *, page: int | None = None) -> None:
        """A change of A and B: its page (or another one of its track), its object, both shapes."""
        self._own = change
        ids = tuple(e.object_id for e in (change.after, change.before) if e is not None and e.object_id)
        before = self._session.state
        seen_on = self._page_of(change) if page is None else page
        after = state.go(before, replace(before.place, page=seen_on))
        selected = change.after if change.after is not None else change.before
        self._item = self._item_of(change, after.place)
        self._go(after, ids, selected.object_id if isinstance(selected, Annotation | Relation) else None)

    def show_item(self, item: Item) -> None:
        """A change of the pass: its asset, stages and page, its object, both shapes."""
        export = self._session.export
        if export is None:
            return
        self._item, self._own = item, None
        found = item.found
        is_last = item.b == len(export.row(item.asset).visits) - 1
        page = found.page
        before = self._session.state
        if page is None:
            page = before.place.page if before.place.asset == item.asset else 0
        place = Place(item.asset, page=page, stage=CURRENT if is_last else item.b, reference=item.a)
        after = state.go(before, place)
        ids = tuple(name for name in (found.after_id, found.before_id) if name)
        is_answer = found.subject == "classification"
        self._go(after, () if is_answer else ids, None if is_answer or not ids else ids[0])

    def _go(self, after: ViewState, ids: tuple[str, ...], selected: str | None) -> None:
        if after.look.mode == "single":
            after = replace(after, look=replace(after.look, mode="overlay"))
        self._target = _Target(after.place, ids, selected)
        before = self._session.state
        same_page = after.place == before.place and after.look.mode == before.look.mode
        self._session.visit(after)
        if same_page:
            self._arrive()
        self._tell()

    def _page_of(self, change: Change) -> int:
        """Where a change of A and B is seen; the page shown where no other one is better."""
        place = self._session.state.place
        sides = [self._comparing.snapshot(at) for at in self._comparing.stages]
        one, two = (side.labels if side is not None else Labels() for side in sides)
        page = page_of(change, one, two, here=place.page)
        return place.page if page is None else page

    def _arrive(self, shown: object = None) -> None:
        """The page wanted is there, with the labels of both stages."""
        target = self._target
        s = self._session
        if isinstance(shown, ComparedStages) and not shown.is_final:
            return  # what only A has is not there before the stages are compared
        if target is None or s.scene is None or s.asset is None or s.state.place != target.place:
            return
        if (s.asset.index, s.scene.page) != (target.place.asset, target.place.page):
            return
        self._target = None
        if target.selected is not None:
            s.select(target.selected)
        if target.ids and self._shows.zoom_to_labels(target.ids):
            self._shows.flash(target.ids)
        elif target.ids and self._is_elsewhere():
            return
        self._see()

    def _is_elsewhere(self) -> bool:
        """The pass does not know where a relation is seen: now that its ends are known, on to their page."""
        item, comparison = self._item, self._comparing.comparison
        if item is None or comparison is None or item.found.subject != "relation":
            return False
        change = self._own_of(item, comparison)
        if change is None or self._page_of(change) == self._session.state.place.page:
            return False
        self.show_change(change)
        return True

    def _see(self) -> None:
        if self._item is not None and self.queue.see(self._item):
            self._seen.keep(self._item.digest)
            self.seen_changed.emit()

    def see(self, item: Item) -> None:
        """A change was looked at elsewhere (in the table)."""
        if self.queue.see(item):
            self._seen.keep(item.digest)
            self.seen_changed.emit()

    # ---- what is known -----------------------------------------------------------------------------------

    def _item_of(self, change: Change, place: Place) -> Item | None:
        """The same change as the pass found it."""
        for step in self._whole.steps.get(place.asset or 0, ()):
            if step.a == place.reference and place.task == 0:
                for number, found in enumerate(step.changes):
                    entry = (found.subject, found.before_id or "", found.after_id or "", found.page)
                    if entry == (*change.key[:3], change.entry.page):
                        return Item(step.asset, step.a, step.b, number, found)
        return None

    def _own_of(self, item: Item, comparison: Comparison) -> Change | None:
        found = item.found
        key = (found.subject, found.before_id or "", found.after_id or "", found.page)
        return next((c for c in comparison.changes if (*c.key[:3], c.entry.page) == key), None)

    def _compared(self, comparison: Comparison | None) -> None:
        if comparison is not None and self._waiting:
            direction, self._waiting = self._waiting, 0
            self._step(direction)
        self._tell()

    def _state_changed(self, before: ViewState, after: ViewState) -> None:
        one, two = before.place, after.place
        if (one.asset, one.task, one.stage, one.reference) != (two.asset, two.task, two.stage, two.reference):
            self._own = None
            self._waiting = 0
            if self._item is not None and not self._is_at(self._item, two):
                self._item = None
        if self._target is not None and two != self._target.place and two != one:
            self._target = None  # somebody went elsewhere meanwhile

    def _tell(self) -> None:
        """Which change of A and B is shown, and of how many."""
        comparison = self._comparing.comparison
        if comparison is None:
            self.moved.emit(None, None)
            return
        if self._own is None and self._item is not None and self._is_at(self._item, self._session.state.place):
            self._own = self._own_of(self._item, comparison)
        at = None
        if self._own is not None:
            key = self._own.key
            at = next((i for i, change in enumerate(comparison.changes) if change.key == key), None)
        self.moved.emit(at, len(comparison.changes))

    def _found(self, steps: list[Step]) -> None:
        self.added.emit(self.queue.add(steps))

    def _forget(self) -> None:
        self.queue.clear()
        self._item = self._own = self._target = None
        self._waiting = 0
        self.forgotten.emit()

    def _export_opened(self, export: Export) -> None:
        self._seen.load(export, lambda digests: self._took_seen(digests))

    def _took_seen(self, digests: set[str]) -> None:
        self.queue.seen |= digests
        self.seen_changed.emit()

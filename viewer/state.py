"""What is being looked at: one frozen record and the pure steps from one to the next. No Qt, no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

CURRENT = -1
"""As a stage: the current state, whatever the length of the history."""

Mode = str
"""``single``, or the key of a compare mode (`viewer.ui.compare.MODES`): side, overlay, swipe, blink, changes."""
ColourBy = Literal["class", "instance", "person", "stage"]
Group = Literal["class", "tool", "person", "object"]
"""What labels are hidden by: schema id, tool key, who made them, object id."""
Tags = Literal["none", "auto", "all"]
TrackPolicy = Literal["auto", "keys", "full"]

_TAGS: tuple[Tags, ...] = ("none", "auto", "all")
_HISTORY = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is: what decides which picture and which labels are wanted."""

    asset: int | None = None
    """Index in the export; None: no asset is open."""
    task: int = 0
    page: int = 0
    stage: int = CURRENT
    """Index of the snapshot shown (B when two are compared)."""
    reference: int | None = None
    """Index of the snapshot it is compared with (A), never `CURRENT`; None in single mode."""
    others: tuple[int, ...] = ()
    """Indexes of further snapshots beside A and B (C, D …), in the order of the history."""


@dataclass(frozen=True, slots=True)
class Look:
    """How it is shown; kept while the place changes."""

    mode: Mode = "single"
    linked: bool = True
    """Panes that stand side by side zoom and pan together."""
    labels: bool = True
    tags: Tags = "auto"
    hidden: frozenset[tuple[Group, str]] = frozenset()
    """What is hidden, by (group, key): ``("class", schema id)``, ``("object", object id)``…"""
    solo: tuple[Group, str] | None = None
    """Only these are shown, whatever is hidden."""
    colour_by: ColourBy = "class"
    peek: bool = False
    """Labels are away for as long as a key is held."""
    all_relations: bool = False
    tracks: TrackPolicy = "auto"
    window: tuple[float, float] | None = None
    """VOI window (centre, width); None: the file's own."""
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class ViewState:
    """The whole of it. `generation` grows with each change of place: an answer of an older one is dropped."""

    place: Place = Place()
    look: Look = Look()
    selection: str | None = None
    """Object id of the selected annotation or relation."""
    generation: int = 0


def go(state: ViewState, place: Place) -> ViewState:
    """To another place. The selection stays within the asset (the next page may hold the same track)."""
    if place == state.place:
        return state
    same_asset = (place.asset, place.task) == (state.place.asset, state.place.task)
    look = state.look
    if place.asset != state.place.asset:
        hidden = _of_classes(look.hidden)
        look = replace(look, hidden=hidden, solo=None, window=None, inverted=False, tracks="auto", peek=False)
    return ViewState(
        place=place,
        look=look,
        selection=state.selection if same_asset else None,
        generation=state.generation + 1,
    )


def open_asset(state: ViewState, asset: int | None, *, page: int = 0, task: int = 0) -> ViewState:
    """Open an asset at its current state; a comparison ends, since its stages belong to the old asset."""
    if asset == state.place.asset and task == state.place.task:
        return state
    moved = go(state, Place(asset=asset, task=task, page=max(0, page)))
    return replace(moved, look=replace(moved.look, mode="single"))


def go_to_page(state: ViewState, page: int, page_count: int) -> ViewState:
    """To a page, held within the asset."""
    return go(state, replace(state.place, page=max(0, min(page, page_count - 1))))


def step_page(state: ViewState, step: int, page_count: int) -> ViewState:
    """So many pages on or back, stopping at the ends."""
    return go_to_page(state, state.place.page + step, page_count)


def next_in(pages: Sequence[int], page: int, direction: int) -> int | None:
    """The nearest of sorted `pages` after (direction > 0) or before `page`; None when there is none."""
    if direction > 0:
        return next((p for p in pages if p > page), None)
    return next((p for p in reversed(pages) if p < page), None)


def show_stage(state: ViewState, stage: int, snapshot_count: int) -> ViewState:
    """Show one snapshot; the last one is stored as `CURRENT`, so that the next asset shows its own last."""
    index = _stored(max(0, min(stage, snapshot_count - 1)), snapshot_count) if stage != CURRENT else CURRENT
    return go(state, replace(state.place, stage=index))


def snapshot_index(place: Place, snapshot_count: int) -> int:
    """The stage of `place` as an index from 0."""
    return snapshot_count - 1 if place.stage == CURRENT else min(place.stage, snapshot_count - 1)


def choose_task(state: ViewState, task: int, task_count: int) -> ViewState:
    """Another task of the same asset (V2 exports, several annotators), at its current state."""
    task = max(0, min(task, task_count - 1))
    moved = go(state, replace(state.place, task=task, stage=CURRENT, reference=None, others=()))
    return moved if moved is state else replace(moved, look=replace(moved.look, mode="single"))


# ---- two stages --------------------------------------------------------------------------------------------


def choose_mode(state: ViewState, mode: Mode, snapshot_count: int) -> ViewState:
    """Another way to look at stages. Comparing begins with the stage before the one shown as A.

    The first stage has none before it: then it becomes A itself, and the next one is shown. A task of one
    snapshot has nothing to compare.
    """
    if mode == state.look.mode or (mode != "single" and snapshot_count < 2):
        return state
    place = state.place
    if mode == "single":
        place = replace(place, reference=None, others=())
    elif place.reference is None:
        shown = snapshot_index(place, snapshot_count)
        place = replace(place, reference=max(shown - 1, 0), stage=_stored(max(shown, 1), snapshot_count))
    moved = go(state, place)
    return replace(moved, look=replace(moved.look, mode=mode))


def pick_a(state: ViewState, stage: int, snapshot_count: int) -> ViewState:
    """Compare with this stage. The one shown becomes A by changing places; in single mode comparing begins."""
    if snapshot_count < 2:
        return state
    index = max(0, min(stage, snapshot_count - 1)) if stage != CURRENT else snapshot_count - 1
    if index == snapshot_index(state.place, snapshot_count):
        return swap(state, snapshot_count)
    others = tuple(other for other in state.place.others if other != index)
    moved = go(state, replace(state.place, reference=index, others=others))
    return replace(moved, look=replace(moved.look, mode="side")) if moved.look.mode == "single" else moved


def pick_beside(state: ViewState, number: int, snapshot_count: int) -> ViewState:
    """Compare with what is no stage of this task: state `number` of those beside it (another task, another export)."""
    moved = go(state, replace(state.place, reference=snapshot_count + number))
    return replace(moved, look=replace(moved.look, mode="side")) if moved.look.mode == "single" else moved


def pick_b(state: ViewState, stage: int, snapshot_count: int) -> ViewState:
    """Show this stage (as B when two are compared). A becomes B by changing places."""
    after = show_stage(state, stage, snapshot_count)
    index = snapshot_index(after.place, snapshot_count)
    if index == state.place.reference:
        return swap(state, snapshot_count)
    return go(state, replace(after.place, others=tuple(o for o in after.place.others if o != index)))


def swap(state: ViewState, snapshot_count: int) -> ViewState:
    """A and B change places; without A, or with one of another export, nothing happens."""
    place = state.place
    if place.reference is None or place.reference >= snapshot_count:
        return state
    shown = snapshot_index(place, snapshot_count)
    return go(state, replace(place, stage=_stored(place.reference, snapshot_count), reference=shown))


def toggle_link(state: ViewState) -> ViewState:
    """Panes move together, or each alone."""
    return replace(state, look=replace(state.look, linked=not state.look.linked))


def toggle_pane(state: ViewState, stage: int, snapshot_count: int) -> ViewState:
    """One more stage beside A and B, or one less. Only side by side has room for more than two."""
    place = state.place
    if place.reference is None or not 0 <= stage < snapshot_count:
        return state
    if stage in (place.reference, snapshot_index(place, snapshot_count)):
        return state
    others = set(place.others) ^ {stage}
    moved = go(state, replace(place, others=tuple(sorted(others))))
    return replace(moved, look=replace(moved.look, mode="side"))


def all_panes(state: ViewState, snapshot_count: int) -> ViewState:
    """All stages side by side; when they are, only A and B again."""
    state = choose_mode(state, "side", snapshot_count) if state.look.mode != "side" else state
    place = state.place
    if place.reference is None:
        return state
    mine = (place.reference, snapshot_index(place, snapshot_count))
    rest = tuple(stage for stage in range(snapshot_count) if stage not in mine)
    return go(state, replace(place, others=() if place.others == rest else rest))


def _stored(index: int, snapshot_count: int) -> int:
    """As a place holds it: the last one is `CURRENT`."""
    return CURRENT if index == snapshot_count - 1 else index


def select(state: ViewState, object_id: str | None) -> ViewState:
    """Select an annotation or relation, or nothing."""
    return state if object_id == state.selection else replace(state, selection=object_id)


def toggle_labels(state: ViewState) -> ViewState:
    """Labels on or off."""
    return replace(state, look=replace(state.look, labels=not state.look.labels))


def cycle_tags(state: ViewState) -> ViewState:
    """Tags: none, automatic, all, and around again."""
    at = _TAGS.index(state.look.tags)
    return replace(state, look=replace(state.look, tags=_TAGS[(at + 1) % len(_TAGS)]))


def _of_classes(hidden: frozenset[tuple[Group, str]]) -> frozenset[tuple[Group, str]]:
    """Classes, tools and persons stay hidden in the next asset; single objects are of one asset only."""
    return frozenset(entry for entry in hidden if entry[0] != "object")


def toggle_hidden(state: ViewState, group: Group, key: str) -> ViewState:
    """Hide a class, tool, person or object, or show it again; it stays listed."""
    return replace(state, look=replace(state.look, hidden=state.look.hidden ^ {(group, key)}))


def toggle_solo(state: ViewState, group: Group, key: str) -> ViewState:
    """Show only this, or all again."""
    solo = None if state.look.solo == (group, key) else (group, key)
    return replace(state, look=replace(state.look, solo=solo))


def colour_by(state: ViewState, by: ColourBy) -> ViewState:
    """What the colour of a label tells."""
    return replace(state, look=replace(state.look, colour_by=by))


def peek(state: ViewState, on: bool) -> ViewState:
    """Labels away while a key is held."""
    return state if state.look.peek == on else replace(state, look=replace(state.look, peek=on))


def show_everything(state: ViewState) -> ViewState:
    """Undo all hiding."""
    look = replace(state.look, labels=True, hidden=frozenset(), solo=None, peek=False)
    return replace(state, look=look)


def set_window(state: ViewState, window: tuple[float, float] | None, *, inverted: bool | None = None) -> ViewState:
    """Another VOI window (centre, width; None: the file's), and perhaps inversion.

    The width is kept at 1e-6 or above.
    """
    if window is not None:
        window = (window[0], max(window[1], 1e-6))
    inverted = state.look.inverted if inverted is None else inverted
    return replace(state, look=replace(state.look, window=window, inverted=inverted))


@dataclass(frozen=True, slots=True)
class Trail:
    """Back and forward through the places seen, like a browser's."""

    past: tuple[Place, ...] = ()
    future: tuple[Place, ...] = ()

    def visited(self, left: Place) -> Trail:
        """After leaving `left` for a new place."""
        if self.past and self.past[-1] == left:
            return Trail(self.past, ())
        return Trail((*self.past, left)[-_HISTORY:], ())

    def back(self, here: Place) -> tuple[Trail, Place | None]:
        """The trail after going back, and where to; None when there is nothing behind."""
        if not self.past:
            return self, None
        return Trail(self.past[:-1], (here, *self.future)), self.past[-1]

    def forward(self, here: Place) -> tuple[Trail, Place | None]:
        """The trail after going forward again, and where to."""
        if not self.future:
            return self, None
        return Trail((*self.past, here), self.future[1:]), self.future[0]

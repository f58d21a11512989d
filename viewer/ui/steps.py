"""The small steps of a review: pages, stages, labels, looks. Each is one key, and one pure step of `state`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from viewer import state
from viewer.errors import Problem
from viewer.model import Annotation, Asset, Relation
from viewer.settings import SettingsFile
from viewer.state import ColourBy, Group, Place, TrackPolicy, Trail, ViewState
from viewer.ui import scene
from viewer.ui.page_loader import PageLoader
from viewer.ui.scene import Scene

if TYPE_CHECKING:
    from viewer.model import Labels, Task

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
COLOURS: tuple[ColourBy, ...] = ("class", "instance", "person", "stage")


class Steps(QObject):
    """The half of the session that only moves on from the state it is in; `go` takes the new one."""

    playing_changed = Signal(bool)
    stepped_out = Signal()
    """There was nothing left to step out of but the window's own states."""
    step_asset = Signal(int)
    """The next (1) or previous (-1) asset of the list, which knows what is filtered."""

    state: ViewState
    trail: Trail
    settings: SettingsFile
    asset: Asset | None
    scene: Scene | None
    loader: PageLoader

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._play = QTimer(self)
        self._play.timeout.connect(self._play_on)
        self.speed = 1.0
        self.is_looping = False

    if TYPE_CHECKING:  # what the other half, `Session`, gives

        def go(self, after: ViewState, *, trail: bool = True) -> None: ...
        @property
        def task(self) -> Task | None: ...
        @property
        def labels(self) -> Labels | None: ...
        @property
        def page_count(self) -> int: ...

    def show_blind(self) -> None:
        """The labels of a page whose picture is not to be had, on an empty one."""
        self.loader.show_blind()

    # ---- what is on ----------------------------------------------------------------------------------------

    is_playing = property(lambda self: bool(self._play.isActive()))
    labels_shown = property(lambda self: bool(self.state.look.labels))
    relations_shown = property(lambda self: bool(self.state.look.all_relations))
    is_inverted = property(lambda self: bool(self.state.look.inverted))
    is_linked = property(lambda self: bool(self.state.look.linked))
    tracks_are_automatic = property(lambda self: bool(self.state.look.tracks == "auto"))
    tracks_are_keys = property(lambda self: bool(self.state.look.tracks == "keys"))
    tracks_are_full = property(lambda self: bool(self.state.look.tracks == "full"))

    # ---- the methods that `ACTIONS` names ------------------------------------------------------------------

    def next_asset(self) -> None:
        """The next one of the list."""
        self.step_asset.emit(1)

    def previous_asset(self) -> None:
        """The one before in the list."""
        self.step_asset.emit(-1)

    def go_to_page(self, page: int) -> None:
        """To a page, 0-based."""
        self.go(state.go_to_page(self.state, page, self.page_count), trail=False)

    def _step(self, step: int) -> None:
        self.go_to_page(self.state.place.page + step)

    def next_page(self) -> None:
        """One page on."""
        self._step(1)

    def previous_page(self) -> None:
        """One page back."""
        self._step(-1)

    def hop_on(self) -> None:
        """Several pages on."""
        self._step(self.settings.settings.hop)

    def hop_back(self) -> None:
        """Several pages back."""
        self._step(-self.settings.settings.hop)

    def first_page(self) -> None:
        """To the first page."""
        self.go_to_page(0)

    def last_page(self) -> None:
        """To the last page."""
        self.go_to_page(self.page_count - 1)

    def next_labelled_page(self) -> None:
        """To the next page with exported labels."""
        self._labelled(1)

    def previous_labelled_page(self) -> None:
        """To the one before."""
        self._labelled(-1)

    def _labelled(self, direction: int) -> None:
        if self.asset is None or self.labels is None:
            return
        pages = scene.timeline_of(self.asset, self.labels, self.state.look).pages_with_labels()
        page = state.next_in(pages, self.state.place.page, direction)
        if page is not None:
            self.go_to_page(page)

    def go_back(self) -> None:
        """To the place seen before."""
        self.trail, place = self.trail.back(self.state.place)
        self._revisit(place)

    def go_forward(self) -> None:
        """Forward again."""
        self.trail, place = self.trail.forward(self.state.place)
        self._revisit(place)

    def _revisit(self, place: Place | None) -> None:
        if place is not None:
            self.go(state.go(self.state, place), trail=False)

    def show_stage(self, index: int) -> None:
        """Show one snapshot of the task, 0-based, as B when two are compared; the view stays where it is."""
        if self.task is not None:
            self.go(state.pick_b(self.state, index, len(self.task.snapshots)))

    def previous_stage(self) -> None:
        """The stage before."""
        self._step_stage(-1)

    def next_stage(self) -> None:
        """The stage after."""
        self._step_stage(1)

    def _step_stage(self, step: int) -> None:
        if self.task is not None:
            count = len(self.task.snapshots)
            self.show_stage(max(0, min(state.snapshot_index(self.state.place, count) + step, count - 1)))

    def choose_task(self, index: int) -> None:
        """Another task of this asset."""
        if self.asset is not None:
            self.go(state.choose_task(self.state, index, len(self.asset.tasks)))

    def play(self) -> None:
        """Play the pages, or stop."""
        if self._play.isActive():
            self.stop_playing()
        elif self.page_count > 1:
            if self.state.place.page >= self.page_count - 1:
                self.go_to_page(0)
            self._play.start(self._interval())
            self.playing_changed.emit(True)

    def _interval(self) -> int:
        """Milliseconds of a page: by the rate that the pages are counted in, else the setting."""
        rate = self.asset.metadata_number("frameRate") if self.asset is not None else None
        rate = rate or self.loader.facts.get("rate") or self.settings.settings.frames_per_second
        return max(1, round(1000 / max(0.1, min(float(rate) * self.speed, 240.0))))

    def _play_on(self) -> None:
        if self.scene is None or self.scene.page != self.state.place.page:
            return  # the frame before is still on its way: a slow film is better than one with holes
        if self.state.place.page < self.page_count - 1:
            self.next_page()
        elif self.is_looping:
            self.first_page()
        else:
            self.stop_playing()

    def choose_speed(self, speed: float) -> None:
        """How many times the speed of the file."""
        self.speed = speed
        if self._play.isActive():
            self._play.start(self._interval())
        self.playing_changed.emit(self.is_playing)

    def faster(self) -> None:
        """The next speed."""
        self.choose_speed(next((s for s in SPEEDS if s > self.speed), SPEEDS[-1]))

    def slower(self) -> None:
        """The speed before."""
        self.choose_speed(next((s for s in reversed(SPEEDS) if s < self.speed), SPEEDS[0]))

    def toggle_loop(self) -> None:
        """Begin again at the end, or stop there."""
        self.is_looping = not self.is_looping
        self.playing_changed.emit(self.is_playing)

    def stop_playing(self) -> None:
        """Stand still."""
        if self._play.isActive():
            self._play.stop()
            self.playing_changed.emit(False)

    def select(self, object_id: str | None) -> None:
        """Select a label or relation, or nothing."""
        self.go(state.select(self.state, object_id))

    def go_to_problem(self, problem: Problem) -> bool:
        """To the label that a problem is about, where it is about one of the stage shown; whether there is one."""
        labels, path = self.labels, problem.path or ""
        if labels is None:
            return False
        entries: tuple[Annotation | Relation, ...] = (*labels.annotations, *labels.relations)
        about = [e for e in entries if e.path and (path + ".").startswith((f"{e.path}.", f"{e.path}["))]
        if about:
            label = max(about, key=lambda e: len(e.path))
            if label.page is not None:
                self.go_to_page(label.page)
            self.select(label.object_id)
        return bool(about)

    def select_nothing(self) -> None:
        """Nothing is selected."""
        self.select(None)

    def next_object(self) -> None:
        """Select the next label of the page."""
        self._step_object(1)

    def previous_object(self) -> None:
        """Select the one before."""
        self._step_object(-1)

    def _step_object(self, step: int) -> None:
        ids = self.scene.store.object_ids if self.scene is not None else ()
        if ids:
            at = ids.index(self.state.selection) if self.state.selection in ids else (-1 if step > 0 else 0)
            self.select(ids[(at + step) % len(ids)])

    def toggle_labels(self) -> None:
        """Labels on or off."""
        self.go(state.toggle_labels(self.state))

    def toggle_relations(self) -> None:
        """All relations, or those of the selected label."""
        look = self.state.look
        self.go(replace(self.state, look=replace(look, all_relations=not look.all_relations)))

    def cycle_tags(self) -> None:
        """Tags: none, automatic, all."""
        self.go(state.cycle_tags(self.state))

    def toggle_hidden(self, group: Group, key: str) -> None:
        """Hide a class, tool, person or object, or show it again."""
        self.go(state.toggle_hidden(self.state, group, key))

    def toggle_solo(self, group: Group, key: str) -> None:
        """Show only this, or all again."""
        self.go(state.toggle_solo(self.state, group, key))

    def choose_colour(self, index: int) -> None:
        """Colour by class, object, person or stage (0 to 3)."""
        self.colour_by(COLOURS[index])

    def colour_by(self, by: ColourBy) -> None:
        """What the colour of a label tells."""
        self.go(state.colour_by(self.state, by))

    def peek(self, on: bool) -> None:
        """Labels away while a key is held."""
        self.go(state.peek(self.state, on))

    def step_out(self) -> None:
        """One thing less: the selection, then what is shown alone, the comparison, what is hidden."""
        look = self.state.look
        if self.state.selection is not None:
            self.select(None)
        elif look.solo is not None:
            self.go(state.toggle_solo(self.state, *look.solo))
        elif look.mode != "single":
            self.go(state.choose_mode(self.state, "single", 0))
        elif look.hidden or not look.labels:
            self.show_everything()
        else:
            self.stepped_out.emit()

    def step_down(self) -> None:
        """The next slice, else the next label."""
        if self.loader.kind == "dicom":
            self.next_page()
        else:
            self.next_object()

    def step_up(self) -> None:
        """The slice before, else the label before."""
        if self.loader.kind == "dicom":
            self.previous_page()
        else:
            self.previous_object()

    def next_key_frame(self) -> None:
        """The next page on which the selected object was exported."""
        self._key_frame(1)

    def previous_key_frame(self) -> None:
        """The one before."""
        self._key_frame(-1)

    def _key_frame(self, direction: int) -> None:
        page = state.next_in(self.key_frames(), self.state.place.page, direction)
        if page is not None:
            self.go_to_page(page)

    def key_frames(self) -> tuple[int, ...]:
        """Pages on which the selected object was exported, ascending."""
        labels, selection = self.labels, self.state.selection
        if labels is None or selection is None:
            return ()
        pages = {a.page for a in labels.annotations if a.object_id == selection and a.page is not None}
        return tuple(sorted(pages))

    def show_everything(self) -> None:
        """Undo all hiding."""
        self.go(state.show_everything(self.state))

    def tracks_automatic(self) -> None:
        """Let the file decide whether frames between entries are interpolated."""
        self._tracks("auto")

    def tracks_by_keys(self) -> None:
        """Entries are key frames."""
        self._tracks("keys")

    def tracks_in_full(self) -> None:
        """Every visible frame was exported."""
        self._tracks("full")

    def _tracks(self, policy: TrackPolicy) -> None:
        self.go(replace(self.state, look=replace(self.state.look, tracks=policy)))

    def invert(self) -> None:
        """Bright and dark change places (DICOM, 16-bit)."""
        self.go(state.set_window(self.state, self.state.look.window, inverted=not self.state.look.inverted))

    def reset_window(self) -> None:
        """The file's own VOI window."""
        self.go(state.set_window(self.state, None))

    def drag_window(self, dx: float, dy: float) -> None:
        """The VOI window dragged by so many pixels: right is wider, down is a higher centre (darker)."""
        window = self.state.look.window or self.loader.window
        if window is not None:
            gain = max(window[1] / 512.0, 0.25)
            self.set_window((window[0] + dy * gain, window[1] + dx * gain))

    def choose_window(self, window: tuple[float, float] | None) -> None:
        """A preset, or the file's own window."""
        self.go(state.set_window(self.state, window))

    def set_window(self, window: tuple[float, float]) -> None:
        """Another VOI window (centre, width)."""
        self.go(state.set_window(self.state, window))

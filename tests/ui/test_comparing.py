"""Which stages are compared, when a page is shown, and that what comes late is dropped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from tests.make import histories
from viewer import diff, state
from viewer.decoders.base import PageInfo, Raster
from viewer.diff import Comparison
from viewer.model import Asset, Labels, Snapshot, Task
from viewer.overlay.palette import Palette
from viewer.state import Look, Place, ViewState
from viewer.ui import comparing as module
from viewer.ui.ahead import Scenes
from viewer.ui.canvas import PageContent
from viewer.ui.compare import ComparedStages
from viewer.ui.comparing import Comparing
from viewer.ui.options import WindowOptions
from viewer.ui.scene import Scene, build_scene
from viewer.ui.tasks import Tasks

INFO = PageInfo(size=(200.0, 100.0), native=(200, 100))


@dataclass
class Loader:
    scenes: Scenes = field(default_factory=Scenes)
    fill: float = 0.1

    def brush_of(self, snapshot: Snapshot) -> Raster | None:
        return None


class Session(QObject):
    """Three stages of one asset: a car at 10, 30 and 50."""

    asset_opened = Signal(object)
    export_opened = Signal(object)
    state_changed = Signal(object, object)
    rows_read = Signal(object)
    listing_ended = Signal()
    noticed = Signal(str)
    export = None
    scene = None

    def __init__(self) -> None:
        super().__init__()
        self.options = WindowOptions()
        self.tasks = Tasks(self)
        self.palette = Palette()
        self.loader = Loader()
        stages = [Labels(annotations=(histories.label("car", x=x),)) for x in (10.0, 30.0, 50.0)]
        task = Task(
            task_id="t", fields={},
            snapshots=tuple(
                Snapshot(index=i, stage=f"Stage {i}", parse=lambda mine=mine: mine) for i, mine in enumerate(stages)
            ),
        )  # fmt: skip
        metadata = {"width": 200, "height": 100}
        self.asset: Asset | None = Asset(index=0, kind="image", url="x", metadata=metadata, tasks=(task,), fields={})
        self.state = ViewState(Place(asset=0))

    @property
    def task(self) -> Task | None:
        return None if self.asset is None else self.asset.tasks[0]

    def go(self, after: ViewState) -> None:
        before, self.state = self.state, after
        self.state_changed.emit(before, after)


class Bench:
    """Comparing with what it told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session()
        self.comparing = Comparing(self.session)  # type: ignore[arg-type]
        self.shown: list[ComparedStages | PageContent] = []
        self.made: list[Comparison | None] = []
        self.stale = 0
        self.comparing.single_ready.connect(self.shown.append)
        self.comparing.stages_ready.connect(self.shown.append)
        self.comparing.comparison_made.connect(self.made.append)
        self.comparing.went_stale.connect(self._went_stale)

    def _went_stale(self) -> None:
        self.stale += 1

    def page(self, level: int = 90) -> tuple[Scene, PageContent]:
        """The page of stage B, as the loader brings it."""
        s = self.session
        assert s.asset is not None
        assert s.task is not None
        snapshot = s.task.snapshots[state.snapshot_index(s.state.place, 3)]
        made = build_scene(
            s.asset, snapshot.labels, s.state.place.page, INFO, palette=s.palette, look=s.state.look, fill=0.1
        )
        raster = Raster(np.full((100, 200, 4), level, np.uint8), "bgrx", (0.0, 0.0, 200.0, 100.0))
        return made, PageContent(raster, (200.0, 100.0), ("page", level), made.store)

    def stages(self) -> ComparedStages:
        """The next stages that are shown."""
        before = len(self.shown)
        self.qtbot.waitUntil(lambda: len(self.shown) > before, timeout=20_000)
        found = self.shown[-1]
        assert isinstance(found, ComparedStages)
        return found


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot)
    yield made
    made.session.tasks.close()


class Slow:
    """Comparisons that wait until they may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.may = threading.Event()
        self.calls: list[tuple[Any, Any]] = []
        monkeypatch.setattr(module, "compare", self)

    def __call__(self, before: Snapshot, after: Snapshot, **more: Any) -> Comparison:
        self.calls.append((before.index, after.index))
        assert self.may.wait(20)
        return diff.compare(before, after, **more)


def test_a_single_page_is_shown_at_once(bench: Bench) -> None:
    scene, content = bench.page()
    bench.comparing.show(scene, content)
    assert bench.shown == [content]
    assert bench.comparing.comparison is None


def test_two_stages_come_together_with_what_changed(bench: Bench) -> None:
    bench.comparing.choose_mode("side")
    bench.comparing.show(*bench.page())
    found = bench.stages()
    assert (found.mode, found.is_final) == ("side", True)
    assert [w.letter + w.name for w in found.words] == ["AStage 1", "BStage 2"]
    assert [w.count for w in found.words] == ["1 label", "1 label"]
    assert dict(found.pairs[0].kinds.after) == {"car": ("moved",)}
    assert found.scenes[0].store.box[0, 0] == 30.0
    assert found.scenes[1].store.box[0, 0] == 50.0
    assert found.content.raster is found.alone(0).page.raster
    assert bench.comparing.comparison is not None


def test_the_comparison_is_told_and_made_once_for_a_pair(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    bench.comparing.pick_a(0)
    assert bench.made == [None]  # the one before is not the one any more
    slow.may.set()
    bench.qtbot.waitUntil(lambda: bench.comparing.comparison is not None, timeout=20_000)
    assert bench.made[-1] is bench.comparing.comparison
    bench.comparing.choose_mode("single")
    assert bench.made[-1] is None
    bench.comparing.pick_a(0)
    assert bench.comparing.comparison is not None  # kept: there at once
    assert slow.calls == [(0, 2)]
    bench.session.export_opened.emit(None)
    bench.comparing.pick_a(1)
    bench.comparing.pick_a(0)
    bench.qtbot.waitUntil(lambda: len(slow.calls) == 3, timeout=20_000)


def test_while_a_comparison_takes_long_the_stages_are_shown_without_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    slow = Slow(monkeypatch)
    bench.comparing.choose_mode("overlay")
    scene, content = bench.page()
    bench.comparing.show(scene, content)
    first = bench.stages()
    assert not first.is_final
    assert not first.pairs[0].kinds.changed
    slow.may.set()
    assert bench.stages().pairs[0].kinds.changed == 1


def test_an_answer_for_a_page_that_was_left_is_dropped(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 20.0)
    slow = Slow(monkeypatch)
    bench.comparing.choose_mode("side")
    bench.comparing.show(*bench.page(level=10))
    bench.session.go(state.go_to_page(bench.session.state, 1, 5))
    bench.comparing.show(*bench.page(level=20))
    slow.may.set()
    found = bench.stages()
    assert found.content.key == ("page", 20)
    bench.comparing.show(*bench.page(level=30))
    assert bench.stages().content.key == ("page", 30)
    assert [s.content.key for s in bench.shown if isinstance(s, ComparedStages)] == [("page", 20), ("page", 30)]


def test_single_mode_overtakes_a_comparison_under_way(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    bench.comparing.choose_mode("side")
    bench.comparing.show(*bench.page(level=10))
    bench.comparing.choose_mode("single")
    _, content = bench.page(level=20)
    bench.comparing.show(_, content)
    slow.may.set()
    bench.qtbot.waitUntil(lambda: all(f.done() for f in bench.comparing._made.values()), timeout=20_000)
    bench.comparing.choose_mode("side")
    bench.comparing.show(*bench.page(level=30))
    bench.stages()
    keys = [s.content.key if isinstance(s, ComparedStages) else s.key for s in bench.shown]
    assert keys == [("page", 20), ("page", 30)]


def test_labels_of_a_place_that_was_left_are_withdrawn_when_the_new_ones_take_long(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 20.0)
    slow = Slow(monkeypatch)
    bench.comparing.choose_mode("side")
    bench.comparing.show(*bench.page())
    bench.qtbot.waitUntil(lambda: bench.stale == 1, timeout=20_000)
    slow.may.set()
    bench.stages()
    # another look at the same place withdraws nothing
    bench.session.go(replace(bench.session.state, look=replace(bench.session.state.look, tags="none")))
    bench.comparing.show(*bench.page())
    bench.stages()
    assert bench.stale == 1
    assert not bench.comparing._stale.isActive()


def test_only_side_by_side_has_more_than_two_stages(bench: Bench) -> None:
    bench.comparing.all_panes()
    bench.comparing.show(*bench.page())
    found = bench.stages()
    assert [w.letter for w in found.words] == ["A", "B", "C"]
    assert [pair.kinds.changed for pair in found.pairs] == [1, 1]
    bench.comparing.choose_mode("swipe")
    bench.comparing.show(*bench.page())
    assert len(bench.stages().words) == 2


def test_steps_are_those_of_the_state(bench: Bench) -> None:
    c, s = bench.comparing, bench.session
    c.toggle_mode("blink")
    assert (s.state.look.mode, s.state.place.reference) == ("blink", 1)
    c.swap()
    assert (s.state.place.reference, state.snapshot_index(s.state.place, 3)) == (2, 1)
    c.pick_b(0)
    assert s.state.place.stage == 0
    c.toggle_pane(1)
    assert (s.state.place.others, s.state.look.mode) == ((1,), "side")
    c.toggle_link()
    assert not s.state.look.linked
    c.toggle_mode("side")
    assert s.state.look == Look(linked=False)


def test_a_comparison_that_fails_is_told_and_the_page_is_shown(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> Comparison:
        raise ArithmeticError("of the engine")

    monkeypatch.setattr(module, "compare", fails)
    told: list[str] = []
    bench.session.noticed.connect(told.append)
    bench.comparing.choose_mode("side")
    bench.comparing.show(*bench.page())
    assert not bench.stages().is_final
    bench.qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert "ArithmeticError" in told[0]
    assert "of the engine" not in told[0]

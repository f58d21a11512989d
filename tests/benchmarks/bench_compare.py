"""What it costs to show another stage, and to go from A to B: the acceptance lines of comparing.

Run with ``pytest -m benchmark -s tests/benchmarks/bench_compare.py``. Figures are CPU time of this process, threads
included, since other work on the machine moves the wall clock. The file's labels are parsed and their geometry was
made ahead, as it is a moment after a page is shown (`viewer.ui.ahead`); what the first of all times costs is printed.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from tests.make.labels import placed_crowd
from viewer.decoders.base import PageInfo, Raster
from viewer.diff import Comparison, compare
from viewer.model import Asset, Labels, Snapshot, Task
from viewer.overlay.palette import Palette
from viewer.state import Look
from viewer.tools.bounding_box import BoundingBox
from viewer.ui.ahead import Scenes, prepare
from viewer.ui.canvas import Canvas, PageContent
from viewer.ui.compare import CompareView
from viewer.ui.compare.modes import mode_of
from viewer.ui.compare.pages import ComparedStages, StageWords, stages_of
from viewer.ui.scene import Scene

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("qapp")]

PAGE = (4000.0, 3000.0)
WORDS = (StageWords("A", "Label"), StageWords("B", "Review"))


def edited(count: int, seed: int, most_points: int) -> Labels:
    """One stage; every tenth box stands elsewhere than in the stage of another seed."""
    found = []
    for number, placed in enumerate(placed_crowd(count, PAGE, most_points=most_points)):
        tool = placed.tool
        if isinstance(tool, BoundingBox) and number % 20 == 1:
            tool = msgspec.structs.replace(tool, x=tool.x + 15.0 * seed)
        found.append(msgspec.structs.replace(placed.annotation, tool=tool, page=0))
    return Labels(annotations=tuple(found))


class Bench:
    """A page in three stages, and the widget that shows it."""

    def __init__(self, count: int, most_points: int = 2000) -> None:
        labels = [edited(count, seed, most_points) for seed in range(3)]
        snapshots = tuple(
            Snapshot(index=i, stage=f"Stage {i}", parse=lambda mine=mine: mine) for i, mine in enumerate(labels)
        )
        task = Task(task_id="t", snapshots=snapshots, fields={})
        metadata = {"width": PAGE[0], "height": PAGE[1]}
        self.asset = Asset(index=0, kind="image", url="x.png", metadata=metadata, tasks=(task,), fields={})
        self.labels = labels
        self.palette = Palette()
        self.scenes = Scenes()
        self.info = PageInfo(size=PAGE, native=(int(PAGE[0]), int(PAGE[1])))
        self.raster = Raster(np.full((3000, 4000, 4), 90, np.uint8), "bgrx", (0.0, 0.0, *PAGE))
        self.canvas = Canvas()
        self.view = CompareView(self.canvas)
        self.view.resize(1600, 900)
        self.view.show()
        self.comparisons: dict[tuple[int, int], Comparison] = {}

    def scene(self, stage: int) -> Scene:
        return self.scenes.of(self.asset, self.labels[stage], 0, self.info, palette=self.palette, look=Look(), fill=0.1)

    def ahead(self, *stages: int) -> None:
        """What is made while nothing else is to be done."""
        for stage in stages:
            prepare(self.scene(stage).store, self.canvas.view.scale)
        for a in stages:
            for b in stages:
                if a < b:
                    self.comparisons[a, b] = compare(self.labels[a], self.labels[b], tracked=False, size=PAGE)

    def content(self, scene: Scene) -> PageContent:
        return PageContent(self.raster, PAGE, "page", scene.store, scene.arrows)

    def stages(self, mode: str, a: int, b: int) -> ComparedStages:
        scenes = (self.scene(a), self.scene(b))
        made = stages_of(mode, self.content(scenes[1]), scenes, (self.comparisons[a, b],), WORDS)
        mode_of(mode).panes_of(made)
        return made

    def until(self, there: Callable[[], bool]) -> None:
        end = time.monotonic() + 20.0
        while not there():
            QCoreApplication.processEvents()
            assert time.monotonic() < end

    @property
    def is_complete(self) -> bool:
        return all(pane.is_complete for pane in (self.canvas, *self.view.panes))


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    """As in the program, which collects by a timer."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="module")
def large(qapp: object) -> Iterator[Bench]:
    bench = Bench(10_000)
    bench.view.show_page(bench.content(bench.scene(0)))
    QCoreApplication.processEvents()
    start = time.process_time()
    bench.scene(1)
    print(f"\nfirst of all times: {(time.process_time() - start) * 1e3:.0f} ms for the shapes of one stage")
    bench.ahead(0, 1, 2)
    yield bench
    bench.view.close()


@pytest.mark.parametrize("mode", ["single", "side", "overlay", "swipe", "blink", "changes"])
def test_another_stage_of_10_000_labels(large: Bench, mode: str, qtbot: QtBot) -> None:
    """Within 50 ms the first tiles are there and nothing old is; complete within 400 ms."""
    firsts, wholes = [], []
    for turn in range(5):
        b = 1 + turn % 2
        start = time.process_time()
        if mode == "single":
            large.view.show_page(large.content(large.scene(b)))
        else:
            large.view.show_stages(large.stages(mode, 0, b))
        store = large.canvas.labels.store
        large.canvas.repaint()
        firsts.append((time.process_time() - start) * 1e3)
        assert large.canvas.labels.store is store
        large.until(lambda: large.is_complete)
        wholes.append((time.process_time() - start) * 1e3)
    first, whole = statistics.median(firsts), statistics.median(wholes)
    print(f"\n{mode:8} first tiles {first:6.1f} ms (at most 50)   complete {whole:6.1f} ms (at most 400)")
    assert first <= 50
    assert whole <= 400


@pytest.mark.parametrize("mode", ["blink", "swipe", "side", "overlay"])
def test_a_step_from_a_to_b_with_500_labels(qtbot: QtBot, mode: str) -> None:
    """Within 16 ms: what a blink, a held key or the next stage costs."""
    bench = Bench(500, most_points=200)
    qtbot.addWidget(bench.view)
    bench.view.show_page(bench.content(bench.scene(0)))
    bench.ahead(0, 1, 2)
    bench.view.show_stages(bench.stages(mode, 0, 1))
    bench.until(lambda: bench.is_complete)
    times = []
    for turn in range(12):
        start = time.process_time()
        if mode == "blink":
            bench.view.mode.turn()  # type: ignore[attr-defined]
        else:
            bench.view.hold_a(turn % 2 == 0)
        QCoreApplication.processEvents()
        times.append((time.process_time() - start) * 1e3)
    step = statistics.median(times[2:])
    print(f"\n{mode:8} a step from A to B {step:6.1f} ms (at most 16)")
    assert step <= 16

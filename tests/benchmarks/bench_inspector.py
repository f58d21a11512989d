"""The inspector's list of labels: refill with 10,000 labels, selection, frames of 500 labels, by process CPU time.

Run with ``pytest -m benchmark -s tests/benchmarks/bench_inspector.py``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.make.inspected import page_of, scene_of, video_of
from viewer.model import Asset
from viewer.state import Look
from viewer.ui import theme
from viewer.ui.inspector import InspectorPanel

pytestmark = pytest.mark.benchmark
MANY, FRAME = 10_000, 500


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> Iterator[InspectorPanel]:
    theme.load_font()
    theme.apply(qapp, theme.DARK)
    widget = InspectorPanel()
    qtbot.addWidget(widget)
    widget.resize(328, 900)
    widget.show()
    QCoreApplication.processEvents()
    yield widget
    qapp.setStyleSheet("")


def cpu(call: Callable[[], object]) -> float:
    """Milliseconds, with the picture that follows."""
    start = time.process_time()
    call()
    QCoreApplication.processEvents()
    return (time.process_time() - start) * 1e3


def show(panel: InspectorPanel, asset: Asset, page: int = 0, look: Look | None = None, selection: str | None = None):
    look = look or Look()
    task = asset.tasks[0]
    scene = scene_of(asset, page, look)
    return lambda: panel.show_scene(scene, task.current, task, asset, look, selection)


def test_ten_thousand_labels(panel: InspectorPanel) -> None:
    first, second = page_of(MANY), page_of(MANY, seed=2)
    ids = [a.object_id for a in first.tasks[0].current.labels.annotations]
    empty = Look()
    hidden = replace(empty, hidden=frozenset({("class", first.tasks[0].current.labels.annotations[0].schema_id)}))
    refill, filtered, grouped, marked, looked = [], [], [], [], []
    for _ in range(7):
        refill.append(cpu(show(panel, second)))
        refill.append(cpu(show(panel, first)))
        looked.append(cpu(show(panel, first, look=hidden)))
        grouped.append(cpu(lambda: panel.labels.group_by("person")))
        panel.labels.group_by("class")
        for n in range(0, MANY, 2500):
            marked.append(cpu(lambda n=n: panel.mark(ids[n])))
    for group in panel.labels.model.listing.groups:
        panel.labels.model.set_open(group, True)
    opened = [cpu(show(panel, asset)) for asset in (second, first) * 4]
    marked_open = [cpu(lambda n=n: panel.mark(ids[n])) for n in range(0, MANY, 1000)]
    for needle in ("car", "#77", "moving", "zzz", ""):
        panel.labels.filter.setText(needle)
        filtered.append(cpu(panel.labels._filter_now))
    print()
    for name, times in {
        "refill, groups closed": refill, "refill, all groups open": opened, "hide a class": looked,
        "group in another way": grouped, "select, groups closed": marked, "select, all open": marked_open,
        "filter": filtered,
    }.items():  # fmt: skip
        print(f"{name:26} median {statistics.median(times):6.2f} ms, worst {max(times):6.2f} ms")
    assert statistics.median(refill) <= 50.0
    assert statistics.median(opened) <= 50.0


@pytest.mark.parametrize("full", [False, True], ids=["key frames", "every frame exported"])
def test_frames(panel: InspectorPanel, full: bool) -> None:
    asset = video_of(FRAME, pages=40, full=full)
    selection = asset.tasks[0].current.labels.annotations[7].object_id
    for group_open in (False, True):
        steps = [show(panel, asset, page, selection=selection) for page in range(1, 40)]
        times = [cpu(step) for step in steps]
        print(
            f"\nframe of {FRAME}, open {group_open}: median {statistics.median(times):.2f}, worst {max(times):.2f} ms"
        )
        for group in panel.labels.model.listing.groups:
            panel.labels.model.set_open(group, True)
    panel.show_tab("details")
    behind = [cpu(show(panel, asset, page, selection=selection)) for page in range(1, 40)]
    print(f"\nwith another tab in front: median {statistics.median(behind):.3f} ms")
    assert statistics.median(times) <= 16.0

"""The table of changes with 100,000 changes: filter, sort, group, and what of it holds the window, by CPU time.

Run with ``pytest -m benchmark -s tests/benchmarks/bench_changes.py``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from tests.make.changes import row_of, steps
from tests.make.rows import PERSONS, rows
from viewer.ui.assets import AssetPanel
from viewer.ui.assets.filters import Filter, toggled
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import GROUPINGS, ChangeTable, Places
from viewer.ui.changes.table_panel import ChangeTablePanel

pytestmark = pytest.mark.benchmark

ASSETS, EACH = 5_000, 20


def cpu(call: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1e3


@pytest.fixture
def panel(qtbot: QtBot) -> ChangeTablePanel:
    assets = [row_of(row) for row in rows(ASSETS)]
    table = ChangeTable(Places(lambda: assets))
    table.add(Item(s.asset, s.a, s.b, n, f) for s in steps(ASSETS, EACH) for n, f in enumerate(s.changes))
    made = ChangeTablePanel()
    qtbot.addWidget(made)
    made.resize(1500, 800)
    made.show()
    made.show_table("export", table)
    qtbot.waitUntil(lambda: not made.model.busy, timeout=60_000)
    assert made.model.counts() == (ASSETS * EACH, ASSETS * EACH)
    return made


def settle(panel: ChangeTablePanel) -> list[float]:
    """Let all the work in steps come to its end; how long each took."""
    held = []
    while panel.model._job is not None:
        held.append(cpu(panel.model._tick))
    return held


FILTERS = {
    "kind": toggled(Filter(), "change", "moved"),
    "class and person": toggled(toggled(Filter(), "change_class", "Van"), "change_person", PERSONS[1]),
    "word": Filter(text="lot_99"),
    "word that none has": Filter(text="zzzz"),
    "class by word": Filter(text="truck"),
}


def test_filter(panel: ChangeTablePanel) -> None:
    worst = 0.0
    for name, record in FILTERS.items():
        times, frames = [], []
        for _ in range(7):
            panel.model.set_filter(toggled(Filter(), "change_tool", "point"))
            settle(panel)
            QCoreApplication.processEvents()
            times.append(cpu(lambda: (panel.model.set_filter(record), settle(panel))))  # noqa: B023
            frames.append(cpu(QCoreApplication.processEvents))
        figure = statistics.median(times)
        worst = max(worst, figure)
        shown = panel.model.counts()[0]
        print(
            f"\nfilter, {name:20} {figure:6.1f} ms, next picture {statistics.median(frames):5.1f} ms, {shown:,}", end=""
        )
    print()
    assert worst <= 10.0


def test_longest_hold(panel: ChangeTablePanel) -> None:
    """No step of a sort or a grouping holds the window longer than a picture of the screen lasts."""
    for key, descending in (("iou", False), ("iou", True), ("asset", False), ("label", False), ("by", True)):
        held = [cpu(lambda: panel.model.set_filter(Filter(order=key, descending=descending)))]  # noqa: B023
        held += settle(panel)
        print(f"\nsort by {key:10} {sum(held):6.1f} ms in {len(held):3} turns, longest {max(held):5.1f} ms", end="")
        assert max(held) <= 16.0
    for grouping in GROUPINGS[1:]:
        held = [cpu(lambda: panel.model.set_grouping(grouping))]  # noqa: B023
        held += settle(panel)
        print(
            f"\ngroup by {grouping:9} {sum(held):6.1f} ms in {len(held):3} turns, longest {max(held):5.1f} ms", end=""
        )
        assert max(held) <= 16.0
    print()


def test_marks_of_the_asset_list(qtbot: QtBot) -> None:
    """Bars and filters of the list take the same changes in slices."""
    panel = AssetPanel()
    qtbot.addWidget(panel)
    panel.append([row_of(row) for row in rows(ASSETS)])
    model = panel.model
    qtbot.waitUntil(lambda: model.table.digested == ASSETS, timeout=60_000)
    held = []
    made = steps(ASSETS, EACH)
    held.append(cpu(lambda: model.add_changes(made)))
    while model._found:
        held.append(cpu(model._tick))
    times = []
    for _ in range(7):
        model.set_filter(Filter())
        record = toggled(toggled(Filter(), "change_tool", "polygon"), "change_stage", "Review")
        times.append(cpu(lambda: model.set_filter(record)))  # noqa: B023
    counted = statistics.median(cpu(lambda: model.counts_of("change_class")) for _ in range(7))
    filtered = statistics.median(times)
    print(f"\n{len(held)} slices, longest {max(held):.1f} ms; filter {filtered:.1f} ms, counts {counted:.1f} ms")
    assert max(held) <= 16.0

"""The inspector's list of changes with 10,000 of them: nothing that the window does takes longer than 16 ms.

Run with ``pytest -m benchmark -s tests/benchmarks/bench_changes_tab.py``. CPU time of the process, with the picture
that follows; naming and grouping (`listing_of`) is done in a thread and told apart.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.make.assets import parsed
from tests.make.changed import SIDES, boxed, comparison_of, stage
from tests.make.inspected import answer, image
from viewer.state import Look
from viewer.ui import theme
from viewer.ui.changes.shown import kinds_by_page, listing_of
from viewer.ui.inspector.changes_tab import ChangesTab

pytestmark = pytest.mark.benchmark
MANY = 10_000
WINDOW_MS = 16.0


@pytest.fixture
def tab(qtbot: QtBot, qapp: QApplication) -> Iterator[ChangesTab]:
    theme.load_font()
    theme.apply(qapp, theme.DARK)
    widget = ChangesTab()
    qtbot.addWidget(widget)
    widget.resize(328, 900)
    widget.show()
    widget.model.colour_of = lambda schema_id: "#44AA66"
    QCoreApplication.processEvents()
    yield widget
    qapp.setStyleSheet("")


def cpu(call: Callable[[], object]) -> float:
    """Milliseconds, with the picture that follows."""
    start = time.process_time()
    call()
    QCoreApplication.processEvents()
    return (time.process_time() - start) * 1e3


def test_ten_thousand_changes(tab: ChangesTab) -> None:
    dice = random.Random(3)
    one, two = [], []
    for n in range(MANY):
        x, y, title = 40 * (n % 100), 40 * (n // 100), dice.choice(("Car", "Van", "Tree", "Truck"))
        one.append(boxed(f"o{n:06d}", title, x, y, 30, 30, classifications=[answer("State", "parked")]))
        kind = dice.randrange(4)
        new = {"title": "Bus", "schemaId": "bus"} if kind == 1 else {}
        state = "moving" if kind == 2 else "parked"
        wide = 34 if kind == 3 else 30
        entry = boxed(f"o{n:06d}", title, x + 3 * (kind == 0), y, wide, 30, classifications=[answer("State", state)])
        two.append({**entry, **new})
    asset = parsed(image(*two, stageHistory=[stage("Label", one, hour=10), stage("Review", two, hour=12)]))
    before, after = asset.tasks[0].snapshots[:2]
    comparison = comparison_of(asset)
    assert len(comparison.changes) == MANY

    def made() -> object:
        return listing_of(comparison, asset, before, after, look=Look(), many_pages=False)

    listings = [made() for _ in range(3)]
    thread = {"name and group": [cpu(made) for _ in range(3)], "pages": [cpu(lambda: kinds_by_page(comparison))]}
    window: dict[str, list[float]] = {
        name: [] for name in ("list", "filter", "group", "mark", "open all", "step", "scroll")
    }
    for listing in listings:
        window["list"].append(cpu(lambda listing=listing: tab.show_changes(listing, SIDES)))  # type: ignore[misc]
    for signs in ({"moved"}, {"moved", "reshaped"}, {"reclassified"}, set()):
        window["filter"].append(cpu(lambda signs=signs: tab._filter(frozenset(signs))))  # type: ignore[misc]
    for grouping in ("class", "person", "kind"):
        window["group"].append(cpu(lambda grouping=grouping: tab.group_by(grouping)))  # type: ignore[misc]
    for at in range(0, MANY, 997):
        window["mark"].append(cpu(lambda at=at: tab.mark(at)))  # type: ignore[misc]
    for group in tab.model.groups:
        window["open all"].append(cpu(lambda group=group: tab.model.set_open(group, True)))  # type: ignore[misc]
    for row in range(1, 60):
        window["step"].append(cpu(lambda row=row: tab.view.setCurrentIndex(tab.model.index(row, 0))))  # type: ignore[misc]
    bar = tab.view.verticalScrollBar()
    for value in range(0, bar.maximum(), bar.maximum() // 40):
        window["scroll"].append(cpu(lambda value=value: bar.setValue(value)))  # type: ignore[misc]
    print()
    for where, all_times in (("thread", thread), ("window", window)):
        for name, times in all_times.items():
            print(f"{where} {name:16} median {statistics.median(times):6.2f} ms, worst {max(times):6.2f} ms")
    assert max(statistics.median(times) for times in window.values()) <= WINDOW_MS

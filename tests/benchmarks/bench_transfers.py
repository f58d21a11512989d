"""10,000 transfers in the panel: what a report costs the queue's thread, and showing it the window's.

Run with ``pytest -m benchmark -s tests/benchmarks/bench_transfers.py``. CPU time of the thread, since what counts is
what this program does.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from viewer.fetch import Address
from viewer.fetch.transfer import QueueReport
from viewer.fetch.transfers import Transfers
from viewer.ui import theme
from viewer.ui.transfers.panel import TransferPanel
from viewer.ui.transfers.view import MORE

pytestmark = pytest.mark.benchmark
COUNT, RUNS = 10_000, 15
FRAME_MS = 16.0
REPORT_MS = 60.0


def cost(work: Callable[[], object]) -> float:
    """Median milliseconds."""
    times = []
    for _ in range(RUNS):
        began = time.thread_time()
        work()
        times.append((time.thread_time() - began) * 1e3)
    return statistics.median(times)


@pytest.fixture(scope="module")
def transfers() -> Iterator[Transfers]:
    """None of them runs: the queue is paused before the first comes."""
    made = Transfers(lambda *_, **__: pytest.fail("nothing is fetched"), jobs=1)
    made.pause()
    for number in range(COUNT):
        made.want(Address(url=f"https://store.test/{number}.jpg"))
    yield made
    made.close()


def test_a_report_of_many_is_cheap(transfers: Transfers) -> None:
    some, all_ = cost(lambda: transfers.report(MORE)), cost(lambda: transfers.report(COUNT))
    print(f"\nreport: {some:.1f} ms for the rows in sight, {all_:.1f} ms for all {COUNT:,}")
    assert some < REPORT_MS


def test_showing_many_is_cheap(qtbot: QtBot, qapp: QApplication, transfers: Transfers) -> None:
    theme.load_font()
    theme.apply(qapp, theme.DARK)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1024, 680)
    anchor = QPushButton("a", window)
    window.show()
    panel = TransferPanel(window)
    panel.open(anchor)
    reports: list[QueueReport] = [transfers.report(MORE), transfers.report(COUNT)]
    figures = []
    for report in reports:
        moved = tuple(replace(one, received=4_000_000, total=38_000_000) for one in report.transfers)
        turns = itertools.cycle((report, replace(report, transfers=moved)))

        def show(turns: Iterator[QueueReport] = turns) -> None:
            panel.show_report(next(turns), 0)
            panel.view.grab()

        figures.append(cost(show))
    print(f"\nshown and painted: {figures[0]:.1f} ms with the rows in sight known, {figures[1]:.1f} ms with all")
    assert figures[0] < FRAME_MS
    panel.dismiss()
    qapp.setStyleSheet("")

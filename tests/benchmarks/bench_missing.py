"""Files that are not here: 100,000 names of a folder, and the links of a newer export, while the window lives on.

Run with ``pytest -m benchmark -s tests/benchmarks/bench_missing.py``. What a turn of the event loop costs is CPU time
of the window's thread; the time on the clock is printed beside it, and grows with what else the machine does.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.main_window import MainWindow
from viewer.ui.missing.look_dialog import LookInFolder
from viewer.ui.options import WindowOptions
from viewer.ui.session import Session

pytestmark = pytest.mark.benchmark

ASSETS, FOLDERS, FILES = 5_000, 200, 500
QUERY = "?X-Amz-Date={0}T000000Z&X-Amz-Expires=120000&X-Amz-Signature=0"


def asset(number: int, began: str) -> dict[str, Any]:
    tools = [
        {"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}, "objectId": f"o{number}-{k}", "schemaId": "car",
         "title": "car"}
        for k in range(20)
    ]  # fmt: skip
    return {"assetId": f"A{number}", "externalId": f"site/f{number}.png",
            "asset": f"https://store.test/{number}.png{QUERY.format(began)}",
            "task": {"taskId": f"T{number}", "tools": tools}}  # fmt: skip


def turns_until(there: Callable[[], bool]) -> tuple[list[float], list[float]]:
    """Seconds of each turn of the event loop until something is so: (CPU, by the clock), each in order of length."""
    application = QApplication.instance()
    assert application is not None
    end, cpu, clock = time.monotonic() + 120, [], []
    while not there():
        start, began = time.thread_time(), time.perf_counter()
        application.processEvents()
        cpu.append(time.thread_time() - start)
        clock.append(time.perf_counter() - began)
        assert time.monotonic() < end
        time.sleep(0.001)
    return sorted(cpu), sorted(clock)


def test_the_window_lives_on(qtbot: QtBot, isolated_home: Path, tmp_path: Path) -> None:
    today = time.strftime("%Y%m%d", time.gmtime())
    for name, began in (("old", "20240101"), ("new", today)):
        (tmp_path / f"{name}.json").write_text(json.dumps([asset(n, began) for n in range(ASSETS)]))
    media = tmp_path / "media"
    for folder in range(FOLDERS):
        (media / str(folder)).mkdir(parents=True)
        for file in range(FILES):
            (media / str(folder) / f"f{folder * FILES + file}.png").touch()
    theme.load_font()
    session = Session(WindowOptions(export=tmp_path / "old.json", cache_dir=tmp_path / "cache"))
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    session.open_first()
    turns_until(lambda: session.export is not None and session.export.complete and session.loader.has_failed)
    turns_until(lambda: window.missing.counts.others(0) is not None)

    def measured(what: str, begin: Callable[[], object], there: Callable[[], bool]) -> float:
        start = time.perf_counter()
        begin()
        cpu, clock = turns_until(there)
        seconds, at = time.perf_counter() - start, int(len(cpu) * 0.99)
        print(f"{what}: {seconds:.2f} s, turn p99 {cpu[at] * 1e3:.1f} ms, longest {cpu[-1] * 1e3:.1f} ms of CPU "
              f"({clock[at] * 1e3:.1f} and {clock[-1] * 1e3:.1f} by the clock)")  # fmt: skip
        return cpu[-1]

    dialog = LookInFolder(session, window)
    dialog.open()
    longest = [measured(f"what of {ASSETS:,} assets is missing", lambda: None, lambda: dialog._wanted is not None)]
    names = f"{FOLDERS * FILES:,} names of a folder"
    longest.append(measured(names, lambda: dialog.field.set_path(media), lambda: dialog.found is not None))
    assert dialog.found is not None
    assert dialog.found.found == ASSETS
    dialog.reject()
    newer = window.missing.newer
    links = f"links of {ASSETS:,} assets of a newer export"
    longest.append(measured(links, lambda: newer.open(tmp_path / "new.json"), lambda: newer.name != ""))
    assert max(longest) < 0.016
    window.close()

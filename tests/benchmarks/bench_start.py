"""CPU of the window's start to its first paint, beside a bare PySide6 window in the same run.

python -m pytest -o addopts= -m benchmark -s tests/benchmarks/bench_start.py
"""

from __future__ import annotations

import statistics

import pytest

from tests.e2e.test_start import PROBE, start

pytestmark = pytest.mark.benchmark
RUNS = 9
BARE = """
import os
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, self.tell)
    def tell(self):
        print("CPU", sum(os.times()[:2]))
        application.quit()

application = QApplication([])
window = Window()
window.resize(1600, 1000)
window.show()
application.exec()
"""


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As for a user, whose second start finds compiled modules: some machines forbid to write them."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.getbasetemp() / "compiled"))
    cpu_of(PROBE)
    cpu_of(BARE)


def cpu_of(script: str) -> float:
    """Seconds of CPU from the start of the process to its first paint."""
    done = start(script)
    assert done.returncode == 0, done.stderr
    return float(next(line for line in done.stdout.splitlines() if line.startswith("CPU ")).split()[1])


def test_start_beside_a_bare_window() -> None:
    bare, ours = [], []
    for _ in range(RUNS):
        bare.append(cpu_of(BARE))
        ours.append(cpu_of(PROBE))
    print(f"\nbare window {statistics.median(bare):.2f} s, ango-viewer {statistics.median(ours):.2f} s of CPU")
    assert statistics.median(ours) <= statistics.median(bare) + 0.6

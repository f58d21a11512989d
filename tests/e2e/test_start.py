"""The start: what is imported before the first paint, and what is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("av", "pymupdf", "pydicom", "imagecodecs", "httpx", "scipy", "pypdfium2", "PIL")
PROBE = """
import os
import sys
from PySide6.QtCore import QObject, QEvent, QTimer
from PySide6.QtWidgets import QApplication
from viewer.ui import app
from viewer.ui.options import WindowOptions

class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and type(watched).__name__ == "StartPage":
            QTimer.singleShot(0, self.tell)
        return False
    def tell(self):
        print("CPU", sum(os.times()[:2]))
        print("LOADED", ",".join(sorted({name.split(".")[0] for name in sys.modules})))
        QApplication.instance().quit()

application = QApplication(["ango-viewer"])
painted = Painted()
application.installEventFilter(painted)
raise SystemExit(app.run_window(WindowOptions()))
"""


def start(script: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, env=environment, check=False
    )


def test_the_first_paint_needs_no_codec_and_no_network() -> None:
    done = start(PROBE)
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("LOADED"))
    loaded = set(line.removeprefix("LOADED ").split(","))
    assert not loaded & set(HEAVY)
    assert done.stderr == ""


def test_without_a_display_it_says_so_and_what_to_do() -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "viewer"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    if sys.platform == "linux":
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "render" in done.stderr

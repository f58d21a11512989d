"""PySide6 6.12 on Python before 3.12 loses a reference to None per void call, and the interpreter aborts."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from PySide6.QtCore import QObject, QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

thing = QObject()
image = QImage(16, 16, QImage.Format.Format_RGB32)
pen = QPen(QColor("red"))
painter = QPainter(image)
before = sys.getrefcount(None)
for number in range(50_000):
    painter.setPen(pen)
    painter.drawPoint(QPointF(1, 1))
    thing.setObjectName("x")
    thing.parent()
lost = before - sys.getrefcount(None)
painter.end()
print(lost)
"""


def test_200_000_void_calls_lose_no_reference_to_none() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert abs(int(done.stdout)) < 1000

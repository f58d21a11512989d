"""The small steps that a picture of labels is drawn in, so that a window can answer in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QRegion, QTransform

RECTS, LINES, POLYGONS, DOTS = 400, 5_000, 120, 300
"""So many are drawn in one step; 1 to 2 ms each."""

Step = Callable[[QPainter], None]
"""A part of a picture, drawn by any painter of it. Pen, brush and transform are left as it needed them."""


def draw_all(painter: QPainter, steps: Iterable[Step]) -> None:
    """All steps at once; the painter's state stays what it was."""
    painter.save()
    try:
        for step in steps:
            step(painter)
    finally:
        painter.restore()


def pieces(rows: np.ndarray, most: int) -> Iterator[np.ndarray]:
    """Rows in runs of at most so many; nothing for none."""
    for first in range(0, len(rows), most):
        yield rows[first : first + most]


def inside(region: QRegion, step: Step, painter: QPainter) -> None:
    """A step that shows in a region of device pixels alone."""
    painter.save()
    painter.setTransform(QTransform())
    painter.setClipRegion(region, Qt.ClipOperation.IntersectClip)
    step(painter)
    painter.restore()


def stroke(
    draw: Callable[[QPainter, np.ndarray], None], rows: np.ndarray, pen: QPen, moved: QTransform, painter: QPainter
) -> None:
    """Rectangles or lines with a pen."""
    ready_to_stroke(painter, pen, moved)
    draw(painter, rows)


def ready_to_stroke(painter: QPainter, pen: QPen, moved: QTransform) -> None:
    """All that an outline needs of a painter, whatever was drawn before."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.setTransform(moved)


def discs(places: np.ndarray, brush: QBrush, radius: float, painter: QPainter) -> None:
    """Full circles at places in device pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setTransform(QTransform())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    for x, y in places:
        painter.drawEllipse(QPointF(float(x), float(y)), radius, radius)

"""Paints what stands beside the outlines of changes: stronger sides, arrows from old to new, and signs."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from viewer.geometry import Affine
from viewer.overlay import palette
from viewer.overlay.compared import ChangeMarks
from viewer.overlay.rings import Floats
from viewer.ui.canvas.arrays import draw_lines
from viewer.ui.widgets.signs import SIDE, sign_picture

STRONG_PX = 3.0
HEAD_PX = 8.0
SHORTEST_PX = 5.0
"""Arrows shorter than this say nothing."""
FEW = 400
SMALL_PX = 12.0
"""Where more labels than `FEW` changed, those smaller than this on screen carry no sign: it would hide them."""
SIGNS_AT_MOST = 4

Box = tuple[float, float, float, float]


CLEAR_PX = 5
"""Between a shape's right side and its signs."""


def paint_marks(
    painter: QPainter, marks: ChangeMarks, page_to_device: Affine, clip: Box, *, paper: bool, dpr: float
) -> None:
    """Draw the marks that reach into `clip` (device pixels), painter in device pixels. Needs no fonts."""
    painter.save()
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(marks.strong):
            _paint_strong(painter, marks.strong, page_to_device, paper=paper, dpr=dpr)
        painter.setTransform(QTransform())
        if len(marks.arrows):
            _paint_arrows(painter, marks.arrows, page_to_device, clip, paper=paper, dpr=dpr)
        if len(marks.rows):
            _paint_signs(painter, marks, page_to_device, clip, paper=paper, dpr=dpr)
    finally:
        painter.restore()


def _paint_strong(painter: QPainter, sides: Floats, m: Affine, *, paper: bool, dpr: float) -> None:
    look = palette.CHANGES["reshaped"]
    pen = QPen(QColor(look.ink if paper else look.glow), STRONG_PX * dpr)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setTransform(QTransform(m.a, m.b, m.c, m.d, m.e, m.f))
    draw_lines(painter, sides)


def _paint_arrows(painter: QPainter, arrows: Floats, m: Affine, clip: Box, *, paper: bool, dpr: float) -> None:
    """All shafts by one call, each with a head as far as there is room for it."""
    ends = np.ascontiguousarray(np.concatenate((m.map(arrows[:, :2]), m.map(arrows[:, 2:])), axis=1))
    step = ends[:, 2:] - ends[:, :2]
    length = np.hypot(step[:, 0], step[:, 1])
    reach = HEAD_PX * dpr
    low, high = np.minimum(ends[:, :2], ends[:, 2:]) - reach, np.maximum(ends[:, :2], ends[:, 2:]) + reach
    seen = (low[:, 0] < clip[2]) & (high[:, 0] > clip[0]) & (low[:, 1] < clip[3]) & (high[:, 1] > clip[1])
    seen &= length >= SHORTEST_PX * dpr
    ends, length = ends[seen], length[seen]
    if not len(ends):
        return
    look = palette.CHANGES["moved"]
    colour = QColor(look.ink if paper else look.glow)
    rim = QColor(palette.HALO_LIGHT if paper else palette.HALO)
    rim.setAlpha(palette.HALO_ALPHA)
    heads = [_head(end, size, dpr) for end, size in zip(ends.tolist(), length.tolist())]
    shafts = ends.copy()
    shafts[:, 2:] = [(tail[0], tail[1]) for _, tail in heads]
    for ink, width in ((rim, 3.6), (colour, 1.6)):
        pen = QPen(ink, width * dpr)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        draw_lines(painter, shafts)
        painter.setBrush(ink)
        painter.setPen(pen if ink is rim else Qt.PenStyle.NoPen)
        for shape, _ in heads:
            painter.drawPolygon(shape)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _head(end: list[float], length: float, dpr: float) -> tuple[QPolygonF, tuple[float, float]]:
    """The head of an arrow, and where its shaft ends."""
    x0, y0, x1, y1 = end
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    size = min(HEAD_PX * dpr, length * 0.6)
    back = (x1 - ux * size, y1 - uy * size)
    wide = size * 0.45
    shape = QPolygonF(
        [QPointF(x1, y1), QPointF(back[0] - uy * wide, back[1] + ux * wide),
         QPointF(back[0] + uy * wide, back[1] - ux * wide)]
    )  # fmt: skip
    return shape, (x1 - ux * size * 0.8, y1 - uy * size * 0.8)


def _paint_signs(painter: QPainter, marks: ChangeMarks, m: Affine, clip: Box, *, paper: bool, dpr: float) -> None:
    """The signs stand in a row right of the corner, clear of the widest outline (of what is selected)."""
    side = round(SIDE * dpr)
    corners = m.map(marks.corners)
    reach = side * (SIGNS_AT_MOST + 1)
    x, y = corners[:, 0], corners[:, 1]
    seen = (x + reach > clip[0]) & (x - reach < clip[2]) & (y + side > clip[1]) & (y - side < clip[3])
    if len(marks.rows) > FEW:
        seen &= marks.extent * math.sqrt(abs(m.a * m.d)) >= SMALL_PX * dpr
    rows = np.flatnonzero(seen)
    for row, (x_at, y_at) in zip(rows.tolist(), corners[rows].tolist()):
        left, top = round(x_at + CLEAR_PX * dpr), round(y_at - side / 2.0)
        for number, kind in enumerate(marks.kinds[row][:SIGNS_AT_MOST]):
            painter.drawImage(left + number * (side + 1) - 1, top - 1, sign_picture(kind, side, paper=paper))

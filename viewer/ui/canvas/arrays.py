"""Numpy arrays straight to Qt: sides of outlines, polygons, and the calls that take pointers."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from viewer.overlay.levels import FEW_POINTS, ring_is_closed
from viewer.overlay.rings import Ints, Rings, starts
from viewer.overlay.shapes import ShapeStore

# ---- sides -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The sides of all rings: ring r has ``lines[start[r]:stop[r]]``, each x0, y0, x1, y1.

    There may be lines of none of them: some rings of many share all lines with those.
    """

    lines: np.ndarray
    start: Ints
    stop: Ints


def sides_of(store: ShapeStore, rings: Rings) -> Sides:
    """All sides of a store's rings at some level of detail, made once for each."""
    return _at_hand(rings) or _made(rings, ring_is_closed(store))


def _at_hand(rings: Rings) -> Sides | None:
    """The sides that were made, be it for the rings that these are some of."""
    found = _sides.get(rings)
    if found is None and rings.source is not None:
        source, numbers = rings.source
        theirs = _at_hand(source)
        if theirs is not None:
            found = _sides[rings] = Sides(theirs.lines, theirs.start[numbers], theirs.stop[numbers])
    return found


def _made(rings: Rings, closed: np.ndarray) -> Sides:
    found = _at_hand(rings)
    if found is None and rings.joined is not None:
        number = len(rings.joined[0].first) - 1
        lower, upper = _made(rings.joined[0], closed[:number]), _made(rings.joined[1], closed[number:])
        before = len(lower.lines)
        start, stop = (
            np.concatenate((a, b + before)) for a, b in ((lower.start, upper.start), (lower.stop, upper.stop))
        )
        found = _sides[rings] = Sides(np.concatenate((lower.lines, upper.lines)), start, stop)
    if found is None:
        counts = np.diff(rings.first)
        after = np.arange(1, rings.count + 1)
        last = (rings.first[1:] - 1)[counts > 0]
        after[last] = rings.first[:-1][counts > 0]
        # nothing leads back from the end of a line; a lone point is a side without length
        none = ~closed & (counts > 1)
        keep = np.ones(rings.count, dtype=bool)
        keep[(rings.first[1:] - 1)[none]] = False
        first = starts(counts - none)
        lines = np.concatenate((rings.points[keep], rings.points[after[keep]]), axis=1)
        found = _sides[rings] = Sides(lines, first[:-1], first[1:])
    return found


def has_sides(rings: Rings) -> bool:
    """Whether `sides_of` would answer at once, or nearly so: those of two halves have to be put together."""
    if _at_hand(rings) is not None:
        return True
    return rings.joined is not None and all(half.count <= FEW_POINTS or has_sides(half) for half in rings.joined)


_sides: WeakKeyDictionary[Rings, Sides] = WeakKeyDictionary()


# ---- arrays straight to Qt -------------------------------------------------------------------------------
# QPainter takes pointers to many rectangles, lines or points; wrapping a numpy array spares one Python object
# for each. Wrappers are cached by address, so each one is given up at once.


def draw_rects(painter: QPainter, rects: np.ndarray) -> None:
    """Rectangles from a C-contiguous float64 array of shape (n, 4): x, y, width, height."""
    if len(rects):
        first: Any = shiboken6.wrapInstance(rects.ctypes.data, QRectF)
        try:
            painter.drawRects(first, len(rects))
        finally:
            shiboken6.invalidate(first)


def draw_lines(painter: QPainter, lines: np.ndarray) -> None:
    """Lines from a C-contiguous float64 array of shape (n, 4): x0, y0, x1, y1."""
    if len(lines):
        first: Any = shiboken6.wrapInstance(lines.ctypes.data, QLineF)
        try:
            painter.drawLines(first, len(lines))
        finally:
            shiboken6.invalidate(first)


def polygon(rings: Rings, ring: int) -> QPolygonF:
    """A ring as Qt wants it, made once: copying costs more than drawing."""
    rings, ring = rings.origin(ring)
    made = _polygons.setdefault(rings, {})
    found = made.get(ring)
    if found is None:
        points = rings.points[rings.first[ring] : rings.first[ring + 1]]
        found = QPolygonF()
        if len(points):
            found.resize(len(points))
            first = found.data()
            ctypes.memmove(shiboken6.getCppPointer(first)[0], points.ctypes.data, points.nbytes)
            shiboken6.invalidate(first)
        made[ring] = found
    return found


_polygons: WeakKeyDictionary[Rings, dict[int, QPolygonF]] = WeakKeyDictionary()

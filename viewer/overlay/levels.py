"""Levels of detail: outlines with fewer points, true to a fraction of a screen pixel at their zoom."""

from __future__ import annotations

import math
import threading
from weakref import WeakKeyDictionary

import numpy as np

from viewer.overlay.rings import Ints, JoinedRings, Rings
from viewer.overlay.shapes import LINE, ShapeStore

TOLERANCE = 0.4
"""Screen pixels that a simplified outline may leave the true one (Douglas-Peucker). Beyond 0.5 drawing gets
hardly faster; 0.4 leaves room for the rasteriser within the half pixel that placement may be off."""

FEW_POINTS = 4_000
"""Stores with no more points than this are drawn as they are."""

LOWEST, HIGHEST = -10, 3
"""Exponents of two: above 8x practically all points remain, so the true outline is drawn."""


def level_of(scale: float) -> int | None:
    """The level (exponent of two) for `scale` screen pixels per page pixel; None: the true outline."""
    if not scale > 0:
        return LOWEST
    level = math.ceil(math.log2(scale) - 1e-9)
    return None if level > HIGHEST else max(level, LOWEST)


def simplified(store: ShapeStore, level: int) -> Rings:
    """All rings of a store with the tolerance of a level. Slow (70 ms per million points); no GIL inside.

    Rings stay in their places, none vanishes: one of which too little is left becomes its bounding box.
    """
    import shapely  # lazily: 150 ms that a start need not pay

    rings = store.rings
    counts = np.diff(rings.first)
    if not len(counts):
        return rings
    closed = ring_is_closed(store)
    # Lines instead of polygons: simplified polygons may come back empty, lines keep both their ends. A ring
    # gets its first point again at its end, a lone point a twin.
    twice = closed | (counts < 2)
    extra = np.cumsum(twice)
    lengths = counts + twice
    ends = np.cumsum(lengths)
    points = np.empty((int(ends[-1]), 2), dtype=np.float64)
    last = np.zeros(len(points), dtype=bool)
    last[ends[twice] - 1] = True
    points[~last] = rings.points
    points[last] = rings.points[rings.first[:-1][twice]]
    ring_of_point = np.repeat(np.arange(len(counts)), lengths)
    lines = shapely.linestrings(points, indices=ring_of_point)
    thin = shapely.simplify(lines, TOLERANCE / 2.0**level, preserve_topology=False)
    kept, ring_of_kept = shapely.get_coordinates(thin, return_index=True)
    del lines, thin, extra
    left = np.bincount(ring_of_kept, minlength=len(counts))
    # drop the repeated last point of closed rings again
    stop = np.cumsum(left)
    keep = np.ones(len(kept), dtype=bool)
    keep[stop[twice & (left > 0)] - 1] = False
    kept = kept[keep]
    left = left - (twice & (left > 0))
    first = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(left, out=first[1:])
    vanished = np.flatnonzero((left < 2) & (counts >= 2))
    if not len(vanished):
        return Rings(np.ascontiguousarray(kept), first)
    return _with_boxes(store, Rings(kept, first), vanished)


def ring_is_closed(store: ShapeStore) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(rings,) Whether a ring belongs to an area (and is closed) or to a line."""
    per_part = np.diff(store.first_ring)
    return np.repeat(store.kind != LINE, per_part)


def _with_boxes(store: ShapeStore, thin: Rings, vanished: Ints) -> Rings:
    """The bounding box in place of each ring of which too little is left."""
    full = store.rings
    out = [thin.points[a:b] for a, b in zip(thin.first[:-1], thin.first[1:])]
    for r in vanished:
        mine = full.points[full.first[r] : full.first[r + 1]]
        (x0, y0), (x1, y1) = mine.min(axis=0), mine.max(axis=0)
        out[r] = np.array(((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
    first = np.zeros(len(out) + 1, dtype=np.int64)
    np.cumsum([len(o) for o in out], out=first[1:])
    return Rings(np.concatenate(out), first)


class Levels:
    """The levels of one store, built when they are wanted and not before. Any thread may call.

    Stores with the same rings share them, and a store with some rings of another takes them from there.
    """

    def __init__(self, store: ShapeStore) -> None:
        self.store = store
        self._built = _built_of(store.rings)

    def rings(self, scale: float) -> Rings:
        """The best rings that are ready for a scale: its own level, else a finer one, else the true ones."""
        level = level_of(scale)
        if level is None or self.store.rings.count <= FEW_POINTS:
            return self.store.rings
        if self._at_hand(level):
            return self._built[level]
        with _lock:
            ready = [k for k in self._built if k >= level]
            return self._built[min(ready)] if ready else self.store.rings

    def missing(self, scale: float) -> int | None:
        """The level to `build` for a scale; None when all that it needs is there."""
        level = level_of(scale)
        if level is None or self.store.rings.count <= FEW_POINTS:
            return None
        return None if self._at_hand(level) else level

    def build(self, level: int) -> None:
        """Make a level. To be called off the GUI thread."""
        rings = simplified(self.store, level)
        with _lock:
            self._built[level] = rings

    def _at_hand(self, level: int) -> bool:
        """Whether a level is there, or can be had from the store that the rings came from."""
        with _lock:
            return _found(self.store.rings, level) is not None


def _found(rings: Rings, level: int) -> Rings | None:
    """A level of some rings: as built for them, or from those that they are some or all of."""
    built = _built_of(rings)
    made = built.get(level)
    if made is None and rings.source is not None:
        theirs = _found(rings.source[0], level)
        made = theirs.some(rings.source[1]) if theirs is not None else None
    elif made is None and rings.joined is not None:
        halves = [_found(half, level) if half.count > FEW_POINTS else half for half in rings.joined]
        if halves[0] is not None and halves[1] is not None:
            made = JoinedRings(halves[0], halves[1])
    if made is not None:
        built[level] = made
    return made


_built: WeakKeyDictionary[Rings, dict[int, Rings]] = WeakKeyDictionary()
_lock = threading.RLock()


def _built_of(rings: Rings) -> dict[int, Rings]:
    with _lock:
        return _built.setdefault(rings, {})

"""Which labels lie under the pointer, the one to choose first."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from viewer.overlay.shapes import AREA, LINE, ShapeStore

OUTLINE_PX = 5.0
"""An outline is hit from this far away, in screen pixels."""

BRUTE_FORCE_UP_TO = 10_000
"""Boxes up to which comparing all (8 µs for 10,000) is as fast as a tree."""

OUTLINE_BONUS = 0.5
"""A hit outline wins over an interior unless the other label has less than this share of its area."""


class Hits:
    """Answers "what is here" for one store. Shapes of rings are prepared when the pointer first comes near."""

    def __init__(self, store: ShapeStore) -> None:
        self.store = store
        # sorted by their left side: only those that begin near a point, less the widest, can hold it
        self._order = np.argsort(store.box[:, 0], kind="stable")
        self._x0, self._y0, self._x1, self._y1 = (np.ascontiguousarray(c) for c in store.box[self._order].T)
        self._widest = float((self._x1 - self._x0).max(initial=0.0)) * (1.0 + 1e-9)
        self._parts = store.first_part.tolist()
        ringed = (store.kind == AREA) | (store.kind == LINE)
        self._rows = list(zip(ringed.tolist(), *store.part_box.T.tolist()))
        self._areas = store.area.tolist()
        self._shapes: dict[int, _Shape] = {}
        self._tree: Any = None

    def under(self, point_in_page: tuple[float, float], scale: float) -> tuple[int, ...]:
        """The labels at a point, the one to choose first in front.

        `scale` is screen pixels per page pixel. The smallest area comes first, so lines and points do; an
        outline within 5 screen pixels counts as half its area; of two alike the one drawn above is first.
        """
        areas = self._areas
        if not areas:
            return ()
        x, y = point_in_page
        reach = OUTLINE_PX / scale if scale > 0 else 0.0
        first, rows, shapes, hypot = self._parts, self._rows, self._shapes, math.hypot
        found: dict[int, bool] = {}  # label: is its outline near?
        unclear: list[tuple[int, _Shape]] = []
        for label in self._boxes_near(x, y, reach):
            part, stop = first[label], first[label + 1]
            while part < stop:
                has_rings, x0, y0, x1, y1 = rows[part]
                if has_rings:
                    shape = shapes.get(part) or self._shape(part)
                    away = hypot(x - shape.x, y - shape.y)
                    if away < shape.room - reach:
                        found.setdefault(label, False)  # deep inside
                    elif away <= shape.span + reach:
                        unclear.append((label, shape))
                elif x0 + reach < x < x1 - reach and y0 + reach < y < y1 - reach:
                    found.setdefault(label, False)  # of a dot nothing is so far inside
                elif hypot(x0 - x if x < x0 else x - x1 if x > x1 else 0.0,
                           y0 - y if y < y0 else y - y1 if y > y1 else 0.0) <= reach:  # fmt: skip
                    found[label] = True
                part += 1
        if unclear:
            _look_closely(unclear, x, y, reach, found)
        order = [(areas[i] * OUTLINE_BONUS if near else areas[i], -i) for i, near in found.items()]
        order.sort()
        return tuple([-i for _, i in order])

    def in_box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[int, ...]:
        """The labels whose bounding box touches this box in page space."""
        mask = (self._x0 <= x1) & (self._x1 >= x0) & (self._y0 <= y1) & (self._y1 >= y0)
        return tuple(sorted(self._order[mask].tolist()))

    def _boxes_near(self, x: float, y: float, reach: float) -> list[int]:
        a = int(self._x0.searchsorted(x - reach - self._widest))
        b = int(self._x0.searchsorted(x + reach, "right"))
        if b - a <= BRUTE_FORCE_UP_TO:
            mask = self._x1[a:b] >= x - reach
            mask &= self._y0[a:b] <= y + reach
            mask &= self._y1[a:b] >= y - reach
            rows: list[int] = self._order[a:b][mask].tolist()
            return rows
        import shapely

        if self._tree is None:
            self._tree = shapely.STRtree(shapely.box(self._x0, self._y0, self._x1, self._y1))
        found = self._tree.query(shapely.box(x - reach, y - reach, x + reach, y + reach))
        near: list[int] = self._order[found].tolist()
        return near

    def _shape(self, part: int) -> _Shape:
        """A part with rings, prepared. What has no inside has an empty one."""
        import shapely  # lazily: 150 ms that a page of boxes need not pay

        rings = self.store.rings
        numbers = range(int(self.store.first_ring[part]), int(self.store.first_ring[part + 1]))
        points = [rings.points[rings.first[r] : rings.first[r + 1]] for r in numbers]
        closed = self.store.kind[part] == AREA
        # a line needs two points and a ring three, whatever the export holds
        lines = [shapely.linestrings(np.concatenate((p, p[:1])) if closed or len(p) < 2 else p) for p in points]
        outline = lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)
        solid = [shapely.linearrings(p) for p in points if len(p) > 2] if closed else []
        # crossings of all rings are counted alike, so this is even-odd for whatever lies wherever
        filled = shapely.polygons(solid[0], holes=solid[1:] or None) if solid else shapely.Polygon()
        shapely.prepare((filled, outline))
        _, x0, y0, x1, y1 = self._rows[part]
        middle = ((x0 + x1) / 2.0, (y0 + y1) / 2.0)
        held = bool(shapely.contains_xy(filled, *middle))
        room = float(shapely.distance(outline, shapely.Point(middle))) if held else 0.0
        span = max(float(np.hypot(p[:, 0] - middle[0], p[:, 1] - middle[1]).max()) for p in points)
        found = self._shapes[part] = _Shape(filled, outline, *middle, room, span * (1.0 + 1e-12))
        return found


class _Shape(NamedTuple):
    """A part with rings, prepared, and two circles around (x, y): `room`, which its outline does not enter, and
    `span`, which it does not leave.

    They answer for most points of roundish shapes without a look at their sides. `room` is 0 when the middle
    is not inside.
    """

    filled: Any
    outline: Any
    x: float
    y: float
    room: float
    span: float


def _look_closely(unclear: list[tuple[int, _Shape]], x: float, y: float, reach: float, found: dict[int, bool]) -> None:
    """Find out which of these hold the point and which have their outline near."""
    import shapely

    held = shapely.contains_xy([shape.filled for _, shape in unclear], x, y).tolist()
    if not found and len(unclear) == 1 and held[0]:
        # whether the outline of the only label that holds the point is near would change nothing
        found[unclear[0][0]] = False
        return
    close = shapely.dwithin([shape.outline for _, shape in unclear], shapely.Point(x, y), reach).tolist()
    for (label, _), is_held, is_close in zip(unclear, held, close):
        if is_close:
            found[label] = True
        elif is_held:
            found.setdefault(label, False)


class Cycle:
    """Repeated clicks on one place choose the next label under it."""

    SAME_PLACE_PX = 4.0

    def __init__(self) -> None:
        self._place: tuple[float, float] | None = None
        self._labels: tuple[str, ...] = ()
        self._at = -1

    def click(self, point_in_page: tuple[float, float], scale: float, labels: tuple[str, ...]) -> str | None:
        """The object id to select for a click; `labels` are the ids under it, the first choice in front."""
        same = (
            self._place is not None
            and labels == self._labels
            and abs(point_in_page[0] - self._place[0]) * scale <= self.SAME_PLACE_PX
            and abs(point_in_page[1] - self._place[1]) * scale <= self.SAME_PLACE_PX
        )
        self._at = (self._at + 1) % len(labels) if same and labels else 0
        self._place, self._labels = point_in_page, labels
        return labels[self._at] if labels else None

    def reset(self) -> None:
        """The next click starts anew."""
        self._place, self._labels, self._at = None, (), -1

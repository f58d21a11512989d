"""Which labels lie under the pointer, the one to choose first."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from viewer.overlay.shapes import AREA, BOX, LINE, Ints, ShapeStore

OUTLINE_PX = 5.0
"""An outline is hit from this far away, in screen pixels."""

BRUTE_FORCE_UP_TO = 10_000
"""Labels up to which comparing all boxes (8 µs at 10,000) is as fast as a tree."""

OUTLINE_BONUS = 0.5
"""A hit outline wins over an interior unless the other label has less than this share of its area."""


class Hits:
    """Answers "what is here" for one store. Shapes of rings are prepared when the pointer first comes near."""

    def __init__(self, store: ShapeStore) -> None:
        self.store = store
        self._x0, self._y0, self._x1, self._y1 = (np.ascontiguousarray(c) for c in store.box.T)
        self._parts = store.first_part.tolist()
        self._boxes = store.part_box.tolist()
        self._kinds = store.kind.tolist()
        self._areas = store.area.tolist()
        self._shapes: dict[int, tuple[Any, Any]] = {}
        self._tree: Any = None

    def under(self, point_in_page: tuple[float, float], scale: float) -> tuple[int, ...]:
        """The labels at a point, the one to choose first in front.

        `scale` is screen pixels per page pixel. The smallest area comes first, so lines and points do; an
        outline within 5 screen pixels counts as half its area; of two alike the one drawn above is first.
        """
        if not self._areas:
            return ()
        x, y = point_in_page
        reach = OUTLINE_PX / scale if scale > 0 else 0.0
        inside: set[int] = set()
        outline: set[int] = set()
        ringed: list[tuple[int, int]] = []
        for label in self._boxes_near(x, y, reach):
            for part in range(self._parts[label], self._parts[label + 1]):
                x0, y0, x1, y1 = self._boxes[part]
                if not (x0 - reach <= x <= x1 + reach and y0 - reach <= y <= y1 + reach):
                    continue
                kind = self._kinds[part]
                if kind in (AREA, LINE):
                    ringed.append((label, part))
                elif x0 <= x <= x1 and y0 <= y <= y1:
                    if kind == BOX:
                        inside.add(label)
                    if min(x - x0, x1 - x, y - y0, y1 - y) <= reach:
                        outline.add(label)
                elif math.hypot(max(x0 - x, x - x1, 0.0), max(y0 - y, y - y1, 0.0)) <= reach:
                    outline.add(label)
        if ringed:
            self._add_ringed(ringed, x, y, reach, inside, outline)
        areas = self._areas
        found = inside | outline
        return tuple(sorted(found, key=lambda i: (areas[i] * (OUTLINE_BONUS if i in outline else 1.0), -i)))

    def in_box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[int, ...]:
        """The labels whose bounding box touches this box in page space."""
        mask = (self._x0 <= x1) & (self._x1 >= x0) & (self._y0 <= y1) & (self._y1 >= y0)
        return tuple(int(i) for i in np.flatnonzero(mask))

    def _boxes_near(self, x: float, y: float, reach: float) -> list[int]:
        if len(self.store) <= BRUTE_FORCE_UP_TO:
            mask = self._x0 <= x + reach
            mask &= self._x1 >= x - reach
            mask &= self._y0 <= y + reach
            mask &= self._y1 >= y - reach
            rows: list[int] = mask.nonzero()[0].tolist()
            return rows
        import shapely

        if self._tree is None:
            self._tree = shapely.STRtree(shapely.box(self._x0, self._y0, self._x1, self._y1))
        found = self._tree.query(shapely.box(x - reach, y - reach, x + reach, y + reach))
        return sorted(found.tolist())

    def _add_ringed(
        self, ringed: list[tuple[int, int]], x: float, y: float, reach: float, inside: set[int], outline: set[int]
    ) -> None:
        """Sort the labels of parts with rings into those that hold the point and those whose outline is near."""
        import shapely  # lazily: 150 ms that a page of boxes need not pay

        shapes = [self._shape(part) for _, part in ringed]
        held = shapely.contains_xy([s[0] for s in shapes], x, y).tolist()
        inside.update(label for (label, _), is_held in zip(ringed, held) if is_held)
        place = shapely.points(x, y)

        def ask(rows: list[int]) -> None:
            if rows:
                close = shapely.dwithin([shapes[i][1] for i in rows], place, reach)
                outline.update(ringed[i][0] for i, is_close in zip(rows, close.tolist()) if is_close)

        ask([i for i, is_held in enumerate(held) if not is_held])
        # whether the outline of a label that holds the point is near matters only for the order
        if len(inside) + len(outline - inside) > 1:
            ask([i for i, is_held in enumerate(held) if is_held])

    def _shape(self, part: int) -> tuple[Any, Any]:
        """(filled, outline) of a part with rings, prepared. What has no inside has an empty one."""
        found = self._shapes.get(part)
        if found is None:
            import shapely

            rings = self.store.rings
            numbers = range(int(self.store.first_ring[part]), int(self.store.first_ring[part + 1]))
            points = [rings.points[rings.first[r] : rings.first[r + 1]] for r in numbers]
            closed = self._kinds[part] == AREA
            # a line needs two points and a ring three, whatever the export holds
            lines = [shapely.linestrings(np.concatenate((p, p[:1])) if closed or len(p) < 2 else p) for p in points]
            outline = lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)
            solid = [shapely.linearrings(p) for p in points if len(p) > 2] if closed else []
            # crossings of all rings are counted alike, so this is even-odd for whatever lies wherever
            filled = shapely.polygons(solid[0], holes=solid[1:] or None) if solid else shapely.Polygon()
            shapely.prepare((filled, outline))
            found = self._shapes[part] = (filled, outline)
        return found


def spans(start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """All indices of the ranges [start, stop) one after the other, and which range each belongs to."""
    return rows_of(start, stop), np.repeat(np.arange(len(start)), stop - start)


def rows_of(start: Ints, stop: Ints) -> Ints:
    """All indices of the ranges [start, stop) one after the other."""
    counts = stop - start
    ends = np.cumsum(counts)
    rows = np.arange(int(ends[-1]) if len(ends) else 0)
    rows += np.repeat(start - (ends - counts), counts)
    return rows


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

"""Which labels lie under the pointer, the one to choose first."""

from __future__ import annotations

from typing import Any

import numpy as np

from viewer.overlay.shapes import AREA, BOX, DOT, LINE, Ints, ShapeStore

OUTLINE_PX = 5.0
"""An outline is hit from this far away, in screen pixels."""

BRUTE_FORCE_UP_TO = 10_000
"""Labels up to which comparing all boxes (8 µs at 10,000) is as fast as a tree."""

OUTLINE_BONUS = 0.5
"""A hit outline wins over an interior unless the other label has less than this share of its area."""


class Hits:
    """Answers "what is here" for one store."""

    def __init__(self, store: ShapeStore) -> None:
        self.store = store
        self._x0, self._y0, self._x1, self._y1 = (np.ascontiguousarray(c) for c in store.box.T)
        self._tree: Any = None

    def under(self, point_in_page: tuple[float, float], scale: float) -> tuple[int, ...]:
        """The labels at a point, the one to choose first in front.

        `scale` is screen pixels per page pixel. The smallest area comes first, so lines and points do; an
        outline within 5 screen pixels counts as half its area; of two alike the one drawn above is first.
        """
        store = self.store
        if not len(store):
            return ()
        x, y = point_in_page
        reach = OUTLINE_PX / scale if scale > 0 else 0.0
        near = self._boxes_near(x, y, reach)
        if not len(near):
            return ()
        inside, outline = self._exact(near, x, y, reach)
        hit = inside | outline
        if not hit.any():
            return ()
        near, outline = near[hit], outline[hit]
        weight = store.area[near] * np.where(outline, OUTLINE_BONUS, 1.0)
        order = np.lexsort((-near, weight))
        return tuple(int(i) for i in near[order])

    def in_box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[int, ...]:
        """The labels whose bounding box touches this box in page space."""
        mask = (self._x0 <= x1) & (self._x1 >= x0) & (self._y0 <= y1) & (self._y1 >= y0)
        return tuple(int(i) for i in np.flatnonzero(mask))

    def _boxes_near(self, x: float, y: float, reach: float) -> Ints:
        if len(self.store) <= BRUTE_FORCE_UP_TO:
            mask = self._x0 <= x + reach
            mask &= self._x1 >= x - reach
            mask &= self._y0 <= y + reach
            mask &= self._y1 >= y - reach
            return np.flatnonzero(mask)
        import shapely

        if self._tree is None:
            self._tree = shapely.STRtree(shapely.box(self._x0, self._y0, self._x1, self._y1))
        found = self._tree.query(shapely.box(x - reach, y - reach, x + reach, y + reach))
        return np.sort(np.asarray(found, dtype=np.int64))

    def _exact(self, near: Ints, x: float, y: float, reach: float) -> tuple[np.ndarray, np.ndarray]:
        """(inside, outline within reach) for each of the labels `near`."""
        store = self.store
        parts, owner = spans(store.first_part[near], store.first_part[near + 1])
        box = store.part_box[parts]
        kind = store.kind[parts]
        x0, y0, x1, y1 = box.T
        within = (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)
        # how far to the rectangle itself: from outside to its border, from inside to its nearest side
        off = np.hypot(np.maximum(np.maximum(x0 - x, x - x1), 0.0), np.maximum(np.maximum(y0 - y, y - y1), 0.0))
        side = np.minimum(np.minimum(x - x0, x1 - x), np.minimum(y - y0, y1 - y))
        inside = within & (kind == BOX)
        outline = np.where(within, side <= reach, off <= reach) & ((kind == BOX) | (kind == DOT))
        ringed = np.flatnonzero(((kind == AREA) | (kind == LINE)) & (off <= reach))
        if len(ringed):
            in_ring, on_ring = self._rings_at(parts[ringed], kind[ringed] == AREA, x, y, reach)
            inside[ringed] = in_ring
            outline[ringed] = on_ring
        result_inside = np.zeros(len(near), dtype=bool)
        result_outline = np.zeros(len(near), dtype=bool)
        result_inside[owner[inside]] = True
        result_outline[owner[outline]] = True
        return result_inside, result_outline

    def _rings_at(
        self, parts: Ints, closed: np.ndarray, x: float, y: float, reach: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Even-odd inside and distance to the outline for parts that have rings."""
        store = self.store
        rings, ring_part = spans(store.first_ring[parts], store.first_ring[parts + 1])
        start, stop = store.rings.first[rings], store.rings.first[rings + 1]
        rows, row_ring = spans(start, stop)
        after = rows + 1
        last = after == stop[row_ring]
        after[last] = start[row_ring[last]]
        row_part = ring_part[row_ring]
        is_closed = closed[row_part]
        # the side that closes an area does not exist in a line; there it shrinks to its own start
        after[last & ~is_closed] = rows[last & ~is_closed]
        a, b = store.rings.points[rows], store.rings.points[after]
        ax, ay, bx, by = a[:, 0] - x, a[:, 1] - y, b[:, 0] - x, b[:, 1] - y
        crosses = (ay > 0) != (by > 0)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            right = ax - ay * (bx - ax) / (by - ay) > 0
        odd = np.bincount(row_part, weights=crosses & right, minlength=len(parts)).astype(np.int64) % 2 == 1
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        t = np.clip(-(ax * dx + ay * dy) / np.where(length > 0, length, 1.0), 0.0, 1.0)
        close = (ax + t * dx) ** 2 + (ay + t * dy) ** 2 <= reach * reach
        on = np.bincount(row_part, weights=close, minlength=len(parts)) > 0
        return odd & closed, on


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

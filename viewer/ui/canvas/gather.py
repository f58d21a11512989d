"""The parts of labels sorted by how they are drawn, as arrays that Qt takes whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from viewer.overlay.ranges import rows_of, spans
from viewer.overlay.rings import Ints, Rings, starts
from viewer.overlay.shapes import AREA, BOX, DOT, ShapeStore
from viewer.overlay.style import Style
from viewer.ui.canvas.arrays import sides_of

SMALL_PX = 4.0
"""Areas and lines smaller than this on screen are drawn as their box."""
CULL_FROM = 2_000
"""Sides from which on those outside of the painted rectangle are sorted out before Qt sees them."""


@dataclass(frozen=True, slots=True)
class Group:
    """The parts of one style that are drawn alike, sorted by how they are drawn."""

    style: Style
    boxes: np.ndarray
    """(k, 4): x0, y0, x1, y1 of boxes and of what is small on screen."""
    rects: np.ndarray
    """(k, 4): the same as x, y, width, height, fit to be drawn."""
    filled: Ints
    """Parts with rings to fill."""
    lines: np.ndarray
    """(s, 4): sides x0, y0, x1, y1."""
    dots: np.ndarray
    """(d, 2)"""
    ringed: Ints
    """Parts with rings."""


@dataclass(frozen=True, slots=True)
class Gather:
    """Sorts the parts of one store for one map.

    `scale` is device pixels per page pixel, `clip` (x0, y0, x1, y1) what is painted, in page space.
    """

    store: ShapeStore
    rings: Rings
    styles: Sequence[Style]
    scale: float
    clip: tuple[float, float, float, float] | None

    def groups(self, labels: Ints) -> list[Group]:
        """The parts of these labels by style. Arrays are made for all styles at once and handed out as slices."""
        store = self.store
        parts, owner = spans(store.first_part[labels], store.first_part[labels + 1])
        style = store.style[labels][owner]
        if len(store.styles) > 1:
            order = np.argsort(style, kind="stable")
            parts, style = parts[order], style[order]
        kind, box = store.kind[parts], store.part_box[parts]
        small = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) * self.scale < SMALL_PX
        is_dot = kind == DOT
        is_rect = (kind == BOX) | (small & ~is_dot)
        is_ringed = ~is_rect & ~is_dot
        boxes, dots, ringed = box[is_rect], np.ascontiguousarray(box[is_dot][:, :2]), parts[is_ringed]
        rects = self._rects(boxes)
        lines, ends = self._sides(ringed)
        groups = []
        found = np.unique(style)
        edges = [np.searchsorted(style[m], found) for m in (is_rect, is_dot, is_ringed)]
        stops = [np.append(e[1:], n) for e, n in zip(edges, (len(boxes), len(dots), len(ringed)))]
        for k, number in enumerate(found.tolist()):
            a, b = int(edges[0][k]), int(stops[0][k])
            c, d = int(edges[2][k]), int(stops[2][k])
            mine = ringed[c:d]
            groups.append(
                Group(
                    style=self.styles[number],
                    boxes=boxes[a:b],
                    rects=rects[a:b],
                    filled=mine[store.kind[mine] == AREA],
                    lines=lines[int(ends[c]) : int(ends[d])],
                    dots=dots[int(edges[1][k]) : int(stops[1][k])],
                    ringed=mine,
                )
            )
        return groups

    def _rects(self, box: np.ndarray) -> np.ndarray:
        """x, y, width, height; kept near the painted area, and never thinner than a visible line."""
        if self.clip is not None and len(box):
            x0, y0, x1, y1 = self.clip
            # sides that lie far outside are brought near: what is seen stays, no number gets too large for Qt
            pad = 16.0 / self.scale
            low, high = np.array((x0 - pad, y0 - pad)), np.array((x1 + pad, y1 + pad))
            box = np.concatenate((np.clip(box[:, :2], low, high), np.clip(box[:, 2:], low, high)), axis=1)
        out = np.empty((len(box), 4), dtype=np.float64)
        size = box[:, 2:] - box[:, :2]
        least = 0.5 / self.scale
        thin = np.maximum(least - size, 0.0)
        out[:, :2] = box[:, :2] - thin / 2.0
        out[:, 2:] = size + thin
        return out

    def _sides(self, parts: Ints) -> tuple[np.ndarray, Ints]:
        """The sides of these parts one after the other, those that cannot be seen left out.

        Shape (s, 4); part i has the sides between the i-th and the next of the returned ends.
        """
        sides, first_ring = sides_of(self.store, self.rings), self.store.first_ring
        numbers = rows_of(first_ring[parts], first_ring[parts + 1])
        start, stop = sides.start[numbers], sides.stop[numbers]
        ends = starts(stop - start)[starts(first_ring[parts + 1] - first_ring[parts])]
        lines = sides.lines.take(rows_of(start, stop), axis=0)
        if self.clip is not None and len(lines) > CULL_FROM and self._exceeds_clip(parts):
            x0, y0, x1, y1 = self.clip
            ax, ay, bx, by = lines.T
            keep = (np.minimum(ax, bx) <= x1) & (np.maximum(ax, bx) >= x0)
            keep &= (np.minimum(ay, by) <= y1) & (np.maximum(ay, by) >= y0)
            kept = np.zeros(len(lines) + 1, dtype=np.int64)
            np.cumsum(keep, out=kept[1:])
            lines, ends = lines[keep], kept[ends]
        return lines, ends

    def _exceeds_clip(self, parts: Ints) -> bool:
        """Whether any of these parts is larger than what is painted, so that most of it cannot be seen."""
        if self.clip is None:
            return False
        x0, y0, x1, y1 = self.clip
        size = self.store.part_box[parts, 2:] - self.store.part_box[parts, :2]
        return bool((size[:, 0] > x1 - x0).any() or (size[:, 1] > y1 - y0).any())

    def sides_with_way(self, parts: Ints) -> tuple[np.ndarray, np.ndarray]:
        """All sides and how far along its ring each begins, in page pixels."""
        store = self.store
        sides = sides_of(store, self.rings)
        numbers = rows_of(store.first_ring[parts], store.first_ring[parts + 1])
        start, stop = sides.start[numbers], sides.stop[numbers]
        rows, owner = spans(start, stop)
        lines = sides.lines[rows]
        length = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
        total = np.cumsum(length) - length
        first = np.cumsum(stop - start) - (stop - start)
        return lines, total - total[np.minimum(first, max(len(total) - 1, 0))][owner] if len(total) else total

"""The area that two simple rings share, for very many pairs at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.geometry import Points

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EDGE_PAIRS = 40_000
"""Pairs of edges of one pair of rings up to which this is faster than an overlay, whose cost grows more slowly."""

AT_ONCE = 2_000_000
"""Pairs of edges held in memory at once."""


def shared_areas(one: Sequence[Points], two: Sequence[Points]) -> Floats:
    """Area of the intersection of the k-th ring of `one` with the k-th of `two`; shape (n,), exact but for rounding.

    Rings of shape (m, 2), m >= 3, that do not cross themselves, in either direction, not closed. A ring is the sum
    of what lies under its edges, those to the left counted negative; so what two rings share is the sum, over all
    pairs of edges, of what lies under both.
    """
    result: Floats = np.zeros(len(one))
    for first, last in _batches([len(a) * len(b) for a, b in zip(one, two)]):
        result[first:last] = _shared(one[first:last], two[first:last])
    return result


def _batches(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = held = 0
    for k, size in enumerate(sizes):
        if held + size > AT_ONCE and k > start:
            yield start, k
            start, held = k, 0
        held += size
    if sizes:
        yield start, len(sizes)


class _Edges:
    """The edges of many rings, one after the other, each from its left end to its right end."""

    def __init__(self, rings: Sequence[Points], floor: Floats) -> None:
        sizes = np.array([len(ring) for ring in rings])
        self.sizes = sizes
        self.starts = np.cumsum(sizes) - sizes
        points = np.concatenate(rings)
        following = np.arange(1, len(points) + 1)
        following[self.starts + sizes - 1] = self.starts
        x, y = points[:, 0], points[:, 1] - np.repeat(floor, sizes)
        x_end, y_end = x[following], y[following]
        turns = np.sign(np.add.reduceat(x * y_end - x_end * y, self.starts))
        self.sign: Floats = np.sign(x - x_end) * np.repeat(turns, sizes)
        """+1 for an edge that the ring lies below of, -1 above, 0 for an upright one."""
        goes_left = x_end < x
        self.left, self.right = np.minimum(x, x_end), np.maximum(x, x_end)
        at_left, at_right = np.where(goes_left, y_end, y), np.where(goes_left, y, y_end)
        width = self.right - self.left
        self.slope = np.divide(at_right - at_left, width, out=np.zeros(len(x)), where=width > 0)
        self.at_left = at_left

    def height(self, edges: Ints, x: Floats) -> Floats:
        """Height of edges above the floor at x."""
        found: Floats = self.at_left[edges] + self.slope[edges] * (x - self.left[edges])
        return found


def _shared(one: Sequence[Points], two: Sequence[Points]) -> Floats:
    floor = np.array([min(a[:, 1].min(), b[:, 1].min()) for a, b in zip(one, two)])
    first, second = _Edges(one, floor), _Edges(two, floor)
    # every edge of a ring with every edge of its partner
    counts = np.repeat(second.sizes, first.sizes)
    a = np.repeat(np.arange(len(counts)), counts)
    b = np.arange(len(a)) - np.repeat(np.cumsum(counts) - counts, counts)
    b += np.repeat(np.repeat(second.starts, first.sizes), counts)
    left = np.maximum(first.left[a], second.left[b])
    right = np.minimum(first.right[a], second.right[b])
    over = np.flatnonzero(left < right)
    a, b, left, right = a[over], b[over], left[over], right[over]
    under_two_left, under_two_right = second.height(b, left), second.height(b, right)
    d_left, d_right = first.height(a, left) - under_two_left, first.height(a, right) - under_two_right
    # the mean of min(d, 0) along a line from d_left to d_right
    low, high = np.minimum(d_left, d_right), np.maximum(d_left, d_right)
    below = np.where(high <= 0, (low + high) / 2, 0.0)
    crossing = (low < 0) & (high > 0)
    below[crossing] = -(low[crossing] ** 2) / (2 * (high[crossing] - low[crossing]))
    parts = (right - left) * ((under_two_left + under_two_right) / 2 + below) * first.sign[a] * second.sign[b]
    pair_of_edge = np.repeat(np.arange(len(one)), first.sizes)
    areas: Floats = np.clip(np.bincount(pair_of_edge[a], weights=parts, minlength=len(one)), 0.0, None)
    return areas

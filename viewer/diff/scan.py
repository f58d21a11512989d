"""Areas of outlines that cross each other so often that an overlay would take seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.geometry import Points

Floats = NDArray[np.float64]

MOST_LINES = 512
CROSSINGS = 60_000
"""So many crossings of outlines and lines are looked at, in all; the number of lines follows from it."""


class Areas(NamedTuple):
    """In square pixels, by the even-odd rule."""

    one: float
    two: float
    shared: float


def scanned(one: Sequence[Points], two: Sequence[Points]) -> Areas:
    """Areas of two sets of rings of shape (n, 2) and of what they share, summed along at most `MOST_LINES` lines.

    Along each line the lengths are exact; between lines nothing is looked at. Rings may cross themselves.
    """
    rings = [*one, *two]
    edges = np.concatenate([np.concatenate((ring, np.roll(ring, -1, axis=0)), axis=1) for ring in rings])
    is_two = np.repeat([k >= len(one) for k in range(len(rings))], [len(ring) for ring in rings])
    top, bottom = float(edges[:, 1].min()), float(edges[:, 1].max())
    if bottom <= top:
        return Areas(0.0, 0.0, 0.0)
    climb = float(np.abs(edges[:, 3] - edges[:, 1]).sum()) / (bottom - top)
    count = int(min(max(CROSSINGS / max(climb, 1.0), 16), MOST_LINES))
    step = (bottom - top) / count
    line, x, of_two = _crossings(edges, is_two, top + step / 2, step)
    order = np.lexsort((x, line))
    line, x, of_two = line[order], x[order], of_two[order]
    inside_two = np.cumsum(of_two) % 2 == 1
    inside_one = np.cumsum(~of_two) % 2 == 1
    # every ring is crossed an even number of times by a line, so that each line starts and ends outside
    length = np.diff(x, append=x[-1:])
    return Areas(*(float(length[inside].sum() * step) for inside in (inside_one, inside_two, inside_one & inside_two)))


def _crossings(
    edges: Floats, is_two: NDArray[np.bool_], first: float, step: float
) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """(line, x, whether of the second set) of each place where an edge crosses a line."""
    low, high = np.minimum(edges[:, 1], edges[:, 3]), np.maximum(edges[:, 1], edges[:, 3])
    start = np.ceil((low - first) / step).astype(np.int64)
    counts = np.maximum(np.ceil((high - first) / step).astype(np.int64) - start, 0)
    edge = np.repeat(np.arange(len(edges)), counts)
    line = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + start[edge]
    rise = edges[:, 3] - edges[:, 1]
    slope = np.divide(edges[:, 2] - edges[:, 0], rise, out=np.zeros(len(edges)), where=rise != 0)
    x: Floats = edges[edge, 0] + (first + line * step - edges[edge, 1]) * slope[edge]
    return line, x, is_two[edge]

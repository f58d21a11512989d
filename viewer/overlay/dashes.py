"""Dashed lines as short solid ones: the same dashes whatever part of a line is painted, and no slow dasher."""

from __future__ import annotations

import numpy as np

from viewer.overlay.ranges import spans
from viewer.overlay.rings import Floats

MOST = 200_000
"""Dashes of one call; beyond that lines stay solid."""


def dashed(
    sides: Floats, before: Floats, on: float, off: float, clip: tuple[float, float, float, float] | None
) -> Floats:
    """Cut sides into dashes; both have shape (n, 4): x0, y0, x1, y1.

    `before` (n,) is how far along its own line each side begins, so that dashes run on around corners. `on`
    and `off` are lengths in the units of the sides. Only what lies in `clip` (same units) is made.
    """
    start, step = sides[:, :2], sides[:, 2:] - sides[:, :2]
    length = np.hypot(step[:, 0], step[:, 1])
    near, far = _visible(start, step, clip)
    keep = (length > 0) & (far > near)
    start, step, length, before = start[keep], step[keep], length[keep], before[keep]
    first = before + near[keep] * length
    last = before + far[keep] * length
    period = on + off
    low = np.floor(first / period).astype(np.int64)
    high = np.ceil(last / period).astype(np.int64)
    if int((high - low).sum()) > MOST:
        return np.ascontiguousarray(sides[keep])
    number, owner = spans(low, high)
    a = np.maximum(number * period, first[owner])
    b = np.minimum(number * period + on, last[owner])
    some = b > a
    a, b, owner = a[some], b[some], owner[some]
    along = step[owner] / length[owner, None]
    origin = start[owner] - along * before[owner, None]
    return np.concatenate((origin + along * a[:, None], origin + along * b[:, None]), axis=1)


def _visible(start: Floats, step: Floats, clip: tuple[float, float, float, float] | None) -> tuple[Floats, Floats]:
    """(n,) shares of each side, 0 to 1, between which it lies in the clip (Liang and Barsky)."""
    near, far = np.zeros(len(start)), np.ones(len(start))
    if clip is None:
        return near, far
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for axis in (0, 1):
            low, high = clip[axis], clip[axis + 2]
            t0, t1 = (low - start[:, axis]) / step[:, axis], (high - start[:, axis]) / step[:, axis]
            flat = step[:, axis] == 0
            inside = (start[:, axis] >= low) & (start[:, axis] <= high)
            t0 = np.where(flat, np.where(inside, -np.inf, np.inf), t0)
            t1 = np.where(flat, np.where(inside, np.inf, -np.inf), t1)
            near = np.maximum(near, np.minimum(t0, t1))
            far = np.minimum(far, np.where(flat & ~inside, -np.inf, np.maximum(t0, t1)))
    return near, far

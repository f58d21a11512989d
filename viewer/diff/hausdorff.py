"""How far two outlines are apart at most (Hausdorff distance), between the corners as well as at them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from viewer.diff.forms import CROSSINGS, Floats, Form
from viewer.geometry import Points

Ints = NDArray[np.int64]

CLOSE_ENOUGH = 0.02
"""Pixels to which the distance is found."""

SIMPLIFIED_FROM = 2_000
"""Points from which an outline is simplified first."""

SIMPLIFIED_BY = 0.2
"""Pixels that a simplified outline may leave the exported one: with two of them the error stays below 0.5."""

SEGMENT_PAIRS = 40_000
"""Segments times segments up to which all are held against all; beyond, a tree finds the nearest."""

ROUGH_STEP = 2.0
"""Pixels: an outline of very many longer steps is a zigzag, which does not get shorter by being simplified."""

ROUGH_FROM = 1_000
"""Points from which an outline may be such a zigzag."""

MOST_PIECES, MOST_ASKED = 200, 600
"""Of zigzags so many pieces are looked at, and halves of them: then the distance is an estimate."""

MOST_ROUGH = 5_000
"""Of zigzags with more points none is made."""

AT_ONCE = 1_000_000
"""Pairs of a point and a segment held in memory at once."""


def is_rough(form: Form) -> bool:
    """Whether an outline is such a zigzag that its distance can only be estimated, from below."""
    outline = _outline(form)
    return len(outline) > ROUGH_FROM and _is_tangle(outline, outline)


def _is_tangle(one: Floats, two: Floats) -> bool:
    """Whether so much length on so much room must cross very often; then every search in it is long."""
    both = np.concatenate((one, two)).reshape(-1, 2)
    room = float(np.ptp(both, axis=0).prod())
    lengths = [float(np.hypot(s[:, 2] - s[:, 0], s[:, 3] - s[:, 1]).sum()) for s in (one, two)]
    return 2 / math.pi * lengths[0] * lengths[1] > CROSSINGS * room


def hausdorff(one: Sequence[Form], two: Sequence[Form]) -> Floats:
    """The Hausdorff distance between the outlines of the k-th forms; shape (n,), NaN where one has none.

    The largest distance from any place on either outline to the other. Exact to `CLOSE_ENOUGH`, of outlines with
    more than `SIMPLIFIED_FROM` points to 0.5; of zigzags of more than `ROUGH_FROM` an estimate from below, or NaN.
    """
    segments = [[_outline(form) for form in forms] for forms in (one, two)]
    result: Floats = np.full(len(one), np.nan)
    small: list[int] = []
    for k, (a, b) in enumerate(zip(*segments)):
        if not len(a) or not len(b):
            continue
        if len(a) * len(b) <= SEGMENT_PAIRS:
            small.append(k)
        elif max(len(a), len(b)) <= MOST_ROUGH:
            result[k] = max(_to_tree(a, b), _to_tree(b, a))
    a, b = ([side[k] for k in small] for side in segments)
    result[small] = np.maximum(_directed(a, b), _directed(b, a))
    return result


def _outline(form: Form) -> Floats:
    """The segments of a form, simplified when they are very many."""
    if sum(len(ring) for zone in form.zones for ring in zone) + sum(map(len, form.lines)) > SIMPLIFIED_FROM:
        zones = tuple(tuple(_simplified(ring, closed=True) for ring in zone) for zone in form.zones)
        form = form._replace(zones=zones, lines=tuple(_simplified(line, closed=False) for line in form.lines))
    return _segments(form)


def _simplified(points: Points, *, closed: bool) -> Points:
    if len(points) < 4 or np.hypot(*np.diff(points, axis=0).T).mean() > ROUGH_STEP:
        return points
    line = shapely.linestrings(np.concatenate((points, points[:1])) if closed else points)
    found: Points = shapely.get_coordinates(shapely.simplify(line, SIMPLIFIED_BY, preserve_topology=False))
    return found[:-1] if closed else found


def _segments(form: Form) -> Floats:
    """The outline as (x0, y0, x1, y1), shape (n, 4); a dot is a segment without length."""
    parts = [np.concatenate((ring, np.roll(ring, -1, axis=0)), axis=1) for zone in form.zones for ring in zone]
    ends = [(line[:-1], line[1:]) if len(line) > 1 else (line, line) for line in form.lines]
    parts += [np.concatenate(both, axis=1) for both in ends]
    if form.dots:
        dots = np.array(form.dots, dtype=np.float64)
        parts.append(np.concatenate((dots, dots), axis=1))
    return np.concatenate(parts) if parts else np.empty((0, 4))


def _directed(one: Sequence[Floats], two: Sequence[Floats]) -> Floats:
    """From each outline of `one` to its partner in `two`. Shape (n,).

    The distance to a single segment is convex along a line. So on a piece of the outline it is nowhere more than,
    of all segments, the least of the larger distances at the piece's two ends. Pieces that by this may hold more
    than was already found are halved.
    """
    best: Floats = np.zeros(len(one))
    if not len(one):
        return best
    sizes = np.array([len(b) for b in two])
    starts = np.cumsum(sizes) - sizes
    targets = np.concatenate(two)
    pieces = np.concatenate(one)
    pair = np.repeat(np.arange(len(one)), [len(a) for a in one])
    while len(pieces):
        kept: list[Floats] = []
        kept_pairs: list[Ints] = []
        for first, last in _batches(sizes[pair]):
            here, of = pieces[first:last], pair[first:last]
            at_ends, most = _distances(here, of, targets, starts, sizes)
            np.maximum.at(best, of, at_ends)
            length = np.hypot(here[:, 2] - here[:, 0], here[:, 3] - here[:, 1])
            more = (np.minimum(most, at_ends + length / 2) > best[of] + CLOSE_ENOUGH) & (length > CLOSE_ENOUGH)
            kept.append(here[more])
            kept_pairs.append(of[more])
        pieces, pair = np.concatenate(kept), np.concatenate(kept_pairs)
        middle = (pieces[:, :2] + pieces[:, 2:]) / 2
        pieces = np.concatenate(
            (np.concatenate((pieces[:, :2], middle), axis=1), np.concatenate((middle, pieces[:, 2:]), axis=1))
        )
        pair = np.concatenate((pair, pair))
    return best


def _batches(sizes: Ints) -> Iterator[tuple[int, int]]:
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        done = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, done + AT_ONCE, side="right")), first + 1)
        yield first, last
        first = last


def _distances(pieces: Floats, pair: Ints, targets: Floats, starts: Ints, sizes: Ints) -> tuple[Floats, Floats]:
    """Of each piece the larger distance of its two ends to the target, and what it is at most in between."""
    counts = sizes[pair]
    rows = np.cumsum(counts) - counts
    of = np.repeat(np.arange(len(pieces)), counts)
    segment = targets[np.arange(len(of)) - np.repeat(rows - starts[pair], counts)]
    x0, y0 = segment[:, 0], segment[:, 1]
    dx, dy = segment[:, 2] - x0, segment[:, 3] - y0
    square = dx * dx + dy * dy
    inverse = np.divide(1.0, square, out=np.zeros(len(square)), where=square > 0)
    ends: list[Floats] = []
    for column in (0, 2):
        x, y = pieces[of, column] - x0, pieces[of, column + 1] - y0
        t = np.clip((x * dx + y * dy) * inverse, 0.0, 1.0)
        ends.append((x - t * dx) ** 2 + (y - t * dy) ** 2)
    nearest = np.maximum(np.minimum.reduceat(ends[0], rows), np.minimum.reduceat(ends[1], rows))
    most = np.minimum.reduceat(np.maximum(ends[0], ends[1]), rows)
    return np.sqrt(nearest), np.sqrt(most)


# ---- long outlines -------------------------------------------------------------------------------------------


def _to_tree(one: Floats, two: Floats) -> float:
    """`_directed` of one pair: a tree finds the segment that is nearest to each end, and these give the bound."""
    tree = shapely.STRtree(shapely.linestrings(two.reshape(len(two), 2, 2)))
    # zigzags that no simplification shortens are only looked at in places
    is_long = len(one) > ROUGH_FROM and _is_tangle(one, two)
    a, b = np.hsplit(one[:: -(-len(one) // MOST_PIECES)] if is_long else one, 2)
    asked, most_asked = 2 * len(a), MOST_ASKED if is_long else 8 * len(one) + MOST_ASKED
    near_a, near_b = (tree.nearest(shapely.points(ends)) for ends in (a, b))
    best = max(float(_to_segments(a, two[near_a]).max()), float(_to_segments(b, two[near_b]).max()))
    while len(a) and asked < most_asked:
        most = np.minimum(
            *(np.maximum(_to_segments(a, two[near]), _to_segments(b, two[near])) for near in (near_a, near_b))
        )
        more = np.flatnonzero((most > best + CLOSE_ENOUGH) & (np.hypot(*(b - a).T) > CLOSE_ENOUGH))
        # the most promising first: they raise the mark for all others
        more = more[np.argsort(-most[more], kind="stable")][: most_asked - asked]
        if not len(more):
            break
        a, b, near_a, near_b = a[more], b[more], near_a[more], near_b[more]
        middle = (a + b) / 2
        asked += len(middle)
        near = tree.nearest(shapely.points(middle))
        best = max(best, float(_to_segments(middle, two[near]).max()))
        a, b = np.concatenate((a, middle)), np.concatenate((middle, b))
        near_a, near_b = np.concatenate((near_a, near)), np.concatenate((near, near_b))
    return best


def _to_segments(points: Floats, segments: Floats) -> Floats:
    """Distance of each point (n, 2) to its segment (n, 4); shape (n,)."""
    along = segments[:, 2:] - segments[:, :2]
    square = (along**2).sum(axis=1)
    from_start = points - segments[:, :2]
    t = np.divide((from_start * along).sum(axis=1), square, out=np.zeros(len(points)), where=square > 0)
    apart: Floats = np.hypot(*(from_start - np.clip(t, 0.0, 1.0)[:, None] * along).T)
    return apart

"""What happened to a label that is in both snapshots: which differences count, and which are only another spelling."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal, get_args

import msgspec
import numpy as np

from viewer.diff.forms import Form, Geometries, corners_of
from viewer.geometry import Points
from viewer.model import Annotation, ChangeKind
from viewer.tools.base import Tool
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.ner import Ner
from viewer.tools.polygon import Polygon
from viewer.tools.polyline import Polyline

Geometric = Literal["moved", "reshaped", "retimed"]

TOLERANCE = 1e-6
"""Pixels. Numbers that went through other software differ by some 1e-13; nobody draws to a millionth of a pixel."""

RIGID = 10.0
"""So many tolerances may the shifts of single points differ in a move: each is the difference of two noisy numbers."""

STARTS = 16
"""So many points of a ring are tried as its start, when they lie where the other ring's first point is."""

BATCH_POINTS = 1_000_000
"""Points compared at once, for the sake of memory."""

WEIGHT = {kind: i for i, kind in enumerate(get_args(ChangeKind))}


def in_order(kinds: set[ChangeKind]) -> tuple[ChangeKind, ...]:
    """Kinds with the weightiest first."""
    return tuple(sorted(kinds, key=WEIGHT.__getitem__))


def is_reclassified(before: Annotation, after: Annotation) -> bool:
    """Whether the class is another one. A class that was renamed is the same; without ids titles decide."""
    if before.schema_id and after.schema_id:
        return before.schema_id != after.schema_id
    return before.title != after.title


def geometric(
    pairs: Sequence[tuple[Tool, Tool]], geometries: Geometries, *, tolerance: float = TOLERANCE
) -> list[Geometric | None]:
    """Of each pair of tools how the geometry differs; None when it does not by more than `tolerance` pixels."""
    result: list[Geometric | None] = [None] * len(pairs)
    boxes: list[int] = []
    rings: list[int] = []
    others: list[int] = []
    for i, (a, b) in enumerate(pairs):
        if a is b:
            continue
        kind = type(a)
        if kind is not type(b):
            result[i] = "reshaped"
        elif kind is BoundingBox:
            (boxes if _is_flat(a) and _is_flat(b) else others).append(i)
        elif _is_points(a) and _is_points(b) and 0 < len(_points(a)) == len(_points(b)):
            rings.append(i)
        else:
            others.append(i)
    _boxes(boxes, pairs, result, tolerance)
    others += _rings(rings, pairs, result, tolerance)
    for i in others:
        a, b = pairs[i]
        result[i] = _one(a, b, geometries, tolerance)
    return result


def _is_flat(tool: Any) -> bool:
    return tool.voxels is None


def _is_points(tool: Any) -> bool:
    """Whether a tool is nothing but points."""
    return type(tool) is Polygon or (type(tool) is Polyline and _is_flat(tool))


def _points(tool: Any) -> Points:
    points: Points = tool.ring if type(tool) is Polygon else tool.points
    return points


def _boxes(
    places: list[int], pairs: Sequence[tuple[Tool, Tool]], result: list[Geometric | None], tolerance: float
) -> None:
    if not places:
        return
    one, two = (corners_of([pairs[i][side] for i in places]) for side in (0, 1))
    d = np.subtract(two, one)
    differs = np.abs(d).max(axis=1) > tolerance
    rigid = np.abs(d[:, :2] - d[:, 2:]).max(axis=1) <= RIGID * tolerance
    for i, other, alike in zip(places, differs.tolist(), rigid.tolist()):
        if other:
            result[i] = "moved" if alike else "reshaped"


def _rings(
    places: list[int], pairs: Sequence[tuple[Tool, Tool]], result: list[Geometric | None], tolerance: float
) -> list[int]:
    """Rings and lines with as many points: point by point. Returns those of which this does not tell enough."""
    unclear: list[int] = []
    for batch in _batches(places, [len(_points(pairs[i][0])) for i in places]):
        one = [_points(pairs[i][0]) for i in batch]
        d = np.concatenate([_points(pairs[i][1]) for i in batch]) - np.concatenate(one)
        starts = np.cumsum([0, *(len(p) for p in one[:-1])])
        high, low = np.maximum.reduceat(d, starts), np.minimum.reduceat(d, starts)
        differs = np.maximum(high, -low).max(axis=1) > tolerance
        rigid = (high - low).max(axis=1) <= RIGID * tolerance
        for i, other, alike in zip(batch, differs.tolist(), rigid.tolist()):
            if other and alike:
                result[i] = "moved"
            elif other:
                unclear.append(i)
    return unclear


def _batches(places: list[int], sizes: list[int]) -> list[list[int]]:
    if sum(sizes) <= BATCH_POINTS:
        return [places] if places else []
    batches: list[list[int]] = [[]]
    held = 0
    for i, size in zip(places, sizes):
        if held + size > BATCH_POINTS and batches[-1]:
            batches.append([])
            held = 0
        batches[-1].append(i)
        held += size
    return batches


def _one(a: Tool, b: Tool, geometries: Geometries, tolerance: float) -> Geometric | None:
    one, two = geometries.form(a), geometries.form(b)
    if not one.is_drawn or not two.is_drawn:
        return _by_value(a, b, one, two, tolerance)
    if _is_same(one, two, tolerance):
        return None
    shift = two.points.min(axis=0) - one.points.min(axis=0)
    return "moved" if _is_same(_shifted(one, shift), two, RIGID * tolerance) else "reshaped"


def _by_value(a: Tool, b: Tool, one: Form, two: Form, tolerance: float) -> Geometric | None:
    if one.is_drawn or two.is_drawn:
        return "reshaped"
    first, second = one.value, two.value
    if type(a) is BoundingBox and isinstance(first, tuple) and isinstance(second, tuple):
        # two opposite corners, whichever of them was clicked first
        first, second = (tuple(op(v[i], v[i + 3]) for op in (min, max) for i in range(3)) for v in (first, second))
    if is_same_value(first, second, tolerance):
        return None
    if type(a) is Ner:
        return "retimed"
    if isinstance(first, tuple) and isinstance(second, tuple) and len(first) == len(second) == 6:
        shifts = [y - x for x, y in zip(first, second)]
        if all(abs(shifts[i] - shifts[i + 3]) <= RIGID * tolerance for i in range(3)):
            return "moved"
    return "reshaped"


def is_same_value(a: Any, b: Any, tolerance: float) -> bool:
    """Whether two JSON-like values are the same but for the last digits of their numbers and the order of keys."""
    if isinstance(a, msgspec.Struct) and type(a) is type(b):
        return all(is_same_value(getattr(a, f), getattr(b, f), tolerance) for f in a.__struct_fields__)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(is_same_value(a[k], b[k], tolerance) for k in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(is_same_value(x, y, tolerance) for x, y in zip(a, b))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and bool((np.abs(a - b) <= tolerance).all())
    if isinstance(a, int | float) and isinstance(b, int | float) and bool not in (type(a), type(b)):
        return a == b or abs(a - b) <= tolerance
    return bool(type(a) is type(b) and a == b)


# ---- outlines ------------------------------------------------------------------------------------------------


def _shifted(form: Form, shift: Points) -> Form:
    zones = tuple(tuple(ring + shift for ring in zone) for zone in form.zones)
    dots = tuple((x + float(shift[0]), y + float(shift[1])) for x, y in form.dots)
    return Form(zones, tuple(line + shift for line in form.lines), dots)


def _is_same(one: Form, two: Form, tolerance: float) -> bool:
    if len(one.zones) != len(two.zones) or len(one.lines) != len(two.lines) or len(one.dots) != len(two.dots):
        return False
    if one.dots and np.abs(np.array(one.dots) - np.array(two.dots)).max() > tolerance:
        return False
    if not all(_is_same_line(a, b, tolerance) for a, b in zip(one.lines, two.lines)):
        return False
    return _in_any_order(one.zones, two.zones, lambda a, b: _is_same_zone(a, b, tolerance))


def _is_same_zone(a: tuple[Points, ...], b: tuple[Points, ...], tolerance: float) -> bool:
    if len(a) != len(b) or not _is_same_ring(a[0], b[0], tolerance):
        return False
    return _in_any_order(a[1:], b[1:], lambda x, y: _is_same_ring(x, y, tolerance))


def _in_any_order(one: Sequence[Any], two: Sequence[Any], is_same: Any) -> bool:
    """Whether each of `one` has its own partner in `two`; mostly they stand in the same order."""
    left = list(two)
    for a in one:
        for k, b in enumerate(left):
            if is_same(a, b):
                del left[k]
                break
        else:
            return False
    return True


def _is_same_line(a: Points, b: Points, tolerance: float) -> bool:
    a, b = _without_repeats(a, tolerance, closed=False), _without_repeats(b, tolerance, closed=False)
    return len(a) == len(b) and (not len(a) or bool(np.abs(a - b).max() <= tolerance))


def _is_same_ring(a: Points, b: Points, tolerance: float) -> bool:
    """The same ring, wherever it starts and whichever way round it goes."""
    if len(a) == len(b) and len(a) and np.abs(a - b).max() <= tolerance:
        return True
    a, b = _without_repeats(a, tolerance, closed=True), _without_repeats(b, tolerance, closed=True)
    if len(a) != len(b):
        return False
    if not len(a):
        return True
    starts = np.flatnonzero(np.abs(b - a[0]).max(axis=1) <= tolerance)[:STARTS]
    for start in starts.tolist():
        forward = np.roll(b, -start, axis=0)
        if np.abs(a - forward).max() <= tolerance:
            return True
        # the start stays, the rest is walked the other way
        if np.abs(a[1:] - forward[:0:-1]).max(initial=0.0) <= tolerance:
            return True
    return False


def _without_repeats(points: Points, tolerance: float, *, closed: bool) -> Points:
    """Without points that lie on the one before, and of a ring without a last point on the first."""
    if len(points) < 2:
        return points
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = np.abs(np.diff(points, axis=0)).max(axis=1) > tolerance
    points = points[keep]
    if closed and len(points) > 1 and np.abs(points[0] - points[-1]).max() <= tolerance:
        return points[:-1]
    return points


def ranges(pages: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending pages as (first, last) of each stretch without a gap."""
    if not pages:
        return []
    breaks = [i for i, (a, b) in enumerate(pairwise(pages), start=1) if b > a + 1]
    return [(pages[a], pages[b - 1]) for a, b in zip([0, *breaks], [*breaks, len(pages)])]

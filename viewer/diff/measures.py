"""How far two shapes of one label are apart: overlap, shift of the centre, Hausdorff distance, area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from viewer.diff.forms import Floats, Geometries, corners_of, surfaces
from viewer.diff.overlap import EDGE_PAIRS, shared_areas
from viewer.geometry import Points
from viewer.tools.base import Tool
from viewer.tools.bounding_box import BoundingBox

LIGHT_POINTS = 500
"""Of shapes with more points the light measures leave out the overlap."""

SIMPLIFIED_FROM = 2_000
"""Points from which outlines are simplified before the Hausdorff distance is taken."""

SIMPLIFIED_BY = 0.25
"""Pixels that a simplified outline may leave the exported one: two of them make an error of 0.5 at most."""

MOST_POINTS = 50_000
"""Beyond so many points nothing is measured: one pair would hold up all others."""

TOO_MANY = f"More than {MOST_POINTS:,} points: overlap and distance were not measured."


class Measures(NamedTuple):
    """None: not defined for this pair, or not asked for."""

    iou: float | None = None
    shift_px: float | None = None
    hausdorff_px: float | None = None
    area_ratio: float | None = None
    note: str = ""


NOTHING = Measures()


def measured(pairs: Sequence[tuple[Tool, Tool]], geometries: Geometries, *, full: bool) -> list[Measures]:
    """Measures of each pair in label space. Not `full`: no Hausdorff distance, IoU up to `LIGHT_POINTS`.

    The Hausdorff distance is the largest one from a corner of either outline to the other outline. Surfaces that
    are not valid are measured as `viewer.diff.forms` mends them; the note says so.
    """
    result = [NOTHING] * len(pairs)
    boxes = [i for i, (a, b) in enumerate(pairs) if _is_box(a) and _is_box(b)]
    if boxes:
        for i, measures in zip(boxes, _of_boxes([pairs[i] for i in boxes], full=full)):
            result[i] = measures
    of_boxes = set(boxes)
    others = [i for i in range(len(pairs)) if i not in of_boxes]
    if others:
        for i, measures in zip(others, _of_others([pairs[i] for i in others], geometries, full=full)):
            result[i] = measures
    return result


def _is_box(tool: Tool) -> bool:
    return type(tool) is BoundingBox and tool.voxels is None


# ---- boxes -----------------------------------------------------------------------------------------------------


def box_iou(one: Floats, two: Floats) -> Floats:
    """Intersection over union of boxes (x0, y0, x1, y1), shapes (n, 4); 0 where both have no area."""
    width = np.minimum(one[:, 2], two[:, 2]) - np.maximum(one[:, 0], two[:, 0])
    height = np.minimum(one[:, 3], two[:, 3]) - np.maximum(one[:, 1], two[:, 1])
    shared = np.clip(width, 0, None) * np.clip(height, 0, None)
    union = box_areas(one) + box_areas(two) - shared
    return ratio(shared, union)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Part of the whole, element by element; 0 of nothing."""
    found: Floats = np.divide(part, whole, out=np.zeros(np.shape(whole)), where=whole > 0)
    return found


def box_areas(boxes: Floats) -> Floats:
    """Areas of boxes (x0, y0, x1, y1), shape (n, 4)."""
    areas: Floats = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return areas


def _of_boxes(pairs: Sequence[tuple[Tool, Tool]], *, full: bool) -> list[Measures]:
    one, two = (corners_of([pair[side] for pair in pairs]) for side in (0, 1))
    areas, areas_after = box_areas(one), box_areas(two)
    iou = box_iou(one, two)
    centres = (two[:, :2] + two[:, 2:] - one[:, :2] - one[:, 2:]) / 2
    shift = np.hypot(centres[:, 0], centres[:, 1])
    far = np.maximum(_corners_to_outline(one, two), _corners_to_outline(two, one)) if full else shift
    return [
        Measures(
            float(iou[i]) if areas[i] > 0 and areas_after[i] > 0 else None,
            float(shift[i]),
            float(far[i]) if full else None,
            float(areas_after[i] / areas[i]) if areas[i] > 0 else None,
        )
        for i in range(len(pairs))
    ]


def _corners_to_outline(one: Floats, two: Floats) -> Floats:
    """The largest distance of the four corners of each box in `one` to the outline of that in `two`."""
    x, y = one[:, [0, 2, 2, 0]], one[:, [1, 1, 3, 3]]
    left, top, right, bottom = (two[:, [k]] for k in range(4))
    inside = np.minimum(np.minimum(x - left, right - x), np.minimum(y - top, bottom - y))
    outside = np.hypot(
        np.clip(np.maximum(left - x, x - right), 0, None), np.clip(np.maximum(top - y, y - bottom), 0, None)
    )
    largest: Floats = np.where(inside >= 0, inside, outside).max(axis=1)
    return largest


# ---- everything else -------------------------------------------------------------------------------------------


def _of_others(pairs: Sequence[tuple[Tool, Tool]], geometries: Geometries, *, full: bool) -> list[Measures]:
    one, two = (geometries.of([pair[side] for pair in pairs]) for side in (0, 1))
    counts, counts_after = shapely.get_num_coordinates(one), shapely.get_num_coordinates(two)
    most = np.maximum(counts, counts_after)
    drawn = ~(shapely.is_missing(one) | shapely.is_missing(two))
    areas, areas_after = shapely.area(one), shapely.area(two)
    shift = shapely.distance(shapely.centroid(one), shapely.centroid(two))
    have_areas = drawn & (areas > 0) & (areas_after > 0)
    iou = np.full(len(pairs), np.nan)
    overlapping = np.flatnonzero(have_areas & (most <= (MOST_POINTS if full else LIGHT_POINTS)))
    firsts, seconds = ([pairs[i][side] for i in overlapping.tolist()] for side in (0, 1))
    iou[overlapping] = ious(firsts, seconds, geometries)
    far = np.full(len(pairs), np.nan)
    if full:
        near = np.flatnonzero(drawn & (most <= MOST_POINTS))
        far[near] = hausdorff(one[near], two[near])
    return [
        Measures(
            _number(iou[i]),
            _number(shift[i]) if drawn[i] else None,
            _number(far[i]),
            float(areas_after[i] / areas[i]) if have_areas[i] else None,
            TOO_MANY if full and most[i] > MOST_POINTS else geometries.note(a) or geometries.note(b),
        )
        for i, (a, b) in enumerate(pairs)
    ]


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def ious(one: Sequence[Tool], two: Sequence[Tool], geometries: Geometries) -> Floats:
    """Intersection over union of the surfaces of tools, pair by pair; shape (n,), 0 where there are none."""
    shapes, others = geometries.of(one), geometries.of(two)
    areas, other_areas = shapely.area(shapes), shapely.area(others)
    shared = np.zeros(len(one))
    simple: list[int] = []
    overlaid: list[int] = []
    rings: list[Points] = []
    other_rings: list[Points] = []
    for i, (a, b) in enumerate(zip(one, two)):
        first, second = geometries.ring(a), geometries.ring(b)
        if first is not None and second is not None and len(first) * len(second) <= EDGE_PAIRS:
            simple.append(i)
            rings.append(first)
            other_rings.append(second)
        else:
            overlaid.append(i)
    shared[simple] = shared_areas(rings, other_rings)
    if overlaid:
        shared[overlaid] = shapely.area(shapely.intersection(surfaces(shapes[overlaid]), surfaces(others[overlaid])))
    return ratio(shared, areas + other_areas - shared)


def hausdorff(one: NDArray[np.object_], two: NDArray[np.object_]) -> Floats:
    """Largest distance from a corner of either outline to the other outline, pair by pair; shape (n,).

    Outlines of more than `SIMPLIFIED_FROM` points are simplified by at most `SIMPLIFIED_BY` pixels first.
    """
    if not len(one):
        return np.zeros(0)
    long = np.flatnonzero(
        np.maximum(shapely.get_num_coordinates(one), shapely.get_num_coordinates(two)) > SIMPLIFIED_FROM
    )
    if len(long):
        one, two = one.copy(), two.copy()
        for shapes in (one, two):
            shapes[long] = shapely.simplify(shapes[long], SIMPLIFIED_BY, preserve_topology=False)
    distances: Floats = shapely.hausdorff_distance(one, two)
    return distances

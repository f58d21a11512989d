"""How far two shapes of one label are apart: overlap, shift of the centre, Hausdorff distance, area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from viewer.diff.forms import CROSSINGS, Floats, Form, Geometries, corners_of, expected_crossings, surfaces
from viewer.diff.hausdorff import ROUGH_FROM, hausdorff, is_rough
from viewer.diff.overlap import EDGE_PAIRS, shared_areas
from viewer.diff.scan import scanned
from viewer.geometry import Points
from viewer.tools.base import Tool
from viewer.tools.bounding_box import BoundingBox

LIGHT_POINTS = 500
"""Of shapes with more points the light measures leave out the overlap."""

MOST_POINTS = 50_000
"""Beyond so many points nothing is measured: one pair would hold up all others."""

TOO_MANY = f"More than {MOST_POINTS:,} points: overlap and distance were not measured."


ROUGH = "The outline is a zigzag of very many points: its distance is an estimate."


class Measures(NamedTuple):
    """None: not defined for this pair, or not asked for."""

    iou: float | None = None
    shift_px: float | None = None
    hausdorff_px: float | None = None
    area_ratio: float | None = None
    note: str = ""


NOTHING = Measures()


def measured(
    pairs: Sequence[tuple[Tool, Tool]], geometries: Geometries, *, full: bool, rigid: Sequence[bool] = ()
) -> list[Measures]:
    """Measures of each pair in label space. Not `full`: no Hausdorff distance, IoU up to `LIGHT_POINTS`.

    `rigid` says which pairs only moved: an outline and its copy are as far apart as it was moved, so that nothing
    needs searching (the point farthest in the direction of the move has nothing nearer). Surfaces that are not
    valid are measured as `viewer.diff.forms` mends them; the note says so.
    """
    result = [NOTHING] * len(pairs)
    boxes = [i for i, (a, b) in enumerate(pairs) if _is_box(a) and _is_box(b)]
    if boxes:
        for i, measures in zip(boxes, _of_boxes([pairs[i] for i in boxes], full=full)):
            result[i] = measures
    of_boxes = set(boxes)
    others = [i for i in range(len(pairs)) if i not in of_boxes]
    if others:
        moved = [bool(rigid) and rigid[i] for i in others]
        for i, measures in zip(others, _of_others([pairs[i] for i in others], geometries, full=full, rigid=moved)):
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
    far = np.maximum(_to_outline(one, two), _to_outline(two, one)) if full else shift
    return [
        Measures(
            float(iou[i]) if areas[i] > 0 and areas_after[i] > 0 else None,
            float(shift[i]),
            float(far[i]) if full else None,
            float(areas_after[i] / areas[i]) if areas[i] > 0 else None,
        )
        for i in range(len(pairs))
    ]


def _to_outline(one: Floats, two: Floats) -> Floats:
    """The largest distance of a place on the outline of each box in `one` to the outline of that in `two`.

    Outside a box the distance grows away from it, so that it is largest at a corner; inside, along a side, it is
    largest half-way between the other box's opposite sides, or as near to that as the side comes.
    """
    across, down = ((two[:, [k]] + two[:, [k + 2]]) / 2 for k in (0, 1))
    across, down = np.clip(across, one[:, [0]], one[:, [2]]), np.clip(down, one[:, [1]], one[:, [3]])
    x = np.concatenate((one[:, [0, 2, 2, 0]], across, across, one[:, [0, 2]]), axis=1)
    y = np.concatenate((one[:, [1, 1, 3, 3]], one[:, [1, 3]], down, down), axis=1)
    left, top, right, bottom = (two[:, [k]] for k in range(4))
    inside = np.minimum(np.minimum(x - left, right - x), np.minimum(y - top, bottom - y))
    outside = np.hypot(
        np.clip(np.maximum(left - x, x - right), 0, None), np.clip(np.maximum(top - y, y - bottom), 0, None)
    )
    largest: Floats = np.where(inside >= 0, inside, outside).max(axis=1)
    return largest


# ---- everything else -------------------------------------------------------------------------------------------


def _of_others(
    pairs: Sequence[tuple[Tool, Tool]], geometries: Geometries, *, full: bool, rigid: Sequence[bool]
) -> list[Measures]:
    befores, afters = ([pair[side] for pair in pairs] for side in (0, 1))
    one, two = geometries.of(befores), geometries.of(afters)
    most = np.maximum(shapely.get_num_coordinates(one), shapely.get_num_coordinates(two))
    drawn = ~(shapely.is_missing(one) | shapely.is_missing(two))
    areas, areas_after = geometries.areas(befores), geometries.areas(afters)
    shift = shapely.distance(shapely.centroid(one), shapely.centroid(two))
    have_areas = drawn & (areas > 0) & (areas_after > 0)
    iou = np.full(len(pairs), np.nan)
    chosen = np.flatnonzero(have_areas & (most <= (MOST_POINTS if full else LIGHT_POINTS))).tolist()
    iou[chosen] = ious([befores[i] for i in chosen], [afters[i] for i in chosen], geometries)
    far = np.where(rigid, shift, np.nan) if full else np.full(len(pairs), np.nan)
    if full:
        chosen = np.flatnonzero(drawn & (most <= MOST_POINTS) & ~np.array(rigid)).tolist()
        forms = ([geometries.form(tools[i]) for i in chosen] for tools in (befores, afters))
        far[chosen] = hausdorff(*forms)
    return [
        Measures(
            _number(iou[i]),
            _number(shift[i]) if drawn[i] else None,
            _number(far[i]),
            float(areas_after[i] / areas[i]) if have_areas[i] else None,
            _note(a, b, geometries, points=int(most[i]), full=full),
        )
        for i, (a, b) in enumerate(pairs)
    ]


def _note(a: Tool, b: Tool, geometries: Geometries, *, points: int, full: bool) -> str:
    if full and points > MOST_POINTS:
        return TOO_MANY
    mended = geometries.note(a) or geometries.note(b)
    if full and points > ROUGH_FROM and not mended and any(is_rough(geometries.form(tool)) for tool in (a, b)):
        return ROUGH
    return mended


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def ious(one: Sequence[Tool], two: Sequence[Tool], geometries: Geometries) -> Floats:
    """Intersection over union of the surfaces of tools, pair by pair; shape (n,), 0 where there are none."""
    shapes, others = geometries.of(one), geometries.of(two)
    areas = geometries.areas(one) + geometries.areas(two)
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
        elif geometries.is_scanned(a) or geometries.is_scanned(b) or _is_tangle(shapes[i], others[i]):
            found = scanned(_rings(geometries.form(a)), _rings(geometries.form(b)))
            shared[i], areas[i] = found.shared, found.one + found.two
        else:
            overlaid.append(i)
    shared[simple] = shared_areas(rings, other_rings)
    if overlaid:
        shared[overlaid] = shapely.area(shapely.intersection(surfaces(shapes[overlaid]), surfaces(others[overlaid])))
    return ratio(shared, areas - shared)


def _is_tangle(one: Any, two: Any) -> bool:
    return one is not None and two is not None and expected_crossings(one, two) > CROSSINGS


def _rings(form: Form) -> list[Points]:
    return [ring for zone in form.zones for ring in zone]

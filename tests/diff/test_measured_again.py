"""What a change measures, beside the same taken by shapely on densified outlines and by adding up pixels."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.make.export_labels import Dice
from tests.make.ledger_shapes import (
    AREAS,
    Frame,
    Shape,
    Writing,
    geometry,
    moved,
    new_shape,
    reshaped,
    shift_of,
    written,
)
from viewer.diff import compare
from viewer.model import Annotation, Change, Labels
from viewer.tools import parse_tool

PAIRS = 60
STEP = 0.1
"""Outlines are walked in steps of so many pixels."""


def pairs(tool: str, seed: int) -> list[tuple[Shape, Shape]]:
    """Shapes moved and given another form, near and far."""
    dice = Dice("measures", tool, seed)
    found = []
    for number in range(PAIRS):
        old = new_shape(dice, tool, Frame(50, 50, 300, 300), 1)
        new = reshaped(dice, old, 2, mild=number % 2 == 0)
        found.append((old, moved(new, *shift_of(dice, 0.5, 60)) if number % 3 == 0 else new))
    return found


def change_of(old: Shape, new: Shape) -> Change:
    labels = []
    for shape in (old, new):
        tool = parse_tool({shape.tool: written(shape, Writing())}, lambda *_a, **_k: None)
        labels.append(Labels(annotations=(Annotation(object_id="a", schema_id="c", title="c", tool=tool),)))
    (change,) = compare(*labels, tracked=False).changes
    return change


def outline(shape: Shape) -> np.ndarray:
    """Points all along it, at most `STEP` apart."""
    drawn = geometry(shape)
    line = drawn.boundary if shape.tool in AREAS else drawn
    return shapely.get_coordinates(shapely.segmentize(line, STEP))


def apart(a: Shape, b: Shape) -> float:
    """The farthest that a point of one outline is from the other outline."""
    far = 0.0
    for one, other in ((a, b), (b, a)):
        drawn = geometry(other)
        line = drawn.boundary if other.tool in AREAS else drawn
        shapely.prepare(line)
        far = max(far, float(shapely.distance(line, shapely.points(outline(one))).max()))
    return far


@pytest.mark.parametrize("tool", [*AREAS, "polyline"])
def test_distances_and_areas(tool: str) -> None:
    for number, (old, new) in enumerate(pairs(tool, 1)):
        change = change_of(old, new)
        one, other = geometry(old), geometry(new)
        assert change.shift_px == pytest.approx(one.centroid.distance(other.centroid), abs=1e-6), number
        assert change.hausdorff_px == pytest.approx(apart(old, new), abs=STEP), number
        if tool not in AREAS:
            assert change.iou is None and change.area_ratio is None
            continue
        assert change.area_ratio == pytest.approx(other.area / one.area, rel=1e-9), number
        shared = one.intersection(other).area
        assert change.iou == pytest.approx(shared / (one.area + other.area - shared), abs=1e-9), number


@pytest.mark.parametrize("tool", AREAS)
def test_the_overlap_is_that_of_the_pixels(tool: str) -> None:
    for number, (old, new) in enumerate(pairs(tool, 2)[:12]):
        change = change_of(old, new)
        x0, y0, x1, y1 = shapely.total_bounds([geometry(old), geometry(new)]).tolist()
        x, y = np.meshgrid(np.linspace(x0, x1, 300), np.linspace(y0, y1, 300))
        one, other = (inside(shape, x, y) for shape in (old, new))
        counted = (one & other).sum() / (one | other).sum()
        assert change.iou == pytest.approx(counted, abs=0.02), number


def inside(shape: Shape, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which of the points lie in it."""
    drawn = geometry(shape)
    shapely.prepare(drawn)
    return np.asarray(shapely.contains_xy(drawn, x, y))

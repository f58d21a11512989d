"""Measures of pairs: formulas of boxes, overlays of the rest, and what is left out."""

from typing import Any

import numpy as np
import pytest
import shapely

from tests.make.entries import read
from viewer.diff import measures
from viewer.diff.forms import Geometries
from viewer.diff.measures import Measures, box_iou, measured


def of(one: Any, two: Any, tool: str, *, full: bool = True, rigid: tuple[bool, ...] = ()) -> Measures:
    a, b = (read({tool: value})[0] for value in (one, two))
    (found,) = measured([(a, b)], Geometries(), full=full, rigid=rigid)
    return found


def circle(n: int, x: float, radius: float = 50.0) -> list[list[float]]:
    angles = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return [[x + radius * float(np.cos(a)), radius * float(np.sin(a))] for a in angles]


def test_boxes_and_the_same_as_rings() -> None:
    one, two = {"x": 0, "y": 0, "width": 100, "height": 60}, {"x": 20, "y": 10, "width": 50, "height": 90}
    found = of(one, two, "bounding-box")
    outlines = [shapely.box(b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"]) for b in (one, two)]
    rings = [shapely.get_coordinates(outline)[:-1].tolist() for outline in outlines]
    again = of(rings[0], rings[1], "polygon")
    assert found[:4] == pytest.approx(again[:4], abs=0.03)
    assert found.iou == pytest.approx(2500 / (6000 + 4500 - 2500))
    assert found.area_ratio == pytest.approx(0.75)


def test_the_farthest_place_of_a_box_may_be_half_way_along_a_side() -> None:
    found = of(
        {"x": 2, "y": 48, "width": 96, "height": 4}, {"x": 0, "y": 0, "width": 100, "height": 100}, "bounding-box"
    )
    # half-way along, the small one is 48 from the large one; a corner of the large one is a little farther off
    assert found.hausdorff_px == pytest.approx(float(np.hypot(2, 48)))
    small, large = ({"x": 0, "y": 45, "width": 100, "height": 10}, {"x": 0, "y": 0, "width": 100, "height": 100})
    assert of(small, large, "bounding-box").hausdorff_px == pytest.approx(45)


def test_light_measures_leave_out_distances_and_long_overlaps() -> None:
    short, long = (of(circle(n, 0), circle(n, 5), "polygon", full=False) for n in (400, 600))
    assert (short.iou is None, long.iou is None) == (False, True)
    assert (short.hausdorff_px, long.hausdorff_px) == (None, None)
    assert long.shift_px == pytest.approx(5)
    assert of(circle(600, 0), circle(600, 5), "polygon").iou == pytest.approx(short.iou, abs=1e-3)


def test_what_only_moved_is_as_far_apart_as_it_moved() -> None:
    searched, known = (of(circle(90, 0), circle(90, 7), "polygon", rigid=rigid) for rigid in ((), (True,)))
    assert searched[:4] == pytest.approx(known[:4], abs=0.03)
    assert known.hausdorff_px == known.shift_px == pytest.approx(7)


def test_lines_dots_and_values_have_what_is_defined_for_them() -> None:
    line = of([[0, 0], [10, 0]], [[0, 3], [10, 3]], "polyline")
    assert (line.iou, line.shift_px, line.hausdorff_px, line.area_ratio) == (None, 3, pytest.approx(3), None)
    assert of([0, 0], [3, 4], "point")[:3] == (None, 5, 5)
    assert of({"start": 1, "end": 2}, {"start": 1, "end": 3}, "ner") == measures.NOTHING
    assert (
        of({"x": 0, "y": 0, "width": 0, "height": 9}, {"x": 0, "y": 0, "width": 9, "height": 9}, "bounding-box").iou
        is None
    )
    empty = of([], circle(9, 0), "polygon")
    assert empty[:3] == (None, None, None)


def test_very_long_outlines_are_not_measured_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "MOST_POINTS", 100)
    found = of(circle(200, 0), circle(201, 5), "polygon")
    assert (found.iou, found.hausdorff_px) == (None, None)
    assert found.note == measures.TOO_MANY


def test_tangles_are_summed_along_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = of(circle(300, 0), circle(300, 20), "polygon")
    monkeypatch.setattr(measures, "CROSSINGS", 0)
    monkeypatch.setattr(measures, "EDGE_PAIRS", 0)
    assert of(circle(300, 0), circle(300, 20), "polygon").iou == pytest.approx(exact.iou, rel=2e-3)


def test_boxes_without_area_overlap_with_nothing() -> None:
    assert box_iou(np.zeros((1, 4)), np.zeros((1, 4))).tolist() == [0.0]

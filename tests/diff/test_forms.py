"""Outlines of tools, and valid geometries of them."""

import numpy as np
import pytest

from tests.make.entries import read
from viewer.diff import forms
from viewer.diff.forms import MENDED, NO_SURFACE, SCANNED, Geometries, surfaces
from viewer.tools.base import Tool

SQUARE = [[0, 0], [100, 0], [100, 100], [0, 100]]

AREAS = {
    "a square": (SQUARE, 10_000, ""),
    "clockwise or not": (SQUARE[::-1], 10_000, ""),
    "a bow tie": ([[0, 0], [100, 100], [100, 0], [0, 100]], 5_000, MENDED),
    "walked twice": (SQUARE + SQUARE, 10_000, MENDED),
    "with a spike": ([*SQUARE[:3], [150, 100], [100, 100], SQUARE[3]], 10_000, MENDED),
    "on one line": ([[0, 0], [50, 50], [100, 100]], 0, NO_SURFACE),
    "of two points": ([[0, 0], [50, 50]], 0, ""),
    "of one point": ([[0, 0]], 0, ""),
    "empty": ([], 0, ""),
}


def polygon(ring: object) -> Tool:
    return read({"polygon": ring})[0]


@pytest.mark.parametrize("what", AREAS)
def test_rings_are_measured_as_they_are_drawn(what: str) -> None:
    ring, area, note = AREAS[what]
    tool, made = polygon(ring), Geometries()
    (shape,) = made.of([tool])
    assert made.areas([tool]) == pytest.approx([area])
    assert made.note(tool) == note
    assert shape is None or shape.is_valid
    assert surfaces(made.of([tool]))[0].area == pytest.approx(area)
    assert made.of([tool])[0] is shape


def test_zones_that_overlap_count_once_and_holes_not_at_all() -> None:
    hole = [[10, 10], [20, 10], [20, 20], [10, 20]]
    zones = [{"region": SQUARE, "holes": [hole]}, {"region": [[50, 0], [150, 0], [150, 100], [50, 100]]}]
    tool, made = read({"segmentation": {"zones": zones}})[0], Geometries()
    assert made.areas([tool]) == pytest.approx([15_000 - 100])
    assert [len(zone) for zone in made.form(tool).zones] == [2, 1]
    assert len(made.form(tool).points) == 12


def test_a_ring_that_crosses_itself_all_over_is_summed_along_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "CROSSINGS", 1)
    tool, made = polygon(AREAS["a bow tie"][0]), Geometries()
    assert made.areas([tool]) == pytest.approx([5_000], rel=1e-3)
    assert made.is_scanned(tool)
    assert made.note(tool) == SCANNED


def test_highlights_lie_on_the_page_that_they_were_drawn_on() -> None:
    rect = {"x1": 10, "y1": 20, "x2": 60, "y2": 32, "width": 600, "height": 800}
    doubled = {name: 2 * value for name, value in rect.items()}
    one, two = (read({"pdf": {"position": {"rects": [r], "pageNumber": 1}}})[0] for r in (rect, doubled))
    made = Geometries()
    assert np.allclose(made.form(one).points, [[10, 20], [60, 20], [60, 32], [10, 32]])
    assert np.allclose(made.form(two).points, made.form(one).points)


def test_what_has_no_place_on_a_page_is_its_value() -> None:
    made = Geometries()
    tool = read({"ner": {"start": 3, "end": 9, "selection": "x"}})[0]
    assert not made.form(tool).is_drawn
    assert made.form(tool).value == (3, 9)
    assert made.of([tool])[0] is None
    assert made.areas([tool]).tolist() == [0.0]

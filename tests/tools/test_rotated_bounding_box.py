import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make.entries import DOUBLED, SPACE, read, sound
from viewer.tools.rotated_bounding_box import pivot_corners
from viewer.tools.unknown import Unknown

BOX = {"x": 300.0, "y": 80.0, "width": 120.0, "height": 50.0, "rotation": 30.0}
CORNERS = [
    [300.0, 80.0],
    [275.0, 123.30127018922194],
    [378.92304845413264, 183.30127018922195],
    [403.92304845413264, 140.0],
]


def ring(tool, space=SPACE):
    (area,) = tool.primitives(space)
    return area.rings[0]


def test_the_rule_gives_the_corners_that_ango_hub_wrote():
    tool = sound({"rotated-bounding-box": BOX})
    assert np.abs(ring(tool) - np.array(CORNERS)).max() < 1e-12


def test_corners_win_over_the_rule():
    moved = [[x + 5, y] for x, y in CORNERS]
    tool = sound({"rotated-bounding-box": {**BOX, "corners": moved}})
    assert ring(tool).tolist() == moved
    assert ring(tool, DOUBLED)[0].tolist() == [610, 80]


def test_corners_alone_are_enough():
    tool = sound({"rotated-bounding-box": {"corners": CORNERS}})
    assert ring(tool).tolist() == CORNERS
    assert tool.fields()[0] == ("Corner 1", "300, 80")


@pytest.mark.parametrize("corners", [[], CORNERS[:3], "abcd", [*CORNERS[:3], None], 4])
def test_bad_corners_fall_back_to_the_rule_and_are_told(corners):
    tool, notes = read({"rotated-bounding-box": {**BOX, "corners": corners}})
    assert np.abs(ring(tool) - np.array(CORNERS)).max() < 1e-12
    assert notes[-1].path == ".rotated-bounding-box.corners"


def test_without_a_rotation_it_is_upright_and_told():
    tool, notes = read({"rotated-bounding-box": {k: BOX[k] for k in ("x", "y", "width", "height")}})
    assert ring(tool).tolist() == [[300, 80], [300, 130], [420, 130], [420, 80]]
    assert [n.instead for n in notes] == ["the box is drawn upright"]


def test_nothing_to_draw():
    tool, notes = read({"rotated-bounding-box": {"x": 1}})
    assert isinstance(tool, Unknown)
    assert notes[0].error


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.floats(0.1, 1e4), st.floats(0.1, 1e4), st.floats(-180, 180))
def test_it_is_a_rectangle_about_its_first_corner(x, y, width, height, rotation):
    a, b, c, d = pivot_corners(x, y, width, height, rotation)
    assert np.allclose(a, (x, y))
    assert math.isclose(math.dist(a, b), height, rel_tol=1e-6, abs_tol=1e-6)
    assert math.isclose(math.dist(a, d), width, rel_tol=1e-6, abs_tol=1e-6)
    assert abs(float(np.dot(b - a, d - a))) < 1e-3 * width * height + 1e-3
    assert np.allclose(b + d - a, c)


def test_it_is_held_between_key_frames():
    tool = sound({"rotated-bounding-box": BOX})
    assert tool.interpolated(tool, 0.5) is None
    assert ("Rotation", "30°") in tool.fields()
    assert tool.anchor(SPACE) == pytest.approx((339.46, 131.65), abs=0.01)

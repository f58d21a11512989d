import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make.entries import DOUBLED, SPACE, TURNED, read, sound
from viewer.geometry import Area, Box
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.polygon import Polygon
from viewer.tools.unknown import Unknown

NUMBERS = st.floats(-1e6, 1e6)


def box(x, y, width, height):
    return sound({"bounding-box": {"height": height, "y": y, "width": width, "x": x}})


def test_the_corner_clicked_first_may_be_any():
    assert box(400, 300, -60, -80).primitives(SPACE) == (Box(340, 220, 400, 300),)
    assert box(340, 220, 60, 80).primitives(SPACE) == (Box(340, 220, 400, 300),)
    assert box(400, 300, -60, -80).anchor(SPACE) == (370, 260)


def test_fields_are_as_exported():
    assert box(400, 300, -60, -80).fields()[:4] == (("X", "400"), ("Y", "300"), ("Width", "-60"), ("Height", "-80"))


def test_on_a_scaled_and_on_a_turned_page():
    tool = box(10, 20, 30, 40)
    assert tool.primitives(DOUBLED) == (Box(20, 20, 80, 60),)
    (area,) = tool.primitives(TURNED)
    assert isinstance(area, Area)
    assert area.rings[0].tolist() == [[580, 10], [580, 40], [540, 40], [540, 10]]


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_corners_hold_both_clicked_corners(x, y, width, height):
    x0, y0, x1, y1 = BoundingBox(x, y, width, height).corners
    assert x0 <= x1
    assert y0 <= y1
    assert {x0, x1} == {x, x + width}
    assert {y0, y1} == {y, y + height}


def test_interpolation_of_boxes_drawn_in_different_directions():
    a, b = box(0, 0, 10, 10), box(120, 60, -20, -40)
    assert a.interpolated(b, 0.5) == BoundingBox(50, 10, 15, 25)
    assert a.interpolated(b, 0.0) == BoundingBox(0, 0, 10, 10)
    assert a.interpolated(b, 1.0) == BoundingBox(100, 20, 20, 40)


def test_other_tools_are_not_interpolated_to():
    assert box(0, 0, 1, 1).interpolated(sound({"polygon": [[0, 0], [1, 0], [1, 1]]}), 0.5) is None
    assert Polygon.KEY == "polygon"


def test_a_box_of_a_volume_is_listed_and_not_drawn():
    tool = sound({"bounding-box": {"x1": 20, "y1": 22, "z1": 5, "x2": 60, "y2": 66, "z2": 18}})
    assert isinstance(tool, BoundingBox)
    assert tool.voxels == (20, 22, 5, 60, 66, 18)
    assert tool.primitives(SPACE) == ()
    assert tool.anchor(SPACE) is None
    assert tool.fields() == (("From voxel", "20, 22, 5"), ("To voxel", "60, 66, 18"))
    assert tool.interpolated(tool, 0.5) is None


@pytest.mark.parametrize(
    ("value", "path"),
    [({"x": 1, "y": 2, "width": 3}, ".bounding-box"), ({"x": 1, "y": [], "width": 3, "height": 1}, ".bounding-box.y")],
)
def test_what_is_missing_or_wrong_is_named(value, path):
    tool, notes = read({"bounding-box": value})
    assert isinstance(tool, Unknown)
    assert [(n.path, n.error) for n in notes] == [(path, True)]


def test_a_number_as_text_is_read_and_told():
    tool, notes = read({"bounding-box": {"x": "1", "y": 2, "width": 3, "height": 4}})
    assert tool == BoundingBox(1, 2, 3, 4)
    assert [(n.path, n.error) for n in notes] == [(".bounding-box.x", False)]

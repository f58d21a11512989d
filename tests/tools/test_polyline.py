import pytest

from tests.make.entries import DOUBLED, SPACE, read, sound
from viewer.geometry import Dot, Line


def test_a_line_in_drawing_order():
    tool = sound({"polyline": [[0, 0], [3, 4], [3, 10]]})
    (line,) = tool.primitives(DOUBLED)
    assert isinstance(line, Line)
    assert line.points.tolist() == [[0, 0], [6, 4], [6, 10]]
    assert tool.fields() == (("Points", "3"), ("Length", "11"))


def test_its_anchor_lies_on_it():
    assert sound({"polyline": [[0, 0], [10, 0]]}).anchor(SPACE) == (5, 0)
    assert sound({"polyline": [[0, 0], [10, 0], [10, 50]]}).anchor(SPACE) == (10, 0)


@pytest.mark.parametrize(("points", "drawn"), [([], ()), ([[4, 5]], (Dot(4, 5),))])
def test_too_few_points(points, drawn):
    tool, notes = read({"polyline": points})
    assert tool.primitives(SPACE) == drawn
    assert notes[0].error


def test_a_measure_in_a_volume_is_listed_and_not_drawn():
    tool = sound({"polyline": {"x1": 40, "y1": 52, "z1": 12, "x2": 64.5, "y2": 70, "z2": 12}})
    assert tool.primitives(SPACE) == ()
    assert tool.anchor(SPACE) is None
    assert tool.fields() == (("From voxel", "40, 52, 12"), ("To voxel", "64.5, 70, 12"))


def test_held_between_key_frames():
    a = sound({"polyline": [[0, 0], [10, 0]]})
    assert a.interpolated(a, 0.5) is None

import math

import numpy as np
import pytest

from tests.make.entries import DOUBLED, SPACE, read, sound
from viewer.tools.circle import Circle


@pytest.mark.parametrize(
    "value",
    [
        {"x": 250, "y": 150, "radius": 40},
        {"cx": 250, "cy": 150, "r": 40},
        {"x": 210, "y": 110, "width": 80, "height": 80},
    ],
)
def test_every_way_to_write_it(value):
    assert sound({"circle": value}) == Circle(250, 150, 40, 40)


@pytest.mark.parametrize("radius", [0.5, 40, 3000])
def test_its_outline_is_within_a_hundredth_of_a_pixel(radius):
    (area,) = sound({"circle": {"x": 5, "y": 6, "r": radius}}).primitives(SPACE)
    ring = area.rings[0]
    assert np.allclose(np.hypot(*(ring - (5, 6)).T), radius)
    middle = (ring + np.roll(ring, 1, axis=0)) / 2
    assert radius - np.hypot(*(middle - (5, 6)).T).min() < 0.011 + radius * 5e-6


def test_scaled_it_is_an_ellipse():
    (area,) = sound({"circle": {"x": 0, "y": 0, "r": 10}}).primitives(DOUBLED)
    (x0, y0), (x1, y1) = area.rings[0].min(axis=0), area.rings[0].max(axis=0)
    assert (x1 - x0, y1 - y0) == pytest.approx((40, 20), abs=0.1)


def test_a_negative_radius_is_told():
    tool, notes = read({"circle": {"x": 0, "y": 0, "radius": -3}})
    assert tool == Circle(0, 0, 3, 3)
    assert notes[0].path == ".circle.radius"


@pytest.mark.parametrize("value", [{}, [], {"x": 1, "y": 2}, {"x": 1, "radius": 3}, {"x": 1, "y": 2, "r": math.nan}])
def test_not_a_circle(value):
    tool, notes = read({"circle": value})
    assert tool.primitives(SPACE) == ()
    assert notes[0].error


def test_inspected_and_held():
    tool = sound({"circle": {"x": 1, "y": 2, "r": 3}})
    assert tool.fields() == (("Centre X", "1"), ("Centre Y", "2"), ("Radius", "3"))
    assert tool.anchor(DOUBLED) == (2, 2)
    assert tool.interpolated(tool, 0.5) is None

import numpy as np
import pytest

from tests.make.entries import SPACE, read, sound
from viewer.tools.ellipse import Ellipse


@pytest.mark.parametrize(
    "value",
    [
        {"x": 50, "y": 40, "rx": 30, "ry": 10},
        {"cx": 50, "cy": 40, "radiusX": 30, "radiusY": 10},
        {"x": 20, "y": 30, "width": 60, "height": 20},
    ],
)
def test_every_way_to_write_it(value):
    assert sound({"ellipse": value}) == Ellipse(50, 40, 30, 10)


def test_rotation_is_clockwise_on_screen():
    (area,) = sound({"ellipse": {"x": 50, "y": 40, "rx": 30, "ry": 10, "rotation": 90}}).primitives(SPACE)
    ring = area.rings[0]
    assert np.allclose(ring[0], (50, 70))  # the rightmost point turned down
    assert np.allclose(((ring - (50, 40)) ** 2 / (10**2, 30**2)).sum(axis=1), 1)


@pytest.mark.parametrize("value", [3, {}, {"x": 1, "y": 1, "rx": 3}, {"rx": 1, "ry": 1}])
def test_not_an_ellipse(value):
    tool, notes = read({"ellipse": value})
    assert tool.primitives(SPACE) == ()
    assert notes[0].error


def test_inspected_and_held():
    tool = sound({"ellipse": {"x": 1, "y": 2, "rx": 3, "ry": 4, "rotation": 12.5}})
    assert ("Rotation", "12.5°") in tool.fields()
    assert tool.anchor(SPACE) == (1, 2)
    assert tool.interpolated(tool, 0.5) is None

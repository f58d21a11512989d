import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline

from tests.make.entries import DOUBLED, SPACE, read, sound

KNOTS = [[20.0, 20.0], [80.0, 60.0], [140.0, 20.0], [200.0, 80.0]]


def curve(entry, space=SPACE):
    (line,) = sound(entry).primitives(space)
    return line.points


def test_it_is_the_catmull_rom_curve():
    knots = np.array(KNOTS)
    padded = np.concatenate((knots[:1], knots, knots[-1:]))
    tangents = (padded[2:] - padded[:-2]) / 2
    expected = CubicHermiteSpline(np.arange(4), knots, tangents)
    found = curve({"spline": KNOTS})
    assert np.abs(found - expected(np.linspace(0, 3, len(found)))).max() < 1e-9


def test_it_goes_through_its_knots_after_scaling():
    found = curve({"spline": KNOTS}, DOUBLED)
    for x, y in KNOTS:
        assert np.abs(found - (2 * x, y)).sum(axis=1).min() < 1e-9


@pytest.mark.parametrize("name", ["points", "controlPoints"])
def test_as_an_object(name):
    assert np.array_equal(curve({"spline": {name: KNOTS}}), curve({"spline": KNOTS}))


def test_two_knots_are_a_straight_line():
    assert curve({"spline": KNOTS[:2]}).tolist() == KNOTS[:2]


@pytest.mark.parametrize("value", [{}, {"points": []}, [], [[1, 2]], "x"])
def test_nothing_to_draw_a_line_through(value):
    _, notes = read({"spline": value})
    assert notes[-1].error


def test_inspected_and_held():
    tool = sound({"spline": KNOTS})
    assert tool.fields() == (("Knots", "4"),)
    assert tool.anchor(SPACE) == (140, 20)
    assert tool.interpolated(tool, 0.5) is None

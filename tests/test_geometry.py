import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.geometry import (
    IDENTITY,
    Affine,
    Area,
    Box,
    Dot,
    LabelSpace,
    Line,
    bounds,
    catmull_rom,
    ellipse_ring,
    ring_area,
    rotated,
)

NUMBERS = st.floats(-100, 100)
AFFINES = st.builds(Affine, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@given(AFFINES, AFFINES, NUMBERS, NUMBERS)
def test_after_does_one_and_then_the_other(second, first, x, y):
    expected = second.map_point(*first.map_point(x, y))
    assert second.after(first).map_point(x, y) == pytest.approx(expected, abs=1e-6)


@given(AFFINES, NUMBERS, NUMBERS)
def test_the_inverse_goes_back(affine, x, y):
    det = affine.a * affine.d - affine.b * affine.c
    if abs(det) < 1e-3:
        return
    back = affine.inverse().map_point(*affine.map_point(x, y))
    assert back == pytest.approx((x, y), abs=1e-2)


def test_a_collapsed_plane_has_no_inverse():
    with pytest.raises(ZeroDivisionError):
        Affine(1, 2, 2, 4, 0, 0).inverse()


@given(AFFINES, st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5))
def test_arrays_map_like_points(affine, pairs):
    array = np.array(pairs, dtype=np.float64).reshape(len(pairs), 2)
    assert affine.map(array) == pytest.approx(np.array([affine.map_point(x, y) for x, y in pairs]).reshape(-1, 2))


def test_the_order_of_members_is_that_of_svg():
    assert Affine(2, 3, 4, 5, 6, 7).map_point(1, 0) == (8, 10)
    assert Affine(2, 3, 4, 5, 6, 7).map_point(0, 1) == (10, 12)
    assert Affine.translation(1, 2).after(Affine.scaling(3, 4)).map_point(1, 1) == (4, 6)
    assert IDENTITY.map_point(3, 4) == (3, 4)


def test_points_with_a_size_of_their_own():
    space = LabelSpace((300.0, 400.0), Affine.scaling(2.0, 2.0))
    points = np.array([[60.0, 100.0]])
    assert space.map(points).tolist() == [[120, 200]]
    assert space.map_scaled(points, (600.0, 800.0)).tolist() == [[30, 50]]
    assert space.map_scaled(points, (0.0, 800.0)).tolist() == [[120, 200]]


def test_bounds_of_everything():
    ring = np.array([[5.0, 5.0], [9.0, 5.0], [9.0, -7.0]])
    primitives = (Box(1, 2, 3, 4), Dot(-1, 0), Line(ring[:2]), Area((ring, ring[:0])))
    assert bounds(primitives) == (-1, -7, 9, 5)
    assert bounds(()) is None
    assert bounds((Line(ring[:0]),)) is None


def test_the_outline_of_a_box_is_clockwise_on_screen():
    assert Box(1, 2, 3, 4).outline().tolist() == [[1, 2], [3, 2], [3, 4], [1, 4]]


def test_area_of_a_ring():
    square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]])
    assert ring_area(square) == ring_area(square[::-1]) == 12
    assert ring_area(square[:2]) == 0


def test_positive_degrees_turn_clockwise_on_screen():
    assert rotated((1, 0), 90) == pytest.approx((0, 1))
    assert rotated((0, 2), -90) == pytest.approx((2, 0))


@given(st.floats(0.1, 1e4), st.floats(0.1, 1e4))
def test_an_ellipse_stays_on_its_curve(rx, ry):
    ring = ellipse_ring((3.0, 4.0), (rx, ry))
    assert np.allclose(((ring - (3.0, 4.0)) ** 2 / (rx**2, ry**2)).sum(axis=1), 1)
    assert 32 <= len(ring) <= 1024
    assert ring_area(ring) == pytest.approx(math.pi * rx * ry, rel=0.01)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=8))
def test_the_curve_goes_through_every_knot(pairs):
    knots = np.array(pairs, dtype=np.float64)
    curve = catmull_rom(knots, steps=8)
    assert len(curve) == (len(knots) - 1) * 8 + 1
    assert np.allclose(curve[::8], knots)


def test_two_knots_stay_as_they_are():
    knots = np.array([[0.0, 0.0], [5.0, 5.0]])
    assert catmull_rom(knots) is knots

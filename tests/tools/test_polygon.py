import numpy as np
import pytest

from tests.make.entries import DOUBLED, SPACE, read, sound
from viewer.geometry import Dot, Line

RING = [[100.0, 400.0], [180.5, 360.25], [220.0, 450.0], [150.0, 500.75]]


def test_one_area_that_is_not_closed():
    (area,) = sound({"polygon": RING}).primitives(SPACE)
    assert [ring.tolist() for ring in area.rings] == [RING]
    (area,) = sound({"polygon": RING}).primitives(DOUBLED)
    assert area.rings[0][1].tolist() == [361, 360.25]


@pytest.mark.parametrize(("n", "kind"), [(0, None), (1, Dot), (2, Line)])
def test_too_few_points_are_drawn_as_what_they_are_and_told(n, kind):
    tool, notes = read({"polygon": RING[:n]})
    primitives = tool.primitives(SPACE)
    assert [type(p) for p in primitives] == ([] if kind is None else [kind])
    assert [(n.path, n.error) for n in notes] == [(".polygon", True)]


def test_interpolation_point_by_point():
    a = sound({"polygon": [[0, 0], [10, 0], [0, 10]]})
    b = sound({"polygon": [[4, 8], [14, 8], [4, 28]]})
    assert a.interpolated(b, 0.25).ring.tolist() == [[1, 2], [11, 2], [1, 14.5]]
    assert np.array_equal(a.ring, [[0, 0], [10, 0], [0, 10]])


def test_unequal_counts_and_other_tools_are_held():
    a = sound({"polygon": RING})
    assert a.interpolated(sound({"polygon": RING[:3]}), 0.5) is None
    assert a.interpolated(sound({"polyline": RING}), 0.5) is None


def test_fields():
    assert sound({"polygon": [[0, 0], [10, 0], [0, 10]]}).fields() == (("Points", "3"), ("Area", "50"))

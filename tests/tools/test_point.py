from tests.make.entries import DOUBLED, SPACE, read, sound
from viewer.geometry import Dot
from viewer.tools.point import Point


def test_a_flat_pair_also_outside_of_the_page():
    tool = sound({"point": [790.0, 640.0]})
    assert tool.primitives(SPACE) == (Dot(790, 640),)
    assert tool.anchor(DOUBLED) == (1580, 640)
    assert tool.fields() == (("X", "790"), ("Y", "640"))


def test_interpolation():
    assert sound({"point": [0, 10]}).interpolated(sound({"point": [10, 0]}), 0.3) == Point(3, 7)
    assert sound({"point": [0, 10]}).interpolated(sound({"polyline": [[0, 0], [1, 1]]}), 0.3) is None


def test_a_list_of_pairs_is_not_a_point():
    tool, notes = read({"point": [[1, 2]]})
    assert tool.primitives(SPACE) == ()
    assert notes[0].error

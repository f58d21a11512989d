import pytest

from tests.make.entries import SPACE, read, sound
from viewer.tools.angle import Angle
from viewer.tools.unknown import Unknown

LEGS = {"vertex": [30, 41, 12], "p1": [30, 60, 12], "p2": [48, 41, 12]}
EXPECTED = Angle((30, 41, 12), (30, 60, 12), (48, 41, 12), 88.7)


def test_nested_and_flat():
    assert sound({"angle": {**LEGS, "angle": 88.7}, "objectId": "a"}) == EXPECTED
    assert sound({**LEGS, "angle": 88.7, "objectId": "a"}) == EXPECTED
    assert sound({"angle": LEGS}).degrees is None


def test_listed_and_not_drawn():
    assert EXPECTED.primitives(SPACE) == ()
    assert EXPECTED.anchor(SPACE) is None
    assert EXPECTED.interpolated(EXPECTED, 0.5) is None
    assert EXPECTED.fields()[:2] == (("Angle", "88.7°"), ("Vertex", "30, 41, 12"))


@pytest.mark.parametrize("entry", [{"angle": 90}, {"angle": {"vertex": [1, 2]}}, {"angle": {**LEGS, "p1": "x"}}])
def test_not_an_angle(entry):
    tool, notes = read(entry)
    assert isinstance(tool, Unknown)
    assert notes[0].error

import pytest

from tests.make.entries import DOUBLED, SPACE, read, sound
from viewer.tools.segmentation import Segmentation

SQUARE = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]]
HOLE = [[2.0, 2.0], [4.0, 2.0], [4.0, 4.0]]
ISLAND = [[20.0, 0.0], [30.0, 0.0], [30.0, 40.0], [20.0, 40.0]]


def segmentation(*zones):
    return {"segmentation": {"zones": list(zones)}}


def rings(tool, space=SPACE):
    return [[ring.tolist() for ring in area.rings] for area in tool.primitives(space)]


def test_zones_with_holes():
    tool = sound(segmentation({"region": SQUARE, "holes": [HOLE, HOLE]}, {"region": ISLAND, "holes": []}))
    assert rings(tool) == [[SQUARE, HOLE, HOLE], [ISLAND]]
    assert tool.fields() == (("Zones", "2"), ("Holes", "2"), ("Points", "14"), ("Area", "496"))
    assert tool.anchor(SPACE) == (25, 20)  # of the largest zone
    assert tool.anchor(DOUBLED) == (50, 20)


@pytest.mark.parametrize(
    "value", [{}, {"zones": []}, {"zones": None}, {"zones": [{"region": [], "holes": []}]}, {"zones": [{}]}]
)
def test_points_not_exported(value):
    tool, notes = read({"segmentation": value})
    assert isinstance(tool, Segmentation)
    assert tool.primitives(SPACE) == ()
    assert tool.anchor(SPACE) is None
    assert tool.fields() == (("Points", "not exported"),)
    assert [(n.what, n.error) for n in notes] == [("points not exported", True)]


@pytest.mark.parametrize(
    "zone", [{"region": SQUARE}, {"region": SQUARE, "holes": None}, {"region": SQUARE, "holes": []}]
)
def test_holes_may_be_missing(zone):
    assert rings(sound(segmentation(zone))) == [[SQUARE]]


def test_an_empty_region_beside_others_is_skipped():
    assert rings(sound(segmentation({"region": []}, {"region": ISLAND}))) == [[ISLAND]]


def test_a_flat_hole_is_one_hole_and_told():
    tool, notes = read(segmentation({"region": SQUARE, "holes": HOLE}))
    assert rings(tool) == [[SQUARE, HOLE]]
    assert [(n.path, n.error) for n in notes] == [(".segmentation.zones[0].holes", False)]


@pytest.mark.parametrize(
    ("zone", "path"),
    [
        (7, ".segmentation.zones[1]"),
        ({"region": "x"}, ".segmentation.zones[1].region"),
        ({"region": [[1, 1], [2, 2]]}, ".segmentation.zones[1]"),
    ],
)
def test_a_bad_zone_costs_only_itself(zone, path):
    tool, notes = read(segmentation({"region": SQUARE}, zone))
    assert rings(tool) == [[SQUARE]]
    assert [(n.path, n.error) for n in notes] == [(path, True)]


@pytest.mark.parametrize("holes", [5, "x", [HOLE, 3], [HOLE, [[1, 1]]], [HOLE, [[1, 1], "x", [2, 2]]]])
def test_a_bad_hole_costs_only_itself(holes):
    tool, notes = read(segmentation({"region": SQUARE, "holes": holes}))
    assert rings(tool)[0][:2] == ([SQUARE, HOLE] if isinstance(holes, list) else [SQUARE])
    assert notes
    assert all(n.path.startswith(".segmentation.zones[0].holes") for n in notes)


def test_interpolation_only_between_equal_shapes():
    a = sound(segmentation({"region": SQUARE, "holes": [HOLE]}))
    b = sound(segmentation({"region": [[x + 10, y] for x, y in SQUARE], "holes": [[[x, y + 2] for x, y in HOLE]]}))
    assert rings(a.interpolated(b, 0.5)) == [[[[x + 5, y] for x, y in SQUARE], [[x, y + 1] for x, y in HOLE]]]
    assert a.interpolated(sound(segmentation({"region": SQUARE})), 0.5) is None
    assert a.interpolated(sound(segmentation({"region": HOLE, "holes": [HOLE]})), 0.5) is None
    assert a.interpolated(sound(segmentation({"region": SQUARE, "holes": [HOLE]}, {"region": ISLAND})), 0.5) is None

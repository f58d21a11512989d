import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make.entries import SPACE, read
from tests.tools.test_base import JSON
from viewer.geometry import bounds
from viewer.tools import GUESSED, TOOLS, geometry_key
from viewer.tools.unknown import Unknown

KEYS = [tool.KEY for tool in TOOLS]


def test_keys_are_distinct():
    assert len(set(KEYS)) == len(KEYS)
    assert set(GUESSED) <= set(KEYS)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in ("pct", "medical-brush")])
@pytest.mark.parametrize("value", [None, True, "text", 3.5, [None], {"zones": 3}, [[]]])
def test_a_value_of_a_wrong_type_is_kept_and_told(key, value):
    if (key, value) in (("message", "text"), ("message", 3.5)):
        value = False
    tool, notes = read({key: value, "objectId": "a"})
    assert any(note.error for note in notes)
    assert tool.primitives(SPACE) == ()
    if isinstance(tool, Unknown):
        assert (tool.name, tool.value) == (key, value)


def test_an_unknown_tool_keeps_its_key_and_value():
    tool, notes = read({"objectId": "a", "future-shape": {"a": [1, 2, 3]}, "title": "x"})
    assert isinstance(tool, Unknown)
    assert (tool.name, tool.value) == ("future-shape", {"a": [1, 2, 3]})
    assert [(n.path, n.error) for n in notes] == [(".future-shape", True)]


def test_no_geometry_is_told_unless_it_is_a_stop():
    _, notes = read({"objectId": "a", "classifications": [], "metadata": {}})
    assert [n.what for n in notes] == ["the entry has no geometry"]
    tool, notes = read({"objectId": "a", "interpolationStopped": True})
    assert isinstance(tool, Unknown)
    assert notes == []


def test_two_geometries():
    tool, notes = read({"point": [1, 2], "polygon": [[0, 0], [1, 0], [1, 1]]})
    assert tool.KEY == "point"
    assert "stands beside polygon" in notes[0].what
    assert geometry_key({"point": None, "polygon": [[0, 0]]}) == "polygon"


@given(st.sampled_from(KEYS), JSON)
def test_nothing_in_a_value_raises(key, value):
    tool, _ = read({key: value})
    around = bounds(tool.primitives(SPACE))
    anchor = tool.anchor(SPACE)
    assert all(isinstance(text, str) for pair in tool.fields() for text in pair)
    if around is not None and anchor is not None and tool.KEY != "spline":
        assert around[0] - 1e-6 <= anchor[0] <= around[2] + 1e-6
    assert tool.interpolated(tool, 0.5) is None or tool.KEY in ("bounding-box", "point", "polygon", "segmentation")

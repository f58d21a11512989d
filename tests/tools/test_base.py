import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.geometry import Area, Dot, Line
from viewer.tools import base
from viewer.tools.base import ToolError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def quiet(what, instead, path, *, error=False):
    raise AssertionError(f"{what} at {path}")


@pytest.mark.parametrize(("value", "expected"), [(3, 3.0), (2.5, 2.5), ("7.25", 7.25), (-0.0, 0.0), (10**12, 1e12)])
def test_number(value, expected):
    assert base.number(value, ".x") == expected


@pytest.mark.parametrize("value", [None, True, "three", [], {}, math.nan, math.inf, "NaN", 10**400, 1.1e12])
def test_no_number(value):
    with pytest.raises(ToolError) as raised:
        base.number(value, ".x")
    assert raised.value.path == ".x"


def test_a_number_as_text_is_told():
    told = []
    assert base.number("3", ".x", lambda *note, **_: told.append(note)) == 3
    assert told == [("text stands where a number belongs", "it was read as 3", ".x")]


def test_numbers_names_what_is_missing():
    with pytest.raises(ToolError, match=r"y, width is missing"):
        base.numbers({"x": 1}, ("x", "y", "width"), ".b")
    with pytest.raises(ToolError, match="a list stands where an object belongs"):
        base.numbers([1], ("x",), ".b")


def test_points_are_read_only_and_exact():
    array = base.points([[1, 2.5], [3, 4]], ".p", quiet)
    assert array.tolist() == [[1, 2.5], [3, 4]]
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 9


@pytest.mark.parametrize(
    "bad", [None, [], [1], ["a", 1], [None, 1], [True, 1], [math.nan, 1], [10**400, 1], {"x": 1}, "12", [[1], 2]]
)
def test_a_bad_point_is_left_out_and_told(bad):
    told = []
    array = base.points([[1, 2], bad, [3, 4]], ".p", lambda *note, error: told.append((note, error)))
    assert array.tolist() == [[1, 2], [3, 4]]
    assert len(told) == 1
    assert told[0][0][2].startswith(".p[1]")
    assert told[0][1] is True


def test_a_million_points():
    array = base.points([[i, -i] for i in range(1_000_000)], ".p", quiet)
    assert array.shape == (1_000_000, 2)


def test_too_many_points(monkeypatch):
    monkeypatch.setattr(base.limits, "POINTS_PER_SHAPE", 3)
    with pytest.raises(ToolError, match="4 points are more than 3"):
        base.points([[0, 0]] * 4, ".p", quiet)


@given(JSON)
def test_points_of_anything(value):
    try:
        array = base.points(value, ".p", lambda *_, **__: None)
    except ToolError:
        return
    assert array.shape == (len(array), 2)
    assert np.isfinite(array).all()


@given(st.lists(st.tuples(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12)).map(list)))
def test_points_keep_every_digit(pairs):
    assert base.points(pairs, ".p", quiet).tolist() == pairs


def test_few_points_are_a_line_or_a_dot():
    ring = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]])
    assert isinstance(base.surface(ring)[0], Area)
    assert isinstance(base.surface(ring[:2])[0], Line)
    assert base.surface(ring[:1]) == (Dot(0.0, 0.0),)
    assert base.surface(ring[:0]) == ()


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1.25, "1.25"), (-0.001, "0"), (1234.5, "1234.5"), (0.1, "0.1")]
)
def test_shown(value, text):
    assert base.shown(value) == text


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "null"), (True, "a boolean"), (1, "a number"), ("", "text"), ([], "a list"), ({}, "an object")],
)
def test_kind_of(value, words):
    assert base.kind_of(value) == words

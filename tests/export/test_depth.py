"""Depth by bytes alone agrees with a count of brackets outside of strings."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.export.depth import deeper_than

values = st.recursive(
    st.none() | st.integers(-9, 9) | st.text(alphabet='[]{}"\\ab', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[{"\\', max_size=4), inner, max_size=3)
    ),
    max_leaves=20,
)


def depth_of(value: object) -> int:
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    return 0


@given(values, st.integers(0, 8))
def test_depth_of_json(value: object, limit: int) -> None:
    assert deeper_than(json.dumps(value).encode(), limit) == (depth_of(value) > limit)


@pytest.mark.parametrize("raw", [b"[" * 1_000_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_depth_without_recursion(raw: bytes) -> None:
    assert deeper_than(raw, 100)


@pytest.mark.parametrize("raw", [b"", b"]]]]", b"{]}[", b'"[[[[', b"[[]"])
def test_what_does_not_match_is_not_deep(raw: bytes) -> None:
    assert not deeper_than(raw, 4)

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from viewer.overlay.rings import JoinedRings, Rings, starts

counts = st.lists(st.integers(0, 5), min_size=1, max_size=12)


def rings_of(lengths: list[int], start: float) -> Rings:
    first = starts(np.array(lengths))
    points = start + np.arange(2.0 * first[-1]).reshape(-1, 2)
    return Rings(points, first)


def pieces(rings: Rings) -> list[np.ndarray]:
    return [rings.points[a:b] for a, b in zip(rings.first, rings.first[1:])]


@given(counts, counts, st.data())
def test_some_of_two_together_are_theirs_point_by_point(a: list[int], b: list[int], data: st.DataObject) -> None:
    lower, upper = rings_of(a, 0.0), rings_of(b, 1000.0)
    both = JoinedRings(lower, upper)
    assert both.count == lower.count + upper.count
    numbers = np.array(data.draw(st.lists(st.integers(0, len(a) + len(b) - 1), min_size=1)), dtype=np.int64)
    some = both.some(numbers)
    wanted = [(pieces(lower) + pieces(upper))[n] for n in numbers]
    assert some.count == sum(map(len, wanted))
    for ring, (mine, expected) in enumerate(zip(pieces(some), wanted)):
        assert np.array_equal(mine, expected)
        holder, number = some.origin(ring)
        assert holder in (lower, upper) and np.array_equal(pieces(holder)[number], expected)


def test_points_are_copied_when_they_are_asked_for_and_once() -> None:
    rings = rings_of([3, 4], 0.0)
    some = rings.some(np.array([1]))
    assert some._points is None  # type: ignore[attr-defined]
    assert some.points is some.points and some.points.flags.c_contiguous
    assert rings.origin(1) == (rings, 1)


def test_starts_of_none_is_their_end() -> None:
    assert starts(np.empty(0, dtype=np.int64)).tolist() == [0]

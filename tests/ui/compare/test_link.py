"""Views that move together at a distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.canvas.view import Place, View, Viewport
from viewer.ui.compare.link import Link, copied

FRAME = Viewport(400.0, 300.0)
steps = st.lists(
    st.tuples(st.integers(0, 1), st.floats(-20, 20), st.floats(-20, 20), st.floats(0.8, 1.25)), min_size=1, max_size=8
)


@given(st.floats(-40, 40), st.floats(-40, 40), steps)
def test_whichever_is_moved_the_offset_stays(
    dx: float, dy: float, moves: list[tuple[int, float, float, float]]
) -> None:
    first = View((10_000.0, 10_000.0))
    first.set_place(Place(1.0, (5_000.0, 5_000.0)), FRAME)
    second = copied(first)
    second.pan(-dx, -dy)
    link = Link(first, second)
    for which, x, y, factor in moves:
        mover = (first, second)[which]
        mover.pan(x, y)
        mover.zoom_at(factor, (200.0, 150.0), FRAME)
        assert second.scale == pytest.approx(first.scale)
        assert second.centre == pytest.approx((first.centre[0] + dx, first.centre[1] + dy), abs=1e-6)
    link.end()
    before = second.place
    first.pan(5.0, 5.0)
    assert second.place == before


def test_a_copy_shows_the_same_and_moves_alone() -> None:
    view = View((100.0, 80.0))
    view.reach = (-5.0, 0.0, 100.0, 80.0)
    view.fit(FRAME)
    other = copied(view)
    assert (other.scale, other.centre, other.reach) == (view.scale, view.centre, view.reach)
    other.pan(3.0, 0.0)
    assert other.centre != view.centre

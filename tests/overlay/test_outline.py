"""Which parts of an outline are new."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from viewer.geometry import Area, Box, Dot, Line, Primitive
from viewer.overlay.outline import changed_sides
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import Style


def store(*primitives: Primitive) -> ShapeStore:
    look = (Style("#FFFFFF"), Tag("t"))
    return ShapeStore.of_primitives([(f"o{i}", (p,), *look) for i, p in enumerate(primitives)], (100.0, 100.0))


def total(sides: np.ndarray) -> float:
    return float(np.hypot(sides[:, 2] - sides[:, 0], sides[:, 3] - sides[:, 1]).sum())


def test_of_a_box_with_one_edge_moved_that_edge_and_what_leads_to_it_are_new() -> None:
    sides = changed_sides(store(Box(10, 10, 30, 20)), store(Box(10, 10, 40, 20)), [(0, 0)])
    # 10 px of the top, 10 px of the bottom and the whole right edge, less the slack at both ends
    assert abs(total(sides) - 30.0) < 1.0
    assert sides[:, [0, 2]].min() > 29.0


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_nothing_is_new_in_the_same_outline_wherever_it_stands(x: float, y: float) -> None:
    ring = np.array(((x, y), (x + 9.0, y + 2.0), (x + 4.0, y + 8.0)))
    for shape in (Area((ring,)), Line(ring), Box(x, y, x + 5.0, y + 4.0)):
        assert not len(changed_sides(store(shape), store(shape), [(0, 0)]))


def test_points_have_no_sides_and_a_hole_counts() -> None:
    assert not len(changed_sides(store(Dot(1, 1)), store(Dot(5, 5)), [(0, 0)]))
    outer = np.array(((0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0)))
    hole = outer / 4.0 + 10.0
    sides = changed_sides(store(Area((outer,))), store(Area((outer, hole))), [(0, 0)])
    assert abs(total(sides) - 40.0) < 1e-6
    assert not len(changed_sides(store(Dot(1, 1)), store(Dot(1, 1)), []))

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF

from tests.make.shapes import one_of_each
from viewer.overlay.levels import simplified
from viewer.ui.canvas.arrays import has_sides, polygon, sides_of


def test_areas_close_and_lines_do_not() -> None:
    store = one_of_each()
    sides = sides_of(store, store.rings)
    assert (sides.stop - sides.start).tolist() == [4, 4, 3, 3, 2]
    line = sides.lines[sides.start[4] : sides.stop[4]]
    assert line.tolist() == [[10, 140, 90, 110], [90, 110, 190, 140]]
    island = sides.lines[sides.start[2] : sides.stop[2]]
    assert island[-1].tolist() == [130, 45, 120, 20]
    assert sides_of(store, store.rings) is sides, "made once"
    assert sides_of(store, simplified(store, 0)) is not sides


def test_polygons_hold_a_copy_of_their_points() -> None:
    store = one_of_each()
    made = polygon(store.rings, 2)
    assert made.toList() == [QPointF(120, 20), QPointF(140, 20), QPointF(130, 45)]
    assert polygon(store.rings, 2) is made


def test_some_of_the_rings_share_what_was_made_of_all() -> None:
    store = one_of_each()
    chosen = np.array([3, 4])
    some = store.rings.some(chosen)
    assert not has_sides(some)
    all_sides = sides_of(store, store.rings)
    assert has_sides(some)
    mine = sides_of(store, some)
    assert mine.lines is all_sides.lines
    assert mine.start.tolist() == all_sides.start[chosen].tolist()
    assert polygon(some, 1) is polygon(store.rings, 4)

"""Display matrices, pixel aspects and turns against a plain reckoning with points."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.decoders.video.picture import Geometry, orientation_of, oriented, referee

ONE = 1 << 16
QUARTERS = [
    (a, b, c, d)
    for a, b, c, d in (
        *((x, 0, 0, y) for x in (1, -1) for y in (1, -1)),
        *((0, x, y, 0) for x in (1, -1) for y in (1, -1)),
    )
]


def matrix(a: float, b: float, c: float, d: float) -> bytes:
    whole = [a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30]
    return np.array(whole, np.int32).tobytes()


@pytest.mark.parametrize("turn", QUARTERS)
@pytest.mark.parametrize("scale", [1, 0.5, 3])
def test_a_matrix_moves_pixels_where_it_says(turn: tuple[int, int, int, int], scale: float) -> None:
    """x' = a·x + c·y, y' = b·x + d·y for every pixel centre, then shifted to begin at 0."""
    a, b, c, d = turn
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    moved = oriented(pixels, orientation_of(matrix(a * scale, b * scale, c * scale, d * scale)))
    spots = {(a * x + c * y, b * x + d * y): pixels[y, x] for y in range(3) for x in range(4)}
    left, top = min(x for x, _ in spots), min(y for _, y in spots)
    assert {(x - left, y - top): v for (x, y), v in spots.items()} == {
        (x, y): moved[y, x] for y in range(moved.shape[0]) for x in range(moved.shape[1])
    }


@pytest.mark.parametrize("data", [None, b"", bytes(36), matrix(0.7, 0.7, -0.7, 0.7)])
def test_what_turns_by_no_quarter_counts_as_none(data: bytes | None) -> None:
    assert orientation_of(data) == 1


@given(st.integers(1, 4000), st.integers(1, 4000), st.fractions(Fraction(1, 16), 16), st.integers(1, 8))
def test_stretching_always_grows(width: int, height: int, aspect: Fraction, orientation: int) -> None:
    shown = Geometry((width, height), orientation, aspect).displayed
    wide, high = shown[::-1] if orientation >= 5 else shown
    assert (wide >= width, high >= height) == (True, True)
    assert width == wide or height == high
    assert referee(Geometry((width, height), orientation, aspect), *map(float, shown))[0].displayed == shown

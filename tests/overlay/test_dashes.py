from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.overlay import dashes
from viewer.overlay.dashes import dashed

SQUARE = np.array([[0, 0, 10, 0], [10, 0, 10, 10], [10, 10, 0, 10], [0, 10, 0, 0]], dtype=float)
WAY = np.array([0.0, 10.0, 20.0, 30.0])


def lengths(lines: np.ndarray) -> np.ndarray:
    return np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])


def test_dashes_run_on_around_corners() -> None:
    made = dashed(SQUARE, WAY, 3.0, 4.0, None)
    assert made[0].tolist() == [0, 0, 3, 0] and made[1].tolist() == [7, 0, 10, 0]
    assert made[2].tolist() == [10, 4, 10, 7], "the third begins 14 along the line"
    assert lengths(made).sum() == pytest.approx(5 * 3.0 + 3.0)


@given(
    st.lists(st.tuples(*[st.floats(-50, 50)] * 4), min_size=1, max_size=6),
    st.tuples(st.floats(-40, 0), st.floats(-40, 0), st.floats(1, 40), st.floats(1, 40)),
)
def test_a_clip_makes_the_same_dashes_inside(
    sides: list[tuple[float, float, float, float]], clip: tuple[float, float, float, float]
) -> None:
    array = np.array(sides, dtype=float)
    way = np.cumsum(lengths(array)) - lengths(array)
    whole, part = dashed(array, way, 2.0, 3.0, None), dashed(array, way, 2.0, 3.0, clip)

    def inside(lines: np.ndarray) -> float:
        """Length within the clip, by sampling."""
        total = 0.0
        for x0, y0, x1, y1 in lines:
            t = (np.arange(400) + 0.5) / 400
            x, y = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
            hit = (x >= clip[0]) & (x <= clip[2]) & (y >= clip[1]) & (y <= clip[3])
            total += hit.mean() * np.hypot(x1 - x0, y1 - y0)
        return float(total)

    assert inside(part) == pytest.approx(inside(whole), abs=0.05 * len(sides) + 0.02 * len(whole))
    assert lengths(part).sum() <= lengths(whole).sum() + 1e-6


def test_endless_lines_give_only_what_is_seen() -> None:
    line = np.array([[-1e12, 5.0, 1e12, 5.0], [5.0, -1e12, 5.0, 1e12], [-1e12, -1e12, -1e12, 1e12]])
    made = dashed(line, np.zeros(3), 2.0, 3.0, (0.0, 0.0, 100.0, 100.0))
    assert 38 <= len(made) <= 44
    assert made.min() >= -1e-3 and made.max() <= 100.001


def test_too_many_dashes_stay_solid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashes, "MOST", 3)
    assert (dashed(SQUARE, WAY, 3.0, 4.0, None) == SQUARE).all()


def test_nothing_in_nothing_out() -> None:
    empty = np.empty((0, 4))
    assert dashed(empty, np.empty(0), 1.0, 1.0, None).shape == (0, 4)
    assert dashed(np.array([[3.0, 3.0, 3.0, 3.0]]), np.zeros(1), 1.0, 1.0, (0, 0, 9, 9)).shape == (0, 4)

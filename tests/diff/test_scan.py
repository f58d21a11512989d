"""Areas summed along lines, beside exact ones."""

import numpy as np
import pytest
import shapely

from viewer.diff.scan import scanned


def ring(n: int, shift: float) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radii = 200 + 20 * np.sin(5 * angles)
    return shift + np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1)


def test_rings_with_holes_as_the_overlay_says() -> None:
    one, two, hole = ring(400, 0.0), ring(300, 60.0), ring(100, 0.0) / 4
    found = scanned([one, hole], [two])
    exact = shapely.Polygon(one, [hole]), shapely.Polygon(two)
    assert found.one == pytest.approx(exact[0].area, rel=1e-3)
    assert found.two == pytest.approx(exact[1].area, rel=1e-3)
    assert found.shared == pytest.approx(shapely.intersection(*exact).area, rel=2e-3)


def test_rings_that_cross_themselves_count_even_odd() -> None:
    bow_tie = np.array([[0, 0], [100, 100], [100, 0], [0, 100]], dtype=float)
    assert scanned([bow_tie], []).one == pytest.approx(5_000, rel=1e-3)
    twice = np.concatenate([np.array([[0, 0], [100, 0], [100, 100], [0, 100]], dtype=float)] * 2)
    assert scanned([twice], []).one == 0


def test_a_line_has_no_area() -> None:
    assert scanned([np.array([[0.0, 5.0], [10.0, 5.0], [20.0, 5.0]])], []) == (0, 0, 0)

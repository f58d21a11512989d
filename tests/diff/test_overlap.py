"""Shared areas of simple rings, beside shapely's overlay."""

import numpy as np
import pytest
import shapely

from viewer.diff import overlap
from viewer.diff.overlap import shared_areas


def rings(count: int, seed: int) -> list[np.ndarray]:
    """Star-shaped rings in either direction, a third of them on whole pixels, where edges lie on each other."""
    dice = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    while len(found) < count:
        n = int(dice.integers(3, 40))
        angles, radii = np.sort(dice.random(n)) * 2 * np.pi, dice.uniform(5, 60, n)
        ring = dice.uniform(0, 60, 2) + np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1)
        ring = np.round(ring) if dice.random() < 0.3 else ring
        if shapely.Polygon(ring).is_valid:
            found.append(ring if dice.random() < 0.5 else ring[::-1])
    return found


def test_as_the_overlay_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlap, "AT_ONCE", 5_000)
    one, two = rings(300, 1), rings(300, 2)
    expected = shapely.area(shapely.intersection([shapely.Polygon(r) for r in one], [shapely.Polygon(r) for r in two]))
    assert shared_areas(one, two) == pytest.approx(expected, abs=1e-9)
    assert shared_areas(one, one) == pytest.approx(shapely.area([shapely.Polygon(r) for r in one]), abs=1e-9)


def test_nothing_and_rings_apart() -> None:
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], dtype=float)
    assert shared_areas([], []).tolist() == []
    assert shared_areas(
        [square, square, square], [square + 20, square + np.array((10.0, 0.0)), square + 4]
    ).tolist() == [0, 0, 36]

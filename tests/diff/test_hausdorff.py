"""Distances of outlines, beside points set closely along them and held against all of the other."""

import numpy as np
import pytest
import shapely

from viewer.diff.forms import Form
from viewer.diff.hausdorff import CLOSE_ENOUGH, SIMPLIFIED_BY, hausdorff, is_rough

STEP = 0.2


def closely(one: shapely.Geometry, two: shapely.Geometry) -> float:
    far = [
        shapely.distance(other, shapely.points(shapely.get_coordinates(shapely.segmentize(line, STEP)))).max()
        for line, other in ((one, two), (two, one))
    ]
    return float(max(far))


def star(dice: np.random.Generator, n: int, reach: tuple[float, float] = (5, 60)) -> np.ndarray:
    angles, radii = np.sort(dice.random(n)) * 2 * np.pi, dice.uniform(*reach, n)
    return dice.uniform(0, 60, 2) + np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1)


def test_rings_and_lines() -> None:
    dice = np.random.default_rng(3)
    ones, twos = ([star(dice, int(dice.integers(3, 30))) for _ in range(15)] for _ in range(2))
    found = hausdorff([Form(((r,),)) for r in ones], [Form(((r,),)) for r in twos])
    expected = [closely(shapely.LinearRing(a), shapely.LinearRing(b)) for a, b in zip(ones, twos)]
    assert found == pytest.approx(expected, abs=STEP + CLOSE_ENOUGH)
    found = hausdorff([Form(lines=(r,)) for r in ones], [Form(lines=(r,)) for r in twos])
    expected = [closely(shapely.LineString(a), shapely.LineString(b)) for a, b in zip(ones, twos)]
    assert found == pytest.approx(expected, abs=STEP + CLOSE_ENOUGH)


def smooth(n: int, *, waves: int = 5, shift: float = 0.0) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radii = 200 + 20 * np.sin(waves * angles)
    return 300 + shift + np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1)


@pytest.mark.parametrize("n", [300, 900, 6_000])
def test_long_rings(n: int) -> None:
    one, two = smooth(n), smooth(n + 17, waves=7, shift=3.0)
    (found,) = hausdorff([Form(((one,),))], [Form(((two,),))])
    few = max(n // 300, 1)
    expected = closely(shapely.LinearRing(one[::few]), shapely.LinearRing(two[::few]))
    allowed = CLOSE_ENOUGH + (2 * SIMPLIFIED_BY if n > 2_000 else 0.05)
    assert found == pytest.approx(expected, abs=allowed + STEP)
    assert not is_rough(Form(((one,),)))


def test_zigzags_are_estimated_from_below_and_very_long_ones_left_out() -> None:
    dice = np.random.default_rng(4)
    one = star(dice, 3_000, (100, 160))
    form, moved = Form(((one,),)), Form(((one + np.array((3.0, 0.0)),),))
    assert is_rough(form)
    assert 0 < hausdorff([form], [moved])[0] <= 3.0 + 1e-9
    long = Form(((star(dice, 12_000, (100, 160)),),))
    assert np.isnan(hausdorff([long], [moved])[0])


def test_dots_and_nothing() -> None:
    dot, other = Form(dots=((1.0, 1.0),)), Form(dots=((4.0, 5.0),))
    assert hausdorff([dot], [other]).tolist() == [5.0]
    assert np.isnan(hausdorff([dot], [Form()])[0])
    line = Form(lines=(np.array([[0.0, 0.0], [10.0, 0.0]]),))
    assert hausdorff([line], [Form(dots=((5.0, 0.0),))]).tolist() == [5.0]
    # the farthest place lies between two corners
    square = Form(((np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]]),),))
    across = Form(lines=(np.array([[0.0, 50.0], [100.0, 50.0]]),))
    assert hausdorff([square], [across])[0] == pytest.approx(50.0)

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.make.shapes import crowd, one_of_each
from viewer.geometry import Area, Line
from viewer.overlay.levels import FEW_POINTS, HIGHEST, LOWEST, TOLERANCE, Levels, level_of, simplified
from viewer.overlay.rings import Rings
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import Style


def rings_of(rings: Rings) -> list[np.ndarray]:
    return [rings.points[a:b] for a, b in zip(rings.first[:-1], rings.first[1:])]


@given(st.floats(1e-6, 1e6))
def test_a_level_is_as_fine_as_its_scale_needs(scale: float) -> None:
    level = level_of(scale)
    if level is None:
        assert scale > 2.0**HIGHEST
    else:
        assert LOWEST <= level <= HIGHEST
        assert 2.0**level >= scale * (1 - 1e-6)
        if level > LOWEST:
            assert 2.0 ** (level - 1) < scale * (1 + 1e-6)


@pytest.mark.parametrize("level", [-6, -3, -1, 0, 2])
def test_simplified_outlines_stay_within_the_tolerance(level: int) -> None:
    store = crowd(60, (2000.0, 1500.0), most_points=300)
    thin = simplified(store, level)
    tolerance = TOLERANCE / 2.0**level
    full = rings_of(store.rings)
    assert len(rings_of(thin)) == len(full)
    fewer = 0
    for before, after in zip(full, rings_of(thin)):
        fewer += len(before) - len(after)
        assert len(after) >= 2
        old = shapely.LinearRing(before)
        new = shapely.LineString(np.concatenate((after, after[:1])))
        far = shapely.hausdorff_distance(old, new, densify=0.2)
        assert far <= max(tolerance * 1.01, np.hypot(*(before.max(0) - before.min(0))) / 2 if len(after) == 4 else 0.0)
    assert fewer > 0


def test_nothing_vanishes() -> None:
    tiny = np.array(((5.0, 5.0), (5.1, 5.0), (5.1, 5.1), (5.0, 5.1)))
    lone = np.array(((7.0, 7.0),))
    style = Style("#DE4551")
    shapes = [
        ("tiny", (Area((tiny,)),), style, Tag("")),
        ("lone", (Line(lone),), style, Tag("")),
        ("same", (Area((np.repeat(lone, 5, axis=0),)),), style, Tag("")),
    ]
    store = ShapeStore.of_primitives(shapes, (10.0, 10.0))
    thin = rings_of(simplified(store, -5))
    assert len(thin[0]) >= 2 and np.ptp(thin[0], axis=0) == pytest.approx([0.1, 0.1])
    assert thin[1].tolist() == [[7.0, 7.0]]
    assert len(thin[2]) >= 1 and (thin[2] == 7.0).all()


def test_open_lines_stay_open() -> None:
    thin = rings_of(simplified(one_of_each(), 0))
    assert thin[-1].tolist() == [[10.0, 140.0], [90.0, 110.0], [190.0, 140.0]]


def test_levels_are_built_when_wanted_and_finer_ones_stand_in() -> None:
    store = crowd(80, (2000.0, 1500.0))
    assert len(store.rings.points) > FEW_POINTS
    levels = Levels(store)
    assert levels.rings(0.5) is store.rings and levels.missing(0.5) == -1
    levels.build(-1)
    half = levels.rings(0.5)
    assert half is not store.rings and len(half.points) < len(store.rings.points)
    assert levels.missing(0.5) is None and levels.missing(0.25) == -2
    assert levels.rings(0.25) is half, "a finer level is better than none"
    assert levels.rings(1.0) is store.rings, "a coarser one is not"
    assert levels.rings(100.0) is store.rings and levels.missing(100.0) is None


def test_few_points_are_never_simplified() -> None:
    levels = Levels(one_of_each())
    assert levels.missing(0.01) is None

"""Scenes of many labels for tests and benchmarks of the canvas."""

from __future__ import annotations

import math

import numpy as np

from viewer.geometry import Area, Box, Dot, Line, Primitive
from viewer.overlay.palette import GLOW
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import Style, label_style


def ring(
    random: np.random.Generator, centre: tuple[float, float], points: int, radius: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """A star-shaped ring that looks drawn by hand."""
    angle = np.sort(random.uniform(0.0, 2.0 * math.pi, points))
    away = radius * (1.0 + 0.2 * np.sin(5.0 * angle) + 0.01 * random.normal(size=points))
    return np.stack((centre[0] + away * np.cos(angle), centre[1] + away * np.sin(angle)), axis=1)


def crowd(
    count: int,
    size: tuple[float, float],
    *,
    seed: int = 0,
    most_points: int = 2000,
    plain: bool = False,
    inset: float = 0.0,
) -> ShapeStore:
    """Half boxes, half polygons of 20 to `most_points` points (log-uniform).

    `plain`: outlines alone; `inset`: how far their middles keep from the edge of the page.
    """
    random = np.random.default_rng(seed)
    shapes: list[tuple[str, tuple[Primitive, ...], Style, Tag]] = []
    for number in range(count):
        x, y = (float(random.uniform(inset, side - inset)) for side in size)
        centre = (x, y)
        colour = GLOW[number % len(GLOW)]
        style = Style(colour, fill=0.0, halo="none") if plain else label_style(colour)
        primitive: Primitive
        if number % 2:
            a, b = (float(v) for v in random.uniform(5.0, 60.0, 2))
            primitive = Box(centre[0] - a, centre[1] - b, centre[0] + a, centre[1] + b)
        else:
            points = int(math.exp(random.uniform(math.log(20), math.log(most_points))))
            primitive = Area((ring(random, centre, points, float(random.uniform(10.0, 60.0))),))
        shapes.append((f"o{number}", (primitive,), style, Tag(f"class {number % 12}")))
    return ShapeStore.of_primitives(shapes, size)


def one_of_each(size: tuple[float, float] = (200.0, 150.0)) -> ShapeStore:
    """A box, an area with a hole, two islands, a line, a dot, and a box that reaches out of the page."""
    w, h = size
    hole = np.array(((60.0, 50.0), (90.0, 50.0), (90.0, 80.0), (60.0, 80.0)))
    outer = np.array(((40.0, 30.0), (110.0, 30.0), (110.0, 100.0), (40.0, 100.0)))
    island = np.array(((120.0, 20.0), (140.0, 20.0), (130.0, 45.0)))
    line = np.array(((10.0, 140.0), (90.0, 110.0), (190.0, 140.0)))
    plan: list[tuple[str, tuple[Primitive, ...]]] = [
        ("box", (Box(5.0, 5.0, 35.0, 25.0),)),
        ("area", (Area((outer, hole)),)),
        ("islands", (Area((island,)), Area((island + np.array((30.0, 40.0)),)))),
        ("line", (Line(line),)),
        ("dot", (Dot(150.0, 100.0),)),
        ("out", (Box(w - 30.0, h - 60.0, w + 40.0, h - 20.0),)),
    ]
    return ShapeStore.of_primitives(
        [(name, prims, label_style(GLOW[i]), Tag(name.title())) for i, (name, prims) in enumerate(plan)], size
    )

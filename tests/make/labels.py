"""Annotations as an export gives them, placed on a page, for tests and benchmarks of large pages."""

from __future__ import annotations

import math

import numpy as np

from tests.make.shapes import ring
from viewer.model import Annotation
from viewer.tools.base import Tool
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.polygon import Polygon
from viewer.tracks import Placed


def placed_crowd(
    count: int, size: tuple[float, float], *, seed: int = 0, classes: int = 12, most_points: int = 2000
) -> tuple[Placed, ...]:
    """Half boxes, half polygons of 20 to `most_points` points (log-uniform), of so many classes in turn."""
    random = np.random.default_rng(seed)
    placed = []
    for number in range(count):
        x, y = (float(random.uniform(80.0, side - 80.0)) for side in size)
        tool: Tool
        if number % 2:
            a, b = (float(v) for v in random.uniform(10.0, 120.0, 2))
            tool = BoundingBox(x - a / 2, y - b / 2, a, b)
        else:
            points = int(math.exp(random.uniform(math.log(20), math.log(most_points))))
            tool = Polygon(ring(random, (x, y), points, float(random.uniform(10.0, 60.0))))
        name = f"class-{(number // 2) % classes}"
        placed.append(Placed(Annotation(object_id=f"o{number}", schema_id=name, title=name, tool=tool), tool, "key"))
    return tuple(placed)

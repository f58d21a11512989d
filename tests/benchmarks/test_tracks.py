"""A frame step with 500 tracks beside 500 bare bisections, in one run."""

import time
from bisect import bisect_right
from statistics import median

import numpy as np
import pytest

from viewer.model import Annotation, Labels
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.polygon import Polygon
from viewer.tracks import Timeline


@pytest.mark.benchmark
@pytest.mark.parametrize("shape", ["box", "polygon"])
def test_a_frame_step_with_500_tracks(shape):
    def tool(k: int):
        return BoundingBox(k, 2.0, 3.0, 4.0) if shape == "box" else Polygon(np.full((100, 2), float(k)))

    entries = [
        Annotation(object_id=str(i), schema_id="s", title="t", tool=tool(page), page=page)
        for i in range(500)
        for page in range(0, 3000, 30)
    ]
    line = Timeline(Labels(annotations=tuple(entries)), tracked=True)
    assert len(line.on_page(5)) == 500
    steps, floor = [], []
    pages = line.tracks[0].pages
    for page in range(0, 2900, 7):
        start = time.perf_counter()
        line.on_page(page)
        steps.append(time.perf_counter() - start)
        start = time.perf_counter()
        for _ in range(500):
            bisect_right(pages, page)
        floor.append(time.perf_counter() - start)
    print(f"\n{shape}: {median(steps) * 1e3:.2f} ms a step, {median(steps) / median(floor):.0f} × bare bisection")
    assert median(steps) < 0.003

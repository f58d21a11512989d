"""Which sides of a reshaped outline do not lie on the outline that it had before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from viewer.geometry import Points
from viewer.overlay.rings import Floats
from viewer.overlay.shapes import AREA, BOX, LINE, ShapeStore

SLACK = 0.25
"""Page pixels within which an outline counts as the same."""
MOST_POINTS = 20_000
"""Of all outlines together; what comes after them is drawn in one strength."""


def changed_sides(before: ShapeStore, after: ShapeStore, pairs: Sequence[tuple[int, int]]) -> Floats:
    """(s, 4) x0, y0, x1, y1 in page space: the parts of outlines that are new.

    `pairs`: rows of a label in the two stores. Points have no sides.
    """
    if not pairs:
        return np.empty((0, 4))
    import shapely  # lazily: 150 ms that a page without reshaped labels need not pay

    found: list[Floats] = []
    left = MOST_POINTS
    for old, new in pairs:
        lines, former = _lines(after, new), _lines(before, old)
        left -= sum(map(len, lines)) + sum(map(len, former))
        if left < 0:
            break
        if not lines or not former:
            continue
        reach = shapely.buffer(shapely.multilinestrings([shapely.linestrings(line) for line in former]), SLACK)
        rest = shapely.difference(shapely.multilinestrings([shapely.linestrings(line) for line in lines]), reach)
        points, number = shapely.get_coordinates(shapely.get_parts(rest), return_index=True)
        follows = number[1:] == number[:-1]
        found.append(np.concatenate((points[:-1], points[1:]), axis=1)[follows])
    return np.ascontiguousarray(np.concatenate(found)) if found else np.empty((0, 4))


def _lines(store: ShapeStore, label: int) -> list[Points]:
    """The outlines of a label as lines; closed ones end where they begin."""
    lines: list[Points] = []
    for part in range(int(store.first_part[label]), int(store.first_part[label + 1])):
        kind = store.kind[part]
        if kind == BOX:
            x0, y0, x1, y1 = store.part_box[part].tolist()
            lines.append(np.array(((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))))
        elif kind in (AREA, LINE):
            for ring in range(int(store.first_ring[part]), int(store.first_ring[part + 1])):
                points = store.rings.points[store.rings.first[ring] : store.rings.first[ring + 1]]
                if len(points) > 1:
                    lines.append(np.concatenate((points, points[:1])) if kind == AREA else points)
    return lines

"""A tracking metric that looks at one frame after the other (CLEAR MOT, IoU of at least a half), and tracks for it.

What the metric calls false positives was added, its false negatives were removed, and its switches are splits.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from viewer.diff import Comparison
from viewer.model import Annotation, Labels
from viewer.tools.bounding_box import BoundingBox

Box = tuple[float, float, float, float]
Tracks = dict[str, dict[int, Box]]
"""Boxes by object id and page."""


class Counts(NamedTuple):
    added: int
    removed: int
    switches: int


def overlap(a: Box, b: Box) -> float:
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(w, 0.0) * max(h, 0.0)
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)


def by_page(tracks: Tracks) -> dict[int, dict[str, Box]]:
    found: dict[int, dict[str, Box]] = defaultdict(dict)
    for object_id, boxes in tracks.items():
        for page, box in boxes.items():
            found[page][object_id] = box
    return found


def clear(before: Tracks, after: Tracks) -> Counts:
    """CLEAR: a match of the frame before is kept while it holds, the rest by the best assignment."""
    old, new = by_page(before), by_page(after)
    last: dict[str, str] = {}
    added = removed = switches = 0
    for page in sorted(old.keys() | new.keys()):
        ones, others = old.get(page, {}), new.get(page, {})
        pairs = {a: b for a, b in last.items() if a in ones and b in others and overlap(ones[a], others[b]) >= 0.5}
        rows, columns = [a for a in ones if a not in pairs], [b for b in others if b not in pairs.values()]
        likeness = np.array([[overlap(ones[a], others[b]) for b in columns] for a in rows]).reshape(
            len(rows), len(columns)
        )
        for r, c in zip(*linear_sum_assignment(np.where(likeness >= 0.5, likeness, 0.0), maximize=True)):
            if likeness[r, c] >= 0.5:
                pairs[rows[r]] = columns[c]
        switches += sum(1 for a, b in pairs.items() if last.get(a, b) != b)
        last |= pairs
        removed += len(ones) - len(pairs)
        added += len(others) - len(pairs)
    return Counts(added, removed, switches)


def sequence(random: np.random.Generator) -> tuple[Tracks, Tracks]:
    """Tracks, and what became of them: untouched, corrected, trimmed, extended, split, drawn anew, gone; a few new."""
    before: Tracks = {f"a{i}": track(random) for i in range(int(random.integers(3, 14)))}
    after: Tracks = {}
    for object_id, boxes in before.items():
        pages = sorted(boxes)
        what = int(random.integers(0, 8))
        half = int(random.integers(1, max(2, len(pages))))
        if what == 1:
            after[object_id] = {p: shaken(random, box) if random.random() < 0.3 else box for p, box in boxes.items()}
        elif what == 2:
            after[object_id] = {p: boxes[p] for p in (pages[half:] if random.random() < 0.5 else pages[:half])}
        elif what == 3:
            x, y, w, h = boxes[pages[-1]]
            more = {pages[-1] + i: (x + i, y, w, h) for i in range(1, 1 + half)}
            after[object_id] = {**boxes, **more}
        elif what == 4 and len(pages) > 1:
            after[object_id] = {p: boxes[p] for p in pages[:half]}
            after[f"{object_id}-2"] = {p: shaken(random, boxes[p]) for p in pages[half:]}
        elif what == 5:
            after[f"{object_id}-new"] = {p: shaken(random, box) for p, box in boxes.items()}
        elif what != 6:
            after[object_id] = boxes
    for i in range(int(random.integers(0, 3))):
        after[f"b{i}"] = track(random)
    return before, {object_id: boxes for object_id, boxes in after.items() if boxes}


def track(random: np.random.Generator) -> dict[int, Box]:
    x, y = random.uniform(0, 3000, 2)
    w, h = random.uniform(30, 120, 2)
    dx, dy = random.uniform(-4, 4, 2)
    first, many = int(random.integers(0, 40)), int(random.integers(1, 60))
    return {first + i: (float(x + i * dx), float(y + i * dy), float(w), float(h)) for i in range(many)}


def shaken(random: np.random.Generator, box: Box) -> Box:
    x, y, w, h = box
    a, b, c, d = random.uniform(-0.06, 0.06, 4).tolist()
    return (x + a * w, y + b * h, w * (1 + c), h * (1 + d))


def labels(tracks: Tracks) -> Labels:
    made = [
        Annotation(object_id=object_id, schema_id="car", title="car", page=page, tool=BoundingBox(*box))
        for object_id, boxes in tracks.items()
        for page, box in boxes.items()
    ]
    return Labels(annotations=tuple(made))


def counted(before: Tracks, comparison: Comparison) -> Counts:
    """The three counts out of the changes: entries without a change kept their id."""
    became = {(object_id, page): object_id for object_id, boxes in before.items() for page in boxes}
    added = removed = 0
    for change in comparison.labels:
        if change.before is None:
            added += 1
            continue
        assert isinstance(change.before, Annotation)
        key = (change.before.object_id, change.before.page or 0)
        if change.after is None:
            removed += 1
            del became[key]
        else:
            assert isinstance(change.after, Annotation)
            assert change.after.page == change.before.page
            became[key] = change.after.object_id
    switches = 0
    for object_id, boxes in before.items():
        ids = [became[(object_id, page)] for page in sorted(boxes) if (object_id, page) in became]
        switches += sum(1 for a, b in pairwise(ids) if a != b)
    return Counts(added, removed, switches)

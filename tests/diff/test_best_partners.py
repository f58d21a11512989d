"""The partners that a comparison finds, beside scipy's best assignment and beside a search through all ways.

Only `viewer.diff.compare` is called; overlaps of plain boxes are calculated here once more.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy.optimize import linear_sum_assignment

from viewer.diff import compare
from viewer.model import Annotation, Labels
from viewer.tools.bounding_box import BoundingBox

SCENES = 2_000
LEAST = 0.3
"""Overlap from which on two boxes may be one (scale.md §3.1)."""

Boxes = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def overlaps(a: Boxes, b: Boxes) -> Boxes:
    """Intersection over union of boxes (x, y, width, height), each with each."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum((a[:, :2] + a[:, 2:])[:, None], (b[:, :2] + b[:, 2:])[None])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    union = a[:, 2:].prod(axis=1)[:, None] + b[:, 2:].prod(axis=1)[None] - shared
    return np.asarray(shared / union)


def labels(boxes: Boxes, kinds: list[str], name: str) -> Labels:
    made = [
        Annotation(object_id=f"{name}{i}", schema_id=kind, title=kind, tool=BoundingBox(*box), path=f"$.tools[{i}]")
        for i, (box, kind) in enumerate(zip(boxes.tolist(), kinds))
    ]
    return Labels(annotations=tuple(made))


def crowd(random: np.random.Generator, jitter: float) -> tuple[Boxes, Boxes]:
    """Crowded boxes, and most of them drawn anew with a shaky hand, in another order, with a few others."""
    many = int(random.integers(2, 41))
    side = 40.0 + 12.0 * many**0.5
    old = np.column_stack((random.uniform(0, side, (many, 2)), random.uniform(15, 60, (many, 2))))
    new = old + random.normal(0, jitter, old.shape) * old[:, [2, 3, 2, 3]]
    new[:, 2:] = np.clip(new[:, 2:], 2, None)
    new = new[random.random(many) < 0.9]
    others = np.column_stack((random.uniform(0, side, (2, 2)), random.uniform(15, 60, (2, 2))))
    return old, random.permutation(np.vstack((new, others)))


def best(weights: Boxes) -> float:
    """The largest sum of one-to-one pairs, of those that are allowed."""
    allowed = np.where(weights >= LEAST, weights, 0.0)
    rows, columns = linear_sum_assignment(allowed, maximize=True)
    return float(allowed[rows, columns].sum())


def pairs_of(old: Labels, new: Labels) -> list[tuple[int, int]]:
    after_of = compare(old, new, tracked=False).after_of
    found = [(int(before[1:]), int(after[1:])) for before, after in after_of.items()]
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    return found


def test_of_one_class_the_sum_of_overlaps_is_the_best_there_is() -> None:
    random = np.random.default_rng(20)
    paired = 0
    for scene in range(SCENES):
        old, new = crowd(random, (0.05, 0.12, 0.25)[scene % 3])
        weights = overlaps(old, new)
        found = pairs_of(labels(old, ["car"] * len(old), "a"), labels(new, ["car"] * len(new), "b"))
        assert all(weights[pair] >= LEAST - 1e-9 for pair in found), scene
        total = math.fsum(weights[pair] for pair in found)
        assert math.isclose(total, best(weights), rel_tol=1e-9, abs_tol=1e-9), scene
        paired += len(found)
    assert paired > 10 * SCENES


def test_the_same_class_comes_first_and_other_classes_take_what_is_left() -> None:
    random = np.random.default_rng(21)
    for scene in range(SCENES // 8):
        old, new = crowd(random, 0.12)
        kinds, kinds_after = (random.choice(("car", "bus", "van"), len(side)).tolist() for side in (old, new))
        weights = overlaps(old, new)
        same = np.array([[a == b for b in kinds_after] for a in kinds])
        found = pairs_of(labels(old, kinds, "a"), labels(new, kinds_after, "b"))
        first = [pair for pair in found if same[pair]]
        total = math.fsum(weights[pair] for pair in first)
        assert math.isclose(total, best(np.where(same, weights, 0.0)), rel_tol=1e-9, abs_tol=1e-9), scene
        left = weights.copy()
        for i, j in first:
            left[i, :] = left[:, j] = 0.0
        total = math.fsum(weights[pair] for pair in found if not same[pair])
        assert math.isclose(total, best(np.where(same, 0.0, left)), rel_tol=1e-9, abs_tol=1e-9), scene


def test_of_few_boxes_no_other_way_is_better() -> None:
    random = np.random.default_rng(22)
    for scene in range(300):
        many = int(random.integers(2, 7))
        old = np.column_stack((random.uniform(0, 30, (many, 2)), random.uniform(20, 40, (many, 2))))
        new = old + random.normal(0, 4, old.shape)
        weights = overlaps(old, new)
        allowed = np.where(weights >= LEAST, weights, 0.0)
        ways = itertools.permutations(range(many))
        most = max(math.fsum(allowed[i, j] for i, j in enumerate(way)) for way in ways)
        found = pairs_of(labels(old, ["car"] * many, "a"), labels(new, ["car"] * many, "b"))
        assert math.isclose(math.fsum(weights[pair] for pair in found), most, rel_tol=1e-9, abs_tol=1e-9), scene

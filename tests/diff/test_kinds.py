"""How a geometry differs, tool by tool."""

from typing import Any

import numpy as np
import pytest

from tests.make.entries import sound
from viewer.diff import kinds
from viewer.diff.forms import Geometries
from viewer.diff.kinds import geometric, in_order, is_same_value, ranges

RING = [[0, 0], [40, 0], [45, 30], [10, 50]]
PDF = {"x1": 10, "y1": 20, "x2": 60, "y2": 32, "width": 612, "height": 792}


def pdf(rect: dict[str, float]) -> dict[str, Any]:
    return {"position": {"boundingRect": rect, "rects": [rect], "pageNumber": 1}, "content": {"text": "a"}}


VALUES: dict[str, tuple[Any, Any, Any]] = {
    # tool: as it was, moved, reshaped
    "bounding-box": (
        {"x": 1, "y": 2, "width": 30, "height": 40},
        {"x": 33, "y": 43, "width": -30, "height": -40},
        {"x": 1, "y": 2, "width": 31, "height": 40},
    ),
    "rotated-bounding-box": (
        {"x": 1, "y": 2, "width": 30, "height": 40, "rotation": 20},
        {"x": 9, "y": 2, "width": 30, "height": 40, "rotation": 20},
        {"x": 1, "y": 2, "width": 30, "height": 40, "rotation": 25},
    ),
    "polygon": (RING, [[x + 5, y - 1] for x, y in RING[2:] + RING[:2]], [[0, 0], [41, 0], [45, 30], [10, 50]]),
    "polyline": (RING, [[x + 5, y] for x, y in RING], RING[::-1]),
    "segmentation": (
        {"zones": [{"region": RING, "holes": [[[9, 9], [12, 9], [9, 12]]]}]},
        {"zones": [{"region": [[x + 1, y] for x, y in RING], "holes": [[[10, 9], [13, 9], [10, 12]]]}]},
        {"zones": [{"region": RING, "holes": []}]},
    ),
    "circle": ({"x": 9, "y": 9, "radius": 5}, {"x": 10, "y": 9, "radius": 5}, {"x": 9, "y": 9, "radius": 6}),
    "spline": (RING, [[x, y + 2] for x, y in RING], RING[:3]),
    "pdf": (pdf(PDF), pdf({**PDF, "x1": 12, "x2": 62}), pdf({**PDF, "x2": 70})),
    "angle": (
        {"vertex": [1, 1, 1], "p1": [2, 2, 2], "p2": [3, 3, 3]},
        None,
        {"vertex": [1, 1, 1], "p1": [2, 2, 2], "p2": [3, 3, 4]},
    ),
}
VOXELS = {"x1": 1, "y1": 2, "z1": 3, "x2": 5, "y2": 6, "z2": 7}


def told(one: Any, two: Any, tool: str, tolerance: float = 1e-6) -> str | None:
    from viewer.tools import parse_tool

    a, b = (parse_tool({tool: value}, lambda *_a, **_k: None) for value in (one, two))
    (kind,) = geometric([(a, b)], Geometries(), tolerance=tolerance)
    return kind


@pytest.mark.parametrize("tool", VALUES)
def test_moved_reshaped_or_the_same(tool: str) -> None:
    was, moved, reshaped = VALUES[tool]
    assert told(was, was, tool) is None
    assert moved is None or told(was, moved, tool) == "moved"
    assert told(was, reshaped, tool) == "reshaped"


def test_ranges_are_retimed_and_voxels_have_three_axes() -> None:
    assert told({"start": 1, "end": 5}, {"start": 1, "end": 6}, "ner") == "retimed"
    assert told({"start": 1, "end": 5, "selection": "a"}, {"start": 1, "end": 5}, "ner") is None
    assert told(VOXELS, {**VOXELS, "z1": 4, "z2": 8}, "bounding-box") == "moved"
    assert told(VOXELS, {**VOXELS, "z2": 8}, "bounding-box") == "reshaped"
    assert told(VOXELS, {"x1": 5, "y1": 6, "z1": 7, "x2": 1, "y2": 2, "z2": 3}, "bounding-box") is None
    assert told(True, True, "medical-brush") is None
    assert told({"a": [1, 2]}, {"a": [1, 3]}, "pct") == "reshaped"


def test_another_tool_is_another_shape() -> None:
    pair = (sound({"point": [1, 2]}), sound({"polyline": [[1, 2], [3, 4]]}))
    assert geometric([pair], Geometries()) == ["reshaped"]


def test_parts_in_another_order_are_the_same_surface() -> None:
    zones = [{"region": RING, "holes": []}, {"region": [[100, 0], [120, 0], [110, 30]], "holes": []}]
    assert told({"zones": zones}, {"zones": zones[::-1]}, "segmentation") is None


def test_noise_is_less_than_the_tolerance_on_each_point() -> None:
    noisy = [[x + 4e-7, y - 4e-7] for x, y in RING]
    assert told(RING, noisy, "polygon") is None
    assert told(RING, noisy, "polygon", tolerance=1e-8) == "reshaped" or told(RING, noisy, "polygon", 1e-8) == "moved"
    repeated = [RING[0], RING[0], *RING[1:]]
    assert told(RING, repeated, "polygon") is None


def test_long_lists_are_looked_at_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "BATCH_POINTS", 10)
    was, moved, reshaped = (
        sound({"polygon": v}) for v in (RING, [[x + 1, y] for x, y in RING], RING[::2] + RING[1::2])
    )
    pairs = [(was, moved), (was, was), (was, reshaped)] * 7
    assert geometric(pairs, Geometries()) == ["moved", None, "reshaped"] * 7


def test_kinds_have_an_order_and_pages_make_ranges() -> None:
    assert in_order({"recreated", "moved", "reclassified"}) == ("reclassified", "moved", "recreated")
    assert ranges([]) == []
    assert ranges([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]


def test_values_are_the_same_but_for_digits() -> None:
    assert is_same_value({"a": [1, "x", None]}, {"a": [1.0000001, "x", None]}, 1e-6)
    assert not is_same_value({"a": 1}, {"b": 1}, 1e-6)
    assert not is_same_value(True, 1, 1e-6)
    assert is_same_value(np.zeros((2, 2)), np.full((2, 2), 1e-9), 1e-6)

"""Every tool is drawn where it is: ink against masks that `tests.make.masks` computes from the raw JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from tests.make import masks
from tests.make.ink import COLOUR, ink_of, place
from viewer.geometry import Affine, LabelSpace
from viewer.overlay.shapes import ShapeStore
from viewer.overlay.style import Style
from viewer.ui.canvas.painter import PaintOptions, paint_shapes

SCALES = (1.0, 8.0)
PAGE = (150.0, 110.0)

ENTRIES: dict[str, dict[str, Any]] = {
    "bounding-box": {"bounding-box": {"x": 20.3, "y": 15.7, "width": 80.4, "height": 60.9}},
    "bounding-box negative": {"bounding-box": {"x": 100.25, "y": 90.5, "width": -70.5, "height": -55.25}},
    "bounding-box whole": {"bounding-box": {"x": 10, "y": 10, "width": 100, "height": 80}},
    "rotated corners": {
        "rotated-bounding-box": {
            "x": 60.0, "y": 20.0, "width": 50.0, "height": 40.0, "rotation": 30.0,
            "corners": [[60.0, 20.0], [40.0, 54.641], [83.3013, 79.641], [103.3013, 45.0]],
        }
    },
    "rotated pivot": {"rotated-bounding-box": {"x": 40.2, "y": 70.7, "width": 62.5, "height": 28.4, "rotation": -41.3}},
    "rotated 45": {"rotated-bounding-box": {"x": 75.0, "y": 15.0, "width": 50.0, "height": 50.0, "rotation": 45.0}},
    "polygon": {"polygon": [[20.4, 90.2], [70.1, 12.6], [130.8, 80.3], [75.5, 60.5]]},
    "polyline": {"polyline": [[12.5, 95.5], [50.2, 20.1], [90.7, 85.9], [138.3, 30.4]]},
    "polyline two points": {"polyline": [[15.0, 20.0], [120.0, 77.0]]},
    "point": {"point": [70.3, 44.8]},
    "segmentation": {
        "segmentation": {
            "zones": [
                {
                    "region": [[15.2, 15.1], [85.7, 18.3], [80.4, 80.6], [20.9, 75.2]],
                    "holes": [[[35.0, 35.0], [60.0, 36.0], [58.0, 60.0], [37.0, 58.0]]],
                },
                {"region": [[105.0, 30.0], [135.0, 45.0], [110.0, 70.0]], "holes": []},
            ]
        }
    },
    "spline": {"spline": [[15.0, 80.0], [45.0, 25.0], [85.0, 75.0], [130.0, 30.0]]},
    "circle": {"circle": {"x": 70.4, "y": 55.2, "radius": 38.6}},
    "ellipse": {"ellipse": {"x": 72.0, "y": 54.0, "rx": 55.5, "ry": 30.25}},
    "pdf": {
        "pdf": {
            "position": {
                "pageNumber": 1,
                "boundingRect": {"x1": 60, "y1": 40, "x2": 420, "y2": 200, "width": 600, "height": 440},
                "rects": [
                    {"x1": 60, "y1": 40, "x2": 420, "y2": 110, "width": 600, "height": 440},
                    {"x1": 60, "y1": 130, "x2": 330, "y2": 200, "width": 600, "height": 440},
                ],
            },
            "content": {"text": "two lines"},
        }
    },
}  # fmt: skip

DRAWN = {"bounding-box", "rotated-bounding-box", "polygon", "polyline", "point", "segmentation", "spline", "circle",
         "ellipse", "pdf"}  # fmt: skip


def identity(scale: float) -> masks.Map:
    return lambda points: points * scale


def test_the_oracle_knows_every_drawn_tool() -> None:
    assert {key for entry in ENTRIES.values() for key in entry} == DRAWN


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("fine", [False, True], ids=["fast", "fine"])
@pytest.mark.parametrize("name", ENTRIES)
def test_every_tool_is_drawn_where_it_is(name: str, scale: float, fine: bool) -> None:
    ink = ink_of(ENTRIES[name], LabelSpace(PAGE), scale, fine=fine)
    expected = masks.marks(ENTRIES[name], identity(scale), page_size=PAGE, scale=scale)
    verdict = masks.compare(ink, expected)
    assert verdict.good, verdict


@pytest.mark.parametrize("scale", SCALES)
def test_interpolated_and_dashed_lines_are_in_the_same_place(scale: float) -> None:
    entry = ENTRIES["rotated 45"]
    expected = masks.marks(entry, identity(scale), page_size=PAGE, scale=scale)
    faint = masks.compare(ink_of(entry, LabelSpace(PAGE), scale, style=Style(COLOUR, 0.7, 0.0, (), "none")), expected)
    assert faint.good, faint
    dashed = masks.compare(
        ink_of(entry, LabelSpace(PAGE), scale, style=Style(COLOUR, 1.0, 0.0, (3.0, 2.5), "none")), expected
    )
    assert dashed.stray == 0 and dashed.off <= masks.WITHIN, dashed


@pytest.mark.parametrize("scale", SCALES)
def test_simplified_outlines_stay_within_half_a_pixel(scale: float) -> None:
    """What the canvas draws of a large polygon: a level of detail, at the zoom where it is coarsest."""
    t = np.linspace(0.0, 2.0 * np.pi, 6000, endpoint=False)
    radius = 40.0 + 4.0 * np.sin(5 * t)
    ring = np.stack((75.0 + radius * np.cos(t), 55.0 + radius * np.sin(t)), axis=1)
    entry = {"polygon": ring.tolist()}
    ink = ink_of(entry, LabelSpace(PAGE), scale, simplified=True)
    verdict = masks.compare(ink, masks.marks(entry, identity(scale), page_size=PAGE, scale=scale))
    assert verdict.stray == 0 and verdict.bare == 0 and verdict.off <= masks.WITHIN, verdict


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize("shift", [(-0.9, 0.9), (0.0, 1.1)])
def test_the_masks_notice_a_shift(name: str, shift: tuple[float, float]) -> None:
    """The comparison itself: a picture off by little more than the limit is refused."""
    ink = ink_of(ENTRIES[name], LabelSpace(PAGE), 8.0, shift=shift)
    expected = masks.marks(ENTRIES[name], identity(8.0), page_size=PAGE, scale=8.0)
    assert not masks.compare(ink, expected).good


def test_the_masks_notice_what_is_missing_and_what_is_too_much() -> None:
    entry, other = ENTRIES["segmentation"], ENTRIES["polygon"]
    expected = masks.marks(entry, identity(1.0), page_size=PAGE, scale=1.0)
    half = {"segmentation": {"zones": entry["segmentation"]["zones"][:1]}}
    assert masks.compare(ink_of(half, LabelSpace(PAGE), 1.0), expected).bare > 0
    both = np.maximum(ink_of(entry, LabelSpace(PAGE), 1.0), ink_of(other, LabelSpace(PAGE), 1.0))
    assert masks.compare(both, expected).stray > 0
    assert masks.compare(np.zeros((110, 150), np.uint8), expected).bare > 0


def test_labels_beyond_the_page_are_drawn() -> None:
    """Seen in a picture that is wider than the page: the part outside is dashed, none of it is cut off."""
    store = ShapeStore.build(
        [place({"polyline": [[40.0, 50.0], [300.0, 50.0]]})], LabelSpace((100.0, 100.0)), lambda _p: Style(COLOUR)
    )
    pixels = np.zeros((100, 400, 4), dtype=np.uint8)
    image = QImage(pixels.data, 400, 100, 1600, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    paint_shapes(painter, store, Affine(), options=PaintOptions(halo=False))
    painter.end()
    row = pixels[48:52, :, 3].max(axis=0) > 60
    assert row[42:98].all()
    outside = row[104:298]
    assert 0.2 < outside.mean() < 0.8
    assert row[285:300].any() and not row[304:].any()

"""Pictures of one label in several stages: the same part of the page, each with its own shape."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from viewer.decoders.base import Raster
from viewer.geometry import LabelSpace
from viewer.tools import parse_tool
from viewer.tools.base import Tool
from viewer.ui.changes.crops import LEAST, crops_of, cut, part_of

SHAPE = (64, 48)
SPACE = LabelSpace((400.0, 300.0))
COLOUR = "#FF0000"


def box(x: float, y: float, w: float = 40, h: float = 30) -> Tool:
    return parse_tool({"bounding-box": {"x": x, "y": y, "width": w, "height": h}}, [])


def page(scale: float = 1.0) -> Raster:
    """Blue at the left, green at the right."""
    pixels = np.zeros((round(300 * scale), round(400 * scale), 4), np.uint8)
    pixels[:, : round(200 * scale), 0] = 255
    pixels[:, round(200 * scale) :, 1] = 255
    return Raster(pixels, "bgrx", (0.0, 0.0, 400.0, 300.0))


def test_the_part_shows_all_shapes_in_the_form_of_the_picture() -> None:
    part = part_of({0: box(100, 100), 2: box(160, 110)}, SPACE, SHAPE)
    assert part is not None
    left, top, right, bottom = part
    assert left < 100 and right > 200 and top < 100 and bottom > 140
    assert (right - left) / (bottom - top) == pytest.approx(64 / 48)
    tiny = part_of({0: box(10, 10, 0.1, 0.1)}, SPACE, SHAPE)
    assert tiny is not None
    assert tiny[2] - tiny[0] == pytest.approx(LEAST)
    assert part_of({}, SPACE, SHAPE) is None


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_what_is_cut_is_where_it_was(scale: float) -> None:
    found = cut(page(scale), (150.0, 20.0, 250.0, 95.0))
    assert found is not None
    x0, y0, x1, y1 = found.region
    assert x0 <= 150 and y0 <= 20 and x1 >= 250 and y1 >= 95
    assert found.size == (round((x1 - x0) * scale), round((y1 - y0) * scale))
    edge = round((200 - x0) * scale)
    assert (found.pixels[:, :edge, 0] == 255).all()
    assert (found.pixels[:, edge:, 1] == 255).all()
    assert cut(page(scale), (500.0, 0.0, 600.0, 75.0)) is None


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_each_stage_has_its_own_shape(qapp: QApplication, ratio: float) -> None:
    tools = {1: box(180, 100), 3: box(200, 100)}
    found = crops_of(page(), SPACE, tools, dict.fromkeys(tools, COLOUR), shape=SHAPE, ratio=ratio, paper=False)
    assert set(found) == {1, 3}
    part = part_of(tools, SPACE, SHAPE)
    assert part is not None
    scale = 64 * ratio / (part[2] - part[0])
    for stage, left in ((1, 180.0), (3, 200.0)):
        image = found[stage]
        assert (image.width(), image.height()) == (64 * ratio, 48 * ratio)
        assert image.devicePixelRatio() == ratio
        row = round((115 - part[1]) * scale)
        reds = [x for x in range(image.width()) if QColor(image.pixel(x, row)).red() > 150]
        assert min(reds) == pytest.approx((left - part[0]) * scale, abs=1.5 * ratio)
        assert QColor(image.pixel(1, row)).blue() > 200
        assert QColor(image.pixel(image.width() - 2, row)).green() > 200


def test_beyond_the_page_nothing_is_invented(qapp: QApplication) -> None:
    tools = {0: box(-300, -200)}
    found = crops_of(page(), SPACE, tools, {0: COLOUR}, shape=SHAPE, ratio=1.0, paper=False)
    assert QColor(found[0].pixel(1, 1)).lightness() < 40

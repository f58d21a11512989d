"""Small pictures of one label in each stage, all of the same part of the page, so that a shift can be seen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.decoders.base import Raster
from viewer.geometry import Affine, LabelSpace, bounds
from viewer.overlay import palette
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import label_style
from viewer.tools.base import Tool
from viewer.ui.canvas.page_layer import PageLayer, picture_of, wants_mips, with_mips
from viewer.ui.canvas.painter import PaintOptions, paint_shapes

AROUND = 0.25
"""Of the shapes' box, at each side."""
LEAST = 24.0
"""Page pixels that a picture shows at least."""
FILL = 0.12

Box = tuple[float, float, float, float]


def part_of(tools: Mapping[int, Tool], space: LabelSpace, shape: tuple[int, int]) -> Box | None:
    """The part of the page (left, top, right, bottom) that shows all shapes with some air, `shape` wide and high.

    None when no shape has a place.
    """
    boxes = [box for tool in tools.values() if (box := bounds(tool.primitives(space))) is not None]
    if not boxes:
        return None
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[2] for b in boxes), max(b[3] for b in boxes)
    unit = max((right - left) / shape[0], (bottom - top) / shape[1]) * (1 + 2 * AROUND)
    unit = max(unit, LEAST / shape[0])
    x, y = (left + right) / 2, (top + bottom) / 2
    return (x - unit * shape[0] / 2, y - unit * shape[1] / 2, x + unit * shape[0] / 2, y + unit * shape[1] / 2)


def cut(raster: Raster, part: Box) -> Raster | None:
    """The pixels of a part of the page; None where there are none."""
    x0, y0, x1, y1 = raster.region
    width, height = raster.size
    across, down = width / (x1 - x0), height / (y1 - y0)
    left, right = int(np.floor((part[0] - x0) * across)), int(np.ceil((part[2] - x0) * across))
    top, bottom = int(np.floor((part[1] - y0) * down)), int(np.ceil((part[3] - y0) * down))
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        return None
    region = (x0 + left / across, y0 + top / down, x0 + right / across, y0 + bottom / down)
    return Raster(np.ascontiguousarray(raster.pixels[top:bottom, left:right]), raster.format, region, raster.flags)


def crops_of(
    raster: Raster,
    space: LabelSpace,
    tools: Mapping[int, Tool],
    colours: Mapping[int, str],
    *,
    shape: tuple[int, int],
    ratio: float,
    paper: bool,
) -> dict[int, QImage]:
    """A picture of `shape` logical pixels for each stage: the page with the label as it was. In a thread."""
    part = part_of(tools, space, shape)
    if part is None:
        return {}
    scale = shape[0] * ratio / (part[2] - part[0])
    move = Affine(scale, 0.0, 0.0, scale, -part[0] * scale, -part[1] * scale)
    base = _page(raster, part, move, shape=shape, ratio=ratio, page_size=space.page_size)
    clip = (0.0, 0.0, float(base.width()), float(base.height()))
    found = {}
    for stage, tool in tools.items():
        image = base.copy()
        image.setDevicePixelRatio(1.0)  # what is painted here counts device pixels
        style = label_style(colours[stage], paper=paper, fill=FILL)
        store = ShapeStore.of_primitives([("", tool.primitives(space), style, Tag(""))], space.page_size)
        painter = QPainter(image)
        try:
            paint_shapes(painter, store, move, options=PaintOptions(clip=clip, dpr=ratio, dash_outside=False))
        finally:
            painter.end()
        image.setDevicePixelRatio(ratio)
        found[stage] = image
    return found


def _page(
    raster: Raster, part: Box, move: Affine, *, shape: tuple[int, int], ratio: float, page_size: tuple[float, float]
) -> QImage:
    width, height = round(shape[0] * ratio), round(shape[1] * ratio)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.CANVAS_DARK))
    pixels = cut(raster, part)
    if pixels is not None:
        base = picture_of(pixels)
        layer = PageLayer()
        layer.set_base(with_mips(base) if wants_mips(pixels) else base, page_size)
        painter = QPainter(image)
        try:
            layer.paint(painter, move, (0.0, 0.0, float(width), float(height)), brush_opacity=0.0)
        finally:
            painter.end()
    return image

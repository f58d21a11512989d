"""What the program draws of one label, as a mask of ink."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from viewer.geometry import Affine, LabelSpace
from viewer.model import Annotation
from viewer.overlay.levels import Levels
from viewer.overlay.shapes import ShapeStore
from viewer.overlay.style import Style
from viewer.tools import parse_tool
from viewer.tracks import Placed
from viewer.ui.canvas.painter import PaintOptions, paint_shapes

COLOUR = "#DE4551"


def place(entry: dict[str, Any], state: Any = "key") -> Placed:
    """An entry as the program reads it, on a page."""
    tool = parse_tool(entry, lambda *_args, **_more: None)
    return Placed(Annotation(object_id="o", schema_id="s", title="t", tool=tool), tool, state)


def ink_of(
    entry: dict[str, Any],
    space: LabelSpace,
    scale: float,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    style: Style = Style(COLOUR, fill=0.0, halo="none"),  # noqa: B008 - frozen
    **options: Any,
) -> NDArray[np.uint8]:
    """The alpha of what the program draws, shape (h, w)."""
    store = ShapeStore.build([place(entry)], space, lambda _placed: style)
    assert len(store) == 1
    width, height = round(space.page_size[0] * scale), round(space.page_size[1] * scale)
    pixels = np.zeros((height, width, 4), dtype=np.uint8)
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    try:
        to_device = Affine.translation(*shift).after(Affine.scaling(scale, scale))
        if options.pop("simplified", False):
            levels = Levels(store)
            level = levels.missing(scale)
            if level is not None:
                levels.build(level)
            options["rings"] = levels.rings(scale)
        frame = (0.0, 0.0, float(width), float(height))
        paint_shapes(painter, store, to_device, options=PaintOptions(halo=False, fill=False, clip=frame, **options))
    finally:
        painter.end()
    ink = pixels[:, :, 3].copy()
    if style.opacity == 1.0 and ink.any():
        # it is the colour of the class, not just something
        red, green, blue = int(COLOUR[1:3], 16), int(COLOUR[3:5], 16), int(COLOUR[5:7], 16)
        strongest = pixels[np.unravel_index(int(ink.argmax()), ink.shape)].astype(int)
        expected = np.array((blue, green, red, 255)) * int(strongest[3]) // 255
        assert np.abs(strongest - expected).max() <= 2
    return ink

"""Compared stages of a page as one picture, without a window: what `render --against` writes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from viewer import limits
from viewer.errors import ViewerError
from viewer.geometry import Affine
from viewer.overlay import palette
from viewer.ui.canvas import tags
from viewer.ui.canvas.live_layer import paint_relations
from viewer.ui.canvas.marks import paint_marks
from viewer.ui.canvas.page_layer import PageLayer, Picture, picture_of, with_mips
from viewer.ui.canvas.painter import PaintOptions, paint_shapes
from viewer.ui.compare.modes import mode_of
from viewer.ui.compare.pages import ComparedStages, PaneContent, grid
from viewer.ui.compare.plate import GAP, HEIGHT, INSET, draw_plate, plate_width

BRUSH_OPACITY = 0.6


def pane_size(mode: str, count: int, size: tuple[int, int] | None) -> tuple[int, int] | None:
    """What of a picture of `size` each page may fill; None: one pixel per page pixel."""
    if size is None or mode_of(mode).IS_SPLIT or mode != "side":
        return size
    _, _, width, height = grid(count, *size)[0]
    return max(1, width), max(1, height)


def paint_stages(stages: ComparedStages, scale: float, *, all_tags: bool = False, halo: bool = True) -> QImage:
    """Draw the panes of a mode, each with `scale` pixels per page pixel. Needs a QGuiApplication for its fonts.

    Raises ViewerError when the picture would be too large.
    """
    mode = mode_of(stages.mode)
    panes = mode.panes_of(stages)
    page = stages.content.page_size
    width, height = max(1, round(page[0] * scale)), max(1, round(page[1] * scale))
    boxes = [(0, 0, width, height)] * len(panes)
    if not mode.IS_SPLIT and len(panes) > 1:
        columns = len({box[0] for box in grid(len(panes), 10_000, 10_000)})
        boxes = [((i % columns) * (width + 1), (i // columns) * (height + 1), width, height) for i in range(len(panes))]
    whole = (max(x + w for x, _, w, _ in boxes), max(y + h for _, y, _, h in boxes))
    if whole[0] * whole[1] > limits.RASTER_PIXELS * 4:
        raise ViewerError(f"A picture of {whole[0]:,} × {whole[1]:,} pixels is too large; ask for a smaller --size.")
    image = QImage(*whole, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.HALO))
    picture = with_mips(picture_of(stages.content.raster))
    painter = QPainter(image)
    try:
        for number, (pane, (x, y, _, _)) in reversed(list(enumerate(zip(panes, boxes)))):
            cut = width // 2 if mode.IS_SPLIT and number == 0 else width
            at = _pane_image(pane, picture, scale, (width, height), all_tags=all_tags, halo=halo)
            painter.drawImage(x, y, at, 0, 0, cut, height)
            _plates(painter, pane, QRectF(x, y, cut, height), right=mode.IS_SPLIT and number == 1)
        if mode.IS_SPLIT:
            painter.fillRect(QRectF(width // 2 - 2, 0, 4, height), QColor(palette.HALO))
            painter.fillRect(QRectF(width // 2 - 1, 0, 2, height), QColor(palette.HALO_LIGHT))
    finally:
        painter.end()
    return image


def _pane_image(
    pane: PaneContent, picture: Picture, scale: float, size: tuple[int, int], *, all_tags: bool, halo: bool
) -> QImage:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.CANVAS_DARK))
    content, to_device = pane.page, Affine.scaling(scale, scale)
    clip = (0.0, 0.0, float(size[0]), float(size[1]))
    painter = QPainter(image)
    try:
        layer = PageLayer()
        layer.set_base(picture, content.page_size)
        layer.brush = None if content.brush is None else with_mips(picture_of(content.brush))
        layer.paint(painter, to_device, clip, brush_opacity=BRUSH_OPACITY)
        options = PaintOptions(halo=halo, tags=all_tags, clip=clip)
        paint_shapes(painter, content.store, to_device, options=options)
        relations = content.relations.changed
        paint_relations(painter, relations, to_device, halo=not content.paper, paper=content.paper, clip=clip)
        if content.marks is not None:
            paint_marks(painter, content.marks, to_device, clip, paper=content.paper, dpr=1.0)
            if not all_tags:
                tagged = PaintOptions(clip=clip, labels=content.marks.tagged.tolist())
                tags.paint_all(painter, content.store, to_device, content.store.styles, tagged)
    finally:
        painter.end()
    return image


def _plates(painter: QPainter, pane: PaneContent, box: QRectF, *, right: bool) -> None:
    """The plates, where there is room for them."""
    inset = INSET if box.width() > 300 else 4.0
    for number, words in enumerate(pane.plates):
        width = plate_width(words)
        y = box.top() + inset + number * (HEIGHT + GAP)
        if width + 2 * inset <= (box.width() / 2 if right else box.width()) and y + HEIGHT < box.bottom():
            x = box.right() - inset - width if right else box.left() + inset
            draw_plate(painter, QPointF(round(x), y), words)

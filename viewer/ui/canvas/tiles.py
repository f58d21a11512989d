"""The labels as cached pictures: panning and zooming move pixels, vectors are drawn again when the view rests."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from viewer.geometry import Affine
from viewer.ui.canvas.strokes import Step

TILE = 256
"""Side of a tile in device pixels."""
DENSE_TILE = 128
"""The side where labels lie so close that one large tile would hold the window up."""
BLOCK_SIDE = 8
"""Tiles drawn in one go, at most, in each direction."""
BUDGET_S = 0.0045
"""Time of one frame that may go into new tiles on the GUI thread; the first tile is made whatever it takes."""
FRAMES_A_BLOCK = 16
"""A block of tiles is drawn over so many frames: the larger it is, the fewer labels lie on several."""
CACHE_BYTES = 96 << 20
REACH_PX = 72.0
"""How far, in device pixels, marks of a label may lie outside of its box (missing ends of relations do)."""

Box = tuple[float, float, float, float]
Paint = Callable[[Affine, Box], Iterator[Step]]
"""Draws all vectors with the given map to device pixels; what lies outside of the box may be left out."""


@dataclass(slots=True)
class _Layer:
    """A flat picture of what was on screen at some scale, shown scaled until the tiles are there again."""

    image: QImage
    page_from_image: Affine
    """Page space from the pixels of the image."""
    scale: float

    def covers(self, box: Box) -> bool:
        """Whether it holds all of a box in page space."""
        x0, y0 = self.page_from_image.map_point(0.0, 0.0)
        x1, y1 = self.page_from_image.map_point(self.image.width(), self.image.height())
        return x0 <= box[0] and y0 <= box[1] and x1 >= box[2] and y1 >= box[3]


@dataclass(slots=True)
class _Block:
    """Tiles that are being made."""

    tiles: list[tuple[int, int]]
    image: QImage
    steps: Iterator[Step]
    took: float = 0.0
    """Seconds so far."""


class Tiles:
    """Tiles of one scale, counted from the page's origin, and a picture of the scale before."""

    def __init__(self, paint: Paint, bounds: Box | None, *, side: int = TILE) -> None:
        self._paint = paint
        self._side = side
        self._bounds = bounds
        self._scale = 0.0
        self._tiles: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._before: _Layer | None = None
        self._overview: _Layer | None = None
        self._block: _Block | None = None
        self._tile_s = BUDGET_S
        """What the last tiles took, each."""
        self.complete = False
        """Whether the last `draw` had every tile that it needed."""

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture of another scale to stand in."""
        return self._before is not None or self._overview is not None

    def forget(self) -> None:
        """Draw everything anew, without showing old tiles meanwhile."""
        self._tiles.clear()
        self._block = None
        self._before = self._overview = None
        self._scale = 0.0

    def draw(
        self,
        painter: QPainter,
        page_to_device: Affine,
        viewport: Box,
        *,
        moving: bool,
        smooth: bool = True,
        budget: float | None = BUDGET_S,
        clip: Box | None = None,
    ) -> bool:
        """Draw the labels into the viewport (device pixels, whole numbers), painter in device pixels.

        `moving`: the scale is changing; nothing new is made, the old picture is shown scaled. `budget`: seconds
        for new tiles; None makes none. `clip`: what need not be drawn lies outside of it. Returns whether all
        is there; if not, call again soon.
        """
        scale = page_to_device.a
        if moving and self._scale and abs(scale - self._scale) > 1e-12 * scale:
            self._draw_before(painter, page_to_device, viewport, smooth)
            self.complete = False
            return False
        missing = self._fill(page_to_device, viewport, budget)
        left, top, side = int(page_to_device.e), int(page_to_device.f), self._side
        wanted = self._wanted(page_to_device, viewport)
        if missing and self._before is not None:
            gaps = [QRectF(left + tx * side, top + ty * side, side, side) for tx, ty in missing]
            self._draw_before(painter, page_to_device, viewport, smooth, gaps)
        x0, y0, x1, y1 = clip or viewport
        for tx, ty in wanted:
            tile = self._tiles.get((tx, ty))
            if tile is not None:
                self._tiles.move_to_end((tx, ty))
                x, y = left + tx * side, top + ty * side
                if x < x1 and y < y1 and x + side > x0 and y + side > y0:
                    painter.drawImage(x, y, tile)
        self.complete = not missing
        if self.complete:
            self._trim(len(wanted))
        return self.complete

    def prepare(self, page_to_device: Affine, viewport: Box, budget: float = BUDGET_S) -> bool:
        """Make tiles for a view without showing them. Whether all are there."""
        self.complete = not self._fill(page_to_device, viewport, budget)
        return self.complete

    def make_more(self, page_to_device: Affine, viewport: Box, budget: float = BUDGET_S) -> list[Box] | None:
        """Make missing tiles of the scale that is shown; where in device pixels there are new ones.

        None when another scale was shown before: then all has to be drawn.
        """
        if page_to_device.a != self._scale:
            return None
        there = set(self._tiles)
        self.prepare(page_to_device, viewport, budget)
        left, top, side = page_to_device.e, page_to_device.f, self._side
        new = [(left + tx * side, top + ty * side) for tx, ty in self._tiles if (tx, ty) not in there]
        return [(x, y, x + side, y + side) for x, y in new]

    def keep_picture(self, page_to_device: Affine, viewport: Box) -> None:
        """Remember what is on screen as one flat picture, before the scale changes."""
        if not self._tiles or self._scale != page_to_device.a:
            return
        width, height = int(viewport[2] - viewport[0]), int(viewport[3] - viewport[1])
        if width < 1 or height < 1:
            return
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        try:
            left, top = int(page_to_device.e - viewport[0]), int(page_to_device.f - viewport[1])
            for tx, ty in self._wanted(page_to_device, viewport):
                tile = self._tiles.get((tx, ty))
                if tile is not None:
                    painter.drawImage(left + tx * self._side, top + ty * self._side, tile)
        finally:
            painter.end()
        from_image = page_to_device.inverse().after(Affine.translation(viewport[0], viewport[1]))
        self._before = _Layer(image, from_image, self._scale)
        if self._bounds is not None and self.complete and self._before.covers(self._bounds):
            self._overview = self._before

    # ---- inside ------------------------------------------------------------------------------------------

    def _fill(self, page_to_device: Affine, viewport: Box, budget: float | None) -> list[tuple[int, int]]:
        """Make missing tiles, those in the middle first, until the budget is spent; what is missing then."""
        scale = page_to_device.a
        if scale != self._scale:
            self._tiles.clear()
            self._block = None
            self._scale = scale
        missing = [key for key in self._wanted(page_to_device, viewport) if key not in self._tiles]
        if missing and budget is not None:
            start = time.perf_counter()
            left, top = page_to_device.e, page_to_device.f
            middle = ((viewport[0] + viewport[2]) / 2.0 - left, (viewport[1] + viewport[3]) / 2.0 - top)
            missing.sort(key=lambda k: _distance(k, middle, self._side))
            end = start + budget
            while missing:
                if self._block is None:
                    room = budget * FRAMES_A_BLOCK if self._tiles else budget
                    self._block = self._begin(_block(missing, int(max(room, 0.0) / self._tile_s)), scale)
                if self._go_on(self._block, end if self._tiles else math.inf):
                    self._block = None
                    missing = [key for key in missing if key not in self._tiles]
                if time.perf_counter() >= end:
                    break
        return missing

    def _wanted(self, page_to_device: Affine, viewport: Box) -> list[tuple[int, int]]:
        """The tiles on screen that can have something on them."""
        if self._bounds is None:
            return []
        s = page_to_device.a
        left, top = page_to_device.e, page_to_device.f
        x0 = max(viewport[0] - left, self._bounds[0] * s - REACH_PX)
        y0 = max(viewport[1] - top, self._bounds[1] * s - REACH_PX)
        x1 = min(viewport[2] - left, self._bounds[2] * s + REACH_PX)
        y1 = min(viewport[3] - top, self._bounds[3] * s + REACH_PX)
        if x1 <= x0 or y1 <= y0:
            return []
        columns = range(math.floor(x0 / self._side), math.ceil(x1 / self._side))
        rows = range(math.floor(y0 / self._side), math.ceil(y1 / self._side))
        return [(tx, ty) for ty in rows for tx in columns]

    def _begin(self, tiles: list[tuple[int, int]], scale: float) -> _Block:
        """Draw a rectangle of tiles in one go: a shape that lies on several of them is drawn once."""
        side, (x0, y0), (x1, y1) = self._side, tiles[0], tiles[-1]
        width, height = (x1 - x0 + 1) * side, (y1 - y0 + 1) * side
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        to_block = Affine(scale, 0.0, 0.0, scale, -x0 * side, -y0 * side)
        return _Block(tiles, image, self._paint(to_block, (0.0, 0.0, float(width), float(height))))

    def _go_on(self, block: _Block, end: float) -> bool:
        """Draw more of a block, at least one step, until a time. Whether its tiles are there now."""
        start = time.perf_counter()
        painter, is_done = QPainter(block.image), False
        try:
            while not is_done:
                step = next(block.steps, None)
                if step is None:
                    is_done = True
                else:
                    step(painter)
                    if time.perf_counter() >= end:
                        break
        finally:
            painter.end()
        block.took += time.perf_counter() - start
        if is_done:
            side, (x0, y0) = self._side, block.tiles[0]
            for tx, ty in block.tiles:
                whole = len(block.tiles) == 1
                piece = block.image if whole else block.image.copy((tx - x0) * side, (ty - y0) * side, side, side)
                self._tiles[(tx, ty)] = piece
            self._tile_s = max(block.took / len(block.tiles), 1e-5)
        return is_done

    def _draw_before(
        self,
        painter: QPainter,
        page_to_device: Affine,
        viewport: Box,
        smooth: bool,
        gaps: list[QRectF] | None = None,
    ) -> None:
        """The old picture at the new scale; where it does not reach, the last one that showed everything."""
        layers = [layer for layer in (self._overview, self._before) if layer is not None]
        if len(layers) == 2 and layers[0] is layers[1]:
            layers = layers[:1]
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            for i, layer in enumerate(layers):
                m = page_to_device.after(layer.page_from_image)
                shown = QRectF(m.e, m.f, layer.image.width() * m.a, layer.image.height() * m.d)
                painter.save()
                areas = gaps if gaps is not None else [_rect(viewport)]
                if i + 1 < len(layers):
                    above = page_to_device.after(layers[i + 1].page_from_image)
                    cover = QRectF(
                        above.e, above.f, layers[i + 1].image.width() * above.a,
                        layers[i + 1].image.height() * above.d,
                    )  # fmt: skip
                    areas = [part for area in areas for part in _without(area, cover)]
                for area in areas:
                    self._blit(painter, layer, m, shown.intersected(area))
                painter.restore()
        finally:
            painter.restore()

    @staticmethod
    def _blit(painter: QPainter, layer: _Layer, m: Affine, area: QRectF) -> None:
        if area.isEmpty():
            return
        source = QTransform(m.a, 0.0, 0.0, m.d, m.e, m.f).inverted()[0].mapRect(area)
        painter.drawImage(area, layer.image, source)

    def _trim(self, needed: int) -> None:
        """Forget the tiles that were not on screen for longest."""
        most = max(CACHE_BYTES // (self._side * self._side * 4), needed)
        while len(self._tiles) > most:
            self._tiles.popitem(last=False)


def _block(missing: list[tuple[int, int]], room: int) -> list[tuple[int, int]]:
    """A rectangle of missing tiles around the first of them, row by row, at most `room` of them."""
    free = set(missing)
    x0, y0 = x1, y1 = missing[0]
    grown = True
    while grown:
        grown = False
        for dx0, dy0, dx1, dy1 in ((0, 0, 1, 0), (-1, 0, 0, 0), (0, 0, 0, 1), (0, -1, 0, 0)):
            nx0, ny0, nx1, ny1 = x0 + dx0, y0 + dy0, x1 + dx1, y1 + dy1
            if nx1 - nx0 >= BLOCK_SIDE or ny1 - ny0 >= BLOCK_SIDE or (nx1 - nx0 + 1) * (ny1 - ny0 + 1) > room:
                continue
            if all((x, y) in free for y in range(ny0, ny1 + 1) for x in range(nx0, nx1 + 1)):
                x0, y0, x1, y1 = nx0, ny0, nx1, ny1
                grown = True
    return [(x, y) for y in range(y0, y1 + 1) for x in range(x0, x1 + 1)]


def _distance(key: tuple[int, int], middle: tuple[float, float], side: int) -> float:
    return math.hypot((key[0] + 0.5) * side - middle[0], (key[1] + 0.5) * side - middle[1])


def _rect(box: Box) -> QRectF:
    return QRectF(QPointF(box[0], box[1]), QPointF(box[2], box[3]))


def _without(area: QRectF, hole: QRectF) -> list[QRectF]:
    """A rectangle less another one, as up to four rectangles."""
    hole = hole.intersected(area)
    if hole.isEmpty():
        return [area]
    parts = [
        QRectF(QPointF(area.left(), area.top()), QPointF(area.right(), hole.top())),
        QRectF(QPointF(area.left(), hole.bottom()), QPointF(area.right(), area.bottom())),
        QRectF(QPointF(area.left(), hole.top()), QPointF(hole.left(), hole.bottom())),
        QRectF(QPointF(hole.right(), hole.top()), QPointF(area.right(), hole.bottom())),
    ]
    return [p for p in parts if not p.isEmpty()]

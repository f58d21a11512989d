"""The pixels of a page on the screen: mip levels below, sharper regions above, pixel grid at high zoom."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QTransform

from viewer import spawning
from viewer.decoders.base import Raster
from viewer.geometry import Affine
from viewer.overlay import palette

SMOOTH_BELOW = 2.0
"""Device pixels per raster pixel: smooth below, single pixels with sharp edges from here on."""
GRID_FROM = 8.0
CHECKER_PX = 8
MIPS_AT_ONCE = 2_000_000
"""Pictures of fewer pixels get their mip levels at once (1 ms); larger ones in a thread."""
DETAILS_KEPT = 4

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Picture:
    """A raster as Qt images over its own memory, full size first, each next one half as large.

    Level k covers the region of the raster with 2^k raster pixels per level pixel; odd sizes are rounded up,
    so that a level may reach a little beyond the region.
    """

    raster: Raster
    arrays: tuple[Pixels, ...]
    images: tuple[QImage, ...]

    @property
    def has_alpha(self) -> bool:
        """Whether something shines through."""
        return self.raster.format == "bgra"


def picture_of(raster: Raster) -> Picture:
    """Wrap a raster; a BGRX one is not copied. Picture keeps the array alive, Qt does not."""
    base = _drawable(raster)
    return Picture(raster, (base,), (_wrapped(base, alpha=raster.format == "bgra"),))


def with_mips(picture: Picture) -> Picture:
    """The picture with all its mip levels. To be called off the GUI thread for large ones."""
    cv2 = spawning.opencv()

    arrays = [picture.arrays[0]]
    while max(arrays[-1].shape[:2]) > 256:
        level = arrays[-1]
        height, width = level.shape[:2]
        if height % 2 or width % 2:
            # exact halves are fast and keep the geometry; the odd row or column is repeated for that
            level = cv2.copyMakeBorder(level, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        size = (level.shape[1] // 2, level.shape[0] // 2)
        arrays.append(np.asarray(cv2.resize(level, size, interpolation=cv2.INTER_AREA), dtype=np.uint8))
    images = picture.images + tuple(_wrapped(a, alpha=picture.has_alpha) for a in arrays[1:])
    return Picture(picture.raster, tuple(arrays), images)


def wants_mips(raster: Raster) -> bool:
    """Whether mip levels are worth it at all."""
    return max(raster.size) > 512


def _drawable(raster: Raster) -> Pixels:
    """Four bytes a pixel, as QPainter is fastest with; alpha premultiplied."""
    pixels = raster.pixels
    if raster.format == "gray8":
        cv2 = spawning.opencv()

        return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_GRAY2BGRA), dtype=np.uint8)
    if raster.format == "bgra":
        alpha = pixels[:, :, 3:4].astype(np.uint16)
        out = np.empty(pixels.shape, dtype=np.uint8)
        out[:, :, :3] = (pixels[:, :, :3] * alpha + 127) // 255
        out[:, :, 3] = pixels[:, :, 3]
        return out
    return np.ascontiguousarray(pixels)


def _wrapped(array: Pixels, *, alpha: bool) -> QImage:
    height, width = array.shape[:2]
    form = QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    return QImage(array.data, width, height, width * 4, form)


def mip_level(factor: float, count: int) -> int:
    """The level to draw at `factor` device pixels per full-size pixel: its pixels are at least as fine."""
    if factor >= 1.0 or not factor > 0:
        return 0
    return min(math.floor(-math.log2(factor) + 1e-9), count - 1)


def draw_picture(
    painter: QPainter,
    picture: Picture,
    page_to_device: Affine,
    clip: tuple[float, float, float, float],
    *,
    moving: bool = False,
) -> None:
    """Draw what of a picture lies in `clip` (device pixels), with the painter in device pixels.

    `moving`: nearest pixels for now, for dense screens that cannot smooth every frame.
    """
    x0, y0, x1, y1 = picture.raster.region
    width, height = picture.raster.size
    if x1 <= x0 or y1 <= y0 or not width or not height:
        return
    # raster pixels to device pixels
    m = page_to_device.after(Affine((x1 - x0) / width, 0.0, 0.0, (y1 - y0) / height, x0, y0))
    if m.a <= 0 or m.d <= 0:
        return
    factor = min(m.a, m.d)
    level = mip_level(max(m.a, m.d), len(picture.images))
    step = float(1 << level)
    image = picture.images[level]
    sx, sy = m.a * step, m.d * step
    # the visible part in whole pixels of the level, and a border for smooth sampling
    left = max(math.floor((clip[0] - m.e) / sx) - 1, 0)
    top = max(math.floor((clip[1] - m.f) / sy) - 1, 0)
    right = min(math.ceil((clip[2] - m.e) / sx) + 1, image.width())
    bottom = min(math.ceil((clip[3] - m.f) / sy) + 1, image.height())
    if right <= left or bottom <= top:
        return
    # the last level pixel of an odd size reaches beyond the raster: cut it there
    end_x, end_y = min(right, width / step), min(bottom, height / step)
    source = QRectF(left, top, end_x - left, end_y - top)
    target = QRectF(m.e + left * sx, m.f + top * sy, (end_x - left) * sx, (end_y - top) * sy)
    smooth = factor < SMOOTH_BELOW and not moving and abs(sx - 1.0) + abs(sy - 1.0) > 1e-6
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(target, image, source)


class PageLayer:
    """The page's picture with its sharper regions, and what is drawn under and over it."""

    def __init__(self) -> None:
        self.page_size = (1.0, 1.0)
        self.base: Picture | None = None
        self.brush: Picture | None = None
        self.details: list[Picture] = []

    def set_base(self, picture: Picture | None, page_size: tuple[float, float]) -> None:
        """Another page: its sharper regions are gone too."""
        self.base = picture
        self.page_size = page_size
        self.details = []

    def add_detail(self, raster: Raster) -> None:
        """A sharper raster of a region of the same page."""
        self.details.append(picture_of(raster))
        del self.details[:-DETAILS_KEPT]

    def sharpness(self, visible: tuple[float, float, float, float]) -> float:
        """Raster pixels per page pixel that are at hand for the whole of a visible region of the page."""
        width, height = self.page_size
        x0, y0, x1, y1 = (max(visible[0], 0.0), max(visible[1], 0.0), min(visible[2], width), min(visible[3], height))
        best = 0.0
        for picture in ([self.base] if self.base else []) + self.details:
            rx0, ry0, rx1, ry1 = picture.raster.region
            slack = 1e-6 * max(width, height)
            if rx0 <= x0 + slack and ry0 <= y0 + slack and rx1 >= x1 - slack and ry1 >= y1 - slack:
                best = max(best, _resolution(picture.raster))
        return best

    def paint(
        self,
        painter: QPainter,
        page_to_device: Affine,
        clip: tuple[float, float, float, float],
        *,
        moving: bool = False,
        dpr: float = 1.0,
        edge: str = "",
        brush_opacity: float = 0.0,
        grid: bool = True,
    ) -> None:
        """Draw the page into `clip`, painter in device pixels. `edge`: colour of the line around the page.

        `grid`: whether the raster's pixels are those of the file, so that a grid between them means something.
        """
        painter.save()
        try:
            painter.setTransform(QTransform())
            frame = QTransform(
                page_to_device.a, 0.0, 0.0, page_to_device.d, page_to_device.e, page_to_device.f
            ).mapRect(QRectF(0.0, 0.0, *self.page_size))
            if self.base is not None:
                if self.base.has_alpha:
                    draw_checkerboard(painter, frame.intersected(_rect(clip)), frame.topLeft(), dpr)
                draw_picture(painter, self.base, page_to_device, clip, moving=moving)
                coarse = _resolution(self.base.raster)
                for detail in sorted(self.details, key=lambda d: _resolution(d.raster)):
                    if _resolution(detail.raster) > coarse * 1.01:
                        draw_picture(painter, detail, page_to_device, clip, moving=moving)
            if self.brush is not None and brush_opacity > 0:
                painter.setOpacity(brush_opacity)
                draw_picture(painter, self.brush, page_to_device, clip, moving=moving)
                painter.setOpacity(1.0)
            if self.base is not None:
                if grid:
                    draw_pixel_grid(painter, self.base.raster, page_to_device, clip)
                if edge:
                    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
                    painter.setPen(QPen(QColor(edge), 1.0))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    outside = frame.toAlignedRect().adjusted(-1, -1, 0, 0)
                    painter.drawRect(outside.intersected(QRect(-(1 << 20), -(1 << 20), 1 << 21, 1 << 21)))
        finally:
            painter.restore()


def draw_checkerboard(painter: QPainter, area: QRectF, origin: QPointF, dpr: float) -> None:
    """Light squares of 8 logical pixels, fixed to the page's corner, where the picture lets them through."""
    side = max(round(CHECKER_PX * dpr), 1)
    tile = QImage(side * 2, side * 2, QImage.Format.Format_RGB32)
    tile.fill(QColor(palette.CHECKER[0]))
    mark = QPainter(tile)
    mark.fillRect(0, 0, side, side, QColor(palette.CHECKER[1]))
    mark.fillRect(side, side, side, side, QColor(palette.CHECKER[1]))
    mark.end()
    brush = QBrush(tile)
    painter.setBrushOrigin(QPointF(math.floor(origin.x()), math.floor(origin.y())))
    painter.fillRect(area.toAlignedRect(), brush)


def draw_pixel_grid(
    painter: QPainter, raster: Raster, page_to_device: Affine, clip: tuple[float, float, float, float]
) -> None:
    """Thin lines between the raster's own pixels once each is 8 device pixels wide."""
    x0, y0, x1, y1 = raster.region
    width, height = raster.size
    m = page_to_device.after(Affine((x1 - x0) / width, 0.0, 0.0, (y1 - y0) / height, x0, y0))
    if min(m.a, m.d) < GRID_FROM:
        return
    first_x, last_x = max(math.ceil((clip[0] - m.e) / m.a), 0), min(math.floor((clip[2] - m.e) / m.a), width)
    first_y, last_y = max(math.ceil((clip[1] - m.f) / m.d), 0), min(math.floor((clip[3] - m.f) / m.d), height)
    if last_x < first_x or last_y < first_y:
        return
    # faint at first, so that it does not jump in
    strength = min((min(m.a, m.d) - GRID_FROM) / 16.0, 1.0)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    top, bottom = max(clip[1], m.f), min(clip[3], m.f + height * m.d)
    left, right = max(clip[0], m.e), min(clip[2], m.e + width * m.a)
    colour = QColor(128, 128, 128, round(40 + 50 * strength))
    for x in range(first_x, last_x + 1):
        at = round(m.e + x * m.a)
        painter.fillRect(QRectF(at, top, 1.0, bottom - top), colour)
    for y in range(first_y, last_y + 1):
        at = round(m.f + y * m.d)
        painter.fillRect(QRectF(left, at, right - left, 1.0), colour)


def _resolution(raster: Raster) -> float:
    x0, _, x1, _ = raster.region
    return raster.size[0] / (x1 - x0) if x1 > x0 else 0.0


def _rect(box: tuple[float, float, float, float]) -> QRectF:
    return QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1])

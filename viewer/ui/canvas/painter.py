"""Paints a shape store with any QPainter: tiles, the direct picture and the picture of the render command."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QRegion, QTransform

from viewer.geometry import Affine
from viewer.overlay.dashes import dashed
from viewer.overlay.levels import ring_is_closed
from viewer.overlay.rings import Ints, Rings
from viewer.overlay.shapes import AREA, ShapeStore
from viewer.overlay.style import LINE_PX, Style, halo_of
from viewer.ui.canvas.arrays import draw_lines, draw_rects, polygon
from viewer.ui.canvas.gather import Gather, Group
from viewer.ui.canvas.strokes import (
    DOTS,
    LINES,
    POLYGONS,
    RECTS,
    Step,
    discs,
    draw_all,
    inside,
    pieces,
    ready_to_stroke,
    stroke,
)

DOT_RADIUS_PX = 3.5
DASH_OUTSIDE = (2.0, 3.0)
HATCH_FROM_PX, HATCH_OPACITY = 24.0, 0.45
"""What is smaller on screen gets no diagonal lines: they would fill it."""

# Qt's fast stroker (cosmetic pens up to 1 px) rounds the longer axis of a line to a pixel centre: one pass is
# off by up to 0.37 px on a slant, two passes at ±0.5 too. At ±0.25 the two errors cancel out: the ink of the
# pair lies within 0.08 px of the true line at every angle and phase, and looks 1.6 px wide. A true 1.6 px pen
# does the same at six times the cost.
PASSES = ((-0.25, -0.25), (0.25, 0.25))
PASSES_HIDPI = ((-1.25, -0.25), (1.25, 0.25), (-0.25, 0.75), (0.25, -0.75))
# hair lines of one pass, and the wider ones of changes: lines side by side, a pixel apart in each direction
HAIR, HAIR_HIDPI = ((0.0, 0.0),), ((-0.5, -0.5), (0.5, 0.5))
WIDE = ((-0.5, -0.5), (0.5, 0.5), (0.5, -0.5), (-0.5, 0.5))
WIDE_HIDPI = ((-1.5, -0.5), (1.5, 0.5), (-0.5, 1.5), (0.5, -1.5))
SHADOW = ((1.0, 1.0),)
RING = ((1.0, 1.0), (-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0))


@dataclass(frozen=True, slots=True)
class PaintOptions:
    """What `paint_shapes` draws beside the outlines.

    `clip`: (x0, y0, x1, y1) in device pixels, what may be left out beyond it; `rings`: simplified rings from
    `overlay.levels`; `labels`: only these; `dpr` makes lines wider on dense screens; `dash_outside`: dashes
    where a label leaves the page. `fine`: rings and lines by the true stroker, which is even at every angle and
    costs six times as much; for pages of few points, and for pictures that are made once.
    """

    halo: bool = True
    fill: bool = True
    tags: bool = False
    clip: tuple[float, float, float, float] | None = None
    rings: Rings | None = None
    labels: Sequence[int] | None = None
    dpr: float = 1.0
    dash_outside: bool = True
    fine: bool = False


def paint_shapes(
    painter: QPainter,
    store: ShapeStore,
    page_to_device: Affine,
    styles: Sequence[Style] | None = None,
    options: PaintOptions = PaintOptions(),
) -> None:
    """Draw all labels of a store. The painter's own transform is replaced while this runs.

    `styles` stands in for the store's own, one for each. Lines are centred on the true geometry within a
    tenth of a pixel. Works on a QImage without a QGuiApplication, except for `tags`.
    """
    if not len(store):
        return
    draw_all(painter, shape_steps(store, page_to_device, styles, options))
    if options.tags:
        from viewer.ui.canvas import tags  # needs fonts; the rest of this module does not

        tags.paint_all(painter, store, page_to_device, styles or store.styles, options)


def shape_steps(
    store: ShapeStore,
    page_to_device: Affine,
    styles: Sequence[Style] | None = None,
    options: PaintOptions = PaintOptions(),
) -> Iterator[Step]:
    """What `paint_shapes` does (less the tags) in small steps, so that a window can answer in between.

    Done one after the other, be it by several painters of one image, they make the same pixels.
    """
    return _Painting(store, page_to_device, styles or store.styles, options).steps()


class _Painting:
    """One call of `paint_shapes`."""

    def __init__(
        self,
        store: ShapeStore,
        page_to_device: Affine,
        styles: Sequence[Style],
        options: PaintOptions,
    ) -> None:
        self.store = store
        self.map = page_to_device
        self.styles = styles
        self.options = options
        self.rings = options.rings or store.rings
        m = page_to_device
        self.scale = math.sqrt(abs(m.a * m.d - m.b * m.c)) or 1e-12
        self.transform = QTransform(m.a, m.b, m.c, m.d, m.e, m.f)
        self.clip_in_page = self._clip_in_page()
        self.gather = Gather(store, self.rings, styles, self.scale, self.clip_in_page)

    def _clip_in_page(self) -> tuple[float, float, float, float] | None:
        if self.options.clip is None:
            return None
        x0, y0, x1, y1 = self.options.clip
        reach = 4.0 * max(self.options.dpr, 1.0) + DOT_RADIUS_PX
        corners = np.array(
            (
                (x0 - reach, y0 - reach), (x1 + reach, y0 - reach),
                (x1 + reach, y1 + reach), (x0 - reach, y1 + reach),
            )
        )  # fmt: skip
        back = self.map.inverse().map(corners)
        (left, top), (right, bottom) = back.min(axis=0), back.max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    def steps(self) -> Iterator[Step]:
        """Draw what lies on the page, then what reaches beyond it."""
        store, options, clip = self.store, self.options, self.clip_in_page
        labels = np.arange(len(store)) if options.labels is None else np.asarray(options.labels, np.int64)
        if clip is not None:
            box = store.box if options.labels is None else store.box[labels]
            x0, y0, x1, y1 = clip
            labels = labels[(box[:, 0] <= x1) & (box[:, 2] >= x0) & (box[:, 1] <= y1) & (box[:, 3] >= y0)]
        if not len(labels):
            return
        leaves = self._leaving(labels)
        if leaves is None:
            yield from self._draw(self.gather.groups(labels))
        else:
            yield from self._draw(self.gather.groups(labels[~leaves]))
            yield from self._draw_leaving(self.gather.groups(labels[leaves]))

    def _leaving(self, labels: Ints) -> NDArray[np.bool_] | None:
        """Which labels reach out of the page; None when none does.

        They lie above the others whatever part is painted, so that neighbouring tiles agree.
        """
        width, height = self.store.page_size
        slack = 1.5 / self.scale
        if not self.options.dash_outside or min(width, height) <= 0:
            return None
        box = self.store.box[labels]
        leaves = (
            (box[:, 0] < -slack) | (box[:, 1] < -slack) | (box[:, 2] > width + slack) | (box[:, 3] > height + slack)
        )
        return np.asarray(leaves) if leaves.any() else None

    def _draw_leaving(self, groups: list[Group]) -> Iterator[Step]:
        """Labels that leave the page: as usual on it, dashed beyond its edge. They are never cut off."""
        width, height = self.store.page_size
        page = self.transform.mapRect(QRectF(0.0, 0.0, width, height)).adjusted(-1.5, -1.5, 1.5, 1.5)
        page = page.intersected(QRectF(-1e6, -1e6, 2e6, 2e6))  # whole numbers follow
        on_page = QRegion(page.toAlignedRect())
        clip = self.options.clip
        if clip is not None and page.contains(QRectF(clip[0], clip[1], clip[2] - clip[0], clip[3] - clip[1])):
            yield from self._draw(groups)
            return
        for region, dash in (
            (on_page, False),
            (QRegion(QRect(-(1 << 20), -(1 << 20), 1 << 21, 1 << 21)) - on_page, True),
        ):
            for step in self._draw(groups, outside=dash):
                yield functools.partial(inside, region, step)

    # ---- drawing -----------------------------------------------------------------------------------------

    def _draw(self, groups: list[Group], *, outside: bool = False) -> Iterator[Step]:
        options = self.options
        if options.fill and not outside:
            for group in groups:
                if group.style.fill > 0:
                    yield from self._fill(group)
        if options.halo:
            for group in groups:
                if group.style.halo != "none":
                    yield from self._outline(
                        group, self._halo_pen(group.style), self._halo_offsets(group.style), outside
                    )
        for group in groups:
            passes = passes_of(group.style.width, options.dpr)
            yield from self._outline(group, _pen(group.style, len(passes)), passes, outside, fine=options.fine)
        for group in groups:
            if len(group.dots):
                yield from self._dots(group)

    def _halo_offsets(self, style: Style) -> tuple[tuple[float, float], ...]:
        offsets = SHADOW if style.halo == "shadow" else RING
        far = max(1.0, round(self.options.dpr * 1.25))
        if self.options.dpr < 1.5:
            return offsets
        return tuple((x * far, y * far) for x, y in offsets)

    def _halo_pen(self, style: Style) -> QPen:
        colour, opacity = halo_of(style)
        return _cosmetic(colour, round(opacity * 255))

    def _fill(self, group: Group) -> Iterator[Step]:
        style = group.style
        colour = QColor(style.colour)
        colour.setAlphaF(style.fill)
        brush = QBrush(colour)
        for rects in pieces(group.rects, RECTS):
            yield functools.partial(self._fill_with, brush, rects, group.filled[:0])
        for parts in pieces(group.filled, POLYGONS):
            yield functools.partial(self._fill_with, brush, group.rects[:0], parts)
        if style.hatch:
            yield functools.partial(self._hatch, group)

    def _fill_with(self, brush: QBrush, rects: np.ndarray, parts: Ints, painter: QPainter) -> None:
        # an antialiased outline hides the jagged edge of a fill that is not (and costs a quarter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setTransform(self.transform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        draw_rects(painter, rects)
        store, rings = self.store, self.rings
        for part in parts:
            a, b = int(store.first_ring[part]), int(store.first_ring[part + 1])
            if b - a == 1:
                painter.drawPolygon(polygon(rings, a))
            else:
                painter.drawPath(self._path(np.array((part,))))

    def _hatch(self, group: Group, painter: QPainter) -> None:
        """Diagonal lines, a pixel wide at every zoom and fixed to the page, inside of what is large enough."""
        box = self.store.part_box
        colour = QColor(group.style.colour)
        colour.setAlphaF(HATCH_OPACITY)
        brush = QBrush(colour, Qt.BrushStyle.BDiagPattern)
        brush.setTransform(QTransform.fromScale(1.0 / self.scale, 1.0 / self.scale))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setTransform(self.transform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        least = HATCH_FROM_PX * max(self.options.dpr, 1.0) / self.scale
        large = np.minimum(group.rects[:, 2], group.rects[:, 3]) > least
        draw_rects(painter, np.ascontiguousarray(group.rects[large]))
        for part in group.filled:
            if min(box[part, 2] - box[part, 0], box[part, 3] - box[part, 1]) > least:
                painter.drawPath(self._path(np.array((part,))))

    def _outline(
        self, group: Group, pen: QPen, offsets: tuple[tuple[float, float], ...], outside: bool, *, fine: bool = False
    ) -> Iterator[Step]:
        dash = DASH_OUTSIDE if outside else group.style.dash
        rects, lines = group.rects, group.lines
        fine = fine and not dash
        if dash:
            rects, lines = rects[:0], self._dashes(group, (dash[0], dash[1]))
        elif fine:
            lines = lines[:0]
        m = self.map
        for dx, dy in offsets:
            moved = QTransform(m.a, m.b, m.c, m.d, m.e + dx, m.f + dy)
            for some in pieces(rects, RECTS):
                yield functools.partial(stroke, draw_rects, some, pen, moved)
            for some in pieces(lines, LINES):
                yield functools.partial(stroke, draw_lines, some, pen, moved)
        if fine and len(group.ringed):
            yield functools.partial(self._fine_outline, group)

    def _dashes(self, group: Group, dash: tuple[float, float]) -> np.ndarray:
        """All outlines of a group as short lines, shape (d, 4)."""
        unit = max(self.options.dpr, 1.0) / self.scale
        sides, before = self.gather.sides_with_way(group.ringed)
        x0, y0, x1, y1 = group.boxes.T
        edges = np.stack((x0, y0, x1, y0, x1, y0, x1, y1, x1, y1, x0, y1, x0, y1, x0, y0), axis=1).reshape(-1, 4)
        width, height = x1 - x0, y1 - y0
        way = np.stack((np.zeros_like(x0), width, width + height, 2.0 * width + height), axis=1).reshape(-1)
        return dashed(
            np.concatenate((sides, edges)),
            np.concatenate((before, way)),
            dash[0] * unit,
            dash[1] * unit,
            self.clip_in_page,
        )

    def _fine_outline(self, group: Group, painter: QPainter) -> None:
        """Rings by the true stroker, one by one: merged into one path they would cost far more."""
        store = self.store
        pen = QPen(_cosmetic(group.style.colour, round(group.style.opacity * 255)))
        pen.setWidthF(group.style.width * max(self.options.dpr, 1.0))
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        ready_to_stroke(painter, pen, self.transform)
        for part in group.ringed:
            is_area = store.kind[part] == AREA
            for r in range(int(store.first_ring[part]), int(store.first_ring[part + 1])):
                shape = polygon(self.rings, r)
                if is_area:
                    painter.drawPolygon(shape)
                else:
                    painter.drawPolyline(shape)

    def _path(self, parts: Ints) -> QPainterPath:
        """One path of all rings of these parts, odd-even."""
        store, rings = self.store, self.rings
        closed = ring_is_closed(store)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for part in parts:
            for r in range(int(store.first_ring[part]), int(store.first_ring[part + 1])):
                path.addPolygon(polygon(rings, r))
                if closed[r]:
                    path.closeSubpath()
        return path

    def _dots(self, group: Group) -> Iterator[Step]:
        style = group.style
        places = self.map.map(group.dots)
        if self.options.clip is not None:
            x0, y0, x1, y1 = self.options.clip
            reach = 16.0 * max(self.options.dpr, 1.0)
            seen = (places[:, 0] >= x0 - reach) & (places[:, 0] <= x1 + reach)
            seen &= (places[:, 1] >= y0 - reach) & (places[:, 1] <= y1 + reach)
            places = places[seen]
        dpr = max(self.options.dpr, 1.0)
        layers: list[tuple[QColor, float]] = []
        if self.options.halo and style.halo != "none":
            layers.append((self._halo_pen(style).color(), DOT_RADIUS_PX + 1.0))
        colour = QColor(style.colour)
        colour.setAlphaF(style.opacity)
        layers.append((colour, DOT_RADIUS_PX))
        for ink, radius in layers:
            for some in pieces(places, DOTS):
                yield functools.partial(discs, some, QBrush(ink), radius * dpr)


def passes_of(width: float, dpr: float) -> tuple[tuple[float, float], ...]:
    """By how many device pixels the lines of an outline are shifted, each a pixel wide, to look so wide."""
    dense = dpr >= 1.5
    if width <= 1.0:
        return HAIR_HIDPI if dense else HAIR
    if width <= LINE_PX:
        return PASSES_HIDPI if dense else PASSES
    return WIDE_HIDPI if dense else WIDE


def _pen(style: Style, passes: int) -> QPen:
    # passes lie over each other (at most two at one place); together they cover what one of this opacity would
    alpha = style.opacity
    if passes > 1:
        alpha = 1.0 - math.sqrt(1.0 - style.opacity) if style.opacity < 1.0 else 1.0
    return _cosmetic(style.colour, round(alpha * 255))


@functools.lru_cache(maxsize=256)
def _cosmetic(colour: str, alpha: int) -> QPen:
    """A pen of 1 px at every zoom. Shared: not to be changed."""
    ink = QColor(colour)
    ink.setAlpha(alpha)
    pen = QPen(ink, 1.0)
    pen.setCosmetic(True)
    # flat caps: sides drawn one by one then cover exactly what one path would
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen

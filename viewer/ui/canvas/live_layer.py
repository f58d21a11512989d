"""What is drawn fresh every frame: hovered and selected labels, their tags, and relations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from viewer.geometry import Affine
from viewer.overlay import palette
from viewer.overlay.relations import MISSING, Arrow, Hull, RelationStore
from viewer.overlay.shapes import AREA, BOX, DOT, ShapeStore
from viewer.overlay.style import HOVER_FILL, Style
from viewer.ui.canvas.arrays import polygon
from viewer.ui.canvas.painter import DOT_RADIUS_PX, PaintOptions, paint_shapes
from viewer.ui.widgets.signs import SIDE, sign_picture

HOVER_PX = 2.2
FLASH_FILL = 0.35
HEAD_PX = 9.0
STUB_PX = 46.0
RING_PX = 5.0
HULL_PAD_PX = 6.0
SIGNS_AT_MOST = 3
LIVE_POINTS = 20_000
"""Outlines of more points are drawn by the fast stroker even when they are selected."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One pass of an outline: colour, width in screen pixels, opacity."""

    colour: str
    width: float
    opacity: float = 1.0


def selected_strokes(colour: str, *, paper: bool) -> tuple[Stroke, ...]:
    """Black, white, class colour on pictures; white, black, class colour on paper."""
    if paper:
        return Stroke("#FFFFFF", 6.0, 0.9), Stroke("#000000", 4.0), Stroke(colour, 2.0)
    return Stroke("#000000", 6.0, 0.6), Stroke("#FFFFFF", 4.0), Stroke(colour, 2.0)


def hover_strokes(colour: str, *, paper: bool) -> tuple[Stroke, ...]:
    """The class colour, a little wider than usual."""
    return (Stroke(colour, HOVER_PX),)


def paint_selected(
    painter: QPainter, store: ShapeStore, labels: Sequence[int], page_to_device: Affine, *, paper: bool, dpr: float
) -> None:
    """The outlines of selected labels, painter in device pixels."""
    for label in labels:
        style = store.styles[int(store.style[label])]
        strokes = selected_strokes(style.colour, paper=paper)
        _stroke(painter, store, label, page_to_device, strokes, dpr, dash=style.dash)


def paint_hovered(
    painter: QPainter,
    store: ShapeStore,
    label: int,
    page_to_device: Affine,
    *,
    paper: bool,
    dpr: float,
    clip: tuple[float, float, float, float],
    selected: bool = False,
) -> None:
    """The label under the pointer: filled more, drawn wider."""
    style = store.styles[int(store.style[label])]
    strong = Style(style.colour, fill=HOVER_FILL, halo="none")
    styles = tuple(strong if s is style else s for s in store.styles)
    only_fill = PaintOptions(halo=False, clip=clip, labels=(label,), dpr=dpr)
    paint_shapes(painter, store, page_to_device, styles, only_fill)
    if not selected:
        _stroke(painter, store, label, page_to_device, hover_strokes(style.colour, paper=paper), dpr)


def paint_flash(
    painter: QPainter,
    store: ShapeStore,
    labels: Sequence[int],
    page_to_device: Affine,
    *,
    paper: bool,
    dpr: float,
    clip: tuple[float, float, float, float],
) -> None:
    """Labels lit up: filled, with an outline that stands out from any picture."""
    ground, line = ("#FFFFFF", "#000000") if paper else ("#000000", "#FFFFFF")
    lit = tuple(Style(line, fill=FLASH_FILL, halo="none") for _ in store.styles)
    if labels:
        options = PaintOptions(halo=False, clip=clip, labels=labels, dpr=dpr)
        paint_shapes(painter, store, page_to_device, lit, options)
    for label in labels:
        _stroke(painter, store, label, page_to_device, (Stroke(ground, 7.0, 0.6), Stroke(line, 4.0)), dpr)


def _stroke(
    painter: QPainter,
    store: ShapeStore,
    label: int,
    page_to_device: Affine,
    strokes: tuple[Stroke, ...],
    dpr: float,
    *,
    dash: tuple[float, ...] = (),
) -> None:
    """The outline of one label in passes; the last one is dashed like the label itself."""
    parts = range(int(store.first_part[label]), int(store.first_part[label + 1]))
    m = page_to_device
    transform = QTransform(m.a, m.b, m.c, m.d, m.e, m.f)
    points = sum(
        int(store.rings.first[store.first_ring[k + 1]] - store.rings.first[store.first_ring[k]]) for k in parts
    )
    if points > LIVE_POINTS:
        for stroke in strokes:
            bold = Style(stroke.colour, opacity=stroke.opacity, fill=0.0, halo="none")
            styles = tuple(bold for _ in store.styles)
            shift = stroke.width / 2.0 - 1.0
            for dx, dy in ((-shift, 0.0), (shift, 0.0), (0.0, -shift), (0.0, shift)):
                moved = replace(m, e=m.e + dx * dpr, f=m.f + dy * dpr)
                paint_shapes(painter, store, moved, styles, PaintOptions(halo=False, labels=(label,), dpr=dpr))
        return
    path = QPainterPath()
    dots: list[tuple[float, float]] = []
    for part in parts:
        x0, y0, x1, y1 = (float(v) for v in store.part_box[part])
        if store.kind[part] == DOT:
            dots.append(m.map_point(x0, y0))
        elif store.kind[part] == BOX:
            path.addRect(QRectF(x0, y0, x1 - x0, y1 - y0))
        else:
            for r in range(int(store.first_ring[part]), int(store.first_ring[part + 1])):
                path.addPolygon(polygon(store.rings, r))
                if store.kind[part] == AREA:
                    path.closeSubpath()
    painter.save()
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        device = transform.map(path)
        for stroke in strokes:
            colour = QColor(stroke.colour)
            colour.setAlphaF(stroke.opacity)
            pen = QPen(colour, stroke.width * dpr)
            pen.setCosmetic(True)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if points > 64 else Qt.PenJoinStyle.MiterJoin)
            if dash and stroke is strokes[-1]:
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                pen.setDashPattern([length / stroke.width for length in dash])
            painter.setTransform(QTransform())
            painter.setPen(pen)
            if not path.isEmpty():
                painter.drawPath(device)
            for x, y in dots:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QBrush(colour))
                radius = (DOT_RADIUS_PX + stroke.width / 2.0) * dpr
                painter.drawEllipse(QPointF(x, y), radius, radius)
                painter.setBrush(Qt.BrushStyle.NoBrush)
    finally:
        painter.restore()


def reach_of(store: ShapeStore, label: int, page_to_view: Affine) -> QRectF:
    """What the live picture of a label covers in view space, without its tag."""
    x0, y0, x1, y1 = (float(v) for v in store.box[label])
    a, b = page_to_view.map_point(x0, y0), page_to_view.map_point(x1, y1)
    pad = 8.0
    return QRectF(QPointF(a[0] - pad, a[1] - pad), QPointF(b[0] + pad, b[1] + pad))


# ---- relations -------------------------------------------------------------------------------------------


def paint_relations(
    painter: QPainter,
    relations: RelationStore,
    page_to_device: Affine,
    *,
    halo: bool = True,
    words: bool = False,
    dpr: float = 1.0,
    clip: tuple[float, float, float, float] | None = None,
    paper: bool = False,
) -> None:
    """Arrows and hulls, painter in device pixels, with the signs of their changes.

    `words`: titles at their middle; these need fonts. `paper`: signs are those for white ground.
    """
    if not len(relations):
        return
    painter.save()
    try:
        painter.setTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for hull in relations.hulls:
            _paint_hull(painter, hull, page_to_device, halo=halo, words=words, dpr=dpr)
        for arrow in relations.arrows:
            if clip is None or _near(arrow, page_to_device, clip, dpr):
                _paint_arrow(painter, arrow, page_to_device, halo=halo, words=words, dpr=dpr)
        for one in relations.lines:
            if one.signs and not one.is_ghost:
                _signs(painter, one, page_to_device, words=words, dpr=dpr, paper=paper)
    finally:
        painter.restore()


def _near(arrow: Arrow, m: Affine, clip: tuple[float, float, float, float], dpr: float) -> bool:
    a, b = m.map_point(*arrow.start), m.map_point(*arrow.end)
    pad = (STUB_PX + RING_PX + HEAD_PX + 4.0) * dpr
    return (
        min(a[0], b[0]) - pad <= clip[2]
        and max(a[0], b[0]) + pad >= clip[0]
        and min(a[1], b[1]) - pad <= clip[3]
        and max(a[1], b[1]) + pad >= clip[1]
    )


def _paint_arrow(painter: QPainter, arrow: Arrow, m: Affine, *, halo: bool, words: bool, dpr: float) -> None:
    x0, y0 = m.map_point(*arrow.start)
    x1, y1 = m.map_point(*arrow.end)
    if arrow.missing_end:
        x1, y1 = x0 + STUB_PX * dpr, y0
    length = math.hypot(x1 - x0, y1 - y0)
    if length <= 0:
        return
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    head = min(HEAD_PX * dpr, length / 2.0)
    ring = RING_PX * dpr if arrow.missing_end else 0.0
    tip = (x1 - ux * ring, y1 - uy * ring)
    line_from = (x0 + ux * head * 0.8, y0 + uy * head * 0.8) if arrow.head_at_start else (x0, y0)
    line_to = (tip[0] - ux * head * 0.8, tip[1] - uy * head * 0.8) if arrow.head_at_end else tip
    path = QPainterPath(QPointF(*line_from))
    path.lineTo(QPointF(*line_to))
    heads: list[QPolygonF] = []
    if arrow.head_at_end:
        heads.append(_head(tip, (ux, uy), head))
    if arrow.head_at_start:
        heads.append(_head((x0, y0), (-ux, -uy), head))
    for colour, width in _layers(arrow, halo=halo):
        pen = QPen(colour, width * dpr)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(_dashed(pen, arrow.dash, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        if ring:
            painter.drawEllipse(QPointF(x1, y1), ring, ring)
        painter.setBrush(QBrush(colour))
        painter.setPen(pen if width > arrow.width else Qt.PenStyle.NoPen)
        for shape in heads:
            painter.drawPolygon(shape)
    if words:
        # on the short line to a missing end there is no room for words
        above = 14.0 * dpr if arrow.missing_end else 0.0
        _words(painter, ((x0 + x1) / 2.0, (y0 + y1) / 2.0 - above), arrow.title, arrow.colour, dpr)
        if arrow.missing_end:
            _words(painter, (x1 + (RING_PX + 52.0) * dpr, y1), MISSING, arrow.colour, dpr)


def _head(tip: tuple[float, float], along: tuple[float, float], size: float) -> QPolygonF:
    (x, y), (ux, uy) = tip, along
    back = (x - ux * size, y - uy * size)
    wide = size * 0.42
    return QPolygonF(
        [
            QPointF(x, y),
            QPointF(back[0] - uy * wide, back[1] + ux * wide),
            QPointF(back[0] + uy * wide, back[1] - ux * wide),
        ]
    )


def _paint_hull(painter: QPainter, hull: Hull, m: Affine, *, halo: bool, words: bool, dpr: float) -> None:
    ring = m.map(hull.ring)
    middle = ring.mean(axis=0)
    # outwards by a few screen pixels, so that the hull does not hide the outlines that it touches
    away = np.sign(ring - middle) * HULL_PAD_PX * dpr
    ring = ring + np.where(away == 0, HULL_PAD_PX * dpr, away)
    shape = QPolygonF([QPointF(float(x), float(y)) for x, y in ring])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in _layers(hull, halo=halo):
        pen = QPen(colour, width * dpr)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(_dashed(pen, hull.dash, width) if width == hull.width or hull.signs else pen)
        painter.drawPolygon(shape)
    if hull.missing:
        corner = ring[int(np.argmax(ring[:, 0] - ring[:, 1]))]
        x, y = float(corner[0]) + RING_PX * 2.0 * dpr, float(corner[1])
        painter.setPen(QPen(QColor(hull.colour), 1.6 * dpr))
        painter.drawEllipse(QPointF(x, y), RING_PX * dpr, RING_PX * dpr)
        if words:
            text = MISSING if hull.missing == 1 else f"{hull.missing} missing objects"
            _words(painter, (x + (RING_PX + 56.0) * dpr, y), text, hull.colour, dpr)
    if words:
        _words(painter, (float(ring[:, 0].mean()), float(ring[:, 1].min())), hull.title, hull.colour, dpr)


def _layers(one: Arrow | Hull, *, halo: bool) -> list[tuple[QColor, float]]:
    """(colour, width in screen pixels) of the passes of a line."""
    under, line = QColor(0, 0, 0, palette.HALO_ALPHA), QColor(one.colour)
    under.setAlphaF(under.alphaF() * one.opacity)
    line.setAlphaF(one.opacity)
    return [(under, one.width + 2.0), (line, one.width)] if halo else [(line, one.width)]


def _dashed(pen: QPen, dash: tuple[float, ...], width: float) -> QPen:
    """The same pen with a pattern of screen pixels."""
    if dash:
        pen.setDashPattern([length / width for length in dash])
    return pen


def _middle(one: Arrow | Hull, m: Affine, dpr: float) -> tuple[float, float]:
    """Where the words of a relation stand, in device pixels."""
    if isinstance(one, Hull):
        ring = m.map(one.ring)
        return float(ring[:, 0].mean()), float(ring[:, 1].min()) - HULL_PAD_PX * dpr
    (x0, y0), (x1, y1) = m.map_point(*one.start), m.map_point(*one.end)
    return (x0 + STUB_PX * dpr / 2.0, y0) if one.missing_end else ((x0 + x1) / 2.0, (y0 + y1) / 2.0)


def _signs(painter: QPainter, one: Arrow | Hull, m: Affine, *, words: bool, dpr: float, paper: bool) -> None:
    """What happened, at the middle; above the words where there are some."""
    side = round(SIDE * dpr)
    x, y = _middle(one, m, dpr)
    y -= (SIDE + 2.0) * dpr if words else 0.0
    signs = one.signs[:SIGNS_AT_MOST]
    left, top = round(x - len(signs) * (side + 1) / 2.0), round(y - side / 2.0)
    for number, sign in enumerate(signs):
        painter.drawImage(left + number * (side + 1) - 1, top - 1, sign_picture(sign, side, paper=paper))


def paint_flashing_relations(
    painter: QPainter,
    relations: RelationStore,
    page_to_device: Affine,
    *,
    paper: bool,
    dpr: float,
    clip: tuple[float, float, float, float],
) -> None:
    """Relations lit up: a wide line that stands out from any picture."""
    ground, line = ("#FFFFFF", "#000000") if paper else ("#000000", "#FFFFFF")
    for colour, width in ((ground, 7.0), (line, 4.0)):
        lit = RelationStore(
            tuple(replace(a, colour=colour, width=width, dash=(), opacity=1.0, signs=()) for a in relations.arrows),
            tuple(replace(h, colour=colour, width=width, dash=(), opacity=1.0, signs=()) for h in relations.hulls),
        )
        paint_relations(painter, lit, page_to_device, halo=False, dpr=dpr, clip=clip)


def _words(painter: QPainter, at: tuple[float, float], text: str, colour: str, dpr: float) -> None:
    if not text:
        return
    from viewer.ui.canvas import tags  # fonts: only when there are words to draw

    painter.save()
    try:
        painter.setTransform(QTransform.fromScale(dpr, dpr))
        tags.draw_words(painter, QPointF(at[0] / dpr, at[1] / dpr), text, colour)
    finally:
        painter.restore()

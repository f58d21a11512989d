"""The signs of changes: our own glyphs on rounded squares, drawn without fonts, so that a command can, too."""

from __future__ import annotations

import functools

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from viewer.overlay import palette

SIDE = 16.0
"""Logical pixels of a sign on the canvas."""
_RADIUS = 3.5


def sign_colour(kind: str, *, paper: bool) -> str:
    """The colour of one kind of change on pictures, or on paper, #RRGGBB."""
    look = palette.CHANGES.get(kind, palette.CHANGES["unchanged"])
    return look.ink if paper else look.glow


def draw_sign(painter: QPainter, box: QRectF, kind: str, *, paper: bool) -> None:
    """The sign of one kind of change in the colours of pictures, or of paper; kinds are those of `Change`."""
    scale = box.width() / SIDE
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(sign_colour(kind, paper=paper)))
    painter.drawRoundedRect(box, _RADIUS * scale, _RADIUS * scale)
    pen = QPen(QColor(palette.TAG_TEXT_ON_INK if paper else palette.TAG_TEXT_ON_GLOW), 1.7)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.translate(box.center())
    painter.scale(scale, scale)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_glyph(kind))
    painter.restore()


@functools.lru_cache(maxsize=64)
def sign_picture(kind: str, side: int, *, paper: bool) -> QImage:
    """A sign of `side` device pixels with a dark rim of one more at each side, so that it stands out anywhere."""
    picture = QImage(side + 2, side + 2, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        rim = QColor(palette.HALO_LIGHT if paper else palette.HALO)
        rim.setAlpha(palette.HALO_ALPHA)
        painter.setBrush(rim)
        painter.drawRoundedRect(QRectF(0.0, 0.0, side + 2.0, side + 2.0), side * 0.28, side * 0.28)
        draw_sign(painter, QRectF(1.0, 1.0, side, side), kind, paper=paper)
    finally:
        painter.end()
    return picture


@functools.lru_cache(maxsize=16)
def _glyph(kind: str) -> QPainterPath:
    """The lines of a glyph in a square of 12 around (0, 0)."""
    path = QPainterPath()

    def line(*points: tuple[float, float]) -> None:
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)

    if kind == "added":
        line((-3.6, 0), (3.6, 0))
        line((0, -3.6), (0, 3.6))
    elif kind == "removed":
        line((-3.6, 0), (3.6, 0))
    elif kind == "moved":
        line((-3.8, 0), (3.8, 0))
        line((0.8, -3.0), (3.8, 0), (0.8, 3.0))
    elif kind == "reshaped":
        path.moveTo(-4.0, 1.0)
        path.cubicTo(QPointF(-3.0, -2.8), QPointF(-1.2, -2.8), QPointF(0, 0))
        path.cubicTo(QPointF(1.2, 2.8), QPointF(3.0, 2.8), QPointF(4.0, -1.0))
    elif kind == "reclassified":
        line((-3.6, -1.6), (3.6, -1.6))
        line((-3.6, 1.6), (3.6, 1.6))
        line((1.8, -4.0), (-1.8, 4.0))
    elif kind == "attributes":
        for x in (-3.2, 0.0, 3.2):
            line((x, 0), (x + 0.01, 0))
    elif kind == "recreated":
        path.arcMoveTo(QRectF(-3.6, -3.6, 7.2, 7.2), 50)
        path.arcTo(QRectF(-3.6, -3.6, 7.2, 7.2), 50, 280)
        line((4.2, -4.2), (3.6, -0.8), (0.4, -1.8))
    elif kind == "retimed":
        line((-4.0, 0), (4.0, 0))
        line((-1.8, -2.4), (-4.2, 0), (-1.8, 2.4))
        line((1.8, -2.4), (4.2, 0), (1.8, 2.4))
    else:
        line((-3.4, -1.6), (3.4, -1.6))
        line((-3.4, 1.6), (3.4, 1.6))
    return path

"""The pins of a comparison: A dashed and hollow, B (and any further one) filled."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from viewer.ui import theme

SIZE = 18


def draw_pin(painter: QPainter, box: QRectF, letter: str, *, hollow: bool | None = None, ground: str = "") -> None:
    """A pin with its letter. `hollow`: as A is, which is the default for "A". `ground`: what lies behind a hollow one.

    A pin of the usual size is 18 × 18; the letter grows with the box.
    """
    t = theme.current()
    hollow = letter == "A" if hollow is None else hollow
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = theme.RADIUS_CHIP
    if hollow:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground or t.panel))
        painter.drawRoundedRect(box, radius, radius)
        pen = QPen(QColor(t.text), 1.3)
        pen.setDashPattern([2.2, 1.6])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.text))
        painter.drawRoundedRect(box, radius, radius)
    painter.setPen(QColor(t.text if hollow else t.panel))
    painter.setFont(theme.font(max(8, round(box.height() * 0.61)), 600))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()

"""How the ends of the comparison and the true time of the stages are painted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from viewer.ui import theme
from viewer.ui.timeline.axis import LABEL_GAP, Axis
from viewer.ui.timeline.places import Bracket, leader

BLOCK = 10
"""Height of a stage on the axis."""


def paint_bracket(painter: QPainter, line: Bracket, y: float, text: str) -> None:
    """The line between the pins with what it says."""
    accent = QColor(theme.current().accent)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(accent, 1.5))
    for left, right in ((line.left, line.text_left), (line.text_right, line.right)):
        if right > left:
            painter.drawLine(QPointF(left, y), QPointF(right, y))
    painter.setFont(theme.font(theme.CAPTION_PX, 500))
    box = QRectF(line.text_left, y - 7, line.text_right - line.text_left, 14)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_axis(painter: QPainter, axis: Axis, left: float, y: float, *, shown: int, reference: int | None) -> None:
    """The axis, its ticks, waits cut with two strokes, and the blocks; the reference is hollow as its pin is."""
    t = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(QRectF(left, y, axis.width, 1), QColor(t.border))
    painter.setFont(theme.font(theme.CAPTION_PX))
    for tick in axis.ticks:
        x = round(left + tick.x)
        if tick.text:
            width = painter.fontMetrics().horizontalAdvance(tick.text)
            painter.fillRect(QRectF(x + 4, y - 7, width + 10, 15), QColor(t.window))
            painter.setPen(QColor(t.text2))
            painter.drawText(QRectF(x + LABEL_GAP, y - 7, width + 2, 14), Qt.AlignmentFlag.AlignVCenter, tick.text)
        painter.fillRect(QRectF(x, y - 4, 1, 9), QColor(t.strong))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for cut in axis.cuts:
        middle = left + cut.centre
        painter.fillRect(QRectF(middle - 5, y - 5, 10, 11), QColor(t.window))
        painter.setPen(QPen(QColor(t.text2), 1.3))
        for shift in (-2.5, 2.5):
            painter.drawLine(QPointF(middle + shift - 2.5, y + 5), QPointF(middle + shift + 2.5, y - 4))
    for block in sorted(axis.blocks, key=lambda b: b.index == shown):  # what is shown lies above
        box = QRectF(left + block.left, y - BLOCK / 2 + 0.5, block.width, BLOCK)
        hollow = block.index == reference != shown
        if hollow:
            pen = QPen(QColor(t.accent), 1.0)
            painter.setPen(pen)
            painter.setBrush(QColor(t.window))
            box.adjust(0.5, 0.5, -0.5, -0.5)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent if block.index == shown else t.strong))
        painter.drawRoundedRect(box, 2, 2)


def paint_leaders(
    painter: QPainter, axis: Axis, left: float, y: float, cards: Sequence[tuple[int, float, float]], *, shown: int
) -> None:
    """From cards, each (stage, x, bottom), to their blocks."""
    t = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index, x, bottom in cards:
        block = axis.block(index)
        if block is not None:
            points = leader(x, bottom, left + block.centre, y - BLOCK / 2)
            painter.setPen(QPen(QColor(t.accent if index == shown else t.strong), 1.0))
            painter.drawPolyline(QPolygonF([QPointF(px, py) for px, py in points]))

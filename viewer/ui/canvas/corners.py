"""Words in the corners of a slice, letters at its edges and a ruler: what radiologists look for first."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from viewer.errors import one_line
from viewer.ui import theme
from viewer.ui.canvas.ornament import Frame, Ornament

INK, OUTLINE = "#C9CCD2", "#000000"
"""The same in both themes: they lie on the picture."""
MARGIN = 12.0
LINE = 16.0
RULER_SHARE = (0.15, 0.42)
"""A ruler takes between these shares of the height of the canvas."""
RULER_INSET = 28.0


@dataclass(frozen=True, slots=True)
class Corners:
    """Lines of each corner from the top, and the letters at the middle of the edges ("" for none)."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()
    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""
    mm_per_pixel: float | None = None
    """Of a column of the page, for the ruler; None draws none."""


def ruler_mm(pixels_per_mm: float, height: float) -> float | None:
    """A round length (1, 2, 5 × 10ⁿ mm), the longest that is not too long on a canvas so high; None if none is."""
    fitting = [
        length
        for length in (m * 10.0**k for k in range(-4, 5) for m in (1, 2, 5))
        if RULER_SHARE[0] * height <= length * pixels_per_mm <= RULER_SHARE[1] * height
    ]
    return max(fitting, default=None)


def length_text(mm: float) -> str:
    """A length in the unit that it is read in."""
    if mm >= 1000.0:
        return f"{mm / 1000.0:g} m"
    if mm >= 10.0:
        return f"{mm / 10.0:g} cm"
    return f"{mm:g} mm" if mm >= 1.0 else f"{round(mm * 1000.0, 6):g} µm"


class CornerTexts(Ornament):
    """Paints them; each word is drawn once and kept as a picture."""

    def __init__(self) -> None:
        self.corners = Corners()
        self.is_on = False
        """Slices have them; anything else has not, whatever was said last."""

    @property
    def height_at_bottom_right(self) -> float:
        """What its words need of the corner where the navigator stands."""
        lines = len(self.corners.bottom_right)
        return lines * LINE + 8.0 if lines and self.is_on else 0.0

    def _blocks(self, view: QRectF) -> tuple[tuple[tuple[str, ...], float, float, float], ...]:
        """(lines, x of their side, side, top) of each corner."""
        c, left, right = self.corners, view.left() + MARGIN, view.right() - MARGIN
        return (
            (c.top_left, left, 0.0, view.top() + MARGIN),
            (c.top_right, right, 1.0, view.top() + MARGIN),
            (c.bottom_left, left, 0.0, view.bottom() - MARGIN - LINE * len(c.bottom_left)),
            (c.bottom_right, right, 1.0, view.bottom() - MARGIN - LINE * len(c.bottom_right)),
        )

    def boxes(self, frame: Frame) -> tuple[tuple[float, float, float, float], ...]:
        """(x0, y0, x1, y1) of the words of each corner in the view."""
        found = []
        for lines, x, side, y in self._blocks(frame.view) if self.is_on else ():
            if lines:
                most = frame.view.width() / 2.0 - 2.0 * MARGIN
                weights = (600 if lines is self.corners.top_left and i == 0 else 400 for i in range(len(lines)))
                width = max(outlined(one_line(s), most, frame.dpr, w)[1] for s, w in zip(lines, weights, strict=True))
                found.append((x - side * width, y, x + (1.0 - side) * width, y + LINE * len(lines)))
        return tuple(found)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """All words, painter in logical pixels."""
        c, view, dpr = self.corners, frame.view, frame.dpr
        if not self.is_on or c == Corners():
            return
        most = view.width() / 2.0 - 2.0 * MARGIN
        left, right = view.left() + MARGIN, view.right() - MARGIN
        for lines, x, side, y in self._blocks(view):
            for i, line in enumerate(lines):
                strong = i == 0 and lines is c.top_left
                _say(painter, line, QPointF(x, y + i * LINE), side, most, dpr, strong=strong)
        middle = view.center()
        for letter, x, y, side in (
            (c.left, left, middle.y() - LINE / 2.0, 0.0),
            (c.right, right, middle.y() - LINE / 2.0, 1.0),
            (c.top, middle.x(), view.top() + MARGIN, 0.5),
            (c.bottom, middle.x(), view.bottom() - MARGIN - LINE, 0.5),
        ):
            _say(painter, letter, QPointF(x, y), side, most, dpr)
        if c.mm_per_pixel:
            _ruler(painter, frame.page_to_view.d / c.mm_per_pixel, view, dpr)


def _say(
    painter: QPainter, text: str, at: QPointF, side: float, most: float, dpr: float, *, strong: bool = False
) -> None:
    """A word whose left (side 0), middle (0.5) or right end (1) is at a place, in a line from there down."""
    if text:
        picture, width = outlined(one_line(text), most, dpr, 600 if strong else 400)
        painter.drawImage(QPointF(round(at.x() - side * width) - 1.0, round(at.y()) - 1.0), picture)


@functools.lru_cache(maxsize=256)
def outlined(text: str, most: float, dpr: float, weight: int) -> tuple[QImage, float]:
    """A word with a dark outline of 1 px as a picture (1 px larger at each side), and its width in logical pixels."""
    font = theme.font(theme.SECOND_PX, weight)
    metrics = QFontMetricsF(font)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, most)
    width = float(round(metrics.horizontalAdvance(text) + 0.5))
    size = (round((width + 2.0) * dpr), round((LINE + 2.0) * dpr))
    picture = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        painter.setFont(font)
        box = QRectF(1.0, 1.0, width + 1.0, LINE)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(OUTLINE))
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1), (-0.7, -0.7), (0.7, -0.7), (-0.7, 0.7), (0.7, 0.7)):
            painter.drawText(box.translated(dx, dy), flags, text)
        painter.setPen(QColor(INK))
        painter.drawText(box, flags, text)
    finally:
        painter.end()
    return picture, width


def _ruler(painter: QPainter, pixels_per_mm: float, view: QRectF, dpr: float) -> None:
    """Upright at the right edge, a tick for each tenth."""
    length = ruler_mm(pixels_per_mm, view.height())
    if length is None:
        return
    span = length * pixels_per_mm
    x, top = round(view.right() - RULER_INSET), view.center().y() - span / 2.0
    for colour, grow in ((OUTLINE, 1.0), (INK, 0.0)):
        ink = QColor(colour)
        painter.fillRect(QRectF(x, round(top), 1.0, round(top + span) - round(top) + 1.0).adjusted(
            -grow, -grow, grow, grow), ink)  # fmt: skip
        for tick in range(11):
            reach = 8.0 if tick in (0, 10) else 6.0 if tick == 5 else 4.0
            y = round(top + span * tick / 10.0)
            painter.fillRect(QRectF(x - reach, y, reach, 1.0).adjusted(-grow, -grow, 0.0, grow), ink)
    _say(painter, length_text(length), QPointF(x - 14.0, view.center().y() - LINE / 2.0), 1.0, 200.0, dpr)

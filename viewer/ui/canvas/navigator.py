"""A small picture of the whole page with what is visible of it, to move about at high zoom."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from viewer.geometry import Affine
from viewer.ui import theme
from viewer.ui.canvas.ornament import Frame, Ornament
from viewer.ui.canvas.page_layer import Picture, mip_level

SIDE = 200.0
"""Of the longer side of the page."""
LEAST_VIEW = (520.0, 360.0)
"""In smaller canvases it would hide too much."""
BELOW = 0.6
"""It appears when less than this share of the page is visible."""
MARGIN = 12.0


class Navigator(Ornament):
    """Bottom right. A press brings that point of the page to the middle, a drag goes on."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, picture: Callable[[], Picture | None], move_to: Callable[[tuple[float, float]], object]) -> None:
        self.is_on = True
        self._picture = picture
        self.lift = 0.0
        """Logical pixels that words below it need."""
        self._move_to = move_to
        # weakly: the page's own pixels, which the reader's memory holds, go with the page
        self._small: tuple[weakref.ref[Picture], float, QImage] | None = None

    def box(self, frame: Frame) -> QRectF:
        """Where it stands; empty while it is not shown."""
        width, height = frame.page_size
        if not self.is_on or self._picture() is None or min(width, height) <= 0:
            return QRectF()
        if frame.view.width() < LEAST_VIEW[0] or frame.view.height() < LEAST_VIEW[1]:
            return QRectF()
        if visible_share(frame) >= BELOW:
            return QRectF()
        scale = SIDE / max(width, height)
        w, h = max(round(width * scale), 8), max(round(height * scale), 8)
        return QRectF(frame.view.right() - MARGIN - w, frame.view.bottom() - MARGIN - self.lift - h, w, h)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """The page, darker where it is not visible, and a frame around what is."""
        box, picture, t = self.box(frame), self._picture(), theme.current()
        if box.isEmpty() or picture is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(box.adjusted(-4, -4, 4, 4), QColor(t.border))
        painter.fillRect(box.adjusted(-3, -3, 3, 3), QColor(t.panel))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(box, self._thumbnail(picture, box, frame.dpr))
        seen = self._seen(box, frame)
        shade = QColor(0, 0, 0, 110)
        for part in (
            QRectF(box.topLeft(), QPointF(box.right(), seen.top())),
            QRectF(QPointF(box.left(), seen.bottom()), box.bottomRight()),
            QRectF(QPointF(box.left(), seen.top()), seen.bottomLeft()),
            QRectF(seen.topRight(), QPointF(box.right(), seen.bottom())),
        ):
            painter.fillRect(part, shade)
        # a light line between dark ones is seen on any picture
        for colour, inset in (("#000000", -1.0), ("#FFFFFF", 0.0), ("#000000", 1.0)):
            painter.setPen(QPen(QColor(colour), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(seen.adjusted(inset, inset, -inset - 1.0, -inset - 1.0))

    def is_at(self, at: QPointF, frame: Frame) -> bool:
        """Its box with its frame."""
        box = self.box(frame)
        return not box.isEmpty() and box.adjusted(-4, -4, 4, 4).contains(at)

    def press(self, at: QPointF, frame: Frame) -> None:
        """Go there."""
        box = self.box(frame)
        if not box.isEmpty():
            width, height = frame.page_size
            x = min(max((at.x() - box.left()) / box.width(), 0.0), 1.0) * width
            y = min(max((at.y() - box.top()) / box.height(), 0.0), 1.0) * height
            self._move_to((x, y))

    def drag(self, at: QPointF, frame: Frame) -> None:
        """Go on."""
        self.press(at, frame)

    def _seen(self, box: QRectF, frame: Frame) -> QRectF:
        to_box = Affine(box.width() / frame.page_size[0], 0, 0, box.height() / frame.page_size[1], box.x(), box.y())
        m = to_box.after(frame.page_to_view.inverse())
        x0, y0 = m.map_point(frame.view.left(), frame.view.top())
        x1, y1 = m.map_point(frame.view.right(), frame.view.bottom())
        seen = QRectF(QPointF(round(x0), round(y0)), QPointF(round(x1), round(y1))).intersected(box)
        grow_x, grow_y = max(6.0 - seen.width(), 0.0), max(6.0 - seen.height(), 0.0)  # never too small to be found
        return seen.adjusted(-grow_x / 2, -grow_y / 2, grow_x / 2, grow_y / 2)

    def _thumbnail(self, picture: Picture, box: QRectF, dpr: float) -> QImage:
        """The page at the size of the box, made once for each picture."""
        made = self._small
        if made is None or made[0]() is not picture or made[1] != dpr:
            full = picture.images[0]
            factor = max(box.width() * dpr / max(full.width(), 1), 1e-6)
            level = picture.images[mip_level(factor, len(picture.images))]
            # without mip levels smoothing would read every pixel of a large picture
            smooth = level.width() * level.height() <= 2_000_000
            size = (max(round(box.width() * dpr), 1), max(round(box.height() * dpr), 1))
            mode = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
            image = level.scaled(*size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
            made = self._small = (weakref.ref(picture), dpr, image)
        return made[2]


def visible_share(frame: Frame) -> float:
    """How much of the page is on screen, 0 to 1."""
    m = frame.page_to_view
    page = QRectF(m.e, m.f, frame.page_size[0] * m.a, frame.page_size[1] * m.d)
    seen = page.intersected(frame.view)
    whole = page.width() * page.height()
    return seen.width() * seen.height() / whole if whole > 0 else 1.0

"""Numbered pins of issues at their places on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from viewer.errors import one_line
from viewer.limits import TEXT_SHOWN
from viewer.overlay import palette
from viewer.ui import theme
from viewer.ui.canvas.ornament import Frame, Ornament

SIDE = 20.0


class Pin(NamedTuple):
    """An issue at a point in page space; `open` is False once it was resolved."""

    id: str
    point_in_page: tuple[float, float]
    text: str
    open: bool = True


class Pins(Ornament):
    """A drop whose tip is at the place: filled while the issue is open, hollow when it is resolved."""

    def __init__(self, choose: Callable[[str], object]) -> None:
        self._pins: tuple[Pin, ...] = ()
        self._choose = choose

    @property
    def pins(self) -> tuple[Pin, ...]:
        """Those that are shown."""
        return self._pins

    def set_pins(self, pins: Sequence[Pin]) -> None:
        """Other pins; they are numbered from 1 in this order."""
        self._pins = tuple(pins)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """All of them that can be seen."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        t = theme.current()
        for number, pin in enumerate(self._pins, 1):
            box = self._box(pin, frame)
            if not box.adjusted(-2, -2, 2, 2).intersects(frame.view):
                continue
            drop = _drop(box)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.HALO), 3.0))
            painter.drawPath(drop)
            ground, ink = (t.warn, palette.text_on(t.warn)) if pin.open else (t.panel, t.text2)
            painter.setPen(QPen(QColor(t.warn if pin.open else t.strong), 1.5))
            painter.setBrush(QColor(ground))
            painter.drawPath(drop)
            painter.setPen(QColor(ink))
            painter.setFont(theme.font(theme.CAPTION_PX if number < 100 else 9, 600))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))

    def is_at(self, at: QPointF, frame: Frame) -> bool:
        """On one of them."""
        return self._at(at, frame) is not None

    def tip(self, at: QPointF, frame: Frame) -> str:
        """What the issue says."""
        pin = self._at(at, frame)
        if pin is None:
            return ""
        state = "" if pin.open else QCoreApplication.translate("Pins", "Resolved") + " · "
        return state + one_line(pin.text)[:TEXT_SHOWN]

    def click(self, at: QPointF, frame: Frame) -> None:
        """Tell which."""
        pin = self._at(at, frame)
        if pin is not None:
            self._choose(pin.id)

    def _at(self, at: QPointF, frame: Frame) -> Pin | None:
        hit = [pin for pin in self._pins if self._box(pin, frame).adjusted(-2, -2, 2, 2).contains(at)]
        return hit[-1] if hit else None  # the later one lies above

    @staticmethod
    def _box(pin: Pin, frame: Frame) -> QRectF:
        x, y = frame.page_to_view.map_point(*pin.point_in_page)
        return QRectF(round(x), round(y) - SIDE, SIDE, SIDE)


def _drop(box: QRectF) -> QPainterPath:
    """A circle whose bottom left corner is drawn out to a tip."""
    path = QPainterPath(box.bottomLeft())
    path.lineTo(box.left(), box.center().y())
    path.arcTo(box, 180.0, -270.0)
    path.lineTo(box.bottomLeft())
    return path

"""Pins, and with them the bracket, glide from the cards they were on to the cards they are on now."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, QVariantAnimation
from PySide6.QtWidgets import QWidget

GLIDE_MS = 120

Pins = tuple[QRectF | None, QRectF | None]
"""Where A and B are; None where nothing is compared."""


class Glide(QVariantAnimation):
    """How far the pins still are from their places. Off until `is_wanted`."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.is_wanted = False
        self._away = (0.0, 0.0)
        self.setDuration(GLIDE_MS)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setStartValue(1.0)
        self.setEndValue(0.0)
        self.valueChanged.connect(lambda _share: widget.update())

    def go(self, before: Pins, after: Pins) -> None:
        """Begin, when both pins were there before and one of them has moved."""
        self.stop()
        (a, b), (a_now, b_now) = before, after
        if not self.is_wanted or a is None or b is None or a_now is None or b_now is None:
            return
        self._away = (a.left() - a_now.left(), b.left() - b_now.left())
        if any(self._away):
            self.start()

    def move(self, a: QRectF, b: QRectF) -> None:
        """Put pins that are at their places to where they are on their way."""
        if self.state() == QVariantAnimation.State.Running:
            share = float(self.currentValue())
            a.translate(self._away[0] * share, 0.0)
            b.translate(self._away[1] * share, 0.0)

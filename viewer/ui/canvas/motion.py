"""The little that moves: the glide to a label, and a label that flashes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QTimer, QVariantAnimation

from viewer.ui.canvas.view import Place, View

GLIDE_MS = 160
FLASH_MS = 150
FLASHES = 2


class Glide(QVariantAnimation):
    """Takes a view from where it is to another place. What else moves the view meanwhile ends it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setDuration(GLIDE_MS)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.valueChanged.connect(self._step)
        self.is_stepping = False
        self._view: View | None = None
        self._from = self._to = Place(1.0, (0.0, 0.0))

    def go(self, view: View, to: Place) -> None:
        """Begin, from where the view is now."""
        self.stop()
        self._view, self._from, self._to = view, view.place, to
        self.start()

    def _step(self, share: float) -> None:
        if self._view is None or self.state() == QVariantAnimation.State.Stopped:
            return  # it tells its first value when it is made
        self.is_stepping = True
        try:
            self._view.set_between(self._from, self._to, float(share))
        finally:
            self.is_stepping = False


class Flash(QObject):
    """On and off again, twice. `show` is called with True and False."""

    def __init__(self, parent: QObject, show: Callable[[bool], object]) -> None:
        super().__init__(parent)
        self._show = show
        self._left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(FLASH_MS)
        self._timer.timeout.connect(self._turn)

    def start(self) -> None:
        """From the beginning."""
        self._left = 2 * FLASHES - 1
        self._timer.start()
        self._show(True)

    def stop(self) -> None:
        """Off at once."""
        if self._timer.isActive():
            self._timer.stop()
            self._show(False)

    def _turn(self) -> None:
        self._left -= 1
        self._show(self._left % 2 == 1)
        if self._left <= 0:
            self._timer.stop()

"""The value of the pixel under the pointer, as it is on screen, and a calm question for the true one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QTimer

from viewer.decoders.base import Raster

CALM_MS = 50
"""The worker is asked for a sample this often at most."""


def value_at(rasters: tuple[Raster, ...], point_in_page: tuple[float, float]) -> tuple[int, ...] | None:
    """(grey,) or (red, green, blue); None beside the picture.

    `rasters`: those on screen; the finest one that has the point answers.
    """
    best: tuple[float, tuple[int, ...]] | None = None
    x, y = point_in_page
    for raster in rasters:
        x0, y0, x1, y1 = raster.region
        width, height = raster.size
        if not (x0 <= x < x1 and y0 <= y < y1):
            continue
        column, line = int((x - x0) * width / (x1 - x0)), int((y - y0) * height / (y1 - y0))
        if not (column < width and line < height):
            continue
        fine = width / (x1 - x0)
        if best is None or fine > best[0]:
            pixel = raster.pixels[line, column]
            if raster.format == "gray8":
                value: tuple[int, ...] = (int(pixel),)
            else:
                value = (int(pixel[2]), int(pixel[1]), int(pixel[0]))
            best = (fine, value)
    return best[1] if best is not None else None


class Calm(QObject):
    """Passes on the first and then the newest of many points, one in `CALM_MS`."""

    def __init__(self, parent: QObject, tell: Callable[[QPointF], object]) -> None:
        super().__init__(parent)
        self._tell = tell
        self._next: QPointF | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CALM_MS)
        self._timer.timeout.connect(self._due)

    def ask(self, point: QPointF) -> None:
        """The pointer is here."""
        self._next = point
        if not self._timer.isActive():
            self._due()

    def forget(self) -> None:
        """The pointer is nowhere."""
        self._next = None

    def _due(self) -> None:
        if self._next is not None:
            point, self._next = self._next, None
            self._timer.start()
            self._tell(point)

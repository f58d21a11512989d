"""Small pictures of assets: asked for while a row is in sight, kept up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPixmap, QTransform

from viewer.limits import MB
from viewer.ui import theme

KEPT_BYTES = 32 * MB
"""Some 900 thumbnails of 96 × 96; the ones not seen for longest go first."""
SIDE = 36
"""Logical pixels."""


class ThumbnailStore:
    """Asset → picture. `want` is called for an asset that has none, each time it comes into sight."""

    def __init__(self, *, kept_bytes: int = KEPT_BYTES) -> None:
        self.want: Callable[[int], None] | None = None
        self._kept_bytes = kept_bytes
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._ready: dict[int, tuple[float, QPixmap]] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._images)

    @property
    def bytes(self) -> int:
        """What is held."""
        return self._bytes

    def clear(self) -> None:
        """Another export."""
        self._images.clear()
        self._ready.clear()
        self._bytes = 0

    def put(self, asset: int, image: QImage) -> None:
        """A picture was made. The ones not looked at for longest make room."""
        self._drop(asset)
        if image.isNull():
            return
        self._images[asset] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._kept_bytes and len(self._images) > 1:
            self._drop(next(iter(self._images)))

    def _drop(self, asset: int) -> None:
        image = self._images.pop(asset, None)
        if image is not None:
            self._bytes -= image.sizeInBytes()
        ready = self._ready.pop(asset, None)
        if ready is not None:
            self._bytes -= _bytes_of(ready[1])

    def ask(self, assets: Iterable[int]) -> None:
        """These are in sight: what is missing is wanted, the first of them last, since the newest wish goes first."""
        if self.want is not None:
            for asset in reversed([a for a in assets if a not in self._images]):
                self.want(asset)

    def pixmap(self, asset: int, ratio: float) -> QPixmap | None:
        """The square middle of a picture with rounded corners, for a screen of `ratio` device pixels each."""
        image = self._images.get(asset)
        if image is None:
            return None
        self._images.move_to_end(asset)
        ready = self._ready.get(asset)
        if ready is None or ready[0] != ratio:
            if ready is not None:
                self._bytes -= _bytes_of(ready[1])
            ready = (ratio, _rounded(image, ratio))
            self._ready[asset] = ready
            self._bytes += _bytes_of(ready[1])
        return ready[1]


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


def _rounded(image: QImage, ratio: float) -> QPixmap:
    side = round(SIDE * ratio)
    fitted = image.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    result = QPixmap(side, side)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        brush = QBrush(fitted)
        brush.setTransform(QTransform.fromTranslate((side - fitted.width()) // 2, (side - fitted.height()) // 2))
        painter.setBrush(brush)
        painter.drawRoundedRect(QRectF(0, 0, side, side), theme.RADIUS_CHIP * ratio, theme.RADIUS_CHIP * ratio)
    finally:
        painter.end()
    result.setDevicePixelRatio(ratio)
    return result

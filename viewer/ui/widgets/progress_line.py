"""A line that fills from the left; without a known end a piece of it stands for "under way"."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui import theme

HEIGHT = 4


class ProgressLine(QWidget):
    """`share` from 0 to 1; None while the end is not known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def share(self) -> float | None:
        """How much is done."""
        return self._share

    def set_share(self, share: float | None) -> None:
        """So much is done."""
        self._share = None if share is None else max(0.0, min(share, 1.0))
        self.setAccessibleDescription("" if self._share is None else f"{self._share:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.pressed))
        painter.drawRoundedRect(QRectF(self.rect()), HEIGHT / 2, HEIGHT / 2)
        start, share = (0.0, self._share) if self._share is not None else (0.35, 0.3)
        if share > 0:
            painter.setBrush(QColor(t.accent))
            width = self.width()
            painter.drawRoundedRect(
                QRectF(start * width, 0, max(share * width, HEIGHT), HEIGHT), HEIGHT / 2, HEIGHT / 2
            )
        painter.end()

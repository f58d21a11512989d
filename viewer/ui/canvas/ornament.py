"""What lies over the picture and takes the pointer: pins, chips at the edges, the navigator."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from viewer.geometry import Affine


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the page lies in the widget, in logical pixels."""

    page_to_view: Affine
    view: QRectF
    page_size: tuple[float, float]
    dpr: float


class Ornament:
    """One thing over the picture. Places are logical pixels of the widget; the painter counts them too."""

    cursor = Qt.CursorShape.PointingHandCursor

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Draw it."""

    def is_at(self, at: QPointF, frame: Frame) -> bool:
        """Whether the pointer is on it. Then clicks and drags are its, not the page's."""
        return False

    def tip(self, at: QPointF, frame: Frame) -> str:
        """Plain text beside the pointer; "" for none."""
        return ""

    def press(self, at: QPointF, frame: Frame) -> None:
        """The left button went down on it."""

    def drag(self, at: QPointF, frame: Frame) -> None:
        """The pointer moved since."""

    def click(self, at: QPointF, frame: Frame) -> None:
        """The button came up on it again."""

"""A further canvas beside or over the main one: the same picture with the labels of another stage."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from viewer.ui.canvas import Canvas
from viewer.ui.canvas.view import View, Viewport


class Pane(Canvas):
    """It may cover the left part of a frame only and still look through the whole of it."""

    def __init__(self, parent: QWidget, *, view: View) -> None:
        self._frame: QRect | None = None
        super().__init__(parent, view=view)
        self.setMinimumSize(0, 0)

    def cover(self, frame: QRect, width: int) -> None:
        """Cover the first `width` pixels of a frame."""
        self._frame = QRect(frame)
        self.setGeometry(frame.left(), frame.top(), max(0, min(width, frame.width())), frame.height())

    def stand(self, frame: QRect) -> None:
        """Cover the whole of a frame."""
        self._frame = None
        self.setGeometry(frame)

    def viewport(self) -> Viewport:
        """The frame that is looked through."""
        if self._frame is None:
            return super().viewport()
        return Viewport(float(self._frame.width()), float(self._frame.height()), self.devicePixelRatioF())

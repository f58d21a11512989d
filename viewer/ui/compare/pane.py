"""A further canvas beside or over the main one: the same picture with the labels of another stage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF

from viewer.ui.canvas import Canvas
from viewer.ui.canvas.ornament import Frame
from viewer.ui.canvas.view import Viewport

if TYPE_CHECKING:
    from viewer.ui.compare.view import CompareView


class Pane(Canvas):
    """It may cover the left part of a frame only and still look through the whole of it."""

    def __init__(self, host: CompareView) -> None:
        self._frame: QRect | None = None
        super().__init__(host, view=host.canvas.view)
        self._host = host
        self.setMinimumSize(0, 0)
        # methods, not lambdas: those would keep a pane alive for as long as it lives
        self.hovered.connect(self._tell_hover)
        self.selection_requested.connect(self._tell_selection)
        self.object_activated.connect(self._tell_activation)
        self.menu_requested.connect(self._tell_menu)
        self.detail_wanted.connect(self._tell_detail)
        self.set_card_text(self._words)

    # ---- what the pointer does here is told by the canvas, in the ids of stage B --------------------------------

    def _tell_hover(self, object_id: str | None, point: QPointF | None) -> None:
        self._host.pointed(self, object_id, point)

    def _tell_selection(self, object_id: str | None) -> None:
        self._host.canvas.selection_requested.emit(self._host.in_b(self, object_id))

    def _tell_activation(self, object_id: str) -> None:
        self._host.canvas.object_activated.emit(self._host.in_b(self, object_id))

    def _tell_menu(self, at: object, object_ids: tuple[str, ...]) -> None:
        self._host.canvas.menu_requested.emit(at, tuple(self._host.in_b(self, one) for one in object_ids))

    def _tell_detail(self, region: object, scale: float) -> None:
        if self.view is not self._host.canvas.view:
            self._host.canvas.detail_wanted.emit(region, scale)  # of a shared view it is the canvas's own wish

    def _words(self, object_id: str) -> str:
        return self._host.words_of(self, object_id)

    # ---- where it is -----------------------------------------------------------------------------------------

    def cover(self, frame: QRect, width: int) -> None:
        """Cover the first `width` pixels of a frame."""
        self._frame = QRect(frame)
        self.setGeometry(frame.left(), frame.top(), max(0, min(width, frame.width())), frame.height())

    def stand(self, frame: QRect) -> None:
        """Cover the whole of a frame."""
        self._frame = None
        self.setGeometry(frame)

    def frame(self) -> Frame:
        """What lies over the picture has its place in the whole frame, too; what is not covered is cut off."""
        found = super().frame()
        if self._frame is None:
            return found
        return replace(found, view=QRectF(0.0, 0.0, float(self._frame.width()), float(self._frame.height())))

    def viewport(self) -> Viewport:
        """The frame that is looked through."""
        if self._frame is None:
            return super().viewport()
        return Viewport(float(self._frame.width()), float(self._frame.height()), self.devicePixelRatioF())

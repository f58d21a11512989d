"""Mouse, wheel and keys on the canvas: what each gesture means (no shapes are ever drawn by hand)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from viewer.overlay.hits import Cycle

if TYPE_CHECKING:
    from viewer.ui.canvas.ornament import Ornament
    from viewer.ui.canvas.widget import Canvas

DRAG_PX = 4.0
NOTCH = 120.0
"""Wheel units of one step of an ordinary wheel (eighths of a degree)."""
ZOOM_PER_NOTCH = 1.25
SCROLL_PX = 60.0
"""Logical pixels of one notch where the wheel scrolls."""


class Pointer:
    """Turns events into what the canvas does. One press is open at a time."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.cycle = Cycle()
        self._button = Qt.MouseButton.NoButton
        self._pressed_at = QPointF()
        self._last = QPointF()
        self._dragged = False
        self._ignore_release = False
        self._space_down = False
        self._space_used = False
        self._wheel_left = 0.0
        self._chosen: str | None = None
        self._ornament: Ornament | None = None

    # ---- buttons -----------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """A press opens a click or a drag."""
        if self._button != Qt.MouseButton.NoButton:
            return
        self._button = event.button()
        self._pressed_at = self._last = event.position()
        self._dragged = False
        self._ornament = None
        if self._button == Qt.MouseButton.MiddleButton or self._space_down:
            self._start_drag()
        elif self._button == Qt.MouseButton.LeftButton:
            self._ornament = self.canvas.ornament_at(event.position())
            if self._ornament is not None:
                self._ornament.press(event.position(), self.canvas.frame())

    def move(self, event: QMouseEvent) -> None:
        """Pan, drag the window of a DICOM, or hover."""
        at = event.position()
        if self._button == Qt.MouseButton.NoButton:
            self.canvas.hover_at(at, pinned=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            return
        if self._ornament is not None:
            self._ornament.drag(at, self.canvas.frame())
            return
        if not self._dragged:
            offset = at - self._pressed_at
            if abs(offset.x()) < DRAG_PX and abs(offset.y()) < DRAG_PX:
                return
            self._start_drag()
        step = at - self._last
        self._last = at
        if self._button == Qt.MouseButton.RightButton:
            if self.canvas.kind == "dicom":
                self.canvas.window_dragged.emit(step.x(), step.y())
        else:
            self.canvas.view.pan(step.x(), step.y())

    def release(self, event: QMouseEvent) -> None:
        """The end of a drag, or a click."""
        if event.button() != self._button:
            return
        button, self._button = self._button, Qt.MouseButton.NoButton
        dragged, self._dragged = self._dragged, False
        ignored, self._ignore_release = self._ignore_release, False
        ornament, self._ornament = self._ornament, None
        if ornament is not None:
            if ornament is self.canvas.ornament_at(event.position()):
                ornament.click(event.position(), self.canvas.frame())
            return
        self.canvas.unsetCursor()
        if dragged or ignored:
            if dragged and button != Qt.MouseButton.RightButton:
                self.canvas.hover_at(event.position())
            return
        if button == Qt.MouseButton.LeftButton:
            self._click(event.position())
        elif button == Qt.MouseButton.RightButton:
            self.canvas.menu_requested.emit(event.globalPosition().toPoint(), self.canvas.ids_at(event.position()))

    def _click(self, at: QPointF) -> None:
        canvas = self.canvas
        ids = canvas.ids_at(at)
        point = canvas.page_point(at)
        self._chosen = self.cycle.click(point, canvas.view.scale, ids)
        canvas.clicked.emit(ids, QPointF(*point))
        canvas.selection_requested.emit(self._chosen)

    def double_click(self, event: QMouseEvent) -> None:
        """The second press zooms to the label that the first one chose; on empty ground it fits the page."""
        if event.button() != Qt.MouseButton.LeftButton:
            self.press(event)
            return
        if self.canvas.ornament_at(event.position()) is not None:
            self.press(event)  # two presses on a pin are no wish to see the page
            return
        self._button = event.button()
        self._pressed_at = self._last = event.position()
        self._dragged = False
        self._ignore_release = True
        self.cycle.reset()
        if self._chosen is None:
            self.canvas.fit()
            return
        self.canvas.zoom_to_labels((self._chosen,))
        self.canvas.object_activated.emit(self._chosen)

    def _start_drag(self) -> None:
        self._dragged = True
        self.canvas.end_hover()
        if self._space_down:
            self._space_used = True
        if self._button != Qt.MouseButton.RightButton:
            self.canvas.setCursor(Qt.CursorShape.ClosedHandCursor)

    # ---- wheel -------------------------------------------------------------------------------------------

    def wheel(self, event: QWheelEvent) -> None:
        """Ctrl zooms everywhere; Shift goes sideways; else by what is shown."""
        canvas = self.canvas
        angle, pixels = event.angleDelta(), event.pixelDelta()
        keys = event.modifiers()
        event.accept()
        # Qt turns the wheel sideways itself under Alt on some systems: the larger part counts
        turn = float(angle.y() if abs(angle.y()) >= abs(angle.x()) else angle.x())
        if keys & Qt.KeyboardModifier.ControlModifier:
            self._zoom(turn, event.position())
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            canvas.view.pan(_distance(turn, pixels.x() or pixels.y()), 0.0)
        elif abs(angle.x()) > abs(angle.y()):
            canvas.view.pan(_distance(float(angle.x()), pixels.x()), 0.0)
        elif canvas.kind == "dicom":
            self._step(turn)
        elif canvas.kind == "pdf":
            self._scroll(turn, pixels)
        else:
            self._zoom(turn, event.position())

    def _zoom(self, turn: float, at: QPointF) -> None:
        self.canvas.zoom_by(ZOOM_PER_NOTCH ** (turn / NOTCH), at)

    def _step(self, turn: float) -> None:
        """A page for each notch; the small turns of a touchpad add up."""
        if self._wheel_left * turn < 0:
            self._wheel_left = 0.0
        self._wheel_left += turn
        while abs(self._wheel_left) >= NOTCH:
            sign = 1 if self._wheel_left > 0 else -1
            self._wheel_left -= sign * NOTCH
            self.canvas.page_step_requested.emit(-sign)

    def _scroll(self, turn: float, pixels: QPoint) -> None:
        """Down the page, and at its end to the next one."""
        canvas = self.canvas
        distance = _distance(turn, pixels.y())
        _, top, _, bottom = canvas.view.visible(canvas.viewport())
        slack = 1.0 / canvas.view.scale
        at_end = bottom >= canvas.view.page_size[1] - slack if distance < 0 else top <= slack
        if at_end:
            canvas.turn_to("top" if distance < 0 else "bottom")
            self._step(turn)
            return
        self._wheel_left = 0.0
        # not beyond the edge: the page after it begins there
        height = canvas.view.page_size[1]
        room = (bottom - height if distance < 0 else top) * canvas.view.scale
        canvas.view.pan(
            0.0, max(distance, room - 8.0) if distance < 0 else min(distance, -min(-top, 0.0) * canvas.view.scale + 8.0)
        )

    def gesture(self, event: QNativeGestureEvent) -> bool:
        """Pinching on a touchpad zooms."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self.canvas.zoom_by(1.0 + event.value(), event.position())
        return True

    # ---- space -------------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent, *, down: bool) -> bool:
        """Space held is a hand; space tapped is told to the window (play, pause). Whether it was for us."""
        if event.key() != Qt.Key.Key_Space or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            return False
        if event.isAutoRepeat():
            return True
        if down:
            self._space_down, self._space_used = True, False
            self.canvas.setCursor(Qt.CursorShape.OpenHandCursor)
            return True
        tapped = self._space_down and not self._space_used
        self._space_down = False
        self.canvas.unsetCursor()
        if tapped:
            self.canvas.space_tapped.emit()
        return True

    def forget(self) -> None:
        """The window lost the focus: no button and no key is down any more."""
        self._button = Qt.MouseButton.NoButton
        self._dragged = self._space_down = self._ignore_release = False
        self._ornament = None
        self.canvas.unsetCursor()


def takes_shortcut(event: QEvent) -> bool:
    """Whether the canvas wants this key before the window's shortcuts see it."""
    return (
        isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Space
        and event.modifiers() == Qt.KeyboardModifier.NoModifier
    )


def _distance(turn: float, pixels: int) -> float:
    """Logical pixels to scroll: exactly what a touchpad says, else so many for each notch."""
    return float(pixels) if pixels else turn / NOTCH * SCROLL_PX

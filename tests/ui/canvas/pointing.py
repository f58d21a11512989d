"""Where things are on a canvas, and what a hand does to it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from viewer.ui.canvas import Canvas


def at(canvas: Canvas, x: float, y: float) -> QPoint:
    """Where a page point is in the widget."""
    where = canvas.view.page_to_view(canvas.viewport()).map_point(x, y)
    return QPoint(round(where[0]), round(where[1]))


def rested(canvas: Canvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not canvas._rest.isActive() and not canvas._background._jobs)


def drag(canvas: Canvas, qtbot: QtBot, button: Qt.MouseButton, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(canvas, button, pos=start)
    for step in (0.3, 0.7, 1.0):
        qtbot.mouseMove(canvas, start + (end - start) * step)
    qtbot.mouseRelease(canvas, button, pos=end)


def wheel(
    canvas: Canvas, turn: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, place: QPoint | None = None
) -> None:
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    place = place or QPoint(200, 150)
    event = QWheelEvent(
        QPointF(place), canvas.mapToGlobal(QPointF(place)), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)

"""The pixel under the pointer."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF
from pytestqt.qtbot import QtBot

from tests.ui.canvas.conftest import Content
from viewer.decoders.base import Raster
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas import Canvas
from viewer.ui.canvas.probe import Calm, value_at

BOX = (0.0, 0.0, 4.0, 2.0)


def test_the_value_is_that_of_the_pixel() -> None:
    pixels = np.arange(4 * 2 * 4, dtype=np.uint8).reshape(2, 4, 4)
    colour = Raster(pixels, "bgrx", BOX)
    assert value_at((colour,), (2.99, 1.0)) == (26, 25, 24)
    assert value_at((colour,), (0.0, 0.0)) == (2, 1, 0)
    assert value_at((colour,), (4.0, 1.0)) is None and value_at((colour,), (-0.01, 1.0)) is None
    grey = Raster(pixels[:, :, 0].copy(), "gray8", (10.0, 10.0, 18.0, 14.0))
    assert value_at((grey,), (17.9, 13.9)) == (28,)
    assert value_at((), (0.0, 0.0)) is None


def test_the_finest_raster_answers() -> None:
    coarse = Raster(np.full((2, 4), 10, np.uint8), "gray8", BOX)
    fine = Raster(np.full((20, 20), 99, np.uint8), "gray8", (0.0, 0.0, 2.0, 2.0))
    assert value_at((coarse, fine), (1.0, 1.0)) == (99,) and value_at((fine, coarse), (1.0, 1.0)) == (99,)
    assert value_at((coarse, fine), (3.0, 1.0)) == (10,)


def test_the_canvas_tells_it(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content(store=ShapeStore.empty((200.0, 150.0))))
    told: list[tuple[object, str]] = []
    asked: list[QPointF] = []
    canvas.probed.connect(lambda point, text: told.append((point, text)))
    canvas.probe_wanted.connect(asked.append)
    x, y = canvas.frame().page_to_view.map_point(60.0, 40.0)
    qtbot.mouseMove(canvas, QPoint(round(x), round(y)))
    point, text = told[-1]
    assert isinstance(point, QPointF) and (point.x(), point.y()) == pytest.approx((60.0, 40.0), abs=0.5)
    assert text == "RGB 90 90 90" and asked == [point]
    qtbot.mouseMove(canvas, QPoint(1, 1))
    assert told[-1][1] == "", "beside the picture"
    canvas.end_hover()
    assert told[-1] == (None, "")


def test_many_points_are_asked_calmly(qtbot: QtBot) -> None:
    parent = QObject()
    told: list[float] = []
    calm = Calm(parent, lambda p: told.append(p.x()))
    for x in range(20):
        calm.ask(QPointF(x, 0))
    assert told == [0.0], "the first at once"
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [0.0, 19.0], "then the newest"
    qtbot.waitUntil(lambda: not calm._timer.isActive())
    calm.ask(QPointF(5, 0))
    calm.ask(QPointF(6, 0))
    calm.forget()
    qtbot.waitUntil(lambda: not calm._timer.isActive())
    assert told == [0.0, 19.0, 5.0], "the pointer left"

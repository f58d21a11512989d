from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from tests.make.shapes import crowd, one_of_each
from viewer.geometry import IDENTITY
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas import tags
from viewer.ui.canvas.tag_layer import SELECTED_TAGS, TagLayer

pytestmark = pytest.mark.usefixtures("qapp")
VIEW = (0.0, 0.0, 600.0, 400.0)


def painted(layer: TagLayer, store: ShapeStore, *, selected: Any = (), hover: int | None = None) -> NDArray[np.uint8]:
    pixels = np.zeros((400, 600, 4), dtype=np.uint8)
    image = QImage(pixels.data, 600, 400, 2400, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#505860"))
    painter = QPainter(image)
    layer.paint(painter, store, None, IDENTITY, VIEW, selected=selected, hover=hover, dpr=1.0)
    painter.end()
    return pixels


def differs(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[int, int, int, int] | None:
    """The bounds (x0, y0, x1, y1) of what differs."""
    rows, columns = np.nonzero((one != other).any(axis=2))
    return (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) if len(rows) else None


def test_they_are_chosen_once_and_anew_when_told() -> None:
    layer, store = TagLayer(), crowd(60, (600.0, 400.0), most_points=40)
    painted(layer, store)
    chosen = layer.chosen
    assert chosen is not None and 0 < len(chosen) < 60
    painted(layer, store)
    assert layer.chosen is chosen
    layer.choose_anew()
    assert layer.chosen is None
    painted(layer, store)
    layer.set_mode("auto")
    layer.set_keep_out(())
    assert layer.chosen is not None, "nothing is other than it was"
    layer.set_keep_out(((0.0, 0.0, 300.0, 200.0),))
    assert layer.chosen is None
    painted(layer, store)
    layer.set_mode("all")
    assert layer.chosen is None


def test_without_tags_the_selected_and_the_hovered_have_theirs() -> None:
    layer, store = TagLayer(), one_of_each((300.0, 200.0))
    layer.set_mode("none")
    plain = painted(layer, store)
    assert differs(plain, np.broadcast_to(plain[0, 0], plain.shape)) is None
    hovered = painted(layer, store, hover=0)
    area = layer.area(store, None, 0, IDENTITY, QRectF(*VIEW))
    changed = differs(plain, hovered)
    assert changed is not None
    assert area.contains(QRectF(changed[0], changed[1], changed[2] - changed[0], changed[3] - changed[1]))
    layer.choose_anew()
    assert (painted(layer, store, selected=[0]) == hovered).all()


def test_a_large_selection_does_not_fill_the_view() -> None:
    layer, store = TagLayer(), crowd(SELECTED_TAGS + 30, (600.0, 400.0), most_points=40)
    layer.set_mode("none")
    painted(layer, store, selected=range(len(store)))
    assert layer.chosen is not None
    assert len(layer.chosen) == SELECTED_TAGS


def test_room_for_other_words_is_left_free() -> None:
    layer, store = TagLayer(), crowd(60, (600.0, 400.0), most_points=40)
    layer.set_keep_out(((0.0, 0.0, 600.0, 200.0),))
    painted(layer, store)
    assert layer.chosen is not None and len(layer.chosen)
    for label in layer.chosen.tolist():
        assert layer.area(store, None, label, IDENTITY, QRectF(*VIEW)).bottom() > 200.0 - tags.HEIGHT

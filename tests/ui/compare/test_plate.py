"""Plates and crosses over the panes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.geometry import Affine
from viewer.ui import theme
from viewer.ui.canvas.ornament import Frame
from viewer.ui.compare.pages import StageWords
from viewer.ui.compare.plate import HEIGHT, INSET, Cross, Plates, draw_plate, facts_of, plate_width

WORDS = StageWords("B", "Review 2", "Jana Krüger", "20 Nov 09:11", "83 labels")
pytestmark = pytest.mark.usefixtures("qapp")


def frame(width: float = 640.0) -> Frame:
    return Frame(Affine.scaling(2.0, 2.0), QRectF(0, 0, width, 480), (100.0, 80.0), 1.0)


def test_a_plate_is_28_px_high_and_as_wide_as_its_words() -> None:
    assert facts_of(WORDS) == "20 Nov 09:11 · 83 labels"
    assert facts_of(StageWords("A", "Label")) == ""
    assert plate_width(StageWords("A", "Label")) < plate_width(WORDS)
    assert plate_width(StageWords("A", "x" * 500)) < 260
    image = QImage(400, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("magenta"))
    painter = QPainter(image)
    box = draw_plate(painter, QPointF(10, 10), WORDS)
    painter.end()
    assert (box.height(), box.width()) == (HEIGHT, plate_width(WORDS)) == (28.0, box.width())
    inside = [image.pixelColor(x, 24).name() for x in range(12, int(box.right()) - 1)]
    assert "#ff00ff" not in inside
    assert inside.count(theme.current().panel.lower()) > 20
    assert image.pixelColor(int(box.right()) + 2, 24).name() == "#ff00ff"


def test_plates_stand_below_each_other_at_the_left_or_the_right() -> None:
    plates = Plates()
    plates.words = (StageWords("A", "Label"), WORDS)
    at = frame()
    assert plates.is_at(QPointF(INSET + 4, INSET + 4), at)
    assert plates.is_at(QPointF(INSET + 4, INSET + HEIGHT + 10), at)
    assert not plates.is_at(QPointF(630, INSET + 4), at)
    assert plates.tip(QPointF(INSET + 4, INSET + HEIGHT + 10), at) == "Review 2 · Jana Krüger"
    plates.right = True
    assert plates.is_at(QPointF(620, INSET + 4), at)
    assert not plates.is_at(QPointF(INSET + 4, INSET + 4), at)


def test_a_cross_is_drawn_around_its_place_only() -> None:
    cross = Cross()
    assert cross.box(frame()).isEmpty()
    cross.point = (50.0, 40.0)
    image = QImage(200, 160, QImage.Format.Format_RGB32)
    image.fill(QColor("gray"))
    painter = QPainter(image)
    cross.paint(painter, frame())
    painter.end()
    changed = {
        (x, y) for x in range(200) for y in range(160) if image.pixelColor(x, y) != QColor("gray")
    }  # fmt: skip
    assert changed
    assert (100, 80) not in changed
    assert all(cross.box(frame()).contains(QPointF(x, y)) for x, y in changed)

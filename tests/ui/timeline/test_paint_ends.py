"""The bracket, and the axis with its blocks, cuts and leaders."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.make.histories import BEGIN
from viewer.ui import theme
from viewer.ui.timeline.axis import Axis, axis
from viewer.ui.timeline.paint_ends import paint_axis, paint_bracket, paint_leaders
from viewer.ui.timeline.places import bracket

HOUR = timedelta(hours=1)
LEFT, LINE = 20, 60


@pytest.fixture
def image(qapp: QApplication) -> QImage:
    theme.load_font()
    theme.apply(qapp, theme.DARK)
    made = QImage(640, 80, QImage.Format.Format_RGB32)
    made.fill(QColor(theme.current().window))
    return made


def made_axis() -> Axis:
    return axis([(BEGIN, BEGIN + HOUR), (BEGIN + 2 * HOUR, BEGIN + 3 * HOUR), (BEGIN + 99 * HOUR,) * 2], 600)


def test_the_bracket_leaves_room_for_its_words(image: QImage) -> None:
    line = bracket(100, 400, 60, (0, 640))
    assert line is not None
    painter = QPainter(image)
    paint_bracket(painter, line, 40, "")
    painter.end()
    accent, ground = QColor(theme.current().accent), QColor(theme.current().window)
    assert abs(image.pixelColor(150, 40).blue() - accent.blue()) < 60
    assert image.pixelColor(259, 40) == ground
    assert image.pixelColor(430, 40) == ground


def test_blocks_are_shown_hollow_and_plain(image: QImage) -> None:
    made = made_axis()
    painter = QPainter(image)
    paint_axis(painter, made, LEFT, LINE, shown=1, reference=0)
    painter.end()
    t = theme.current()
    centres = [round(LEFT + block.centre) for block in made.blocks]
    assert image.pixelColor(centres[0], LINE) == QColor(t.window)
    assert image.pixelColor(centres[1], LINE) == QColor(t.accent)
    assert image.pixelColor(centres[2], LINE) == QColor(t.strong)


def test_a_cut_interrupts_the_line(image: QImage) -> None:
    made = made_axis()
    painter = QPainter(image)
    paint_axis(painter, made, LEFT, LINE, shown=1, reference=None)
    painter.end()
    (cut,) = made.cuts
    t = theme.current()
    assert image.pixelColor(round(LEFT + cut.left + 3), LINE) == QColor(t.border)
    row = [image.pixelColor(round(LEFT + cut.centre) + dx, LINE) for dx in range(-4, 5)]
    assert any(c.lightness() > 120 for c in row)
    assert QColor(t.border) not in row


def test_leaders_end_at_the_blocks_of_their_cards(image: QImage) -> None:
    made = made_axis()
    painter = QPainter(image)
    paint_leaders(painter, made, LEFT, LINE, [(0, 300, 10), (2, 30, 10), (7, 5, 10)], shown=0)
    painter.end()
    ground = QColor(theme.current().window)
    for index in (0, 2):
        block = made.block(index)
        assert block is not None
        x = round(LEFT + block.centre)
        assert any(image.pixelColor(x + dx, LINE - 7) != ground for dx in (-1, 0, 1))
    assert image.pixelColor(5, 11) == ground

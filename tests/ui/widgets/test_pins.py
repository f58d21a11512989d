"""A is hollow, B is filled, in both themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from viewer.ui import theme
from viewer.ui.widgets.pins import SIZE, draw_pin


@pytest.fixture(params=[theme.DARK, theme.LIGHT], ids=["dark", "light"])
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[theme.Tokens]:
    theme.apply(qapp, request.param)
    yield request.param
    theme.apply(qapp, theme.DARK)


def drawn(letter: str, **how: object) -> QImage:
    image = QImage(SIZE, SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.current().window))
    painter = QPainter(image)
    draw_pin(painter, QRectF(0, 0, SIZE, SIZE), letter, **how)  # type: ignore[arg-type]
    painter.end()
    return image


def test_a_shows_its_ground_and_b_does_not(look: theme.Tokens) -> None:
    beside_the_letter = (3, 9)
    assert drawn("A", ground=look.raised).pixelColor(*beside_the_letter) == QColor(look.raised)
    assert drawn("B").pixelColor(*beside_the_letter) == QColor(look.text)
    assert drawn("C").pixelColor(*beside_the_letter) == QColor(look.text)


def test_the_edge_of_a_is_dashed(look: theme.Tokens) -> None:
    image = drawn("A", ground=look.window)
    edge = [image.pixelColor(x, 0).lightness() for x in range(5, 14)]
    ground = QColor(look.window).lightness()
    assert any(abs(level - ground) < 30 for level in edge)
    assert any(abs(level - ground) > 90 for level in edge)


def test_a_further_pin_may_be_hollow(look: theme.Tokens) -> None:
    assert drawn("C", hollow=True, ground=look.window).pixelColor(3, 9) == QColor(look.window)

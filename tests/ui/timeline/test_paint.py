"""How a card looks: what changed, by colour and length; what gives way where there is no room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.make import histories
from viewer.diff import Counts
from viewer.ui import theme
from viewer.ui.timeline.cards import cards_of
from viewer.ui.timeline.paint import Face, change_colour, paint_arrow, paint_card, paint_loop, paint_loop_chip

CARD = QRectF(4, 4, 200, 88)


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    theme.load_font()
    theme.apply(qapp, theme.DARK)


def painted(face: Face, box: QRectF = CARD) -> QImage:
    image = QImage(240, 120, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.current().window))
    painter = QPainter(image)
    paint_card(painter, box, face)
    painter.end()
    return image


def pixels(image: QImage, colour: str, row: int) -> int:
    wanted = QColor(colour).rgb()
    return sum(image.pixel(x, row) == wanted for x in range(image.width()))


def test_the_bar_is_as_long_as_its_step_beside_the_biggest() -> None:
    card = cards_of(histories.reworked())[3]
    whole = painted(Face(card, Counts(10, 0, 0), biggest=10))
    half = painted(Face(card, Counts(5, 0, 0), biggest=10))
    row = round(CARD.bottom()) - 7
    assert pixels(whole, change_colour("added"), row) == pytest.approx(176, abs=4)
    assert pixels(half, change_colour("added"), row) == pytest.approx(88, abs=4)


def test_each_kind_has_its_part_however_small() -> None:
    image = painted(Face(cards_of(histories.reworked())[3], Counts(1, 500, 1), biggest=502))
    row = round(CARD.bottom()) - 7
    for kind in ("added", "moved", "removed"):
        assert pixels(image, change_colour(kind), row) > 0


def test_a_step_without_a_change_has_an_empty_bar() -> None:
    image = painted(Face(cards_of(histories.reworked())[2], Counts(), biggest=8))
    row = round(CARD.bottom()) - 7
    assert pixels(image, theme.current().hover, row) > 150


def test_what_is_picked_has_an_edge_of_its_own() -> None:
    card = cards_of(histories.reworked())[1]
    middle = round(CARD.center().y())
    assert painted(Face(card, picked=True)).pixelColor(4, middle) == QColor(theme.current().accent)
    assert painted(Face(card)).pixelColor(4, middle) == QColor(theme.current().border)


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("width", [30, 132, 320])
@pytest.mark.parametrize("index", range(6))
def test_no_card_is_painted_outside_of_itself(compact: bool, width: int, index: int) -> None:
    image = painted(Face(cards_of(histories.reworked())[index], compact=compact), QRectF(4, 4, width, 88))
    ground = QColor(theme.current().window).rgb()
    if width < 200:
        assert all(image.pixel(x, y) == ground for x in range(width + 6, 240) for y in range(120))


def test_change_colours_follow_the_theme(qapp: QApplication) -> None:
    dark = change_colour("moved")
    theme.apply(qapp, theme.LIGHT)
    try:
        assert change_colour("moved") != dark
    finally:
        theme.apply(qapp, theme.DARK)


def test_arcs_and_arrows_are_in_their_colours() -> None:
    image = QImage(500, 140, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.current().window))
    painter = QPainter(image)
    one, two = QRectF(4, 20, 180, 88), QRectF(212, 20, 180, 88)
    paint_loop(painter, one, two, ("Rework 1",))
    paint_arrow(painter, one)
    paint_loop_chip(painter, 400, 30, ("Rework 1 · after 3 h 10", "Rework 1"), room=80)
    painter.end()
    error = QColor(theme.current().error)
    below = [image.pixelColor(x, round(one.bottom()) + 10) for x in range(94, 303)]
    assert sum(abs(c.red() - error.red()) < 90 for c in below) > 40
    assert all(image.pixelColor(x, 30) == QColor(theme.current().window) for x in range(482, 500))

"""Initials, grounds and bars."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.ui import theme
from viewer.ui.widgets import marks


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        ("jana.krueger@example.com", "JK"),
        ("Mert Aydın", "MA"),
        ("ann@example.com", "AN"),
        ("x", "X"),
        ("", "?"),
        ("…", "?"),
    ],
)
def test_initials(person: str, letters: str) -> None:
    assert marks.initials(person) == letters


def test_a_person_has_one_ground(qapp: object) -> None:
    assert marks.person_ground("ann") == marks.person_ground("ann")
    assert marks.person_ground("ann") in theme.current().persons


def test_the_smallest_part_of_a_bar_is_seen(qapp: object) -> None:
    image = QImage(100, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    marks.draw_bar(painter, QRectF(0, 2, 100, 6), ((0.001, "#FF0000"), (0.5, "#00FF00")))
    marks.draw_swatch(painter, QRectF(80, 0, 10, 10), "#0000FF", split=True)
    marks.draw_avatar(painter, QRectF(60, 0, 10, 10), "ann")
    marks.draw_chip(painter, QRectF(0, 0, 30, 8), "x", ground="#333333", ink="#FFFFFF", icon="check")
    painter.end()
    assert any(image.pixelColor(x, 8).red() > image.pixelColor(x, 8).green() for x in range(3)) or image.pixelColor(
        0, 7
    )
    assert marks.chip_width("abc", icon=True) > marks.chip_width("abc")


def test_a_card_has_round_corners_and_a_border_inside_of_its_box(qapp: object) -> None:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    painter = QPainter(image)
    painter.setBrush(QColor("#010203"))
    marks.draw_card(painter, QRectF(10, 5, 40, 30), "#FEDCBA")
    assert painter.brush().color() == QColor("#010203"), "left as it was"
    painter.end()
    assert image.pixelColor(30, 20) == QColor("#FEDCBA")
    assert image.pixelColor(30, 5) == image.pixelColor(10, 20) == QColor(theme.current().border)
    assert image.pixelColor(30, 4) == image.pixelColor(9, 20) == image.pixelColor(10, 5) == QColor("#123456")

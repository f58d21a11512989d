"""Where the two pictures of a change stand, and how the large ones are left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.make.changed import changed_asset, comparison_of
from viewer.decoders.base import PageInfo
from viewer.export.differences import found_of
from viewer.overlay import palette
from viewer.overlay.palette import Palette
from viewer.ui import theme
from viewer.ui.changes.pair_crop import Crop, Wish, crop_of, entries_of
from viewer.ui.changes.pair_view import INSET, NO_WORDS, PairPictures, Peek
from viewer.ui.changes.queue import Item
from viewer.ui.compare.pages import StageWords

Key = Qt.Key
WORDS = (StageWords("A", "Label"), StageWords("B", "Review"))


def crop_of_moved() -> Crop:
    asset = changed_asset()
    at, change = next((n, c) for n, c in enumerate(comparison_of(asset).changes) if c.kind == "moved")
    wish = Wish(Item(0, 0, 1, at, found_of(change)))
    return crop_of(asset, wish, entries_of(asset, wish), PageInfo((1000.0, 800.0), (1000, 800)), palette=Palette())


@pytest.fixture
def pictures(qtbot: QtBot, look_of_program: None) -> PairPictures:
    made = PairPictures()
    qtbot.addWidget(made)
    made.resize(320, made.heightForWidth(320))
    return made


@pytest.fixture
def host(qtbot: QtBot, look_of_program: None) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def test_one_size_below_each_other_or_beside(pictures: PairPictures, host: QWidget) -> None:
    one, two = pictures.boxes()
    assert one.size() == two.size()
    assert one.width() / one.height() == pytest.approx(16 / 9, rel=0.02)
    assert two.top() == pytest.approx(one.bottom() + INSET, abs=1)
    beside = PairPictures(host, beside=True)
    beside.resize(608, 200)
    one, two = beside.boxes()
    assert (one.width(), two.left(), two.width()) == (300, 308, 300)


def has(pictures: PairPictures, side: int, colour: str) -> bool:
    image, box = pictures.grab().toImage(), pictures.boxes()[side].toRect()
    wanted = QColor(colour).getRgb()[:3]
    return any(
        all(abs(a - b) < 60 for a, b in zip(QColor(image.pixel(x, y)).getRgb()[:3], wanted))
        for x in range(box.left(), box.right(), 2)
        for y in range(box.top() + 40, box.bottom())
    )


def test_both_sides_are_drawn_and_drawn_once(pictures: PairPictures) -> None:
    pictures.tell(crop_of_moved(), WORDS)
    moved = palette.CHANGES["moved"].glow
    assert has(pictures, 0, moved)
    assert has(pictures, 1, moved)
    kept = dict(pictures._drawn)
    pictures.grab()
    assert pictures._drawn == kept
    assert pictures.accessibleName() == "Before: Label. After: Review."


def test_without_a_picture_it_is_said_why(pictures: PairPictures) -> None:
    pictures.tell(crop_of_moved(), WORDS)
    pictures.grab()
    pictures.tell(None, NO_WORDS, "This change cannot be drawn.")
    assert not pictures._drawn
    assert not has(pictures, 0, palette.CHANGES["moved"].glow)
    assert has(pictures, 0, theme.current().text3)


def test_the_large_ones_are_as_large_as_the_table_and_any_key_puts_them_away(host: QWidget, qtbot: QtBot) -> None:
    peek = Peek(host)
    peek.open()
    assert peek.geometry() == host.rect()
    assert host.rect().contains(peek.pictures.geometry())
    for key, step in ((Key.Key_Down, 1), (Key.Key_Up, -1)):
        with qtbot.waitSignal(peek.stepped) as stepped:
            qtbot.keyClick(peek, key)
        assert stepped.args == [step]
        assert peek.isVisible()
    with qtbot.waitSignal(peek.closed):
        qtbot.keyClick(peek, Key.Key_Space)
    assert not peek.isVisible()
    peek.open()
    with qtbot.waitSignal(peek.closed):
        qtbot.mouseClick(peek, Qt.MouseButton.LeftButton)
    host.resize(640, 400)
    peek.fit()
    assert host.rect().contains(peek.pictures.geometry())

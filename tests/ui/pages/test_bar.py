"""The page bar in a window of its own: clicks, drags, numbers, chips and the mapping badge."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.document_options import DocumentOptions
from viewer.ui.pages import PageBar
from viewer.ui.widgets.signs import sign_colour


@pytest.fixture
def bar(qtbot: QtBot) -> PageBar:
    widget = PageBar()
    qtbot.addWidget(widget)
    widget.resize(1000, 44)
    widget.set_pages(300)
    widget.show()
    return widget


def test_a_click_and_a_drag_on_the_track_ask_for_pages(bar: PageBar, qtbot: QtBot) -> None:
    pages: list[int] = []
    bar.page_wanted.connect(pages.append)
    middle = QPoint(bar.track.width() // 2, 10)
    qtbot.mouseClick(bar.track, Qt.MouseButton.LeftButton, pos=middle)
    assert pages == [pytest.approx(150, abs=2)]


def test_what_is_told_is_not_asked_back(bar: PageBar) -> None:
    pages: list[int] = []
    bar.page_wanted.connect(pages.append)
    bar.set_page(41, "frame 42", playing=True)
    bar.set_pages(50)
    assert pages == []
    assert bar.number.value() == 42
    assert bar.readout.text() == "frame 42"


def test_a_typed_number_is_one_more_than_the_page(bar: PageBar) -> None:
    pages: list[int] = []
    bar.page_wanted.connect(pages.append)
    bar.number.setValue(8)
    assert pages == [7]


def test_few_pages_are_chips(bar: PageBar, qtbot: QtBot) -> None:
    bar.set_pages(4)
    bar.set_marks({0: 3, 2: 9})
    bar.set_picture(1, QImage(40, 30, QImage.Format.Format_RGB32))
    assert bar.chips.isVisible()
    assert not bar.track.isVisible()
    pages: list[int] = []
    bar.page_wanted.connect(pages.append)
    qtbot.mouseClick(bar.chips, Qt.MouseButton.LeftButton, pos=bar.chips.chip_rect(2).center().toPoint())
    assert pages == [2]
    assert not bar.grab().isNull()


def test_one_page_needs_no_bar(bar: PageBar) -> None:
    bar.set_pages(1)
    assert not bar.isVisible()


def test_buttons_ask_for_actions(bar: PageBar, qtbot: QtBot) -> None:
    asked: list[str] = []
    bar.asked.connect(asked.append)
    for button in bar._buttons.values():
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["first_page", "previous_page", "play", "next_page", "last_page"]


def test_only_a_video_has_a_mapping_badge(bar: PageBar) -> None:
    bar.set_mapping({"badge": "by time @ 30", "warnings": ("Counted at 30 fps.",)}, DocumentOptions())
    assert bar.badge.isVisible()
    assert bar.badge.text() == "by time @ 30"
    assert "30 fps" in bar.badge.toolTip()
    bar.set_mapping({}, DocumentOptions())
    assert not bar.badge.isVisible()


def test_the_track_paints_marks_and_keys(bar: PageBar) -> None:
    bar.set_marks({5: 1, 100: 40, 299: 2})
    bar.set_keys([5, 150])
    bar.set_page(5, "", playing=False)
    assert not bar.grab().isNull()
    assert "6 of 300" in bar.accessibleDescription()


def test_changed_pages_are_marked_at_least_three_pixels_wide(bar: PageBar) -> None:
    bar.set_changes({0: "moved", 150: "added", 299: "removed"})
    spans = bar.track.changed_spans()
    assert [sign for _, _, sign in spans] == ["moved", "added", "removed"]
    assert all(right - left >= 3 for left, right, _ in spans)
    assert spans[0][0] == 8
    assert spans[-1][1] == bar.track.width() - 8
    picture = bar.track.grab().toImage()
    y = bar.track.height() // 2 + 3
    assert picture.pixelColor(spans[1][0] + 1, y).name().upper() == sign_colour("added", paper=not theme.current().dark)
    bar.set_changes({})
    assert bar.track.changed_spans() == []


def test_changed_pages_are_marked_on_chips(bar: PageBar) -> None:
    bar.set_pages(4)
    before = bar.chips.grab().toImage()
    bar.set_changes({2: "moved"})
    after = bar.chips.grab().toImage()
    changed = {
        x for x in range(after.width()) for y in range(after.height()) if after.pixel(x, y) != before.pixel(x, y)
    }
    box = bar.chips.chip_rect(2)
    assert changed
    assert box.left() <= min(changed) and max(changed) <= box.right()

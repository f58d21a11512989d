from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.widgets.tabs import HEIGHT, LOOKS, CountTabs


def tabs_of(qtbot: QtBot) -> CountTabs:
    tabs = CountTabs()
    qtbot.addWidget(tabs)
    for name in ("Labels", "Details", "JSON"):
        tabs.add(name)
    tabs.show()
    return tabs


def test_counts_are_part_of_the_name(qtbot: QtBot) -> None:
    tabs = tabs_of(qtbot)
    tabs.set_count(0, 10_483)
    assert tabs.tabText(0) == "Labels 10,483"
    tabs.set_count(0, None)
    assert tabs.tabText(0) == "Labels"


def test_a_narrow_row_keeps_the_names(qtbot: QtBot) -> None:
    tabs = tabs_of(qtbot)
    tabs.set_count(0, 10_483)
    wide = tabs.sizeHint().width()
    tabs.resize(tabs.minimumSizeHint().width(), HEIGHT)
    assert tabs.width() < wide
    rects = [tabs.tabRect(i) for i in range(3)]
    assert rects[-1].right() < tabs.width()
    assert all(a.right() < b.left() for a, b in pairwise(rects))
    tabs.grab()


def test_keys_move(qtbot: QtBot) -> None:
    tabs = tabs_of(qtbot)
    tabs.setTabVisible(1, False)
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert tabs.currentIndex() == 2


def test_names_are_cut_before_the_row_is_left(qtbot: QtBot) -> None:
    tabs = CountTabs()
    qtbot.addWidget(tabs)
    for name in ("Beschriftungen", "Einzelheiten", "Unstimmigkeiten", "JSON"):
        tabs.add(name)
    tabs.resize(tabs.minimumSizeHint())
    tabs.show()
    assert tabs.width() <= 4 * 44
    assert tabs.tabRect(3).right() <= tabs.width()
    assert tabs.tabToolTip(2) == "Unstimmigkeiten"
    assert not tabs.grab().isNull()


NAMES = ("Labels", "Changes", "Details", "Problems", "Issues", "JSON")
ICONS = ("tag", "diff", "info", "triangle-alert", "flag", "braces")
COUNTS = (483, 120, None, 13, 2, None)


def inspector_tabs(qtbot: QtBot, names: tuple[str, ...] = NAMES) -> CountTabs:
    theme.load_font()
    tabs = CountTabs()
    qtbot.addWidget(tabs)
    for index, (name, icon, count) in enumerate(zip(names, ICONS, COUNTS)):
        tabs.add(name, icon)
        tabs.set_count(index, count)
    tabs.show()
    return tabs


@pytest.mark.parametrize("width", [280, 300, 328, 360, 420, 600])
@pytest.mark.parametrize(
    "names", [NAMES, ("Beschriftungen", "Änderungen", "Einzelheiten", "Probleme", "Fragen", "JSON")]
)
def test_counts_stay_in_every_width_of_the_inspector(qtbot: QtBot, width: int, names: tuple[str, ...]) -> None:
    tabs = inspector_tabs(qtbot, names)
    for current in range(len(names)):
        tabs.setCurrentIndex(current)
        tabs.resize(width, HEIGHT)
        assert tabs._look.counts
        assert tabs.tabRect(len(names) - 1).right() < width
        for index in range(len(names)):
            assert tabs.tabRect(index).width() >= sum(tabs._widths(index, tabs._look)) + 2 * tabs._look.pad
        tabs.grab()


def test_room_is_taken_again_when_it_comes_back(qtbot: QtBot) -> None:
    tabs = inspector_tabs(qtbot)
    tabs.resize(600, HEIGHT)
    assert tabs._look is LOOKS[0]
    tabs.resize(280, HEIGHT)
    assert tabs._look.icons
    assert tabs.sizeHint().width() > 328  # what it wants does not shrink with what it gets
    tabs.resize(600, HEIGHT)
    assert tabs._look is LOOKS[0]


def test_tabs_that_are_away_leave_their_room(qtbot: QtBot) -> None:
    tabs = inspector_tabs(qtbot)
    tabs.resize(300, HEIGHT)
    assert tabs._look.icons
    for index in (3, 4):
        tabs.setTabVisible(index, False)
    assert not tabs._look.icons


def test_what_only_has_an_icon_says_its_name_and_count(qtbot: QtBot) -> None:
    tabs = inspector_tabs(qtbot)
    assert tabs.tabToolTip(1) == "Changes 120"
    assert tabs.accessibleTabName(1) == "Changes 120"
    tabs.resize(tabs.minimumSizeHint())
    assert not tabs._look.counts
    assert tabs.tabRect(5).right() <= tabs.width()

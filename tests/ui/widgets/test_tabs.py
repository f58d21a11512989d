from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from viewer.ui.widgets.tabs import HEIGHT, CountTabs


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

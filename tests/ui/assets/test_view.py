"""Keys in the rows, and which rows are in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from tests.make.rows import row, rows
from viewer.ui.assets import AssetPanel
from viewer.ui.assets.delegate import ROW_HEIGHT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


def test_arrows_home_and_end_choose(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.append(rows(100))
    chosen: list[int] = []
    panel.view.chosen.connect(chosen.append)
    panel.show_asset(4)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(panel.view, key)
    assert chosen == [5, 6, 5, 99, 0]


def test_a_click_chooses(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.append(rows(10))
    with qtbot.waitSignal(panel.view.chosen) as told:
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 3 * ROW_HEIGHT + 5))
    assert told.args == [3]
    assert not panel.view.delegate.focus_ring


def test_thumbnails_are_wanted_for_the_rows_in_sight(panel: AssetPanel, qtbot: QtBot) -> None:
    wanted: list[int] = []
    panel.set_want_thumbnail(wanted.append)
    panel.append(rows(1000))
    qtbot.waitUntil(lambda: bool(wanted))
    qtbot.waitUntil(lambda: panel.model.table.digested == 1000 and not panel._count.isActive())
    panel.view.ask_for_thumbnails()  # the chips above may have taken a row meanwhile
    first, last = panel.view.rows_in_sight()
    assert first == 0 and 8 < last < 16
    assert set(wanted) >= set(range(last))
    wanted.clear()
    panel.view.verticalScrollBar().setValue(500 * ROW_HEIGHT + 10)
    qtbot.waitUntil(lambda: bool(wanted))
    assert set(wanted) == set(range(*panel.view.rows_in_sight()))
    assert min(wanted) == 500


def test_an_own_tooltip_only_where_the_name_is_cut(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.append([row(0, external_id="short.jpg"), row(1, external_id="<i>" + "long" * 30)])
    for number, there in ((0, False), (1, True)):
        QToolTip.hideText()
        at = QPoint(100, number * ROW_HEIGHT + 20)
        viewport = panel.view.viewport()
        QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at)))
        if there:
            assert "&lt;i&gt;longlong" in QToolTip.text()
        else:
            assert not QToolTip.isVisible() or not QToolTip.text()
    QToolTip.hideText()


def test_coming_here_by_key_opens_nothing_and_shows_where_one_is(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.append(rows(10))
    chosen: list[int] = []
    panel.view.chosen.connect(chosen.append)
    panel.focus_list()
    qtbot.waitUntil(panel.view.hasFocus)
    assert panel.view.delegate.focus_ring
    assert panel.view.currentIndex().row() == 0
    assert chosen == []


def test_repainting_an_asset_out_of_sight_is_nothing(panel: AssetPanel) -> None:
    panel.append(rows(100))
    panel.view.repaint_asset(99)
    panel.view.repaint_asset(4000)

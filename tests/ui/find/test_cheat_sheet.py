"""The sheet of keys leads to changing them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from viewer.ui.find.cheat_sheet import CHANGE, CheatSheet, keys_text


def test_keys_can_be_changed_from_here(qtbot: QtBot) -> None:
    sheet = CheatSheet()
    qtbot.addWidget(sheet)
    sheet.show()
    qtbot.mouseClick(sheet.change, Qt.MouseButton.LeftButton)
    assert sheet.result() == CHANGE
    assert not sheet.isVisible()
    assert "Backtab" not in keys_text(("Shift+Tab", "Backtab"))

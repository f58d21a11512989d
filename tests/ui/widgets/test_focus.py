from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from viewer.ui.widgets.focus import RingedRows


class Rows(RingedRows, QListView):
    pass


def test_the_ring_follows_the_keyboard(qtbot: QtBot) -> None:
    rows = Rows()
    qtbot.addWidget(rows)
    rows.focusInEvent(QFocusEvent(QFocusEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert rows.ring
    qtbot.mousePress(rows.viewport(), Qt.MouseButton.LeftButton)
    assert not rows.ring
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert rows.ring
    rows.focusOutEvent(QFocusEvent(QFocusEvent.Type.FocusOut))
    assert not rows.ring
    rows.focusInEvent(QFocusEvent(QFocusEvent.Type.FocusIn, Qt.FocusReason.MouseFocusReason))
    assert not rows.ring

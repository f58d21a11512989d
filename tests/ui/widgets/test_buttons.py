"""Buttons by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.widgets.buttons import FilterChip, FlatButton, IconButton, Segment
from viewer.ui.widgets.layout import column


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT])
def test_every_button_paints_in_every_state(qtbot: QtBot, qapp: object, tokens: theme.Tokens) -> None:
    theme.apply(qapp, tokens)  # type: ignore[arg-type]
    host = QWidget()
    qtbot.addWidget(host)
    chip = FilterChip("Changed", count=1212)
    chip.setChecked(True)
    off = IconButton("play", "Play")
    off.setEnabled(False)
    host.setLayout(column(FlatButton("Open…", look="primary"), FlatButton("Other", icon="x", look="framed"), chip, off))
    host.show()
    assert not host.grab().isNull()
    assert chip.text() == "Changed 1,212"
    assert off.accessibleName() == "Play"
    theme.apply(qapp, theme.DARK)  # type: ignore[arg-type]


def test_a_segment_tells_what_was_chosen(qtbot: QtBot) -> None:
    segment = Segment((("a", "First", "square"), ("b", "Second", "diff")), compact=True)
    qtbot.addWidget(segment)
    segment.show()
    assert segment.choice == "a"
    with qtbot.waitSignal(segment.chosen) as told:
        qtbot.mouseClick(segment._buttons["b"], Qt.MouseButton.LeftButton)
    assert told.args == ["b"]
    assert segment._buttons["a"].text() == ""
    assert segment._buttons["b"].text() == "Second"


def test_the_focus_ring_is_for_the_keyboard(qtbot: QtBot) -> None:
    button = FlatButton("Open")
    qtbot.addWidget(button)
    with qtbot.waitActive(button):
        button.show()
        button.activateWindow()
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not button._ring
    button.clearFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button._ring
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)

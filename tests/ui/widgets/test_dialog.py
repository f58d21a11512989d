"""A dialog is told from a window of the same ground."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.widgets.dialog import Dialog


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT])
def test_a_line_is_around_it(qtbot: QtBot, qapp: QApplication, tokens: theme.Tokens) -> None:
    theme.apply(qapp, tokens)
    dialog = Dialog()
    qtbot.addWidget(dialog)
    dialog.resize(120, 80)
    picture = dialog.grab().toImage()
    edge = QColor(tokens.border)
    assert {picture.pixelColor(x, y).name() for x in range(120) for y in (0, 79)} == {edge.name()}
    assert {picture.pixelColor(x, y).name() for y in range(80) for x in (0, 119)} == {edge.name()}
    assert picture.pixelColor(60, 40).name() != edge.name()
    qapp.setStyleSheet("")

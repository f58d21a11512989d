"""A panel with the fonts and colours of the program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.assets import AssetPanel


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> Iterator[AssetPanel]:
    theme.load_font()
    theme.apply(qapp, theme.DARK)
    widget = AssetPanel()
    qtbot.addWidget(widget)
    widget.resize(288, 700)
    widget.show()
    yield widget
    qapp.setStyleSheet("")

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.widgets.splitter import GRAB, LineSplitter


def test_the_line_is_one_pixel_in_a_wider_zone(qtbot: QtBot) -> None:
    splitter = LineSplitter(Qt.Orientation.Vertical)
    qtbot.addWidget(splitter)
    splitter.addWidget(QWidget())
    splitter.addWidget(QWidget())
    splitter.resize(100, 200)
    splitter.show()
    handle = splitter.handle(1)
    assert handle.height() == GRAB
    picture = handle.grab().toImage()
    drawn = [picture.pixelColor(50, y) == QColor(theme.current().divider) for y in range(picture.height())]
    assert sum(drawn) == round(picture.devicePixelRatio())
    assert not splitter.childrenCollapsible()

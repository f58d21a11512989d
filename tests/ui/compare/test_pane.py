"""A pane that covers a part of a frame."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.canvas.view import View
from viewer.ui.compare.pane import Pane


def test_it_looks_through_the_whole_frame_whatever_it_covers(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    pane = Pane(parent, view=View((100.0, 80.0)))
    frame = QRect(10, 20, 300, 200)
    pane.cover(frame, 120)
    assert pane.geometry() == QRect(10, 20, 120, 200)
    assert (pane.viewport().width, pane.viewport().height) == (300.0, 200.0)
    pane.cover(frame, 900)
    assert pane.width() == 300
    pane.cover(frame, -4)
    assert pane.width() == 0
    pane.stand(QRect(0, 0, 200, 100))
    assert pane.viewport().width == 200.0
    pane.close()

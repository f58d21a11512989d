"""A pane that covers a part of a frame."""

from __future__ import annotations

from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from viewer.ui.canvas import Canvas
from viewer.ui.compare import CompareView
from viewer.ui.compare.pane import Pane


def test_it_looks_through_the_whole_frame_whatever_it_covers(qtbot: QtBot) -> None:
    host = CompareView(Canvas())
    qtbot.addWidget(host)
    pane = Pane(host)
    frame = QRect(10, 20, 300, 200)
    pane.cover(frame, 120)
    assert pane.geometry() == QRect(10, 20, 120, 200)
    assert (pane.viewport().width, pane.viewport().height) == (300.0, 200.0)
    pane.cover(frame, 900)
    assert pane.width() == 300
    pane.cover(frame, -4)
    assert pane.width() == 0
    assert pane.frame().view.width() == 300.0  # what lies over the picture keeps its place in the frame
    pane.stand(QRect(0, 0, 200, 100))
    assert pane.viewport().width == 200.0
    pane.close()
    host.close()

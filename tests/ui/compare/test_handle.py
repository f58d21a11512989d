"""The line of a swipe as a control of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.compare.handle import GRIP, SwipeHandle


def test_only_the_line_and_the_round_grip_take_the_pointer(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(400, 300)
    handle = SwipeHandle(parent)
    handle.place(parent.rect())
    middle = handle.width() // 2
    assert handle.geometry().center().x() in (199, 200)
    mask = handle.mask()
    assert mask.contains(QPoint(middle, 20))
    assert not mask.contains(QPoint(middle - GRIP, 20))
    assert mask.contains(QPoint(middle - GRIP, 150))
    handle.place(QRect(0, 0, 800, 300))
    assert handle.geometry().center().x() in (399, 400)


def test_arrow_keys_are_its_own_and_all_others_the_windows(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    handle = SwipeHandle(parent)
    for key, mine in ((Qt.Key.Key_Left, True), (Qt.Key.Key_End, True), (Qt.Key.Key_N, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.setAccepted(False)
        handle.event(event)
        assert event.isAccepted() == mine
    assert handle.accessibleName()
    told: list[float] = []
    handle.moved.connect(lambda: told.append(handle.share))
    handle.set_share(0.5)
    handle.set_share(7.0)
    assert told == [1.0]

from __future__ import annotations

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from viewer.ui.canvas.background import Background


def test_results_arrive_on_the_thread_of_the_window(qtbot: QtBot) -> None:
    parent = QObject()
    background = Background(parent)
    got: list[tuple[int, int, int]] = []
    background.run("sum", lambda: (1 + 1, threading.get_ident()), lambda r: got.append((*r, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(got))
    assert got[0][0] == 2 and got[0][1] != got[0][2] == threading.get_ident()
    assert not background.has("sum") and not background._timer.isActive()
    background.close()


def test_the_newer_job_of_a_name_wins_and_dropped_ones_are_not_heard(qtbot: QtBot) -> None:
    parent = QObject()
    background = Background(parent)
    gate = threading.Event()
    got: list[str] = []
    background.run("a", lambda: (gate.wait(5), "old")[1], got.append)
    background.run("a", lambda: "new", got.append)
    background.run("b", lambda: "dropped", got.append)
    background.drop("b")
    gate.set()
    qtbot.waitUntil(lambda: bool(got))
    assert got == ["new"]
    background.run("c", lambda: "late", got.append)
    background.close()
    assert not background.has("c") and got == ["new"]

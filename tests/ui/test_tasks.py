"""Work off the GUI thread comes back on it, or not at all after closing."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from pytestqt.qtbot import QtBot

from viewer.ui.tasks import Tasks


def test_results_and_failures_come_to_the_gui_thread(qtbot: QtBot) -> None:
    tasks = Tasks()
    threads: list[threading.Thread] = []
    failures: list[BaseException] = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 7

    def done(value: int) -> None:
        assert value == 7
        threads.append(threading.current_thread())

    tasks.run(work, done)
    tasks.run(lambda: 1 // 0, done, failures.append)
    qtbot.waitUntil(lambda: len(threads) == 2 and len(failures) == 1)
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()
    assert isinstance(failures[0], ZeroDivisionError)
    tasks.close()


def test_two_hundred_results_all_arrive(qtbot: QtBot) -> None:
    tasks = Tasks()
    found: list[int] = []
    for n in range(200):
        tasks.run(lambda n=n: n, found.append)
    qtbot.waitUntil(lambda: len(found) == 200)
    assert sorted(found) == list(range(200))
    tasks.close()


def test_nothing_is_delivered_after_closing(qtbot: QtBot) -> None:
    tasks = Tasks()
    late: Future[int] = Future()
    told: list[object] = []
    tasks.watch(late, told.append, told.append)
    tasks.close()
    late.set_result(1)
    cancelled: Future[int] = Future()
    tasks.watch(cancelled, told.append, told.append)
    cancelled.cancel()
    qtbot.waitUntil(lambda: True)
    assert told == []


def test_a_failure_that_nobody_takes_goes_to_the_one_who_takes_all(qtbot: QtBot) -> None:
    tasks = Tasks()
    taken: list[BaseException] = []
    tasks.on_failure(taken.append)
    tasks.run(lambda: [][1], lambda _: None)
    qtbot.waitUntil(lambda: bool(taken))
    assert not tasks.is_closed
    tasks.close()
    assert tasks.is_closed

"""The session's queue: who waits is told on the GUI thread, and nothing late is taken for something new."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from viewer.errors import FetchError
from viewer.fetch import Address
from viewer.fetch.call import cancelled_error
from viewer.fetch.transfer import QueueReport, TransferReport, key_of
from viewer.ui.tasks import Tasks
from viewer.ui.transfers import queue as queue_module
from viewer.ui.transfers.queue import TransferQueue

WAIT_MS = 20_000


def a(name: str) -> Address:
    return Address(url=f"https://store.test/{name}?X-Amz-Signature=canary")


class Gate:
    """Sources whose fetches wait until they are told how they end."""

    def __init__(self) -> None:
        self.here: set[str] = set()
        self.refused: dict[str, FetchError] = {}
        self.ends: dict[str, Any] = {}
        self.began: list[str] = []
        self.sizes: dict[str, int] = {}
        self.is_closed = False
        self._news = threading.Condition()

    def ready(self, address: Address) -> Path | None:
        if address.name in self.refused:
            raise self.refused[address.name]
        return Path(address.name) if address.name in self.here else None

    def fetch(self, address: Address, on_progress: Any, cancelled: Callable[[], bool], *, on_wait: Any) -> Path:
        name = address.name
        with self._news:
            self.began.append(name)
            on_progress(10, self.sizes.get(name, 100))
            while name not in self.ends and not cancelled():
                self._news.wait(0.01)
            if name not in self.ends:
                raise cancelled_error()
            end = self.ends.pop(name)
        if isinstance(end, BaseException):
            raise end
        return Path(name)

    def end(self, name: str, how: Any = None) -> None:
        with self._news:
            self.ends[name] = how
            self._news.notify_all()

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def queue(qtbot: QtBot, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Iterator[TransferQueue]:
    monkeypatch.setattr(queue_module, "TICK_MS", 10)
    tasks = Tasks()
    made = TransferQueue(tasks)
    made.use(gate)  # type: ignore[arg-type]
    made.set_rows(50)
    yield made
    tasks.close()
    made.close()
    assert gate.is_closed


def states(queue: TransferQueue) -> dict[str, str]:
    return {one.name: one.state for one in queue.report.transfers}


def until(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=WAIT_MS)


def nothing(_report: TransferReport) -> None:
    pass


def outcome(future: Future[Path]) -> str:
    error = future.exception(timeout=20)
    return str(future.result()) if error is None else getattr(error, "code", type(error).__name__)


def test_who_waits_is_told_how_far_it_is(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    told: list[TransferReport] = []
    came: list[Address] = []
    queue.came.connect(came.append)
    future = queue.fetch(a("x.png"), told.append)
    until(qtbot, lambda: any(one.received == 10 for one in told))
    assert (told[-1].name, told[-1].total, told[-1].is_asked) == ("x.png", 100, False)
    assert threading.current_thread() is threading.main_thread()
    gate.end("x.png")
    assert outcome(future) == "x.png"
    until(qtbot, lambda: states(queue) == {"x.png": "done"})
    assert [address.name for address in came] == ["x.png"]


def test_what_is_here_or_refused_at_once_is_no_transfer(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    gate.here.add("here.png")
    gate.refused["dead.png"] = FetchError("It expired.", code="expired")
    assert outcome(queue.fetch(a("here.png"), nothing)) == "here.png"
    assert outcome(queue.fetch(a("dead.png"), nothing)) == "expired"
    assert gate.began == []
    assert queue.report.counts == {}


def test_giving_up_ends_what_is_waited_for_alone(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    queue.want(a("other.png"))
    future = queue.fetch(a("x.png"), nothing)
    until(qtbot, lambda: sorted(gate.began) == ["other.png", "x.png"])
    queue.give_up()
    assert outcome(future) == "cancelled"
    until(qtbot, lambda: states(queue) == {"other.png": "running", "x.png": "cancelled"})
    again = queue.fetch(a("x.png"), nothing)
    until(qtbot, lambda: gate.began.count("x.png") == 2)
    gate.end("x.png")
    assert outcome(again) == "x.png"


def test_who_looks_elsewhere_is_told_of_nothing_late(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    told: list[str] = []
    first = queue.fetch(a("x.png"), lambda one: told.append(one.name))
    until(qtbot, lambda: "x.png" in told)
    queue.look()
    told.clear()
    second = queue.fetch(a("y.png"), lambda one: told.append(one.name))
    until(qtbot, lambda: "y.png" in told)
    assert set(told) == {"y.png"}
    assert {one.name: int(one.priority) for one in queue.report.transfers}["y.png"] == 0
    gate.end("x.png")
    assert outcome(first) == "x.png"
    gate.end("y.png")
    assert outcome(second) == "y.png"


def test_what_waits_is_dropped_when_somebody_looks_elsewhere(
    qtbot: QtBot, queue: TransferQueue, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.pause()
    for n in range(9):
        queue.fetch_ahead(neighbours=[a(f"{n}.png")])
    until(qtbot, lambda: states(queue) == {"8.png": "waiting"})
    queue.want(a("asked.png"))
    queue.fetch_ahead()
    until(qtbot, lambda: states(queue) == {"asked.png": "waiting"})


def test_what_cannot_be_fetched_ahead_is_not_tried_again(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    gate.end("n.png", FetchError("Refused.", code="refused"))
    queue.fetch_ahead(neighbours=[a("n.png")])
    until(qtbot, lambda: gate.began == ["n.png"] and not queue.report.counts)
    queue.fetch_ahead(neighbours=[a("n.png")], compared=[a("c.png")])
    until(qtbot, lambda: gate.began == ["n.png", "c.png"])
    future = queue.fetch(a("n.png"), nothing)
    gate.end("n.png")
    assert outcome(future) == "n.png"


def test_a_large_file_is_dropped_unless_it_is_looked_at(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    gate.sizes |= {"n.png": queue_module.AHEAD_BYTES + 1, "v.png": queue_module.AHEAD_BYTES + 1}
    queue.fetch_ahead(neighbours=[a("n.png")])
    until(qtbot, lambda: gate.began == ["n.png"] and not queue.report.counts)
    future = queue.fetch(a("v.png"), nothing)
    queue.fetch_ahead(neighbours=[a("v.png")])
    until(qtbot, lambda: "v.png" in gate.began)
    gate.end("v.png")
    assert outcome(future) == "v.png"


def test_a_failure_that_was_waited_for_stays_on_the_list(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    gate.end("x.png", FetchError("Refused.", code="refused"))
    assert outcome(queue.fetch(a("x.png"), nothing)) == "refused"
    until(qtbot, lambda: states(queue) == {"x.png": "failed"})
    queue.retry(key_of(a("x.png")))
    until(qtbot, lambda: gate.began == ["x.png", "x.png"])
    gate.end("x.png")
    until(qtbot, lambda: states(queue) == {"x.png": "done"})
    queue.forget_finished()
    until(qtbot, lambda: not states(queue))


def test_what_is_asked_about_has_not_failed(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    counted: list[int] = []
    queue.reported.connect(lambda report: counted.append(report.counts.get("failed", 0)))
    gate.end("x.png", FetchError("A private address.", code="private-host"))
    assert outcome(queue.fetch(a("x.png"), nothing)) == "private-host"
    until(qtbot, lambda: gate.began == ["x.png"] and not queue.report.counts)
    assert not any(counted)


def test_one_that_failed_is_taken_off_the_list_alone(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    for name in ("x.png", "y.png"):
        gate.end(name, FetchError("Refused.", code="refused"))
        assert outcome(queue.fetch(a(name), nothing)) == "refused"
    until(qtbot, lambda: states(queue) == {"x.png": "failed", "y.png": "failed"})
    queue.forget(key_of(a("x.png")))
    until(qtbot, lambda: states(queue) == {"y.png": "failed"})
    queue.want(a("z.png"))
    until(qtbot, lambda: "z.png" in gate.began)
    queue.forget(key_of(a("z.png")))  # it has not ended
    gate.end("z.png")
    until(qtbot, lambda: states(queue) == {"y.png": "failed", "z.png": "done"})


def test_counting_begins_when_the_queue_was_at_rest(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    for name in ("a", "b", "c"):
        queue.want(a(name))
    until(qtbot, lambda: len(gate.began) == 3)
    gate.end("a")
    until(qtbot, lambda: queue.finished == 1)
    gate.end("b")
    gate.end("c")
    until(qtbot, lambda: queue.finished == 0 and queue.report.counts == {"done": 3})
    queue.want(a("d"))
    until(qtbot, lambda: queue.report.unfinished == 1)
    assert queue.finished == 0
    queue.forget_finished()
    gate.end("d", FetchError("Refused.", code="refused"))
    until(qtbot, lambda: queue.report.counts == {"failed": 1})
    queue.retry()
    until(qtbot, lambda: queue.report.unfinished == 1)
    assert queue.finished == 0
    queue.want(a("e"))
    gate.end("d")
    until(qtbot, lambda: queue.finished == 1)
    queue.fetch_ahead(neighbours=[a("f")])
    until(qtbot, lambda: queue.report.counts == {"running": 2, "done": 1})
    queue.forget_finished()
    until(qtbot, lambda: queue.report.counts == {"running": 2})
    assert queue.finished == 1


def test_nothing_is_looked_at_while_nothing_runs(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    reports: list[QueueReport] = []
    queue.pause()
    queue.want(a("a"))
    until(qtbot, lambda: states(queue) == {"a": "waiting"})
    until(qtbot, lambda: not queue._timer.isActive() and not queue._is_asking)
    queue.reported.connect(reports.append)
    queue.resume()
    until(qtbot, lambda: len(reports) > 3)
    gate.end("a")
    until(qtbot, lambda: states(queue) == {"a": "done"})
    until(qtbot, lambda: not queue._timer.isActive() and not queue._is_asking)


def test_another_export_ends_all_of_the_one_before(qtbot: QtBot, queue: TransferQueue, gate: Gate) -> None:
    future = queue.fetch(a("x.png"), nothing)
    until(qtbot, lambda: gate.began == ["x.png"])
    queue.use(Gate())  # type: ignore[arg-type]
    assert outcome(future) == "cancelled"
    until(qtbot, lambda: gate.is_closed)
    assert queue.report.counts == {}


def test_without_an_export_nothing_is_fetched(qtbot: QtBot) -> None:
    tasks = Tasks()
    queue = TransferQueue(tasks)
    assert outcome(queue.fetch(a("x.png"), nothing)) == "cancelled"
    for deed in (queue.pause, queue.resume, queue.cancel, queue.retry, queue.forget_finished, queue.look):
        deed()
    queue.move("x", before=None)
    queue.fetch_ahead(neighbours=[a("x.png")])
    tasks.close()
    queue.close()

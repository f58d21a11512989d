from __future__ import annotations

import os
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from tests.workers.still_office import StillOffice
from viewer.errors import FetchError
from viewer.workers import protocol
from viewer.workers.bench import NEEDS, Bench
from viewer.workers.waiting import Request


class Worker(SimpleNamespace):
    """Notes what it is told."""

    def __init__(self) -> None:
        super().__init__(deadline=None, ping_until=None, idle_since=100.0, budget=0.0, sent=[])

    def send(self, message: Any, descriptor: int = -1) -> None:
        self.sent.append(message)
        if descriptor >= 0:
            os.close(descriptor)


def asked(kind: Any = "render", page: int = 2) -> Request:
    return Request((kind, page), kind, "visible", page, futures=[Future()])


@pytest.fixture
def office() -> Any:
    return StillOffice()


@pytest.fixture
def worker() -> Any:
    return Worker()


@pytest.fixture
def bench(office: Any, worker: Any) -> Bench:
    bench = Bench(office, 5)
    bench.set_up(worker)
    bench.rest(worker)
    return bench


def test_whole_images_have_more_time_than_tiles(bench: Bench, office: Any, worker: Any) -> None:
    bench.begin(worker, asked(), "image")
    assert worker.deadline == 100.0 + office.budgets.image
    bench.finish()
    assert (bench.running, worker.deadline, worker.ping_until) == (None, None, None)
    bench.begin(worker, asked(), "pdf")
    assert worker.deadline == 100.0 + office.budgets.tile


def test_a_worker_that_was_idle_is_asked_whether_it_lives(bench: Bench, office: Any, worker: Any) -> None:
    office.time += office.budgets.trust + 1.0
    bench.begin(worker, asked("info"), "pdf")
    ping, ask = worker.sent
    assert isinstance(ping, protocol.Ping)
    assert ask == protocol.Ask(ask.req, "info", 2)
    assert worker.ping_until == office.time + office.budgets.answer


def test_what_is_not_wanted_is_told_once(bench: Bench, worker: Any) -> None:
    request = asked()
    bench.begin(worker, request, "pdf")
    bench.stop()
    bench.stop()
    assert worker.sent[1:] == [protocol.Cancel(request.number)]
    assert request.is_cancelled


def test_a_file_comes_while_its_time_stands_still(bench: Bench, office: Any, worker: Any) -> None:
    request = asked()
    bench.begin(worker, request, "dataset")
    assert bench.need(worker, request, protocol.Need(request.number, 3))
    assert worker.deadline is None
    assert not bench.bring(2, -1, None), "nobody waits for that one"
    reading, writing = os.pipe()
    os.close(writing)
    assert bench.bring(3, reading, None)
    assert worker.sent[-1] == protocol.Part(request.number, 3, True)
    assert worker.deadline == 100.0 + office.budgets.open


def test_why_a_file_did_not_come_is_why_its_page_failed(bench: Bench, worker: Any) -> None:
    request = asked(page=3)
    bench.begin(worker, request, "dataset")
    bench.need(worker, request, protocol.Need(request.number, 3))
    problem = FetchError("The server says no.", code="refused")
    assert bench.bring(3, -1, problem)
    assert worker.sent[-1] == protocol.Part(request.number, 3, False)
    failed = protocol.Fail(request.number, "Part", "")
    assert bench.reason(request, failed) is problem
    assert "not here" in str(bench.reason(request, failed))


def test_impossible_wishes_for_files(bench: Bench, office: Any, worker: Any) -> None:
    request = asked()
    bench.begin(worker, request, "dataset")
    with pytest.raises(protocol.BadMessage):
        bench.need(worker, request, protocol.Need(request.number, 5))
    request.needs = NEEDS
    with pytest.raises(protocol.BadMessage):
        bench.need(worker, request, protocol.Need(request.number, 1))
    with pytest.raises(protocol.BadMessage):
        Bench(office, 1).need(worker, asked(), protocol.Need(1, 0))


@pytest.mark.parametrize("when", ["before", "after"])
def test_no_file_is_brought_for_what_is_not_wanted(bench: Bench, worker: Any, when: str) -> None:
    request = asked()
    bench.begin(worker, request, "dataset")
    if when == "before":
        bench.stop()
    assert bench.need(worker, request, protocol.Need(request.number, 3)) == (when == "after")
    if when == "after":
        bench.stop()
    assert protocol.Part(request.number, 3, False) in worker.sent
    assert request.needed == -1


def test_memory_is_given_once(bench: Bench, worker: Any) -> None:
    request = asked()
    bench.begin(worker, request, "pdf")
    bench.room(worker, request, protocol.Room(request.number, 1000))
    slot = worker.sent[-1]
    assert slot.slot == request.slot >= 0
    assert slot.size >= 1000
    with pytest.raises(protocol.BadMessage):
        bench.room(worker, request, protocol.Room(request.number, 1000))
    with pytest.raises(protocol.BadMessage):
        bench.room(worker, asked("info"), protocol.Room(request.number, 1000))
    bench.book.retire()


def test_no_memory_is_an_answer_too(bench: Bench, worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(size: int) -> Any:
        raise OSError("none left")

    monkeypatch.setattr("viewer.workers.ring.create_segment", refuse)
    request = asked()
    bench.begin(worker, request, "pdf")
    bench.room(worker, request, protocol.Room(request.number, 1000))
    assert worker.sent[-1] == protocol.Slot(request.number, -1, 0)


def test_a_worker_that_leaves_waits_for_nothing(bench: Bench, office: Any, worker: Any) -> None:
    request = asked()
    bench.begin(worker, request, "dataset")
    bench.need(worker, request, protocol.Need(request.number, 3))
    assert bench.leave() is request
    assert worker.sent[-2:] == [protocol.Cancel(request.number), protocol.Part(request.number, 3, False)]
    assert office.released == [worker]
    assert (bench.worker, bench.running) == (None, None)


def test_a_worker_that_is_gone_is_told_nothing(bench: Bench, office: Any, worker: Any) -> None:
    request = asked()
    bench.begin(worker, request, "pdf")
    told = len(worker.sent)
    assert bench.lose() is request
    assert (len(worker.sent), office.released) == (told, [])
    assert bench.lose() is None

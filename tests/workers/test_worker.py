from __future__ import annotations

import os
from multiprocessing import Pipe
from types import SimpleNamespace
from typing import Any

import pytest

from viewer import limits
from viewer.workers import Budgets, launch, protocol
from viewer.workers.worker import NOTES_PER_SECOND, Worker


class Process:
    """A process that is only killed."""

    is_killed = False

    def kill(self) -> None:
        self.is_killed = True


@pytest.fixture
def other_end() -> Any:
    ours, theirs = Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.fixture
def worker(other_end: Any) -> Worker:
    return Worker(1, Process(), other_end[0], os.getpid(), state="taken")  # type: ignore[arg-type]


def test_the_budgets_are_those_of_the_table() -> None:
    budgets = Budgets()
    assert (budgets.open, budgets.image, budgets.tile) == (limits.OPEN_S, limits.IMAGE_S, limits.TILE_S)
    assert budgets.ready == limits.READY_S
    assert budgets.memory == launch.memory_limit()
    assert budgets.close < budgets.answer < budgets.tile


def test_it_may_be_late_only_with_what_it_was_asked(worker: Worker) -> None:
    assert worker.fault(1e9, 0) == ""
    assert worker.look_by == float("inf")
    worker.deadline, worker.budget = 50.0, 2.0
    worker.ping_until = 70.0
    assert worker.look_by == 50.0
    assert worker.fault(49.0, 0) == ""
    assert worker.fault(50.0, 0) == "did not answer within 2 s"
    assert worker.fault(70.0, 0) == "did not answer"


def test_memory_is_looked_at_while_it_works_and_pixels_are_not_its_own(worker: Worker) -> None:
    own = launch.private_memory(worker.pid)
    assert worker.fault(0.0, own // 2) == "", "it does nothing"
    worker.deadline = 50.0
    assert worker.fault(0.0, own // 2) == f"needed more than {own / 2 / limits.GB:.1f} GB of memory"
    worker.desk = SimpleNamespace(bench=SimpleNamespace(book=SimpleNamespace(size=4 * own)))  # type: ignore[assignment]
    assert worker.fault(0.0, own // 2) == ""


def test_the_first_reason_of_a_kill_counts_and_is_the_last_fault(worker: Worker) -> None:
    worker.deadline, worker.ping_until = 50.0, 60.0
    worker.kill("did not answer")
    worker.kill("was replaced")
    assert worker.why == "did not answer"
    assert worker.process.is_killed  # type: ignore[attr-defined]
    assert (worker.deadline, worker.ping_until) == (None, float("inf")), "whoever waits for it is not to blame"
    assert worker.fault(1e9, 1) == ""


def test_what_is_sent_to_the_dead_only_closes_the_descriptor(worker: Worker, other_end: Any) -> None:
    reading, writing = os.pipe()
    os.close(writing)
    worker.state = "dead"
    worker.send(protocol.Cancel(1), reading)
    for descriptor in worker.lent:  # where they are kept until its burial
        os.close(descriptor)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(reading)
    assert not other_end[1].poll()


def test_whoever_hung_up_is_killed_without_blame(worker: Worker, other_end: Any) -> None:
    other_end[1].close()
    worker.send(protocol.Cancel(1))
    assert (worker.why, worker.ping_until) == ("", float("inf"))
    assert worker.process.is_killed  # type: ignore[attr-defined]


def test_its_document_is_put_down_and_wishes_for_it_are_denied(worker: Worker, other_end: Any) -> None:
    worker.take_up(SimpleNamespace(number=7))  # type: ignore[arg-type]
    assert (worker.state, worker.doc, worker.documents) == ("taken", 7, 1)
    worker.put_down(12.0, 2.0)
    assert (worker.state, worker.desk, worker.deadline) == ("closing", None, 12.0)
    for wish in (protocol.Need(5, 3), protocol.Want(5, 0, 0, 10), protocol.Room(5, 99), protocol.Closed(1)):
        worker.deny(wish)
    heard = []
    while other_end[1].poll():
        heard.append(protocol.to_worker(other_end[1].recv_bytes()))
    assert heard == [
        protocol.Close(7), protocol.Part(5, 3, False), protocol.Blocks(5, 0, False, 0), protocol.Slot(5, -1, 0),
    ]  # fmt: skip
    worker.rest(20.0)
    assert (worker.state, worker.deadline, worker.idle_since) == ("free", None, 20.0)


def test_its_messages_end_with_the_pipe(worker: Worker, other_end: Any) -> None:
    other_end[1].send_bytes(protocol.encode(protocol.Closed(4)))
    other_end[1].close()
    assert list(worker.messages()) == [protocol.Closed(4)]


@pytest.mark.parametrize("raw", [b"\xff garbage", b"\0" * (limits.MESSAGE_BYTES + 1)])
def test_nonsense_is_no_message(worker: Worker, other_end: Any, raw: bytes) -> None:
    messages = worker.messages()
    if len(raw) > limits.MESSAGE_BYTES:
        # more than a pipe holds: only its announced length is needed
        os.write(other_end[1].fileno(), len(raw).to_bytes(4, "big"))
    else:
        other_end[1].send_bytes(raw)
    with pytest.raises(protocol.BadMessage):
        next(messages)


def test_notes_have_a_limit_for_each_second(worker: Worker) -> None:
    for _ in range(NOTES_PER_SECOND):
        worker.noted(5.1)
    worker.noted(6.0)
    for _ in range(NOTES_PER_SECOND - 1):
        worker.noted(6.9)
    with pytest.raises(protocol.BadMessage, match="notes"):
        worker.noted(6.95)

"""A document whose bytes come while it is read: pages, failures, newer wishes, deaths, and whose time it is."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.make import videos
from tests.make.video_set import VideoSet
from tests.workers.conftest import SOON
from tests.workers.still_office import StillOffice
from viewer.decoders.base import Hints
from viewer.errors import FetchError, WorkerError
from viewer.workers import DocumentClient, Part, Pool, protocol
from viewer.workers.protocol import BadMessage, Blocks, Want
from viewer.workers.streaming import SHORTEST, BlockDesk

BLOCK = 1 << 16


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> VideoSet:
    return VideoSet(tmp_path_factory.mktemp("videos"))


class Stream:
    """Bytes of a file, block by block, as the test allows."""

    def __init__(self, source: Path, path: Path) -> None:
        self.whole = source.read_bytes()
        self.length = len(self.whole)
        self.path = path
        path.write_bytes(b"")
        os.truncate(path, self.length)
        self.failure: Exception | None = None
        self.is_held = False
        self.held: list[tuple[int, Future[int]]] = []
        self.asked = threading.Semaphore(0)
        self.needs: list[int] = []
        self.rest = threading.Event()
        self.closed = threading.Event()

    def need(self, offset: int, length: int) -> Future[int]:
        future: Future[int] = Future()
        self.needs.append(offset)
        if self.failure is not None:
            future.set_exception(self.failure)
        elif self.is_held:
            self.held.append((offset, future))
        else:
            self.grant(offset, future)
        self.asked.release()
        return future

    def grant(self, offset: int, future: Future[int]) -> None:
        end = min((offset // BLOCK + 1) * BLOCK, self.length)
        with self.path.open("r+b") as file:
            file.seek(offset)
            file.write(self.whole[offset:end])
        future.set_result(end)

    def go_on(self) -> None:
        self.is_held = False
        held, self.held = self.held, []
        for offset, future in held:
            if not future.cancelled():
                self.grant(offset, future)

    def fetch_rest(self) -> None:
        self.rest.set()

    def close(self) -> None:
        self.closed.set()


class Served:
    """A pool and the streams that it was given."""

    def __init__(self, pool: Pool, folder: Path, source: Path) -> None:
        self.pool, self.folder, self.source = pool, folder, source
        self.streams: list[Stream] = []
        self.prepare: Callable[[Stream], None] = lambda stream: None

    def provide(self) -> Future[Any]:
        stream = Stream(self.source, self.folder / f"{len(self.streams)}.bytes")
        self.prepare(stream)
        self.streams.append(stream)
        future: Future[Any] = Future()
        future.set_result(stream)
        return future

    def open(self) -> DocumentClient:
        return self.pool.open([Part(self.source.name, self.provide)], Hints(mapping="index", frame_rate=30))


@pytest.fixture
def served(tmp_path: Path, clips: VideoSet) -> Iterator[Callable[..., Served]]:
    with contextlib.ExitStack() as stack:

        def make(name: str = "large.mp4") -> Served:
            return Served(stack.enter_context(Pool(documents=2)), tmp_path, clips(name).path)

        yield make


def code(client: DocumentClient, page: int, **options: Any) -> int | None:
    return videos.read_code(client.render(page, **options).result(SOON).pixels)


def test_pages_come_from_the_bytes_they_need(served: Callable[..., Served]) -> None:
    s = served()
    client = s.open()
    assert client.opened.result(SOON).page_count == 96
    stream = s.streams[0]
    for page in (0, 70, 69, 30, 95):
        assert code(client, page) == page
    assert len(set(stream.needs)) == len(stream.needs)
    assert not stream.rest.is_set()
    assert not stream.closed.is_set()
    client.close()
    assert stream.closed.wait(SOON)


def test_all_of_a_video_by_time_is_wanted(served: Callable[..., Served]) -> None:
    s = served("large.webm")
    client = s.open()
    assert client.opened.result(SOON).facts["index_source"] == "time"
    assert s.streams[0].rest.wait(SOON)
    assert [code(client, page) for page in (50, 20, 80)] == [50, 20, 80]
    client.close()


def test_why_bytes_do_not_come_reaches_the_page(served: Callable[..., Served]) -> None:
    s = served()
    client = s.open()
    assert code(client, 0) == 0
    error = s.streams[0].failure = FetchError("The link to a.mp4 expired.", code="expired")
    with pytest.raises(FetchError) as raised:
        code(client, 90)
    assert (str(raised.value), raised.value.code) == (str(error), "expired")
    assert code(client, 0) == 0
    s.streams[0].failure = None
    assert code(client, 90) == 90
    assert len(s.streams) == 1
    client.close()


def test_why_bytes_do_not_come_while_opening(served: Callable[..., Served]) -> None:
    s = served()
    s.prepare = lambda stream: setattr(stream, "failure", FetchError("It is gone.", code="gone"))
    client = s.open()
    with pytest.raises(FetchError, match="It is gone"):
        client.opened.result(SOON)
    s.prepare = lambda stream: None
    assert client.reopen().result(SOON).page_count == 96
    assert s.streams[0].closed.wait(SOON)
    assert code(client, 40) == 40
    client.close()


def test_a_newer_page_does_not_wait_for_the_bytes_of_an_older_one(served: Callable[..., Served]) -> None:
    s = served()
    client = s.open()
    assert code(client, 0) == 0
    stream = s.streams[0]
    while stream.asked.acquire(blocking=False):
        pass
    stream.is_held = True
    older = client.render(90)
    assert stream.asked.acquire(timeout=SOON)
    newer = client.render(0)
    assert videos.read_code(newer.result(SOON).pixels) == 0
    with pytest.raises(CancelledError):
        older.result(SOON)
    stream.go_on()
    assert code(client, 90) == 90
    client.close()


def test_closing_while_it_waits(served: Callable[..., Served]) -> None:
    s = served()
    client = s.open()
    assert code(client, 0) == 0
    s.streams[0].is_held = True
    waiting = client.render(90)
    client.close()
    with pytest.raises(CancelledError):
        waiting.result(SOON)
    assert s.streams[0].closed.wait(SOON)
    again = s.open()
    assert code(again, 90) == 90
    again.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signals here")
def test_a_reader_that_dies_while_it_waits(served: Callable[..., Served]) -> None:
    s = served()
    client = s.open()
    assert code(client, 0) == 0
    stream = s.streams[0]
    while stream.asked.acquire(blocking=False):
        pass
    stream.is_held = True
    waiting = client.render(90)
    assert stream.asked.acquire(timeout=SOON)
    pid = client.worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerError):
        waiting.result(SOON)
    assert code(client, 90) == 90
    assert len(s.streams) == 2
    assert stream.closed.wait(SOON)
    client.close()


def test_a_file_that_became_whole_is_opened_as_one(served: Callable[..., Served], tmp_path: Path) -> None:
    s = served()
    client = s.open()
    assert code(client, 0) == 0
    client.close()
    whole = tmp_path / "whole.mp4"
    shutil.copy(s.source, whole)
    client = s.pool.open_paths([whole], Hints(mapping="index"))
    assert code(client, 50) == 50
    client.close()


# ---- the window's side alone -------------------------------------------------------------------------------------


class Waiting:
    """A stream that answers when told."""

    path, length = Path("a"), 1000

    def __init__(self) -> None:
        self.future: Future[int] = Future()
        self.is_closed = False

    def need(self, offset: int, length: int) -> Future[int]:
        self.asked = offset, length
        return self.future

    def fetch_rest(self) -> None:
        pass

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def alone() -> SimpleNamespace:
    office, stream = StillOffice(), Waiting()
    desk = BlockDesk(office)  # type: ignore[arg-type]
    desk.take(stream)
    sent: list[Any] = []
    worker = SimpleNamespace(deadline=107.0, send=sent.append)
    return SimpleNamespace(office=office, stream=stream, desk=desk, worker=worker, sent=sent)


def test_the_networks_time_is_not_the_readers(alone: SimpleNamespace) -> None:
    alone.desk.want(alone.worker, Want(5, 0, 900, 500))
    alone.office.run()
    assert alone.stream.asked == (900, 100)
    assert alone.worker.deadline is None
    alone.office.time = 500.0
    alone.stream.future.set_result(950)
    assert alone.sent == [Blocks(5, 0, True, 950)]
    assert alone.worker.deadline == 507.0


def test_time_that_was_used_up_is_not_given_anew(alone: SimpleNamespace) -> None:
    alone.office.time = 106.9
    alone.desk.want(alone.worker, Want(5, 0, 900, 500))
    alone.office.run()
    alone.stream.future.set_result(950)
    assert alone.worker.deadline == 106.9 + SHORTEST


@pytest.mark.parametrize("message", [Want(5, 1, 0, 10), Want(5, 0, 1000, 10)])
def test_impossible_wishes_are_refused(alone: SimpleNamespace, message: Want) -> None:
    with pytest.raises(BadMessage):
        alone.desk.want(alone.worker, message)


def test_one_wish_at_a_time_and_only_of_a_file_with_holes(alone: SimpleNamespace) -> None:
    alone.desk.want(alone.worker, Want(5, 0, 0, 10))
    with pytest.raises(BadMessage):
        alone.desk.want(alone.worker, Want(5, 0, 0, 10))
    alone.desk.take(None)
    alone.desk.forget()
    alone.office.run()
    assert alone.stream.is_closed
    with pytest.raises(BadMessage):
        alone.desk.want(alone.worker, Want(5, 0, 0, 10))


@pytest.mark.parametrize("was_asked", [True, False])
def test_a_refused_wish_is_given_up_and_its_late_answer_not_sent(alone: SimpleNamespace, was_asked: bool) -> None:
    alone.desk.want(alone.worker, Want(5, 0, 0, 10))
    if was_asked:
        alone.office.run()
    alone.desk.refuse()
    alone.office.run()
    assert alone.sent == [Blocks(5, 0, False, 0)]
    assert alone.stream.future.cancelled()
    alone.desk.refuse()
    assert len(alone.sent) == 1


def test_a_wish_of_a_worker_has_its_bounds() -> None:
    good = protocol.encode(Want(7, 0, 5, 10))
    assert protocol.from_worker(good) == Want(7, 0, 5, 10)
    for bad in (Want(7, 0, -1, 10), Want(7, 0, 0, 0), Want(7, -1, 0, 10), Want(7, 0, 0, 1 << 60)):
        with pytest.raises(BadMessage):
            protocol.from_worker(protocol.encode(bad))
    assert protocol.to_worker(protocol.encode(Blocks(7, 0, True, 65536))) == Blocks(7, 0, True, 65536)

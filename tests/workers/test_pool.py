"""The workers together: how many there are, who has which, and that none is left at the end."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.workers.conftest import OPENER, SOON, Bell, children, gone
from tests.workers.test_desk import pixel, sentence
from viewer.errors import DecodeError, WorkerError
from viewer.workers import Budgets, DocumentClient, Part, Pool, launch

Orders = Callable[..., Path]
MakePool = Callable[..., Pool]


def test_nothing_starts_before_it_is_wanted_and_closing_twice_is_fine() -> None:
    pool = Pool(opener=OPENER)
    assert pool.pids() == []
    pool.close()
    pool.close()
    client = pool.open_paths([Path("nowhere")])
    assert client.opened.cancelled()
    assert client.render(0).cancelled()


def test_the_real_decoders_are_the_default(tmp_path: Path) -> None:
    pixels = np.arange(60, dtype=np.uint8).reshape(3, 5, 4)[..., :3].copy()
    Image.fromarray(pixels).save(tmp_path / "a.png")
    with Pool() as pool:
        client = pool.open_paths([tmp_path / "a.png"])
        assert client.opened.result(SOON).kind == "image"
        answer = client.render(0).result(SOON)
        assert (answer.pixels[..., 2::-1] == pixels).all()
        (tmp_path / "b.png").write_bytes(b"")
        with pytest.raises(Exception, match="empty"):
            pool.open_paths([tmp_path / "b.png"]).opened.result(SOON)


def test_a_document_without_parts_is_a_mistake(pool: Pool) -> None:
    with pytest.raises(ValueError, match="at least one"):
        pool.open([])


def test_each_open_document_has_its_worker_and_keeps_it(pool: Pool, orders: Orders) -> None:
    clients = [pool.open_paths([orders(pages=3)]) for _ in range(2)]
    pids = [client.info(0).result(SOON).facts["pid"] for client in clients]
    assert len(set(pids)) == 2
    assert [client.info(1).result(SOON).facts["pid"] for client in clients] == pids


def test_a_worker_serves_one_document_after_another(pool: Pool, orders: Orders) -> None:
    first = pool.open_paths([orders()])
    pid = first.info(0).result(SOON).facts["pid"]
    first.close()
    used = set()
    for _ in range(6):
        client = pool.open_paths([orders()])
        used.add(client.info(0).result(SOON).facts["pid"])
        client.close()
    assert pid in used
    assert len(used) <= 3


def test_more_documents_than_workers_take_turns(make_pool: MakePool, orders: Orders) -> None:
    pool = make_pool(documents=2)
    clients = [pool.open_paths([orders(pages=9)]) for _ in range(5)]
    for turn in range(3):
        for number, client in enumerate(clients):
            assert pixel(client, number + turn) == number + turn
        assert len(pool.pids()) <= 3
    assert sum(client.worker_pid is not None for client in clients) <= 3
    assert all(client.opened.result(0).page_count == 9 for client in clients)


def test_a_busy_document_is_not_disturbed(make_pool: MakePool, orders: Orders, bell: Bell) -> None:
    pool = make_pool(documents=1)
    busy = pool.open_paths([orders(_0=f"until {bell}")])
    answer = busy.render(0)
    bell.wait()
    others = [pool.open_paths([orders(pages=9)]) for _ in range(3)]
    for number, client in enumerate(others):
        assert pixel(client, number) == number
    bell.go()
    assert answer.result(SOON).size == (32, 16)


def test_a_document_that_is_dropped_gives_its_worker_back(make_pool: MakePool, orders: Orders) -> None:
    pool = make_pool(documents=1)
    for page in range(4):
        client = pool.open_paths([orders(pages=9)])
        assert pixel(client, page) == page
        del client
        gc.collect()
    assert len(pool.pids()) <= 2


def test_a_document_that_failed_is_dropped_too(pool: Pool, orders: Orders) -> None:
    """Its exception, with the frames of whoever saw it, keeps nothing alive."""
    path = orders(open="raise Corrupt It is cut.")

    def look() -> weakref.ref[DocumentClient]:
        client = pool.open_paths([path])
        for _ in range(2):
            with pytest.raises(DecodeError, match="cut"):
                client.render(0).result(SOON)
        return weakref.ref(client)

    seen = look()
    gc.collect()
    assert seen() is None


def test_a_worker_that_does_not_close_is_replaced(make_pool: MakePool, orders: Orders) -> None:
    pool = make_pool(close=0.1)
    client = pool.open_paths([orders(close="hang")])
    assert pixel(client, 0) == 0
    pid = client.worker_pid
    assert pid is not None
    client.close()
    assert gone(pid)
    assert pixel(pool.open_paths([orders()]), 0) == 0


def test_a_worker_with_too_much_memory_is_replaced(pool: Pool, orders: Orders, monkeypatch: pytest.MonkeyPatch) -> None:
    client = pool.open_paths([orders()])
    assert pixel(client, 0) == 0
    pid = client.worker_pid
    assert pid is not None
    monkeypatch.setattr(launch, "private_memory", lambda _pid: 1 << 40)
    client.close()
    assert gone(pid)


def test_closing_while_everything_is_on_its_way(make_pool: MakePool, orders: Orders, bell: Bell) -> None:
    pool = make_pool()
    late: list[Any] = []
    working = pool.open_paths([orders(pages=3, _1=f"spin {bell}")])
    futures: list[Future[Any]] = [working.render(1)]
    bell.wait()
    futures += [working.render(2), working.info(0), working.samples(0)]
    never: Future[Path] = Future()
    asked = threading.Event()

    def provide() -> Future[Path]:
        asked.set()
        return never

    waiting = pool.open([Part("x", provide)])
    assert asked.wait(SOON)
    futures += [waiting.opened, waiting.render(0)]
    starting = pool.open_paths([orders()])
    futures += [starting.opened, starting.render(0)]
    pids = pool.pids()
    threads = threading.active_count()
    pool.close()
    for future in futures:
        assert future.done()
        future.add_done_callback(late.append)
    late.clear()
    assert all(gone(pid) for pid in pids)
    assert pool.pids() == []
    assert threading.active_count() < threads
    assert never.cancelled()
    assert late == []


@pytest.mark.parametrize("moment", range(6))
def test_closing_at_any_moment_of_the_start(orders: Orders, moment: int) -> None:
    pool = Pool(opener=OPENER, budgets=Budgets())
    before = children()
    client = pool.open_paths([orders()])
    started = threading.Event()
    client.opened.add_done_callback(lambda _: started.set())
    started.wait(moment * 0.08)
    pool.close()
    assert children() <= before
    assert client.opened.done()


def test_a_callback_may_close_the_pool(make_pool: MakePool, orders: Orders) -> None:
    pool = make_pool()
    client = pool.open_paths([orders()])
    closed = threading.Event()

    def end(_: Future[Any]) -> None:
        pool.close()
        closed.set()

    client.render(0).add_done_callback(end)
    assert closed.wait(SOON)
    pool.close()
    assert pool.pids() == []


def test_workers_that_never_start_are_told_once_in_words(make_pool: MakePool, orders: Orders) -> None:
    """An installation that is broken: `memory` so small that Python itself cannot start."""
    pool = make_pool(memory=1 << 20)
    client = pool.open_paths([orders()])
    text = sentence(client.render(0))
    assert text.startswith("Pictures cannot be shown: the program that reads them ")
    with pytest.raises(WorkerError, match="Pictures cannot be shown"):
        pool.open_paths([orders()]).render(0).result(SOON)
    with pytest.raises(WorkerError, match="Pictures cannot be shown"):
        client.render(0, retry=True).result(SOON)


def test_a_worker_that_is_never_ready_is_ended(make_pool: MakePool, orders: Orders) -> None:
    pool = make_pool(ready=0.01)
    with pytest.raises(WorkerError, match="did not answer within"):
        pool.open_paths([orders()]).render(0).result(SOON)


def test_random_kills_never_lose_the_window(make_pool: MakePool, orders: Orders) -> None:
    """Whoever is killed whenever: every future ends, and afterwards every page is there."""
    pool = make_pool()
    clients = [pool.open_paths([orders(pages=50)]) for _ in range(2)]
    random = np.random.default_rng(7)
    for page in range(30):
        futures = [client.render(page) for client in clients]
        if random.random() < 0.3:
            for pid in pool.pids()[: int(random.integers(1, 3))]:
                os.kill(pid, signal.SIGKILL)
        for future in futures:
            try:
                assert int(future.result(SOON).pixels[0, 0, 0]) == page
            except WorkerError as error:
                assert "signal 9" in str(error) or "5 times" in str(error)
    for client in clients:
        with contextlib.suppress(WorkerError):  # it may be given a worker that dies of the last kill only now
            assert pixel(client, 40, retry=True) == 40
        assert pixel(client, 41, retry=True) == 41


SCRIPT = """
import sys
from pathlib import Path
from viewer.workers import Pool
def main():
    pool = Pool(opener="{opener}")
    client = pool.open_paths([Path(sys.argv[1])])
    print(int(client.render(1).result(20).pixels[0, 0, 0]), *pool.pids(), flush=True)
    {end}
if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("end", ["", "raise SystemExit(0)", "import os; os._exit(0)", "client.render(2)"])
def test_a_program_that_forgets_to_close_leaves_nothing(tmp_path: Path, orders: Orders, end: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(opener=OPENER, end=end))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-W", "error", str(script), str(orders(pages=3))]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    page, *pids = map(int, ended.stdout.split())
    assert page == 1
    assert ended.stderr == ""
    assert all(gone(pid) for pid in pids)


def test_the_window_process_loads_no_codec(tmp_path: Path) -> None:
    code = (
        "import sys; from viewer.workers import Pool; Pool().close(); "
        "print([m for m in ('av', 'pymupdf', 'pypdfium2', 'pydicom', 'imagecodecs', 'PIL.Image', 'httpx', 'scipy', "
        "'cv2') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_file_that_is_not_wanted_any_more_leaves_its_executor_alive(pool: Pool, tmp_path: Path) -> None:
    """Closed while the provider is asked: the fetch still waits in a queue, and its thread has to survive taking it."""
    busy, may_go = threading.Event(), threading.Event()
    clients: list[DocumentClient] = []
    fetches: list[Future[Path]] = []
    asked = threading.Event()

    def provide() -> Future[Path]:
        fetches.append(fetcher.submit(lambda: tmp_path))
        pool.close_desk(clients[0]._desk)
        asked.set()
        return fetches[0]

    with ThreadPoolExecutor(1) as fetcher:
        fetcher.submit(lambda: (busy.set(), may_go.wait(SOON)))
        assert busy.wait(SOON)
        with pool.lock:  # the client is here before its provider is asked
            clients.append(pool.open([Part("a", provide)]))
        assert asked.wait(SOON)
        pool.close()  # its threads have done what was left to them
        may_go.set()
        assert fetches[0].cancelled()
        assert fetcher.submit(lambda: "alive").result(SOON) == "alive"

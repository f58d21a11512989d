"""Requests and answers of one document: order, joining, cancelling, pixels."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, as_completed, wait
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workers.conftest import SOON, Bell
from tests.workers.test_desk import pixel
from viewer import limits
from viewer.decoders.base import Hints, View, VoiWindow
from viewer.errors import DecodeError
from viewer.workers import Pool

Orders = Callable[..., Path]
MakePool = Callable[..., Pool]


def test_a_document_from_open_to_close(pool: Pool, orders: Orders) -> None:
    path = orders(pages=5, kind="dicom")
    client = pool.open_paths([path], Hints(engine="x"))
    opened = client.opened.result(SOON)
    assert (opened.kind, opened.page_count) == ("dicom", 5)
    assert opened.facts["name"] == path.name
    assert opened.facts["engine"] == "x"
    assert opened.facts["pid"] == client.worker_pid
    info = client.info(4).result(SOON)
    assert (info.size, info.native) == ((32.0, 16.0), (32, 16))
    assert client.windows(0).result(SOON) == (VoiWindow(40.0, 400.0, "abdomen"),)
    answer = client.render(3, (1.0, 2.0, 3.0, 4.0), 2.0, view=View(inverted=True)).result(SOON)
    assert answer.region == (1.0, 2.0, 3.0, 4.0)
    assert (answer.format, answer.size, answer.info) == ("bgrx", (32, 16), info)
    assert answer.ms > 0
    client.close()
    client.close()
    assert client.worker_pid is None
    for future in (client.render(1), client.info(0), client.samples(0), client.windows(0)):
        assert future.cancelled()
    client.prefetch(0, 1)


def test_samples_keep_their_values(pool: Pool, orders: Orders) -> None:
    for dtype in ("|u1", "|i1", "<u2", "<i2", "<i4", "<f4", ">u2", ">f8", "<i8"):
        check_samples(pool, orders(samples=dtype, size=[12, 10]), dtype)


def check_samples(pool: Pool, path: Path, dtype: str) -> None:
    client = pool.open_paths([path])
    expected = np.arange(120).reshape(10, 12)
    whole = client.samples(0).result(SOON)
    assert whole is not None
    assert whole.flags.writeable
    assert (whole == expected).all()
    part = client.samples(0, (2.5, 3.0, 4.0, 5.0)).result(SOON)
    assert part is not None
    assert (part == expected[3:5, 2:4]).all()
    assert client.samples(0, (-5.0, -5.0, 0.0, 0.0)).result(SOON) is None
    assert np.dtype(dtype).kind == whole.dtype.kind or whole.dtype.kind == "f"
    client.close()


def test_a_page_without_samples(pool: Pool, orders: Orders) -> None:
    assert pool.open_paths([orders(samples="none")]).samples(0).result(SOON) is None


def test_every_size_finds_room(pool: Pool, orders: Orders) -> None:
    """A picture beyond the slot that is lent gets a larger one, a smaller one fits."""
    client = pool.open_paths([orders(pages=2, sizes=[[10, 10], [3000, 2000], [1, 1], [4000, 3000], [20, 30]])])
    for width, height in ([10, 10], [3000, 2000], [1, 1], [4000, 3000], [20, 30]):
        answer = client.render(1).result(SOON)
        assert answer.size == (width, height)
        assert (answer.pixels[..., :3] == 1).all()


def test_more_than_may_be_asked_for_at_once(pool: Pool, orders: Orders) -> None:
    client = pool.open_paths([orders(size=[16_384, 4_097])])
    with pytest.raises(DecodeError, match="more than is allowed") as caught:
        client.render(0).result(SOON)
    assert caught.value.code == "TooLarge"


def test_pixels_are_held_as_long_as_anyone_looks(pool: Pool, orders: Orders) -> None:
    client = pool.open_paths([orders(pages=200)])
    answers = [client.render(page).result(SOON) for page in range(40)]
    assert [int(answer.pixels[3, 4, 1]) for answer in answers] == list(range(40))
    lines = [memoryview(answer.pixels[2]) for answer in answers]
    for answer in answers:
        answer.release()
        answer.release()
        with pytest.raises(ValueError, match="released"):
            _ = answer.pixels
    for page in range(100, 140):
        assert pixel(client, page) == page
    assert [line[0, 0] for line in lines] == list(range(40))
    with pytest.raises(ValueError, match="read-only"):
        client.render(0).result(SOON).pixels[0, 0] = 1


def test_slots_come_back(pool: Pool, orders: Orders) -> None:
    client = pool.open_paths([orders(pages=12, size=[100, 50])])
    for page in range(12):
        assert client.render(page).result(SOON).pixels[0, 0, 0] == page
        gc.collect()
    maps = Path("/proc/self/maps").read_text().count("memfd:ango-viewer")
    assert maps <= limits.SLOTS


def test_of_many_requests_the_first_and_the_last_are_done(pool: Pool, orders: Orders, bell: Bell) -> None:
    client = pool.open_paths([orders(pages=30, _0=f"until {bell}")])
    first = client.render(0)
    bell.wait()
    futures = [client.render(page) for page in range(1, 20)]
    assert all(future.cancelled() for future in as_completed(futures[:-1], SOON))
    assert not futures[-1].done()
    bell.go()
    assert futures[-1].result(SOON).pixels[0, 0, 0] == 19
    assert first.done()


def test_a_quick_one_is_delivered_though_a_newer_waits(make_pool: MakePool, orders: Orders, bell: Bell) -> None:
    """While someone drags a slider, what is nearly done is shown."""
    client = make_pool(grace=SOON).open_paths([orders(pages=3, _1=f"until {bell}")])
    first = client.render(1)
    bell.wait()
    second = client.render(2)
    bell.go()
    assert first.result(SOON).pixels[0, 0, 0] == 1
    assert second.result(SOON).pixels[0, 0, 0] == 2


def test_a_slow_one_is_cancelled_when_a_newer_waits(make_pool: MakePool, orders: Orders, bell: Bell) -> None:
    client = make_pool(grace=0.05).open_paths([orders(pages=3, _1=f"wait {bell}")])
    first = client.render(1)
    bell.wait()
    second = client.render(2)
    bell.wait()
    assert second.result(SOON).pixels[0, 0, 0] == 2
    with pytest.raises(CancelledError):
        first.result(SOON)


def test_the_visible_page_interrupts_a_neighbour_that_goes_on_later(
    make_pool: MakePool, orders: Orders, bell: Bell, tmp_path: Path
) -> None:
    flag = tmp_path / "flag"
    flag.touch()
    client = make_pool(grace=SOON).open_paths([orders(pages=3, _1=f"once {flag} wait {bell}")])
    neighbour = client.render(1, priority="neighbour")
    bell.wait()
    visible = client.render(2)
    bell.wait()
    done = [future.result(SOON).pixels[0, 0, 0] for future in (visible, neighbour)]
    assert done == [2, 1]


def test_classes_go_in_order(pool: Pool, orders: Orders, bell: Bell) -> None:
    client = pool.open_paths([orders(pages=9, _0=f"until {bell}")])
    client.render(0)
    bell.wait()
    order: list[str] = []
    futures: list[Future[Any]] = []
    for name, ask in (
        ("thumbnail", lambda: client.render(1, priority="thumbnail")),
        ("neighbour", lambda: client.render(2, priority="neighbour")),
        ("samples", lambda: client.samples(3)),
        ("info", lambda: client.info(4)),
        ("windows", lambda: client.windows(4)),
        ("visible", lambda: client.render(5)),
    ):
        futures.append(ask())
        futures[-1].add_done_callback(lambda _future, name=name: order.append(name))
    bell.go()
    wait(futures, SOON)
    client.info(0).result(SOON)
    assert order == ["visible", "info", "windows", "samples", "neighbour", "thumbnail"]


def test_the_same_request_is_done_once(pool: Pool, orders: Orders, bell: Bell) -> None:
    client = pool.open_paths([orders(pages=3, _1=f"until {bell}", _2="once nowhere")])
    first = client.render(1)
    bell.wait()
    again = [client.render(1), client.render(1, priority="neighbour")]
    bell.go()
    answers = [future.result(SOON) for future in (first, *again)]
    assert all(np.shares_memory(answers[0].pixels, answer.pixels) for answer in answers)
    answers[0].release()
    answers[1].release()
    for page in (0, 2, 0, 2):
        assert pixel(client, page) == page
    assert (answers[2].pixels[..., 0] == 1).all()


def test_cancelling_stops_the_work(pool: Pool, orders: Orders, bell: Bell) -> None:
    client = pool.open_paths([orders(pages=3, _1=f"wait {bell}")])
    first, shared = client.render(1), client.render(1)
    bell.wait()
    waiting = client.info(2)
    assert waiting.cancel()
    assert first.cancel()
    assert not shared.done()
    assert shared.cancel()
    bell.wait()
    assert wait([first, shared, waiting], SOON).not_done == set()
    assert pixel(client, 2) == 2


def test_answers_come_on_other_threads(pool: Pool, orders: Orders, bell: Bell) -> None:
    here = threading.get_ident()
    threads: list[int] = []
    client = pool.open_paths([orders(pages=3, _1=f"until {bell}")])
    futures: list[Future[Any]] = [client.opened, client.render(1)]
    bell.wait()
    futures += [client.render(0), client.render(2)]
    for future in futures[1:]:
        future.add_done_callback(lambda _: threads.append(threading.get_ident()))
    bell.go()
    wait(futures, SOON)
    pool.close()
    assert len(threads) == 3
    assert here not in threads


def test_a_callback_may_ask_on_and_may_fail(pool: Pool, orders: Orders, caplog: pytest.LogCaptureFixture) -> None:
    client = pool.open_paths([orders(pages=3)])
    pages: list[int] = []
    ended = threading.Event()

    def ask_on(future: Future[Any]) -> None:
        pages.append(int(future.result().pixels[0, 0, 0]))
        if len(pages) < 3:
            client.render(len(pages)).add_done_callback(ask_on)
            raise ZeroDivisionError
        ended.set()

    client.render(0).add_done_callback(ask_on)
    assert ended.wait(SOON)
    assert pages == [0, 1, 2]
    pool.close()
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()  # its tracebacks hold the pixels


def test_idle_workers_prefetch_and_stop_for_a_request(pool: Pool, orders: Orders, bell: Bell) -> None:
    client = pool.open_paths([orders(pages=3, prefetch_1=f"wait {bell}")])
    client.prefetch(1, 1)
    bell.wait()
    assert pixel(client, 2) == 2
    bell.wait()
    assert pixel(client, 0) == 0


def test_prefetching_goes_on_in_portions(pool: Pool, orders: Orders, bell: Bell) -> None:
    client = pool.open_paths([orders(pages=3, prefetch_1=f"ring {bell}", portions=3)])
    client.prefetch(1, -1)
    for _ in range(4):
        bell.wait()
    assert pixel(client, 2) == 2

"""Documents whose files come one by one, when their pages are wanted, or do not come."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path

import pytest

from tests.workers.conftest import SOON
from viewer.errors import DecodeError, FetchError
from viewer.workers import Part, Pool

Orders = Callable[..., Path]
MakePool = Callable[..., Pool]


class Library:
    """A provider of parts that the test answers by hand."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        self.asked: list[int] = []
        self.futures: dict[int, Future[Path]] = {}
        self.news = threading.Condition()

    def parts(self) -> list[Part]:
        return [Part(path.name, lambda k=k: self.provide(k)) for k, path in enumerate(self.paths)]

    def provide(self, k: int) -> Future[Path]:
        with self.news:
            self.asked.append(k)
            self.futures[k] = Future()
            self.news.notify_all()
        return self.futures[k]

    def wait(self, k: int) -> Future[Path]:
        with self.news:
            assert self.news.wait_for(lambda: k in self.futures, SOON)
            return self.futures.pop(k)

    def bring(self, k: int) -> None:
        self.wait(k).set_result(self.paths[k])


def test_a_dataset_is_a_page_per_file_and_files_come_when_wanted(pool: Pool, orders: Orders) -> None:
    library = Library([orders(size=[k + 1, 1], pages=k + 1, samples="|u1") for k in range(5)])
    client = pool.open(library.parts())
    opened = client.opened.result(SOON)
    assert (opened.kind, opened.page_count) == ("dataset", 5)
    assert library.asked == []
    answer = client.render(3)
    library.bring(3)
    assert answer.result(SOON).size == (4, 1)
    assert answer.result().info.flags == ("first-of-several",)
    assert client.info(3).result(SOON).facts["part_pages"] == 4
    assert client.samples(3).result(SOON).shape == (1, 4)  # type: ignore[union-attr]
    assert library.asked == [3]
    info = client.info(0)
    library.bring(0)
    assert info.result(SOON).size == (1.0, 1.0)
    with pytest.raises(DecodeError, match="no page 5"):
        client.render(5).result(SOON)
    assert library.asked == [3, 0]


def test_what_is_wrong_with_a_file_stays_with_its_page(pool: Pool, orders: Orders, tmp_path: Path) -> None:
    paths = [orders(), orders(open="raise Corrupt It is cut."), orders(), tmp_path / "gone", orders(size=[5, 5])]
    library = Library(paths)
    client = pool.open(library.parts())
    expired = FetchError("The link expired on 3 May.", code="expired")
    answer = client.render(0)
    library.wait(0).set_exception(expired)
    with pytest.raises(FetchError) as caught:
        answer.result(SOON)
    assert caught.value is expired
    answer = client.render(1)
    library.bring(1)
    with pytest.raises(DecodeError, match=r"It is cut\."):
        answer.result(SOON)
    answer = client.render(3)
    library.bring(3)
    with pytest.raises(FetchError) as caught:
        answer.result(SOON)
    assert caught.value.code == "not-found"
    answer = client.render(2)
    library.wait(2).cancel()
    with pytest.raises(FetchError) as caught:
        answer.result(SOON)
    assert caught.value.code == "cancelled"
    answer = client.render(4)
    library.bring(4)
    assert answer.result(SOON).size == (5, 5)
    again = client.render(0)
    library.bring(0)
    assert again.result(SOON).size == (32, 16)


def test_a_file_on_its_way_gives_way(make_pool: MakePool, orders: Orders) -> None:
    library = Library([orders(size=[k + 1, 1]) for k in range(3)])
    client = make_pool(grace=0.01).open(library.parts())
    slow = client.render(0)
    future = library.wait(0)
    second = client.render(1)
    library.bring(1)
    assert second.result(SOON).size == (2, 1)
    with pytest.raises(CancelledError):
        slow.result(SOON)
    future.set_result(library.paths[0])
    third = client.render(2)
    library.bring(2)
    assert third.result(SOON).size == (3, 1)


def test_the_network_has_all_the_time_it_needs(make_pool: MakePool, orders: Orders) -> None:
    client_pool = make_pool(tile=2.0, image=2.0, open=2.0, trust=1e9)
    library = Library([orders(), orders(size=[3, 3])])
    client = client_pool.open(library.parts())
    answer = client.render(1)
    arrived = library.wait(1)
    assert not wait([answer], 2.5).done
    arrived.set_result(library.paths[1])
    assert answer.result(SOON).size == (3, 3)


def test_many_parts_need_few_descriptors(pool: Pool, orders: Orders) -> None:
    library = Library([orders(size=[k + 1, 1]) for k in range(40)])
    client = pool.open(library.parts())
    for k in range(40):
        answer = client.render(k)
        library.bring(k)
        assert answer.result(SOON).size == (k + 1, 1)
    held = [str(link.readlink()) for link in Path(f"/proc/{client.worker_pid}/fd").iterdir()]
    assert sum("orders" in name for name in held) <= 12


def test_a_single_file_that_does_not_come(pool: Pool, orders: Orders) -> None:
    library = Library([orders()])
    client = pool.open(library.parts())
    error = FetchError("The server says no.", code="refused")
    answer = client.render(0)
    library.wait(0).set_exception(error)
    with pytest.raises(FetchError) as caught:
        answer.result(SOON)
    assert caught.value is error
    for future in (client.opened, client.info(0)):
        with pytest.raises(FetchError, match="The server says no") as caught:
            future.result(SOON)
        assert caught.value.code == "refused"
    assert client.worker_pid is None
    retried = client.render(0, retry=True)
    library.bring(0)
    assert retried.result(SOON).size == (32, 16)


def test_closing_cancels_a_file_on_its_way(pool: Pool, orders: Orders) -> None:
    library = Library([orders()])
    client = pool.open(library.parts())
    answer, opened = client.render(0), client.opened
    arriving = library.wait(0)
    stopped = threading.Event()
    arriving.add_done_callback(lambda _: stopped.set())
    client.close()
    assert wait([answer, opened], SOON).not_done == set()
    assert stopped.wait(SOON)
    assert answer.cancelled()
    assert opened.cancelled()
    assert arriving.cancelled()


def test_a_provider_that_raises(pool: Pool) -> None:
    def provide() -> Future[Path]:
        raise FetchError("There is no address.", code="no-address")

    client = pool.open([Part("a.png", provide)])
    with pytest.raises(FetchError, match="no address"):
        client.render(0).result(SOON)

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.make.hub_server import KEY, PROJECT, SIGNATURE, HubServer, serving
from viewer.errors import FetchError
from viewer.fetch.client import Patience
from viewer.fetch.hub import Hub, without_query
from viewer.fetch.renewing import Asked, Renewal, renew

QUICK = Patience(connect_s=5.0, first_byte_s=5.0, idle_s=5.0, wait_s=0.0, tries=2)


@pytest.fixture
def server() -> Iterator[HubServer]:
    with serving() as server:
        yield server


@pytest.fixture
def hub(server: HubServer) -> Iterator[Hub]:
    hub = Hub(server.host, KEY, patience=QUICK)
    yield hub
    hub.close()


def asked(server: HubServer, count: int) -> list[Asked]:
    return [Asked(server.dead(f"/p/{n}.png"), "assets", n) for n in range(count)]


def names(server: HubServer) -> list[str]:
    return [one.query["name"].rpartition("/")[2] for one in server.questions()]


def test_every_file_gets_its_link_once(server: HubServer, hub: Hub) -> None:
    wanted = [*asked(server, 20), Asked(server.dead("/p/3.png"), "assets", 3), Asked(server.dead("/b"), "brushes", 3)]
    told: list[tuple[int, int]] = []
    found = renew(hub, wanted, project=PROJECT, on_progress=lambda done, total: told.append((done, total)))
    assert set(found.links) == {without_query(one.url) for one in wanted}
    assert all(SIGNATURE in new and new.startswith(old) for old, new in found.links.items())
    assert len(server.questions()) == 21
    assert sorted(told) == [(n, 21) for n in range(1, 22)]
    assert (found.refused, found.failure, found.is_stopped) == (0, None, False)
    assert SIGNATURE not in repr(found)
    assert "X-Amz" not in repr(wanted)


def test_the_visible_asset_comes_first_and_is_told_of_at_once(server: HubServer, hub: Hub) -> None:
    early: list[set[str]] = []

    def alone(found: Renewal) -> None:
        early.append(set(found.links))
        assert names(server) == ["0.png", "1.png"]

    renew(hub, asked(server, 9), project=PROJECT, alone=2, on_alone=alone)
    assert early == [{without_query(server.dead(f"/p/{n}.png")) for n in range(2)}]
    assert len(server.questions()) == 9


def test_several_at_a_time_but_not_more(server: HubServer, hub: Hub) -> None:
    def three_wait() -> None:
        while server.running < 3:
            threading.Event().wait(0.005)
        server.held.set()

    def alone(found: Renewal) -> None:
        server.held.clear()
        threading.Thread(target=three_wait, daemon=True).start()

    found = renew(hub, asked(server, 30), project=PROJECT, on_alone=alone, jobs=3)
    assert len(found.links) == 30
    assert server.most == 3


def test_a_refused_key_ends_it_at_the_first_question(server: HubServer) -> None:
    hub = Hub(server.host, "wrongKey", patience=QUICK)
    with pytest.raises(FetchError) as caught:
        renew(hub, asked(server, 50), project=PROJECT)
    hub.close()
    assert caught.value.code == "key"
    assert len(server.asked) == 1


def test_a_file_that_is_gone_costs_its_own_link_alone(server: HubServer, hub: Hub) -> None:
    server.unknown = {without_query(server.dead("/p/0.png")), without_query(server.dead("/p/5.png"))}
    found = renew(hub, asked(server, 10), project=PROJECT)
    assert len(found.links) == 8
    assert found.refused == 2
    assert found.failure is not None and found.failure.code == "gone"
    assert not found.is_stopped


def test_a_wrong_project_is_not_asked_for_every_file(server: HubServer, hub: Hub) -> None:
    with pytest.raises(FetchError) as caught:
        renew(hub, asked(server, 500), project="0" * 24, jobs=1)
    assert caught.value.code == "gone"
    assert len(server.questions()) == 8


def test_what_came_before_the_server_went_is_kept(server: HubServer, hub: Hub) -> None:
    def look(done: int, total: int) -> None:
        if done == 5:
            server.always = (500, b"", {})

    found = renew(hub, asked(server, 40), project=PROJECT, on_progress=look, jobs=1)
    assert len(found.links) == 5
    assert found.is_stopped
    assert found.failure is not None and "(500)" in str(found.failure)
    assert len(server.questions()) == 5 + QUICK.tries


def test_cancelled_in_between(server: HubServer, hub: Hub) -> None:
    stop = threading.Event()

    def look(done: int, total: int) -> None:
        if done == 4:
            stop.set()

    found = renew(hub, asked(server, 40), project=PROJECT, on_progress=look, cancelled=stop.is_set, jobs=1)
    assert len(found.links) == 4
    assert found.is_stopped
    assert len(server.questions()) == 4


def test_until_when_each_asset_is_there_again(server: HubServer, hub: Hub) -> None:
    server.moment = datetime(2026, 11, 24, 10, tzinfo=UTC)
    wanted = [*asked(server, 2), Asked("https://bucket.example.com/never.png", "assets", 7)]
    found = renew(hub, wanted[:2], project=PROJECT)
    ends = server.moment + timedelta(seconds=120_000)
    assert found.ends(wanted) == {0: ends, 1: ends}
    early = server.url("/b", seconds=60)
    found.links["https://bucket.example.com/mask"] = early
    found.links["https://bucket.example.com/open"] = "https://bucket.example.com/open"
    more = [Asked("https://bucket.example.com/mask?old", "brushes", 1),
            Asked("https://bucket.example.com/open", "assets", 8)]  # fmt: skip
    assert found.ends([*wanted, *more]) == {0: ends, 1: server.moment + timedelta(seconds=60), 8: None}

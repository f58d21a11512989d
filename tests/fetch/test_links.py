from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.make.fault_server import FaultServer, reply, serving
from viewer.errors import FetchError
from viewer.fetch import Address, Sources
from viewer.fetch.client import Patience
from viewer.fetch.links import Links

DEAD = "X-Amz-Date=20240902T101500Z&X-Amz-Expires=120000&X-Amz-Signature=OLD"


def live(path: str) -> str:
    date = datetime.now(UTC) - timedelta(hours=1)
    return f"{path}?X-Amz-Date={date:%Y%m%dT%H%M%SZ}&X-Amz-Expires=120000&X-Amz-Signature=NEW%2Fkey"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as server:
        yield server


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    patience = Patience(connect_s=5, first_byte_s=5, idle_s=5, wait_s=0, tries=1)
    sources = Sources(
        tmp_path / "export.json", cache_dir=tmp_path / "cache", allow_private_hosts=True, patience=patience
    )
    yield sources
    sources.close()


@pytest.mark.parametrize(
    "key",
    ["https://Store.test/a%20b.png", f"https://store.test:443/a%20b.png?{DEAD}", "HTTPS://store.test/a%20b.png#x"],
)
def test_a_link_is_known_without_its_signature(key: str) -> None:
    links = Links()
    address = Address(url=f"https://store.test/a%20b.png?{DEAD}", external_id="a b.png", asset_key="k", part=1, parts=2)
    new = live("https://other.test/b.png")
    assert links.replace({key: new}) == 1
    used = links.of(address)
    assert used.url == new
    assert (used.external_id, used.asset_key, used.part, used.parts) == ("a b.png", "k", 1, 2)
    assert links.of(Address(url="https://store.test/other.png")).url == "https://store.test/other.png"


def test_a_query_that_names_the_file_tells_links_apart() -> None:
    links = Links()
    links.replace({"https://store.test/get?file=1": "https://store.test/get?file=1&t=2"})
    assert links.of(Address(url="https://store.test/get?file=1")).url == "https://store.test/get?file=1&t=2"
    assert links.of(Address(url="https://store.test/get?file=2")).url == "https://store.test/get?file=2"


def test_versions_of_an_object_are_told_apart_unless_the_key_has_none() -> None:
    links = Links()
    versioned = Address(url=f"https://store.test/a?versionId=1&{DEAD}")
    links.replace({f"https://store.test/a?versionId=2&{DEAD}": "https://store.test/two"})
    assert links.of(versioned) is versioned
    links.replace({"https://store.test/a": "https://store.test/any"})
    assert links.of(versioned).url == "https://store.test/any"


def test_unusable_links_are_not_taken_and_the_old_ones_come_back() -> None:
    links = Links()
    address = Address(url="https://store.test/a")
    for bad in ("file:///etc/passwd", "a/b.png", "https://user:word@store.test/a", "https://store.test/a\\b", ""):
        assert links.replace({"https://store.test/a": bad}) == 0
    assert links.of(address) is address
    first, second = {"https://store.test/a": "https://store.test/b"}, {"https://store.test/a": "https://store.test/c"}
    links.replace(first)
    assert len(links) == 1
    links.replace(second)
    links.forget(first)
    assert links.of(address).url == "https://store.test/c"
    links.forget(second)
    assert links.of(address) is address


def test_any_text_of_an_export_can_be_replaced() -> None:
    links = Links()
    for old in ("folder/a.png", "s3://bucket/key", "https://user:word@store.test/a", "\ud83d"):
        assert links.replace({old: "https://store.test/new"}) == 1
        assert links.of(Address(url=old)).url == "https://store.test/new"
    assert links.of(Address(url=None)).url is None


def test_nothing_of_a_link_is_in_its_repr() -> None:
    links = Links()
    links.replace({f"https://store.test/a?{DEAD}": live("https://store.test/a")})
    assert repr(links) == "<1 links>"


def test_the_end_is_that_of_the_link_in_use() -> None:
    links = Links()
    address = Address(url=f"https://store.test/a?{DEAD}")
    assert links.ends(address) == datetime(2024, 9, 3, 19, 35, tzinfo=UTC)
    links.replace({"https://store.test/a": live("https://store.test/a")})
    ends = links.ends(address)
    assert ends is not None and ends > datetime.now(UTC)
    links.replace({"https://store.test/a": "https://store.test/unsigned"})
    assert links.ends(address) is None


def test_a_dead_link_is_fetched_by_the_one_taken_over_byte_for_byte(server: FaultServer, sources: Sources) -> None:
    server.answers("/new/a.png", reply(b"pixels"))
    address = Address(url=server.url(f"/old/a.png?{DEAD}"), external_id="a.png")
    with pytest.raises(FetchError, match="expired"):
        sources.fetch(address)
    new = live("/new/a.png")
    sources.links.replace({server.url("/old/a.png"): server.url(new)})
    ends = sources.ends(address)
    assert ends is not None and ends > datetime.now(UTC)
    path = sources.fetch(address)
    assert path.read_bytes() == b"pixels"
    assert [request.target for request in server.requests] == [new.encode()]
    assert sources.locate(address) == path


def test_what_was_cached_by_the_old_link_still_opens(server: FaultServer, sources: Sources) -> None:
    server.answers("/old/a.png", reply(b"pixels"))
    address = Address(url=server.url("/old/a.png?X-Amz-Signature=1"))
    path = sources.fetch(address)
    sources.links.replace({server.url("/old/a.png"): server.url("/new/a.png?X-Amz-Signature=2")})
    assert sources.locate(address) == path
    assert sources.fetch(address) == path
    assert len(server.requests) == 1
    # what cannot be shown is dropped, and comes by the new link
    server.answers("/new/a.png", reply(b"better"))
    assert sources.forget(address)
    assert sources.fetch(address).read_bytes() == b"better"
    assert sources.forget(address)
    assert sources.locate(address) is None


def test_a_link_that_cannot_be_used_is_mended_by_one_that_can(server: FaultServer, sources: Sources) -> None:
    url = server.answers("/a.png", reply(b"pixels"))
    for old in ("https://user:word@store.test/a.png", "missing/a.png", "s3://bucket/a.png"):
        address = Address(url=old)
        with pytest.raises(FetchError):
            sources.fetch(address)
        sources.links.replace({old: url})
        assert sources.fetch(address).read_bytes() == b"pixels"


def test_a_private_host_of_a_link_taken_over_is_asked_about(server: FaultServer, tmp_path: Path) -> None:
    sources = Sources(tmp_path / "export.json", cache_dir=tmp_path / "cache")
    try:
        sources.links.replace({"https://store.test/a": server.answers("/a", reply(b"pixels"))})
        with pytest.raises(FetchError) as caught:
            sources.fetch(Address(url="https://store.test/a"))
        assert (caught.value.code, caught.value.host) == ("private-host", "127.0.0.1")
        assert not server.requests
    finally:
        sources.close()

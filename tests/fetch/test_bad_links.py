"""Links and networks as they should not be, from the address to the sentence.

The rows U3, U8, U9, U10, U12, U14 and most of U5 of reliability.md §7 are in `test_client`, `test_body`, `test_policy`.
"""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.make import pdfs
from tests.make.fault_server import FaultServer, reply, serving, status
from viewer import limits
from viewer.decoders import open_document
from viewer.decoders.base import Hints
from viewer.errors import FetchError
from viewer.fetch import Address, Sources, encoded, presign
from viewer.fetch.client import Client, Patience
from viewer.fetch.transfers import Transfers


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as server:
        yield server


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    patience = Patience(connect_s=5, first_byte_s=5, idle_s=5, wait_s=0.0, tries=3)
    sources = Sources(tmp_path / "e.json", cache_dir=tmp_path / "cache", allow_private_hosts=True, patience=patience)
    yield sources
    sources.close()


def refused(sources: Sources, url: Any, **more: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        sources.fetch(Address(url=url, external_id="lot/a.png", **more))
    return caught.value


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (None, "gives no address"),
        ("", "gives no address"),
        ("17", "gives a place in a store"),
        ("s3://bucket/a.png", "private store (s3://)"),
        ("data:image/png;base64,AAAA", "a data address, which is not read"),
        ("ftp://h/a.png", "of the kind ftp:"),
    ],
)
def test_u1_no_address_that_can_be_fetched(sources: Sources, tmp_path: Path, url: str | None, words: str) -> None:
    error = refused(sources, url)
    assert (error.code, words in str(error)) == ("no-address", True), str(error)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.png").write_bytes(b"mine")
    own = Sources(tmp_path / "e.json", cache_dir=tmp_path / "cache", assets_dir=tmp_path / "mine")
    assert own.fetch(Address(url=url, external_id="lot/a.png")).read_bytes() == b"mine"
    own.close()


def test_u2_expiry_is_told_by_the_servers_clock(server: FaultServer, tmp_path: Path) -> None:
    here = datetime(2026, 11, 24, 12, tzinfo=UTC)
    sources = Sources(tmp_path / "e.json", cache_dir=tmp_path / "c", allow_private_hosts=True, now=lambda: here)
    signed = "?X-Amz-Date=20261124T060000Z&X-Amz-Expires=21900&X-Amz-Signature=0"  # to 12:05
    url = server.answers("/a.png", reply(b"pixels", Date="Wed, 25 Nov 2026 12:00:00 GMT")) + signed
    expiry = presign.expiry(url)
    assert presign.validity_in_words(expiry, sources.now(url)) == "expires in 5 min"
    assert presign.is_soon(expiry, sources.now(url))
    sources.fetch(Address(url=url))
    assert presign.validity_in_words(expiry, sources.now(url)) == "expired 23 h ago"
    error = refused(sources, url.replace("a.png", "b.png"))
    assert (error.code, "24 Nov 2026, 12:05 UTC" in str(error)) == ("expired", True)
    assert len(server.requests) == 1, "the server told its time: no need to ask for a link that ended"
    assert sources.now("https://other.test/a.png") == sources.now(None) == here
    sources.close()


def test_u4_waits_are_shown(server: FaultServer, tmp_path: Path) -> None:
    url = server.answers("/a.png", *[status(500)] * 2, status(429, Retry_After="200"))
    sources = Sources(
        tmp_path / "e.json", cache_dir=tmp_path / "c", allow_private_hosts=True, patience=Patience(wait_s=0.0)
    )
    changed = threading.Event()
    transfers = Transfers(sources.fetch, on_change=changed.set)
    transfers.want(Address(url=url, external_id="a.png"))
    while not (report := transfers.report().transfers[0]).retry_in_s or report.retry_in_s < 100:
        assert changed.wait(20)
        changed.clear()
    assert "too busy to send a.png (429). It asks to wait 200 s." in report.sentence
    transfers.close()
    sources.close()
    assert len(server.requests) == 3


def test_u5_a_connection_that_is_reset_is_made_anew_and_nothing_wrong_stays(
    server: FaultServer, sources: Sources, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 400

    def reset(send: Any) -> None:
        connection: socket.socket = send.__self__
        send(reply(content[:40_000], length=len(content), ETag='"one"'))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()  # with nothing to wait for, that is a reset
        raise OSError

    url = server.answers("/a.png", reset, reply(content, ETag='"one"'))
    assert sources.fetch(Address(url=url, external_id="a.png")).read_bytes() == content
    always = server.answers("/b.png", reset)
    assert "broke off" in str(refused(sources, always))
    assert sources.locate(Address(url=always)) is None
    assert len([file for file in (tmp_path / "cache" / "objects").rglob("*") if file.is_file()]) == 1


def test_u6_an_endless_file_is_cut(server: FaultServer, tmp_path: Path) -> None:
    url = server.answers("/a.png", server.endless(reply(length=-1), b"x" * 65536))
    sources = Sources(tmp_path / "e.json", cache_dir=tmp_path / "c", allow_private_hosts=True, asset_limit=1_000_000)
    error = refused(sources, url)
    assert (error.code, "976.6 KB, the limit for one file" in str(error)) == ("too-large", True)
    assert list((tmp_path / "c" / "parts").iterdir()) == []
    sources.close()


def test_u7_a_body_that_unpacks_without_end_is_not_kept(
    server: FaultServer, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack = encoded.unpack
    monkeypatch.setattr(encoded, "unpack", lambda *a, **k: unpack(*a, **k, ratio_from=limits.MB))
    bomb = gzip.compress(bytes(20_000_000))
    error = refused(sources, server.answers("/a.dcm", reply(bomb, Content_Encoding="gzip")))
    assert (error.code, "bomb" in str(error)) == ("too-large", True)
    assert list((tmp_path / "cache" / "parts").iterdir()) == []
    assert sources.cache.size() == (0, 0)


def test_u11_a_proxy_that_is_down(server: FaultServer, sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    url = server.answers("/a.png", reply(b"pixels"))
    assert sources.fetch(Address(url=url)).read_bytes() == b"pixels"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{taken.getsockname()[1]}")
        monkeypatch.setenv("no_proxy", "")
        error = refused(sources, "http://pictures.example/a.png")
        assert (error.code, "No connection to the proxy 127.0.0.1" in str(error)) == ("offline", True), str(error)
        assert sources.fetch(Address(url=url)).read_bytes() == b"pixels", "cached files still open"


def test_u11_no_names_can_be_looked_up(tmp_path: Path) -> None:
    def dead(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure")

    client = Client(patience=Patience(wait_s=0.0, tries=2), resolve=dead)
    sources = Sources(tmp_path / "e.json", cache_dir=tmp_path / "c", client=client)
    error = refused(sources, "https://pictures.example/a.png")
    assert (error.code, "could not be looked up. Tried 2 times." in str(error)) == ("offline", True)
    sources.close()


def test_u13_the_bytes_say_what_a_file_is(server: FaultServer, sources: Sources) -> None:
    url = server.answers("/a.png", reply(pdfs.pdf(pdfs.Sheet(), pdfs.Sheet()), Content_Type="image/png"))
    path = sources.fetch(Address(url=url, external_id="a.png"))
    with path.open("rb") as file:
        document = open_document(file, Hints(name="a.png"))
        assert document.page_count == 2, "a picture would have one"
        document.close()


def test_a_link_near_its_end_is_still_asked(server: FaultServer, sources: Sources) -> None:
    signed = datetime.now(UTC) - timedelta(hours=1, seconds=-300)
    query = f"?X-Amz-Date={signed:%Y%m%dT%H%M%SZ}&X-Amz-Expires=3600&X-Amz-Signature=0"
    assert sources.fetch(Address(url=server.answers("/a.png", reply(b"pixels")) + query)).read_bytes() == b"pixels"

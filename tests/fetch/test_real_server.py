"""Signed links of a real S3 server that checks signatures: what it answers, and what comes of it."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.make.swift_server import Swift
from viewer.errors import FetchError
from viewer.fetch import Address, Sources
from viewer.fetch.client import Patience
from viewer.fetch.parts import OVERLAP

KEY = "project/ä b+c 7~.png"
CONTENT = os.urandom(700_000)


@pytest.fixture(scope="module")
def link(swift: Swift) -> Callable[..., str]:
    swift.put(KEY, CONTENT)
    return swift.url


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    sources = Sources(
        tmp_path / "export.json",
        cache_dir=tmp_path / "cache",
        allow_private_hosts=True,
        patience=Patience(tries=2, wait_s=0.0),
    )
    yield sources
    sources.close()


def refused(sources: Sources, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        sources.fetch(Address(url=url, external_id="c.png"))
    assert "Signature=" not in str(caught.value) and "Credential" not in str(caught.value)
    return caught.value


def status_of(url: str, method: str = "GET", **headers: str) -> int:
    request = urllib.request.Request(url, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_valid_link_brings_the_file(sources: Sources, link: Callable[..., str]) -> None:
    assert "%3A" in link(KEY) and "%2F" in link(KEY), "bytes that clients like to change"
    path = sources.fetch(Address(url=link(KEY)))
    assert path.read_bytes() == CONTENT
    assert sources.locate(Address(url=link(KEY, expires_s=60))) == path, "another signature, the same file"
    assert sources._client.clock.skew("127.0.0.1") == timedelta(0)


def test_an_altered_link_is_refused(sources: Sources, link: Callable[..., str]) -> None:
    url = link(KEY)
    last = "1" if url[-1] == "0" else "0"
    for altered in (
        url[:-1] + last,
        url.replace("120000", "130000"),
        url + "&more=1",
        url.replace("&x-id=GetObject", ""),
    ):
        error = refused(sources, altered)
        assert (error.code, "altered on its way (SignatureDoesNotMatch)" in str(error)) == ("refused", True)


def test_the_server_says_that_a_link_has_expired(sources: Sources, link: Callable[..., str]) -> None:
    signed = datetime.now(UTC) - timedelta(hours=1)
    error = refused(sources, link(KEY, expires_s=600, at=signed))
    assert error.code == "expired"
    ended = signed + timedelta(seconds=600)
    assert f"The link to c.png expired on {ended.day} " in str(error)
    assert f"{ended:%H:%M} UTC" in str(error)


def test_a_link_that_ended_days_ago_is_not_even_asked(sources: Sources, link: Callable[..., str]) -> None:
    url = link(KEY, at=datetime.now(UTC) - timedelta(days=20))
    assert status_of(url) == 403
    assert refused(sources, url).code == "expired"
    assert sources._client.clock.skew("127.0.0.1") is None


def test_a_file_that_is_gone(sources: Sources, link: Callable[..., str]) -> None:
    error = refused(sources, link("project/none.png"))
    assert (error.code, "(404 NoSuchKey)" in str(error)) == ("gone", True)


def test_a_started_file_goes_on_by_its_range(
    sources: Sources, swift: Swift, link: Callable[..., str], tmp_path: Path
) -> None:
    url = link(KEY)
    assert status_of(url, Range="bytes=100-199") == 206
    stop: list[int] = []
    with pytest.raises(FetchError, match="cancelled"):
        sources.fetch(
            Address(url=url), on_progress=lambda n, total: stop.append(n), cancelled=lambda: bool(stop and stop[-1])
        )
    (part,) = (tmp_path / "cache" / "parts").glob("*.part")
    started = part.stat().st_size
    assert 0 < started < len(CONTENT)
    came: list[int] = []
    assert sources.fetch(Address(url=url), on_progress=lambda n, total: came.append(n)).read_bytes() == CONTENT
    assert came[0] >= started - OVERLAP, "it did not begin at 0"
    assert list((tmp_path / "cache" / "parts").iterdir()) == []


def test_a_started_file_that_changed_is_begun_anew(sources: Sources, swift: Swift, tmp_path: Path) -> None:
    old, new = os.urandom(700_000), os.urandom(700_000)
    swift.put("changing.mp4", old)
    url = swift.url("changing.mp4")
    stop: list[int] = []
    with pytest.raises(FetchError, match="cancelled"):
        sources.fetch(
            Address(url=url), on_progress=lambda n, total: stop.append(n), cancelled=lambda: bool(stop and stop[-1])
        )
    (note,) = (tmp_path / "cache" / "parts").glob("*.json")
    assert set(json.loads(note.read_bytes())) == {"etag", "total", "content_type", "encoding"}
    swift.put("changing.mp4", new)
    assert sources.fetch(Address(url=url)).read_bytes() == new


def test_a_head_request_would_be_refused(link: Callable[..., str]) -> None:
    assert status_of(link(KEY), method="HEAD") == 403

"""Going on after a cut: what is asked for, what is believed of the answer, and when a file is begun anew."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.make.fault_server import FaultServer, Send, hang_up, reply, serving, status
from viewer.errors import FetchError
from viewer.fetch.body import size_in_words
from viewer.fetch.client import Client, Patience
from viewer.fetch.parts import OVERLAP, Part, Version

CONTENT = bytes(range(256)) * 2048  # 512 KB, each place like no other nearby
CUT = 300_000


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as server:
        yield server


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client(allow_private_hosts=True, patience=Patience(wait_s=0.0, tries=3))
    yield client
    client.close()


def rest(
    content: bytes, start: int, *, code: int = 206, says: int | None = None, total: int | None = None, **headers: str
) -> bytes:
    """The answer to a request for the bytes from `start` on."""
    first = start if says is None else says
    whole = len(content) if total is None else total
    return reply(content[start:], code=code, Content_Range=f"bytes {first}-{len(content) - 1}/{whole}", **headers)


def begun(etag: str, length: int = CUT, *, content: bytes = CONTENT, ours: bool = False) -> Part:
    """What an earlier run of the program left; `ours`: this run."""
    part = Part(io.BytesIO(content[:length]), version=Version(etag=etag, total=len(content)))
    part.is_surely_ours = ours
    return part


def get(client: Client, url: str, part: Part | None = None) -> bytes:
    part = part or Part(io.BytesIO())
    received = client.get(url, part, name="a.mp4")
    part.file.seek(0)
    body = part.file.read()
    assert received.length == len(body)
    return body


def asked(server: FaultServer) -> list[tuple[str | None, str | None]]:
    """(Range, If-Range) of each request."""
    return [(request.headers.get("range"), request.headers.get("if-range")) for request in server.requests]


def test_a_cut_body_goes_on_where_it_was_cut(server: FaultServer, client: Client) -> None:
    first = hang_up(reply(CONTENT[:CUT], length=len(CONTENT), ETag='"1"'))
    url = server.answers("/a.mp4", first, rest(CONTENT, CUT, ETag='"1"'))
    assert get(client, url) == CONTENT
    assert asked(server) == [(None, None), (f"bytes={CUT}-", '"1"')]


def test_it_goes_on_after_a_restart_and_looks_at_the_end_of_what_was_there(server: FaultServer, client: Client) -> None:
    start = CUT - OVERLAP
    url = server.answers("/a.mp4", rest(CONTENT, start, ETag='"1"'))
    assert get(client, url, begun('"1"')) == CONTENT
    assert asked(server) == [(f"bytes={start}-", '"1"')]


@pytest.mark.parametrize("etag", ["", 'W/"1"'])
def test_without_a_strong_etag_the_last_bytes_are_compared(server: FaultServer, client: Client, etag: str) -> None:
    start = CUT - OVERLAP
    url = server.answers("/a.mp4", rest(CONTENT, start, ETag=etag) if etag else rest(CONTENT, start))
    assert get(client, url, begun(etag, ours=True)) == CONTENT
    assert asked(server) == [(f"bytes={start}-", None)]


NEW = CONTENT[::-1]


@pytest.mark.parametrize(
    "answer",
    [
        rest(NEW, CUT, ETag='"2"'),  # a 206 although If-Range does not fit
        rest(CONTENT, CUT, says=CUT + 1, ETag='"1"'),
        rest(CONTENT, CUT, total=len(CONTENT) + 1, ETag='"1"'),
        reply(CONTENT[CUT:], code=206, ETag='"1"'),
        reply(CONTENT[CUT:], code=206, ETag='"1"', Content_Range="nonsense"),
        rest(CONTENT, CUT, ETag='"1"', Content_Encoding="gzip"),
        status(412),
        status(416, Content_Range=f"bytes */{CUT - 1}"),
        status(416),
    ],
    ids=["etag", "start", "total", "no-range", "nonsense", "encoding", "412", "416-shorter", "416"],
)  # fmt: skip
def test_what_is_not_the_rest_of_it_is_begun_anew(server: FaultServer, client: Client, answer: Any) -> None:
    url = server.answers("/a.mp4", answer, reply(NEW, ETag='"2"'))
    assert get(client, url, begun('"1"', ours=True)) == NEW
    assert asked(server) == [(f"bytes={CUT}-", '"1"'), (None, None)]


def test_other_bytes_than_those_that_are_there_are_begun_anew(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.mp4", rest(NEW, CUT - OVERLAP), reply(NEW))
    assert get(client, url, begun("")) == NEW
    assert asked(server) == [(f"bytes={CUT - OVERLAP}-", None), (None, None)]


def test_a_server_without_ranges_sends_all_of_it(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.mp4", reply(CONTENT, ETag='"1"'))
    assert get(client, url, begun('"1"')) == CONTENT
    assert len(server.requests) == 1


def test_a_file_that_changes_each_time_is_told(server: FaultServer, client: Client) -> None:
    cut = hang_up(reply(NEW[:CUT], length=len(NEW), ETag='"2"'))
    changed = [rest(CONTENT, CUT, ETag='"2"'), cut, rest(CONTENT, CUT, ETag='"3"')]
    url = server.answers("/a.mp4", *changed)
    with pytest.raises(FetchError, match=r"changes on 127\.0\.0\.1 while it is fetched"):
        get(client, url, begun('"1"', ours=True))


def test_all_was_there_already(server: FaultServer, client: Client) -> None:
    url = server.answers("/a.mp4", status(416, Content_Range=f"bytes */{len(CONTENT)}"))
    assert get(client, url, begun('"1"', len(CONTENT), ours=True)) == CONTENT
    assert len(server.requests) == 1


def test_as_long_as_each_try_brings_something_it_goes_on(server: FaultServer, client: Client) -> None:
    def some(send: Send) -> None:
        wanted = server.requests[-1].headers.get("range", "bytes=0-")
        start = int(re.findall(r"\d+", wanted)[0])
        whole = rest(CONTENT, start, ETag='"1"') if start else reply(CONTENT, ETag='"1"')
        head, _, body = whole.partition(b"\r\n\r\n")
        hang_up(head + b"\r\n\r\n" + body[:70_000])(send)

    assert get(client, server.answers("/a.mp4", some)) == CONTENT
    assert len(server.requests) == 8, "more than the three tries without progress"


def test_a_redirect_keeps_the_range(server: FaultServer, client: Client) -> None:
    server.answers("/a.mp4", status(302, Location="/b.mp4"))
    server.answers("/b.mp4", rest(CONTENT, CUT, ETag='"1"'))
    assert get(client, server.url("/a.mp4"), begun('"1"', ours=True)) == CONTENT
    assert asked(server) == [(f"bytes={CUT}-", '"1"')] * 2


def test_a_total_learned_from_the_rest_counts(server: FaultServer, client: Client) -> None:
    part = begun("")
    part.version = Version(total=None)
    short = reply(
        CONTENT[CUT - OVERLAP : -1000], code=206, Content_Range=f"bytes {CUT - OVERLAP}-524287/{len(CONTENT)}"
    )
    url = server.answers("/a.mp4", short, rest(CONTENT, len(CONTENT) - 1000 - OVERLAP))
    assert get(client, url, part) == CONTENT


@pytest.mark.parametrize(
    ("length", "words"), [(5, "5 bytes"), (2048, "2 KB"), (4_300_000, "4.1 MB"), (22 << 30, "22 GB")]
)
def test_sizes_in_words(length: int, words: str) -> None:
    assert size_in_words(length) == words

"""Pieces of a file as they are wanted: which requests that takes, what is kept, and what goes wrong on the way."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.make.fault_server import reply
from tests.make.range_server import RangeServer, serving_ranges
from viewer import limits
from viewer.errors import FetchError
from viewer.fetch import Address, Sources
from viewer.fetch.block_store import BLOCK
from viewer.fetch.blocks import Stream
from viewer.fetch.client import Patience
from viewer.fetch.parts import OVERLAP
from viewer.fetch.streams import FIRST

WAIT = 20.0
EXPIRED = (
    b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message>"
    b"<Expires>2026-01-02T03:04:05Z</Expires></Error>"
)
HASTY = Patience(first_byte_s=2, idle_s=2, tries=3, wait_s=0.01, wait_max_s=0.05)


def content(blocks: float = 40, seed: int = 1) -> bytes:
    """A file that begins like an MP4."""
    return b"\0\0\0\x18ftypisom" + random.Random(seed).randbytes(int(blocks * BLOCK) - 12)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[RangeServer]:
    monkeypatch.setattr(limits, "STREAM_FROM", 6 * BLOCK)
    monkeypatch.setattr(limits, "DISK_RESERVE", 0)
    with serving_ranges() as made:
        yield made


@pytest.fixture
def sources(tmp_path: Path, server: RangeServer) -> Iterator[Sources]:
    made = Sources(tmp_path / "e.json", cache_dir=tmp_path / "cache", allow_private_hosts=True, patience=HASTY)
    yield made
    made.close()


def opened(sources: Sources, url: str, **options: object) -> Stream:
    stream = sources.stream(Address(url=url), **options)  # type: ignore[arg-type]
    assert isinstance(stream, Stream)
    return stream


def read(stream: Stream, offset: int, length: int) -> bytes:
    """As a worker reads: ask until all of it is there."""
    end = min(offset + length, stream.length)
    at = offset
    while at < end:
        at = stream.need(at, end - at).result(WAIT)
    with stream.path.open("rb") as file:
        file.seek(offset)
        return file.read(length)


def kept(sources: Sources, suffix: str) -> list[Path]:
    return sorted((sources.cache.folder / "blocks").glob(f"*{suffix}"))


def test_only_what_is_needed_is_fetched(server: RangeServer, sources: Sources) -> None:
    whole = content()
    stream = opened(sources, server.serve("/a.mp4", whole))
    assert read(stream, 0, 100) == whole[:100]
    assert server.asked == [(0, FIRST)]
    at = 20 * BLOCK + 17
    assert read(stream, at, 1000) == whole[at : at + 1000]
    assert server.asked[1:] == [(20 * BLOCK, 21 * BLOCK)]
    assert read(stream, at + 500, 100) == whole[at + 500 : at + 600]
    assert read(stream, len(whole) - 10, 10) == whole[-10:]
    assert server.asked[2:] == [(39 * BLOCK, len(whole))]
    assert server.requests[-1].headers["if-range"].startswith('"')


def test_what_is_there_already_is_not_asked_for_again(server: RangeServer, sources: Sources) -> None:
    whole = content()
    stream = opened(sources, server.serve("/a.mp4", whole))
    read(stream, 10 * BLOCK, BLOCK)
    server.forget()
    assert read(stream, 8 * BLOCK, 5 * BLOCK) == whole[8 * BLOCK : 13 * BLOCK]
    assert server.asked == [(8 * BLOCK, 10 * BLOCK), (11 * BLOCK, 13 * BLOCK)]


def test_the_newest_wish_comes_first(server: RangeServer, sources: Sources) -> None:
    whole = content(400)
    stream = opened(sources, server.serve("/a.mp4", whole))
    server.stalls = True
    asked = threading.Event()
    server.on_request = lambda request: asked.set()
    first = stream.need(50 * BLOCK, 100 * BLOCK)
    assert asked.wait(WAIT)
    second = stream.need(300 * BLOCK, BLOCK)
    server.stalls = False
    assert second.result(WAIT) == 301 * BLOCK
    assert first.result(WAIT) >= 51 * BLOCK
    assert (300 * BLOCK, 301 * BLOCK) in server.asked


def test_a_wish_that_was_given_up_keeps_nobody_waiting(server: RangeServer, sources: Sources) -> None:
    stream = opened(sources, server.serve("/a.mp4", content()))
    server.stalls = True
    asked = threading.Event()
    server.on_request = lambda request: asked.set()
    wish = stream.need(20 * BLOCK, BLOCK)
    assert asked.wait(WAIT)
    assert wish.cancel()
    other = stream.need(30 * BLOCK, BLOCK)
    server.stalls = False
    assert other.result(WAIT) == 31 * BLOCK


def test_stopping_ends_the_waiting(server: RangeServer, sources: Sources) -> None:
    whole = content()
    stream = opened(sources, server.serve("/a.mp4", whole))
    server.stalls = True
    asked = threading.Event()
    server.on_request = lambda request: asked.set()
    wish = stream.need(20 * BLOCK, BLOCK)
    assert asked.wait(WAIT)
    stream.stop()
    with pytest.raises(FetchError) as raised:
        wish.result(WAIT)
    assert raised.value.code == "cancelled"
    server.stalls = False
    assert read(stream, 20 * BLOCK, 10) == whole[20 * BLOCK : 20 * BLOCK + 10]


@pytest.mark.parametrize("cut", [0, BLOCK // 2, 3 * BLOCK])
def test_a_cut_connection_is_taken_up_again(server: RangeServer, sources: Sources, cut: int) -> None:
    whole = content()
    stream = opened(sources, server.serve("/a.mp4", whole))
    server.cut_after = cut
    assert read(stream, 10 * BLOCK, 20 * BLOCK) == whole[10 * BLOCK : 30 * BLOCK]
    assert server.asked[2][0] == 10 * BLOCK + cut // BLOCK * BLOCK  # type: ignore[index]


def test_a_cut_at_the_very_beginning_is_taken_up_again(server: RangeServer, sources: Sources) -> None:
    url = server.serve("/a.mp4", content())
    server.cut_after = BLOCK
    assert opened(sources, url).length == 40 * BLOCK


def test_a_link_that_expires_meanwhile(server: RangeServer, sources: Sources) -> None:
    whole = content()
    stream = opened(sources, server.serve("/a.mp4", whole))
    server.refusal = reply(EXPIRED, code=403)
    with pytest.raises(FetchError, match=r"The link to a\.mp4 expired on 2 Jan 2026"):
        read(stream, 20 * BLOCK, 10)
    assert read(stream, 100, 10) == whole[100:110]  # what is here stays
    server.refusal = None
    assert read(stream, 20 * BLOCK, 10) == whole[20 * BLOCK : 20 * BLOCK + 10]  # and it is tried again when asked


def test_an_expired_link_is_told_at_once(server: RangeServer, sources: Sources) -> None:
    url = server.serve("/a.mp4", content())
    server.refusal = reply(EXPIRED, code=403)
    with pytest.raises(FetchError) as raised:
        sources.stream(Address(url=url))
    assert raised.value.code == "expired"


@pytest.mark.parametrize("length", [40, 41])
def test_a_file_that_is_another_now(server: RangeServer, sources: Sources, length: int) -> None:
    url = server.serve("/a.mp4", content())
    stream = opened(sources, url)
    newer = content(length, seed=2)
    server.serve("/a.mp4", newer)
    with pytest.raises(FetchError, match="another file on its server") as raised:
        read(stream, 20 * BLOCK, 10)
    assert raised.value.code == "changed"
    with pytest.raises(FetchError):
        stream.need(30 * BLOCK, 10).result(WAIT)
    again = opened(sources, url)
    assert read(again, 20 * BLOCK, 10) == newer[20 * BLOCK : 20 * BLOCK + 10]
    assert read(again, 0, 10 * BLOCK) == newer[: 10 * BLOCK]
    stream.close()
    assert read(again, 0, BLOCK) == newer[:BLOCK]


def test_a_server_that_ignores_if_range(server: RangeServer, sources: Sources) -> None:
    """Swift answers 206 to an If-Range that does not fit: the ETag of the answer tells."""
    url = server.serve("/a.mp4", content())
    stream = opened(sources, url)

    def blind(request: object) -> None:
        request.headers.pop("if-range", None)  # type: ignore[attr-defined]

    server.on_request = blind
    server.serve("/a.mp4", content(seed=2))
    with pytest.raises(FetchError, match="another file"):
        read(stream, 20 * BLOCK, 10)


@pytest.mark.parametrize("knob", ["no ranges", "no etag", "weak etag"])
def test_a_server_that_sends_no_parts_gives_the_whole_file(server: RangeServer, sources: Sources, knob: str) -> None:
    whole = content()
    url = server.serve("/a.mp4", whole)
    server.ranges = knob != "no ranges"
    server.etag = {"no etag": None, "weak etag": 'W/"1"'}.get(knob, "")
    told: list[str] = []
    path = sources.stream(Address(url=url), on_notice=told.append)
    assert isinstance(path, Path)
    assert path.read_bytes() == whole
    assert told == ["127.0.0.1 does not send parts of files: all of a.mp4 (2.5 MB) is fetched before it is shown."]


@pytest.mark.parametrize(
    ("name", "body"), [("small", content(5)), ("other kind", b"RIFF" + bytes(40 * BLOCK)), ("empty", b"")]
)
def test_other_files_are_fetched_without_a_word(server: RangeServer, sources: Sources, name: str, body: bytes) -> None:
    told: list[str] = []
    path = sources.stream(Address(url=server.serve("/a.mp4", body)), on_notice=told.append)
    assert isinstance(path, Path)
    assert path.read_bytes() == body
    assert told == []
    assert name != "small" or server.asked == [(0, FIRST), (FIRST - OVERLAP, len(body))]


def test_by_time_is_a_choice(server: RangeServer, sources: Sources) -> None:
    url = server.serve("/a.webm", b"\x1aE\xdf\xa3" + bytes(40 * BLOCK))
    assert isinstance(sources.stream(Address(url=url), by_time=False), Path)


def test_all_of_it_becomes_a_file_of_the_cache(server: RangeServer, sources: Sources) -> None:
    whole = content(100.3)
    url = server.serve("/a.mp4", whole)
    done = threading.Event()
    seen: list[tuple[int, int | None]] = []
    stream = opened(sources, url, on_whole=done.set, on_progress=lambda *counts: seen.append(counts))
    read(stream, 50 * BLOCK, BLOCK)
    stream.fetch_rest()
    assert done.wait(WAIT)
    assert stream.path.read_bytes() == whole
    path = sources.stream(Address(url=url))
    assert isinstance(path, Path)
    assert path == stream.path == sources.locate(Address(url=url))
    assert path.read_bytes() == whole
    assert sources.cache.find(path.name, check=True) == path
    stream.close()
    assert kept(sources, "") == []
    assert seen[0] == (FIRST, len(whole))


def test_the_rest_waits_for_what_is_wanted(server: RangeServer, sources: Sources) -> None:
    whole = content(400)
    stream = opened(sources, server.serve("/a.mp4", whole))
    server.bytes_per_s = 20 << 20
    asked = threading.Event()
    server.on_request = lambda request: asked.set()
    stream.fetch_rest()
    assert asked.wait(WAIT)
    read(stream, 390 * BLOCK, BLOCK)
    assert server.asked[2] == (390 * BLOCK, 391 * BLOCK)


def test_a_later_run_goes_on(tmp_path: Path, server: RangeServer) -> None:
    whole = content()
    url = server.serve("/a.mp4", whole)

    def run(wanted: Callable[[Stream], object]) -> None:
        sources = Sources(tmp_path / "e.json", cache_dir=tmp_path / "cache", allow_private_hosts=True, patience=HASTY)
        stream = opened(sources, url)
        wanted(stream)
        sources.close()

    run(lambda stream: read(stream, 20 * BLOCK, 5 * BLOCK))
    server.forget()
    run(lambda stream: read(stream, 20 * BLOCK, 5 * BLOCK))
    assert server.asked == [(0, FIRST)]
    server.serve("/a.mp4", content(seed=3))
    server.forget()
    run(lambda stream: read(stream, 20 * BLOCK, BLOCK))
    assert server.asked == [(0, FIRST), (20 * BLOCK, 21 * BLOCK)]


def test_users_share_what_is_there(server: RangeServer, sources: Sources) -> None:
    whole = content()
    url = server.serve("/a.mp4", whole)
    one, two = opened(sources, url), opened(sources, url)
    read(one, 20 * BLOCK, BLOCK)
    one.close()
    server.forget()
    assert read(two, 20 * BLOCK, BLOCK) == whole[20 * BLOCK : 21 * BLOCK]
    assert server.asked == []
    two.close()
    two.close()
    with pytest.raises(FetchError):
        two.need(30 * BLOCK, 1).result(WAIT)


def test_two_programs_have_blocks_of_their_own(tmp_path: Path, server: RangeServer) -> None:
    whole = content()
    url = server.serve("/a.mp4", whole)
    programs = [Sources(tmp_path / "e.json", cache_dir=tmp_path / "cache", allow_private_hosts=True) for _ in range(2)]
    streams = [opened(sources, url) for sources in programs]
    assert streams[0].path != streams[1].path
    for stream in streams:
        assert read(stream, 20 * BLOCK, BLOCK) == whole[20 * BLOCK : 21 * BLOCK]
    for sources in programs:
        sources.close()
    assert len(kept(programs[0], ".bytes")) == 1


def test_clearing_the_cache_takes_what_nobody_uses(server: RangeServer, sources: Sources) -> None:
    used, unused = (
        opened(sources, server.serve("/a.mp4", content())),
        opened(sources, server.serve("/b.mp4", content())),
    )
    assert sources.cache.size()[1] >= 2 * FIRST
    unused.close()
    assert sources.cache.clear() >= FIRST
    assert kept(sources, ".bytes") == [used.path]


def test_old_blocks_make_room_for_new_ones(tmp_path: Path, server: RangeServer) -> None:
    sources = Sources(
        tmp_path / "e.json", cache_dir=tmp_path / "cache", allow_private_hosts=True, cache_limit=6 * BLOCK * 4
    )
    for name in "abcd":
        opened(sources, server.serve(f"/{name}.mp4", content(seed=ord(name)))).close()
    assert sources.cache.blocks.bytes() <= 6 * BLOCK + FIRST
    sources.close()


def test_nothing_of_a_signature_is_kept(server: RangeServer, sources: Sources) -> None:
    url = server.serve("/a.mp4", content()) + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=canary"
    stream = opened(sources, url)
    read(stream, 20 * BLOCK, BLOCK)
    sources._streams.close()
    for path in sources.cache.folder.rglob("*"):
        assert "canary" not in path.name
        assert path.is_dir() or b"canary" not in path.read_bytes()

"""Large videos on a server, in the real window and by ``render``: few requests, the right frames, clear words."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.e2e.conftest import Program
from tests.make import videos
from tests.make.fault_server import reply
from tests.make.range_server import RangeServer, serving_ranges
from tests.make.video_set import VideoSet
from viewer import limits
from viewer.__main__ import main
from viewer.fetch import client
from viewer.fetch.block_store import BLOCK

Start = Callable[..., Program]
FRAMES = 96
EXPIRED = (
    b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message>"
    b"<Expires>2026-01-02T03:04:05Z</Expires></Error>"
)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> VideoSet:
    return VideoSet(tmp_path_factory.mktemp("videos"))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[RangeServer]:
    """A server on loopback; files from 1 MB on are large, and nobody is patient with servers."""
    hasty = partial(client.Patience, first_byte_s=5, idle_s=5, tries=2, wait_s=0.01, wait_max_s=0.05)
    monkeypatch.setattr(client, "Patience", hasty)
    monkeypatch.setattr(limits, "STREAM_FROM", 1 << 20)
    with serving_ranges() as made:
        yield made


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """An export of one video with a box on its first frame."""

    def make(url: str) -> Path:
        tool = {"bounding-box": {"x": 4, "y": 4, "width": 80, "height": 80}, "objectId": "o", "schemaId": "car",
                "title": "car", "page": 0}  # fmt: skip
        asset: dict[str, Any] = {
            "asset": url, "externalId": url.rpartition("/")[2],
            "metadata": {"frameRate": 30, "frameTotal": FRAMES, "width": 320, "height": 240},
            "task": {"taskId": "t", "tools": [tool]},
        }  # fmt: skip
        path = tmp_path / "export.json"
        path.write_text(json.dumps([asset]))
        return path

    return make


def opened(program: Start, export: Path) -> Program:
    return program(export, page=0, asset="0", allow_private_hosts=True)


def code(p: Program) -> int | None:
    """The number that is burnt into the frame on the canvas."""
    content = p.window.canvas.content
    assert content is not None
    return videos.read_code(content.raster.pixels)


def blocks_asked(server: RangeServer) -> set[int]:
    return {n for start, end in filter(None, server.asked) for n in range(start // BLOCK, -(-end // BLOCK))}


def goes_to(p: Program, page: int, *, late: int = 0) -> None:
    p.session.go_to_page(page)
    p.shown(0, page)
    assert code(p) == max(page - late, 0)


@pytest.mark.parametrize(("name", "late"), [("large.mp4", 0), ("large_faststart.mp4", 0), ("large_fragmented.mp4", 2)])
def test_any_frame_from_the_blocks_it_needs(
    program: Start, write: Any, server: RangeServer, clips: VideoSet, name: str, late: int
) -> None:
    """(The pictures of the fragmented one begin two frames after its clock, and so do its pages.)"""
    content = clips(name).path.read_bytes()
    p = opened(program, write(server.serve(f"/{name}", content)))
    p.shown(0, 0)
    assert code(p) == 0
    assert p.session.page_count == FRAMES + late
    assert p.window.notice_bar.isHidden() or late
    assert server.bodies < len(content)
    pages = list(range(FRAMES))
    random.Random(3).shuffle(pages)
    for page in pages[:12]:
        goes_to(p, page, late=late)
    assert all(asked is not None for asked in server.asked)
    assert server.bodies <= len(blocks_asked(server)) * BLOCK + len(server.asked) * BLOCK


def test_two_gigabytes_are_opened_in_four_requests(
    program: Start, write: Any, server: RangeServer, clips: VideoSet, tmp_path: Path
) -> None:
    clip = videos.with_gap(clips("large.mp4"), tmp_path / "huge.mp4", 2 << 30)
    moov = sum(n * sign for n, sign in zip(videos.find_box(clips("large.mp4").path.read_bytes(), [b"moov"]), (-1, 1)))
    p = opened(program, write(server.serve_huge("/huge.mp4", clip.path)))
    p.shown(0, 0)
    assert code(p) == 0
    assert all(asked is not None for asked in server.asked[:3])
    assert server.asked[1] == ((clip.path.stat().st_size - moov - 8) // BLOCK * BLOCK, clip.path.stat().st_size)
    assert server.bodies <= moov + (8 << 20)  # with what is decoded ahead, as far as that is by now
    for page in (80, 10, 95):
        goes_to(p, page)
    assert server.bodies <= clip.path.stat().st_size // 100


def test_webm_goes_by_time_until_all_of_it_is_here(
    program: Start, write: Any, server: RangeServer, clips: VideoSet
) -> None:
    content = clips("large.webm").path.read_bytes()
    p = opened(program, write(server.serve("/large.webm", content)))
    p.shown(0, 0)
    p.wait(lambda: p.session.loader.facts.get("index_source") == "packets")
    p.shown(0, 0)
    for page in (50, 20, 95, 0):
        goes_to(p, page)
    server.forget()
    goes_to(p, 70)
    assert server.requests == []


def test_while_a_webm_is_fetched_a_notice_says_so(
    program: Start, write: Any, server: RangeServer, clips: VideoSet
) -> None:
    content = clips("large.webm").path.read_bytes()
    is_slow = []

    def rest_hangs(request: Any) -> None:
        # what nobody waits for is asked for in large pieces
        start, end = map(int, request.headers["range"].removeprefix("bytes=").split("-"))
        if end - start > 3 * (1 << 20) // 2:
            is_slow.append(start)
            server.stalls = True

    server.on_request = rest_hangs
    p = opened(program, write(server.serve("/large.webm", content)))
    p.shown(0, 0)
    p.wait(lambda: bool(is_slow))
    assert code(p) == 0
    assert "until all of this video is here" in p.window.notice_bar.text
    server.on_request = lambda request: None
    server.stalls = False
    p.wait(lambda: p.session.loader.facts.get("index_source") == "packets")
    p.shown(0, 0)
    assert p.window.notice_bar.isHidden()


def test_a_server_without_ranges_sends_all_with_a_notice(
    program: Start, write: Any, server: RangeServer, clips: VideoSet
) -> None:
    server.ranges = False
    p = opened(program, write(server.serve("/large.mp4", clips("large.mp4").path)))
    p.shown(0, 0)
    assert "127.0.0.1 does not send parts of files" in p.window.notice_bar.text
    goes_to(p, 60)


def test_progress_stands_on_the_canvas(program: Start, write: Any, server: RangeServer, clips: VideoSet) -> None:
    def second_hangs(request: Any) -> None:
        server.stalls = len(server.requests) > 1

    server.on_request = second_hangs
    p = opened(program, write(server.serve("/large.mp4", clips("large.mp4").path)))
    p.words("Fetching large.mp4, 262 KB of 3.7 MB")
    server.on_request = lambda request: None
    server.stalls = False
    p.shown(0, 0)
    server.bytes_per_s = 1 << 20
    with p.qtbot.waitSignal(p.session.waiting, timeout=20_000, check_params_cb=lambda text: "Fetching" in text):
        p.session.go_to_page(80)
    server.bytes_per_s = 0
    p.shown(0, 80)
    assert code(p) == 80


def test_a_transfer_that_is_stopped_goes_on_when_asked(
    program: Start, write: Any, server: RangeServer, clips: VideoSet
) -> None:
    p = opened(program, write(server.serve("/large.mp4", clips("large.mp4").path)))
    p.shown(0, 0)
    server.stalls = True
    with p.qtbot.waitSignal(p.session.waiting, timeout=20_000):
        p.session.go_to_page(80)
    p.wait(lambda: server.asked[-1] is not None and len(server.asked) > 2)
    p.session.cancel()
    p.words("stopped")
    server.stalls = False
    p.run("retry")
    p.shown(0, 80)
    assert code(p) == 80


def test_a_link_that_expires_and_a_retry(program: Start, write: Any, server: RangeServer, clips: VideoSet) -> None:
    p = opened(program, write(server.serve("/large.mp4", clips("large.mp4").path)))
    p.shown(0, 0)
    server.refusal = reply(EXPIRED, code=403)
    p.session.go_to_page(80)
    p.words("expired")
    goes_to(p, 0)
    server.refusal = None
    goes_to(p, 80)


def test_a_cut_connection_is_not_noticed(program: Start, write: Any, server: RangeServer, clips: VideoSet) -> None:
    p = opened(program, write(server.serve("/large.mp4", clips("large.mp4").path)))
    p.shown(0, 0)
    for page in (80, 40, 95):
        server.cut_after = BLOCK
        goes_to(p, page)


def test_a_file_that_changes_is_told_and_opened_anew(
    program: Start, write: Any, server: RangeServer, clips: VideoSet
) -> None:
    p = opened(program, write(server.serve("/a.mp4", clips("large.mp4").path)))
    p.shown(0, 0)
    server.serve("/a.mp4", clips("large_faststart.mp4").path)
    p.session.go_to_page(80)
    p.words("changed on its server")
    p.run("retry")
    p.shown(0, 80)
    assert code(p) == 80


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signals here")
def test_a_reader_that_is_killed_reads_on_from_what_is_there(
    program: Start, write: Any, server: RangeServer, clips: VideoSet
) -> None:
    p = opened(program, write(server.serve("/large.mp4", clips("large.mp4").path)))
    p.shown(0, 0)
    goes_to(p, 80)
    had = blocks_asked(server)
    for pid in p.session.pool.pids():
        os.kill(pid, signal.SIGKILL)
    server.forget()
    p.session.go_to_page(81)

    def is_there() -> bool:
        content = p.window.canvas.content
        return content is not None and content.key == p.session.loader.key and content.key[1] == 81

    # a request that found the reader dead is told of; one that came later starts another
    p.wait(lambda: p.session.loader.has_failed or is_there())
    if p.session.loader.has_failed:
        p.run("retry")
    p.shown(0, 81)
    assert code(p) == 81
    assert len(had & blocks_asked(server)) < len(had) / 3, "only what was on its way is asked for again"


def test_other_assets_are_fetched_as_a_whole(program: Start, write: Any, server: RangeServer, clips: VideoSet) -> None:
    content = clips("h264.mp4").path.read_bytes()
    p = opened(program, write(server.serve("/h264.mp4", content)))
    p.shown(0, 0)
    assert server.asked[-1] is None
    server.forget()
    goes_to(p, 50)
    assert server.requests == []


@pytest.mark.parametrize(("name", "parts"), [("large.mp4", True), ("large.webm", False)])
def test_render_takes_what_it_needs(
    write: Any, server: RangeServer, clips: VideoSet, tmp_path: Path, name: str, parts: bool
) -> None:
    from PIL import Image

    content = clips(name).path.read_bytes()
    export, out = write(server.serve(f"/{name}", content)), tmp_path / "out.png"
    words = ["render", str(export), "--asset", "0", "--page", "70", "--native", "--no-labels", "-o", str(out)]
    assert main([*words, "--allow-private-hosts", "--cache-dir", str(tmp_path / "cache")]) == 0
    pixels = np.asarray(Image.open(out).convert("RGB"))[..., ::-1]
    assert videos.read_code(pixels) == 70
    assert (server.bodies < len(content) // 2) == parts

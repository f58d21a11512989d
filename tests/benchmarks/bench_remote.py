"""Videos on a server 30 ms away, over a line of 5 MB/s: the remote lines of the targets.

python -m pytest -o addopts= -m benchmark -s tests/benchmarks/bench_remote.py
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.make import videos
from tests.make.range_server import RangeServer, serving_ranges
from tests.make.video_set import FAST
from viewer.decoders.base import Hints, View
from viewer.decoders.video.boxes import read_movie
from viewer.decoders.video.decoder import open_video
from viewer.decoders.video.index import FrameIndex
from viewer.decoders.video.mp4 import read_index
from viewer.fetch import Address, Sources
from viewer.limits import MB
from viewer.workers import DocumentClient, Part, Pool

pytestmark = pytest.mark.benchmark

SIZE = (1920, 1080)
FRAMES, GROUP = 500, 250
LATENCY_S, BYTES_PER_S = 0.03, 5_000_000
HUGE = 2 << 30
HINTS = Hints(mapping="index")


@pytest.fixture(scope="module")
def hd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1080p H.264, some 20 MB, with B frames, key frames 250 apart, its moov at the end."""
    path = tmp_path_factory.mktemp("bench") / "hd.mp4"
    options = FAST | {"x264-params": f"keyint={GROUP}:min-keyint={GROUP}:scenecut=0:bframes=3", "preset": "veryfast"}
    options = {key: word for key, word in options.items() if key != "crf"} | {"b": "10M", "maxrate": "12M"}
    options |= {"bufsize": "12M"}
    random_ = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        texture = random_.normal(0, 25, (SIZE[1] // 4, SIZE[0] // 4 + FRAMES))
        coarse = np.kron(texture, np.ones((4, 4)))
        grain = random_.normal(0, 12, (SIZE[1] + 64, SIZE[0] + 64))
        for number in range(FRAMES):
            dy, dx = random_.integers(0, 64, 2)
            noise = grain[dy : dy + SIZE[1], dx : dx + SIZE[0]]
            shade = np.clip(128 + coarse[:, number * 4 : number * 4 + SIZE[0]] + noise, 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.repeat(shade[..., None], 3, -1), "rgb24").reformat(format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(params=["20 MB", "2 GB"])
def remote(request: pytest.FixtureRequest, hd: Path, tmp_path: Path) -> Path:
    """The file as it is, and with two gigabytes of nothing before its moov."""
    if request.param == "20 MB":
        return hd
    return videos.with_gap(videos.Clip(hd, ()), tmp_path / "huge.mp4", HUGE).path


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with serving_ranges(latency_s=LATENCY_S, bytes_per_s=BYTES_PER_S) as made:
        yield made


def index_of(path: Path) -> FrameIndex:
    with path.open("rb") as source:
        movie = read_movie(source)
        index = read_index(movie, movie.tracks[0].number)
    assert index is not None
    return index


class Viewer:
    """Sources and workers as the window uses them; a worker is ready, as it is there."""

    def __init__(self, folder: Path) -> None:
        self.sources = Sources(folder / "e.json", cache_dir=folder / "cache", allow_private_hosts=True)
        self.pool = Pool()
        self.pool.warm_up()
        deadline = time.monotonic() + 20
        while not any(worker.state == "free" for worker in self.pool._workers) and time.monotonic() < deadline:
            time.sleep(0.05)

    def open(self, url: str) -> DocumentClient:
        def bring() -> Future[Any]:
            future: Future[Any] = Future()
            future.set_result(self.sources.stream(Address(url=url)))
            return future

        return self.pool.open([Part(url, bring)], HINTS)

    def close(self) -> None:
        self.pool.close()
        self.sources.close()


@pytest.fixture
def viewer(tmp_path: Path) -> Iterator[Viewer]:
    made = Viewer(tmp_path)
    yield made
    made.close()


def show(client: DocumentClient, page: int) -> float:
    """Seconds until the pixels of a page are here."""
    began = time.perf_counter()
    client.render(page).result(60).release()
    return time.perf_counter() - began


def test_first_picture(remote: Path, server: RangeServer, tmp_path: Path) -> None:
    index = index_of(remote)
    assert index.samples is not None
    size = remote.stat().st_size
    moov = size - int((index.samples.place + index.samples.size).max()) - (HUGE if size > HUGE else 0)
    allowed = moov + int(index.samples.size[0]) + MB // 2
    for number in range(5):
        viewer = Viewer(tmp_path / str(number))
        url = server.serve_huge("/hd.mp4", remote)
        server.forget()
        began = time.perf_counter()
        client = viewer.open(url)
        client.opened.result(60)
        show(client, 0)
        seconds = time.perf_counter() - began
        requests, bodies = len(server.asked), server.bodies
        viewer.close()
        print(
            f"\n{size / 1e6:.0f} MB: first picture {seconds:.2f} s (<= 0.8), {requests} requests (<= 4), "
            f"{bodies / 1e3:.0f} KB (<= {allowed / 1e3:.0f})", end="",
        )  # fmt: skip
        assert requests <= 4
        assert bodies <= allowed
    print()


def test_random_seeks_and_steps(remote: Path, server: RangeServer, viewer: Viewer) -> None:
    """Each place is new to the cache: a group is fetched while it is decoded; then one step on."""
    index = index_of(remote)
    samples = index.samples
    assert samples is not None
    by_mark = np.argsort(samples.mark, kind="stable")
    keys = np.flatnonzero(samples.key)
    client = viewer.open(server.serve_huge("/hd.mp4", remote))
    client.opened.result(60)
    source = remote.open("rb")
    local = open_video(source, HINTS, budget=64 * MB)
    ratios, steps = [], []
    for page in (300, 60, 420, 130):
        server.forget()
        took = show(client, page)
        step = show(client, page + 1)
        last = by_mark[np.searchsorted(samples.mark, index.marks[page], sorter=by_mark)]
        first = keys[index.entry[page]]
        wanted = int(samples.size[first : last + 1].sum())
        began = time.perf_counter()
        local._reader.cache.clear()  # type: ignore[union-attr]
        local._reader._run.start = -1  # type: ignore[union-attr]
        local.render(page, None, 1.0, view=View(), cancelled=lambda: False)
        decode = time.perf_counter() - began
        bound = max(wanted / BYTES_PER_S + LATENCY_S, decode)
        ratios.append(took / bound)
        steps.append(step)
        print(
            f"\npage {page}: {took:.2f} s, {server.bodies / 1e6:.1f} MB in {len(server.asked)} requests; key to target "
            f"{wanted / 1e6:.1f} MB, decode {decode:.2f} s: x{took / bound:.2f}; step {step * 1e3:.0f} ms", end="",
        )  # fmt: skip
    local.close()
    source.close()
    later = list(range(FRAMES))
    random.Random(1).shuffle(later)
    again = [show(client, page) for page in later[:10]]
    print(f"\nmedian x{statistics.median(ratios):.2f} (<= 1.3), steps {statistics.median(steps) * 1e3:.0f} ms (<= 16); "
          f"then random, partly here: {statistics.median(again) * 1e3:.0f} ms")  # fmt: skip
    client.close()

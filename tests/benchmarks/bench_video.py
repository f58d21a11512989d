"""What exactness costs beside bare libav: the targets of the video decoder, as ratios inside one run.

Run with ``pytest -m benchmark -s tests/benchmarks/bench_video.py``. Both sides of a ratio are measured in turn.
"""

from __future__ import annotations

import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.make import videos
from tests.make.video_set import FAST
from viewer.decoders.base import Hints, View
from viewer.decoders.video.boxes import read_movie
from viewer.decoders.video.decoder import open_video
from viewer.decoders.video.document import VideoDocument
from viewer.decoders.video.index import read_packets
from viewer.decoders.video.mp4 import read_index
from viewer.decoders.video.source import open_container
from viewer.limits import MB

pytestmark = pytest.mark.benchmark

SIZE = (1920, 1080)
FRAMES, GROUP = 500, 250
BY_INDEX = Hints(mapping="index")
HOUR = 108_000


def cpu() -> float:
    """CPU seconds of this process: other work on the machine does not move it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def per(work: Callable[[], int]) -> tuple[float, float]:
    """(wall, CPU) milliseconds for each of the things that `work` says it did."""
    wall, used = time.perf_counter(), cpu()
    done = work()
    return (time.perf_counter() - wall) / done * 1e3, (cpu() - used) / done * 1e3


@pytest.fixture(scope="module")
def hd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1080p H.264 with B frames and key frames 250 apart."""
    path = tmp_path_factory.mktemp("bench") / "hd.mp4"
    options = FAST | {"x264-params": f"keyint={GROUP}:min-keyint={GROUP}:scenecut=0:bframes=3", "preset": "fast"}
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        texture = np.random.default_rng(1).normal(0, 25, (SIZE[1] // 4, SIZE[0] // 4 + FRAMES))
        coarse = np.kron(texture, np.ones((4, 4)))
        for number in range(FRAMES):
            shade = np.clip(128 + coarse[:, number * 4 : number * 4 + SIZE[0]], 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.repeat(shade[..., None], 3, -1), "rgb24").reformat(format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def document(hd: Path) -> Iterator[VideoDocument]:
    with hd.open("rb") as source:
        opened = open_video(source, BY_INDEX, budget=512 * MB)
        yield opened
        opened.close()


def show(document: VideoDocument, page: int) -> None:
    document.render(page, None, 1.0, view=View(), cancelled=lambda: False)


def bare(path: Path, count: int) -> int:
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for done, _ in enumerate(container.decode(video=0), 1):
            if done == count:
                return done
    return count


@pytest.mark.parametrize("budget", [64 * MB, 512 * MB])
def test_forward_play(hd: Path, budget: int) -> None:
    """A full cache gives its memory back to the decoder. While it fills, each frame is memory touched first."""
    ratios, figures = [], []
    for _ in range(5):
        with hd.open("rb") as source:
            document = open_video(source, BY_INDEX, budget=budget)
            for page in range(40):
                show(document, page)

            def play(document: VideoDocument = document) -> int:
                for page in range(40, 340):
                    show(document, page)
                return 300

            own = per(play)
            document.close()
        raw = per(lambda: bare(hd, 340))
        ratios.append(own[1] / raw[1])
        figures.append((own, raw))
    own, raw = figures[ratios.index(statistics.median(ratios))]
    print(
        f"\nforward play with BGRX, {budget // MB} MB: {own[1]:.2f} CPU ms a frame, bare libav {raw[1]:.2f}: "
        f"×{statistics.median(ratios):.2f} (wall {own[0]:.2f} / {raw[0]:.2f} = ×{own[0] / raw[0]:.2f})"
    )
    if budget < 100 * MB:
        assert own[1] - raw[1] <= max(0.25 * raw[1], 1.2)


def test_random_seek(hd: Path) -> None:
    pages = random.Random(4).sample(range(FRAMES), 25)
    with hd.open("rb") as source, hd.open("rb") as other:
        document = open_video(source, BY_INDEX, budget=0)
        opened = open_container(other, threads="many")
        marks, index = document._index.marks, document._index

        def loop(page: int) -> int:
            key = index.seek_to(int(index.entry[page]))
            opened.container.seek(key, backward=True, stream=opened.stream)
            for frame in opened.container.decode(opened.stream):
                if frame.pts >= marks[page]:
                    return 1
            return 1

        def exact(page: int) -> int:
            show(document, page)
            return 1

        own, raw = [], []
        for page in pages:
            raw.append(per(lambda page=page: loop(page)))
            own.append(per(lambda page=page: exact(page)))
        document.close()
        opened.close()
    wall = sum(o[0] for o in own) / sum(r[0] for r in raw)
    used = sum(o[1] for o in own) / sum(r[1] for r in raw)
    print(f"\nrandom seek, groups of {GROUP}: ×{used:.2f} of a bare loop in CPU, ×{wall:.2f} in time")
    print(f"  p50 {statistics.median(o[0] for o in own):.0f} ms, bare {statistics.median(r[0] for r in raw):.0f} ms")
    assert used <= 1.1


def test_steps(document: VideoDocument) -> None:
    """Ten steps back right after a jump, then a run back at leisure with read-ahead between the steps."""
    show(document, 430)
    first = []
    for page in range(429, 419, -1):
        start = time.perf_counter()
        show(document, page)
        first.append((time.perf_counter() - start) * 1e3)
    late, run = 0, []
    for page in range(419, 269, -1):
        start = time.perf_counter()
        show(document, page)
        run.append((time.perf_counter() - start) * 1e3)
        while time.perf_counter() - start < 0.1 and document.prefetch(page, -1, lambda: False):
            pass
        late += run[-1] > 33
    run.sort()
    print(
        f"\n10 steps back after a jump: max {max(first):.1f} ms; 150 steps back with 0.1 s for each: "
        f"p50 {run[75]:.1f}, p95 {run[142]:.1f}, max {run[-1]:.1f} ms, {late} late"
    )
    assert max(first) <= 50
    assert late <= 6


def test_index_of_an_hour(tmp_path: Path) -> None:
    """108,000 frames: boxes against the packets' way and against libav's own walk over the packets."""
    clip = videos.encode(
        tmp_path / "minute.mp4",
        frames=1800,
        options={"preset": "ultrafast", "crf": "40", "g": "30"},
        size=(64, 48),
        noise=0,
    )
    hour = tmp_path / "hour.mp4"
    with av.open(str(clip.path)) as reader:
        packets = [(bytes(p), p.pts, p.dts, p.is_keyframe, p.time_base) for p in reader.demux(video=0) if p.size]
        for path in (hour, tmp_path / "hour.mkv"):
            with av.open(str(path), "w") as writer:
                stream = writer.add_stream_from_template(reader.streams.video[0])
                length = 1800 * 512
                for turn in range(HOUR // 1800):
                    for data, pts, dts, key, base in packets:
                        packet = av.Packet(data)
                        packet.pts, packet.dts, packet.time_base = pts + turn * length, dts + turn * length, base
                        packet.is_keyframe, packet.stream = key, stream
                        writer.mux(packet)

    def boxes() -> int:
        with hour.open("rb") as source:
            index = read_index(read_movie(source), 1)
        assert index is not None
        assert index.count == HOUR
        return 1

    def walk(path: Path) -> int:
        with av.open(str(path)) as container:
            for _ in container.demux(video=0):
                pass
        return 1

    def demux(path: Path) -> int:
        with path.open("rb") as source:
            opened = open_container(source, threads="one")
            assert read_packets(opened.container, opened.stream, check=lambda: None).count == HOUR
            opened.close()
        return 1

    boxes()
    quick = min(per(boxes)[0] for _ in range(3))
    for path in (hour, tmp_path / "hour.mkv"):
        own, raw = (
            min(per(lambda p=path: demux(p))[0] for _ in range(3)),
            min(per(lambda p=path: walk(p))[0] for _ in range(3)),
        )
        print(f"\nindex of an hour, {path.suffix}: packets {own:.0f} ms, a bare loop {raw:.0f} ms: ×{own / raw:.2f}")
    print(f"from boxes: {quick:.1f} ms")
    assert quick <= 50


def test_open_and_first_picture(hd: Path) -> None:
    def first() -> int:
        with hd.open("rb") as source:
            document = open_video(source, BY_INDEX)
            show(document, 0)
            document.close()
        return 1

    own, raw = [], []
    for _ in range(7):
        raw.append(per(lambda: bare(hd, 1))[0])
        own.append(per(first)[0])
    a, b = statistics.median(own), statistics.median(raw)
    print(f"\nopen → first picture: {a:.0f} ms, bare libav {b:.0f} ms: ×{a / b:.2f}")
    assert a / b <= 2.0

"""What the process boundary costs: starting a worker, a question, a 1080p picture. Run by name with -m benchmark -s."""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, ClassVar

import numpy as np
import pytest

from viewer.decoders.base import Hints, PageInfo, Raster, Region, View
from viewer.errors import WorkerError
from viewer.workers import Pool, launch
from viewer.workers.start import start_worker

pytestmark = pytest.mark.benchmark

WIDTH, HEIGHT = 1920, 1080
DECODE_S = 0.005


class Steady:
    """A decoder that works for exactly 5 ms (or not at all) and gives 1080p BGRX, as a video does."""

    kind = "video"
    page_count = 1000
    facts: ClassVar[dict[str, object]] = {}

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)

    def info(self, page: int) -> PageInfo:
        return PageInfo((float(WIDTH), float(HEIGHT)), (WIDTH, HEIGHT))

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: object) -> Raster:
        until = time.perf_counter() + self._seconds
        while time.perf_counter() < until:
            pass
        self._pixels[0, 0] = page % 251
        return Raster(self._pixels, "bgrx", (0.0, 0.0, float(WIDTH), float(HEIGHT)))

    def samples(self, page: int) -> None: ...

    def windows(self, page: int) -> tuple[()]:
        return ()

    def close(self) -> None: ...


def open_document(source: BinaryIO, hints: Hints) -> Steady:
    """The file holds the seconds of a decode."""
    return Steady(float(source.read()))


OPENER = "tests.benchmarks.bench_workers:open_document"


def median_ms(act: Callable[[], object], count: int) -> float:
    """Median time of a call in milliseconds."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e3


def test_starting_and_dying(tmp_path: Path) -> None:
    """Spawn to ready; death seen; the next page by the spare, and cold."""
    starts, memory = [], 0
    for _ in range(7):
        began = time.perf_counter()
        process, pipe = start_worker(launch.Orders(parent=os.getpid(), memory=launch.memory_limit()))
        pipe.recv_bytes()
        starts.append(time.perf_counter() - began)
        memory = launch.private_memory(process.pid or 0)
        process.kill()
        process.join()
        process.close()
        pipe.close()
    print(f"\nspawn to ready: {statistics.median(starts) * 1e3:.0f} ms, {memory >> 20} MB private")
    path = tmp_path / "file"
    path.write_text("0")
    hanging = tmp_path / "hanging"
    hanging.write_text("1000")
    seen, again = [], []
    with Pool(opener=OPENER) as pool:
        for _ in range(7):
            client = pool.open_paths([hanging])
            client.info(0).result()
            answer = client.render(0)
            spare = pool.open_paths([path])  # both other workers are ready before the death
            spare.info(0).result()
            spare.close()
            pid = client.worker_pid
            assert pid is not None
            began = time.perf_counter()
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(WorkerError):
                answer.result()
            seen.append(time.perf_counter() - began)
            began = time.perf_counter()
            client.info(0).result()
            again.append(time.perf_counter() - began)
            client.close()
            pool.kinds.forgive("video")
    print(f"death seen: {statistics.median(seen) * 1e3:.1f} ms (worst {max(seen) * 1e3:.1f}); target 20")
    print(f"next answer: {statistics.median(again) * 1e3:.1f} ms (worst {max(again) * 1e3:.0f}); target 1000")
    assert statistics.median(seen) < 0.02
    assert statistics.median(again) < 1.0


def test_questions_and_pictures(tmp_path: Path) -> None:
    """Round trip; 1080p BGRX beside the same decoder in this process, interleaved, 5 ms of decoding and none."""
    with Pool(opener=OPENER) as pool:
        clients = {}
        for seconds in (0.0, DECODE_S):
            path = tmp_path / f"{seconds}"
            path.write_text(str(seconds))
            clients[seconds] = pool.open_paths([path])
            clients[seconds].render(0).result().release()
        client = clients[0.0]
        print(f"\nround trip of a question: {median_ms(lambda: client.info(0).result(), 2000):.3f} ms")

        def through(seconds: float) -> None:
            clients[seconds].render(0).result().release()

        here = {seconds: Steady(seconds) for seconds in clients}
        target = np.zeros((HEIGHT, WIDTH, 4), np.uint8)

        def inside(seconds: float) -> None:
            raster = here[seconds].render(0, None, 1.0, view=View(), cancelled=lambda: False)
            if seconds == 0.0:
                np.copyto(target, raster.pixels)

        for seconds, what in ((0.0, "a bare copy"), (DECODE_S, "5 ms of decoding")):
            inner, outer = [], []
            for _ in range(7):
                inner.append(median_ms(lambda s=seconds: inside(s), 60))
                outer.append(median_ms(lambda s=seconds: through(s), 60))
            ratio = statistics.median(o / i for i, o in zip(inner, outer, strict=True))
            print(
                f"1080p, {what}: {statistics.median(inner):.2f} ms here, {statistics.median(outer):.2f} ms through a "
                f"worker; median ratio {ratio:.2f}"
            )
        answers = [clients[0.0].render(page, priority="visible").result() for page in range(8)]
        assert [int(answer.pixels[0, 0, 0]) for answer in answers] == list(range(8))

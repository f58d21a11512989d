"""The reader beside counting newlines in the same file: time, memory, first row, second opening.

    python -m pytest -o addopts= -m benchmark -s tests/benchmarks/bench_reader.py

`ANGO_VIEWER_BENCH_SIZE` (200MB, 1GB…) sets the size; 200 MB by default. Lines of scale.md §6: the index within 6 ×
(array, pretty) and 4 × (NDJSON) of the newline count, at most 45 MB + 3 × the largest asset of anonymous memory,
a second opening in 1/20 of the first; a 2 ms ticker beside the child process is at most 20 ms late (p99).
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.make import exports
from viewer.export import Export, Row
from viewer.workers.jobs import IndexJob

pytestmark = pytest.mark.benchmark
SIZE = os.environ.get("ANGO_VIEWER_BENCH_SIZE", "200MB")
RUNS = int(os.environ.get("ANGO_VIEWER_BENCH_RUNS", "7"))
LIMITS = {"array": 6.0, "pretty": 6.0, "ndjson": 4.0}

COUNT = """
import sys
buffer = bytearray(4 << 20)
view = memoryview(buffer)
lines = 0
with open(sys.argv[1], "rb", buffering=0) as file:
    while got := file.readinto(view):
        lines += buffer.count(b"\\n", 0, got)
"""
INDEX = """
import sys, time
start = time.perf_counter()
from pathlib import Path
from viewer.export import index
first, largest, count, peak = [], 0, 0, 0
status = open("/proc/self/status")
def look():
    global peak
    status.seek(0)
    peak = max(peak, int(status.read().split("RssAnon:")[1].split()[0]))
def rows(batch):
    global largest, count
    if not first:
        first.append(time.perf_counter() - start)
    largest = max(largest, max(row.end - row.start for row in batch))
    count += len(batch)
    if count % 16 == 0 or batch[0].end - batch[0].start >= largest:
        look()
index.build(Path(sys.argv[1]), on_rows=rows, on_problems=lambda _: None)
look()
print(count, largest, first[0], peak)
"""


def cpu_of(script: str, path: Path) -> tuple[float, str]:
    """CPU seconds of a process that runs `script` on `path`, less those of a bare interpreter, and its output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        done.stdout,
    )


@pytest.fixture(scope="module")
def bare() -> float:
    return statistics.median(cpu_of("", Path())[0] for _ in range(5))


@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_index_beside_counting_newlines(layout: str, tmp_path: Path, bare: float) -> None:
    units = {"MB": 10**6, "GB": 10**9}
    size = int(float(SIZE[:-2]) * units[SIZE[-2:]])
    path = exports.write(tmp_path / "e.json", size=size, layout=layout)
    try:
        cpu_of(COUNT, path)  # into the page cache
        count = statistics.median(cpu_of(COUNT, path)[0] - bare for _ in range(RUNS))
        runs = [cpu_of(INDEX, path) for _ in range(RUNS)]
        index = statistics.median(cpu - bare for cpu, _ in runs)
        assets, largest, first, peak = (float(word) for word in runs[-1][1].split())
        imports = statistics.median(cpu_of("import viewer.export.index", path)[0] - bare for _ in range(3))
        with Export.open(path, cache_dir=tmp_path / "cache") as export:
            export.read()
        start = time.perf_counter()
        with Export.open(path, cache_dir=tmp_path / "cache") as export:
            assert export.complete
        second = time.perf_counter() - start
        print(
            f"\n{layout} {size / 1e6:.0f} MB, {assets:.0f} assets, largest {largest / 1e6:.1f} MB: "
            f"newlines {count:.2f} s, index {index:.2f} s (of it imports {imports:.2f}), "
            f"{(index - imports) / count:.1f} ×; first row {first * 1000:.0f} ms after start; "
            f"peak {peak / 1024:.0f} MB; second opening {second * 1000:.0f} ms"
        )
        assert (index - imports) / count <= LIMITS[layout]
        assert peak / 1024 <= 45 + 3 * largest / 1e6
        assert second <= index / 20
    finally:
        path.unlink()


def test_a_ticker_beside_the_child_process(tmp_path: Path) -> None:
    """What the window would feel: how late a 2 ms timer is, idle and while rows arrive."""
    path = exports.write(tmp_path / "e.json", size=200_000_000)
    late: list[float] = []

    def tick(until: Callable[[], bool]) -> list[float]:
        late.clear()
        while not until():
            due = time.perf_counter() + 0.002
            time.sleep(0.002)
            late.append((time.perf_counter() - due) * 1000)
        return sorted(late)

    end = time.perf_counter() + 1.0
    idle = tick(lambda: time.perf_counter() > end)
    idle_99, idle_max = idle[int(len(idle) * 0.99)], idle[-1]
    done = threading.Event()
    first: list[float] = []
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        start = time.perf_counter()

        def rows(batch: list[Row]) -> None:
            first.append(time.perf_counter() - start)
            export.extend(batch)

        with IndexJob(path, tmp_path / "cache", on_rows=rows, on_problems=lambda _: None, on_done=lambda _: done.set()):
            busy = tick(done.is_set)
    busy_99 = busy[int(len(busy) * 0.99)]
    print(
        f"\nlateness of a 2 ms ticker: idle p99 {idle_99:.1f}, max {idle_max:.1f} ms; "
        f"beside the index p99 {busy_99:.1f}, max {busy[-1]:.1f} ms; "
        f"first row {first[0] * 1000:.0f} ms after the job's start"
    )
    assert busy_99 <= max(20, 2 * idle_99)

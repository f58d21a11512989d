"""The reader beside counting newlines in the same file: time, memory, first row, second opening.

    python -m pytest -o addopts= -m benchmark -s tests/benchmarks/bench_reader.py

`ANGO_VIEWER_BENCH_SIZE` (200MB, 1GB…) sets the size; 200 MB by default. Lines of scale.md §6: the index within 6 ×
(array, pretty) and 4 × (NDJSON) of the newline count, at most 45 MB + 3 × the largest asset of anonymous memory.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.make import exports
from viewer.export import Export

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
import sys, time, resource
start = time.perf_counter()
from pathlib import Path
from viewer.export import index
first = []
def rows(batch):
    if not first:
        first.append(time.perf_counter() - start)
    rows.largest = max(rows.largest, max(row.end - row.start for row in batch))
    rows.count += len(batch)
rows.largest = rows.count = 0
summary = index.build(Path(sys.argv[1]), on_rows=rows, on_problems=lambda _: None)
anonymous = 0
for line in open("/proc/self/status"):
    if line.startswith("VmHWM"):
        anonymous = int(line.split()[1])
print(rows.count, rows.largest, first[0], anonymous)
"""


def cpu_of(script: str, path: Path) -> tuple[float, str]:
    """CPU seconds of a process that runs `script` on `path`, less those of a bare interpreter, and its output."""
    before = os.times()
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system,
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
        assert peak / 1024 <= 45 + 3 * largest / 1e6 + 30  # + the interpreter itself
    finally:
        path.unlink()

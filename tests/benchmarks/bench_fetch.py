"""Fetching from a real S3 server beside curl, in the same run: many small files, and one large one.

python -m pytest -o addopts= -m benchmark -s tests/benchmarks/bench_fetch.py
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.make.swift_server import Swift
from viewer.fetch import Address, Sources
from viewer.fetch.transfers import Transfers

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl on this system"),
]
ROOT = Path(__file__).parents[2]
SMALL, SMALL_BYTES, JOBS = 1_000, 50_000, 8
LARGE_BYTES = int(os.environ.get("ANGO_VIEWER_LARGE_MB", "2048")) << 20
ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def fetch(folder: Path, urls: list[str]) -> None:
    """Into a cache, as the window does."""
    sources = Sources(folder / "e.json", cache_dir=folder, allow_private_hosts=True)
    transfers = Transfers(sources.fetch, jobs=JOBS, per_host=JOBS, reserved=0)
    for future in [transfers.want(Address(url=url)) for url in urls]:
        future.result()
    transfers.close()
    sources.close()


def test_many_small_files(swift: Swift, tmp_path: Path) -> None:
    for number in range(SMALL):
        swift.put(f"small/{number}.bin", os.urandom(SMALL_BYTES))
    urls = [swift.url(f"small/{number}.bin") for number in range(SMALL)]
    export = tmp_path / "e.json"
    export.write_text(json.dumps([{"asset": u, "externalId": f"{n}.bin", "task": {}} for n, u in enumerate(urls)]))
    curl, ours, command = [], [], []
    for number in range(ROUNDS):
        place = tmp_path / str(number)
        (place / "curl").mkdir(parents=True)
        config = tmp_path / "curl.txt"
        config.write_text("".join(f'url = "{u}"\noutput = "{place}/curl/{n}"\n' for n, u in enumerate(urls)))
        curl.append(seconds(lambda c=config: run("curl", "--parallel", "--parallel-max", JOBS, "--config", c)))  # type: ignore[misc]
        ours.append(seconds(lambda p=place: fetch(p / "ours", urls)))  # type: ignore[misc]
        command.append(
            seconds(
                lambda p=place: run(  # type: ignore[misc]
                    sys.executable, "-m", "viewer", "fetch", export, "--to", p / "out", "--allow-private-hosts"
                )
            )
        )
        assert len(list((place / "curl").iterdir())) == SMALL == len(list((place / "out" / "assets").glob("*.bin")))
    ratios = [b / a for a, b in zip(curl, ours, strict=True)]
    whole = [b / a for a, b in zip(curl, command, strict=True)]
    print(
        f"\n{SMALL} × {SMALL_BYTES // 1000} KB: curl {statistics.median(curl):.2f} s; ours {min(ratios):.2f}-"
        f"{max(ratios):.2f} × (median {statistics.median(ratios):.2f}); the command with its start and its copy "
        f"{min(whole):.2f}-{max(whole):.2f} × (median {statistics.median(whole):.2f})"
    )
    assert statistics.median(ratios) <= 1.3


def test_one_large_file(swift: Swift, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        for _ in range(LARGE_BYTES >> 20):
            file.write(os.urandom(1 << 20))
    swift.put("large.mp4", large)
    large.unlink()
    url = swift.url("large.mp4")
    run("curl", "--output", tmp_path / "curl.out", url)  # from here on the server reads it from memory
    ratios = []
    for number in range(ROUNDS):
        place = tmp_path / str(number)
        works: list[Callable[[], object]] = [
            lambda: run("curl", "--output", tmp_path / "curl.out", url),
            lambda p=place: fetch(p, [url]),  # type: ignore[misc]
        ]
        # by turns, for what comes second may find a quieter machine
        first, second = works if number % 2 else works[::-1]
        times = seconds(first), seconds(second)
        curl, ours = times if number % 2 else times[::-1]
        ratios.append(curl / ours)
        print(f"\n{LARGE_BYTES >> 20} MB: curl {(LARGE_BYTES >> 20) / curl:.0f} MB/s, ours {curl / ours:.2f} × that")
        shutil.rmtree(place)
    swift.delete("large.mp4")
    assert statistics.median(ratios) >= 0.9

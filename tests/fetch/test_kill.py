"""Killed at any moment of a fetch: nothing in the cache or the bundle is wrong, and the next run goes on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.make.fault_server import serving
from tests.make.swift_server import Swift
from viewer.fetch.cache import Cache, key_of
from viewer.fetch.policy import check_url

ROOT = Path(__file__).parents[2]
ROUNDS = 100 if os.environ.get("ANGO_VIEWER_SOAK") else 10  # for each of the two
FILES = 24

INTO_THE_CACHE = """
import json, pathlib, sys
from viewer.fetch import Address, Sources
from viewer.fetch.transfers import Transfers
sources = Sources(pathlib.Path("e.json"), cache_dir=pathlib.Path(sys.argv[2]), allow_private_hosts=True)
transfers = Transfers(sources.fetch)
print("begun", flush=True)
assets = json.loads(pathlib.Path(sys.argv[1]).read_bytes())
for future in [transfers.want(Address(url=asset["asset"])) for asset in assets]:
    future.result()
transfers.close()
sources.close()
"""


def command(what: str, export: Path, target: Path) -> list[str]:
    if what == "cache":
        return [sys.executable, "-c", INTO_THE_CACHE, str(export), str(target)]
    return [sys.executable, "-m", "viewer", "fetch", str(export), "--to", str(target), "--allow-private-hosts"]


@pytest.fixture(scope="module")
def export(swift: Swift, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of 5 to 700 KB, each of which says what it is."""
    random_bytes = random.Random(7).randbytes
    assets = []
    for number in range(FILES):
        swift.put(f"kill/{number}.bin", random_bytes(5_000 if number % 2 else 30_000 * number))
        assets.append({"asset": swift.url(f"kill/{number}.bin"), "externalId": f"{number}.bin", "task": {"tools": []}})
    path = tmp_path_factory.mktemp("kill") / "e.json"
    path.write_text(json.dumps(assets))
    return path


def digests(export: Path) -> dict[str, str]:
    """What is right, by external id."""
    random_bytes = random.Random(7).randbytes
    return {
        asset["externalId"]: hashlib.sha256(random_bytes(5_000 if number % 2 else 30_000 * number)).hexdigest()
        for number, asset in enumerate(json.loads(export.read_bytes()))
    }


def found_in_cache(export: Path, folder: Path) -> dict[str, Path]:
    cache = Cache(folder)
    keys = {a["externalId"]: key_of(check_url(a["asset"])) for a in json.loads(export.read_bytes())}
    found = {name: path for name, key in keys.items() if (path := cache.find(key, check=True)) is not None}
    cache.close()
    names = set(keys.values())
    assert {path.name for path in (folder / "objects").glob("*/*")} <= names, "nothing else lies there"
    return found


def found_in_bundle(export: Path, folder: Path) -> dict[str, Path]:
    assert not (folder / "e.json").exists() or "Signature" not in (folder / "e.json").read_text()
    return {path.name: path for path in (folder / "assets").glob("*.bin")}


@pytest.mark.soak
@pytest.mark.parametrize(("what", "found"), [("cache", found_in_cache), ("bundle", found_in_bundle)])
def test_killed_at_random_moments(
    export: Path, tmp_path: Path, what: str, found: Callable[[Path, Path], dict[str, Path]]
) -> None:
    right = digests(export)
    checked = kills = 0
    seed = random.randrange(1 << 32)
    moments = random.Random(seed)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def all_right(target: Path) -> int:
        if not target.exists():
            return 0
        files = found(export, target)
        for name, path in files.items():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == right[name], (name, seed)
        return len(files)

    def run(target: Path, share: float | None) -> tuple[bool, float]:
        """Whether it came to its end, and how long that took from its first line on; killed after that share of it."""
        with subprocess.Popen(
            command(what, export, target), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as program:
            assert program.stdout is not None
            program.stdout.readline()
            began = time.monotonic()
            try:
                _, told = program.communicate(timeout=None if share is None else share * whole)
            except subprocess.TimeoutExpired:
                program.kill()
                program.communicate()
                return False, 0.0
            assert program.returncode == 0, told
            return True, time.monotonic() - began

    _, whole = run(tmp_path / "whole", None)
    number = 0
    while kills < ROUNDS:
        number += 1
        target = tmp_path / str(number)
        while not run(target, moments.uniform(0.0, 0.8) if kills < ROUNDS else None)[0]:
            kills += 1
            checked += all_right(target)
        assert all_right(target) == FILES
    print(f"\n{what}: {kills} kills, {checked} files checked, 0 wrong (seed {seed})")


def test_at_most_a_tenth_is_fetched_again(tmp_path: Path) -> None:
    with serving() as server:
        random_bytes = random.Random(1).randbytes
        server.files = {f"/{k}.png": random_bytes(100_000) for k in range(30)}
        server.files["/large.mp4"] = random_bytes(8_000_000)
        total = sum(map(len, server.files.values()))
        export = tmp_path / "e.json"
        names = ["/large.mp4", *(f"/{k}.png" for k in range(30))]
        export.write_text(json.dumps([{"asset": server.url(name), "externalId": name[1:]} for name in names]))
        server.stop_at = total * 6 // 10
        target = tmp_path / "out"
        with subprocess.Popen(command("bundle", export, target), cwd=ROOT, stdout=subprocess.DEVNULL) as program:
            assert server.stopped.wait(60)
            until = time.monotonic() + 60
            while _written(target) < 0.95 * server.stop_at:  # what was sent has to come there
                assert time.monotonic() < until, _written(target)
                program.poll()
            program.kill()
        server.go_on.set()
        done = subprocess.run(command("bundle", export, target), cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert (target / "assets" / "large.mp4").read_bytes() == server.files["/large.mp4"]
        assert server.sent <= 1.1 * total, f"{server.sent / total:.2f} × all bytes were sent"
        assert any("range" in request.headers for request in server.requests)


def _written(target: Path) -> int:
    total = 0
    for path in target.rglob("*"):
        with contextlib.suppress(OSError):  # it was renamed meanwhile
            total += path.stat().st_size if path.is_file() else 0
    return total

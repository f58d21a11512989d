"""A disk that fills up during a fetch: a sentence, nothing damaged, and it goes on when there is room again.

The disk is a small tmpfs in a mount namespace of its own; where none can be made, this is skipped with its reason.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.make.fault_server import FaultServer, hang_up, reply, serving

ROOT = Path(__file__).parents[2]
MEGABYTES = 3

SETTING = f"""
set -e
mount --make-rprivate / 2>/dev/null || true
mount -t tmpfs -o size={MEGABYTES}m tmpfs "$1"
shift
exec "$@"
"""

IN_THE_CACHE = """
import pathlib, sys
import viewer.limits
viewer.limits.DISK_RESERVE = 0  # it would refuse at once: the disk has to be full in the middle
from viewer.errors import FetchError
from viewer.fetch import Address, Sources
from viewer.fetch.client import Patience
disk, url = pathlib.Path(sys.argv[1]), sys.argv[2]

def open_sources():
    return Sources(pathlib.Path("e.json"), cache_dir=disk, allow_private_hosts=True, patience=Patience(tries=1))

sources = open_sources()
first = sources.fetch(Address(url=url + "/first.png"))
try:
    sources.fetch(Address(url=url + "/endless.png"))
except FetchError as error:
    assert error.code == "disk", error
    print(error)
assert list((disk / "parts").iterdir()) == [], "the disk is not kept full"
(disk / "filler").write_bytes(b"")
try:
    with (disk / "filler").open("wb", buffering=0) as filler:
        while filler.write(bytes(4096)):
            pass
except OSError:
    pass
for name in ("second.png", "third.png"):
    try:
        sources.fetch(Address(url=url + "/" + name))
    except FetchError as error:
        assert error.code == "disk", error
assert first.read_bytes() == b"first", "what was there is whole"
sources.close()
sources = open_sources()
assert sources.fetch(Address(url=url + "/first.png")).read_bytes() == b"first"
(disk / "filler").unlink()
assert sources.fetch(Address(url=url + "/second.png")).read_bytes() == b"x" * 100_000
assert sources.fetch(Address(url=url + "/third.png")).read_bytes() == b"x" * 100_000
assert sources.cache.size()[0] == 3
sources.close()
"""

BUNDLE = """
import sys
import viewer.limits
viewer.limits.DISK_RESERVE = 0
from viewer.__main__ import main
disk, export = sys.argv[1:]
status = main(["fetch", export, "--to", disk + "/out", "--cache-dir", export + ".cache", "--allow-private-hosts"])
print("status", status)
"""


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as server:
        server.answers("/first.png", reply(b"first"))
        # No length: nobody can know before that it does not fit.
        server.answers("/endless.png", server.endless(reply(length=-1), b"x" * 65536))
        for name in ("second", "third"):
            server.answers(f"/{name}.png", hang_up(reply(b"x" * 100_000, length=-1)))
        yield server


def on_a_small_disk(tmp_path: Path, script: str, argument: str) -> subprocess.CompletedProcess[str]:
    """Run a script with a disk of some megabytes and an argument."""
    if not sys.platform.startswith("linux") or not shutil.which("unshare"):
        pytest.skip("no mount namespaces on this system")
    disk = tmp_path / "disk"
    disk.mkdir()
    space = ["unshare", "--mount", "--map-root-user", "sh", "-c", SETTING, "sh", str(disk)]
    probe = subprocess.run([*space, "true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        pytest.skip(f"no small disk can be mounted here: {probe.stderr.strip()[:200]}")
    return subprocess.run(
        [*space, sys.executable, "-c", script, str(disk), argument],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_in_the_cache(server: FaultServer, tmp_path: Path) -> None:
    done = on_a_small_disk(tmp_path, IN_THE_CACHE, server.url(""))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == (
        "endless.png could not be written: the disk is full. Nothing was damaged. "
        "Free some space, clear the cache, or choose another folder."
    )


def test_in_a_bundle(server: FaultServer, tmp_path: Path) -> None:
    export = tmp_path / "e.json"
    names = ("first", "endless", "second")
    export.write_text(
        json.dumps([{"asset": server.url(f"/{n}.png"), "externalId": f"{n}.png", "task": {"tools": []}} for n in names])
    )
    done = on_a_small_disk(tmp_path, BUNDLE, str(export))
    assert done.returncode == 0, done.stderr
    assert "status 1" in done.stdout
    assert "endless.png: endless.png could not be written: the disk is full." in done.stderr
    assert "assets/first.png 5 bytes" in done.stdout
    assert "Traceback" not in done.stderr

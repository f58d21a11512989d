"""Pools over the misbehaving decoder, and a check that every test leaves nothing behind."""

from __future__ import annotations

import gc
import json
import os
import select
import sys
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from viewer.workers import Budgets, Pool

OPENER = "tests.workers.stub:open_document"
SOON = 20.0
"""Seconds after which a test gives up; nothing here takes so long."""


def descriptors() -> dict[str, str]:
    """Open descriptors of this process and what they lead to."""
    found = {}
    for link in list(Path("/proc/self/fd").iterdir()):
        try:
            found[link.name] = str(link.readlink())
        except OSError:
            continue
    return found


def children() -> set[int]:
    """Child processes of this one, but for multiprocessing's own tracker."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found |= set(map(int, (task / "children").read_text().split()))
        except OSError:
            continue
    return found - {resource_tracker._resource_tracker._pid}  # type: ignore[attr-defined]


def shared_memory() -> list[str]:
    """Names in shared memory that are ours."""
    names = [path.name for path in Path("/dev/shm").iterdir()]
    return [name for name in names if "ango" in name or name.startswith(("av-", "psm_"))]


def mapped() -> int:
    """How many of our segments are mapped here."""
    return Path("/proc/self/maps").read_text().count("memfd:ango-viewer")


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """No process, descriptor, mapping or name outlives a test."""
    if sys.platform != "linux":
        yield
        return
    resource_tracker.ensure_running()
    gc.collect()
    before = descriptors(), children(), mapped()
    yield
    gc.collect()
    after = descriptors()
    assert {n: t for n, t in after.items() if n not in before[0]} == {}
    assert children() <= before[1]
    assert mapped() <= before[2]
    assert shared_memory() == []


@pytest.fixture(autouse=True)
def light_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spawned process imports the main module again: here that would be pytest, half of a start's time."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


@pytest.fixture
def orders(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file that tells the stub decoder what to do."""
    count = iter(range(1000))

    def write(**what: Any) -> Path:
        path = tmp_path / f"orders{next(count)}.json"
        path.write_text(json.dumps({key.lstrip("_").replace("_", " "): value for key, value in what.items()}))
        return path

    return write


class Bell:
    """A named pipe by which code in a worker says that it got somewhere, and waits to be told to go on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        os.mkfifo(f"{path}.go")
        self._hearing = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # for writing, too: else each ring ends it
        self._going = os.open(f"{path}.go", os.O_RDWR | os.O_NONBLOCK)

    def __str__(self) -> str:
        return str(self.path)

    def wait(self) -> None:
        """Until it rang once more."""
        ready, _, _ = select.select([self._hearing], [], [], SOON)
        assert ready, "nothing was heard from the worker"
        assert os.read(self._hearing, 1) == b"x"

    def go(self) -> None:
        """Let the worker go on."""
        os.write(self._going, b"x")

    def close(self) -> None:
        os.close(self._hearing)
        os.close(self._going)


@pytest.fixture
def bell(tmp_path: Path) -> Iterator[Bell]:
    """A bell."""
    ringing = Bell(tmp_path / "bell")
    yield ringing
    ringing.close()


@pytest.fixture
def make_pool() -> Iterator[Callable[..., Pool]]:
    """Pools with the stub decoder, closed at the end."""
    pools: list[Pool] = []

    def make(*, documents: int = 2, on_notice: Callable[[str], None] | None = None, **budgets: Any) -> Pool:
        pool = Pool(budgets=Budgets(**budgets), documents=documents, opener=OPENER, on_notice=on_notice)
        pools.append(pool)
        return pool

    yield make
    for pool in pools:
        pool.close()


@pytest.fixture
def pool(make_pool: Callable[..., Pool]) -> Pool:
    """A pool with the program's own budgets."""
    return make_pool()


def gone(pid: int) -> bool:
    """Wait until a process (of anybody) has ended; False when it does not."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], SOON)[0])
    finally:
        os.close(descriptor)

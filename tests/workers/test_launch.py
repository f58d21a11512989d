from __future__ import annotations

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.workers.conftest import OPENER, SOON, gone
from viewer import limits
from viewer.workers import launch, protocol


def orders(**changes: object) -> launch.Orders:
    values: dict[str, object] = {"parent": os.getpid(), "memory": 1 << 30, "opener": OPENER, "warm": ()}
    return launch.Orders(**{**values, **changes})  # type: ignore[arg-type]


def test_a_worker_says_ready_and_ends_with_its_pipe() -> None:
    process, pipe = launch.start_worker(orders())
    assert isinstance(protocol.from_worker(pipe.recv_bytes()), protocol.Ready)
    assert launch.private_memory(process.pid or 0) > limits.MB
    pipe.close()
    process.join(SOON)
    assert process.exitcode == 0
    process.close()


def test_a_missing_library_does_not_stop_the_start() -> None:
    process, pipe = launch.start_worker(orders(warm=("no_such_library", "json")))
    assert isinstance(protocol.from_worker(pipe.recv_bytes()), protocol.Ready)
    pipe.close()
    process.join(SOON)
    process.close()


def test_it_refuses_to_outlive_its_parent() -> None:
    """Started by one process, told of another: as if the first had died meanwhile."""
    process, pipe = launch.start_worker(orders(parent=1))
    with pytest.raises(EOFError):
        pipe.recv_bytes()
    process.join(SOON)
    assert process.exitcode == 0
    pipe.close()
    process.close()


PARENT = """
import sys, threading
from pathlib import Path
from viewer.workers import Pool
def main():
    pool = Pool(opener="{opener}")
    for path in sys.argv[1:]:
        client = pool.open_paths([Path(path)])
        client.opened.result()
        client.render(0)
        clients.append(client)
    print(*pool.pids(), flush=True)
    threading.Event().wait()
clients = []
if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG")
def test_all_workers_end_with_the_window(tmp_path: Path) -> None:
    """Also one that is inside a native call and keeps the interpreter's lock."""
    (tmp_path / "parent.py").write_text(PARENT.format(opener=OPENER))
    pipe = tmp_path / "bell"
    os.mkfifo(pipe)
    ringing = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    spinning = tmp_path / "spin.json"
    spinning.write_text(f'{{"0": "spin {pipe}"}}')
    resting = tmp_path / "rest.json"
    resting.write_text("{}")
    command = [sys.executable, str(tmp_path / "parent.py"), str(resting), str(spinning)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as window:
        assert window.stdout is not None
        pids = list(map(int, window.stdout.readline().split()))
        assert len(pids) >= 2
        assert select.select([ringing], [], [], SOON)[0]
        window.kill()
        began = time.monotonic()
        assert all(gone(pid) for pid in pids)
        assert time.monotonic() - began < SOON
    os.close(ringing)


def test_descriptors_travel_with_messages(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    ours, theirs = multiprocessing.Pipe()
    with ours, theirs:
        ours.send_bytes(b"one")
        descriptor = launch.open_descriptor(path)
        launch.send_descriptor(ours, descriptor, pid=os.getpid())
        os.close(descriptor)
        ours.send_bytes(b"two")
        assert theirs.recv_bytes() == b"one"
        received = launch.receive_descriptor(theirs)
        assert theirs.recv_bytes() == b"two"
        assert os.read(received, 100) == b"content"
        os.close(received)
        ours.close()
        with pytest.raises(EOFError):
            launch.receive_descriptor(theirs)


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "missing", Path("/dev/zero")):
        with pytest.raises(OSError):
            launch.open_descriptor(path)


@pytest.mark.skipif(sys.platform == "win32", reason="sockets")
def test_a_pipe_that_nobody_reads_does_not_hold_us() -> None:
    ours, theirs = multiprocessing.Pipe()
    with ours, theirs:
        launch.limit_sending(ours)
        with pytest.raises(BlockingIOError):
            for _ in range(100_000):
                ours.send_bytes(b"x" * 1000)


@pytest.mark.skipif(sys.platform == "win32", reason="sockets")
def test_hanging_up_wakes_both_sides() -> None:
    ours, theirs = multiprocessing.Pipe()
    with ours, theirs:
        launch.hang_up(ours)
        for end in (ours, theirs):
            with pytest.raises(EOFError):
                end.recv_bytes()
        launch.hang_up(ours)


def test_memory_limit_is_within_the_table() -> None:
    assert limits.WORKER_MEMORY_MIN <= launch.memory_limit() <= limits.WORKER_MEMORY_MAX


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_private_memory_counts_what_is_touched() -> None:
    before = launch.private_memory(os.getpid())
    kept = np.ones(64 * limits.MB, np.uint8)
    assert launch.private_memory(os.getpid()) - before > 60 * limits.MB
    assert launch.private_memory(2**22 + 1) == 0
    del kept


def test_endings_in_words() -> None:
    assert launch.ending(-signal.SIGSEGV) == "stopped (signal 11)"
    assert launch.ending(0) == "stopped (exit status 0)"
    assert launch.ending(None) == "stopped"

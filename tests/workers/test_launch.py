from __future__ import annotations

import mmap
import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from viewer import limits
from viewer.workers import launch


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
    with mmap.mmap(-1, 64 * limits.MB) as kept:  # new pages, never some that the heap has left over
        np.frombuffer(kept, np.uint8)[:] = 1
        deadline = time.monotonic() + 20  # a kernel may count with a delay
        while launch.private_memory(os.getpid()) - before <= 60 * limits.MB:
            assert time.monotonic() < deadline
    assert launch.private_memory(2**22 + 1) == 0


def test_endings_in_words() -> None:
    assert launch.ending(-signal.SIGSEGV) == "stopped (signal 11)"
    assert launch.ending(0) == "stopped (exit status 0)"
    assert launch.ending(None) == "stopped"

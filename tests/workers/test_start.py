from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.workers.conftest import OPENER, SOON, gone
from viewer import limits
from viewer.workers import launch, protocol
from viewer.workers.start import start_worker


def orders(**changes: object) -> launch.Orders:
    values: dict[str, object] = {"parent": os.getpid(), "memory": 1 << 30, "opener": OPENER, "warm": ()}
    return launch.Orders(**{**values, **changes})  # type: ignore[arg-type]


def test_a_worker_says_ready_and_ends_with_its_pipe() -> None:
    process, pipe = start_worker(orders())
    assert isinstance(protocol.from_worker(pipe.recv_bytes()), protocol.Ready)
    assert launch.private_memory(process.pid or 0) > limits.MB
    pipe.close()
    process.join(SOON)
    assert process.exitcode == 0
    process.close()


def test_a_missing_library_does_not_stop_the_start() -> None:
    process, pipe = start_worker(orders(warm=("no_such_library", "json")))
    assert isinstance(protocol.from_worker(pipe.recv_bytes()), protocol.Ready)
    pipe.close()
    process.join(SOON)
    process.close()


def test_it_refuses_to_outlive_its_parent() -> None:
    """Started by one process, told of another: as if the first had died meanwhile."""
    process, pipe = start_worker(orders(parent=1))
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

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.errors import ViewerError
from viewer.state_file import StateFile, is_alive, write_atomically


def state(path: Path, version: int = 1) -> StateFile:
    return StateFile(path, version=version, title="The settings")


def test_members_come_back_with_a_version(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.json"
    assert state(path).read() == {}
    state(path).update(lambda members: {**members, "theme": "dark"})
    assert state(path).read() == {"theme": "dark"}
    assert json.loads(path.read_text()) == {"version": 1, "theme": "dark"}


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "a.json"
    state(path).update(lambda members: {"a": 1})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "damage", [b"", b"\x00\xff", b"[]", b'{"version": "1"}', b'{"theme": "dark"}', b'{"version": 1', b"[" * 100_000]
)
def test_a_damaged_file_is_set_aside_and_told(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(damage)
    file = state(path)
    assert file.read() == {}
    (kept,) = tmp_path.glob("a.json.damaged-*")
    assert kept.read_bytes() == damage
    assert file.notice is not None
    assert kept.name in file.notice
    file.update(lambda members: {"theme": "dark"})
    assert state(path).read() == {"theme": "dark"}


def test_a_newer_file_is_read_and_never_written(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"version": 2, "theme": "dark", "new": 1}')
    before = path.read_bytes()
    file = state(path)
    assert file.read() == {"theme": "dark", "new": 1}
    assert file.notice is not None
    assert "newer" in file.notice
    file.update(lambda members: {"theme": "light"})
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_has_a_sentence_and_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    state(path).update(lambda members: {"theme": "dark"})

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ViewerError, match="No space left"):
        state(path).update(lambda members: {"theme": "light"})
    assert state(path).read() == {"theme": "dark"}
    assert not list(tmp_path.glob("*.tmp"))


def test_two_threads_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.json"

    def count(name: str) -> None:
        for _ in range(20):
            state(path).update(lambda members: {**members, name: members.get(name, 0) + 1})

    threads = [threading.Thread(target=count, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state(path).read() == {"a": 20, "b": 20}


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_killed_writer_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    program = (
        "import sys, pathlib; from viewer.state_file import write_atomically\n"
        "for k in range(10**9):\n"
        " write_atomically(pathlib.Path(sys.argv[1]), b'%09d' % k * 5000)\n"
        " print(k, flush=True)\n"
    )
    for lines in range(1, 6):
        writer = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        with writer.stdout:
            for _ in range(lines):
                writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        content = path.read_bytes()
        assert content == content[:9] * 5000
    write_atomically(path, b"new")
    assert not list(tmp_path.glob("*.tmp"))  # what the killed ones left


@given(st.integers())
def test_any_number_may_be_asked_for(pid: int) -> None:
    if pid > 0:
        is_alive(pid)
    assert is_alive(os.getpid())

import subprocess
import sys
from pathlib import Path

import pytest

from viewer.errors import FetchError
from viewer.fetch.locks import locked, try_lock, unlock


def test_one_holds_it_and_its_end_removes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with locked(path):
        assert try_lock(path) is None
        with pytest.raises(FetchError, match="cancelled"), locked(path, lambda: True):
            pass
    assert not path.exists()
    lock = try_lock(path)
    assert lock is not None
    unlock(lock, path)
    assert list(tmp_path.iterdir()) == []


HOLD = """
import sys, pathlib
from viewer.fetch.locks import try_lock
print(try_lock(pathlib.Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


def test_it_holds_between_programs_and_ends_with_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline().strip() != b"None"
        assert try_lock(path) is None
        program.kill()
    lock = try_lock(path)
    assert lock is not None
    unlock(lock, path)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_the_lock_of_a_removed_file_counts_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    path = tmp_path / "a.lock"
    flock = fcntl.flock

    def late(descriptor: int, operation: int) -> None:
        path.unlink()  # its holder ends between our opening and our locking
        flock(descriptor, operation)

    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", late)
        assert try_lock(path) is None
    lock = try_lock(path)
    assert lock is not None
    unlock(lock, path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError), locked(tmp_path / "none" / "a.lock"):
        pass

"""Locks that several programs respect and that end with the program that held them, however it ended."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from viewer.fetch.call import cancelled_error, never

_LOOK_S = 0.05


def try_lock(path: Path) -> int | None:
    """Lock the file at `path` (made when it is not there) without waiting.

    Returns a descriptor for `unlock`, None when somebody else has it. Raises OSError when the file cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # whoever held it may have removed the file meanwhile; then this is the lock of nothing
            if not _is_at(descriptor, path):
                os.close(descriptor)
                return None
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def unlock(descriptor: int, path: Path) -> None:
    """Give up the lock and remove its file."""
    with contextlib.suppress(OSError):  # Windows keeps the file of an open descriptor
        path.unlink()
    os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path, cancelled: Callable[[], bool] = never) -> Iterator[None]:
    """Hold the lock of `path`, waiting for others. Raises FetchError (``cancelled``), OSError."""
    while (descriptor := try_lock(path)) is None:
        if cancelled():
            raise cancelled_error()
        time.sleep(_LOOK_S)
    try:
        yield
    finally:
        unlock(descriptor, path)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False

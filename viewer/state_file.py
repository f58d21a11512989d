"""Small JSON files that hold what the program keeps: written whole or not at all, shared by two programs."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from viewer.errors import ViewerError

Members: TypeAlias = dict[str, Any]

REPLACE_TRIES = 10  # Windows refuses to replace a file that a virus scanner reads just now


class StateFile:
    """One JSON object on disk with a ``"version"``.

    A file that cannot be read is set aside as ``NAME.damaged-DATE`` and told by `notice`; a newer version
    is read as far as it is understood and never written (`writable` is then False).
    """

    def __init__(self, path: Path, *, version: int, title: str) -> None:
        self.path = path
        self.version = version
        self.title = title
        """What a notice calls the file ("The settings")."""
        self.notice: str | None = None
        self.writable = True

    def read(self) -> Members:
        """All members except ``version``; empty when there is no file. Never raises."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.notice = f"{self.title} could not be read ({error.strerror or error}); defaults are used."
            return {}
        try:
            members = msgspec.json.decode(content)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            members = None
        if not isinstance(members, dict) or not isinstance(members.get("version"), int):
            self.set_aside()
            return {}
        if members.pop("version") > self.version:
            self.writable = False
            self.notice = f"{self.title} were written by a newer version; changes are not kept this time."
        return members

    def set_aside(self) -> None:
        """Keep a damaged file under another name, so that nothing is lost and nothing is read twice."""
        kept = self.path.with_name(f"{self.path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        try:
            _replace(self.path, kept)
        except OSError as error:
            self.writable = False
            self.notice = f"{self.title} are damaged and could not be set aside ({error.strerror or error})."
        else:
            self.notice = f"{self.title} were damaged. Defaults are used; the old file is kept as {kept.name}."

    def update(self, change: Callable[[Members], Members]) -> Members:
        """Read, change and write under a lock, so that two programs lose nothing of each other.

        Returns the new members. Raises ViewerError when the folder cannot be written; the old file is then
        as it was.
        """
        try:
            with locked(self.path):
                members = change(self.read())
                if self.writable:
                    write_atomically(
                        self.path, msgspec.json.format(msgspec.json.encode({"version": self.version, **members}))
                    )
                return members
        except OSError as error:
            raise ViewerError(
                f"{self.title} could not be saved in {self.path.parent} ({error.strerror or error}); "
                "they hold until the program ends. Free some space there or allow writing."
            ) from error


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that a crash leaves the old or the new file, never a part. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename last over a power cut, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(path: Path) -> None:
    """Remove ``NAME.PID.tmp`` of programs that are gone."""
    for left in path.parent.glob(f"{path.name}.*.tmp"):
        pid = left.name[len(path.name) + 1 : -len(".tmp")]
        if pid.isdigit() and not is_alive(int(pid)):
            left.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Whether a process of this number exists (on Windows: taken as alive, signals would end it)."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of `path` (a file ``NAME.lock`` beside it) against other programs. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                os.lseek(descriptor, 0, os.SEEK_SET)
                msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
    finally:
        os.close(descriptor)


def _replace(source: Path, target: Path) -> None:
    for _ in range(REPLACE_TRIES - 1):
        try:
            source.replace(target)
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(0.1)
        else:
            return
    source.replace(target)

"""What ties two processes together: life, memory, the pipe, descriptors. No decoders, no pool."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import reduction
from multiprocessing.connection import Connection
from pathlib import Path

from viewer import limits

OPENER = "viewer.decoders:open_document"
KEEPS_SENT = sys.platform == "darwin"  # macOS loses a descriptor that its sender closes too early
SEND_S = 0.5  # a worker that does not take 200 bytes in this time does not read at all
_PR_SET_PDEATHSIG = 1
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a worker is told at its start (by pickle, from the window to the worker only)."""

    parent: int
    memory: int
    """Bytes of private memory; 0: no limit."""
    opener: str = OPENER
    """``module:function`` that opens a document; tests name one that misbehaves."""
    warm: tuple[str, ...] = ("numpy", "PIL.Image", "imagecodecs", "viewer.decoders")
    """Modules to load before saying ready; one that is missing is passed over."""


def memory_limit() -> int:
    """Bytes of private memory for one worker: a quarter of the machine's, within the table's bounds."""
    total = 8 * limits.GB
    if sys.platform != "win32":
        with contextlib.suppress(ValueError, OSError):
            total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(limits.WORKER_MEMORY_MIN, min(limits.WORKER_MEMORY_MAX, total // 4))


def limit_sending(connection: Connection) -> None:
    """Let a write fail after `SEND_S` instead of waiting for a process that does not read (POSIX)."""
    if sys.platform == "win32":
        return
    with socket.socket(fileno=os.dup(connection.fileno())) as end:
        seconds = int(SEND_S)
        time = struct.pack("@ll", seconds, int((SEND_S - seconds) * 1e6))
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, time)


def hang_up(connection: Connection) -> None:
    """End a pipe for both sides, also for a thread that waits in it (closing alone would not wake it)."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)


def send_descriptor(connection: Connection, descriptor: int, *, pid: int) -> None:
    """Give the process at the other end its own copy of an open file, right after a message that says so.

    Not `reduction.send_handle` on POSIX: on macOS that waits for an answer in the same pipe, and another
    thread of ours reads there.
    """
    if sys.platform == "win32":
        import msvcrt

        reduction.send_handle(connection, msvcrt.get_osfhandle(descriptor), pid)
        return
    with socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as end:
        socket.send_fds(end, [b"F"], [descriptor])


def receive_descriptor(connection: Connection) -> int:
    """The worker's side of `send_descriptor`. Raises EOFError when the window is gone."""
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(reduction.recv_handle(connection), os.O_RDONLY | os.O_BINARY)
    with socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as end:
        data, descriptors, _flags, _address = socket.recv_fds(end, 1, 1)
    if not data or not descriptors:
        raise EOFError
    os.set_inheritable(descriptors[0], False)
    return descriptors[0]


def open_descriptor(path: Path) -> int:
    """A descriptor of a regular file for reading; raises OSError for a missing one, a folder, a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a FIFO must not block
    descriptor = os.open(path, flags)
    import stat

    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path.name} is not a file")
    return descriptor


# ---- inside the worker ---------------------------------------------------------------------------------------


def bind_to_parent(parent: int) -> None:
    """End with the window, even inside a native call that never returns (Linux; elsewhere EOF does it)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the window's to answer
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if sys.platform != "win32" and os.getppid() != parent:  # it died before the line above
        os._exit(0)


def bind_memory(size: int) -> None:
    """No more than `size` bytes of private memory, no core files (they would hold patients' pictures)."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if size and sys.platform == "linux":  # RLIMIT_AS would count libraries and shared memory
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def keep_freed_memory() -> None:
    """Let glibc keep what a decoder frees for its next page, until `give_back_memory`.

    Otherwise every picture of some megabytes is taken from the system anew and faulted in page by page:
    measured 1.3 ms per array of 8 MB (1080p), as much as a fast decode.
    """
    mallopt = _glibc("mallopt")
    if mallopt is not None:
        for option in (_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD):
            mallopt(option, 1 << 30)


def give_back_memory() -> None:
    """Return freed memory to the system (after closing a document)."""
    malloc_trim = _glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _glibc(name: str) -> Callable[..., int] | None:
    """A function of the C library on Linux; None where there is none of this name."""
    if sys.platform != "linux":
        return None
    import ctypes

    function: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return function


def restrict() -> str:
    """The one place where a worker gives up its rights, after its imports and before the first file.

    Landlock and seccomp (files and network) are called here. Returns what the window shows under
    "isolation".
    """
    return "separate processes only"


# ---- looking at a worker from outside -------------------------------------------------------------------------


def private_memory(pid: int) -> int:
    """Bytes of memory that a process holds beyond files: anonymous and shared pages; 0 when unknown."""
    if sys.platform != "linux":
        return 0
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    total = 0
    for line in status.splitlines():
        if line.startswith((b"RssAnon:", b"RssShmem:")):
            total += int(line.split()[1]) << 10
    return total


def ending(exit_code: int | None) -> str:
    """How a process ended, in words that fit "the reader …"."""
    if exit_code is None:
        return "stopped"
    return f"stopped (signal {-exit_code})" if exit_code < 0 else f"stopped (exit status {exit_code})"

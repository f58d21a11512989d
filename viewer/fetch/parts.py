"""Files on their way: what came of one so far, and what it is a part of, so that the next try only adds to it.

``KEY.part`` holds the bytes, ``KEY.json`` which state of the server's file they belong to (no address, no
query), ``KEY.lock`` is held by the one program that writes. All three end with the fetch.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from viewer.fetch.call import cancelled_error
from viewer.fetch.digest import Digest
from viewer.fetch.locks import locked, try_lock, unlock

WORTH_RESUMING = 256 << 10  # a smaller file is fetched again as quickly
OVERLAP = 64 << 10  # fetched again and compared, where nothing else proves that the file is still the same
_KEPT_S = 7 * 86_400.0
_PIECE = 1 << 20


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What the server said of the state of a file that it sends."""

    etag: str = ""
    total: int | None = None
    content_type: str = ""
    encoding: str = ""
    """``Content-Encoding`` in lower case; the bytes are kept as they came."""

    @property
    def is_strong(self) -> bool:
        """Whether the ETag stands for the very bytes (a weak one only for the meaning)."""
        return self.etag.startswith('"') and len(self.etag) > 2


class Part:
    """The bytes of one file so far, in `file` (open for writing and reading). Used by one thread.

    `keep` is told what the bytes belong to, before the first of them is written; None: nothing is known any more.
    """

    def __init__(
        self,
        file: BinaryIO,
        *,
        path: Path | None = None,
        version: Version | None = None,
        keep: Callable[[Version | None], None] = lambda version: None,
    ) -> None:
        self.file = file
        self.path = path
        self.version = version
        self._keep = keep
        self._digest = Digest()
        self.length = 0
        self.is_surely_ours = False
        """Whether this very fetch wrote all of it: then nothing can have befallen its end."""
        if version is None:
            self.start(None)
        else:
            file.seek(0)
            while piece := file.read(_PIECE):
                self._digest.update(piece)
                self.length += len(piece)

    def start(self, version: Version | None) -> None:
        """Begin anew, with bytes of `version`. Raises OSError."""
        self.file.seek(0)
        self.file.truncate()
        self._digest = Digest()
        self.length = 0
        self.is_surely_ours = True
        if version is not None or self.version is not None:
            self._keep(version)
        self.version = version

    def write(self, piece: bytes) -> None:
        """Add bytes at the end. Raises OSError."""
        self.file.write(piece)
        self._digest.update(piece)
        self.length += len(piece)

    def flush(self) -> None:
        """Give what is buffered to the system: it outlives the program then. Raises OSError."""
        self.file.flush()

    def resume_at(self) -> int:
        """From which byte the rest has to be asked for, 0 for the whole file."""
        if self.version is None:
            return 0
        if self.version.is_strong and self.is_surely_ours:
            return self.length
        return max(0, self.length - OVERLAP)

    def tail(self, start: int) -> bytes:
        """The bytes from `start` on; writing goes on at the end afterwards."""
        self.file.seek(start)
        tail = self.file.read(self.length - start)
        self.file.seek(self.length)
        return tail

    def head(self, length: int) -> bytes:
        """The first bytes."""
        self.file.seek(0)
        head = self.file.read(length)
        self.file.seek(self.length)
        return head

    @property
    def sha256(self) -> str:
        """Of all bytes so far, in hex."""
        return self._digest.hexdigest()


class PartFolder:
    """The folder of files on their way. Thread-safe, shared with other programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}
        self._is_swept = False

    @contextlib.contextmanager
    def writing(self, key: str, cancelled: Callable[[], bool]) -> Iterator[None]:
        """Let one thread of one program at a time fetch `key`; who waited finds it afterwards.

        Raises FetchError (``cancelled``), OSError when the folder cannot be written.
        """
        with self._lock:
            own = self._busy.setdefault(key, threading.Lock())
        while not own.acquire(timeout=0.1):
            if cancelled():
                raise cancelled_error()
        try:
            self._prepare()
            with locked(self._named(key, "lock"), cancelled):
                yield
        finally:
            own.release()

    def begin(self, key: str) -> Part:
        """The part of `key`, with what an earlier try left of it. Call it within `writing`. Raises OSError."""
        self._prepare()
        path = self._named(key, "part")
        version = self._kept(key)
        if version is None:
            self.forget(key)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=WORTH_RESUMING)

        def keep(version: Version | None) -> None:
            self._keep(key, version)

        try:
            return Part(file, path=path, version=version, keep=keep)
        except BaseException:
            file.close()
            raise

    def end(self, key: str, part: Part, *, forget: bool) -> None:
        """Close `part`. What is worth going on with stays for the next try, unless it is to be forgotten."""
        with contextlib.suppress(OSError):
            part.file.close()  # writes what is buffered; on a full disk that fails, and the file is shorter
        if forget or not part.length or not self._named(key, "json").exists():
            self.forget(key)

    def forget(self, key: str) -> None:
        """Remove what is kept of `key`."""
        for suffix in ("json", "part"):
            with contextlib.suppress(OSError):
                self._named(key, suffix).unlink(missing_ok=True)

    def sweep(self, *, older_than_s: float = _KEPT_S) -> int:
        """Remove what nobody went on with for so long and nobody writes now. Returns the bytes that were freed."""
        freed = 0
        for path in self._files():
            with contextlib.suppress(OSError):
                status = path.stat()
                key = path.name.partition(".")[0]
                if time.time() - status.st_mtime < older_than_s or (lock := try_lock(self._named(key, "lock"))) is None:
                    continue
                freed += status.st_size
                path.unlink(missing_ok=True)
                unlock(lock, self._named(key, "lock"))
        return freed

    def bytes(self) -> int:
        """What the folder holds."""
        total = 0
        for path in self._files():
            with contextlib.suppress(OSError):
                total += path.stat().st_size
        return total

    def _files(self) -> list[Path]:
        try:
            return [Path(entry.path) for entry in os.scandir(self.folder) if not entry.name.endswith(".lock")]
        except OSError:
            return []

    def _prepare(self) -> None:
        with self._lock:
            if not self._is_swept or not self.folder.is_dir():
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._is_swept = True
                self.sweep()

    def _named(self, key: str, suffix: str) -> Path:
        return self.folder / f"{key}.{suffix}"

    def _kept(self, key: str) -> Version | None:
        try:
            return msgspec.json.decode(self._named(key, "json").read_bytes(), type=Version)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None

    def _keep(self, key: str, version: Version | None) -> None:
        path = self._named(key, "json")
        if version is None or (version.total is not None and version.total <= WORTH_RESUMING):
            path.unlink(missing_ok=True)
            return
        written = path.with_suffix(".new")
        written.write_bytes(msgspec.json.encode(version))
        written.replace(path)

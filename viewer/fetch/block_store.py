"""Blocks of files that are not here as a whole, on disk: a sparse file and a note of which blocks it holds.

``blocks/KEY.bytes`` has the length of the server's file, with holes; ``KEY.map`` says which state of that file it
is of (ETag, length; no address, no query) and which blocks are there. What a program writes while it is killed is
in the bytes, but not in the map: it is fetched again. ``KEY.lock`` is held by the one program that writes.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from viewer import limits
from viewer.fetch.locks import try_lock, unlock
from viewer.fetch.parts import Version

BLOCK = 64 * limits.KB
SAVE_EVERY = 128
"""Blocks between two notes of what is there (8 MB): so much is fetched again after a kill."""
_KEPT_S = 7 * 86_400.0


class _Map(msgspec.Struct, frozen=True, kw_only=True):
    version: Version
    block: int
    bits: bytes


class Blocks:
    """The blocks of one file in one state. One thread writes; which blocks are there is for any to ask.

    `path` is what others read: only what `ready` names is the file's. Raises OSError where the disk does not take it.
    """

    def __init__(self, path: Path, version: Version, *, lock: int | None, keep: bool) -> None:
        """`version.total` is known. `lock` is the descriptor of our lock; without `keep` nothing outlives `close`."""
        assert version.total
        self.path = path
        self._origin = path
        self.version = version
        self.length = version.total
        self.count = -(-self.length // BLOCK)
        self._lock = lock
        self._keep = keep
        self._bits = bytearray(-(-self.count // 8))
        self.held = 0
        """How many blocks are there."""
        self._unsaved = 0
        fresh = not self._load()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | (os.O_TRUNC if fresh else 0)
        self._file = os.open(path, flags, 0o600)
        try:
            os.ftruncate(self._file, self.length)
            if fresh:
                self._map_path.unlink(missing_ok=True)
        except BaseException:
            os.close(self._file)
            raise

    @property
    def is_whole(self) -> bool:
        """Whether no block is missing."""
        return self.held == self.count

    @property
    def bytes_held(self) -> int:
        """Bytes that are there, about."""
        return min(self.held * BLOCK, self.length)

    def has(self, block: int) -> bool:
        """Whether a block is there."""
        return bool(self._bits[block >> 3] >> (block & 7) & 1)

    def ready(self, offset: int) -> int:
        """Up to where the bytes from `offset` on are there without a hole; `offset` when its block is missing."""
        block = offset // BLOCK
        while block < self.count and self.has(block):
            block += 1
        return max(offset, min(block * BLOCK, self.length))

    def missing(self, offset: int, end: int) -> tuple[int, int] | None:
        """The first bytes of [offset, end) that are not there, in whole blocks: (start, up to the next that is)."""
        first = offset // BLOCK
        last = min(self.count, -(-end // BLOCK))
        while first < last and self.has(first):
            first += 1
        if first >= last:
            return None
        stop = first + 1
        while stop < last and not self.has(stop):
            stop += 1
        return first * BLOCK, min(stop * BLOCK, self.length)

    def write(self, offset: int, piece: bytes) -> None:
        """Put bytes of a block that is not said to be there yet."""
        os.lseek(self._file, offset, os.SEEK_SET)
        view = memoryview(piece)
        while view:
            view = view[os.write(self._file, view) :]

    def add(self, block: int) -> None:
        """A block is there from now on."""
        if not self.has(block):
            self._bits[block >> 3] |= 1 << (block & 7)
            self.held += 1
            self._unsaved += 1
            if self._unsaved >= SAVE_EVERY:
                self.save()

    def save(self) -> None:
        """Note what is there; the bytes are on the disk before the note says so."""
        if not self._keep or not self._unsaved:
            return
        self._unsaved = 0
        os.fsync(self._file)
        written = self._map_path.with_suffix(".new")
        written.write_bytes(msgspec.msgpack.encode(_Map(version=self.version, block=BLOCK, bits=bytes(self._bits))))
        written.replace(self._map_path)

    def moved(self, path: Path) -> None:
        """The whole file is somebody else's, at `path`, from now on."""
        self._unsaved = 0
        self._map_path.unlink(missing_ok=True)
        self.path, self._keep = path, True

    def close(self, *, forget: bool = False) -> None:
        """Note what is there and let go of the file; `forget`: remove it."""
        forget = forget or not self._keep
        with contextlib.suppress(OSError):
            if not forget:
                self.save()
        with contextlib.suppress(OSError):
            os.close(self._file)
        if forget:
            _remove(self._origin)
        if self._lock is not None:
            unlock(self._lock, self._origin.with_suffix(".lock"))
            self._lock = None

    @property
    def _map_path(self) -> Path:
        return self._origin.with_suffix(".map")

    def _load(self) -> bool:
        """Go on with what an earlier run left, if it is of the same state of the file."""
        if not self._keep:
            return False
        try:
            found = msgspec.msgpack.decode(self._map_path.read_bytes(), type=_Map)
            is_same = self.path.stat().st_size == self.length
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return False
        same = (found.version.etag, found.version.total) == (self.version.etag, self.length)
        if not (is_same and same and found.block == BLOCK and len(found.bits) == len(self._bits)):
            return False
        self._bits[:] = found.bits
        if spare := len(self._bits) * 8 - self.count:
            self._bits[-1] &= 0xFF >> spare
        self.held = int.from_bytes(self._bits, "little").bit_count()
        return True


class BlockFolder:
    """The folder of such files, shared with other programs; each is written by one of them at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, key: str, version: Version, *, limit: int) -> Blocks:
        """The blocks of `key`, with what is there already. Of older ones no more than `limit` bytes are left.

        Another program has them: then a copy of our own, which ends with its `close`. Raises OSError.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{key}.bytes"
        lock = try_lock(path.with_suffix(".lock"))
        keep = lock is not None
        if lock is None:
            path = self.folder / f"{key}-{os.getpid()}-{time.monotonic_ns()}.bytes"
            lock = try_lock(path.with_suffix(".lock"))  # so that nobody sweeps it
        try:
            self.evict(max(0, self.bytes() - limit))
            return Blocks(path, version, lock=lock, keep=keep)
        except BaseException:
            if lock is not None:
                unlock(lock, path.with_suffix(".lock"))
            raise

    def bytes(self) -> int:
        """What the folder holds, holes not counted."""
        return sum(_held(path) for path, _ in self._files())

    def evict(self, bytes_: int | None) -> int:
        """Remove what was not used for longest and nobody writes, until `bytes_` (None: all) are freed.

        Returns the bytes that were freed. Never raises.
        """
        freed = 0
        for path, _used in sorted(self._files(), key=lambda found: found[1]):
            if bytes_ is not None and freed >= bytes_:
                break
            freed += self._remove_unused(path)
        return freed

    def sweep(self) -> int:
        """Remove what nobody used for a week. Returns the bytes that were freed."""
        old = [path for path, used in self._files() if time.time() - used > _KEPT_S]
        return sum(self._remove_unused(path) for path in old)

    def _remove_unused(self, path: Path) -> int:
        with contextlib.suppress(OSError):
            if (lock := try_lock(path.with_suffix(".lock"))) is not None:
                held = _held(path)
                _remove(path)
                unlock(lock, path.with_suffix(".lock"))
                return held
        return 0

    def _files(self) -> Iterator[tuple[Path, float]]:
        """(path, when it was used last)."""
        try:
            found = [Path(entry.path) for entry in os.scandir(self.folder) if entry.name.endswith(".bytes")]
        except OSError:
            return
        for path in found:
            with contextlib.suppress(OSError):
                yield path, path.stat().st_mtime


def _held(path: Path) -> int:
    """Bytes on the disk; where the system does not tell, as many as the file is long."""
    try:
        state = path.stat()
    except OSError:
        return 0
    blocks = getattr(state, "st_blocks", None)
    return state.st_size if blocks is None else min(state.st_size, int(blocks) * 512)


def _remove(path: Path) -> None:
    for file in (path.with_suffix(".map"), path):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)

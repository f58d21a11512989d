"""Shared memory for pixels: segments without a name, and the window's book of who holds which slot.

A segment that has no name cannot be left behind by a kill, whoever is killed. On Linux it is sealed against
shrinking, because a worker that cut it short would end the window with SIGBUS at its next look.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
import sys
import tempfile
import weakref
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viewer import limits

SEGMENT_STEP = 1 * limits.MB
SEGMENT_MIN = 4 * limits.MB  # untouched pages cost nothing; a little room saves a new segment per size


@dataclass(slots=True)
class Segment:
    """Shared memory of `size` bytes, mapped for reading in the window.

    `descriptor` is open until `sent` is called (POSIX); `name` is that of the mapping on Windows.
    """

    size: int
    memory: mmap.mmap
    descriptor: int = -1
    name: str = ""

    def sent(self) -> None:
        """The worker has its own descriptor now: ours is needed no more (the mapping stays)."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def create_segment(size: int) -> Segment:
    """A new segment of at least `size` bytes. Raises OSError when there is no memory or descriptor for it."""
    size = max(SEGMENT_MIN, -(-size // SEGMENT_STEP) * SEGMENT_STEP)
    if sys.platform == "win32":  # freed by the system with the last handle
        name = f"ango-viewer-{os.getpid()}-{secrets.token_hex(8)}"
        return Segment(size, mmap.mmap(-1, size, tagname=name), name=name)
    descriptor = _unnamed(size)
    try:
        return Segment(size, mmap.mmap(descriptor, size, prot=mmap.PROT_READ), descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def _unnamed(size: int) -> int:
    """A descriptor of `size` bytes of memory (or of an unlinked file) that no name leads to."""
    descriptor = _memory_file() if sys.platform == "linux" else _unlinked_file()
    try:
        os.ftruncate(descriptor, size)
        if sys.platform == "linux":
            import fcntl

            seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _memory_file() -> int:
    if sys.platform == "linux":
        return os.memfd_create("ango-viewer", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    raise OSError("no memfd_create here")


def _unlinked_file() -> int:
    """POSIX shared memory, or a temporary file, without its name at once."""
    with contextlib.suppress(ImportError, OSError):
        import _posixshmem  # type: ignore[import-not-found]

        name = f"/av-{secrets.token_hex(8)}"
        descriptor: int = _posixshmem.shm_open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode=0o600)
        _posixshmem.shm_unlink(name)
        return descriptor
    descriptor, path = tempfile.mkstemp(prefix="ango-viewer-")
    Path(path).unlink()
    return descriptor


def attach_segment(descriptor: int, size: int, name: str) -> mmap.mmap:
    """The worker's side: map for writing, and close the descriptor."""
    if sys.platform == "win32":
        return mmap.mmap(-1, size, tagname=name)
    try:
        return mmap.mmap(descriptor, size)
    finally:
        os.close(descriptor)


SlotState = Literal["free", "lent", "held"]


@dataclass(slots=True)
class _Place:
    segment: Segment
    state: SlotState = "free"
    lease: int = 0
    """Which holding it is, so that a late release of an earlier one frees nothing."""


@dataclass(slots=True)
class SlotBook:
    """The book of one document's slots: free, lent to the worker, or held by whoever looks at the pixels.

    Not thread-safe, except that the arrays that it hands out may die on any thread.
    """

    places: dict[int, _Place] = field(default_factory=dict)
    _released: deque[tuple[int, int]] = field(default_factory=deque)
    _leases: int = 0

    @property
    def size(self) -> int:
        """Bytes of all slots."""
        return sum(place.segment.size for place in self.places.values())

    def lend(self) -> int:
        """The number of a free slot with the most room, now lent; -1 when none exists yet or is free."""
        self._settle()
        free = [number for number, place in self.places.items() if place.state == "free"]
        if not free:
            return -1
        number = max(free, key=lambda n: self.places[n].segment.size)
        self.places[number].state = "lent"
        return number

    def make(self, size: int) -> tuple[int, Segment]:
        """A new segment of at least `size` bytes, lent, in an empty place or in that of a free slot.

        Raises OSError when the system gives no memory, or every place is taken.
        """
        self._settle()
        number = next((n for n in range(limits.SLOTS) if n not in self.places), -1)
        if number < 0:
            number = next((n for n, place in self.places.items() if place.state == "free"), -1)
        if number < 0:
            raise OSError("every slot is held")
        segment = create_segment(size)
        if number in self.places:
            self.places[number].segment.sent()
        self.places[number] = _Place(segment, "lent")
        return number, segment

    def is_lent(self, number: int, size: int) -> bool:
        """Whether the slot is lent and has room for `size` bytes."""
        place = self.places.get(number)
        return place is not None and place.state == "lent" and place.segment.size >= size

    def take_back(self, number: int) -> None:
        """A lent slot is free again, its content not wanted."""
        place = self.places.get(number)
        if place is not None and place.state == "lent":
            place.state = "free"

    def hold(self, number: int, size: int) -> NDArray[np.uint8]:
        """The first `size` bytes of a lent slot, read-only; the slot is free again when no view of them lives.

        The last slot is never given away: then the bytes are copied, so that the worker can always go on.
        """
        self._settle()
        place = self.places[number]
        whole = np.frombuffer(place.segment.memory, dtype=np.uint8, count=size)
        held = sum(p.state == "held" for p in self.places.values())
        if held >= limits.SLOTS - 1:
            place.state = "free"
            copy = whole.copy()
            copy.flags.writeable = False
            return copy
        whole.flags.writeable = False  # Windows maps for writing
        place.state = "held"
        self._leases += 1
        place.lease = self._leases
        # Every view that numpy or a memoryview makes of `whole` keeps `whole` itself alive (numpy folds
        # chains of views only as far as the array that owns the foreign buffer). So its end is the end of all.
        ending = weakref.finalize(whole, self._released.append, (number, place.lease))
        ending.atexit = False
        return whole

    def copy(self, number: int, size: int) -> NDArray[np.uint8]:
        """The first `size` bytes of a lent slot as an array of its own; the slot stays lent."""
        return np.frombuffer(self.places[number].segment.memory, dtype=np.uint8, count=size).copy()

    def retire(self) -> None:
        """The worker is gone: forget all slots. What is held stays readable and goes with its last view."""
        for place in self.places.values():
            place.segment.sent()
        self.places.clear()

    def states(self) -> list[SlotState]:
        """The states in the order of the numbers."""
        self._settle()
        return [self.places[number].state for number in sorted(self.places)]

    def _settle(self) -> None:
        # Finalizers run anywhere, also inside this very class; they only append, and the book is kept here.
        while self._released:
            number, lease = self._released.popleft()
            place = self.places.get(number)
            if place is not None and place.state == "held" and place.lease == lease:
                place.state = "free"

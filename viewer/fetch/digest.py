"""The SHA-256 of bytes that pass by, made beside the thread that receives them."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

_BATCH = 1 << 20
"""Bytes that are handed over at a time; a file of less never needs the other thread."""
_AHEAD = 16
"""Batches that may wait: hashing that falls behind holds the receiving thread up, not the memory."""


class Digest:
    """SHA-256, used by one thread. Hashing a large file takes half as long as receiving it: here both go on at once.

    The thread that hashes ends with the object.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._batch: list[bytes] = []
        self._bytes = 0
        self._pool: ThreadPoolExecutor | None = None
        self._running: deque[Future[None]] = deque()

    def update(self, piece: bytes) -> None:
        """Add bytes."""
        self._batch.append(piece)
        self._bytes += len(piece)
        if self._bytes < _BATCH:
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="digest")
        batch, self._batch, self._bytes = self._batch, [], 0
        self._running.append(self._pool.submit(self._add, batch))
        if len(self._running) > _AHEAD:
            self._running.popleft().result()

    def hexdigest(self) -> str:
        """Of all bytes so far, in hex."""
        while self._running:
            self._running.popleft().result()
        self._add(self._batch)
        self._batch, self._bytes = [], 0
        return self._hash.hexdigest()

    def _add(self, pieces: list[bytes]) -> None:
        for piece in pieces:
            self._hash.update(piece)

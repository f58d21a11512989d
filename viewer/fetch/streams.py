"""Which files are fetched in pieces, and the ones that are: begun with their first block, shared by their users."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch.block_store import BLOCK, Blocks
from viewer.fetch.blocks import BlockFile, Stream
from viewer.fetch.body import Piece, Progress, size_in_words
from viewer.fetch.cache import Cache
from viewer.fetch.call import cancelled_error, never
from viewer.fetch.client import Client, Received
from viewer.fetch.failures import Passing
from viewer.fetch.parts import Part, Version

FIRST = 4 * BLOCK
"""Of the first request: what a file is, and often its table and its first picture."""
_ROOM = 256 * limits.MB  # that must be there to begin; what more is needed is seen when it is written
_ENDING_S = 5.0
_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp")
_EBML = b"\x1aE\xdf\xa3"


@dataclass(frozen=True, slots=True)
class Unstreamed:
    """A file that is better fetched as a whole; `why` is a notice, "" where nobody needs to know."""

    why: str = ""
    head: bytes = b""
    version: Version | None = None
    """The first bytes of it, if they came, and what they belong to."""


class Streams:
    """The streams of a program's files. Thread-safe."""

    def __init__(self, client: Client, cache: Cache, *, limit: int) -> None:
        """`limit`: bytes that one file may have at most."""
        self._client = client
        self._cache = cache
        self._limit = limit
        self._lock = threading.Lock()
        self._files: dict[str, BlockFile] = {}

    def open(
        self,
        url: str,
        key: str,
        name: str,
        *,
        on_progress: Progress | None = None,
        on_whole: Callable[[], None] = lambda: None,
        cancelled: Callable[[], bool] = never,
        by_time: bool = True,
        keep: Callable[[], None] = lambda: None,
    ) -> Stream | Unstreamed:
        """A stream of the file at `url`, or why not. Raises FetchError, OSError. See `Sources.stream`.

        `keep` is called when the file has become one of the cache, pinned once.
        """
        with self._lock:
            file = self._files.get(key)
        if file is None or not file.join(stream := Stream(file, on_progress=on_progress, on_whole=on_whole)):
            begun = self._begin(url, key, name, on_progress, cancelled, by_time, keep)
            if isinstance(begun, Unstreamed):
                return begun
            stream = Stream(begun, on_progress=on_progress, on_whole=on_whole)
            if not begun.join(stream):
                raise cancelled_error()
        return stream

    def close(self) -> None:
        """End all of them, and wait until what they hold is on the disk."""
        with self._lock:
            files = list(self._files.values())
        for file in files:
            file.close(_ENDING_S)

    def _begin(
        self,
        url: str,
        key: str,
        name: str,
        on_progress: Progress | None,
        cancelled: Callable[[], bool],
        by_time: bool,
        keep: Callable[[], None],
    ) -> BlockFile | Unstreamed:
        first = self._first(url, name, cancelled, by_time)
        if isinstance(first, Unstreamed):
            return first
        version, head = first
        assert version.total is not None
        self._cache.blocks.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._cache.check_room(min(version.total, _ROOM), name)
        share = self._cache.limit // limits.STREAM_CACHE_SHARE
        with self._lock:
            other = self._files.get(key)
            if other is not None:
                return other  # two began at once
            blocks = self._cache.blocks.begin(key, version, limit=share)
            try:
                blocks.write(0, head)
                for block in range(len(head) // BLOCK):
                    blocks.add(block)
            except BaseException:
                blocks.close(forget=True)
                raise

            def finish(whole: Blocks) -> None:
                self._finish(key, whole)
                keep()

            def ended(file: BlockFile) -> None:
                with self._lock:
                    if self._files.get(key) is file:
                        del self._files[key]

            file = BlockFile(self._client, url, blocks, name=name, finish=finish, ended=ended)
            self._files[key] = file
        if on_progress is not None:
            on_progress(blocks.bytes_held, blocks.length)
        return file

    def _first(
        self, url: str, name: str, cancelled: Callable[[], bool], by_time: bool
    ) -> tuple[Version, bytes] | Unstreamed:
        """What the file is and its first bytes; tried again like any fetch."""
        patience, tries = self._client.patience, 0
        while True:
            try:
                with self._client.piece(url, name=name, start=0, end=FIRST, cancelled=cancelled) as piece:
                    return self._judged(piece, name, by_time)
            except Passing as passing:
                tries += 1
                wait = self._client.wait_s(tries - 1, passing.after_s)
                if tries >= patience.tries or wait > patience.wait_max_s:
                    tried = f" Tried {tries} times." if tries > 1 else ""
                    raise passing.error.with_more(tried) from None
                until = time.monotonic() + wait
                while (left := until - time.monotonic()) > 0:
                    if cancelled():
                        raise cancelled_error() from None
                    time.sleep(min(0.1, left))

    def _judged(self, piece: Piece, name: str, by_time: bool) -> tuple[Version, bytes] | Unstreamed:
        """Whether it is worth it, and sure: only a strong ETag says that two pieces are of one file."""
        total = piece.total
        if total is not None and total > self._limit:
            return Unstreamed()
        version = msgspec.structs.replace(piece.version, total=total)
        is_small = total is not None and total <= limits.STREAM_FROM
        if is_small and ((total or 0) <= FIRST or piece.status != 206 or piece.start or not version.is_strong):
            return Unstreamed()
        if total is None or piece.status != 206 or piece.start or not version.is_strong or version.encoding:
            size = f" ({size_in_words(total)})" if total else ""
            return Unstreamed(
                f"{piece.host} does not send parts of files: all of {name}{size} is fetched before it is shown."
            )
        head = b""
        for got in piece.bytes:
            head += got
        if len(head) < FIRST:
            raise Passing(FetchError(f"{piece.host} broke off while sending {name}. Try again."))
        if is_small:
            return Unstreamed("", head[:FIRST], version)
        is_boxes = head[4:8] in _BOXES
        if not is_boxes and not (by_time and head.startswith(_EBML)):
            return Unstreamed()
        return version, head[:FIRST]

    def _finish(self, key: str, blocks: Blocks) -> None:
        """Make a whole file one of the cache. Raises OSError, FetchError."""
        version = blocks.version
        with self._cache.writing(key, never):
            if (found := self._cache.find(key)) is None:
                file = os.fdopen(os.open(blocks.path, os.O_RDWR | getattr(os, "O_BINARY", 0)), "r+b")
                with contextlib.closing(file):
                    part = Part(file, path=blocks.path, version=version)
                    received = Received(
                        part.length, part.sha256, part.head(512), version.content_type, version.encoding, version.etag
                    )
                    found = self._cache.finish(key, part, received)
                blocks.moved(found)
            else:
                self._cache.pin(key)

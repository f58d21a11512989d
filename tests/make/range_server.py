"""A server on loopback that sends files by ranges, as slowly as a real line, and counts what it sent."""

from __future__ import annotations

import contextlib
import mmap
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.make.fault_server import FaultServer, Request, _HangUp, reply

PIECE = 16 << 10


class RangeServer(FaultServer):
    """Files by path; every knob may be turned while it runs.

    `latency_s` comes before each answer, `bytes_per_s` is shared by all (0: as fast as it goes). `asked` are the
    ranges that were asked for; `bodies` counts the bytes of bodies that were sent.
    """

    def __init__(self, *, latency_s: float = 0.0, bytes_per_s: int = 0) -> None:
        super().__init__()
        self.latency_s, self.bytes_per_s = latency_s, bytes_per_s
        self.ranges = True
        self.etag: str | None = ""
        """"" for one made of the bytes, None for none."""
        self.refusal: bytes | None = None
        """What every further request is answered with."""
        self.cut_after: int | None = None
        """The next answer ends after so many bytes of its body; only that one."""
        self.stalls = False
        """Whether answers end after their head, with the connection open, until this is False."""
        self.on_request: Callable[[Request], None] = lambda request: None
        self.asked: list[tuple[int, int] | None] = []
        self.bodies = 0
        self._line = threading.Lock()
        self._free_at = 0.0

    def serve(self, path: str, content: bytes | Path) -> str:
        """Give this file. Returns its URL."""
        self.files[path] = content if isinstance(content, bytes) else content.read_bytes()
        return self.url(path)

    def serve_huge(self, path: str, file: Path) -> str:
        """Give a file that is too large to be read; one with holes costs nothing. Returns its URL."""
        with file.open("rb") as opened:
            self.files[path] = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)  # type: ignore[assignment]
        self.etag = f'"{file.stat().st_size}"'
        return self.url(path)

    def forget(self) -> None:
        """Count from here."""
        self.asked.clear()
        self.requests.clear()
        self.bodies = 0

    def _send_file(self, send: Callable[[bytes], None], content: bytes, request: Request) -> None:
        self.on_request(request)
        time.sleep(self.latency_s)
        found = re.fullmatch(r"bytes=([0-9]+)-([0-9]*)", request.headers.get("range", ""))
        start, end = (int(found[1]), int(found[2] or len(content) - 1) + 1) if found else (0, len(content))
        self.asked.append((start, end) if found else None)
        if self.refusal is not None:
            send(self.refusal)
            return
        etag = f'"{zlib.crc32(content)}"' if self.etag == "" else self.etag
        headers = {} if etag is None else {"ETag": etag}
        is_part = found is not None and self.ranges and request.headers.get("if-range", etag) == etag
        start, end = (start, min(end, len(content))) if is_part else (0, len(content))
        if is_part:
            headers["Content_Range"] = f"bytes {start}-{end - 1}/{len(content)}"
        send(reply(b"", code=206 if is_part else 200, length=end - start, **headers))
        while self.stalls and not self.held.is_set():
            time.sleep(0.005)
        cut, self.cut_after = self.cut_after, None
        for at in range(start, end, PIECE):
            if cut is not None and at - start >= cut:
                raise _HangUp
            piece = content[at : min(at + PIECE, end)]
            self._pace(len(piece))
            send(piece)
            with self._line:
                self.bodies += len(piece)

    def _pace(self, length: int) -> None:
        if self.bytes_per_s:
            with self._line:
                self._free_at = max(self._free_at, time.monotonic()) + length / self.bytes_per_s
                until = self._free_at
            time.sleep(max(0.0, until - time.monotonic()))

    def _serve(self, connection: socket.socket) -> None:
        # a small buffer, so that what was sent is what somebody took, about
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 << 10)
        super()._serve(connection)


@contextlib.contextmanager
def serving_ranges(*, latency_s: float = 0.0, bytes_per_s: int = 0) -> Iterator[RangeServer]:
    """One for the time of a test."""
    server = RangeServer(latency_s=latency_s, bytes_per_s=bytes_per_s)
    try:
        yield server
    finally:
        server.close()

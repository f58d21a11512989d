"""What belongs to the one fetch that a thread is doing just now: its deadline, its cancelling, its bytes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from viewer.errors import FetchError


def never() -> bool:
    """The `cancelled` of somebody who does not cancel."""
    return False


def cancelled_error() -> FetchError:
    """What a cancelled fetch ends with; nobody needs to read it."""
    return FetchError("Fetching was cancelled.", code="cancelled")


class Call(threading.local):
    """Per thread, because connections are shared and outlive the fetch that opened them."""

    def __init__(self) -> None:
        self._cancelled: Callable[[], bool] = never
        self._head_until: float | None = None
        self._received = 0
        self._head: bytearray | None = None

    def start(self, cancelled: Callable[[], bool]) -> None:
        """A fetch begins in this thread."""
        self._cancelled = cancelled

    def begin(self, *, head_s: float | None = None) -> None:
        """A request goes out; its answer's head must be here within `head_s` seconds (None: as before)."""
        if head_s is not None:
            self._head_until = time.monotonic() + head_s
        self._received = 0
        self._head = bytearray()

    def head_came(self) -> None:
        """The head is here; from now on only silence and slowness count."""
        self._head_until = None

    def took(self, received: bytes) -> None:
        """Bytes came over the connection. Keeps count, so that a body longer than announced is noticed."""
        self._received += len(received)
        if self._head is None:
            return
        self._head += received
        while (end := self._head.find(b"\r\n\r\n")) >= 0:
            is_interim = self._head.partition(b" ")[2][:1] == b"1"  # "HTTP/1.1 100 Continue"
            del self._head[: end + 4]
            self._received = len(self._head)
            if not is_interim:
                self._head = None
                return

    @property
    def body_received(self) -> int:
        """Bytes that came after the head, as they were on the wire."""
        return self._received if self._head is None else 0

    def extra(self, length: int) -> int:
        """How many more bytes than `length` came after the head."""
        return max(0, self.body_received - length)

    def is_cancelled(self) -> bool:
        """Whether this thread's fetch is no longer wanted."""
        return self._cancelled()

    def check(self) -> None:
        """Raises FetchError when the fetch was cancelled or the head does not come."""
        if self._cancelled():
            raise cancelled_error()
        if self._head_until is not None and time.monotonic() > self._head_until:
            raise TimeoutError

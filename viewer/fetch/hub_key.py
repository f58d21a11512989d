"""Keeps API keys of Ango Hub, one per host: in the system keyring, else in memory until the program ends.

A keyring may ask its owner first, so every call here may block: never on the thread of the window, see `aside`.
`keyring` is imported with the first call, for it looks for its backends then.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Literal, Protocol, TypeVar

SERVICE = "ango-viewer"
"""What the keyring lists the keys under; the name of an entry is the host."""

Kept = Literal["keyring", "none", "locked", "failed", ""]
"""Where a key is: in the keyring; only in memory since there is none, it is locked, or it failed; nowhere."""

_SYSTEM = ("SecretService", "libsecret", "kwallet", "macOS", "Windows", "OS_X")
"""Modules of ``keyring.backends`` that are a system's own store. Others may write to a plain file."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Backend(Protocol):
    """The part of ``keyring.backend.KeyringBackend`` that is used."""

    def get_password(self, service: str, username: str) -> str | None:
        """The entry, None where there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write an entry."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove an entry."""


class HubKeys:
    """The keys that were given. Thread-safe; its methods may block for as long as the keyring asks."""

    def __init__(self, find: Callable[[], Backend | None] | None = None) -> None:
        """`find` tells the keyring to use, None where there is none."""
        self._find = find or system_keyring
        self._memory: dict[str, str] = {}
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"HubKeys({len(self._memory)} hosts)"

    def known(self, host: str) -> bool:
        """Whether the key of a host was given or read already; asks no keyring."""
        with self._lock:
            return host in self._memory

    def kept(self, host: str) -> Kept:
        """Where the key of a host is, as far as it is known; asks no keyring."""
        with self._lock:
            return self._kept.get(host, "")

    def get(self, host: str) -> str | None:
        """The key of a host. Blocks."""
        with self._lock:
            if host in self._memory:
                return self._memory[host]
        found, kept = self._with_keyring(lambda backend: backend.get_password(SERVICE, host))
        with self._lock:
            if found:
                self._memory[host] = found
            self._kept[host] = kept if found or kept != "keyring" else ""
        return found or None

    def put(self, host: str, key: str) -> Kept:
        """Keep the key of a host, and tell where. Blocks."""
        with self._lock:
            self._memory[host] = key
        _, kept = self._with_keyring(lambda backend: backend.set_password(SERVICE, host, key))
        with self._lock:
            self._kept[host] = kept
        return kept

    def forget(self, host: str) -> bool:
        """Drop the key of a host everywhere. False if it may still be in the keyring. Blocks."""
        with self._lock:
            self._memory.pop(host, None)
            self._kept.pop(host, None)

        def drop(backend: Backend) -> None:
            if backend.get_password(SERVICE, host) is not None:
                backend.delete_password(SERVICE, host)

        _, kept = self._with_keyring(drop)
        return kept in ("keyring", "none")

    def _with_keyring(self, act: Callable[[Backend], T]) -> tuple[T | None, Kept]:
        """What a keyring answered, and how that went. Its errors may quote entries, so only their kind is logged."""
        try:
            backend = self._find()
            return (None, "none") if backend is None else (act(backend), "keyring")
        except Exception as error:  # third parties' code over D-Bus: whatever it raises, the key still works
            log.info("the keyring does not answer: %s", type(error).__name__)
            return None, _reason(error)


def system_keyring() -> Backend | None:
    """This system's own keyring; None where there is none, or only one that keeps its entries in a file."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    found: Any = keyring.get_keyring()
    backends = found.backends if isinstance(found, ChainerBackend) else [found]
    return next((backend for backend in backends if _is_system(backend)), None)


def _is_system(backend: object) -> bool:
    package, _, module = type(backend).__module__.rpartition(".")
    return package == "keyring.backends" and module in _SYSTEM


def _reason(error: Exception) -> Kept:
    names = {cls.__name__ for cls in type(error).__mro__}
    if "NoKeyringError" in names or isinstance(error, ImportError):
        return "none"
    return "locked" if "KeyringLocked" in names else "failed"


def aside(work: Callable[[], T]) -> Future[T]:
    """Do what a keyring may hold up in a thread of its own, which the end of the program does not wait for."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return future

"""A decoder that misbehaves on demand: the file's text says how. Runs in the workers of the tests."""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.base import Hints, PageInfo, Raster, Region, View, VoiWindow, check_page
from viewer.errors import DecodeError

SIZE = (32, 16)


def open_document(source: BinaryIO, hints: Hints) -> StubDocument:
    """The file is JSON: pages, kind, and what to do at open or at a page (``{"open": "segv", "2": "hang"}``)."""
    orders = json.loads(source.read())
    document = StubDocument(orders, hints)
    document.misbehave("open")
    return document


class StubDocument:
    def __init__(self, orders: dict[str, Any], hints: Hints) -> None:
        self.orders = orders
        self.kind = orders.get("kind", "image")
        self.page_count = orders.get("pages", 1)
        self.facts = {"engine": hints.engine, "name": hints.name, "pid": os.getpid(), "opened": 1}
        self.engine = hints.engine
        self.size = tuple(orders.get("size", SIZE))
        self.sizes = orders.get("sizes", [])
        self.portions = orders.get("portions", 0)

    def info(self, page: int) -> PageInfo:
        check_page(page, self.page_count)
        self.misbehave(f"info {page}")
        return PageInfo((float(self.size[0]), float(self.size[1])), self.size, facts={"pid": os.getpid()})

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Any) -> Raster:
        check_page(page, self.page_count)
        self.misbehave(str(page), cancelled)
        width, height = self.sizes.pop(0) if self.sizes else self.size
        pixels = np.full((height, width, 4), page % 251, np.uint8)
        pixels[..., 3] = 255
        return Raster(pixels, "bgrx", region or (0.0, 0.0, float(width), float(height)))

    def samples(self, page: int) -> NDArray[Any] | None:
        self.misbehave(f"samples {page}")
        if self.orders.get("samples") == "none":
            return None
        width, height = self.size
        return np.arange(width * height, dtype=self.orders.get("samples", "<u2")).reshape(height, width)

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        return (VoiWindow(40.0, 400.0, "abdomen"),)

    def prefetch(self, page: int, direction: int, cancelled: Any) -> bool:
        self.misbehave(f"prefetch {page}", cancelled)
        self.portions -= 1
        return self.portions >= 0

    def close(self) -> None:
        self.misbehave("close")

    def misbehave(self, key: str, cancelled: Any = None) -> None:
        order = self.orders.get(key)
        if isinstance(order, dict):  # per engine
            order = order.get(self.engine)
        if order is None:
            return
        what, _, argument = order.partition(" ")
        if what == "once":  # only while the file named is there
            path, _, rest = argument.partition(" ")
            if not Path(path).exists():
                return
            Path(path).unlink()
            what, _, argument = rest.partition(" ")
        BEHAVIOUR[what](self, argument, cancelled)


def _segv(_document: Any, _argument: str, _cancelled: Any) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _hang(_document: Any, argument: str, _cancelled: Any) -> None:
    if argument:
        tell(argument)
    while True:
        signal.pause()


def _eat(_document: Any, _argument: str, _cancelled: Any) -> None:
    """Memory without end, of a sort that no limit of the system refuses."""
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 1 << 24))
        np.frombuffer(kept[-1], np.uint8)[:] = 1


def _array(_document: Any, argument: str, _cancelled: Any) -> None:
    np.ones(int(argument), np.uint8)


def _wait(_document: Any, argument: str, cancelled: Any) -> None:
    """Say that work began, work until cancelled, say so."""
    if argument:
        tell(argument)
    while not cancelled():
        threading.Event().wait(0.001)
    if argument:
        tell(argument)
    raise DecodeError("cancelled", code="Internal")


def _until(_document: Any, argument: str, _cancelled: Any) -> None:
    """Say that work began, and work until told to go on, whatever is cancelled."""
    tell(argument)
    with Path(argument + ".go").open("rb") as pipe:
        pipe.read(1)


def _spin(_document: Any, argument: str, _cancelled: Any) -> None:
    """A native call that never returns and keeps the interpreter's lock."""
    tell(argument)
    ctypes.PyDLL(None).pause()


def _say(_document: Any, argument: str, _cancelled: Any) -> None:
    """Write raw bytes (hex) into the pipe to the window as one message."""
    child().send_bytes(bytes.fromhex(argument))
    signal.pause()


def _write(_document: Any, argument: str, _cancelled: Any) -> None:
    """Write raw bytes (hex) into the pipe as they are, then wait."""
    os.write(child().fileno(), bytes.fromhex(argument))
    signal.pause()


def _flood(_document: Any, argument: str, _cancelled: Any) -> None:
    """The same message without end."""
    pipe, message = child(), bytes.fromhex(argument)
    while True:
        pipe.send_bytes(message)


def _print(_document: Any, argument: str, _cancelled: Any) -> None:
    os.write(2, argument.encode() + b"\n")


def _raise(_document: Any, argument: str, _cancelled: Any) -> None:
    code, _, text = argument.partition(" ")
    raise DecodeError(text, code=code)  # type: ignore[arg-type]


BEHAVIOUR = {
    "segv": _segv,
    "abort": lambda *_: os.abort(),
    "exit": lambda *_: os._exit(0),
    "hang": _hang,
    "eat": _eat,
    "array": _array,
    "wait": _wait,
    "until": _until,
    "spin": _spin,
    "ring": lambda _document, argument, _cancelled: tell(argument),
    "say": _say,
    "write": _write,
    "flood": _flood,
    "print": _print,
    "raise": _raise,
    "bug": lambda *_: {}["a bug in a library"],
}


def tell(path: str) -> None:
    """One byte into a named pipe that the test listens to."""
    with Path(path).open("wb", buffering=0) as pipe:
        pipe.write(b"x")


def child() -> Any:
    """The worker's end of its pipe."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "run" and "_connection" in getattr(frame.f_locals.get("self"), "__dict__", {}):
            return frame.f_locals["self"]._connection
        frame = frame.f_back  # type: ignore[assignment]
    raise LookupError

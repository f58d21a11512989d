"""From a worker's answer to what its asker gets, with the last checks: the right kind, in the right slot."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from viewer.workers import protocol
from viewer.workers.pixels import PagePixels
from viewer.workers.ring import SlotBook
from viewer.workers.waiting import Request


def answer(request: Request, message: protocol.FromWorker, book: SlotBook) -> Callable[[], Any]:
    """What makes the result for each one who waits; the slot is held by it, or free again.

    Raises BadMessage for an answer to another question, or in a slot that was not lent for it.
    """
    if isinstance(message, protocol.Done) and request.kind == "render":
        return _pixels(request, message, book)
    if isinstance(message, protocol.Values) and request.kind == "samples":
        return _values(request, message, book)
    if isinstance(message, protocol.InfoIs) and request.kind == "info":
        info = message.info
        return lambda: info
    if isinstance(message, protocol.WindowsAre) and request.kind == "windows":
        windows = message.windows
        return lambda: windows
    if isinstance(message, protocol.Finished) and request.kind == "prefetch":
        return _nothing
    raise protocol.BadMessage(f"{type(message).__name__} to {request.kind}")


def _pixels(request: Request, message: protocol.Done, book: SlotBook) -> Callable[[], Any]:
    size = message.stride * message.height
    if message.slot != request.slot or not book.is_lent(message.slot, size):
        raise protocol.BadMessage("Done in a slot that was not lent")
    if not request.futures:
        book.take_back(message.slot)
        return _nothing
    return partial(PagePixels.of, book.hold(message.slot, size), message)


def _values(request: Request, message: protocol.Values, book: SlotBook) -> Callable[[], Any]:
    dtype = np.dtype(message.dtype)
    size = message.rows * message.columns * message.channels * dtype.itemsize
    if not size:
        book.take_back(request.slot)
        return _nothing
    if message.slot != request.slot or not book.is_lent(message.slot, size):
        raise protocol.BadMessage("Values in a slot that was not lent")
    shape: tuple[int, ...] = (message.rows, message.columns)
    shape = shape if message.channels == 1 else (*shape, message.channels)
    values = book.copy(message.slot, size).view(dtype).reshape(shape)
    book.take_back(message.slot)
    return lambda: values


def _nothing() -> None:
    """The answer of those who get none."""

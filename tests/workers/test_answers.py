"""The last checks on an answer: it fits its question and lies in the slot that was lent for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import msgspec
import numpy as np
import pytest

from viewer.decoders.base import PageInfo, VoiWindow
from viewer.workers import protocol
from viewer.workers.answers import answer
from viewer.workers.ring import SlotBook, attach_segment
from viewer.workers.waiting import Request

INFO = PageInfo((4.0, 2.0), (4, 2))
DONE = protocol.Done(1, 0, 4, 2, 16, "bgrx", (0.0, 0.0, 4.0, 2.0), (), INFO, 1.0)
VALUES = protocol.Values(1, 0, "<u2", 2, 4, 1)


@pytest.fixture
def book() -> Iterator[SlotBook]:
    """One slot, lent, with the bytes 0, 1, 2…"""
    book = SlotBook()
    number, segment = book.make(64)
    memory = attach_segment(os.dup(segment.descriptor), segment.size, segment.name)
    memory[:64] = bytes(range(64))
    segment.sent()
    assert number == 0
    yield book
    book.retire()


def request(kind: Any, slot: int = 0, wanted: bool = True) -> Request:
    return Request((kind,), kind, "visible", 0, slot=slot, futures=[Future()] if wanted else [])


def test_pixels_lie_as_they_are_told(book: SlotBook) -> None:
    result = answer(request("render"), DONE, book)()
    assert result.pixels[1, 2].tolist() == [24, 25, 26, 27]
    assert book.states() == ["held"]
    del result


def test_rows_may_be_padded(book: SlotBook) -> None:
    result = answer(request("render"), msgspec.structs.replace(DONE, width=3), book)()
    assert (result.size, result.pixels[1, 2].tolist()) == ((3, 2), [24, 25, 26, 27])
    grey = msgspec.structs.replace(DONE, format="gray8", stride=5)
    del result
    assert book.lend() == 0
    result = answer(request("render"), grey, book)()
    assert result.pixels.tolist() == [[0, 1, 2, 3], [5, 6, 7, 8]]
    del result


def test_pixels_that_nobody_wants_free_their_slot(book: SlotBook) -> None:
    assert answer(request("render", wanted=False), DONE, book)() is None
    assert book.states() == ["free"]


def test_values_are_a_copy(book: SlotBook) -> None:
    values = answer(request("samples"), VALUES, book)()
    assert values.tolist() == np.arange(64, dtype=np.uint8)[:16].view("<u2").reshape(2, 4).tolist()
    assert book.states() == ["free"]
    assert book.lend() == 0
    colours = answer(request("samples"), msgspec.structs.replace(VALUES, channels=3), book)()
    assert colours.shape == (2, 4, 3)
    assert book.lend() == 0
    none = protocol.Values(1, -1, "|u1", 0, 0, 1)
    assert answer(request("samples"), none, book)() is None
    assert book.states() == ["free"]


def test_small_answers(book: SlotBook) -> None:
    windows = (VoiWindow(1.0, 2.0),)
    assert answer(request("info"), protocol.InfoIs(1, INFO), book)() == INFO
    assert answer(request("windows"), protocol.WindowsAre(1, windows), book)() == windows
    assert answer(request("prefetch"), protocol.Finished(1, True), book)() is None


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("render", msgspec.structs.replace(DONE, slot=1)),
        ("render", msgspec.structs.replace(DONE, stride=1 << 20, height=64)),
        ("render", VALUES),
        ("render", protocol.InfoIs(1, INFO)),
        ("samples", DONE),
        ("samples", msgspec.structs.replace(VALUES, slot=2)),
        ("samples", msgspec.structs.replace(VALUES, rows=1 << 24)),
        ("info", DONE),
        ("windows", protocol.InfoIs(1, INFO)),
        ("prefetch", DONE),
        ("info", protocol.Pong(1)),
    ],
)
def test_an_answer_to_another_question_is_a_lie(book: SlotBook, kind: str, message: Any) -> None:
    with pytest.raises(protocol.BadMessage):
        answer(request(kind), message, book)


def test_a_slot_that_is_held_cannot_be_answered_in(book: SlotBook) -> None:
    result = answer(request("render"), DONE, book)()
    with pytest.raises(protocol.BadMessage):
        answer(request("render"), DONE, book)
    with pytest.raises(protocol.BadMessage):
        answer(request("samples"), VALUES, book)
    del result

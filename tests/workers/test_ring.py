from __future__ import annotations

import fcntl
import gc
import mmap
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from viewer import limits
from viewer.workers.ring import SlotBook, attach_segment, create_segment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="writes through the segment's descriptor")


def test_a_segment_has_no_name_and_is_shared() -> None:
    segment = create_segment(10)
    assert segment.size >= 10
    assert "memfd:" in str(Path(f"/proc/self/fd/{segment.descriptor}").readlink())
    memory = attach_segment(os.dup(segment.descriptor), segment.size, segment.name)
    memory[:5] = b"hello"
    assert segment.memory[:5] == b"hello"
    with pytest.raises(TypeError):
        segment.memory[0] = 1
    segment.sent()
    segment.sent()
    assert segment.memory[:5] == b"hello"


def test_a_segment_cannot_be_cut_short_by_the_worker() -> None:
    segment = create_segment(10)
    for size in (0, segment.size * 2):
        with pytest.raises(PermissionError):
            os.ftruncate(segment.descriptor, size)
    with pytest.raises(PermissionError):
        fcntl.fcntl(segment.descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE)
    segment.sent()


def test_no_memory_is_an_oserror_and_leaves_no_descriptor() -> None:
    with pytest.raises((OSError, OverflowError)):
        create_segment(1 << 60)


def writable(book: SlotBook, number: int) -> mmap.mmap:
    segment = book.places[number].segment
    return attach_segment(os.dup(segment.descriptor), segment.size, segment.name)


def test_a_view_of_a_view_keeps_the_slot() -> None:
    book = SlotBook()
    number, _ = book.make(100)
    pixels = book.hold(number, 100)
    assert not pixels.flags.writeable
    line = memoryview(pixels.reshape(10, 10)[3:5, 2:])
    del pixels
    gc.collect()
    assert book.states() == ["held"]
    del line
    assert book.states() == ["free"]
    book.retire()


def test_the_last_slot_is_never_given_away() -> None:
    book = SlotBook()
    kept = []
    for value in range(10):
        number = book.lend()
        if number < 0:
            number, _ = book.make(8)
        memory = writable(book, number)
        memory[:8] = bytes([value]) * 8
        kept.append(book.hold(number, 8))
        del memory
    assert len(book.places) <= limits.SLOTS
    assert [array[0] for array in kept] == list(range(10))
    assert book.states().count("held") == limits.SLOTS - 1
    book.retire()
    assert [array[0] for array in kept] == list(range(10))


def test_a_release_from_before_a_retirement_frees_nothing() -> None:
    book = SlotBook()
    number, _ = book.make(8)
    old = book.hold(number, 8)
    book.retire()
    number, _ = book.make(8)
    new = book.hold(number, 8)
    del old
    assert book.states() == ["held"]
    del new
    assert book.states() == ["free"]
    book.retire()


def test_a_slot_that_is_not_lent_cannot_be_taken_back() -> None:
    book = SlotBook()
    number, segment = book.make(8)
    pixels = book.hold(number, 8)
    book.take_back(number)
    assert book.states() == ["held"]
    assert not book.is_lent(number, 8)
    assert not book.is_lent(2, 8)
    del pixels
    assert book.lend() == number
    assert book.is_lent(number, segment.size)
    assert not book.is_lent(number, segment.size + 1)
    book.retire()


class Slots(RuleBasedStateMachine):
    """Whatever is asked in whatever order: what someone looks at never changes under them."""

    views = Bundle("views")

    def __init__(self) -> None:
        super().__init__()
        self.book = SlotBook()
        self.lent = -1
        self.value = 0
        self.looking: dict[int, tuple[np.ndarray, int]] = {}

    @rule(size=st.integers(1, 3 * limits.SLOTS * 1_000_000))
    def ask(self, size: int) -> None:
        if self.lent >= 0:
            self.book.take_back(self.lent)
        number = self.book.lend()
        if number < 0 or not self.book.is_lent(number, size):
            self.book.take_back(number)
            number, _ = self.book.make(size)
        self.lent = number
        self.value = (self.value + 1) % 251
        memory = writable(self.book, number)
        memory[: min(size, 64)] = bytes([self.value]) * min(size, 64)

    @rule(target=views, step=st.integers(1, 3))
    def answer(self, step: int) -> int:
        key = len(self.looking)
        if self.lent >= 0:
            pixels = self.book.hold(self.lent, min(self.book.places[self.lent].segment.size, 64))
            self.lent = -1
            self.looking[key] = (pixels[:1:step], int(pixels[0]))
        return key

    @rule(key=consumes(views))
    def drop(self, key: int) -> None:
        self.looking.pop(key, None)

    @rule()
    def die(self) -> None:
        self.book.retire()
        self.lent = -1

    @invariant()
    def nothing_changed(self) -> None:
        assert all((view == value).all() for view, value in self.looking.values())
        assert len(self.book.places) <= limits.SLOTS
        held = self.book.states().count("held")
        assert held < limits.SLOTS

    def teardown(self) -> None:
        self.looking.clear()
        self.book.retire()


TestSlots = Slots.TestCase
TestSlots.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)

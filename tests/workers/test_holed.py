"""A file with holes: what is read is what the whole file holds, and no more is asked for than was said."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.workers.holed import AHEAD, AHEAD_MOST, HoledFile

LENGTH = 3_000_000
WHOLE = random.Random(1).randbytes(LENGTH)


class Window:
    """Brings bytes into a file with holes, `step` at a time."""

    def __init__(self, path: Path, step: int) -> None:
        path.write_bytes(b"")
        os.truncate(path, LENGTH)
        self.writing = path.open("r+b", buffering=0)
        self.asked: list[tuple[int, int]] = []
        self.step = step
        self.file = HoledFile(io.FileIO(path), LENGTH, self.need)  # type: ignore[arg-type]

    def need(self, offset: int, length: int) -> int:
        self.asked.append((offset, offset + length))
        end = min(offset + self.step, LENGTH)
        self.writing.seek(offset)
        self.writing.write(WHOLE[offset:end])
        return end

    def close(self) -> None:
        self.file.close()
        self.writing.close()


@given(
    reads=st.lists(st.tuples(st.integers(0, LENGTH + 10), st.integers(-1, 400_000)), max_size=20),
    step=st.sampled_from([1 << 12, 1 << 16, 1 << 20]),
)
def test_reads_are_those_of_the_whole_file(
    tmp_path_factory: pytest.TempPathFactory, reads: list[tuple[int, int]], step: int
) -> None:
    window = Window(tmp_path_factory.mktemp("holes") / "file", step)
    brought: set[int] = set()
    for offset, size in reads:
        window.asked.clear()
        assert window.file.seek(offset) == offset
        expected = WHOLE[offset:] if size < 0 else WHOLE[offset : offset + size]
        assert window.file.read(size) == expected
        assert window.file.tell() == offset + len(expected)
        starts = {start for start, _ in window.asked}
        assert not starts & brought
        brought |= starts
    window.close()


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    made = Window(tmp_path / "file", 1 << 16)
    yield made
    made.close()


def test_seeking_is_that_of_a_file(window: Window) -> None:
    file = window.file
    assert file.seek(0, os.SEEK_END) == LENGTH
    assert file.read(10) == b""
    assert file.seek(-5, os.SEEK_END) == LENGTH - 5
    assert file.read() == WHOLE[-5:]
    assert file.seek(100) == 100
    assert file.seek(5, os.SEEK_CUR) == 105
    assert file.readable()
    assert file.seekable()


def test_after_a_jump_a_little_is_asked_for(window: Window) -> None:
    window.file.seek(1_000_000)
    window.file.read(10)
    assert window.asked == [(1_000_000, 1_000_000 + AHEAD)]


def test_more_is_asked_for_while_reading_goes_on(window: Window) -> None:
    for _ in range(LENGTH >> 16):
        window.file.read(1 << 16)
    ends = list(dict.fromkeys(end for _, end in window.asked))
    assert ends[:3] == [AHEAD, AHEAD * 3, AHEAD * 7]
    assert max(end - start for start, end in window.asked) <= AHEAD_MOST


def test_what_is_expected_is_asked_for_at_once_and_nothing_beyond(window: Window) -> None:
    window.file.expect(500_000, 900_000)
    window.file.seek(500_000)
    window.file.read(100)
    assert window.asked == [(500_000, 900_000)]
    window.file.seek(800_000)
    window.file.read(100)
    assert window.asked[1:] == [(800_000, 900_000)]
    window.file.expect(2_000_000, 2_000_016)
    window.file.seek(2_000_000)
    window.file.read(16)
    assert window.asked[2:] == [(2_000_000, 2_000_016)]


def test_what_does_not_come_is_raised_and_asked_for_again(window: Window) -> None:
    def fail(offset: int, length: int) -> int:
        raise ConnectionError

    good, window.file._need = window.file._need, fail
    with pytest.raises(ConnectionError):
        window.file.read(10)
    window.file._need = good
    assert window.file.read(10) == WHOLE[:10]

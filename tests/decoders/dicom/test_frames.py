"""Where frames are in the file, and what is told when they are not where it says."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest

from tests.decoders.dicom.reading import opened
from tests.make import dicoms
from tests.make.dicoms import dicom, ramp
from viewer.decoders.base import View
from viewer.errors import DecodeError


@pytest.mark.parametrize(("table", "fragments"), [(True, 1), (True, 3), (False, 1), (False, 3), ("extended", 1)])
def test_frames_are_found_with_and_without_an_offset_table(table: bool | str, fragments: int) -> None:
    frames = ramp(5, 16, 16, np.uint16)
    document = opened(dicom(frames, syntax="jpeg2000", offset_table=table, fragments=fragments))
    assert document.page_count == 5
    for page in (4, 1, 3):
        np.testing.assert_array_equal(document.samples(page), frames[page])


def test_a_lying_offset_table_is_overruled_by_the_fragments() -> None:
    frames = ramp(4, 8, 8, np.uint16)
    data = bytearray(dicom(frames, syntax="jpeg-ls"))
    table = data.index(b"\xfe\xff\x00\xe0\x10\x00\x00\x00") + 8
    data[table : table + 16] = struct.pack("<4I", 0, 11, 23, 37)
    document = opened(bytes(data))
    for page in range(4):
        np.testing.assert_array_equal(document.samples(page), frames[page])


@pytest.mark.parametrize("syntax", ["explicit", "jpeg-ls", "rle"])
def test_a_frame_count_that_is_too_high_is_corrected_and_told(syntax: str) -> None:
    document = opened(dicom(ramp(3, 8, 8, np.uint16), syntax=syntax, declared_frames=1_000_000))
    assert document.page_count == 3
    assert document.facts["declared_frames"] == 1_000_000
    assert "1,000,000 frames; the file holds 3" in document.facts["warnings"][0]
    with pytest.raises(DecodeError, match="no page 3"):
        document.info(3)


def test_cut_native_pixels_are_filled_with_zeros_and_flagged() -> None:
    frames = ramp(2, 10, 10, np.uint16, first=1)
    data = dicom(frames)
    document = opened(data[:-60])
    assert document.page_count == 2
    assert document.info(1).flags == ("truncated",)
    assert document.info(0).flags == ()
    samples = document.samples(1)
    assert samples is not None
    flat = samples.reshape(-1)
    np.testing.assert_array_equal(flat[:70], frames[1].reshape(-1)[:70])
    assert not flat[70:].any()
    assert document.render(1, None, 1.0, view=View(), cancelled=lambda: False).flags == ("truncated",)


def test_a_missing_last_fragment_leaves_the_frames_before_it() -> None:
    frames = ramp(3, 16, 16, np.uint16)
    data = dicom(frames, syntax="jpeg-lossless", offset_table=False)
    document = opened(data[: data.rindex(b"\xfe\xff\x00\xe0")])
    assert document.page_count == 2
    np.testing.assert_array_equal(document.samples(1), frames[1])


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"Rows": 65535, "Columns": 65535, "NumberOfFrames": 1000}, "pixels"),
        ({"Rows": 0}, "8 × 0"),
        ({"BitsAllocated": 65}, "65 bits"),
        ({"BitsAllocated": 0}, "0 bits"),
        ({"Rows": 400, "Columns": 4000}, "128 bytes"),
        ({"SamplesPerPixel": 2}, "2 values"),
    ],
)
def test_numbers_that_cannot_be_true_are_told(elements: dict[str, Any], words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        opened(dicom(ramp(1, 8, 8, np.uint16), elements=elements))


def test_a_stream_of_another_size_is_refused_before_it_is_decoded() -> None:
    for syntax in ("jpeg2000", "jpeg-ls", "jpeg-lossless"):
        stream = dicoms.ENCODE[syntax](ramp(1, 9, 9, np.uint16)[0])
        document = opened(dicom([stream], syntax=syntax, rows=8, columns=8))
        with pytest.raises(DecodeError, match=r"9 × 9 pixels, the header says 8 × 8"):
            document.samples(0)

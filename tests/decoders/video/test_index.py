"""Which frames there are: hidden packets, leading pictures, entry keys, equal times."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.decoders.video.index import FrameIndex, ReorderedError, assemble, shows_picture, without_leading
from viewer.errors import DecodeError


def index(pts: list[int], keys: str, shown: str | None = None, **more: Any) -> FrameIndex:
    given_ = {"duration": 1, "tick": Fraction(1, 30), "cut": 0, "arbitrary_clock": False, "source": "packets"} | more
    return assemble(
        np.array(pts, np.int64),
        np.array([c == "K" for c in keys]),
        np.array([c == "+" for c in (shown or "+" * len(pts))]),
        **given_,
    )


def test_an_open_group_decodes_its_leading_pictures_from_the_key_before() -> None:
    made = index([0, 3, 1, 2, 6, 4, 5, 7], "K...K...")
    assert made.marks.tolist() == list(range(8))
    assert made.entry.tolist() == [0, 0, 0, 0, 0, 0, 1, 1]
    assert made.keys.tolist() == [0, 6]
    assert [made.is_key(n) for n in (0, 5, 6)] == [True, False, True]
    assert (made.frame_of(6), made.frame_of(99), made.frame_of(None)) == (6, None, None)


def test_leading_pictures_of_the_first_key_stay_only_if_they_decode() -> None:
    made = index([6, 4, 5, 7], "K...", arbitrary_clock=True)
    assert (made.marks.tolist(), made.leading) == ([4, 5, 6, 7], 2)
    assert without_leading(made, {4, 5}).marks.tolist() == [4, 5, 6, 7]
    left = without_leading(made, {5})
    assert (left.marks.tolist(), left.timing.origin) == ([5, 6, 7], 5)


def test_packets_before_the_first_key_and_hidden_ones_are_no_frames() -> None:
    assert index([0, 1, 2, 3, 4], "..K..").marks.tolist() == [2, 3, 4]
    hidden = index([0, 1, 2, 3], "KK..", "-+-+")
    assert (hidden.marks.tolist(), hidden.entry.tolist(), hidden.keys.tolist()) == ([1, 3], [1, 1], [0, 1])


def test_nothing_left_is_said_and_equal_times_are_counted() -> None:
    with pytest.raises(DecodeError, match="key frame"):
        index([0, 1], "..")
    with pytest.raises(DecodeError):
        index([0, 1], "K.", "--")
    with pytest.raises(ReorderedError):
        index([0, 1, 1], "K..")


@given(st.binary(min_size=1, max_size=12))
def test_any_packet_of_vp8_and_vp9_is_looked_at(data: bytes) -> None:
    assert shows_picture("vp8", data) == bool(data[0] & 0x10)
    assert shows_picture("h264", data)
    bits = "".join(f"{byte:08b}" for byte in data)
    at = 4 + (bits[2:4] == "11")
    if data[-1] >> 5 == 6 or bits[at : at + 1] in ("1", ""):
        assert shows_picture("vp9", data)
    else:
        assert shows_picture("vp9", data) == (bits[at + 2] == "1")

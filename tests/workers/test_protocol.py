from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer import limits
from viewer.decoders.base import Hints, PageInfo, View, VoiWindow
from viewer.workers import protocol
from viewer.workers.protocol import BadMessage, from_worker

INFO = PageInfo((32.0, 16.0), (32, 16), facts={"a": [1, "x", None, 2.5]}, flags=("cut",))
DONE = protocol.Done(7, 1, 32, 16, 128, "bgrx", (0.0, 0.0, 32.0, 16.0), ("cut",), INFO, 1.5)
VALUES = protocol.Values(7, 1, "<u2", 4, 5, 1)

GOOD: list[Any] = [
    protocol.Ready("processes"),
    protocol.Sniffed("pdf"),
    protocol.Opened(1, "image", 3, {"codec": "png", "list": [1, {"a": None}]}),
    DONE,
    VALUES,
    protocol.Values(7, -1, "|u1", 0, 0, 1),
    protocol.InfoIs(7, INFO),
    protocol.WindowsAre(7, (VoiWindow(40.0, 400.0, "a"),)),
    protocol.Finished(7, False),
    protocol.Fail(7, "Corrupt", "It is cut."),
    protocol.Fail(7, "Part", ""),
    protocol.Need(7, 3),
    protocol.Room(7, 100),
    protocol.Closed(1),
    protocol.Pong(1),
    protocol.Note("a library"),
]


@pytest.mark.parametrize("message", GOOD, ids=lambda m: type(m).__name__)
def test_what_is_said_arrives(message: Any) -> None:
    assert from_worker(protocol.encode(message)) == message


@pytest.mark.parametrize(
    "message",
    [
        protocol.Open(1, 2, ("a.png",), Hints(name="a.png", width=3.0)),
        protocol.Render(1, 2, None, 1.0, View(VoiWindow(1.0, 2.0), True), -1),
        protocol.Render(1, 2, (0.0, 1.0, 2.0, 3.0), 0.5, View(), 2),
        protocol.Ask(1, "windows", 2),
        protocol.Samples(1, 2, None, 0),
        protocol.Prefetch(1, 2, -1),
        protocol.Cancel(1),
        protocol.Close(2),
        protocol.Ping(3),
        protocol.Part(1, 2, True),
        protocol.Slot(1, 2, 4096),
    ],
    ids=lambda m: type(m).__name__,
)
def test_what_the_window_says_arrives(message: Any) -> None:
    assert protocol.to_worker(protocol.encode(message)) == message


def info(**changes: Any) -> PageInfo:
    return replace(INFO, **changes)


@pytest.mark.parametrize(
    "message",
    [
        protocol.Cancel(1),  # the window's word
        msgspec.structs.replace(DONE, stride=127),
        msgspec.structs.replace(DONE, width=33),
        msgspec.structs.replace(DONE, width=0),
        msgspec.structs.replace(DONE, height=-1),
        msgspec.structs.replace(DONE, height=1 << 24),
        msgspec.structs.replace(DONE, stride=protocol.SLOT_BYTES + 1, height=1),
        msgspec.structs.replace(DONE, slot=-1),
        msgspec.structs.replace(DONE, slot=limits.SLOTS),
        msgspec.structs.replace(DONE, format="rgb"),
        msgspec.structs.replace(DONE, region=(0.0, 0.0, 0.0, 1.0)),
        msgspec.structs.replace(DONE, region=(0.0, math.nan, 2.0, 1.0)),
        msgspec.structs.replace(DONE, region=(0.0, 0.0, math.inf, 1.0)),
        msgspec.structs.replace(DONE, flags=("x" * 65,)),
        msgspec.structs.replace(DONE, flags=("x",) * 33),
        msgspec.structs.replace(DONE, info=info(size=(math.nan, 1.0))),
        msgspec.structs.replace(DONE, info=info(size=(0.0, 1.0))),
        msgspec.structs.replace(DONE, req=-1),
        protocol.InfoIs(1, info(native=(-1, 1))),
        protocol.InfoIs(1, info(size=(1e300, 1.0))),
        protocol.InfoIs(1, info(flags=("x" * 65,))),
        protocol.InfoIs(1, info(kind="holo")),
        protocol.InfoIs(1, info(orientation=9)),
        protocol.InfoIs(1, info(seconds=math.nan)),
        protocol.InfoIs(1, info(spacing_mm=(math.inf, 1.0))),
        msgspec.structs.replace(VALUES, dtype="|O8"),
        msgspec.structs.replace(VALUES, dtype=">u2"),
        msgspec.structs.replace(VALUES, slot=-1),
        msgspec.structs.replace(VALUES, rows=0),
        msgspec.structs.replace(VALUES, rows=1 << 40),
        msgspec.structs.replace(VALUES, channels=0),
        protocol.WindowsAre(1, (VoiWindow(math.nan, 1.0),)),
        protocol.WindowsAre(1, (VoiWindow(1.0, 1.0),) * 257),
        protocol.Opened(1, "x" * 65, 1, {}),
        protocol.Opened(1, "image", -1, {}),
        protocol.Opened(1, "image", limits.VIDEO_FRAMES + 1, {}),
        protocol.Fail(1, "Boredom", ""),  # type: ignore[arg-type]
        protocol.Fail(1, "Corrupt", "x" * 301),
        protocol.Need(1, -1),
        protocol.Room(1, 0),
        protocol.Room(1, protocol.SLOT_BYTES + 1),
        protocol.Note("x" * 1025),
    ],
    ids=lambda m: type(m).__name__,
)
def test_what_no_honest_worker_says_is_refused(message: Any) -> None:
    with pytest.raises(BadMessage):
        from_worker(protocol.encode(message))


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_or_a_sound_message(raw: bytes) -> None:
    try:
        message = from_worker(raw)
    except BadMessage:
        return
    assert isinstance(message, tuple(type(good) for good in GOOD))


@given(st.sampled_from(GOOD), st.data())
def test_damaged_messages_never_raise_anything_else(message: Any, data: st.DataObject) -> None:
    raw = bytearray(protocol.encode(message))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = from_worker(bytes(raw[: data.draw(st.integers(1, len(raw)))]))
    except BadMessage:
        return
    if isinstance(found, protocol.Done):
        assert found.stride * found.height <= protocol.SLOT_BYTES
        assert found.width * protocol.CHANNELS[found.format] <= found.stride


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(st.integers(0, 40), st.lists(anything, max_size=11))
def test_well_formed_nonsense_is_refused(tag: int, fields: list[Any]) -> None:
    try:
        message = from_worker(msgspec.msgpack.encode([tag, *fields]))
    except BadMessage:
        return
    assert protocol.encode(message)


@pytest.mark.parametrize("raw", [b"\x91" * 60_000, b"\x92\x16" + b"\x91" * 60_000, b"\x81\xa1a" * 20_000, b"", b"\xc1"])
def test_deep_and_empty_messages(raw: bytes) -> None:
    with pytest.raises(BadMessage):
        from_worker(raw)


@given(anything)
def test_plain_values_fit_into_messages(value: Any) -> None:
    msgspec.msgpack.encode(protocol.plain(value))


def test_plain_knows_numpy_and_is_short() -> None:
    given = {
        "f": np.float32(0.5),
        "i": np.int16(3),
        "a": np.arange(3),
        "big": 1 << 80,
        "b": b"\0" * 5000,
        "t": "x" * 5000,
        3: {"s": {1}},
        "many": list(range(10_000)),
        "deep": [[[[[[1]]]]]],
        "huge": np.zeros(100_000),
    }
    found = protocol.plain(given)
    assert found["f"] == 0.5
    assert type(found["i"]) is int
    assert found["a"] == [0, 1, 2]
    assert found["big"] == str(1 << 80)
    assert len(found["t"]) == len(found["b"]) == 1000
    assert found["3"] == {"s": [1]}
    assert len(found["many"]) == 500
    assert len(msgspec.msgpack.encode(found)) < 20_000

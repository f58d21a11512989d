"""Small things of the worker process; what it does as a process is tested through the pool."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer import limits
from viewer.decoders.base import PageInfo
from viewer.workers import protocol
from viewer.workers.child import crop, plain_facts, plain_info


def test_a_region_of_samples_on_another_grid() -> None:
    values = np.arange(24).reshape(4, 6)
    assert (crop(values, (6.0, 4.0), None) == values).all()
    assert (crop(values, (12.0, 8.0), (2.0, 2.0, 4.0, 4.0)) == values[1:2, 1:2]).all()
    assert (crop(values, (6.0, 4.0), (2.2, 1.0, 2.3, 1.0001)) == [[8]]).all()


@given(st.tuples(*[st.floats(-10, 30)] * 4))
def test_any_region_gives_what_lies_inside(region: tuple[float, float, float, float]) -> None:
    values = np.arange(20 * 10).reshape(10, 20)
    found = crop(values, (20.0, 10.0), region)
    x0, y0, x1, y1 = region
    centres = [(y, x) for y in range(10) for x in range(20) if x0 <= x < x1 - 1 and y0 <= y < y1 - 1]
    assert {values[place] for place in centres} <= set(found.ravel().tolist())
    assert found.flags.c_contiguous


def test_facts_beyond_a_message_are_left_out() -> None:
    facts = plain_facts({"codec": "png", **{f"key {k}": "ä" * 1000 for k in range(100)}})
    assert facts["codec"] == "png"
    assert len(msgspec.msgpack.encode(facts)) < limits.MESSAGE_BYTES * 3 // 4


def test_the_geometry_of_a_page_is_made_plain() -> None:
    info = PageInfo(
        size=(np.float32(3), np.float64(4)),
        native=(np.int32(3), np.int64(4)),
        spacing_mm=(np.float64(0.5), np.float64(0.5)),
        frame=np.int64(7),  # type: ignore[arg-type]
        seconds=np.float32(0.5),
        flags=("x" * 100,) * 50,
        facts={"a": np.float32(0.25)},
    )
    message = protocol.InfoIs(1, plain_info(info))
    heard = protocol.from_worker(protocol.encode(message))
    assert isinstance(heard, protocol.InfoIs)
    assert heard.info == replace(plain_info(info), flags=("x" * 64,) * 32)
    assert heard.info.facts == {"a": 0.25}


@pytest.mark.parametrize("value", ["x" * 100_000, list(range(100_000)), {"a": {"b": "x" * 10_000}}, b"\xff" * 100_000])
def test_one_large_fact_does_not_break_the_message(value: object) -> None:
    message = protocol.Opened(1, "image", 1, plain_facts({"value": value, "codec": "png"}))
    assert len(protocol.encode(message)) < limits.MESSAGE_BYTES

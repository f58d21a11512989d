"""The same assets come out, however they are laid out and however the bytes arrive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.export import Row, index
from viewer.export.split import Cut, Elements, Lines
from viewer.export.window import Window


class Bytes:
    """A stream that gives a few bytes at a time."""

    damage: str | None = None

    def __init__(self, data: bytes, most: int) -> None:
        self._data, self._most, self._at = data, most, 0

    def readinto(self, view: memoryview, /) -> int:
        got = self._data[self._at : self._at + min(self._most, len(view))]
        view[: len(got)] = got
        self._at += len(got)
        return len(got)

    def close(self) -> None:
        pass


# Strings that look like the text between assets, and objects that look like assets, stand anywhere
texts = st.text(max_size=10) | st.sampled_from(
    ['},{"asset":', '"asset":"x"', "}\n{", "\\", '\\"', "]}", "é\u2028", "😀"]
)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | numbers | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts, inner, max_size=3)
        | st.fixed_dictionaries({"asset": inner, "externalId": texts})
        | st.tuples(st.just({"a": 1}), st.fixed_dictionaries({"asset": texts})).map(list)
    ),
    max_leaves=8,
)
assets = st.lists(
    st.builds(
        lambda name, extra, first: dict(
            sorted(
                {"asset": f"{name}.png", "externalId": name, "contextData": extra}.items(), key=lambda m: m[0] != first
            )
        ),
        texts,
        values,
        st.sampled_from(["asset", "asset", "asset", "externalId", "contextData"]),
    ),
    min_size=1,
    max_size=6,
)
LAYOUTS = ("array", "spaced", "pretty", "ndjson", "crlf", "concatenated")


def laid_out(listed: list[dict[str, Any]], layout: str, *, ascii_only: bool) -> bytes:
    compact = layout in ("array", "ndjson", "crlf")
    separators = (",", ":") if compact else (" , ", " : ") if layout == "spaced" else None
    indent = 3 if layout in ("pretty", "concatenated") else None
    pieces = [json.dumps(a, ensure_ascii=ascii_only, separators=separators, indent=indent) for a in listed]
    text = {
        "array": "[" + ",".join(pieces) + "]",
        "spaced": " [ " + " ,\t".join(pieces) + " ] \n",
        "pretty": "[\n" + ",\n".join(pieces) + "\n]\n",
        "ndjson": "\n".join(pieces),
        "crlf": "\r\n\r\n".join(pieces) + "\r\n",
        "concatenated": "\n".join(pieces) + "\n",
    }[layout]
    return text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=60, deadline=None)
@given(listed=assets, most=st.integers(1, 150), block=st.integers(1, 300), ascii_only=st.booleans())
def test_the_same_assets_come_out(
    layout: str,
    tmp_path_factory: pytest.TempPathFactory,
    listed: list[dict[str, Any]],
    most: int,
    block: int,
    ascii_only: bool,
) -> None:
    data = laid_out(listed, layout, ascii_only=ascii_only)
    path = tmp_path_factory.getbasetemp() / f"split-{layout}"
    path.write_bytes(data)
    rows: list[Row] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "open_stream", lambda *_: Bytes(data, most))
        patch.setattr(index, "Window", lambda stream: Window(stream, block=block))
        summary = index.build(path, on_rows=rows.extend, on_problems=lambda p: pytest.fail(str(p)))
    assert [json.loads(data[row.start : row.end]) for row in rows] == listed
    assert summary.bytes == len(data)


def window_of(data: bytes) -> Window:
    window = Window(Bytes(data, 7), block=16)
    while window.more():
        pass
    return window


def test_a_cut_needs_its_surroundings() -> None:
    data = b'[{"asset":1},\n{"asset":2},{"b":{"asset":3}},\n {"asset":4}]'
    window = window_of(data)
    cutter = Elements(window, first_keys=(b'"asset"',), commas=True)
    at, pieces = 1, []
    while at < len(data):
        cut = cutter.after(at, at, 1 << 20)
        assert cut is not None
        pieces.append(bytes(window.view(at, cut.end)))
        at = cut.next
    assert cutter.after(1, 15, 1 << 20) == Cut(data.index(b"\n {") - 1, data.index(b"\n {") + 2)
    # neither the object without the key nor the nested one begins a piece
    assert pieces == [b'{"asset":1}', b'{"asset":2},{"b":{"asset":3}}', b'{"asset":4}]']


def test_a_search_in_vain_is_given_up_after_so_many_bytes() -> None:
    window = Window(Bytes(b'[{"asset":"' + b"x" * 5000 + b'"}]', 100), block=64)
    assert Elements(window, first_keys=(b'"asset"',), commas=True).after(1, 1, 1000) is None
    assert 1000 < window.high < 1400
    window = Window(Bytes(b"x" * 5000, 100), block=64)
    assert Lines(window).after(0, 0, 1000) is None
    assert Lines(window).after(0, 0, 10_000) == Cut(5000, 5000)


def test_a_window_keeps_what_is_needed_and_grows_only_for_that() -> None:
    data = bytes(range(256)) * 64
    window = Window(Bytes(data, 50), block=64)
    start = 0
    while window.more():
        assert bytes(window.view(start, window.high)) == data[start : window.high]
        if window.high - start > 300:
            start = window.high - 10
            window.release(start)
    assert window.high == len(data)
    assert len(window._data) < 2048
    assert window.find(data[-5:], start) == len(data) - 5
    assert window.skip_back(window.high - 1, b"\xff\xfe") == window.high - 3


def test_an_unbroken_file(tmp_path: Path) -> None:
    path = tmp_path / "e"
    path.write_bytes(b'{"asset":"a","externalId":"1"}{"asset":"b","externalId":"2"}')
    rows: list[Row] = []
    index.build(path, on_rows=rows.extend, on_problems=lambda p: pytest.fail(str(p)))
    assert [row.external_id for row in rows] == ["1", "2"]

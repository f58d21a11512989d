import gc
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.errors import ExportError
from viewer.export.mend import Reading, collector_paused, elements_of, members_of, mended, value_of

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=15,
)


@given(JSON, st.booleans(), st.sampled_from([None, 1]))
def test_sound_json_stays_as_it_is(value, ascii_only, indent):
    raw = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode(errors="surrogatepass")
    try:
        raw.decode()
    except UnicodeDecodeError:
        return
    assert mended(raw) == raw
    assert value_of(raw) == (value, False)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"x": NaN, "y": -Infinity}', {"x": "NaN", "y": "-Infinity"}),
        (b'{"x": 1e400, "y": -2.5E+999, "z": 1e2}', {"x": "1e400", "y": "-2.5E+999", "z": 100.0}),
        (b'["NaN", "1e400 [", "\\"Infinity{", NaN]', ["NaN", "1e400 [", '"Infinity{', "NaN"]),
        (rb'["\ud83d", "a\ude00b", "\ud83d\ude00", "\ud83d\ud83d\ude00"]', ["\ufffd", "a\ufffdb", "😀", "\ufffd😀"]),
        (b'["a\x01b", "c\nd", "e\tf"]', ["a\x01b", "c\nd", "e\tf"]),
        (b'["caf\xe9", "\xff\xfe"]', ["caf\ufffd", "\ufffd\ufffd"]),
        (rb'["C:\path\q", "ok\n"]', ["C:\\path\\q", "ok\n"]),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    ],
)
def test_what_is_repaired(raw, value):
    assert value_of(raw) == (value, True)


@pytest.mark.parametrize("depth", [10_000, 1_000_000])
def test_what_is_too_deep_becomes_null_and_the_rest_stays(depth):
    raw = b'{"a": ' + b"[" * depth + b"]" * depth + b', "b": {"c": [1]}}'
    value, repaired = value_of(raw)
    assert repaired
    assert value["b"] == {"c": [1]}
    for _ in range(99):
        value["a"] = value["a"][0]
    assert value["a"] is None


@pytest.mark.parametrize("raw", [b"", b"{", b'{"a": }', b"[1, 2", b'{"a": "unterminated}', b"[1 2]", b"hello", b"\x00"])
def test_broken_structure_stays_broken(raw):
    with pytest.raises(ExportError, match="not JSON"):
        value_of(raw)


@pytest.mark.parametrize("inside", ['\\"', "\\", "{", '"', '"{', "-", "NaN", "I"])
def test_broken_text_is_given_up_in_linear_time(inside):
    with pytest.raises(ExportError):
        value_of(b'{"a": "' + inside.encode() * 200_000)


@given(st.binary(max_size=60))
def test_nothing_else_is_raised(raw):
    for reading in (value_of, members_of, elements_of):
        try:
            reading(raw)
        except (ExportError, msgspec.ValidationError):
            continue


def test_other_kinds_of_json_are_told_apart():
    with pytest.raises(msgspec.ValidationError):
        members_of(b"[1]")
    with pytest.raises(msgspec.ValidationError):
        members_of(b"[NaN]")
    members, _ = members_of(b'{"a": [1, 2], "b": {}}')
    assert bytes(members["a"]) == b"[1, 2]"
    assert Reading(list[int])(b"[1]") == ([1], False)


def test_the_collector_is_as_it_was():
    assert gc.isenabled()
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_collector_is_back_after_an_error():
    with pytest.raises(ExportError):
        value_of(b"{")
    assert gc.isenabled()

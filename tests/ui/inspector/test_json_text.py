from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.inspector.json_text import LINE_SHOWN, laid_out, masked

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_the_same_value_is_read_again(value: object, ascii_only: bool) -> None:
    source = json.dumps(value, ensure_ascii=ascii_only)
    if masked(source) == source and "=" not in source and ":/" not in source:
        assert json.loads(laid_out(source.encode("utf-8", "surrogatepass")).text) == value


@given(st.binary(max_size=200))
def test_what_is_no_json_is_shown_without_raising(raw: bytes) -> None:
    made = laid_out(raw)
    assert len(made.starts) == len(made.keys) == len(made.parents)
    assert made.text.count("\n") + 1 >= len(made.starts)


@given(VALUES)
def test_every_line_has_a_path_that_leads_to_a_value(value: object) -> None:
    made = laid_out(json.dumps(value).encode())
    for line in range(len(made.keys)):
        at: object = value
        keys = []
        here = line
        while here >= 0:
            if made.keys[here] is not None:
                keys.append(made.keys[here])
            here = made.parents[here]
        for key in reversed(keys):
            at = at[json.loads(f'"{key}"') if isinstance(key, str) else key]  # type: ignore[index]


def test_lines_and_paths() -> None:
    made = laid_out(b'{"task":{"tools":[{"polygon":[[1,2],[3.5,-4]],"a b":null}],"e":[],"f":{}}}')
    lines = made.text.split("\n")
    at = {line.strip().rstrip(","): made.path(n) for n, line in enumerate(lines)}
    assert at["[3.5,-4]"] == "$.task.tools[0].polygon[1]"
    assert at['"a b": null'] == '$.task.tools[0]["a b"]'
    assert at['"e": []'] == "$.task.e"
    assert at['"f": {}'] == "$.task.f"
    assert made.path(0, "$.task.tools[3]") == "$.task.tools[3]"


def test_addresses_lose_their_query_however_they_are_written() -> None:
    for text in (
        "https://e.com/a.png?X-Amz-Signature=secret0&b=1",
        r"https:\/\/e.com\/a.png\u003fsig=secret0\u0026b=1",
        "see https://e.com/a?t=secret0, and https://e.com/b#secret0",
        "s3://bucket/key?secret0",
        "https://user:secret0@e.com/a",
        "media/a.png?X-Amz-Signature=secret0",
        "a.png?x=1&sig=secret0",
    ):
        shown = laid_out(f'{{"asset": "{text}"}}'.encode()).text
        assert "secret0" not in shown, text
    assert masked('"Is it a car? Yes: 1/2 = 0.5"') == '"Is it a car? Yes: 1/2 = 0.5"'


def test_search_in_any_case() -> None:
    made = laid_out(b'{"Car": "car", "x": "(car"}')
    hits = made.find("cAr")
    assert [made.text[h : h + 3].lower() for h in hits] == ["car"] * 3
    assert made.line_at(hits[0]) == 1
    assert made.find("(c") != []
    assert made.find("") == []


def test_what_is_too_long_is_cut_and_told() -> None:
    made = laid_out(json.dumps({"a": list(range(100_000))}).encode(), most=5_000)
    assert len(made.text) < 12_000
    assert made.left_out > 400_000
    long = laid_out(json.dumps({"b": "x" * (LINE_SHOWN * 2)}).encode())
    assert re.search(r"characters more\)", long.text)
    assert not long.left_out


def test_the_line_of_a_path_is_the_one_that_has_it() -> None:
    made = laid_out(b'{"a":{"a":[{"x":1},{"x":[1,2]}]},"task":{"tools":[{},{"a b":null}]}}')
    for line, key in enumerate(made.keys):
        if key is not None:
            assert made.line_of(made.path(line)) == line
    assert made.line_of("$") == 0
    assert made.path(made.line_of("$.a.a[1].x[1]")) == "$.a.a[1].x"
    assert made.path(made.line_of("$.task.tools[9].point")) == "$.task.tools"
    assert made.line_of("nothing at all") == 0
    assert laid_out(b"").line_of("$.a") == 0

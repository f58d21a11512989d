"""What a piece of an export is said to be."""

from __future__ import annotations

import pytest

from viewer.export.pieces import read_piece


@pytest.mark.parametrize("raw", [b"{}", b'{"asset":"a"}', b' {"task":{"tools":[{}]}} \r', b'{"task":5,"tasks":"x"}'])
def test_an_object_is_an_asset(raw: bytes) -> None:
    assert read_piece(raw).head is not None


@pytest.mark.parametrize(
    ("raw", "end"), [(b'{"asset":"a"},{', 13), (b'{"asset":"a"} x', 14), (b'{"asset":[]},5', 12), (b"5,{}", 1)]
)
def test_what_follows_a_value_is_told_by_its_place(raw: bytes, end: int) -> None:
    piece = read_piece(raw)
    assert piece.head is None
    assert piece.trailing == end


@pytest.mark.parametrize("raw", [b"", b'{"asset":', b'{"task":{"tools":[{"a', b'{"dataset":["x",'])
def test_a_cut_value_is_truncated(raw: bytes) -> None:
    assert read_piece(raw).truncated


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"5", "a number stands"),
        (b'"x"', "text stands"),
        (b"[1]", "a list stands"),
        (b"null", "null stands"),
        (b"true", "a boolean stands"),
    ],
)
def test_other_json_is_named(raw: bytes, why: str) -> None:
    piece = read_piece(raw)
    assert piece.is_json
    assert piece.why.startswith(why)


@pytest.mark.parametrize(
    ("raw", "why", "at"),
    [
        (b'{"a":NaN}', "invalid character", 5),
        (b'{"externalId":"\xff"}', "its text is not UTF-8", -1),
        (b'{"a":' + b"[" * 100_000, "nested deeper", -1),
        (b"[" * 100_000 + b"]" * 100_000, "nested deeper", -1),
        (b"[1,,2]", "invalid character", 3),
        (b"%%%", "invalid character", 0),
    ],
)
def test_damage_is_told_with_its_place(raw: bytes, why: str, at: int) -> None:
    piece = read_piece(raw)
    assert piece.head is None
    assert not piece.is_json
    assert why in piece.why
    assert piece.at == at

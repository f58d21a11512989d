"""Long rings are parsed once, and the rows are those of the asset as it is."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import exports
from viewer.export import Row, index
from viewer.export.rings import LONG, shortened
from viewer.export.window import Window

RING = [[k + 0.25, k + 0.5] for k in range(LONG // 10)]
OTHER = [*RING[:-1], [7, 7]]


def window_of(text: bytes) -> Window:
    window = Window(io.BytesIO(text), block=1 << 16)
    while window.more():
        pass
    return window


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def short(text: bytes) -> Any:
    raw = shortened(window_of(text), 0, len(text))
    return None if raw is None else json.loads(raw)


def asset(*rings: Any, key: str = "polygon") -> dict[str, Any]:
    stages = [{"stage": "Label", "tools": [{key: ring, "objectId": "o", "title": "t"}]} for ring in rings]
    return {"asset": "a.png", "task": {"tools": stages[-1]["tools"], "stageHistory": stages}}


def rows_of(text: bytes, tmp_path: Path) -> tuple[list[Row], list[str]]:
    path = tmp_path / "e.json"
    path.write_bytes(text)
    rows: list[Row] = []
    problems: list[str] = []
    index.build(path, on_rows=rows.extend, on_problems=lambda batch: problems.extend(f"{p}" for p in batch))
    return rows, problems


@pytest.mark.parametrize("key", ["polygon", "polyline", "region"])
def test_equal_rings_have_one_short_ring_and_others_another(key: str) -> None:
    text = compact(asset(RING, OTHER, RING, key=key))
    raw = shortened(window_of(text), 0, len(text))
    assert raw is not None and len(raw) < LONG
    task = json.loads(raw, parse_float=str)["task"]
    rings = [snapshot["tools"][0][key] for snapshot in (task, *task["stageHistory"])]
    assert all(len(ring) == 3 for ring in rings)
    assert rings[0] == rings[1] == rings[3] != rings[2]


@given(st.integers(0, 3 * LONG), st.integers(0, 100), st.integers(0, 100))
def test_a_long_ring_is_found_wherever_it_stands(before: int, after: int, more: int) -> None:
    """Else it would differ from itself in the next snapshot."""
    numbers = (b"[1,2]," * (LONG // 6 + 1))[: (LONG // 6 + 1) * 6 - 1]
    text = b'{"a":"%s","polygon":[[%s],%s],"b":"%s"}' % (
        b"x" * before,
        numbers[1:-1],
        b"[3,4]" + b",[5,6]" * more,
        b"y" * after,
    )
    found = short(text)
    assert len(found["polygon"]) == 3 and (len(found["a"]), len(found["b"])) == (before, after)


def test_what_is_no_compact_ring_of_numbers_is_read_as_it_is() -> None:
    assert short(compact(asset(RING[:9]))) is None
    assert short(compact(asset(RING, key="numbers"))) is None
    assert short(json.dumps(asset(RING)).encode()) is None
    assert short(compact(asset(RING, RING)).replace(b'}],"stage', b' }],"stage')) is not None
    assert short(compact(asset(RING, RING)).replace(b"]]", b"] ]", 1)) is None
    for bad in (None, True, {"x": 1}):
        assert short(compact(asset(RING, [*RING, bad, *RING]))) is None
    for damage in (b"[0.25,,", b"[0.25 ,", b"[0.25.1,", b"[[0.25,"):
        assert short(compact(asset(RING)).replace(b"[0.25,", damage)) is None


def test_text_that_looks_like_a_ring_is_left_alone() -> None:
    text = compact({"asset": "a", "note": compact({"polygon": RING}).decode()})
    assert short(text) is None


@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_rows_are_those_of_the_asset_as_it_is(layout: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"".join(exports.pieces(assets=30, seed=3, layout=layout, kinds={"image": 1}, dense=0.5))
    some: list[bool] = []
    shorten = shortened

    def watched(window: Window, start: int, end: int) -> bytes | None:
        raw = shorten(window, start, end)
        some.append(raw is not None)
        return raw

    monkeypatch.setattr(index, "shortened", watched)
    found = rows_of(text, tmp_path)
    assert any(some) == (layout != "pretty")
    monkeypatch.setattr(index, "shortened", lambda window, start, end: None)
    assert found == rows_of(text, tmp_path)


def test_a_ring_that_was_edited_makes_a_visit_differ(tmp_path: Path) -> None:
    rows, problems = rows_of(compact([asset(RING, RING, OTHER)]), tmp_path)
    assert not problems
    assert [visit.differs for visit in rows[0].visits] == [False, False, True, False]
    assert [visit.labels for visit in rows[0].visits] == [1, 1, 1, 1]


def test_damage_beside_a_long_ring_is_told_by_its_place_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = compact([asset(RING, RING), asset(RING), asset(OTHER)])
    for damaged in (text.replace(b'"title":"t"', b'"title":t', 3), text.replace(b"[9.25,", b"[9.25,,", 1), text[:-9]):
        found = rows_of(damaged, tmp_path)
        assert found[1]
        with monkeypatch.context() as patch:
            patch.setattr(index, "shortened", lambda window, start, end: None)
            assert found == rows_of(damaged, tmp_path)

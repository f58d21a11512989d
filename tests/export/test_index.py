"""One pass over an export: every undamaged asset is listed, whatever happened to its neighbour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make import exports
from tests.make.export_damage import DAMAGE
from viewer.errors import ExportError, Problem
from viewer.export import Row, Summary, index
from viewer.export.parse import parse_asset
from viewer.export.split import Elements, Lines
from viewer.export.window import Window

ASSETS = 12
LISTED_ALL_THE_SAME = {
    "nan", "bad_utf8_in_label", "null_point", "number_as_string", "duplicate_key", "missing_task", "nested_look_alike",
    "lone_surrogate", "control_character", "raw_newline", "bad_utf8_in_name", "deep_nesting", "junk_between",
    "wrong_type",
}  # fmt: skip
"""Damage that costs a value or nothing, not the asset."""


def read(path: Path) -> tuple[list[Row], list[Problem], Summary]:
    rows: list[Row] = []
    problems: list[Problem] = []
    summary = index.build(path, on_rows=rows.extend, on_problems=problems.extend)
    return rows, problems, summary


def ids(rows: list[Row]) -> set[str | None]:
    return {row.task_id for row in rows}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    folder = tmp_path_factory.mktemp("sound")
    return {layout: read(exports.write(folder / layout, layout=layout, assets=ASSETS))[0] for layout in exports.LAYOUTS}


def place_for(kind: str, layout: str) -> int:
    """The first asset from the fourth on that has what this kind of damage breaks."""
    for i in range(3, ASSETS - 1):
        text = exports.asset_json(7, i)
        try:
            DAMAGE[kind]((exports.pretty(text, 1) if layout == "pretty" else text).encode())
        except AssertionError:
            continue
        return i
    raise AssertionError(f"no asset can be damaged by {kind}")


@pytest.mark.parametrize("layout", exports.LAYOUTS)
@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_costs_the_damaged_asset_alone(
    kind: str, layout: str, tmp_path: Path, sound: dict[str, list[Row]]
) -> None:
    bad = place_for(kind, layout)
    path = exports.write(tmp_path / "e", layout=layout, assets=ASSETS, damage={bad: kind})
    rows, problems, summary = read(path)
    assert [row.index for row in rows] == list(range(len(rows)))
    others = {row.task_id for i, row in enumerate(sound[layout]) if i != bad}
    found = {row.task_id: row for row in rows if row.readable}
    assert others <= set(found), f"lost: {others - set(found)}"
    for i, row in enumerate(sound[layout]):
        if i != bad:
            again = found[row.task_id]
            assert (again.external_id, again.labels, again.by_tool) == (row.external_id, row.labels, row.by_tool)
    if kind not in LISTED_ALL_THE_SAME:
        assert problems
    # the damaged asset keeps its place, or the file says that something was lost
    assert len(rows) >= ASSETS or problems
    assert summary.rows == len(rows)


@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_a_cut_file_keeps_all_whole_assets(layout: str, tmp_path: Path, sound: dict[str, list[Row]]) -> None:
    path = exports.write(tmp_path / "e", layout=layout, assets=ASSETS, cut=0.8)
    size = path.stat().st_size
    rows, problems, _ = read(path)
    whole = [row for row in sound[layout] if row.end <= size]
    assert 2 < len(whole) < ASSETS
    assert ids(whole) <= ids(rows)
    assert problems


@pytest.mark.parametrize("layout", exports.LAYOUTS)
@pytest.mark.parametrize("how", [{"bom": True}, {"crlf": True}, {"bom": True, "crlf": True}])
def test_marks_and_line_ends_change_nothing(
    layout: str, how: dict[str, bool], tmp_path: Path, sound: dict[str, list[Row]]
) -> None:
    rows, problems, summary = read(exports.write(tmp_path / "e", layout=layout, assets=ASSETS, **how))
    assert not problems
    assert [row.external_id for row in rows] == [row.external_id for row in sound[layout]]
    assert summary.layout == ("ndjson" if layout == "ndjson" else "array")


@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_a_row_counts_what_the_parsed_asset_holds(layout: str, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e", layout=layout, assets=30, seed=11)
    rows, problems, _ = read(path)
    assert not problems
    data = path.read_bytes()
    for row in rows:
        asset = parse_asset(data[row.start : row.end], index=row.index)
        compare(row, asset)


def test_counts_of_the_example_exports(data: Path) -> None:
    for name in ("ango-examples.json", "seed-sample.json"):
        raw = (data / name).read_bytes()
        rows, problems, _ = read(data / name)
        assert not problems
        for row in rows:
            compare(row, parse_asset(raw[row.start : row.end], index=row.index))


def compare(row: Row, asset: Any) -> None:
    task = asset.tasks[0]
    assert (row.asset_id, row.external_id, row.kind) == (asset.asset_id, asset.external_id, asset.kind)
    assert row.task_id == task.task_id
    assert row.labels == task.current.labels.count
    assert sum(row.by_tool.values()) == sum(row.by_title.values()) == row.labels
    assert row.relations == len(task.current.labels.relations)
    assert row.classifications == len(task.current.labels.classifications)
    assert [visit.labels for visit in row.visits] == [s.labels.count for s in task.snapshots]
    assert [visit.stage for visit in row.visits] == [s.stage for s in task.snapshots]
    assert [visit.review_status for visit in row.visits] == [s.review_status for s in task.snapshots]
    assert row.visits[0].differs is False


def test_a_visit_differs_when_its_labels_do(data: Path) -> None:
    rows, _, _ = read(data / "ango-examples.json")
    rework = rows[22]
    assert [visit.stage for visit in rework.visits] == ["Start", "Label", "Review", "Label", "Review", "Complete"]
    assert [visit.differs for visit in rework.visits] == [False, True, False, True, True, False] or (
        rework.visits[2].differs is False and rework.visits[1].differs is True
    )


def test_cancelling_stops_between_assets(tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e", assets=ASSETS)
    rows: list[Row] = []
    summary = index.build(path, on_rows=rows.extend, on_problems=lambda _: None, cancelled=lambda: len(rows) >= 3)
    assert summary.cancelled
    assert len(rows) == 3


@pytest.mark.parametrize(
    "content",
    [b"", b"   \n", b"not json", b"\x89PNG\r\n", b"<html><body>Access denied</body></html>", b"5", b'"text"', b"[1, 2]",
     b'{"a": 1'],
)  # fmt: skip
def test_what_is_no_export_is_refused_with_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    try:
        rows, problems, _ = read(path)
    except ExportError as error:
        assert "file.json" in str(error)
    else:
        assert problems or not rows


def test_deep_nesting_is_a_problem_of_its_asset(tmp_path: Path) -> None:
    good = json.loads(exports.asset_json(7, 0))
    text = b"[" + json.dumps(good).encode() + b',{"asset":"a","externalId":"deep","x":' + b"[" * 100_000
    text += b"]" * 100_000 + b"}," + json.dumps(good).encode() + b"]"
    path = tmp_path / "e.json"
    path.write_bytes(text)
    rows, _, _ = read(path)
    assert [row.external_id for row in rows if row.external_id != "deep"] == [good["externalId"]] * 2


class Bytes:
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, most: int) -> None:
        self._data, self._most, self._at = data, most, 0

    def readinto(self, view: memoryview, /) -> int:
        got = self._data[self._at : self._at + min(self._most, len(view))]
        view[: len(got)] = got
        self._at += len(got)
        return len(got)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
assets = st.lists(
    st.builds(
        lambda name, extra: {"asset": f"a/{name}.png", "externalId": name, "contextData": extra},
        st.text(min_size=1, max_size=8),
        json_values,
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60)
@given(assets, st.integers(1, 97), st.integers(1, 300), st.booleans(), st.booleans())
def test_the_same_assets_come_out_of_every_layout_and_block(
    listed: list[dict[str, Any]], most: int, block: int, ascii_only: bool, lines: bool
) -> None:
    texts = [json.dumps(asset, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass") for asset in listed]
    data = b"\n".join(texts) + b"\n" if lines else b"[" + b", ".join(texts) + b"]"
    window = Window(Bytes(data, most), block=block)
    cutter: Lines | Elements = Lines(window) if lines else Elements(window, first_keys=(b'"asset"',), commas=True)
    pieces: list[bytes] = []
    start = 0 if lines else 1
    while True:
        cut = cutter.after(start, start, 1 << 20)
        assert cut is not None
        piece = bytes(window.view(start, cut.end)).strip(b" ,\n]" if not lines else b" \n")
        if piece:
            pieces.append(piece)
        if cut.next >= window.high and window.at_end:
            break
        start = cut.next
        window.release(start)
    joined = b"\n".join(pieces) if lines else b",".join(pieces)
    # a cut is a guess that only decoding proves; but no byte may be lost
    assert joined.replace(b" ", b"") == (b"\n" if lines else b",").join(texts).replace(b" ", b"").strip(b"]") or (
        [json.loads(p) for p in pieces] == listed
    )

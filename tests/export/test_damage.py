"""Every undamaged asset of an export is listed, whatever happened to its neighbour."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.export.indexing import read
from tests.make import exports
from tests.make.export_damage import DAMAGE
from viewer.export import Row

ASSETS = 12
SMALL = {"image": 0.5, "multi-image": 0.2, "pdf": 0.15, "text": 0.15}
MADE: dict[str, Any] = {"assets": ASSETS, "seed": 40, "kinds": SMALL}

LOST, MENDED, SOUND = "lost", "mended", "sound"
OUTCOME = {
    "bad_number": LOST,
    "nan": MENDED,
    "missing_brace": LOST,
    "missing_brace_in_label": LOST,
    "unterminated_string": LOST,
    "bad_utf8_in_name": MENDED,
    "bad_utf8_in_label": SOUND,  # text of labels is passed over here; opening the asset tells it
    "control_character": MENDED,
    "raw_newline": MENDED,
    "lone_surrogate": MENDED,
    "lost_start": LOST,
    "junk_between": SOUND,
    "wrong_type": SOUND,
    "null_point": SOUND,
    "number_as_string": SOUND,
    "not_an_object": LOST,
    "deep_nesting": MENDED,
    "duplicate_key": SOUND,
    "missing_task": SOUND,
    "nested_look_alike": SOUND,
}
"""What each kind of damage costs its asset."""


@pytest.fixture(scope="module", autouse=True)
def made_once() -> Iterator[None]:
    """The same few assets stand in all the files here."""
    made: dict[str, str] = {}
    make = exports.asset_json

    def asset_json(*args: Any, **options: Any) -> str:
        key = f"{args}{options}"
        return made[key] if key in made else made.setdefault(key, make(*args, **options))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exports, "asset_json", asset_json)
        patch.setattr(exports, "pretty", functools.lru_cache(64)(exports.pretty))
        yield


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    folder = tmp_path_factory.mktemp("sound")
    return {layout: read(exports.write(folder / layout, layout=layout, **MADE))[0] for layout in exports.LAYOUTS}


def place_for(kind: str, layout: str) -> int:
    """The first asset from the fourth on that has what this kind of damage breaks."""
    for i in range(3, ASSETS - 1):
        text = exports.asset_json(40, i, kinds=SMALL, dense=0.1)
        try:
            DAMAGE[kind]((exports.pretty(text, 1) if layout == "pretty" else text).encode())
        except AssertionError:
            continue
        return i
    raise AssertionError(f"no asset can be damaged by {kind}")


def test_every_kind_of_damage_has_its_outcome() -> None:
    assert set(OUTCOME) == set(DAMAGE)


@pytest.mark.parametrize("layout", exports.LAYOUTS)
@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_costs_the_damaged_asset_alone(
    kind: str, layout: str, tmp_path: Path, sound: dict[str, list[Row]]
) -> None:
    bad = place_for(kind, layout)
    path = exports.write(tmp_path / "e", layout=layout, **MADE, damage={bad: kind})
    rows, problems, summary = read(path)
    assert len(rows) == summary.rows == ASSETS
    assert summary.problems == len(problems)
    data = path.read_bytes()
    for i, (row, before) in enumerate(zip(rows, sound[layout])):
        assert row.index == i
        if i == bad:
            continue
        placeless = {"start": 0, "end": 0}
        assert msgspec.structs.replace(row, **placeless) == msgspec.structs.replace(before, **placeless)
        # and its bytes are where the row says
        assert json.loads(data[row.start : row.end])["task"]["taskId"] == row.task_id
    outcome = OUTCOME[kind]
    assert rows[bad].readable == (outcome != LOST)
    assert rows[bad].problems == (0 if outcome == SOUND else 1)
    told = [(p.severity, p.asset_index) for p in problems]
    if kind == "junk_between":
        assert told == [("error", None)]
    elif outcome == SOUND:
        assert told == []
    else:
        assert told == [("error" if outcome == LOST else "warning", bad)]
    for problem in problems:
        assert problem.file == "e"
        assert problem.offset is not None
        first = rows[bad].start
        assert first <= problem.offset <= rows[bad + 1].start
        assert problem.what
        assert problem.instead


@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_a_cut_file_keeps_all_whole_assets(layout: str, tmp_path: Path, sound: dict[str, list[Row]]) -> None:
    path = exports.write(tmp_path / "e", layout=layout, **MADE, cut=0.8)
    size = path.stat().st_size
    rows, problems, _ = read(path)
    whole = [row for row in sound[layout] if row.end <= size]
    assert 2 < len(whole) < ASSETS
    assert [row.task_id for row in rows] == [row.task_id for row in whole] + [None]
    assert not rows[-1].readable
    assert ("error", len(whole)) in [(p.severity, p.asset_index) for p in problems]
    assert any("the file ends inside" in p.what for p in problems)


@pytest.mark.parametrize("layout", exports.LAYOUTS)
@pytest.mark.parametrize("how", [{"bom": True}, {"crlf": True}, {"bom": True, "crlf": True}])
def test_marks_and_line_ends_change_nothing(
    layout: str, how: dict[str, bool], tmp_path: Path, sound: dict[str, list[Row]]
) -> None:
    rows, problems, summary = read(exports.write(tmp_path / "e", layout=layout, **MADE, **how))
    assert not problems
    here = [msgspec.structs.replace(row, start=0, end=0) for row in rows]
    assert here == [msgspec.structs.replace(row, start=0, end=0) for row in sound[layout]]
    assert summary.layout == ("ndjson" if layout == "ndjson" else "array")


def test_deep_nesting_is_a_problem_of_its_asset(tmp_path: Path) -> None:
    good = json.loads(exports.asset_json(7, 0))
    text = b"[" + json.dumps(good).encode() + b',{"asset":"a","externalId":"deep","x":' + b"[" * 100_000
    text += b"]" * 100_000 + b"}," + json.dumps(good).encode() + b"]"
    path = tmp_path / "e.json"
    path.write_bytes(text)
    rows, _, _ = read(path)
    assert [row.external_id for row in rows if row.external_id != "deep"] == [good["externalId"]] * 2


TOKENS = (
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\n", b"\0", b"\xff", b"null", b"NaN", b"1e999", b'"asset":',
    b'{"asset":', b'},{"asset":"x"', b"[[[[", b"\\ud800", b"\x1f",
)  # fmt: skip


def test_random_damage_costs_the_damaged_asset_alone(tmp_path: Path, data: Path) -> None:
    """Bytes of one asset of six are dropped, doubled, replaced or put in, in every layout."""
    examples = json.loads((data / "ango-examples.json").read_bytes())
    small = [asset for asset in examples if len(json.dumps(asset)) < 4000]
    dice = random.Random(5)
    path = tmp_path / "e"
    for _ in range(300):
        layout = dice.choice(exports.LAYOUTS)
        texts = []
        for i in range(6):
            text = json.dumps({**dice.choice(small), "externalId": f"N{i}"}, ensure_ascii=False, separators=(",", ":"))
            texts.append((exports.pretty(text, 1) if layout == "pretty" else text).encode())
        bad = dice.randrange(6)
        broken = bytearray(texts[bad])
        for _ in range(dice.choice((1, 1, 2, 4))):
            at, length = dice.randrange(max(1, len(broken))), dice.randrange(1, 150)
            kind = dice.randrange(4)
            if kind == 0:
                broken[at : at + length] = b""
            elif kind == 1:
                broken[at:at] = dice.choice(TOKENS)
            elif kind == 2:
                broken[at : at + 1] = bytes([dice.randrange(256)])
            else:
                broken[at:at] = broken[at : at + length]
        texts[bad] = bytes(broken)
        before, between, after = {"array": (b"[", b",", b"]"), "ndjson": (b"", b"\n", b"\n")}.get(
            layout, (b"[\n  ", b",\n  ", b"\n]\n")
        )
        path.write_bytes(before + between.join(texts) + after)
        rows, _, _ = read(path)
        assert [row.index for row in rows] == list(range(len(rows)))
        names = {row.external_id for row in rows if row.readable}
        assert names >= {f"N{i}" for i in range(6) if i != bad}, (layout, bad, texts[bad])

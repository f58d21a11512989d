"""The table of changes as CSV: its columns, its order, and texts that are more than plain words."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make.changed import changed_asset, comparison_of
from tests.make.changes import found, items_of, row_of, step, steps
from tests.make.rows import row
from viewer.diff.rows import COLUMNS
from viewer.errors import ViewerError
from viewer.export.differences import Found, found_of
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table_file import save_csv

ROWS = [row_of(row(index)) for index in range(5)]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def saved(tmp_path: Path, *changes: Found) -> list[dict[str, str]]:
    out = tmp_path / "out.csv"
    assert save_csv(out, items_of([step(1, 0, changes)]), ROWS) == len(changes)
    return read(out)


def test_one_row_for_each_change_in_the_order_given(tmp_path: Path) -> None:
    items = items_of(steps(5, 8))[::-1]
    out = tmp_path / "out.csv"
    assert save_csv(out, items, ROWS) == 40
    rows = read(out)
    assert list(rows[0]) == [name for name, _ in COLUMNS]
    assert [(int(r["asset_index"]), r["title"]) for r in rows] == [(i.asset, i.found.title) for i in items]
    first, its = rows[0], items[0].found
    assert first["external_id"] == ROWS[4].external_id
    assert (first["from_stage"], first["to_stage"]) == ("Label", "Review")
    assert (first["from_index"], first["to_index"]) == ("0", "1")
    assert json.loads(first["kinds"]) == list(its.kinds)
    assert first["hausdorff_px"] == ""


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-4", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x";"y")'])
def test_nothing_is_a_formula(tmp_path: Path, text: str) -> None:
    r = saved(tmp_path, found(0, title=text, by=text, before_id=text, schema_id=text))[0]
    for name in ("title", "by", "object_id_before", "schema_id"):
        assert r[name] == f"'{text}"


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    r = saved(tmp_path, found(0, shift_px=-0.5, iou=0.25, page_after=12))[0]
    assert (r["shift_px"], r["iou"], r["page_after"]) == ("-0.5", "0.25", "12")


@pytest.mark.parametrize("text", ["two\nlines", "two\r\nlines", 'a "quoted", one', ";\t,", "Ölçü 車 🚗", "lone \ud800"])
def test_texts_of_several_lines_and_other_scripts_come_back(tmp_path: Path, text: str) -> None:
    rows = saved(tmp_path, found(0, title=text), found(1, title="after it"))
    assert [r["title"] for r in rows] == [text.replace("\ud800", "?"), "after it"]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_text_is_one_cell(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    rows = saved(tmp_path_factory.mktemp("csv"), *(found(n, title=text) for n, text in enumerate(texts)))
    shown = [r["title"] for r in rows]
    assert [one.removeprefix("'") if one[:2].startswith("'") and not text.startswith("'") else one
            for one, text in zip(shown, texts)] == [t.encode("utf-8", "replace").decode() for t in texts]  # fmt: skip
    assert not any(one.startswith(("=", "+", "-", "@", "\t", "\r")) for one in shown)


def test_stages_compared_here_have_all_measures_and_answers(tmp_path: Path) -> None:
    comparison = comparison_of(changed_asset())
    items = [Item(0, 0, 1, n, found_of(change)) for n, change in enumerate(comparison.changes)]
    out = tmp_path / "own.csv"
    assert save_csv(out, items, ROWS, comparison.changes) == len(items)
    rows = {json.loads(r["kinds"])[0] + r["subject"]: r for r in read(out)}
    assert rows["reshapedlabel"]["hausdorff_px"] == "20.0"
    answers = json.loads(rows["attributeslabel"]["answers"])
    assert (answers[0]["old"], answers[0]["new"]) == ("parked", "moving")


def test_an_asset_that_is_not_listed_leaves_its_name_empty(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    save_csv(out, [Item(77, 0, 9, 0, found(0))], ROWS)
    r = read(out)[0]
    assert (r["asset_index"], r["external_id"], r["from_stage"], r["to_stage"]) == ("77", "", "", "")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    with pytest.raises(ViewerError):
        save_csv(tmp_path / "in the way" / "out.csv", items_of(steps(1, 1)), ROWS)

"""What the columns of the table of changes say, and how they sort."""

from __future__ import annotations

import pytest

from tests.make.changed import changed_asset, comparison_of
from tests.make.changes import found, places
from viewer.export.differences import found_of
from viewer.ui.changes.columns import COLUMNS, EXPORT, NOTHING, column_of, column_text, kinds_text, page_text, spoken
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import ChangeTable

TABLE = ChangeTable(places(3))


def text(key: str, item: Item, table: ChangeTable = TABLE) -> str:
    return column_of(key).text(table, item)


def item(number: int = 0, **changes: object) -> Item:
    return Item(1, 0, 1, number, found(number, **changes))


def test_all_that_happened() -> None:
    assert kinds_text(item(kinds=("reclassified", "moved", "attributes"))) == "Class changed, moved, answers changed"


@pytest.mark.parametrize(
    ("key", "changes", "words"),
    [
        ("label", {"title": "Car\nred"}, "Car red"),
        ("label", {"title": ""}, "No title"),
        ("asset", {}, "site-01/lot_1.jpg"),
        ("page", {"page_before": 0, "page_after": 0}, ""),
        ("page", {"page_before": 4, "page_after": 1233}, "1,234"),
        ("stages", {}, "Label 1 → Review"),
        ("by", {"by": "mert.aydin@example.com"}, "mert.aydin"),
        ("by", {"by": None}, ""),
        ("iou", {"iou": 0.714}, "0.71"),
        ("iou", {"iou": 0.9999}, "0.99"),
        ("iou", {"iou": None}, NOTHING),
        ("shift", {"shift_px": 14.23}, "14.2 px"),
        ("shift", {"shift_px": 0.01}, "< 0.1 px"),
        ("shift", {"shift_px": 12345.6}, "12,346 px"),
        ("shift", {"shift_px": None}, NOTHING),
        ("ids", {"before_id": "a", "after_id": "b"}, "a → b"),
        ("ids", {"before_id": "a", "after_id": "a"}, "a"),
        ("ids", {"before_id": None, "after_id": "b\n"}, "b"),
        ("hausdorff", {}, NOTHING),
    ],
)
def test_texts(key: str, changes: dict[str, object], words: str) -> None:
    assert text(key, item(**changes)) == words


def test_measures_of_stages_that_are_compared_here() -> None:
    comparison = comparison_of(changed_asset())
    table = ChangeTable(places(1), comparison.changes, lambda number: f"#{number}")
    at = next(n for n, change in enumerate(comparison.changes) if change.kind == "reshaped")
    own = Item(0, 0, 1, at, found_of(comparison.changes[at]))
    assert text("label", own, table) == f"Car #{at}"
    assert text("hausdorff", own, table) == "20.0 px"
    assert text("area", own, table) == "+50 %"


def test_what_has_no_measure_sorts_before_all_that_has() -> None:
    for key in ("iou", "shift"):
        by = column_of(key).by
        assert by(TABLE, item(iou=None, shift_px=None)) < by(TABLE, item(iou=0.0, shift_px=0.0))


def test_names_of_files_sort_as_people_count() -> None:
    table = ChangeTable(places(12))
    by = column_of("asset").by
    assert by(table, Item(2, 0, 1, 0, found(0))) < by(table, Item(11, 0, 1, 0, found(0)))


def test_every_column_has_a_heading_and_an_unknown_one_is_the_order_of_the_export() -> None:
    assert [column_text(column.key) != column.key for column in COLUMNS] == [True] * len(COLUMNS)
    assert column_of("weight") is EXPORT


def test_a_row_in_words() -> None:
    said = spoken(TABLE, item(title="Van", iou=0.5, shift_px=3.0, page_after=7, by="jana@example.com"), seen=True)
    assert said == "Moved, Van, site-01/lot_1.jpg, page 8, Label 1 → Review, jana, IoU 0.50, moved 3.0 px, seen"
    assert page_text(TABLE, item(page_before=0, page_after=0)) == ""

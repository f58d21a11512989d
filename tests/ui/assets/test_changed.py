"""What is known of the changes of each asset: totals, filters of one and the same change, orders."""

from __future__ import annotations

import numpy as np
import pytest

from tests.make.changes import VISITS, found, row_of, step
from tests.make.rows import PERSONS, row, rows
from viewer.export import Row, Visit
from viewer.ui.assets.changed import NONE, ChangedAssets, Totals
from viewer.ui.assets.filters import Filter, counts, facet_mask, toggled
from viewer.ui.assets.table import AssetTable


@pytest.fixture
def some() -> list[Row]:
    return [row_of(each) for each in rows(4)]


def table_of(some: list[Row]) -> AssetTable:
    table = AssetTable()
    table.add(some)
    table.digest(len(some))
    table.add_steps(
        [
            step(0, 0, [found(0, kinds=("moved",), tool="bounding-box", by=PERSONS[1])]),
            step(0, 1, [found(1, kinds=("added",), tool="polygon", before_id=None, by=PERSONS[0])]),
            step(1, 0, [found(2, kinds=("reclassified", "moved"), tool="polygon", by=PERSONS[1], iou=0.4)]),
            step(2, 0, []),
        ]
    )
    return table


def test_totals_add_up_over_the_steps(some: list[Row]) -> None:
    table = table_of(some)
    totals = table.changes.totals(some[0])
    assert totals is not None
    assert (totals.added, totals.changed, totals.removed, totals.total) == (1, 1, 0, 2)
    assert totals.largest == 3.0


def test_equal_only_when_all_steps_are_compared(some: list[Row]) -> None:
    table = table_of(some)
    assert table.changes.totals(some[2]) is None  # one of its two steps is not compared yet
    table.add_steps([step(2, 1, [])])
    assert table.changes.totals(some[2]) == NONE
    assert table.changes.totals(some[3]) is None
    table.changes.is_complete = True
    assert table.changes.totals(some[3]) == NONE


def test_where_nothing_can_be_compared_nothing_is_said() -> None:
    changes = ChangedAssets()
    changes.is_complete = True
    assert (
        changes.totals(row(0, visits=(Visit(stage="Label"), Visit(stage="Complete", labels=3, differs=True)))) is None
    )
    assert changes.totals(row(0, visits=(Visit(labels=3),))) is None
    assert changes.totals(row(0, visits=VISITS)) == Totals()


def test_what_is_chosen_must_be_true_of_one_change(some: list[Row]) -> None:
    table = table_of(some)
    boxes = toggled(Filter(), "change_tool", "bounding-box")
    assert facet_mask(table, boxes).tolist() == [True, False, False, False]
    boxes_in_review = toggled(boxes, "change_stage", "Review")
    assert facet_mask(table, boxes_in_review).tolist() == [True, False, False, False]
    # the asset has changes in both stages, but its box changed in review alone
    boxes_in_label = toggled(boxes, "change_stage", "Label")
    assert not facet_mask(table, boxes_in_label).any()
    by = toggled(toggled(Filter(), "change", "reclassified"), "change_person", PERSONS[1])
    assert facet_mask(table, by).tolist() == [False, True, False, False]
    assert facet_mask(table, by, 1).tolist() == [True, False, False]


def test_changed_beside_other_facets(some: list[Row]) -> None:
    table = table_of(some)
    changed = toggled(Filter(), "changed", "some")
    assert facet_mask(table, changed).tolist() == [True, True, False, False]
    here = some[1].batches[0]
    assert facet_mask(table, toggled(changed, "batch", here)).tolist() == [False, True, False, False]
    assert counts(table, Filter(), "changed") == {"some": 2}


def test_counts_are_of_assets_and_of_one_change(some: list[Row]) -> None:
    table = table_of(some)
    assert counts(table, Filter(), "change") == {"moved": 2, "added": 1, "reclassified": 1}
    boxes = toggled(Filter(), "change_tool", "bounding-box")
    assert counts(table, boxes, "change_stage") == {"Review": 1, "Label": 0}
    assert counts(table, boxes, "change_tool") == {"bounding-box": 1, "polygon": 2}
    text = np.array([False, True, True, True])
    assert counts(table, Filter(), "change", text)["moved"] == 1
    assert counts(table, toggled(Filter(), "change", "retimed"), "change")["retimed"] == 0


def test_an_unknown_value_finds_nothing(some: list[Row]) -> None:
    assert not facet_mask(table_of(some), toggled(Filter(), "change_class", "Ghost")).any()


def test_nothing_is_known_at_first() -> None:
    table = AssetTable()
    table.add(rows(3))
    table.digest(3)
    assert counts(table, Filter(), "changed") == {}
    assert counts(table, Filter(), "change_person") == {}
    assert not facet_mask(table, toggled(Filter(), "changed", "some")).any()


def test_orders(some: list[Row]) -> None:
    table = table_of(some)
    assert [table.changes.order_key(asset, "changes") for asset in range(4)] == [2, 1, 0, 0]
    largest = [table.changes.order_key(asset, "largest") for asset in range(4)]
    assert largest[0] == 3.0 > largest[1] > largest[2] == 0.0


def test_a_step_of_an_asset_that_is_not_listed_is_left_out(some: list[Row]) -> None:
    table = table_of(some)
    table.add_steps([step(99, 0, [found(0)])])
    assert counts(table, Filter(), "changed") == {"some": 2}

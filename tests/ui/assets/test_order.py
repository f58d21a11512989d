"""Orders, and a sort that is Python's own in short steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make.rows import row, rows
from viewer.export import Visit
from viewer.ui.assets import order
from viewer.ui.assets.order import ORDERS, Keys, natural, order_of, sorting


def last(values: list, before: list[int], *, descending: bool) -> list[int]:
    found = list(sorting(values, np.array(before, np.int32), len(values), descending=descending))
    assert found[-1] is not None and all(step is None for step in found[:-1])
    return found[-1].tolist()


@given(st.lists(st.integers(0, 5), max_size=60), st.integers(0, 60), st.booleans())
def test_it_is_the_stable_order(values: list[int], known: int, descending: bool) -> None:
    key = values.__getitem__
    before = sorted(range(min(known, len(values))), key=key, reverse=descending)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "STEP", 7)
        assert last(values, before, descending=descending) == sorted(range(len(values)), key=key, reverse=descending)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("known", [0, 3000])
def test_no_step_looks_at_many_rows(descending: bool, known: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the runs are that are merged."""

    class Counted(list):  # type: ignore[type-arg]
        looks = 0

        def __getitem__(self, at):  # type: ignore[no-untyped-def]
            self.looks += 1
            return super().__getitem__(at)

    monkeypatch.setattr(order, "STEP", 64)
    values = Counted((n * 7919) % 1009 for n in range(4000))
    before = sorted(range(known), key=values.__getitem__, reverse=descending)
    values.looks = 0
    for _ in sorting(values, np.array(before, np.int32), len(values), descending=descending):
        assert values.looks <= 3 * 64
        values.looks = 0


def test_numbers_in_names_count_as_numbers() -> None:
    names = ["lot_10.jpg", "Lot_9.jpg", "lot_009b.jpg", "lot_1/2", "lot_1/10"]
    assert sorted(names, key=natural) == ["lot_1/2", "lot_1/10", "Lot_9.jpg", "lot_009b.jpg", "lot_10.jpg"]


def test_every_order_has_a_key_for_every_row() -> None:
    bare = row(0, external_id=None, asset_id=None, task_id=None, stage=None, visits=(), by_title={})
    for each in ORDERS:
        keys = [each.of(r) for r in (bare, *rows(5, first=1))]
        assert sorted(keys) is not None


def test_last_completed_is_the_latest() -> None:
    visits = tuple(Visit(completed_at=at) for at in ("2026-03-01T09:00:00Z", None, "2026-02-01T09:00:00Z"))
    assert order.last_completed(row(0, visits=visits)) == "2026-03-01T09:00:00Z"


def test_an_unknown_order_is_that_of_the_export() -> None:
    assert order_of("of a later version") is ORDERS[0]


def test_keys_are_made_for_what_is_new() -> None:
    labels = order_of("labels")
    keys = Keys(labels.key, labels.of)
    its_rows = rows(30)
    list(keys.fill(its_rows, 10))
    assert len(keys.values) == 10
    list(keys.fill(its_rows, 30))
    assert keys.values == [r.labels for r in its_rows]

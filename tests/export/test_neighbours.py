"""What is the same JSON in neighbouring snapshots is left out, and nothing else."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from viewer.export.neighbours import neighbours, wanted_steps, without_equal
from viewer.export.rows import Row, Visit


def raws(*values: Any) -> list[Raw]:
    return [Raw(msgspec.json.encode(value)) for value in values]


def values(found: list[Raw]) -> list[Any]:
    return [msgspec.json.decode(raw) for raw in found]


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_each_entry_goes_as_often_as_it_is_in_both(before: list[int], after: list[int]) -> None:
    ones, twos = without_equal(raws(*before), raws(*after))
    left, right = values(ones), values(twos)
    assert not set(left) & set(right)
    for value in range(5):
        common = min(before.count(value), after.count(value))
        assert (left.count(value), right.count(value)) == (before.count(value) - common, after.count(value) - common)


def test_metadata_counts_unless_it_is_left_out_in_history() -> None:
    one, two = raws({"a": 1}, {"b": [1, 2]}), raws({"a": 1, "metadata": {"by": "x"}}, {"b": [1, 3], "metadata": {}})
    ones, twos = without_equal(one, two, bare=True)
    assert values(ones) == [{"b": [1, 2]}]
    assert values(twos) == [{"b": [1, 3], "metadata": {}}]
    assert [len(found) for found in without_equal(one, two)] == [2, 2]


def point(x: int, name: str) -> dict[str, Any]:
    return {"point": [x, 1], "objectId": name, "schemaId": "c", "title": "c"}


def asset(**task: Any) -> bytes:
    visit = {"stage": "Label", "completedBy": "l", "completedAt": "2026-11-01T10:00:00.000Z",
             "tools": [point(1, "a"), point(2, "b")]}  # fmt: skip
    current = {"taskId": "t", "updatedBy": "r", "updatedAt": "2026-11-02T10:00:00.000Z",
               "tools": [point(1, "a"), point(3, "b")], "stageHistory": [visit], **task}  # fmt: skip
    return msgspec.json.encode({"asset": "x.png", "task": current})


ROW = Row(
    index=4, start=0, end=1, visits=(Visit(labels=2, completed_at="2026-11-01T10:00:00.000Z"), Visit(differs=True))
)


def test_only_what_differs_is_typed() -> None:
    (pair,) = neighbours(asset(), ROW)
    assert (pair.a, pair.b, pair.by, pair.at, pair.since) == (
        0, 1, "r", "2026-11-02T10:00:00.000Z", "2026-11-01T10:00:00.000Z",
    )  # fmt: skip
    assert [a.object_id for a in pair.before.labels.annotations] == ["b"]
    assert [a.object_id for a in pair.after.labels.annotations] == ["b"]


def test_masks_come_along() -> None:
    visit = {"stage": "Label", "tools": [point(1, "a")], "brushDataUrl": "masks/a.png"}
    (pair,) = neighbours(asset(stageHistory=[visit], brushDataUrl="", medicalBrushDataUrl="v.nii"), ROW)
    assert (pair.before.brush_url, pair.before.medical_brush_url, pair.before.is_current) == (
        "masks/a.png",
        None,
        False,
    )
    assert (pair.after.brush_url, pair.after.medical_brush_url, pair.after.is_current) == (None, "v.nii", True)


def test_a_form_that_is_not_understood_at_a_glance_is_read_whole() -> None:
    (pair,) = neighbours(asset(tools={"0": 1}), ROW)
    assert [a.object_id for a in pair.before.labels.annotations] == ["a", "b"]
    assert pair.after.labels.annotations == ()


def test_a_first_labelling_is_no_change() -> None:
    first = Row(index=0, start=0, end=1, visits=(Visit(), Visit(labels=3, differs=True), Visit(labels=3)))
    assert wanted_steps(first) == []
    assert list(neighbours(b"never read", first)) == []
    assert wanted_steps(ROW) == [1]


def test_other_stages_than_listed_are_said() -> None:
    row = msgspec.structs.replace(ROW, visits=(*ROW.visits, Visit()))
    with pytest.raises(Exception, match="other stages"):
        list(neighbours(asset(), row))


def test_a_mask_that_changed_is_a_step_even_where_nothing_else_is() -> None:
    visits = (Visit(masks=True), Visit(differs=True, masks=True), Visit(masks=True))
    assert wanted_steps(Row(index=0, start=0, end=1, visits=visits)) == [1]

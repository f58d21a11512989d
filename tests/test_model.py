import pytest

from viewer.model import (
    Annotation,
    Asset,
    Classification,
    Labels,
    Relation,
    Snapshot,
    Task,
    counts_as_label,
)
from viewer.tools.base import Tool
from viewer.tools.medical_brush import MedicalBrush
from viewer.tools.point import Point
from viewer.tools.unknown import Unknown


def annotation(tool: Tool, **more):
    return Annotation(object_id="a", schema_id="s", title="t", tool=tool, **more)


@pytest.mark.parametrize(
    ("found", "key", "counts"),
    [
        (annotation(Point(1, 2)), "point", True),
        (annotation(Point(1, 2), stopped=True), "point", False),
        (annotation(Unknown("future", 1)), "future", True),
        (annotation(Unknown()), "unknown", False),
        (annotation(MedicalBrush()), "medical-brush", False),
    ],
)
def test_what_counts_as_a_label(found, key, counts):
    assert found.key == key
    assert counts_as_label(found) is counts
    assert Labels(annotations=(found, found)).count == 2 * counts


@pytest.mark.parametrize(
    ("answer", "answered"),
    [("a", True), (False, True), (0, True), ([""], True), ("", False), ([], False), (None, False)],
)
def test_answered(answer, answered):
    assert Classification(answer=answer).answered is answered


def test_members_of_relations():
    assert Relation(object_id="r", sources=("a",), targets=("b", "c")).members == ("a", "b", "c")
    assert Relation(object_id="r", group=("a",), sources=("x",)).members == ("a",)


def test_labels_are_parsed_once():
    calls = []
    snapshot = Snapshot(index=0, parse=lambda: calls.append(1) or Labels())
    assert snapshot.labels is snapshot.labels
    assert calls == [1]
    assert Task(task_id=None, snapshots=(snapshot,), fields={}).current is snapshot


def asset(**more):
    task = Task(task_id=more.pop("task_id", None), snapshots=(Snapshot(index=0, parse=Labels),), fields={})
    return Asset(index=3, kind="image", url=None, tasks=(task,), fields={}, metadata=more.pop("metadata", {}), **more)


def test_the_name_of_an_asset():
    assert asset(external_id="e", asset_id="a", task_id="t").name == "e"
    assert asset(asset_id="a", task_id="t").name == "a"
    assert asset(task_id="t").name == "t"
    assert asset().name == "asset 3"


@pytest.mark.parametrize(
    ("metadata", "size"),
    [
        ({"width": 800, "height": 600.5}, (800, 600.5)),
        ({"width": 800}, None),
        ({"width": True, "height": 5}, None),
        ({"width": "800", "height": 5}, None),
        ({"width": 0, "height": 5}, None),
        ({"width": float("nan"), "height": 5}, None),
    ],
)
def test_the_size_that_labels_were_drawn_in(metadata, size):
    assert asset(metadata=metadata).size == size

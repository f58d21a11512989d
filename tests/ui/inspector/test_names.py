from __future__ import annotations

from tests.make.assets import labels
from tests.make.inspected import box, image, video_of
from viewer.tracks import timeline
from viewer.ui.inspector.names import Names


def names_of(*tools):
    found = labels(image(*tools))
    return Names(timeline(found, tracked=False), found.relations)


def test_numbers_count_within_a_class() -> None:
    names = names_of(box("a1", "Car"), box("b1", "Tree"), box("a2", "Car"))
    assert (names.of("a1"), names.of("a2")) == ("Car #1", "Car #2")


def test_the_only_one_of_its_class_has_no_number() -> None:
    assert names_of(box("b1", "Tree"), box("a2", "Car")).of("b1") == "Tree"


def test_missing_objects_are_named_as_such() -> None:
    names = names_of(box("b1", "Tree"))
    assert names.of("zz") == "missing object zz"
    assert not names.known("zz")
    assert names.first("zz") is None


def test_a_track_is_one_object() -> None:
    found = video_of(3, pages=5).tasks[0].current.labels
    names = Names(timeline(found, tracked=True), ())
    assert names.known("v0000000")
    assert names.number("v0000000") == ""  # three tracks of three classes
    first = names.first("v0000001")
    assert first is not None
    assert first.page == 0

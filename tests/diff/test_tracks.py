"""What happened to whole objects, and on which pages."""

from __future__ import annotations

from typing import Any

from tests.make.compared import Entry, box, labels
from viewer.diff import TrackChange, compare


def ranges(track: TrackChange) -> list[tuple[str, int, int, bool]]:
    return [tuple(r) for r in track.ranges]  # type: ignore[misc]


def keys(name: str, *pages: int, x: float = 0.0, **members: Any) -> list[Entry]:
    return [box(name, x + page, 0, page=page, **members) for page in pages]


def only(before: list[Entry], after: list[Entry], *, frames: int | None = None) -> TrackChange:
    (track,) = compare(labels(*before), labels(*after), tracked=True, frames=frames).tracks
    return track


def test_of_a_full_export_each_page_is_as_exported() -> None:
    before, after = keys("a", *range(100, 131)), keys("a", *range(105, 140))
    after[3]["bounding-box"]["y"] = after[4]["bounding-box"]["y"] = 7
    track = only(before, after)
    assert track.kinds == ("removed", "added", "moved")
    assert ranges(track) == [("removed", 100, 104, True), ("added", 131, 139, True), ("moved", 108, 109, True)]
    assert [c.entry.page for c in track.changes] == sorted(c.entry.page or 0 for c in track.changes)


def test_between_key_frames_what_follows_from_a_moved_one_is_told_apart() -> None:
    before = keys("a", 0, 10, 20, 30)
    after = [dict(entry) for entry in before]
    after[1]["bounding-box"] = {**after[1]["bounding-box"], "y": 5}
    assert ranges(only(before, after)) == [
        ("moved", 1, 9, False),
        ("moved", 10, 10, True),
        ("moved", 11, 19, False),
    ]


def test_a_key_frame_more_on_the_way_changes_nothing_in_between() -> None:
    before = keys("a", 0, 20)
    assert ranges(only(before, [*before, box("a", 10, 0, page=10)])) == [("added", 10, 10, True)]


def test_an_object_that_ends_earlier_is_gone_from_there_on() -> None:
    before = [*keys("a", 0, 20), box("a", 0, 0, page=30, interpolationStopped=True)]
    after = [*keys("a", 0), box("a", 0, 0, page=10, interpolationStopped=True)]
    assert ("removed", 11, 19, False) in ranges(only(before, after))
    assert ("removed", 21, 29, False) in ranges(only(before, after))


def test_what_is_held_to_the_end_needs_the_number_of_frames() -> None:
    before, after = keys("a", 0, 20), keys("a", 0, 20)
    after[1]["bounding-box"] = {**after[1]["bounding-box"], "y": 5}
    assert ranges(only(before, after))[-1] == ("moved", 20, 20, True)
    assert ranges(only(before, after, frames=50))[-1] == ("moved", 21, 49, False)


def test_whole_objects_come_and_go_in_one_range() -> None:
    others = keys("b", 0, 50)
    (track,) = compare(labels(*others), labels(*others, *keys("a", 12, 15, 18)), tracked=True).tracks
    assert (track.before_id, track.after_id, ranges(track)) == (None, "a", [("added", 12, 18, True)])


def test_frames_that_say_that_they_are_no_key_frames() -> None:
    before = [box("a", page, 0, page=page, isKeyFrame=page % 10 == 0) for page in range(21)]
    after = [{**entry, "bounding-box": {**entry["bounding-box"], "y": 4}} for entry in before]
    assert ranges(only(before, after)) == [
        ("moved", 0, 0, True),
        ("moved", 1, 9, False),
        ("moved", 10, 10, True),
        ("moved", 11, 19, False),
        ("moved", 20, 20, True),
    ]


def test_a_recreated_track_is_one_object_and_light_measures_stay_with_the_entries() -> None:
    before, after = keys("a", 0, 10, 20), keys("n", 0, 10, 20, x=1.0)
    track = only(before, after)
    assert (track.before_id, track.after_id, track.kinds) == ("a", "n", ("moved", "recreated"))
    (light,) = compare(labels(*before), labels(*after), tracked=True, measures="light").tracks
    assert all(r.is_key_edit for r in light.ranges)


def test_single_labels_are_objects_of_one_page() -> None:
    found = compare(labels(box("a", 0, 0), box("a", 500, 0)), labels(box("a", 1, 0), box("a", 501, 0)), tracked=False)
    assert [ranges(track) for track in found.tracks] == [[("moved", 0, 0, True)]] * 2

"""What is the same bytes in two lists."""

from hypothesis import given
from hypothesis import strategies as st

from tests.make.compared import box, labels
from viewer.diff.same import unequal, unequal_annotations
from viewer.model import Annotation, Labels
from viewer.tools.point import Point

WORDS = st.lists(st.sampled_from("abcdef"), max_size=12)


@given(WORDS, WORDS)
def test_what_is_left_has_no_partner_and_all_else_has_one(before: list[str], after: list[str]) -> None:
    rest_before, rest_after, elsewhere = unequal(before, after)
    left = {before[i] for i in rest_before} & {after[j] for j in rest_after}
    assert left == set()
    assert all(before[i] == after[j] for i, j in elsewhere)
    assert len(before) - len(rest_before) == len(after) - len(rest_after)
    assert rest_before == sorted(set(rest_before))
    assert rest_after == sorted(set(rest_after))


def test_one_more_in_the_middle_leaves_the_others_where_they_are() -> None:
    assert unequal(list("abcd"), list("abxcd")) == ([], [2], [])
    assert unequal(list("abcd"), list("dabc")) == ([], [], [(0, 1), (1, 2), (2, 3), (3, 0)])


def test_frames_of_one_entry_are_told_apart_by_their_page() -> None:
    frames = [{"page": page, "bounding-box": {"x": 0, "y": 0, "width": 9, "height": 9}} for page in (3, 4, 5)]
    nested = {"objectId": "a", "schemaId": "c", "title": "car", "frames": frames}
    held = labels(nested).annotations
    assert len({a.raw for a in held}) == 1
    assert unequal_annotations(held, held) == ([], [], [])
    assert unequal_annotations(held, held[1:]) == ([0], [], [])


def test_annotations_that_come_from_no_file_are_never_taken_for_equal() -> None:
    made = [Annotation(object_id="a", schema_id="c", title="car", tool=Point(1, n)) for n in (1, 2)]
    read = labels(box("a", 1, 2)).annotations
    assert unequal_annotations(made, made) == ([0, 1], [0, 1], [])
    assert unequal_annotations((*read, made[0]), (*read, made[1])) == ([1], [1], [])
    assert unequal_annotations(Labels().annotations, read) == ([], [0], [])

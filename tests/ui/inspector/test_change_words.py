"""A change in words: nothing is said that the numbers do not say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make.changed import changed_asset, listing_of
from viewer.model import Annotation, AnswerChange, Change, Relation
from viewer.tools import parse_tool
from viewer.ui.inspector.change_words import (
    ORDER,
    degrees,
    kind_text,
    measure,
    merged,
    percent,
    pixels,
    share,
    sign_of,
    turned,
    words_of,
)


def turned_box(rotation: float, width: float = 40, x: float = 0) -> Annotation:
    value = {"x": x, "y": 0, "width": width, "height": 20, "rotation": rotation}
    tool = parse_tool({"rotated-bounding-box": value}, [])
    return Annotation(object_id="o", schema_id="s", title="Car", tool=tool)


@pytest.mark.parametrize(
    ("value", "text"), [(14.21, "14.2 px"), (0.01, "under 0.1 px"), (0.0, "0.0 px"), (1234.5, "1,234 px")]
)
def test_distances(value: float, text: str) -> None:
    assert pixels(value) == text


@given(st.floats(0.0, 1.0))
def test_only_what_is_the_same_overlaps_fully(iou: float) -> None:
    assert (share(iou) == "1.00") == (iou >= 1.0 - 1e-9)


@pytest.mark.parametrize(("ratio", "text"), [(0.93, "−7 %"), (1.0, "±0 %"), (1.004, "+0.4 %"), (12.0, "+1,100 %")])
def test_areas(ratio: float, text: str) -> None:
    assert percent(ratio) == text


def test_angles() -> None:
    assert degrees(-18.04) == "−18.0°"
    assert turned(turned_box(350).tool, turned_box(10).tool) == pytest.approx(20)
    assert turned(turned_box(10).tool, parse_tool({"point": [1, 2]}, [])) is None


def test_every_kind_has_a_sign_and_a_name() -> None:
    kinds = (*ORDER, "retargeted", "direction", "changed")
    assert {sign_of(kind) for kind in kinds} == set(ORDER)
    assert len({kind_text(kind) for kind in kinds}) == len(kinds)


def test_a_box_that_turned_and_grew() -> None:
    change = Change(kinds=("reshaped", "moved"), before=turned_box(0), after=turned_box(5.5, 44), shift_px=2.0, iou=0.8)
    assert words_of(change) == "turned 5.5°, resized, moved 2.0 px"
    assert measure(change) == "IoU 0.80"


def test_another_page() -> None:
    one, two = (Annotation(object_id="o", schema_id="s", title="Car", tool=turned_box(0).tool, page=p) for p in (1, 4))
    change = Change(kinds=("moved",), before=one, after=two, shift_px=0.0)
    assert words_of(change) == "moved to page 5"
    assert measure(change) == "page 2 → page 5"


def test_questions_of_another_class_that_are_answered_alike() -> None:
    same = [AnswerChange("State", None, "parked"), AnswerChange("State", "parked", None)]
    assert merged(same) == []
    other = [AnswerChange("State", None, "moving"), AnswerChange("State", "parked", None), AnswerChange("Side", 1, 2)]
    assert merged(other) == [AnswerChange("State", "parked", "moving"), AnswerChange("Side", 1, 2)]


def test_all_changes_of_two_stages() -> None:
    listing = listing_of(changed_asset())
    words = {listing.changes[at].kind: words_of(listing.changes[at], listing.before, listing.after)
             for at in range(len(listing.changes)) if listing.changes[at].subject == "label"}  # fmt: skip
    assert words == {
        "moved": "moved 12.0 px", "reshaped": "resized", "reclassified": "class Van → Truck",
        "attributes": "State parked → moving", "removed": "removed", "recreated": "drawn anew", "added": "added",
    }  # fmt: skip
    others = [words_of(c, listing.before, listing.after) for c in listing.changes if c.subject != "label"]
    assert others == ["to Car #2 → Car #4", "Weather sunny → rain"]


def test_many_answers_are_counted() -> None:
    answers = tuple(AnswerChange(f"Q{n}", n, n + 1) for n in range(5))
    change = Change(kinds=("attributes",), before=turned_box(0), after=turned_box(0), answers=answers)
    assert words_of(change) == "Q0 0 → 1, Q1 1 → 2, Q2 2 → 3, 2 more answers"
    assert measure(change) == "0 → 1 +4"


def test_a_relation_tells_each_thing_once() -> None:
    one = Relation(object_id="r", title="follows", sources=("a",), targets=("b",))
    two = Relation(object_id="r", title="follows", sources=("a",), targets=("b",), direction="reverse")
    answers = (AnswerChange("direction", "straight", "reverse"), AnswerChange("Why", "x", "y"))
    change = Change(subject="relation", kinds=("attributes", "direction"), before=one, after=two, answers=answers)
    assert words_of(change) == "Why x → y, direction straight → reverse"


def test_texts_of_the_export_stay_in_one_line_without_secrets() -> None:
    answers = (AnswerChange("Link", None, "https://x.example/a?Signature=topsecret\nnext"),)
    change = Change(kinds=("attributes",), before=turned_box(0), after=turned_box(0), answers=answers)
    for text in (words_of(change), measure(change)):
        assert "topsecret" not in text
        assert "\n" not in text

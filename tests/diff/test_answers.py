"""Answers of labels and of the asset, old and new."""

from typing import Any

from tests.make.compared import Entry, answer, box, labels
from viewer.diff import compare
from viewer.diff.answers import answer_changes, paired, without_queries
from viewer.model import Change


def changes(before: list[Entry], after: list[Entry]) -> tuple[Change, ...]:
    return compare(labels(answers=before), labels(answers=after), tracked=False).changes


def told(before: list[Entry], after: list[Entry]) -> list[tuple[str, Any, Any]]:
    one, two = labels(answers=before).classifications, labels(answers=after).classifications
    return [(a.path, a.old, a.new) for a in answer_changes(one, two)]


def test_nested_answers_say_the_way_to_them() -> None:
    old = [answer("damage", "yes", answer("severity", "low"), answer("side", "left"))]
    new = [answer("damage", "yes", answer("severity", "high"))]
    assert told(old, new) == [("damage / severity", "low", "high"), ("damage / side", "left", None)]
    assert told(old, []) == [
        ("damage", "yes", None),
        ("damage / severity", "low", None),
        ("damage / side", "left", None),
    ]


def test_the_same_question_asked_often_goes_by_its_ordinal() -> None:
    old = [answer("plate", "A"), answer("plate", "B")]
    assert told(old, [answer("plate", "A"), answer("plate", "C")]) == [("plate", "B", "C")]
    assert [c.kinds for c in changes(old, [answer("plate", "A")])] == [("removed",)]


def test_each_question_of_the_asset_is_one_change() -> None:
    old = [answer("weather", "sun", answer("wind", "no")), answer("gone", "1"), answer("same", "x")]
    new = [answer("same", "x"), answer("weather", "sun", answer("wind", "yes")), answer("new", ["a"])]
    found = {c.entry.title: (c.kinds, [(a.path, a.old, a.new) for a in c.answers]) for c in changes(old, new)}
    assert found == {
        "weather": (("changed",), [("weather / wind", "no", "yes")]),
        "new": (("added",), [("new", None, ["a"])]),
        "gone": (("removed",), [("gone", "1", None)]),
    }


def test_answers_for_single_pages_keep_their_page() -> None:
    old = [answer("light", "on", page=3), answer("light", "off", page=9)]
    new = [answer("light", "on", page=3), answer("light", "dim", page=5), answer("light", "off", page=9)]
    (change,) = changes(old, new)
    assert (change.kinds, change.page_after) == (("added",), 5)
    (change,) = changes(old, [{**old[0], "interpolationStopped": True}, old[1]])
    assert change.kinds == ("removed",)


def test_an_order_counts_only_where_it_means_something() -> None:
    assert told([answer("q", ["a", "b"], tool="rank")], [answer("q", ["b", "a"], tool="rank")]) != []
    assert told([answer("q", ["a", "b"], tool="checkbox")], [answer("q", ["b", "a"], tool="checkbox")]) == []
    assert told([answer("q", True, tool="boolean")], [answer("q", "true", tool="boolean")]) != []


def test_signatures_of_links_neither_count_nor_show() -> None:
    old, new = (answer("photo", f"https://x.example/a.jpg?sig={s}", tool="upload-box") for s in ("one", "two"))
    assert told([old], [new]) == []
    (change,) = told([old], [answer("photo", "https://x.example/b.jpg?sig=three")])
    assert change == ("photo", "https://x.example/a.jpg", "https://x.example/b.jpg")
    assert without_queries({"a": ["see https://x.example/p?s=1 now?"]}) == {"a": ["see https://x.example/p now?"]}


def test_members_beside_the_geometry_are_attributes() -> None:
    old, new = box("a", 1, 2, ocr={"text": "B-12"}, lock=True), box("a", 1, 2, ocr={"text": "B-13"}, masks=["u"])
    (change,) = compare(labels(old), labels(new), tracked=False).changes
    assert change.kinds == ("attributes",)
    assert [(a.path, a.old, a.new) for a in change.answers] == [("ocr", {"text": "B-12"}, {"text": "B-13"})]


def test_pairs_come_in_the_order_of_the_later_list() -> None:
    one, two = labels(answers=[answer("a", 1), answer("b", 2)]), labels(answers=[answer("c", 1), answer("a", 1)])
    titles = [
        tuple(c.title if c is not None else None for c in pair)
        for pair in paired(one.classifications, two.classifications)
    ]
    assert titles == [(None, "c"), ("a", "a"), ("b", None)]

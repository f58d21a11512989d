"""Relations that came, went, point elsewhere, or only follow a label that was drawn anew."""

from typing import Any

from tests.make.compared import Entry, answer, arrow, box, labels
from viewer.diff import compare

BOXES = [box("a", 0, 0), box("b", 200, 0), box("c", 400, 0)]
GROUP = {"objectId": "g", "schemaId": "r2", "title": "row", "group": ["a", "b"]}


def told(before: list[Entry], after: list[Entry], boxes: list[Entry] = BOXES) -> list[Any]:
    found = compare(labels(*BOXES, relations=before), labels(*boxes, relations=after), tracked=False)
    changes = [c for c in found.changes if c.subject == "relation"]
    return [(c.kinds, [(a.path, a.old, a.new) for a in c.answers]) for c in changes]


def test_each_kind() -> None:
    one = arrow("r", "a", "b")
    assert told([one], [one]) == []
    assert told([], [one]) == [(("added",), [("from", None, "a"), ("to", None, "b")])]
    assert told([one], []) == [(("removed",), [("from", "a", None), ("to", "b", None)])]
    assert told([one], [arrow("r", "a", "c")]) == [(("retargeted",), [("to", "b", "c")])]
    turned = arrow("r", "a", "b", direction="reverse")
    assert told([one], [turned]) == [(("direction",), [("direction", "straight", "reverse")])]
    assert told([one], [arrow("r", "a", "b", schemaId="r9")]) == [(("reclassified",), [])]
    asked = arrow("r", "a", "b", classifications=[answer("sure", "no")])
    assert told([one], [asked]) == [(("attributes",), [("sure", None, "no")])]


def test_groups_are_sets() -> None:
    assert told([GROUP], [{**GROUP, "group": ["b", "a"]}]) == []
    assert told([GROUP], [{**GROUP, "group": ["a", "b", "c"]}]) == [
        (("retargeted",), [("group", ["a", "b"], ["a", "b", "c"])])
    ]


def test_an_end_that_follows_a_recreated_label_is_no_change() -> None:
    anew = [box("n", 2, 0), *BOXES[1:]]
    assert told([arrow("r", "a", "b"), GROUP], [arrow("r", "n", "b"), {**GROUP, "group": ["n", "b"]}], anew) == []
    # one that was left behind is as it was
    assert told([arrow("r", "a", "b")], [arrow("r", "a", "b")], anew) == []

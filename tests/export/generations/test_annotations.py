import pytest

from tests.make.assets import labels, paths, with_tools

POINT = {"point": [1, 2], "objectId": "a", "schemaId": "s", "title": "car", "classifications": []}


def read(*tools, **task):
    return labels(with_tools(*tools, **task))


def problems(*tools, **task):
    return [(p.path, p.severity) for p in read(*tools, **task).problems]


def test_an_annotation():
    metadata = {"createdAt": 1725181200000, "createdBy": "a@b.c", "createdIn": "Label", "description": "x"}
    nested = {"objectId": "q", "schemaId": "c", "tool": "radio", "title": "t", "answer": "Red"}
    entry = {**POINT, "metadata": metadata, "page": 3, "lock": True, "ocr": {"text": "AB"}, "classifications": [nested]}
    (a,) = read(entry, metadata={}).annotations
    assert (a.object_id, a.schema_id, a.title, a.key, a.page, a.stopped) == ("a", "s", "car", "point", 3, False)
    assert a.created == ("2024-09-01T09:00:00.000Z", "a@b.c", "Label")
    assert a.metadata["description"] == "x"
    assert a.extra == {"lock": True, "ocr": {"text": "AB"}}
    assert [(c.title, c.answer, c.path) for c in a.classifications] == [
        ("t", "Red", "$.task.tools[0].classifications[0]")
    ]


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("objectId", 5, "objectId"), ("schemaId", 5, "schemaId"), ("title", [], "title"), ("page", "3", "page"),
        ("page", -1, "page"), ("page", 2.5, "page"), ("interpolationStopped", "x", "interpolationStopped"),
        ("metadata", 5, "metadata"), ("metadata", {"createdAt": "x"}, "metadata.createdAt"),
        ("metadata", {"updatedBy": []}, "metadata.updatedBy"), ("classifications", {}, "classifications"),
        ("classifications", [5], "classifications[0]"), ("point", [1, None], "point[1]"),
    ],
)  # fmt: skip
def test_a_wrong_type_costs_only_the_member(member, value, path):
    found = read({**POINT, member: value}, POINT)
    assert [p.path for p in found.problems] == [f"$.task.tools[0].{path}"]
    assert len(found.annotations) == 2


def test_numbers_as_ids_become_text():
    (a,) = read({**POINT, "objectId": 17, "schemaId": 1627286466609, "title": 3.5}).annotations
    assert (a.object_id, a.schema_id, a.title) == ("17", "1627286466609", "3.5")


def test_two_labels_without_an_id_stay_two():
    entry = {"point": [1, 2], "title": "car"}
    found = read(entry, entry)
    assert len({a.object_id for a in found.annotations}) == 2
    assert [p.path for p in found.problems] == ["$.task.tools[0]", "$.task.tools[1]"]


def test_an_object_id_may_stand_twice():
    assert len(read(POINT, POINT).annotations) == 2
    assert problems(POINT, POINT) == []


def test_classifications_nest_as_deep_as_they_like():
    nested = {"title": "0", "answer": "x"}
    for i in range(1, 40):
        nested = {"title": str(i), "tool": "radio", "answer": ["x"], "classifications": [nested]}
    (found,) = read(classifications=[nested]).classifications
    depth = 1
    while found.classifications:
        (found,) = found.classifications
        depth += 1
    assert depth == 40
    assert found.path.count(".classifications[0]") == 40


def test_a_classification():
    (c,) = read(
        classifications=[{"schemaId": 5, "tool": "text", "page": 3, "interpolationStopped": True}]
    ).classifications
    assert (c.object_id, c.schema_id, c.tool, c.title, c.answer, c.answered, c.page, c.stopped) == (
        None, "5", "text", "", None, False, 3, True,
    )  # fmt: skip


def relation(**members):
    return {"objectId": "r", "schemaId": "s", "title": "next to", **members}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"from": "a", "to": "b"}, (("a",), ("b",), None, "straight")),
        ({"from": "a", "to": ["b", "a"], "direction": "reverse"}, (("a",), ("b", "a"), None, "reverse")),
        ({"from": 1, "to": "b", "direction": "bidirectional"}, (("1",), ("b",), None, "bidirectional")),
        ({"group": ["a", "r"]}, ((), (), ("a", "r"), "straight")),
        ({"group": []}, ((), (), (), "straight")),
    ],
)
def test_relations(members, expected):
    entries = [{**POINT, "objectId": name} for name in ("a", "b", "1")]
    found = read(*entries, relations=[relation(**members)])
    (r,) = found.relations
    assert (r.sources, r.targets, r.group, r.direction) == expected
    assert [p for p in found.problems if "number" not in p.what] == []


def test_dangling_ends_and_cycles():
    groups = [{"objectId": "g1", "group": ["g2", "a"]}, {"objectId": "g2", "group": ["g1", "gone", "gone"]}]
    found = read(POINT, relations=groups)
    assert [(p.path, p.severity) for p in found.problems] == [("$.task.relations[1]", "warning")]


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"from": "a"}, ""), ({}, ""), ({"from": "a", "to": "a", "direction": "up"}, ".direction"),
        ({"from": "a", "to": {}}, ".to"), ({"group": "a"}, ".group"), ({"group": ["a", None, []]}, ".group[2]"),
        ({"group": ["a"], "page": "x"}, ".page"), ({"group": ["a"], "classifications": 3}, ".classifications"),
    ],
)  # fmt: skip
def test_damaged_relations(members, path):
    found = read(POINT, relations=[relation(**members)])
    assert len(found.relations) == 1
    assert [p.path for p in found.problems] == ["$.task.relations[0]" + path]


def test_pdf_labels_live_on_the_page_that_they_name():
    size = {"width": 600, "height": 800}
    rects = [{"x1": 0, "y1": 0, "x2": 9, "y2": 9, **size, "pageNumber": n} for n in (2, 3)]
    entry = {"pdf": {"position": {"rects": rects, "boundingRect": rects[0], "pageNumber": 2}}, "objectId": "a"}
    found = read(entry)
    assert [(a.page, a.object_id, len(a.tool.by_page())) for a in found.annotations] == [(1, "a", 1), (2, "a", 1)]
    assert found.annotations[0].raw == found.annotations[1].raw
    assert found.problems == ()
    told = read({**entry, "page": 7})
    assert [a.page for a in told.annotations] == [1, 2]
    assert [p.path for p in told.problems] == ["$.task.tools[0].page"]
    assert read({**entry, "page": 1}).problems == ()


def test_guesses_are_told_once():
    spline = {"spline": [[0, 0], [5, 5]], "objectId": "a"}
    assert problems(spline, spline, spline) == [("$.task.tools", "warning")]


def test_both_names_of_the_list():
    asset = with_tools(POINT)
    asset["task"]["objects"] = [{**POINT, "objectId": "b"}]
    assert [a.object_id for a in labels(asset).annotations] == ["a", "b"]
    assert paths(asset) == []

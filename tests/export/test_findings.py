import math

import pytest

from viewer import limits
from viewer.export.findings import Findings, plural


@pytest.fixture
def findings():
    return Findings(index=3, file="e.json", external_id="a.png")


def whats(findings):
    return [(p.severity, p.path) for p in findings.problems]


@pytest.mark.parametrize(("value", "text"), [("a", "a"), ("", ""), (None, None)])
def test_text_as_it_is(findings, value, text):
    assert findings.text(value, "$.t") == text
    assert findings.problems == []


@pytest.mark.parametrize(("value", "text"), [(7, "7"), (7.0, "7"), (7.5, "7.5"), (True, None), ([], None), ({}, None)])
def test_other_things_than_text_are_told(findings, value, text):
    assert findings.text(value, "$.t") == text
    assert whats(findings) == [("warning", "$.t")]


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2023-08-23T11:20:32.792Z", "2023-08-23T11:20:32.792Z"),
        ("2023-08-23T11:20:32Z", "2023-08-23T11:20:32Z"),
        (1725181200000, "2024-09-01T09:00:00.000Z"),
        (1725181200000.0, "2024-09-01T09:00:00.000Z"),
        ("1725181200000", "2024-09-01T09:00:00.000Z"),
        (1725181200, "2024-09-01T09:00:00.000Z"),
        ("2024-09-01T11:00:00+02:00", "2024-09-01T09:00:00.000Z"),
        ("2024-09-01T09:00:00.5", "2024-09-01T09:00:00.500Z"),
        (None, None),
        ("", None),
    ],
)
def test_times(findings, value, iso):
    assert findings.time(value, "$.t") == iso
    assert findings.problems == []


@pytest.mark.parametrize(
    "value", ["yesterday", True, [], {}, math.nan, math.inf, 1e30, -(10**400), "2024-13-01T00:00:00+00:00"]
)
def test_no_times(findings, value):
    assert findings.time(value, "$.t") is None
    assert whats(findings) == [("warning", "$.t")]


@pytest.mark.parametrize(
    ("value", "page", "told"),
    [
        (0, 0, []),
        (504, 504, []),
        (3.0, 3, []),
        (None, None, []),
        (-1, -1, [("error", "$.page")]),
        (10**9, 10**9, [("error", "$.page")]),
        (1e9, 10**9, [("error", "$.page")]),
        ("3", 3, [("warning", "$.page")]),
        (2.5, 2, [("warning", "$.page")]),
        ("x", None, [("warning", "$.page")]),
        (True, None, [("warning", "$.page")]),
        (math.nan, None, [("warning", "$.page")]),
        ([3], None, [("warning", "$.page")]),
    ],
)
def test_pages(findings, value, page, told):
    assert findings.page(value, "$.page") == page
    assert whats(findings) == told


@pytest.mark.parametrize(
    ("value", "flag", "told"),
    [
        (True, True, 0),
        (False, False, 0),
        (None, False, 0),
        ("true", True, 1),
        ("False", False, 1),
        (1, False, 1),
        ([], False, 1),
    ],
)
def test_flags(findings, value, flag, told):
    assert findings.flag(value, "$.f") is flag
    assert len(findings.problems) == told


def test_persons(findings):
    assert findings.person("a@b.c", "$") == "a@b.c"
    assert findings.person({"_id": "1", "name": "Ann"}, "$") == "Ann"
    assert findings.problems == []
    assert findings.person({}, "$.by") is None
    assert whats(findings) == [("warning", "$.by")]


def test_edits(findings):
    metadata = {"createdAt": 1725181200000, "createdBy": "a", "createdIn": "Label", "updatedBy": "b"}
    assert findings.edits(metadata, "$.m") == (("2024-09-01T09:00:00.000Z", "a", "Label"), (None, "b", None))
    assert findings.edits({}, "$.m") == ((None, None, None), (None, None, None))
    assert findings.problems == []


def test_problems_say_whose_they_are(findings):
    findings.add("a", "b", "$.c", error=True)
    (problem,) = findings.all()
    assert (problem.asset_index, problem.file, problem.external_id) == (3, "e.json", "a.png")
    assert (problem.severity, problem.what, problem.instead, problem.path) == ("error", "a", "b", "$.c")
    assert findings.same_place().all() == ()


def test_only_so_many_are_kept(findings, monkeypatch):
    monkeypatch.setattr(limits, "PROBLEMS_KEPT", 2)
    for i in range(5):
        findings.add(str(i), "", "$")
    assert [p.what for p in findings.all()] == ["0", "1", "3 more problems"]


def test_plural():
    assert (plural(1, "label"), plural(2000, "label")) == ("1 label", "2,000 labels")

import json
import zipfile

import pytest

from viewer.errors import ExportError
from viewer.export.issues import Comment, load_issues

ISSUE = {
    "_id": "i1",
    "asset": {"externalId": "a.png", "batches": []},
    "labelTask": "t1",
    "stageId": "Label",
    "createdBy": "a@b.c",
    "createdAt": "2024-09-01T09:00:00.000Z",
    "status": "Open",
    "errorType": "Missing",
    "errorCodes": [{"category": "c", "name": "Too small", "key": "ts"}, {"name": "Missing"}],
    "content": "The car on the left",
    "comments": [{"createdBy": "d@e.f", "content": "done"}],
    "position": "[12.5, 40]",
    "page": 3,
    "objectId": "o1",
}


def load(tmp_path, text):
    path = tmp_path / "issues.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_issues(path)


def test_every_member(tmp_path):
    (issue,) = load(tmp_path, json.dumps([ISSUE]))["t1"]
    assert (issue.issue_id, issue.external_id, issue.stage, issue.status) == ("i1", "a.png", "Label", "Open")
    assert issue.is_open
    assert (issue.content, issue.created_by, issue.created_at) == (
        "The car on the left",
        "a@b.c",
        "2024-09-01T09:00:00.000Z",
    )
    assert issue.codes == ("Missing", "Too small")
    assert issue.comments == (Comment(text="done", by="d@e.f"),)
    assert (issue.position, issue.page, issue.object_id) == ((12.5, 40), 3, "o1")


def test_grouped_by_task_in_the_order_of_the_file(tmp_path):
    items = [{**ISSUE, "_id": str(i), "labelTask": task} for i, task in enumerate(["t1", "t2", "t1"])]
    found = load(tmp_path, json.dumps(items))
    assert {task: [issue.issue_id for issue in issues] for task, issues in found.items()} == {
        "t1": ["0", "2"],
        "t2": ["1"],
    }


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ISSUE),
        json.dumps(ISSUE) + "\n\n" + json.dumps({**ISSUE, "labelTask": "t2"}) + "\n",
        json.dumps({"data": {"issues": [ISSUE]}}),
        "\ufeff" + json.dumps([ISSUE, 5, None, {"labelTask": "t9"}]),
    ],
)
def test_every_layout(tmp_path, text):
    assert load(tmp_path, text)["t1"][0].content == "The car on the left"


def test_zipped(tmp_path):
    with zipfile.ZipFile(tmp_path / "issues.json", "w") as archive:
        archive.writestr("p-issue-export.json", json.dumps([ISSUE]))
    assert load_issues(tmp_path / "issues.json")["t1"][0].issue_id == "i1"


@pytest.mark.parametrize(
    ("position", "numbers"),
    [
        ("[1, 2]", (1, 2)),
        ([1, 2.5], (1, 2.5)),
        (17, (17,)),
        ("0.5,2e1", (0.5, 20)),
        (None, ()),
        (True, ()),
        ({}, ()),
        ("here", ()),
    ],
)
def test_positions(tmp_path, position, numbers):
    assert load(tmp_path, json.dumps([{**ISSUE, "position": position}]))["t1"][0].position == numbers


@pytest.mark.parametrize("name", list(ISSUE))
@pytest.mark.parametrize("value", [None, 3, [], {}, [[]], "x"])
def test_a_wrong_type_costs_only_the_member(tmp_path, name, value):
    found = load(tmp_path, json.dumps([ISSUE, {**ISSUE, name: value, "_id": "i2" if name != "_id" else value}]))
    assert found["t1"][0].issue_id == "i1"


@pytest.mark.parametrize("text", ["", "{", "hello", json.dumps([{"asset": "x", "task": {"tools": []}}])])
def test_files_without_issues(tmp_path, text):
    with pytest.raises(ExportError, match=r"issues\.json "):
        load(tmp_path, text)


def test_an_empty_list_is_no_issue(tmp_path):
    assert load(tmp_path, "[]") == {}

import msgspec

from viewer.export.findings import Findings
from viewer.export.generations import base


def raws(**members):
    return {name: msgspec.Raw(text) for name, text in members.items()}


def test_values_and_the_rest():
    findings = Findings(index=0, file=None)
    members = raws(a=b"1", b=b'"\xff"', c=b"null", d=b'{"x": [NaN]}')
    assert base.present(members, "a")
    assert not base.present(members, "c")
    assert not base.present(members, "z")
    assert base.rest(members, {"a"}, "$.task", findings) == {"b": "\ufffd", "c": None, "d": {"x": ["NaN"]}}
    assert [p.path for p in findings.problems] == ["$.task.b", "$.task.d"]


def test_objects_of_a_list():
    findings = Findings(index=0, file=None)
    found = base.objects(msgspec.Raw(b'[{"a": 1}, 5, {"b": 2}]'), "$.l", findings, of="things")
    assert [(sorted(members), path) for members, path in found] == [(["a"], "$.l[0]"), (["b"], "$.l[2]")]
    assert [p.path for p in findings.problems] == ["$.l[1]"]
    assert base.objects(msgspec.Raw(b"null"), "$.l", findings, of="things") == []
    assert len(findings.problems) == 1


def test_an_empty_task_has_one_empty_state():
    task = base.empty_task()
    assert task.task_id is None
    assert task.current.is_current
    assert task.current.labels.annotations == ()

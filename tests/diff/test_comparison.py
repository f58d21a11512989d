"""What a comparison says of its changes."""

from viewer.diff import Comparison, Counts
from viewer.model import Annotation, Change
from viewer.tools import TOOLS


def label(object_id: str, page: int) -> Annotation:
    point = next(tool for tool in TOOLS if tool.KEY == "point").parse([1, 2], {}, lambda *_a, **_k: None)
    return Annotation(object_id=object_id, schema_id="c", title="car", tool=point, page=page)


def test_changes_are_found_by_page_and_by_either_id() -> None:
    new = Change(kinds=("added",), after=label("n", 2))
    gone = Change(kinds=("removed",), before=label("g", 3))
    other = Change(kinds=("moved", "recreated"), before=label("a", 2), after=label("b", 4))
    found = Comparison((new, gone, other), after_of={"a": "b"})
    assert found.counts == Counts(added=1, changed=1, removed=1)
    assert found.counts.total == 3
    assert found.before_of == {"b": "a"}
    assert found.by_page == {2: (new, other), 3: (gone,), 4: (other,)}
    assert found.of_object["a"] == found.of_object["b"] == (other,)
    assert other.kind == "moved"
    assert other.key != new.key

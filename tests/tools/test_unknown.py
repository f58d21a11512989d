from tests.make.entries import SPACE
from viewer.tools.unknown import Unknown


def test_listed_and_not_drawn():
    tool = Unknown("future-shape", {"a": 1})
    assert tool.fields() == (("Tool", "future-shape"),)
    assert Unknown().fields() == (("Tool", "no shape in the export"),)
    assert tool.primitives(SPACE) == ()
    assert tool.anchor(SPACE) is None
    assert tool.interpolated(tool, 0.5) is None
    assert Unknown.parse(3, {}, lambda *_, **__: None).value == 3

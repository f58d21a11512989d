from tests.make.entries import SPACE, sound
from viewer.tools.pct import Pct


def test_kept_and_not_drawn():
    tool = sound({"pct": {"type": "cuboid", "size": [1, 2, 3]}})
    assert isinstance(tool, Pct)
    assert tool.value["size"] == [1, 2, 3]
    assert tool.fields() == (("Shape", "cuboid"),)
    assert sound({"pct": [1]}).fields() == (("Shape", "in the raw JSON"),)
    assert tool.primitives(SPACE) == ()
    assert tool.anchor(SPACE) is None
    assert tool.interpolated(tool, 0.5) is None

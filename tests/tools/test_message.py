import pytest

from tests.make.entries import SPACE, read, sound
from viewer.tools.message import Message
from viewer.tools.unknown import Unknown


@pytest.mark.parametrize(
    "entry", [{"message": {"messageId": "2"}}, {"message": {"id": 2}}, {"message": "2"}, {"messageId": "2"}]
)
def test_every_way_to_write_it(entry):
    tool = sound(entry)
    assert tool == Message("2")
    assert tool.fields() == (("Message", "2"),)
    assert tool.primitives(SPACE) == ()
    assert tool.anchor(SPACE) is None
    assert tool.interpolated(tool, 0.5) is None


def test_an_id_beside_another_tool_is_no_tool():
    assert sound({"messageId": "2", "ner": {"start": 0, "end": 3}}).KEY == "ner"


@pytest.mark.parametrize("value", [{}, True, [], {"id": None}])
def test_no_id(value):
    tool, notes = read({"message": value})
    assert isinstance(tool, Unknown)
    assert notes[0].error

from tests.make.entries import SPACE, read, sound
from viewer.tools.ner import Ner
from viewer.tools.unknown import Unknown


def test_text_and_recordings():
    assert sound({"ner": {"start": 8, "end": 11, "selection": "Bob"}}) == Ner(8, 11, "Bob")
    tool = sound({"ner": {"start": 0.5, "end": 2.25}})
    assert tool.fields() == (("Start", "0.5"), ("End", "2.25"))
    assert tool.primitives(SPACE) == ()
    assert tool.anchor(SPACE) is None
    assert tool.interpolated(tool, 0.5) is None


def test_what_is_odd_is_told():
    tool, notes = read({"ner": {"start": 9, "end": 3, "selection": 5}})
    assert tool == Ner(9, 3, None)
    assert [n.path for n in notes] == [".ner", ".ner.selection"]
    tool, notes = read({"ner": {"start": 9}})
    assert isinstance(tool, Unknown)
    assert notes[0].error

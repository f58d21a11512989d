from tests.make.entries import SPACE, read, sound
from viewer.tools.medical_brush import MedicalBrush


def test_it_is_a_mark_only():
    tool = sound({"medical-brush": True, "schemaId": "1"})
    assert tool == MedicalBrush()
    assert tool.primitives(SPACE) == ()
    assert tool.anchor(SPACE) is None
    assert tool.interpolated(tool, 0.5) is None
    assert tool.fields() == (("Voxels", "in the segmentation file of the task"),)


def test_other_values_are_told():
    tool, notes = read({"medical-brush": "yes"})
    assert tool == MedicalBrush()
    assert [n.path for n in notes] == [".medical-brush"]

import json

import pytest

from tests.make.assets import parsed, with_tools
from viewer.errors import ExportError
from viewer.export.ontology import Ontology, colour

SCHEMA = {
    "tools": [
        {
            "title": "car",
            "tool": "bounding-box",
            "schemaId": "c1",
            "color": "#ff8800",
            "classifications": [
                {
                    "title": "colour",
                    "tool": "radio",
                    "schemaId": "q1",
                    "options": [
                        {"value": "Red", "schemaId": "o1", "classifications": [{"title": "shade", "schemaId": "q2"}]},
                        {"value": "Blue", "schemaId": "o2"},
                    ],
                }
            ],
        },
        {"title": "liver", "tool": "medical-brush", "schemaId": 1, "color": "rgb(1, 2, 255)"},
        {"title": "odd", "schemaId": "c3", "color": 7},
        "junk",
    ],
    "classifications": [
        {
            "title": "tree",
            "schemaId": "q3",
            "options": [{"value": "Animal", "schemaId": "o3", "children": [{"value": "Dog", "schemaId": "o4"}]}],
        }
    ],
    "relations": [{"title": "next to", "schemaId": "r1", "color": "#abc"}],
}
PROJECT = {
    "data": {
        "project": {
            "categorySchema": SCHEMA,
            "stages": [
                {"id": "Label", "name": "Label", "type": "Label", "position": {}},
                {"id": "5e8f", "name": "QA", "type": "Review"},
                3,
            ],
            "batches": [{"_id": "b1", "name": "batch_1"}],
        }
    }
}


def load(tmp_path, value):
    path = tmp_path / "ontology.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return Ontology.load(path)


@pytest.mark.parametrize(
    "value", [PROJECT, {"categorySchema": SCHEMA}, SCHEMA, [{"asset": "x"}, {"categorySchema": SCHEMA}]]
)
def test_every_file_that_holds_one(tmp_path, value):
    ontology = load(tmp_path, value)
    assert ontology.colours == {"c1": "#FF8800", "1": "#0102FF", "r1": "#AABBCC"}
    assert ontology.titles == {
        "c1": "car", "q1": "colour", "q2": "shade", "1": "liver", "c3": "odd", "q3": "tree", "r1": "next to",
    }  # fmt: skip
    assert ontology.tools["c1"] == "bounding-box"
    assert ontology.options == {"o1": "Red", "o2": "Blue", "o3": "Animal", "o4": "Dog"}


def test_stages_and_batches(tmp_path):
    ontology = load(tmp_path, PROJECT)
    assert ontology.stage_types == {"Label": "Label", "5e8f": "Review"}
    assert ontology.stage_names["5e8f"] == "QA"
    assert ontology.batches == {"b1": "batch_1"}


@pytest.mark.parametrize("value", ["", "{", "hello", "[]", "{}", "3", '[{"asset": "x"}]', '{"data": {"project": []}}'])
def test_files_that_hold_none(tmp_path, value):
    with pytest.raises(ExportError) as raised:
        load(tmp_path, value)
    assert str(raised.value).startswith("ontology.json ")


def test_a_missing_file(tmp_path):
    with pytest.raises(ExportError, match="cannot be read: No such file"):
        Ontology.load(tmp_path / "none.json")


def test_of_a_webhook(tmp_path):
    assert Ontology.of_asset(parsed({**with_tools(), "categorySchema": SCHEMA})).colours["c1"] == "#FF8800"
    assert Ontology.of_asset(parsed(with_tools())) == Ontology()


@pytest.mark.parametrize(
    ("value", "hexadecimal"),
    [
        ("#ff8800", "#FF8800"), ("ff8800", "#FF8800"), ("#ff8800cc", "#FF8800"), ("#f80", "#FF8800"),
        ("rgba(255,136,0,0.5)", "#FF8800"), (" #ff8800 ", "#FF8800"), ("rgb(256,0,0)", None), ("red", None),
        ("", None), (None, None), (255, None), ("#ff880", None),
    ],
)  # fmt: skip
def test_colours(value, hexadecimal):
    assert colour(value) == hexadecimal

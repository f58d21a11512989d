from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.make.entries import sound
from viewer.ui.inspector import facts, listing, names, words


def shape(**entry):
    (key,) = entry
    name = key.replace("_", "-")
    return words.shape_text(name, sound({name: entry[key], "title": "x"}))


@pytest.mark.parametrize(
    ("answer", "text"),
    [(None, "not answered"), ([], "not answered"), (True, "yes"), (["a", 2], "a, 2"), ("a\nb", "a b"),
     ({"a": 1}, '{"a": 1}')],
)  # fmt: skip
def test_answers(answer: object, text: str) -> None:
    assert words.answer_text(answer) == text


def test_shapes_are_told_in_a_few_words() -> None:
    assert shape(bounding_box={"x": 1, "y": 2, "width": -116.6, "height": 98.2}) == "Box, 117 × 98 px"
    turned = {"x": 1, "y": 2, "width": 100, "height": 46.3, "rotation": 336}
    assert shape(rotated_bounding_box=turned) == "Rotated box, 100 × 46 px, −24°"
    assert shape(polygon=[[0, 0], [9, 0], [9, 9]]) == "Polygon, 3 points"
    assert shape(point=[3, 4.26]) == "Point, 3, 4.26"


def test_a_tool_that_is_not_listed_is_called_by_its_key() -> None:
    assert words.tool_text("laser-scan") == "Laser scan"
    assert words.tool_text("") == "No shape"


def test_secrets_do_not_come_out() -> None:
    signed = "see https://files.example.com/a.png?X-Amz-Signature=secret0 there"
    for text in (
        words.safe(signed),
        words.answer_text(signed),
        words.value_text([signed]),
        words.answer_text([signed]),
    ):
        assert "secret0" not in text
        assert "https://files.example.com/a.png" in text
    assert words.without_query("https://e.com/a?s=secret0#x") == "https://e.com/a"


def test_lines_stay_and_control_characters_go() -> None:
    assert words.safe("a\r\nb\x1b[31m") == "a\nb [31m"
    assert words.safe_line("a\nb\u202e") == "a b "


def test_long_texts_are_cut() -> None:
    assert len(words.safe("x" * 100_000)) <= words.TEXT_SHOWN + 1


def test_times(monkeypatch: pytest.MonkeyPatch) -> None:
    assert words.when_text("2019-11-03T09:31:00Z").startswith("3 Nov 2019 ")
    assert words.when_text("yesterday") == "yesterday"
    assert words.when_text(None) == ""


def test_translation_is_asked() -> None:
    try:
        words.use_translation(lambda text: text.upper())
        assert words.answer_text(None) == "NOT ANSWERED"
    finally:
        words.use_translation(str)


def test_texts_are_found_by_translators(tmp_path: Path) -> None:
    """`tr` looks texts up without a context; in a class lupdate would file them under its name."""
    ts = tmp_path / "x.ts"
    lupdate = str(next(Path(sys.executable).parent.glob("pyside6-lupdate*")))
    sources = [str(Path(m.__file__ or "")) for m in (words, names, listing, facts)]
    subprocess.run([lupdate, *sources, "-ts", str(ts)], check=True, capture_output=True)
    found = {
        context.findtext("name", ""): {m.findtext("source", "") for m in context.findall("message")}
        for context in ElementTree.parse(ts).getroot().findall("context")
    }
    assert set(found) == {""}
    wanted = {"Rotated box", "{Zones} zones", "between keys", "Page {0}", "No title", "missing object {0}", "Created"}
    assert wanted <= found[""]


def test_numbers() -> None:
    assert words.value_text(0.1234567891) == "0.123457"
    assert words.value_text({"a": 1}) == ""
    assert words.value_text(list(range(30))) == "30"

import pytest

from tests.make.entries import read, sound
from viewer.geometry import Box, LabelSpace
from viewer.tools.pdf import Pdf
from viewer.tools.unknown import Unknown

PAGE = LabelSpace((300.0, 400.0))
SIZE = {"width": 600.0, "height": 800.0}
BOUNDS = {"x1": 60.0, "y1": 100.0, "x2": 300.0, "y2": 140.0, **SIZE}
LINES = [
    {"x1": 60.0, "y1": 100.0, "x2": 300.0, "y2": 120.0, **SIZE},
    {"x1": 60.0, "y1": 120.0, "x2": 180.0, "y2": 140.0, **SIZE},
]


def highlight(content=None, **position):
    return {
        "pdf": {"position": {"boundingRect": BOUNDS, "rects": LINES, "pageNumber": 1, **position}, "content": content}
    }


def test_the_lines_of_a_text_are_drawn_and_not_their_bounds():
    tool = sound(highlight({"text": "Invoice"}))
    assert tool.primitives(PAGE) == (Box(30, 50, 150, 60), Box(30, 60, 90, 70))
    assert ("Text", "Invoice") in tool.fields()
    assert ("Covers", "2 runs of text") in tool.fields()


def test_page_numbers_begin_at_one():
    assert list(sound(highlight(pageNumber=2)).by_page()) == [1]
    assert list(sound(highlight(pageNumber=1)).by_page()) == [0]


def test_a_drawn_area_and_its_picture():
    tool = sound(highlight({"image": "data:image/png;base64,iVBORw0="}, rects=[]))
    assert tool.primitives(PAGE) == (Box(30, 50, 150, 70),)
    assert ("Picture", "in the export") in tool.fields()
    empty = sound(highlight({"image": "data:image/png;base64="}, rects=[]))
    assert "Picture" not in dict(empty.fields())


def test_each_rectangle_scales_by_its_own_page_size():
    other = {"x1": 0, "y1": 0, "x2": 100, "y2": 100, "width": 100, "height": 200}
    assert sound(highlight(rects=[LINES[0], other])).primitives(PAGE)[1] == Box(0, 0, 300, 200)


def test_the_flat_form_of_imports():
    flat = {"height": 1200, "width": 800, "x1": 100, "y1": 250, "x2": 200, "y2": 350, "pageNumber": 3, "text": "x"}
    tool = sound({"pdf": flat})
    assert list(tool.by_page()) == [2]
    (box,) = tool.primitives(LabelSpace((800, 1200)))
    assert box == Box(100, 250, 200, 350)


def test_a_highlight_over_two_pages_is_parted():
    tool = sound(highlight(rects=[LINES[0], {**LINES[1], "pageNumber": 2}], pageNumber=1))
    parts = tool.by_page()
    assert list(parts) == [0, 1]
    assert parts[0].primitives(PAGE) == (Box(30, 50, 150, 60),)
    assert parts[1].primitives(PAGE) == (Box(30, 60, 90, 70),)


def test_pdf_coordinates_are_turned_over_and_told():
    rect = {"x1": 10, "y1": 20, "x2": 30, "y2": 50}
    tool, notes = read(highlight(rects=[rect], boundingRect=rect, usePdfCoordinates=True))
    assert tool.primitives(PAGE) == (Box(10, 350, 30, 380),)
    assert [(n.path, n.error) for n in notes] == [(".pdf.position.usePdfCoordinates", False)]


@pytest.mark.parametrize("bad", [None, 3, {"x1": 1}, {**LINES[0], "width": 0}, {**LINES[0], "y2": "x"}])
def test_a_bad_rectangle_costs_only_itself(bad):
    tool, notes = read(highlight(rects=[bad, LINES[1]]))
    assert tool.primitives(PAGE) == (Box(30, 60, 90, 70),)
    assert [n.error for n in notes] == [True]


def test_bad_rects_fall_back_to_the_bounds():
    tool, notes = read(highlight(rects="x"))
    assert tool.primitives(PAGE) == (Box(30, 50, 150, 70),)
    assert notes[0].path == ".pdf.position.rects"


@pytest.mark.parametrize(("number", "page"), [("2", 1), (2.5, 0), ({}, 0), (0, -1)])
def test_a_bad_page_number_is_told(number, page):
    tool, notes = read(highlight(pageNumber=number))
    assert list(tool.by_page()) == [page]
    assert notes


@pytest.mark.parametrize("value", [{}, {"position": 3}, {"position": {}}, {"position": {"boundingRect": []}}])
def test_nowhere_to_draw(value):
    tool, notes = read({"pdf": value})
    assert isinstance(tool, Unknown)
    assert notes[-1].error


def test_odd_content_is_told_and_costs_nothing():
    tool, notes = read(highlight({"text": 5}))
    assert isinstance(tool, Pdf)
    assert [n.path for n in notes] == [".pdf.content.text"]
    tool, notes = read(highlight("text"))
    assert [n.path for n in notes] == [".pdf.content"]
    assert tool.anchor(PAGE) == (90, 60)
    assert tool.interpolated(tool, 0.5) is None

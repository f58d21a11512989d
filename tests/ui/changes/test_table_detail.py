"""Right of the table: what is said of the chosen change."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.make.assets import parsed
from tests.make.changed import boxed, changed_asset, comparison_of, relation, stage
from tests.make.changes import found, items_of, places, step
from tests.make.inspected import image
from viewer.decoders.base import PageInfo
from viewer.export.differences import found_of
from viewer.model import AnswerChange
from viewer.overlay.palette import Palette
from viewer.ui.changes.pair_crop import Wish, crop_of, entries_of
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import ChangeTable
from viewer.ui.changes.table_detail import ANSWERS_SHOWN, ChangeDetail, chips_of_found, ends_text, plates_of
from viewer.ui.inspector.names import Names


@pytest.fixture
def detail(qtbot: QtBot, look_of_program: None) -> ChangeDetail:
    made = ChangeDetail()
    qtbot.addWidget(made)
    made.resize(344, 640)
    made.show()
    return made


def of_pass(**changes: object) -> tuple[ChangeTable, Item]:
    table = ChangeTable(places(2))
    item = items_of([step(1, 0, [found(0, **changes)])])[0]
    table.add([item])
    return table, item


def of_comparison(kind: str, subject: str = "label") -> tuple[ChangeTable, Item]:
    changes = comparison_of(changed_asset()).changes
    table = ChangeTable(places(1), changes, lambda number: f"#{number}")
    at = next(n for n, change in enumerate(changes) if change.kind == kind and change.subject == subject)
    return table, Item(0, 0, 1, at, found_of(changes[at]))


def facts(detail: ChangeDetail) -> dict[str, str]:
    return {fact.name: fact.text for fact in detail.facts.facts}


def test_what_the_pass_knows(detail: ChangeDetail) -> None:
    table, item = of_pass(title="Car", iou=0.714, shift_px=14.23, page_after=6, by="jana@example.com")
    detail.tell(table, item, None, waiting=True)
    assert (detail.title.sign, detail.title.name, detail.title.words) == ("moved", "Car", "moved")
    assert detail.measures.texts == ("IoU 0.71", "14.2 px")
    told = facts(detail)
    assert told["Asset"] == "site-01/lot_1.jpg"
    assert told["Page"] == "7"
    assert told["Stages"] == "Label 1 → Review"
    assert told["Changed by"] == "jana"
    assert "20 Nov" in told["Changed"]
    assert detail.pictures.text == ""
    assert not detail.pictures.isHidden()


def test_what_is_not_known_has_no_row(detail: ChangeDetail) -> None:
    table, item = of_pass(page_before=0, page_after=0, by=None, at=None, iou=None, shift_px=None)
    detail.tell(table, item, None, waiting=False)
    assert set(facts(detail)) == {"Asset", "Stages"}
    assert detail.measures.texts == ()
    assert detail.pictures.text == "This change cannot be drawn."


def test_stages_compared_here_tell_number_words_and_answers(detail: ChangeDetail) -> None:
    table, item = of_comparison("attributes")
    detail.tell(table, item, None, waiting=True)
    assert detail.title.number == f"#{item.number}"
    assert "parked → moving" in detail.title.words
    assert facts(detail)["State"] == "parked → moving"


def test_ends_of_relations_are_named(detail: ChangeDetail) -> None:
    two = [boxed("a", "Car", 10), boxed("b", "Car", 100), boxed("c", "Tree", 200)]
    group = {"objectId": "g", "schemaId": "g", "title": "queue", "group": ["a", "b", "c"]}
    led = relation("a", "c")
    asset = parsed(
        image(*two, relations=[group, led], stageHistory=[
            stage("Label", two, hour=10, relations=[group | {"group": ["a", "b"]}, relation("a", "b")]),
        ])
    )  # fmt: skip
    changes = comparison_of(asset).changes
    table = ChangeTable(places(1))
    for change, name, words in (
        (changes[0], "Members", "Car #1, Car #2 → Car #1, Car #2, Tree"), (changes[1], "To", "Car #2 → Tree"),
    ):  # fmt: skip
        item = Item(0, 0, 1, 99, found_of(change))
        detail.tell(table, item, None, waiting=True)
        assert name not in facts(detail)  # before its asset is read nobody knows
        wish = Wish(item)
        entries = entries_of(asset, wish)
        crop = crop_of(asset, wish, entries, PageInfo((1000.0, 800.0), (1000, 800)), palette=Palette())
        detail.tell(table, item, crop, waiting=False)
        assert facts(detail)[name] == words
        assert words in detail.title.words


def test_of_a_relation_that_came_or_went_there_is_one_side(detail: ChangeDetail) -> None:
    names = (Names(), Names())
    for answer in (AnswerChange("to", None, "x"), AnswerChange("to", "x", None)):
        assert ends_text(answer, *names) == "missing object x"
    assert ends_text(AnswerChange("to", "x", "y"), *names) == "missing object x → missing object y"


def test_many_answers_are_counted(detail: ChangeDetail) -> None:
    from viewer.model import AnswerChange, Change

    answers = tuple(AnswerChange(f"Question {n}", "a", "b") for n in range(ANSWERS_SHOWN + 3))
    entry = comparison_of(changed_asset()).changes[0].before
    change = Change(subject="label", kinds=("attributes",), before=entry, after=entry, answers=answers)
    table = ChangeTable(places(1), (change,))
    detail.tell(table, Item(0, 0, 1, 0, found_of(change)), None, waiting=True)
    assert facts(detail)["Answers"] == "3 more"


def test_nothing_chosen_says_how_to_begin(detail: ChangeDetail) -> None:
    table, item = of_pass()
    detail.tell(table, item, None, waiting=True)
    assert detail.item is item
    detail.clear()
    assert detail.item is None
    assert detail._stack.currentIndex() == 0


def test_plates_name_stage_person_and_time() -> None:
    table, item = of_pass()
    a, b = plates_of(table, item)
    assert (a.letter, a.name, b.letter, b.name) == ("A", "Label 1", "B", "Review")
    assert (a.person, b.person) == ("mert@example.com", "jana@example.com")
    beyond = plates_of(table, Item(9, 0, 1, 0, item.found))
    assert [plate.name for plate in beyond] == ["", ""]


def test_measures_of_the_pass() -> None:
    assert chips_of_found(of_pass(iou=1.0, shift_px=0.0)[1]) == ("IoU 1.00", "0.0 px")
    assert chips_of_found(of_pass(iou=None, shift_px=3.0)[1]) == ("3.0 px",)


@pytest.mark.parametrize("height", [520, 640, 1200])
def test_facts_have_room_in_every_window(detail: ChangeDetail, height: int) -> None:
    table, item = of_comparison("attributes")
    detail.resize(280, height)
    detail.tell(table, item, None, waiting=True)
    bottom = detail.facts.mapTo(detail, detail.facts.rect().bottomLeft()).y()
    assert bottom <= height
    assert detail.show_button.geometry().right() < detail.width()

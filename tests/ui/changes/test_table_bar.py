"""Above the rows of the table of changes: which changes, columns, chips of kinds, facets."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from viewer.ui.assets.changed import CLASS, KIND, PERSON
from viewer.ui.assets.filters import Filter
from viewer.ui.changes.table_bar import FacetButton, FilterBar, TableBar
from viewer.ui.widgets.buttons import FlatButton


class Source:
    """A filter, and how many changes each value lets through."""

    def __init__(self) -> None:
        self.record = Filter(order="shift", descending=True)
        self.counts = {
            KIND: {"moved": 5, "retargeted": 2, "removed": 1},
            CLASS: {"Car": 6, "Van": 2},
        }

    def of(self, facet: str) -> dict[str, int]:
        return self.counts.get(facet, {})


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def bar(qtbot: QtBot, look_of_program: None, source: Source) -> FilterBar:
    made = FilterBar()
    qtbot.addWidget(made)
    made.resize(1000, 40)
    made.offer(lambda: source.record, source.of)

    def take(record: Filter) -> None:
        source.record = record
        made.refresh()

    made.filter_chosen.connect(take)
    made.show()
    made.refresh()
    return made


def test_a_chip_holds_all_kinds_with_its_sign(bar: FilterBar, source: Source) -> None:
    assert {sign: chip.text() for sign, chip in bar.signs.chips.items()} == {"removed": "1", "moved": "7"}
    bar.signs.chosen.emit(frozenset(("moved",)))
    assert set(source.record.values(KIND)) == {"moved", "retargeted"}
    assert (source.record.order, source.record.descending) == ("shift", True)
    bar.signs.chosen.emit(frozenset())
    assert source.record.is_neutral


def test_kinds_leave_what_else_is_chosen(bar: FilterBar, source: Source) -> None:
    source.record = Filter("word", ((CLASS, "Car"), (KIND, "moved")))
    bar.signs.chosen.emit(frozenset(("removed",)))
    assert source.record.chosen == ((CLASS, "Car"), (KIND, "removed"))
    assert source.record.text == "word"


def test_a_facet_says_what_is_chosen_of_it(bar: FilterBar, source: Source) -> None:
    button = bar.facets[CLASS]
    assert not button.isChecked()
    bar._toggle(CLASS, "Car")
    assert (button.text(), button.isChecked()) == ("Car", True)
    bar._toggle(CLASS, "Van")
    assert button.text() == "Class 2"
    bar._toggle(CLASS, "Car")
    assert source.record.values(CLASS) == ("Van",)


def test_clear_is_there_only_when_something_is_left_out(bar: FilterBar, source: Source) -> None:
    assert bar.clear_button.isHidden()
    bar._toggle(PERSON, "mert@example.com")
    assert not bar.clear_button.isHidden()
    bar.clear_button.click()
    assert source.record.is_neutral
    assert source.record.order == "shift"
    assert bar.clear_button.isHidden()


@pytest.mark.parametrize("width", [420, 620, 760, 1000, 1600])
def test_nothing_lies_over_anything_else(bar: FilterBar, source: Source, width: int) -> None:
    bar._toggle(CLASS, "Car")
    bar.resize(width, 40)
    shown = [w for w in (bar.signs, *bar.facets.values(), bar.clear_button, bar.group_words, bar.grouping)
             if w.isVisible()]  # fmt: skip
    for one, two in pairwise(shown):
        if width >= 620:
            assert one.geometry().right() < two.geometry().left(), (one, two)
    assert bar.grouping.geometry().right() <= width


def test_groupings(bar: FilterBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.grouping_chosen):
        bar.grouping.choose("person")
        bar.grouping.changed.emit("person")
    assert bar.grouped_by == "person"


def test_the_bar_counts_both_lists_and_says_nothing_it_does_not_know(qtbot: QtBot, look_of_program: None) -> None:
    bar = TableBar()
    qtbot.addWidget(bar)
    bar.tell_counts(12, None)
    assert [button.text() for button in bar.source.findChildren(FlatButton)] == ["This asset  12", "Whole export"]
    with qtbot.waitSignal(bar.typed) as typed:
        bar.field.setText("car")
    assert typed.args == ["car"]


def test_columns_that_need_stages_compared_here_are_offered_only_then(qtbot: QtBot, look_of_program: None) -> None:
    bar = TableBar()
    qtbot.addWidget(bar)
    for own in (False, True):
        bar.tell_columns(frozenset(("tool",)), own=own)
        actions = {action.text(): action for action in bar._column_menu().actions()}
        assert actions["Tool"].isChecked()
        assert actions["Hausdorff"].isEnabled() is own
        assert "IoU" not in actions
    with qtbot.waitSignal(bar.columns_chosen) as chosen:
        actions["Ids"].trigger()
    assert chosen.args == [frozenset(("tool", "ids"))]


def test_a_long_value_is_cut(qtbot: QtBot, look_of_program: None) -> None:
    button = FacetButton(CLASS, "Class")
    qtbot.addWidget(button)
    button.tell(("x" * 300,))
    assert len(button.text()) <= 40

"""The changes of a track in one row: its pages, what lies between key frames, folding and unfolding, stepping."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.make.compared import box, labels
from viewer.diff import Comparison, compare
from viewer.diff.comparison import PageRange, TrackChange
from viewer.model import Labels
from viewer.tracks import Timeline
from viewer.ui.inspector.change_folds import Fold, Tracks, pages_text
from viewer.ui.inspector.change_listing import ChangeListing
from viewer.ui.inspector.change_view import ChangeView
from viewer.ui.inspector.changes_tab import ChangesTab
from viewer.ui.inspector.names import Names

LEFT = Qt.MouseButton.LeftButton


def track(name: str, moved: range = range(0), *, pages: range = range(300), **more: Any) -> list[dict[str, Any]]:
    """One box on every page of `pages`, moved on some of them."""
    return [box(name, 10 + (5 if page in moved else 0), 10, page=page, **more) for page in pages]


def keyed(name: str, x: float, *pages: int) -> list[dict[str, Any]]:
    """Key frames; between them the object is interpolated."""
    return [box(name, x + page, 40, page=page, isKeyFrame=True) for page in pages]


def both(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> tuple[Comparison, Labels, Labels]:
    one, two = labels(*before), labels(*after)
    return compare(one, two, tracked=True), one, two


def listing(comparison: Comparison, one: Labels, two: Labels) -> ChangeListing:
    names = [Names(Timeline(side, tracked=True), ()) for side in (one, two)]
    return ChangeListing(comparison, names[0], names[1], many_pages=True)


def of_all_frames() -> ChangeListing:
    """A car that moved on two stretches, another one on one page only, and one that was reclassified all along."""
    before = [*track("a"), *track("b", pages=range(20)), *track("c", pages=range(3))]
    after = [
        *track("a", range(200, 216)), *track("b", range(7, 8), pages=range(20)),
        *track("c", pages=range(3), schemaId="c2", title="Van"),
    ]  # fmt: skip
    return listing(*both(before, after))


def of_keys() -> ChangeListing:
    """The key frame on page 20 was moved: with it all between the ones before and after."""
    before = keyed("a", 0, 0, 20, 60)
    moved = {**before[1], "bounding-box": {"x": 90, "y": 40, "width": 40, "height": 30}}
    return listing(*both(before, [before[0], moved, before[2]]))


@pytest.fixture
def tab(qtbot: QtBot, look_of_program: None) -> ChangesTab:
    made = ChangesTab()
    qtbot.addWidget(made)
    made.resize(328, 760)
    made.show()
    return made


def texts(tab: ChangesTab) -> list[str]:
    return [str(tab.model.data(tab.model.index(row))) for row in range(tab.model.rowCount())]


def fold_row(tab: ChangesTab, number: int = 0) -> int:
    return [row for row in range(tab.model.rowCount()) if tab.model.fold_at(row) is not None][number]


def place(view: ChangeView, row: int, x: int) -> QPoint:
    return QPoint(x, view.visualRect(view.changes.index(row, 0)).center().y())


def test_a_track_is_one_row_with_its_pages(tab: ChangesTab) -> None:
    made = of_all_frames()
    tab.show_changes(made, tab.sides)
    assert texts(tab) == [
        "Moved, 17 changes, open",
        "Car #2 · page 8, moved, 5.0 px",
        "Car #1, moved on 201–216, closed",
        "Class changed, 3 changes, open",
        "Van, class changed on 1–3, closed",
    ]
    fold = tab.model.fold_at(fold_row(tab))
    assert fold is not None
    assert fold.text() == "201–216"
    assert len(fold.members) == 16


def test_what_only_follows_from_key_frames_is_told_apart(tab: ChangesTab) -> None:
    made = of_keys()
    tab.show_changes(made, tab.sides)
    fold = tab.model.fold_at(fold_row(tab))
    assert fold is not None
    assert fold.members == (0,)
    assert fold.text() == "21 · between keys 2–20, 22–60"
    assert fold.words() == "moved on 21, between keys moved on 2–20, between keys moved on 22–60"
    tab.view.toggle_open(fold_row(tab), True)
    assert texts(tab)[2:] == [
        "Car page 21, moved, 70.0 px", "between keys moved on 2–20", "between keys moved on 22–60",
    ]  # fmt: skip


def test_choosing_the_row_shows_the_first_page_and_choosing_between_keys_that_page(tab: ChangesTab) -> None:
    tab.show_changes(of_keys(), tab.sides)
    told: list[int | None] = []
    pages: list[int] = []
    tab.change_chosen.connect(lambda change: told.append(change.entry.page))
    tab.page_chosen.connect(lambda _change, page: pages.append(page))
    row = fold_row(tab)
    tab.view.setCurrentIndex(tab.model.index(row, 0))
    assert told == [20]
    tab.view.toggle_open(row)
    tab.view.setCurrentIndex(tab.model.index(row + 3, 0))
    assert pages == [21]


def test_folding_by_keys_and_by_mouse(tab: ChangesTab, qtbot: QtBot) -> None:
    tab.show_changes(of_all_frames(), tab.sides)
    view, row = tab.view, fold_row(tab)
    view.setCurrentIndex(tab.model.index(row, 0))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert tab.model.rowCount() == 5 + 16
    assert view.currentIndex().row() == row
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Left)  # to the track
    assert view.currentIndex().row() == row
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert tab.model.rowCount() == 5
    qtbot.keyClick(view, Qt.Key.Key_Left)  # to the heading
    assert view.currentIndex().row() == 0
    qtbot.mouseClick(view.viewport(), LEFT, pos=place(view, row, 28))
    assert tab.model.rowCount() == 5 + 16
    qtbot.mouseClick(view.viewport(), LEFT, pos=place(view, row, 28))
    assert tab.model.rowCount() == 5
    with qtbot.waitSignal(tab.change_chosen):
        qtbot.mouseClick(view.viewport(), LEFT, pos=place(view, row, 120))
    assert tab.model.rowCount() == 5
    with qtbot.waitSignal(tab.entered):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_a_change_that_is_stepped_to_marks_its_track_without_unfolding_it(tab: ChangesTab) -> None:
    made = of_all_frames()
    tab.show_changes(made, tab.sides)
    inner = next(at for at, change in enumerate(made.changes) if change.entry.page == 209)
    tab.mark(inner)
    assert tab.view.currentIndex().row() == fold_row(tab)
    assert tab.model.rowCount() == 5
    assert tab.view.delegate._is_marked(fold_row(tab))
    tab.view.toggle_open(fold_row(tab), True)
    tab.mark(inner)
    assert tab.model.change_at(tab.view.currentIndex().row()) == inner
    assert tab.model.is_in_fold(tab.view.currentIndex().row())


@pytest.mark.parametrize("grouping", ["kind", "class", "person", "page"])
def test_every_change_is_in_exactly_one_row_whatever_is_unfolded(tab: ChangesTab, grouping: str) -> None:
    made = of_all_frames()
    tab.show_changes(made, tab.sides)
    tab.group_by(grouping)  # type: ignore[arg-type]
    for group in tab.model.groups:
        tab.model.set_open(group, True)
    folded = [at for fold in tab.model.folds for at in fold.members]
    single = [row for row in tab.model.rows if row >= 0]
    assert sorted(folded + single) == list(range(len(made.changes)))
    for fold in list(tab.model.folds):
        tab.model.set_unfolded(fold, True)
    assert sorted(row for row in tab.model.rows if row >= 0) == list(range(len(made.changes)))
    tab.grab()


def test_other_groupings_say_what_happened(tab: ChangesTab) -> None:
    tab.show_changes(of_all_frames(), tab.sides)
    tab.group_by("class")
    told = [fold.text() for fold in tab.model.folds]
    assert told == ["moved 201–216", "class changed 1–3"]


def test_stepping_stops_at_the_first_page_of_each_range() -> None:
    made = of_all_frames()
    assert made.comparison is not None
    stops = [c.entry.page for at, c in enumerate(made.changes) if at not in made.comparison.continuing]
    assert sorted(stops) == [0, 7, 200]  # type: ignore[type-var]


def test_single_pages_are_no_tracks() -> None:
    one, two = labels(box("a", 0, 0), box("b", 90, 0)), labels(box("a", 5, 0), box("b", 99, 0))
    comparison = compare(one, two, tracked=False)
    assert not Tracks(comparison)
    assert comparison.continuing == frozenset()
    assert not Tracks(None)


def test_many_ranges_are_counted() -> None:
    ranges = tuple(PageRange("moved", n * 10, n * 10 + n % 2, True) for n in range(7))
    fold = Fold(TrackChange(before_id="a", after_id="a", kinds=("moved",), ranges=ranges, changes=()), (0, 1), "moved")
    assert fold.text() == "1, 11–12, 21 +4"
    assert pages_text(PageRange("moved", 1199, 1200, True)) == "1,200–1,201"

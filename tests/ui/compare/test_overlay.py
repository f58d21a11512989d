"""Overlay and changes only: both stages in one pane."""

from __future__ import annotations

from tests.make.stages import AFTER, stages
from viewer.ui.compare import CompareView


def test_both_plates_stand_in_one_pane(view: CompareView) -> None:
    view.show_stages(stages("overlay", others=1))
    assert [w.letter for w in view._plates[view.canvas].words] == ["A", "B"]
    assert view.canvas.geometry() == view.rect()
    assert set(view.canvas.labels.store.object_ids) == {*AFTER, "gone"}


def test_selecting_what_moved_selects_it_where_it_is_now(view: CompareView) -> None:
    view.show_stages(stages("overlay"))
    view.set_selection(["moved"])
    layer = view.canvas.labels
    assert [layer.store.box[row].tolist() for row in layer._selected] == [[70.0, 50.0, 90.0, 70.0]]
    view.set_selection(["gone"])
    assert [layer.store.object_ids[row] for row in layer._selected] == ["gone"]


def test_changes_only_says_less_of_the_rest(view: CompareView) -> None:
    view.show_stages(stages("changes"))
    store, marks = view.canvas.labels.store, view.canvas.labels.marks
    assert marks is not None
    assert store.styles[int(store.style[store.index["same"]])].opacity == 0.15
    assert not len(marks.tagged)

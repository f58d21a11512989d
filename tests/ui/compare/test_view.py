"""The widget as the window uses it: selection, pages that follow each other, A while it is held."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.make.stages import stages
from tests.ui.canvas.conftest import pixels_of
from viewer.decoders.base import Raster
from viewer.state import Look
from viewer.ui.compare import CompareView


def test_selecting_a_label_selects_its_partner_even_when_its_id_changed(view: CompareView) -> None:
    view.show_stages(stages("side"))
    view.set_selection(["new"])
    assert view.panes[0].labels.selection == ("old",)
    assert view.canvas.labels.selection == ("new",)
    view.set_selection(["gone"])  # only A has it
    assert view.panes[0].labels.selection == ("gone",)
    assert view.panes[0].labels._selected
    assert not view.canvas.labels._selected


def test_a_click_in_pane_a_is_told_with_the_id_of_b(view: CompareView, qtbot: QtBot) -> None:
    view.show_stages(stages("side"))
    pane = view.panes[0]
    told: list[object] = []
    view.canvas.selection_requested.connect(told.append)
    m = pane.frame().page_to_view
    for point in ((25.0, 115.0), (120.0, 25.0)):  # what B calls "new", and what B has not
        x, y = m.map_point(*point)
        qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert told == ["new", "gone"]


def test_all_panes_change_to_another_page_together(view: CompareView) -> None:
    view.show_stages(stages("side"))
    other = stages("side", level=140, key="other")
    view.show_stages(other)
    for pane in (view.canvas, *view.panes):
        assert pane.content is not None
        assert (pane.content.key, pane.content.raster) == ("other", other.content.raster)
    picture = pixels_of(view)
    assert (picture[470, 5] == picture[470, 330]).all()


def test_stale_labels_go_in_every_pane_and_the_picture_stays(view: CompareView) -> None:
    view.show_stages(stages("side"))
    with_labels = pixels_of(view)
    view.withdraw()
    assert not any(pane.labels.shown for pane in (view.canvas, *view.panes))
    without = pixels_of(view)
    assert not np.array_equal(with_labels, without)
    x, y = (round(v) for v in view.canvas.frame().page_to_view.map_point(120.0, 90.0))
    assert tuple(without[y, x, :3]) == (90, 90, 90)
    view.set_waiting("Decoding page 2…")
    assert not any(pane.labels.shown for pane in (view.canvas, *view.panes))
    view.show_stages(stages("side", key="next"))
    assert all(pane.labels.shown for pane in (view.canvas, *view.panes))


def test_looks_reach_every_pane_those_made_later_too(view: CompareView) -> None:
    view.show_stages(stages("side"))
    view.set_look(Look(tags="none", labels=False, all_relations=True))
    view.show_stages(stages("side", others=2))
    for pane in (view.canvas, *view.panes):
        assert (pane.tags_mode, pane.labels.is_visible, pane.labels.all_relations) == ("none", False, True)
    view.set_look(Look(peek=True))
    assert not view.panes[-1].labels.is_visible


@pytest.mark.parametrize("mode", ["side", "overlay", "changes"])
def test_a_is_seen_in_the_place_of_b_only_while_it_is_held(view: CompareView, mode: str) -> None:
    view.show_stages(stages(mode))
    before = pixels_of(view)
    view.hold_a(True)
    assert view.over.geometry() == view.canvas.geometry()
    assert view._plates[view.over].words[0].letter == "A"
    held = pixels_of(view)
    assert not np.array_equal(before, held)
    view.show_stages(stages(mode, level=130, key="next"))  # a page on while the key is down
    assert not view.over.isHidden()
    assert view.over.content is not None
    assert view.over.content.key == "next"
    view.show_stages(stages(mode))
    view.hold_a(False)
    assert np.array_equal(pixels_of(view), before)
    view.show_page(stages("single").content)
    view.hold_a(True)  # nothing is compared: nothing to see
    assert view.over.isHidden()


def test_words_in_the_place_of_a_picture_end_the_comparison(view: CompareView) -> None:
    view.show_stages(stages("side", others=2))
    view.set_message("The link to this picture expired", "It was valid until yesterday.")
    assert view.panes == []
    assert view.canvas.message == ("The link to this picture expired", "It was valid until yesterday.")
    assert view.canvas.geometry() == view.rect()


def test_a_sharper_region_is_shown_in_every_pane_of_its_page(view: CompareView) -> None:
    view.show_stages(stages("side"))
    detail = Raster(np.full((60, 80, 4), 200, np.uint8), "bgrx", (0.0, 0.0, 20.0, 15.0))
    view.add_detail(detail, key="another page")
    assert not view.panes[0].page_layer.details
    view.add_detail(detail, key="page")
    assert [len(p.page_layer.details) for p in (view.canvas, *view.panes)] == [1, 1]
    view.show_stages(stages("side", others=1))
    assert view.panes[1].page_layer.base is view.canvas.page_layer.base


def test_a_pane_that_is_not_needed_any_more_goes_with_its_picture(view: CompareView) -> None:
    view.show_stages(stages("side", others=3))
    panes = [weakref.ref(pane) for pane in view.panes[1:]]
    raster = weakref.ref(view.canvas.page_layer.base.arrays[0]) if view.canvas.page_layer.base else None
    view.show_stages(stages("side", key="next"))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[call-overload]
    gc.collect()
    assert [pane() for pane in panes] == [None] * 3
    assert raster is not None
    assert raster() is None


def test_zooming_to_what_moved_shows_where_it_is_and_where_it_was(view: CompareView) -> None:
    view.show_stages(stages("side"))
    assert view.zoom_to_labels(["moved"])
    x0, _, x1, _ = view.canvas.view.visible(view.canvas.viewport())
    assert x0 < 40.0
    assert x1 > 90.0
    assert not view.zoom_to_labels(["nobody"])


def test_what_stands_in_a_card_is_asked_for_by_stage(view: CompareView) -> None:
    asked: list[tuple[int, str]] = []

    def words(stage: int, object_id: str) -> str:
        asked.append((stage, object_id))
        return "words"

    view.set_card_text(words)
    view.show_stages(stages("side", others=1))
    assert view.words_of(view.panes[0], "old") == "words"
    view.words_of(view.panes[1], "new")
    assert asked == [(0, "old"), (2, "new")]
    assert view.scene_of(0) is None  # these stages were made without scenes


def test_space_and_steps_of_a_pane_are_the_canvases(view: CompareView) -> None:
    view.show_stages(stages("side"))
    told: list[object] = []
    view.canvas.page_step_requested.connect(told.append)
    view.canvas.window_dragged.connect(lambda x, y: told.append((x, y)))
    view.canvas.menu_requested.connect(lambda at, ids: told.append(ids))
    pane = view.panes[0]
    pane.page_step_requested.emit(1)
    pane.window_dragged.emit(2.0, 3.0)
    pane.menu_requested.emit(QPoint(), ("old",))
    assert told == [1, (2.0, 3.0), ("new",)]
    assert pane.focusProxy() is view.canvas
    pane.hover_at(QPointF(20.0, 20.0))

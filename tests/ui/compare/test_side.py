"""Side by side: panes of one size that move together."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.make.stages import stages
from viewer.state import Look
from viewer.ui.compare import CompareView


@pytest.mark.parametrize(("count", "columns"), [(2, 2), (3, 2), (4, 2), (6, 3)])
def test_panes_are_of_one_size_in_reading_order_with_a_gap_of_one_pixel(
    view: CompareView, count: int, columns: int
) -> None:
    view.show_stages(stages("side", others=count - 2))
    order = [view.panes[0], view.canvas, *view.panes[1:]]
    assert len(order) == count
    assert len({pane.size().toTuple() for pane in order}) == 1
    boxes = [pane.geometry() for pane in order]
    assert [(b.y(), b.x()) for b in boxes] == sorted((b.y(), b.x()) for b in boxes)
    assert len({b.x() for b in boxes}) == columns
    assert boxes[1].left() - boxes[0].right() == 2
    letters = ["".join(w.letter for w in view._plates[pane].words) for pane in order]
    assert "".join(letters) == "ABCDEF"[:count]


def test_what_one_pane_does_the_others_do(view: CompareView, qtbot: QtBot) -> None:
    view.show_stages(stages("side"))
    pane = view.panes[0]
    pane.zoom_by(3.0)
    qtbot.mousePress(pane, Qt.MouseButton.MiddleButton, pos=QPoint(50, 50))
    qtbot.mouseMove(pane, QPoint(80, 90))
    qtbot.mouseRelease(pane, Qt.MouseButton.MiddleButton, pos=QPoint(80, 90))
    assert view.canvas.view.place == pane.view.place
    assert view.canvas.frame().page_to_view == pane.frame().page_to_view


def test_panes_that_were_moved_apart_keep_their_distance_when_they_are_linked_again(view: CompareView) -> None:
    view.show_stages(stages("side"))
    pane, canvas = view.panes[0], view.canvas
    canvas.one_to_one()
    view.set_look(Look(linked=False))
    pane.view.pan(-30.0, 0.0)
    assert pane.view.centre[0] == pytest.approx(canvas.view.centre[0] + 30.0)
    view.set_look(Look(linked=True))
    canvas.view.pan(10.0, 5.0)
    assert pane.view.centre == pytest.approx((canvas.view.centre[0] + 30.0, canvas.view.centre[1]))
    pane.zoom_by(2.0)
    assert canvas.view.scale == pytest.approx(pane.view.scale)
    assert pane.view.centre[0] - canvas.view.centre[0] == pytest.approx(30.0)
    # brought together by hand and linked anew they are one again
    view.set_look(Look(linked=False))
    pane.view.set_place(canvas.view.place, pane.viewport())
    view.set_look(Look(linked=True))
    assert pane.view is canvas.view


def test_a_cross_stands_in_the_other_panes_where_the_pointer_is(view: CompareView) -> None:
    view.show_stages(stages("side", others=1))
    told: list[object] = []
    view.canvas.hovered.connect(lambda name, point: told.append(point))
    pane = view.panes[0]
    pane.hover_at(QPointF(100.0, 100.0))
    crosses = {p: view._crosses[p].point for p in (pane, view.canvas, view.panes[1])}
    assert crosses[pane] is None
    assert crosses[view.canvas] == crosses[view.panes[1]] == pytest.approx(pane.page_point(QPointF(100.0, 100.0)))
    assert told[-1] == QPointF(*pane.page_point(QPointF(100.0, 100.0)))  # the status row hears of it, too
    pane.end_hover()
    assert all(view._crosses[p].point is None for p in crosses)

"""Where things are in the widget, and what is told of a place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPixmap
from pytestqt.qtbot import QtBot

from tests.make import histories
from viewer.diff import Counts
from viewer.ui import theme
from viewer.ui.timeline import StageTimeline
from viewer.ui.timeline.places import TITLE_WIDTH


def timed(timeline: StageTimeline) -> StageTimeline:
    timeline.widths.choose("time", tell=True)
    return timeline


def test_a_place_on_a_card_is_its_stage(timeline: StageTimeline) -> None:
    assert [timeline.stage_at(timeline.card_rect(i).center()) for i in range(6)] == list(range(6))
    assert timeline.stage_at(QPointF(20, 40)) == -1
    between = (timeline.card_rect(0).right() + timeline.card_rect(1).left()) / 2
    assert timeline.stage_at(QPointF(between, 60)) == -1


def test_a_block_of_the_axis_is_its_stage_too(timeline: StageTimeline) -> None:
    line = timed(timeline).rows().axis
    assert line is not None
    assert timeline._axis is not None
    for block in timeline._axis.blocks[:4]:
        assert timeline.stage_at(QPointF(TITLE_WIDTH + block.centre, line)) == block.index


def test_cards_give_way_to_the_axis(timeline: StageTimeline) -> None:
    high = timeline.card_rect(0).height()
    assert timed(timeline).card_rect(0).height() < high
    assert timeline.sizeHint().height() == 136
    timeline.set_compact(True)
    assert timeline.sizeHint().height() == 96


def test_pins_are_there_only_while_two_stages_are_compared(timeline: StageTimeline) -> None:
    assert timeline.pin_rect("A") is None
    timeline.mark(4, 1, 20)
    a, b = timeline.pin_rect("A"), timeline.pin_rect("B")
    assert a is not None
    assert b is not None
    assert a.left() > timeline.card_rect(1).left()
    assert a.center().y() == pytest.approx(timeline.card_rect(1).top(), abs=3)
    assert timeline.pin_at(b.center()) == "B"
    assert timeline.pin_at(timeline.card_rect(2).center()) is None
    assert "drag" in timeline.tip_at(a.center())


def test_a_place_tells_what_is_known_of_its_stage(timeline: StageTimeline) -> None:
    timeline.set_counts({(3, 4): Counts(1, 4, 1)})
    assert "1 added, 4 changed, 1 removed" in timeline.tip_at(timeline.card_rect(4).center())
    assert timeline.tip_at(QPointF(20, 40)) == ""


def test_a_wait_that_is_cut_tells_how_long_it_was(timeline: StageTimeline) -> None:
    timeline.show_task(histories.long(2, hours=300, seconds=60))
    line = timed(timeline).rows().axis
    assert line is not None
    assert timeline._axis is not None
    cut = timeline._axis.cuts[0]
    assert "of waiting, cut short" in timeline.tip_at(QPointF(TITLE_WIDTH + cut.centre, line))


def test_the_shown_card_is_in_sight_of_forty(timeline: StageTimeline) -> None:
    timeline.show_task(histories.long(40))
    for stage in (39, 0, 20):
        timeline.mark(stage)
        box = timeline.card_rect(stage)
        assert box.left() >= TITLE_WIDTH
        assert box.right() <= timeline.width()
    timeline.scroll_by(10_000)
    assert timeline.card_rect(39).right() <= timeline.width()
    timeline.scroll_by(-10_000)
    assert timeline.card_rect(0).left() == TITLE_WIDTH


def test_pictures_take_room_only_where_there_is_some(timeline: StageTimeline, qtbot: QtBot) -> None:
    assert not timeline.shows_pictures
    with qtbot.waitSignal(timeline.pictures_wanted):
        timeline.resize(2200, 136)
    assert timeline.shows_pictures
    picture = QPixmap(96, 64)
    picture.fill(QColor("red"))
    timeline.set_pictures({2: picture})
    grabbed = timeline.grab().toImage()
    at = timeline.card_rect(2).topLeft() + QPointF(40, 40)
    assert grabbed.pixelColor(at.toPoint() * grabbed.devicePixelRatio()) == QColor("red")
    timeline.set_compact(True)
    assert not timeline.shows_pictures


def test_a_face_knows_its_card_and_its_step(timeline: StageTimeline) -> None:
    timeline.set_counts({(0, 1): Counts(8), (2, 3): Counts(2, 1, 1)})
    timeline.mark(3, 1, None)
    face = timeline.face(timeline.cards[3])
    assert (face.counts, face.biggest, face.picked) == (Counts(2, 1, 1), 8, True)
    assert timeline.face(timeline.cards[1]).picked
    assert not timeline.face(timeline.cards[2]).picked


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("widths", ["equal", "time"])
@pytest.mark.parametrize("count", [1, 6, 12, 40])
def test_every_form_is_painted(timeline: StageTimeline, compact: bool, widths: str, count: int) -> None:
    timeline.show_task(histories.long(count))
    timeline.set_compact(compact)
    timeline.widths.choose(widths, tell=True)
    timeline.mark(count - 1, 0 if count > 1 else None, 3, others=(2, 3))
    image = timeline.grab().toImage()
    accent = QColor(theme.current().accent)
    box = timeline.card_rect(count - 1)
    edge = QPointF(box.center().x(), box.bottom() - 1).toPoint() * image.devicePixelRatio()
    found = image.pixelColor(edge)
    assert abs(found.blue() - accent.blue()) < 20  # the border of what is shown

"""True time as pixels: blocks that can be seen, waits that are cut, ticks that can be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.timeline.axis import CUT_SHARE, CUT_WIDTH, LABEL_GAP, LABEL_ROOM, LEAST_BLOCK, Span, axis

NOON = datetime(2026, 11, 3, 12).astimezone()
HOUR = timedelta(hours=1)


def span(start: float, hours: float = 0.0) -> Span:
    return (NOON + start * HOUR, NOON + (start + hours) * HOUR)


def test_blocks_lie_where_their_time_is() -> None:
    made = axis([span(0, 1), span(5, 2), span(8, 2)], 1000)
    assert [(round(b.left), round(b.width)) for b in made.blocks] == [(0, 100), (500, 200), (800, 200)]
    assert made.cuts == ()


def test_a_stage_of_seconds_beside_one_of_hours_can_still_be_seen() -> None:
    made = axis([(NOON, NOON + timedelta(seconds=3)), span(1, 3)], 400)
    assert made.blocks[0].width == LEAST_BLOCK
    assert made.blocks[1].width == pytest.approx(300)


def test_a_wait_over_most_of_the_axis_is_cut_and_the_rest_gets_its_room() -> None:
    made = axis([span(0, 1), span(2, 1), span(300, 1)], 630)
    (cut,) = made.cuts
    assert cut.seconds == pytest.approx(297 * 3600)
    assert (round(cut.left), round(made.blocks[1].left), round(made.blocks[2].left)) == (450, 300, 480)
    assert made.blocks[2].width == pytest.approx(150)


def test_behind_a_cut_wait_the_next_longest_is_judged_by_what_remains() -> None:
    made = axis([span(0, 1), span(30, 1), span(1000, 1)], 460)
    assert len(made.cuts) == 2
    assert [round(b.width) for b in made.blocks] == [133, 133, 133]


def test_a_wait_of_just_the_share_is_not_cut() -> None:
    assert axis([span(0, 2), span(8, 2)], 500).cuts == ()
    assert CUT_SHARE == 0.6


def test_stages_without_a_time_have_no_block() -> None:
    made = axis([None, span(0, 1), None], 300)
    assert [b.index for b in made.blocks] == [1]
    assert made.block(0) is None
    assert made.block(1) is made.blocks[0]
    assert axis([None], 300).blocks == ()
    assert axis([], 300).ticks == ()


def test_stages_at_one_moment_stand_beside_each_other() -> None:
    lefts = [b.left for b in axis([span(0)] * 4, 300).blocks]
    assert lefts == [0, 5, 10, 15]


def test_days_are_ticked_at_midnight() -> None:
    made = axis([span(0, 2), span(18, 2), span(46, 2)], 960)
    assert [t.text for t in made.ticks] == ["4 Nov", "5 Nov"]
    assert [round(t.x) for t in made.ticks] == [240, 720]


def test_a_history_of_one_day_is_ticked_by_hours_and_says_its_day_once() -> None:
    made = axis([span(0.5, 0.1), span(2.1, 0.1), span(3.5, 0.1)], 620)
    # at 14:00 a block is in the way, at 15:30 the end of the axis
    assert [t.text for t in made.ticks] == ["3 Nov 13:00", "13:30", "", "14:30", "15:00", ""]


def test_a_month_has_no_more_ticks_than_there_is_room() -> None:
    made = axis([span(24 * day, 1) for day in range(0, 60, 2)], 800)
    places = [t.x for t in made.ticks]
    assert 3 < len(places) < 800 / LABEL_ROOM + 1
    assert min(b - a for a, b in pairwise(places)) >= LABEL_ROOM


def test_years_of_waiting_are_laid_out_at_once() -> None:
    first, last = datetime(1000, 1, 1).astimezone(), datetime(9000, 1, 1).astimezone()
    made = axis([(first, first), span(0, 1), (last, last)], 500)
    assert len(made.cuts) == 2
    assert len(made.ticks) < 10


spans = st.lists(st.none() | st.tuples(st.floats(0, 1e5), st.floats(0, 50)).map(lambda s: span(*s)), max_size=12)


@given(spans, st.floats(300, 3000))
def test_everything_stays_on_the_axis_and_apart(stages: list[Span | None], width: float) -> None:
    made = axis(stages, width)
    assert sorted(b.index for b in made.blocks) == [i for i, s in enumerate(stages) if s is not None]
    for block in made.blocks:
        assert block.width >= LEAST_BLOCK - 1e-9
        assert block.left >= -1e-6
        assert block.left + block.width <= width + 1e-3
    ordered = sorted(made.blocks, key=lambda b: b.left)
    for one, two in pairwise(ordered):
        assert one.left <= two.left
    for tick in made.ticks:
        assert -1e-6 <= tick.x <= width + 1e-6
        assert not any(c.left < tick.x < c.left + CUT_WIDTH for c in made.cuts)
    texts = [(t.x + LABEL_GAP, t.x + LABEL_GAP + 6.5 * len(t.text)) for t in made.ticks if t.text]
    assert all(a[1] < b[0] for a, b in pairwise(texts))

"""The rule page → frame against a naive reference in fractions, and its sentences."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.frames import Choice, Counted, FrameMap, Timing, choose_mode, text_of_rate, usable_rate
from viewer.limits import VIDEO_FRAMES

RATES = st.sampled_from([10.0, 15.0, 23.976, 24.0, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0, 7.3])
TICKS = st.sampled_from(
    [Fraction(1, 1000), Fraction(1, 600), Fraction(1, 90_000), Fraction(1, 15_360), Fraction(1, 30)]
)
MS = Fraction(1, 1000)


def constant(rate: Fraction | int, count: int, tick: Fraction, start: Fraction = Fraction(0)) -> Timing:
    """An even grid, rounded to ticks as a muxer does."""
    times = [round((start + n / Fraction(rate)) / tick) for n in range(count + 1)]
    return Timing(np.array(times[:-1], np.int64), tick, times[-1])


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    tick = draw(TICKS)
    steps = draw(st.lists(st.integers(1, 4000), min_size=1, max_size=60))
    first = draw(st.integers(-2000, 5000))
    marks = first + np.cumsum([0, *steps[:-1]])
    origin = draw(st.sampled_from([0, 0, first]))
    return Timing(marks.astype(np.int64), tick, int(marks[-1]) + steps[-1], origin)


CHOICES = st.builds(
    Choice,
    mode=st.sampled_from(["", "index", "time", "chrome"]),
    rate=st.none() | RATES,
    offset=st.integers(-7, 7),
    clock=st.sampled_from(["file", "first"]),
    sample=st.sampled_from(["start", "middle"]),
)
COUNTED = st.builds(
    Counted, rate=st.none() | RATES, total=st.none() | st.integers(0, 300), last_page=st.none() | st.integers(0, 300)
)


def naive(timing: Timing, mode: str, rate: Fraction, choice: Choice, page: int) -> int:
    """The rule as video.md §5.4 writes it, by looking at every frame."""
    virtual = page + choice.offset
    if mode == "index":
        return min(max(virtual, 0), timing.count - 1)
    tick = timing.tick
    zero = int(timing.pts[0]) if choice.clock == "first" else timing.origin
    shown = [(int(p) - zero) * tick for p in timing.pts]
    half = Fraction(1, 2) if choice.sample == "middle" else Fraction(0)
    if mode == "time":
        instant = (virtual + half) / rate + min(max(tick, MS), Fraction(1, 4) / rate)
    else:
        instant = Fraction(int((virtual + float(half)) / float(rate) * 1e6 // 1), 10**6)
        shown = [Fraction(int(abs(s) * 10**6 + Fraction(1, 2)) * (1 if s >= 0 else -1), 10**6) for s in shown]
    found = [n for n, when in enumerate(shown) if when <= instant]
    return found[-1] if found else 0


@given(timings(), COUNTED, CHOICES)
def test_pages_are_mapped_as_the_rule_says(timing: Timing, counted: Counted, choice: Choice) -> None:
    mapping = FrameMap(timing, counted, choice)
    rate = usable_rate(choice.rate) or usable_rate(counted.rate) or timing.rate
    assert rate is not None
    for page in range(min(mapping.page_count, 80)):
        assert mapping.frame(page) == naive(timing, mapping.mode, rate, choice, page)


@given(timings(), COUNTED, CHOICES)
def test_the_inverse_names_exactly_the_pages_of_a_frame(timing: Timing, counted: Counted, choice: Choice) -> None:
    mapping = FrameMap(timing, counted, choice)
    if mapping.page_count > 3000:
        return
    forward: dict[int, list[int]] = {}
    for page in range(mapping.page_count):
        forward.setdefault(mapping.frame(page), []).append(page)
    for frame in range(timing.count):
        assert list(mapping.pages(frame)) == forward.get(frame, [])


@given(timings(), COUNTED, CHOICES)
def test_pages_after_the_file_are_called_so(timing: Timing, counted: Counted, choice: Choice) -> None:
    mapping = FrameMap(timing, counted, choice)
    places = [mapping.place(page) for page in range(min(mapping.page_count, 400))]
    assert places == sorted(places, key=("before", "inside", "after").index)
    for page, place in enumerate(places):
        assert (place == "after") == (page >= mapping.pages_in_file) or mapping.pages_in_file == 1
    last = counted.last_page
    assert mapping.page_count >= (0 if last is None else last + 1)


@pytest.mark.parametrize("rate", [15, 25, Fraction(30000, 1001), Fraction(24000, 1001), 30, 60])
@pytest.mark.parametrize("tick", [Fraction(1, 1000), Fraction(1, 600), Fraction(1, 90_000)])
def test_a_file_whose_rate_agrees_is_the_same_by_index_and_by_time(rate: Fraction | int, tick: Fraction) -> None:
    timing = constant(rate, 2000, tick)
    told = round(float(rate), 3)
    mapping = FrameMap(timing, Counted(rate=told))
    assert mapping.mode == "index"
    assert mapping.page_count == 2000
    assert mapping.notices == ()
    by_time = FrameMap(timing, Counted(rate=told), Choice(mode="time"))
    frames = [by_time.frame(page) for page in range(2000)]
    assert max(abs(frame - page) for page, frame in enumerate(frames)) <= (0 if told == rate else 1)


def test_the_rate_given_as_30_is_read_by_time() -> None:
    timing = constant(25, 250, Fraction(1, 12_800))
    mapping = FrameMap(timing, Counted(rate=30.0, total=300))
    assert (mapping.mode, mapping.badge, mapping.page_count) == ("time", "by time @ 30", 300)
    assert [mapping.frame(page) for page in range(8)] == [0, 0, 1, 2, 3, 4, 5, 5]
    assert list(mapping.pages(0)) == [0, 1]
    assert [notice.text for notice in mapping.notices] == [
        "Ango counted this video at 30 fps; the file has 25 fps (250 frames, Ango lists 300). "
        "Labels are placed by time."
    ]


def test_a_total_that_counts_pictures_makes_the_rate_nominal() -> None:
    timing = constant(25, 250, Fraction(1, 12_800))
    mapping = FrameMap(timing, Counted(rate=30.0, total=250))
    assert (mapping.mode, mapping.badge) == ("index", "by index")
    assert "by picture number" in mapping.notices[0].text
    assert FrameMap(timing, Counted(rate=30.0, total=250, last_page=250)).mode == "time"


def test_a_higher_rate_of_the_file_leaves_frames_without_a_page() -> None:
    mapping = FrameMap(constant(60, 120, Fraction(1, 90_000)), Counted(rate=30.0, total=60))
    assert [mapping.frame(page) for page in range(4)] == [0, 2, 4, 6]
    assert [list(mapping.pages(frame)) for frame in range(4)] == [[0], [], [1], []]


def test_a_variable_rate_is_read_by_time() -> None:
    pts = np.array([0, 33, 100, 133, 300, 333], np.int64)
    mapping = FrameMap(Timing(pts, Fraction(1, 1000), 366), Counted(rate=30.0, total=11))
    assert (mapping.mode, mapping.badge) == ("time", "variable rate")
    assert [mapping.frame(page) for page in range(11)] == [0, 1, 1, 2, 3, 3, 3, 3, 3, 4, 5]
    assert mapping.notices[0].code == "variable"


def test_chrome_shows_the_frame_before_for_two_of_three_at_30_fps() -> None:
    mapping = FrameMap(constant(30, 30, Fraction(1, 15_360)), Counted(rate=30.0), Choice(mode="chrome"))
    assert [mapping.frame(page) for page in range(8)] == [0, 1, 1, 3, 4, 4, 6, 7]
    assert mapping.badge == "as Chrome seeks, your choice"


def test_a_start_offset_is_told_and_the_clock_can_start_at_the_first_picture() -> None:
    timing = constant(30, 60, Fraction(1, 15_360), start=Fraction(5, 2))
    mapping = FrameMap(timing, Counted(rate=30.0))
    assert mapping.mode == "time"
    assert (mapping.frame(0), mapping.frame(75), mapping.frame(76)) == (0, 0, 1)
    assert [mapping.place(page) for page in (0, 74, 75, 134)] == ["before", "before", "inside", "inside"]
    assert mapping.page_count == 135
    assert [notice.code for notice in mapping.notices] == ["start"]
    assert "starts at 2.5 s" in mapping.notices[0].text
    first = FrameMap(timing, Counted(rate=30.0), Choice(clock="first"))
    assert [first.frame(page) for page in range(5)] == [0, 1, 2, 3, 4]


def test_an_edit_list_and_labels_after_the_end_are_told() -> None:
    timing = Timing(np.arange(100, dtype=np.int64), Fraction(1, 30), 100, cut=97)
    mapping = FrameMap(timing, Counted(rate=30.0, last_page=111))
    assert [notice.code for notice in mapping.notices] == ["cut", "after"]
    assert "97 pictures are cut off" in mapping.notices[0].text
    assert "Pages 100–111 lie after the last frame" in mapping.notices[1].text
    assert mapping.page_count == 112
    assert (mapping.frame(111), mapping.place(99), mapping.place(100)) == (99, "inside", "after")
    shifted = FrameMap(timing, Counted(rate=30.0), Choice(offset=-97))
    assert (shifted.frame(97), shifted.frame(98), shifted.page_count) == (0, 1, 197)


@pytest.mark.parametrize("rate", [None, 0.0, -5.0, float("nan"), float("inf"), 1e300, 1e-300])
def test_a_rate_that_is_none_is_read_by_index(rate: float | None) -> None:
    mapping = FrameMap(constant(25, 10, Fraction(1, 1000)), Counted(rate=rate, total=10))
    assert (mapping.mode, mapping.page_count) == ("index", 10)


@pytest.mark.parametrize("mode", ["index", "time", "chrome"])
def test_absurd_lengths_are_bounded(mode: Literal["index", "time", "chrome"]) -> None:
    timing = Timing(np.array([0, 10**18], np.int64), Fraction(1, 1000), 2 * 10**18)
    mapping = FrameMap(timing, Counted(rate=1000.0, last_page=10**18), Choice(mode=mode))
    assert 2 <= mapping.page_count <= VIDEO_FRAMES
    assert mapping.frame(10**18) in (0, 1)
    assert mapping.pages(0).start == 0


def test_a_single_frame_and_none() -> None:
    one = FrameMap(Timing(np.array([5], np.int64), Fraction(1, 25), 6), Counted(rate=30.0, total=1))
    assert (one.frame(0), one.frame(9)) == (0, 0)
    with pytest.raises(ValueError, match="without frames"):
        FrameMap(Timing(np.array([], np.int64), Fraction(1, 25), 0))


def test_a_transport_stream_starts_at_its_first_picture() -> None:
    timing = Timing(126_000 + np.arange(50, dtype=np.int64) * 3000, Fraction(1, 90_000), 126_000 + 150_000, 126_000)
    mapping = FrameMap(timing, Counted(rate=30.0, total=50))
    assert (mapping.mode, mapping.notices, mapping.frame(7)) == ("index", (), 7)
    assert timing.seconds(30) == 1.0


def test_rates_are_written_as_people_write_them() -> None:
    assert [text_of_rate(r) for r in (30.0, Fraction(30000, 1001), Fraction(24000, 1001), 12.5, 7.1526e-6)] == [
        "30",
        "29.97",
        "23.976",
        "12.5",
        "7.2e-06",
    ]
    assert choose_mode(constant(30, 10, Fraction(1, 30)), Counted()) == "index"

"""What is known of a history, and which stages are looked at."""

from __future__ import annotations

from tests.make import histories
from viewer.diff import Counts
from viewer.ui.timeline.history import History


def history() -> History:
    made = History()
    made.show(histories.reworked())
    return made


def test_a_task_is_shown_at_its_current_state() -> None:
    made = history()
    assert made.shown == 5
    assert made.roles(5) == ("shown",)
    assert made.roles(1) == ()
    assert [loop.start for loop in made.reworks] == [2]


def test_marks_tell_whether_they_are_new() -> None:
    made = history()
    assert made.mark(4, 1, None, ()) is True
    assert made.mark(4, 1, None, ()) is False
    assert made.mark(4, 1, 20, ()) is True
    assert made.roles(1) == ("A",)
    assert made.roles(4) == ("B",)
    made.mark(4, 4, 0, ())
    assert made.roles(4) == ("A", "B")


def test_a_stage_that_is_not_there_is_none() -> None:
    made = history()
    made.mark(4, 9, None, (2, 17))
    assert made.reference is None
    assert made.others == (2,)


def test_the_biggest_step_is_the_measure_of_all_bars() -> None:
    made = history()
    assert made.step(0) == Counts()
    assert made.step(3) is None
    assert made.biggest == 0
    made.add_counts({(0, 1): Counts(8), (2, 3): Counts(2, 6, 2)})
    made.add_counts({(1, 4): Counts(99)})
    assert made.step(3) == Counts(2, 6, 2)
    assert made.biggest == 10


def test_what_an_asset_began_with_counts_as_added_and_is_no_step_of_a_single_state() -> None:
    made = History()
    made.show(histories.long(3))
    assert made.step(0) == Counts(added=1)
    made.show(histories.long(1))
    assert made.step(0) is None


def test_another_task_forgets_all() -> None:
    made = history()
    made.add_counts({(0, 1): Counts(8)})
    made.mark(3, 1, 4, (2,))
    made.show(None)
    assert (made.cards, made.counts, made.shown, made.reference, made.total, made.others) == (
        (),
        {},
        -1,
        None,
        None,
        (),
    )
    assert made.biggest == 0

"""A and B in turn."""

from __future__ import annotations

from tests.make.stages import stages
from viewer.ui.compare import CompareView
from viewer.ui.compare.blink import BlinkMode


def test_a_comes_and_goes_and_the_plate_tells_which_is_seen(view: CompareView) -> None:
    view.show_stages(stages("blink"))
    mode = view.mode
    assert isinstance(mode, BlinkMode)
    assert view.over.isHidden()
    seen = []
    for _ in range(3):
        mode.turn()
        pane = view.canvas if view.over.isHidden() else view.over
        seen.append(view._plates[pane].words[0].letter)
    assert seen == ["A", "B", "A"]
    assert view.over.geometry() == view.canvas.geometry()
    # another page: the side that is seen stays
    view.show_stages(stages("blink", level=120, key="other"))
    assert not view.over.isHidden()


def test_both_are_seen_as_often_a_second_as_is_set(view: CompareView) -> None:
    view.show_stages(stages("blink"))
    timer = view.mode._timer  # type: ignore[attr-defined]
    assert (timer.isActive(), timer.interval()) == (True, 250)
    view.set_blink(4.0)
    assert timer.interval() == 125
    view.set_blink(99.0)
    assert timer.interval() == 125
    view.set_blink(0.1)
    assert timer.interval() == 1000
    view.show_page(stages("single").content)
    assert not timer.isActive()
    view.set_blink(2.0)
    assert not timer.isActive()


def test_a_stays_while_it_is_held(view: CompareView) -> None:
    view.show_stages(stages("blink"))
    view.hold_a(True)
    view.mode.turn()  # type: ignore[attr-defined]
    assert not view.over.isHidden()
    view.hold_a(False)
    view.mode.turn()  # type: ignore[attr-defined]
    assert view.over.isHidden()

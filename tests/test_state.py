"""The steps from one state to the next."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from viewer import state as s
from viewer.state import CURRENT, Look, Place, Trail, ViewState

places = st.builds(
    Place,
    asset=st.none() | st.integers(0, 5),
    task=st.integers(0, 2),
    page=st.integers(0, 30),
    stage=st.integers(-1, 4),
)
states = st.builds(
    ViewState,
    place=places,
    look=st.builds(
        Look,
        hidden=st.frozensets(
            st.tuples(st.sampled_from(("class", "tool", "person", "object")), st.text(max_size=2)), max_size=3
        ),
    ),
    selection=st.none() | st.text(max_size=3),
    generation=st.integers(0, 9),
)


@given(states, places)
def test_every_change_of_place_is_a_new_generation(state: ViewState, place: Place) -> None:
    moved = s.go(state, place)
    assert moved.place == place
    assert (moved.generation == state.generation) == (place == state.place)


@given(states, st.integers(-50, 50), st.integers(1, 40))
def test_a_page_stays_within_the_asset(state: ViewState, step: int, count: int) -> None:
    assert 0 <= s.step_page(state, step, count).place.page < count


@given(states, places)
def test_the_selection_and_hiding_end_with_the_asset(state: ViewState, place: Place) -> None:
    moved = s.go(state, place)
    if place.asset != state.place.asset:
        assert moved.selection is None
        assert moved.look.hidden == {entry for entry in state.look.hidden if entry[0] != "object"}
        assert moved.look.solo is None
        assert moved.look.window is None
    elif place.task == state.place.task:
        assert moved.selection == state.selection


@given(states, st.integers(-1, 9), st.integers(1, 6))
def test_a_stage_is_one_of_the_snapshots(state: ViewState, stage: int, count: int) -> None:
    shown = s.show_stage(state, stage, count)
    assert 0 <= s.snapshot_index(shown.place, count) < count
    if stage in (CURRENT, count - 1):
        assert shown.place.stage == CURRENT


@given(st.lists(st.integers(0, 40), unique=True).map(sorted), st.integers(0, 40))
def test_next_in_finds_the_nearest(pages: list[int], page: int) -> None:
    after, before = s.next_in(pages, page, 1), s.next_in(pages, page, -1)
    assert after == min((p for p in pages if p > page), default=None)
    assert before == max((p for p in pages if p < page), default=None)


@given(st.lists(places, min_size=1, max_size=12))
def test_back_and_forward_return_the_same_places(route: list[Place]) -> None:
    trail, here = Trail(), route[0]
    walked = [here]
    for place in route[1:]:
        if place != here:
            trail, here = trail.visited(here), place
            walked.append(place)
    back = [here]
    while True:
        trail, place_or_none = trail.back(here)
        if place_or_none is None:
            break
        here = place_or_none
        back.append(here)
    assert back[::-1] == [p for i, p in enumerate(walked) if i == 0 or p != walked[i - 1]]
    forward = [here]
    while True:
        trail, place_or_none = trail.forward(here)
        if place_or_none is None:
            break
        here = place_or_none
        forward.append(here)
    assert forward == back[::-1]


def test_opening_another_asset_starts_at_its_current_state() -> None:
    state = ViewState(Place(asset=1, page=4, stage=2, reference=1), Look(mode="side"))
    opened = s.open_asset(state, 2)
    assert opened.place == Place(asset=2)
    assert opened.look.mode == "single"
    assert s.open_asset(opened, 2) is opened


def test_tags_cycle_through_three_and_show_everything_undoes_hiding() -> None:
    state = ViewState()
    seen = [state.look.tags]
    for _ in range(3):
        state = s.cycle_tags(state)
        seen.append(state.look.tags)
    assert seen == ["auto", "all", "none", "auto"]
    state = s.toggle_labels(
        s.toggle_solo(s.toggle_hidden(s.toggle_hidden(state, "object", "a"), "class", "car"), "tool", "point")
    )
    assert (state.look.labels, state.look.hidden) == (False, {("object", "a"), ("class", "car")})
    assert state.look.solo == ("tool", "point")
    assert s.toggle_solo(state, "tool", "point").look.solo is None
    assert s.toggle_hidden(state, "object", "a").look.hidden == {("class", "car")}
    shown = s.show_everything(state)
    assert replace(shown.look, tags="auto") == Look()


def test_a_window_keeps_a_positive_width() -> None:
    state = s.set_window(ViewState(), (40.0, -5.0), inverted=True)
    assert state.look.window is not None
    assert state.look.window[1] > 0
    assert state.look.inverted
    assert s.set_window(state, None).look == replace(state.look, window=None)


@given(st.integers(2, 6), st.data())
def test_comparing_two_stages_and_leaving_it_again(count: int, data: st.DataObject) -> None:
    shown = data.draw(st.integers(0, count - 1))
    state = s.show_stage(ViewState(Place(asset=0)), shown, count)
    compared = s.choose_mode(state, "swipe", count)
    b = s.snapshot_index(compared.place, count)
    assert compared.look.mode == "swipe"
    assert (compared.place.reference, b) == (max(shown - 1, 0), max(shown, 1))
    assert s.choose_mode(compared, "swipe", count) is compared
    other = s.choose_mode(compared, "overlay", count)
    assert other.place == compared.place  # another way to look at the same two
    assert s.choose_mode(other, "single", count).place == replace(other.place, reference=None)
    alone = s.choose_mode(ViewState(Place(asset=0)), "side", 1)
    assert alone.look.mode == "single"


@given(st.integers(2, 6), st.data())
def test_a_and_b_are_always_two_stages(count: int, data: st.DataObject) -> None:
    state = s.choose_mode(ViewState(Place(asset=0)), "side", count)
    for _ in range(data.draw(st.integers(1, 8))):
        step = data.draw(st.sampled_from(["a", "b", "swap", "pane", "all"]))
        before = (state.place.reference, s.snapshot_index(state.place, count))
        index = data.draw(st.integers(0, count - 1))
        if step == "a":
            state = s.pick_a(state, index, count)
            assert state.place.reference == index
        elif step == "b":
            state = s.pick_b(state, index, count)
            assert s.snapshot_index(state.place, count) == index
        elif step == "swap":
            state = s.swap(state, count)
            assert (s.snapshot_index(state.place, count), state.place.reference) == before
        elif step == "pane":
            state = s.toggle_pane(state, index, count)
        else:
            state = s.all_panes(state, count)
        a, b = state.place.reference, s.snapshot_index(state.place, count)
        assert a is not None
        assert a != b
        assert not {a, b} & set(state.place.others)
        assert state.look.mode == "side"


def test_picking_a_begins_to_compare_and_another_task_ends_it() -> None:
    state = s.pick_a(ViewState(Place(asset=0), Look()), 0, 3)
    assert (state.look.mode, state.place.reference) == ("side", 0)
    assert s.pick_a(state, 2, 3).place.reference == 2  # the one shown: they change places
    assert s.pick_a(ViewState(), 0, 1) == ViewState()
    task = s.choose_task(s.all_panes(state, 3), 1, 2)
    assert (task.look.mode, task.place) == ("single", Place(asset=0, task=1))
    assert not s.toggle_link(state).look.linked
    assert s.toggle_link(s.toggle_link(state)) == state

"""What panes show, where they stand, and who is whom in the stages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.make.stages import stages
from viewer.model import Labels, Snapshot, Task
from viewer.ui.compare.pages import StageWords, grid, words_of


@given(st.integers(1, 12), st.integers(200, 3000), st.integers(200, 2000))
def test_a_grid_has_panes_of_one_size_that_do_not_overlap(count: int, width: int, height: int) -> None:
    boxes = grid(count, width, height)
    assert len(boxes) == count
    assert len({box[2:] for box in boxes}) == 1
    for i, (x, y, w, h) in enumerate(boxes):
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
        for a, b, c, d in boxes[:i]:
            assert x >= a + c + 1 or y >= b + d + 1 or a >= x + w + 1 or b >= y + h + 1


def test_three_panes_stand_in_a_row_only_where_there_is_room() -> None:
    assert len({x for x, *_ in grid(3, 2600, 900)}) == 3
    assert len({x for x, *_ in grid(3, 1000, 900)}) == 2


def test_partners_are_found_through_a() -> None:
    made = stages("side", others=1)
    assert made.partner("new", of=1, to=0) == "old"
    assert made.partner("old", of=0, to=1) == "new"
    assert made.partner("new", of=1, to=2) == "new"
    assert made.partner("added", of=1, to=0) is None
    assert made.partner("gone", of=0, to=1) is None
    assert made.partner(None, of=0, to=1) is None


def test_only_a_stage_by_itself_has_its_brush_mask() -> None:
    made = stages("side")
    assert made.alone(0).page.brush is None
    assert made.alone(0).plates[0].is_hollow
    assert not made.alone(1).plates[0].is_hollow
    assert made.alone(1).page.store.object_ids == made.content.store.object_ids


def test_the_current_state_is_of_who_updated_the_task() -> None:
    labels = Labels()
    past = Snapshot(
        index=0, stage="Label", completed_at="2026-11-03T09:48:00Z", completed_by="a@b.c", parse=lambda: labels
    )
    now = Snapshot(index=1, is_current=True, parse=lambda: labels)
    task = Task(task_id="t", snapshots=(past, now), fields={"updatedBy": "d@e.f", "updatedAt": "2026-11-20T09:11:00Z"})
    assert words_of(task, past, "Label", "A").person == "a@b.c"
    words = words_of(task, now, "Complete", "B")
    assert (words.person, words.when.split()[:2]) == ("d@e.f", ["20", "Nov"])
    bare = Task(task_id="t", snapshots=(past, now), fields={})
    assert words_of(bare, now, "Complete", "B") == StageWords("B", "Complete")

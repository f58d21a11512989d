"""Other looks of a page that was built before: the same arrays, never other geometry."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make.shapes import ring
from viewer.geometry import LabelSpace
from viewer.model import Annotation
from viewer.overlay import reuse, shapes
from viewer.overlay.levels import Levels, simplified
from viewer.overlay.shapes import PlacedLabel, ShapeStore
from viewer.overlay.style import Style
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.polygon import Polygon
from viewer.tracks import Placed

SPACE = LabelSpace((400.0, 300.0))
RED, BLUE = Style("#DE4551"), Style("#4E74FC")


def page(count: int, seed: int = 0) -> list[Placed]:
    random = np.random.default_rng(seed)
    placed = []
    for i in range(count):
        tool: object
        if i % 7 == 3:
            tool = BoundingBox(5.0 + i, 5.0, 10.0, 10.0)
        elif i % 2:
            tool = BoundingBox(float(i % 380), float(i % 280), 12.0, 9.0)
        else:
            tool = Polygon(ring(random, (float(i % 400), float(i % 300)), 80, 12.0))
        placed.append(Placed(Annotation(object_id=f"o{i}", schema_id="s", title="t", tool=tool), tool, "key"))
    return placed


def same_geometry(a: ShapeStore, b: ShapeStore) -> None:
    for name in ("box", "area", "first_part", "kind", "label", "part_box", "first_ring"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name
    assert np.array_equal(a.rings.points, b.rings.points) and np.array_equal(a.rings.first, b.rings.first)
    assert (a.object_ids, a.tags, a.index, a.page_size) == (b.object_ids, b.tags, b.index, b.page_size)


def test_other_colours_share_all_arrays() -> None:
    placed = page(reuse.FROM_LABELS)
    first = ShapeStore.build(placed, SPACE, lambda _p: RED)
    other = ShapeStore.build(placed, SPACE, lambda p: BLUE if p.annotation.object_id == "o3" else RED)
    assert other.rings is first.rings and other.box is first.box
    assert [other.styles[k].colour for k in other.style[:5]] == [RED.colour] * 3 + [BLUE.colour, RED.colour]
    same_geometry(first, other)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100), st.data())
def test_some_of_the_labels_are_as_if_built_alone(seed: int, data: st.DataObject) -> None:
    placed = page(reuse.FROM_LABELS, seed)
    whole = ShapeStore.build(placed, SPACE, lambda _p: RED)
    hidden = data.draw(st.sets(st.integers(0, len(placed) - 1), max_size=140))
    shown = [p for i, p in enumerate(placed) if i not in hidden]
    some = ShapeStore.build(shown, SPACE, lambda _p: RED)
    if hidden:
        assert some.rings.source is not None and some.rings.source[0] is whole.rings, "nothing was built"
    twins = [Placed(p.annotation, type(p.tool)(*_values(p.tool)), p.state) for p in shown]
    same_geometry(some, ShapeStore.build(twins, SPACE, lambda _p: RED))


def _values(tool: object) -> tuple[object, ...]:
    return tuple(getattr(tool, name) for name in tool.__struct_fields__)  # type: ignore[attr-defined]


def test_another_space_is_built_anew() -> None:
    placed = page(reuse.FROM_LABELS)
    first = ShapeStore.build(placed, SPACE, lambda _p: RED)
    again = ShapeStore.build(placed, LabelSpace((800.0, 600.0)), lambda _p: RED)
    assert again.rings is not first.rings and again.rings.source is None


def test_another_value_is_drawn_in_its_place() -> None:
    placed = page(reuse.FROM_LABELS)
    ShapeStore.build(placed, SPACE, lambda _p: RED)
    placed[8] = Placed(placed[8].annotation, Polygon(np.array(((0.0, 0.0), (9.0, 0.0), (9.0, 9.0)))), "key")
    again = ShapeStore.build(placed, SPACE, lambda _p: RED)
    same_geometry(again, _alone(placed))
    assert again.box[8].tolist() == [0.0, 0.0, 9.0, 9.0]


def test_levels_of_some_labels_come_from_the_whole_page() -> None:
    placed = page(reuse.FROM_LABELS)
    whole = ShapeStore.build(placed, SPACE, lambda _p: RED)
    Levels(whole).build(0)
    assert Levels(ShapeStore.build(placed, SPACE, lambda _p: BLUE)).missing(1.0) is None, "the same rings"
    some = ShapeStore.build(placed[: len(placed) * 3 // 4], SPACE, lambda _p: RED)
    levels = Levels(some)
    assert levels.missing(1.0) is None and levels.missing(0.5) == -1
    alone = simplified(some, 0)
    assert np.array_equal(levels.rings(1.0).points, alone.points)
    assert np.array_equal(levels.rings(1.0).first, alone.first)


def test_small_pages_are_not_remembered() -> None:
    placed = page(20)
    stores: list[ShapeStore] = [ShapeStore.build(placed, SPACE, lambda _p: RED) for _ in range(2)]
    assert stores[0].rings is not stores[1].rings


def test_labels_that_draw_nothing_stay_out() -> None:
    placed: list[PlacedLabel] = [*page(reuse.FROM_LABELS)]
    empty = Polygon(np.empty((0, 2)))
    placed.insert(5, Placed(Annotation(object_id="none", schema_id="s", title="t", tool=empty), empty, "key"))
    first = ShapeStore.build(placed, SPACE, lambda _p: RED)
    again = ShapeStore.build(placed, SPACE, lambda _p: BLUE)
    assert len(first) == len(again) == len(placed) - 1 and again.rings is first.rings
    assert "none" not in again.index


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100), st.integers(8, 89), st.booleans())
def test_another_stage_is_as_if_built_alone(seed: int, edited: int, is_simplified: bool) -> None:
    """Few labels are others than those of a stage that was built: only they are made."""
    one, two = page(reuse.FROM_LABELS, seed), page(reuse.FROM_LABELS, seed + 1000)
    stage = one[:7] + [two[i] if i % 300 < edited else label for i, label in enumerate(one)][7:][::-1]
    base = ShapeStore.build(one, SPACE, lambda _p: RED)
    if is_simplified:
        Levels(base).build(-1)
    got = ShapeStore.build(stage, SPACE, lambda _p: RED)
    assert got.rings.source is not None and got.rings.source[0].joined is not None
    assert got.rings.source[0].joined[0] is base.rings
    made = _alone(stage)
    same_geometry(got, made)
    levels, expected = Levels(got), simplified(made, -1)
    if levels.missing(0.5) is not None:
        levels.build(-1)
    thin, full = levels.rings(0.5), made.rings
    for ring_ in range(len(full.first) - 1):
        drawn, coarse, fine = (r.points[r.first[ring_] : r.first[ring_ + 1]] for r in (thin, expected, full))
        assert np.array_equal(drawn, coarse) or np.array_equal(drawn, fine)  # few new ones are drawn as they are


def _alone(placed: list[Placed]) -> ShapeStore:
    kept, shapes._REUSE = shapes._REUSE, reuse.Reuse()
    try:
        return ShapeStore.build(placed, SPACE, lambda _p: RED)
    finally:
        shapes._REUSE = kept


def test_a_stage_with_many_other_labels_is_made_anew() -> None:
    one, two = page(reuse.FROM_LABELS, 5), page(reuse.FROM_LABELS, 6)
    base = ShapeStore.build(one, SPACE, lambda _p: RED)
    half = ShapeStore.build(one[:200] + two[200:], SPACE, lambda _p: RED)
    assert half.rings.joined is None and half.rings.source is None and half.rings is not base.rings


def test_a_store_does_not_grow_with_every_stage() -> None:
    labels = page(reuse.FROM_LABELS, 7)
    for seed in range(20):
        labels = labels[60:] + page(reuse.FROM_LABELS, 100 + seed)[:60]
        store, _rows = ShapeStore.outlines([placed.tool for placed in labels], SPACE)
        assert len(store) <= reuse.FROM_LABELS * reuse.MOST_KEPT

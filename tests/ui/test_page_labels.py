"""Looks found by arrays are those that each label has by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer import limits
from viewer.geometry import LabelSpace
from viewer.model import Annotation, Classification
from viewer.overlay.shapes import PlacedLabel, ShapeStore
from viewer.overlay.style import label_style
from viewer.state import ColourBy, Look
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.polygon import Polygon
from viewer.tracks import Placed
from viewer.ui.page_labels import COLOUR_KEY_OF, GROUP_OF, PageLabels, is_occluded, page_labels
from viewer.ui.scene import is_shown

SPACE = LabelSpace((400.0, 300.0))
INKS = ("#DE4551", "#4E74FC", "#3FA34D")


def page(count: int, seed: int) -> tuple[Placed, ...]:
    random = np.random.default_rng(seed)
    placed = []
    for i in range(count):
        x, y = (float(v) for v in random.uniform(0, 200, 2))
        tool: object = BoundingBox(x, y, 9.0, 7.0)
        if i % 3 == 0:
            tool = Polygon(np.array(((x, y), (x + 9, y), (x + 5, y + 8)))[: 0 if i % 12 == 0 else 3])
        hidden_behind = [Classification(title="Occluded", answer="Yes")] if random.random() < 0.3 else []
        annotation = Annotation(
            object_id=f"o{int(random.integers(count))}", schema_id=f"s{int(random.integers(4))}", title=f"t{i}",
            tool=tool, classifications=tuple(hidden_behind),
            created=("", f"p{int(random.integers(3))}", "Label"), updated=("", "", f"g{int(random.integers(2))}"),
        )  # fmt: skip
        placed.append(Placed(annotation, tool, ("key", "interpolated", "held")[int(random.integers(3))]))
    return tuple(placed)


def expected(placed: tuple[Placed, ...], look: Look, colours: dict[str, str]) -> ShapeStore:
    occluded = {p.annotation.object_id for p in placed if is_occluded(p.annotation)}

    def style_of(item: PlacedLabel):  # type: ignore[no-untyped-def]
        key = COLOUR_KEY_OF[look.colour_by](item.annotation)
        return label_style(colours[key], state=item.state, occluded=item.annotation.object_id in occluded)

    return ShapeStore.build([p for p in placed if is_shown(p.annotation, look)], SPACE, style_of)


groups = st.one_of(
    st.tuples(st.just("class"), st.sampled_from(["s0", "s1", "s9"])),
    st.tuples(st.just("person"), st.sampled_from(["p0", "p1", ""])),
    st.tuples(st.just("object"), st.sampled_from(["o0", "o1", "o2", "none"])),
    st.tuples(st.just("tool"), st.sampled_from([p.annotation.key for p in page(2, 0)])),
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from((0, 1, 25, 400)),
    st.integers(0, 50),
    st.sampled_from(("class", "instance", "person", "stage")),
    st.frozensets(groups, max_size=3),
    st.none() | groups,
)
def test_a_look_is_what_it_is_for_each_label(
    count: int, seed: int, by: ColourBy, hidden: frozenset[tuple[str, str]], solo: tuple[str, str] | None
) -> None:
    placed = page(count, seed)
    look = Look(colour_by=by, hidden=hidden, solo=solo)  # type: ignore[arg-type]
    listed = PageLabels(placed)
    colours = {key: INKS[i % 3] for i, key in enumerate(listed.colour_keys(by))}
    made, left = listed.store(
        SPACE, look, colours, lambda colour, state, occluded: label_style(colour, state=state, occluded=occluded)
    )
    alone = expected(placed, look, colours)
    assert left == sum(not is_shown(p.annotation, look) for p in placed)
    assert made.styles == alone.styles and made.style.tolist() == alone.style.tolist()
    assert (made.object_ids, made.tags, made.index) == (alone.object_ids, alone.tags, alone.index)
    for name in ("box", "area", "first_part", "kind", "label", "part_box", "first_ring"):
        assert np.array_equal(getattr(made, name), getattr(alone, name)), name
    assert np.array_equal(made.rings.points, alone.rings.points)


def test_labels_beyond_the_limit_have_room_when_others_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "POINTS_PER_PAGE", 3)
    small = Polygon(np.array(((1.0, 1.0), (9.0, 1.0), (5.0, 8.0))))
    placed = tuple(
        Placed(Annotation(object_id=name, schema_id=name, title="t", tool=small), small, "key") for name in "abc"
    )
    listed = PageLabels(placed)
    colours = dict.fromkeys(listed.colour_keys("class"), INKS[0])
    for hidden, drawn, left_out in (("", ("a",), 2), ("a", ("b",), 1), ("c", ("a",), 1)):
        look = Look(hidden=frozenset({("class", hidden)}) if hidden else frozenset())
        made, _ = listed.store(SPACE, look, colours, lambda colour, state, occluded: label_style(colour))
        assert (made.object_ids, made.left_out) == (drawn, left_out)


def test_the_same_labels_are_looked_at_once() -> None:
    placed = page(5, 0)
    assert page_labels(placed) is page_labels(placed)
    assert page_labels(page(5, 0)) is not page_labels(placed)


@pytest.mark.parametrize("count", [0, 1, 40])
def test_members_of_a_group_are_in_order(count: int) -> None:
    placed = page(count, 3)
    for group, value_of in GROUP_OF.items():
        expected: dict[str, list[int]] = {}
        for row, p in enumerate(placed):
            expected.setdefault(value_of(p.annotation), []).append(row)
        found = PageLabels(placed).members(group)
        assert found == expected and list(found) == list(expected)

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from viewer.geometry import Box
from viewer.model import Relation
from viewer.overlay.relations import RelationStore, convex_hull, edge_to_edge, relations_on_page
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import Style

STORE = ShapeStore.of_primitives(
    [
        (name, (Box(x, y, x + 20, y + 10),), Style("#DE4551"), Tag(name))
        for name, x, y in (("a", 0, 0), ("b", 100, 0), ("c", 0, 80))
    ],
    (200.0, 100.0),
)


def made(*relations: Relation, known: set[str] | None = None) -> RelationStore:
    return relations_on_page(
        relations, STORE, known_ids=set(STORE.object_ids) | (known or set()), colour_of=lambda _r: "#FFBE0C"
    )


@pytest.mark.parametrize(
    ("direction", "heads"), [("straight", (True, False)), ("reverse", (False, True)), ("bidirectional", (True, True))]
)
def test_arrows_go_from_edge_to_edge(direction: str, heads: tuple[bool, bool]) -> None:
    (arrow,) = made(Relation(object_id="r", title="x", sources=("a",), targets=("b",), direction=direction)).arrows  # type: ignore[arg-type]
    assert arrow.start == (20.0, 5.0) and arrow.end == (100.0, 5.0)
    assert (arrow.head_at_end, arrow.head_at_start) == heads
    assert not arrow.missing_end and arrow.members == ("a", "b")


def test_one_to_many_is_an_arrow_for_each() -> None:
    assert len(made(Relation(object_id="r", sources=("a",), targets=("b", "c"))).arrows) == 2


@pytest.mark.parametrize(("source", "target"), [("a", "gone"), ("gone", "a")])
def test_a_dangling_end_is_said(source: str, target: str) -> None:
    (arrow,) = made(Relation(object_id="r", sources=(source,), targets=(target,))).arrows
    assert arrow.missing_end and arrow.start == (20.0, 5.0)
    # the head points away from the source, wherever the missing one is
    assert (arrow.head_at_end, arrow.head_at_start) == ((True, False) if source == "a" else (False, True))


def test_what_exists_elsewhere_is_not_missing() -> None:
    assert len(made(Relation(object_id="r", sources=("a",), targets=("later",)), known={"later"})) == 0
    assert len(made(Relation(object_id="r", sources=("gone",), targets=("lost",)))) == 0


def test_groups_are_hulls() -> None:
    (hull,) = made(Relation(object_id="g", group=("a", "b", "c", "gone"))).hulls
    assert hull.missing == 1
    assert shapely.Polygon(hull.ring).equals(shapely.Polygon([(0, 0), (120, 0), (120, 10), (20, 90), (0, 90)]))
    (hull,) = made(Relation(object_id="g", group=("a", "later")), known={"later"}).hulls
    assert hull.missing == 0, "it is on another page"
    assert not made(Relation(object_id="g", group=("gone",))).hulls


def test_relations_of_relations_whatever_their_order() -> None:
    inner = Relation(object_id="inner", sources=("a",), targets=("b",))
    group = Relation(object_id="group", group=("inner", "c"))
    outer = Relation(object_id="outer", sources=("inner",), targets=("group",))
    for order in ((inner, group, outer), (outer, group, inner)):
        store = made(*order)
        assert {a.object_id for a in store.arrows} == {"inner", "outer"}
        assert len(store.hulls) == 1
        (arrow,) = (a for a in store.arrows if a.object_id == "outer")
        assert arrow.start == (60.0, 5.0), "the middle of the inner arrow"


def test_relations_that_wait_for_each_other_end() -> None:
    ring = [Relation(object_id=f"r{i}", sources=(f"r{(i + 1) % 3}",), targets=("a",)) for i in range(3)]
    assert len(made(*ring, Relation(object_id="self", group=("self", "a")))) == 0


def test_only_those_of_the_selection() -> None:
    store = made(
        Relation(object_id="r1", sources=("a",), targets=("b",)),
        Relation(object_id="r2", sources=("b",), targets=("c",)),
        Relation(object_id="g", group=("a", "c")),
    )
    mine = store.touching(["a"])
    assert [a.object_id for a in mine.arrows] == ["r1"] and len(mine.hulls) == 1
    assert [a.object_id for a in store.touching(["r2"]).arrows] == ["r2"]


def test_boxes_that_overlap_are_joined_in_their_middles() -> None:
    a, b = np.array((0.0, 0.0, 10.0, 10.0)), np.array((2.0, 2.0, 14.0, 14.0))
    assert edge_to_edge(a, b) == ((5.0, 5.0), (8.0, 8.0))
    assert edge_to_edge(a, a) == ((5.0, 5.0), (5.0, 5.0))


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=1, max_size=25))
def test_hulls_are_those_of_shapely(points: list[tuple[int, int]]) -> None:
    array = np.array(points, dtype=float)
    hull = convex_hull(array)
    expected = shapely.MultiPoint(array).convex_hull
    if len(hull) >= 3:
        assert shapely.Polygon(hull).equals(expected)
    else:
        assert {tuple(p) for p in hull} == {tuple(p) for p in shapely.get_coordinates(expected)}

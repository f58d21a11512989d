from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make.shapes import crowd, one_of_each
from viewer.geometry import Area, Box
from viewer.overlay import hits
from viewer.overlay.hits import OUTLINE_PX, Cycle, Hits
from viewer.overlay.shapes import AREA, BOX, ShapeStore, Tag
from viewer.overlay.style import Style

STYLE = Style("#DE4551")


def geometry_of(store: ShapeStore, label: int) -> tuple[shapely.Geometry, shapely.Geometry]:
    """(filled, outline) by shapely."""
    filled, outlines = [], []
    for part in range(store.first_part[label], store.first_part[label + 1]):
        x0, y0, x1, y1 = store.part_box[part]
        if store.kind[part] == BOX:
            shape = shapely.box(x0, y0, x1, y1)
            filled.append(shape)
            outlines.append(shape.boundary)
        elif store.kind[part] == AREA:
            rings = [
                store.rings.points[store.rings.first[r] : store.rings.first[r + 1]]
                for r in range(store.first_ring[part], store.first_ring[part + 1])
            ]
            shape = shapely.Polygon(rings[0], rings[1:])
            filled.append(shape)
            outlines.append(shape.boundary)
        else:
            raise AssertionError("only boxes and areas here")
    return shapely.union_all(filled), shapely.union_all(outlines)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 300), st.floats(0, 200), st.sampled_from([0.3, 1.0, 8.0]))
def test_exactly_what_shapely_finds(seed: int, x: float, y: float, scale: float) -> None:
    store = crowd(25, (300.0, 200.0), seed=seed, most_points=60)
    found = set(Hits(store).under((x, y), scale))
    place, reach = shapely.Point(x, y), OUTLINE_PX / scale
    for label in range(len(store)):
        filled, outline = geometry_of(store, label)
        away = outline.distance(place)
        if abs(away - reach) < 1e-6 or away < 1e-9:
            continue
        assert (label in found) == (filled.contains(place) or away <= reach)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 120), st.floats(0, 90), st.sampled_from([0.3, 1.0, 8.0]))
def test_the_order_is_that_of_the_rule(seed: int, x: float, y: float, scale: float) -> None:
    """Shapes are left unasked where the answer would not matter; the order must not tell."""
    store = crowd(30, (120.0, 90.0), seed=seed, most_points=40)
    found = Hits(store).under((x, y), scale)
    place, reach = shapely.Point(x, y), OUTLINE_PX / scale
    away = [geometry_of(store, label)[1].distance(place) for label in found]
    if any(abs(a - reach) < 1e-6 for a in away):
        return
    keys = [(store.area[i] * (0.5 if a <= reach else 1.0), -i) for i, a in zip(found, away)]
    assert keys == sorted(keys)


def test_the_smallest_comes_first_and_the_upper_of_two_alike() -> None:
    shapes = [
        ("big", (Box(0, 0, 100, 100),), STYLE, Tag("")),
        ("small", (Box(40, 40, 60, 60),), STYLE, Tag("")),
        ("middle", (Box(20, 20, 80, 80),), STYLE, Tag("")),
        ("twin", (Box(40, 40, 60, 60),), STYLE, Tag("")),
    ]
    store = ShapeStore.of_primitives(shapes, (100.0, 100.0))
    assert [store.object_ids[i] for i in Hits(store).under((50, 50), 10.0)] == ["twin", "small", "middle", "big"]


def test_an_outline_goes_before_the_interior_of_one_about_as_large() -> None:
    shapes = [
        ("a", (Box(0, 0, 100, 100),), STYLE, Tag("")),
        ("b", (Box(50, 0, 160, 100),), STYLE, Tag("")),
    ]
    hit = Hits(ShapeStore.of_primitives(shapes, (200.0, 200.0)))
    assert hit.under((52, 50), 1.0) == (1, 0), "the pointer is on b's outline"
    assert hit.under((75, 50), 1.0) == (0, 1)


def test_lines_points_and_holes() -> None:
    store = one_of_each()
    hit = Hits(store)
    names = lambda x, y, s=1.0: [store.object_ids[i] for i in hit.under((x, y), s)]  # noqa: E731
    assert names(75, 65) == [], "in the hole"
    assert names(75, 65, 0.1) != [], "whose outline is near when zoomed out"
    assert names(50, 40) == ["area"]
    assert names(152, 102) == ["dot"] and names(157, 107) == []
    assert names(50, 126) == ["line"] and names(100, 138) == [], "a line is not closed"
    assert names(160, 70) == ["islands"]
    assert names(230, 110) == ["out"], "beyond the page"


def test_nothing_is_under_the_pointer_of_an_empty_page() -> None:
    assert Hits(ShapeStore.empty()).under((1, 1), 1.0) == ()


@pytest.mark.parametrize("count", [50])
def test_the_tree_finds_the_same(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    store = crowd(count, (300.0, 200.0), most_points=40)
    random = np.random.default_rng(1)
    places = random.uniform((0, 0), (300, 200), (60, 2))
    plain = [Hits(store).under((x, y), 1.0) for x, y in places]
    monkeypatch.setattr(hits, "BRUTE_FORCE_UP_TO", 10)
    tree = Hits(store)
    assert [tree.under((x, y), 1.0) for x, y in places] == plain
    assert tree._tree is not None


def test_boxes_in_a_box() -> None:
    store = one_of_each()
    assert [store.object_ids[i] for i in Hits(store).in_box(0, 0, 45, 35)] == ["box", "area"]


def test_a_polygon_that_crosses_itself_is_even_odd() -> None:
    star = np.array([(50 + 40 * np.cos(a), 50 + 40 * np.sin(a)) for a in np.arange(5) * 4 * np.pi / 5])
    store = ShapeStore.of_primitives([("star", (Area((star,)),), STYLE, Tag(""))], (100.0, 100.0))
    assert Hits(store).under((50, 50), 10.0) == (), "the middle is wound twice"
    assert Hits(store).under((78, 50), 10.0) == (0,)


def test_clicks_on_one_place_take_turns() -> None:
    cycle = Cycle()
    ids = ("a", "b", "c")
    assert [cycle.click((10, 10), 1.0, ids) for _ in range(4)] == ["a", "b", "c", "a"]
    assert cycle.click((12, 11), 1.0, ids) == "b", "a hand is not still"
    assert cycle.click((30, 10), 1.0, ids) == "a", "another place"
    assert cycle.click((30, 10), 1.0, ("a", "b")) == "a", "other labels"
    assert cycle.click((30, 10), 1.0, ()) is None
    cycle.reset()
    assert cycle.click((30, 10), 1.0, ids) == "a"

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.make.shapes import crowd, one_of_each
from viewer import limits
from viewer.geometry import Area, Box, Dot, LabelSpace, Line
from viewer.model import Annotation
from viewer.overlay.shapes import AREA, BOX, DOT, LINE, ShapeStore, Tag
from viewer.overlay.style import Style, label_style
from viewer.tools import parse_tool
from viewer.tracks import Placed

STYLE = Style("#DE4551")


def test_arrays_of_one_of_each() -> None:
    store = one_of_each()
    assert store.object_ids == ("box", "area", "islands", "line", "dot", "out")
    assert store.kind.tolist() == [BOX, AREA, AREA, AREA, LINE, DOT, BOX]
    assert store.label.tolist() == [0, 1, 2, 2, 3, 4, 5]
    assert store.box[1].tolist() == [40, 30, 110, 100]
    assert store.area.tolist() == [600.0, 70 * 70 - 900.0, 500.0, 0.0, 0.0, 70 * 40.0]
    assert store.box[2].tolist() == [120, 20, 170, 85]
    assert store.reaching_out().tolist() == [False] * 5 + [True]
    assert not store.fully_outside().any()
    assert store.bounds == (5, 5, 240, 140)
    assert store.bounds_of(["dot", "box"]) == (5, 5, 150, 100)
    assert store.bounds_of(["nobody"]) is None
    assert store.index["line"] == 3


def test_an_empty_store() -> None:
    store = ShapeStore.empty((10.0, 20.0))
    assert len(store) == 0 and store.bounds is None and not store.reaching_out().any()


def test_labels_that_draw_nothing_are_left_out() -> None:
    empty = np.empty((0, 2))
    shapes = [
        ("nothing", (), STYLE, Tag("")),
        ("no points", (Line(empty),), STYLE, Tag("")),
        ("hollow", (Area((empty,)),), STYLE, Tag("")),
        ("real", (Area((empty, np.array(((0.0, 0.0), (4.0, 0.0), (0.0, 4.0))))),), STYLE, Tag("")),
        ("lone", (Line(np.array(((3.0, 3.0),))),), STYLE, Tag("")),
    ]
    store = ShapeStore.of_primitives(shapes, (10.0, 10.0))
    assert store.object_ids == ("real", "lone")
    assert store.area.tolist() == [8.0, 0.0]


def test_the_limit_of_points_leaves_out_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "POINTS_PER_PAGE", 50)
    line = Line(np.zeros((40, 2)))
    store = ShapeStore.of_primitives(
        [("a", (line,), STYLE, Tag("")), ("b", (line,), STYLE, Tag("")), ("c", (Dot(1, 1),), STYLE, Tag(""))],
        (9.0, 9.0),
    )
    assert store.object_ids == ("a", "c") and store.left_out == 1


def test_styles_are_shared_and_the_same_id_may_come_twice() -> None:
    shapes = [("a", (Box(0, 0, 1, 1),), STYLE, Tag("")), ("a", (Box(5, 5, 6, 6),), STYLE, Tag(""))]
    store = ShapeStore.of_primitives(shapes, (9.0, 9.0))
    assert store.styles == (STYLE,) and store.labels_of(["a"]) == [0, 1]
    assert store.bounds_of(["a"]) == (0, 0, 6, 6)


def test_built_from_tools_and_states() -> None:
    tool = parse_tool({"point": [3, 4]}, lambda *_a, **_k: None)
    annotation = Annotation(object_id="p", schema_id="s", title="Eye", tool=tool)
    seen: list[str] = []

    def style_of(placed: Placed) -> Style:
        seen.append(placed.state)
        return label_style("#FFBE0C", state=placed.state)

    placed = [
        Placed(annotation, tool, "key"),
        Placed(annotation, tool, "interpolated"),
        Placed(annotation, tool, "held"),
    ]
    store = ShapeStore.build(placed, LabelSpace((10.0, 10.0)), style_of)
    assert seen == ["key", "interpolated", "held"]
    assert [t.fact for t in store.tags] == ["", "between keys", "held"]
    assert store.tags[0].title == "Eye"


@given(st.integers(0, 2**32 - 1))
def test_boxes_and_areas_are_those_of_shapely(seed: int) -> None:
    store = crowd(12, (400.0, 300.0), seed=seed, most_points=40)
    for label in range(0, 12, 2):
        rings = store.rings
        points = rings.points[rings.first[label // 2] : rings.first[label // 2 + 1]]
        polygon = shapely.Polygon(points)
        assert store.box[label] == pytest.approx(polygon.bounds)
        assert store.area[label] == pytest.approx(polygon.area, rel=1e-9)

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from tests.make.shapes import one_of_each
from viewer.geometry import IDENTITY, Affine, Area
from viewer.overlay.relations import Arrow, Hull, RelationStore
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import Style
from viewer.ui.canvas import live_layer


def painted(paint: object, size: tuple[int, int] = (260, 160)) -> NDArray[np.uint8]:
    pixels = np.zeros((size[1], size[0], 4), dtype=np.uint8)
    image = QImage(pixels.data, size[0], size[1], size[0] * 4, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    paint(painter)  # type: ignore[operator]
    painter.end()
    return pixels


def relation_ink(*arrows: Arrow, hulls: tuple[Hull, ...] = (), to_device: Affine = IDENTITY) -> NDArray[np.uint8]:
    store = RelationStore(arrows, hulls)
    return painted(lambda p: live_layer.paint_relations(p, store, to_device, halo=False))


def arrow(end: bool, start: bool, missing: bool = False) -> Arrow:
    return Arrow("r", "", "#00FF00", (50.0, 80.0), (50.0, 80.0) if missing else (200.0, 80.0), end, start, missing)


@pytest.mark.parametrize(("end", "start"), [(True, False), (False, True), (True, True)])
def test_heads_are_where_the_direction_points(end: bool, start: bool) -> None:
    ink = relation_ink(arrow(end, start))[:, :, 3] > 100
    assert ink[80, 60:190].all() or ink[79, 60:190].all()
    thickness = ink.sum(axis=0)
    assert (thickness[192:198].max() > 4) == end
    assert (thickness[52:58].max() > 4) == start


def test_a_missing_end_is_a_hollow_ring_of_one_size() -> None:
    for scale in (1.0, 0.25):
        ink = relation_ink(arrow(True, False, missing=True), to_device=Affine.scaling(scale, scale))[:, :, 3]
        x, y = round(50 * scale + live_layer.STUB_PX), round(80 * scale)
        assert ink[y, x] < 60, "hollow"
        for dx, dy in ((5, 0), (0, 5), (0, -5)):
            assert ink[y + dy - 1 : y + dy + 2, x + dx - 1 : x + dx + 2].max() > 120


def test_a_group_is_a_dashed_hull_around_its_members() -> None:
    ring = np.array(((60.0, 40.0), (160.0, 40.0), (160.0, 120.0), (60.0, 120.0)))
    ink = relation_ink(hulls=(Hull("g", "", "#00FF00", ring, 0),))[:, :, 3] > 100
    top = ink[32:37, 60:160].any(axis=0)
    assert 0.2 < top.mean() < 0.9, "dashes, outside of the members"
    assert not ink[45:115, 65:155].any()


def test_selected_has_three_lines_and_turns_round_on_paper() -> None:
    store = one_of_each((200.0, 150.0))
    for paper in (False, True):
        pixels = painted(lambda p, w=paper: live_layer.paint_selected(p, store, [0], IDENTITY, paper=w, dpr=1.0))
        profile = pixels[15, 0:11, :3].astype(int)
        outer, inner = profile[2], profile[3]
        assert (inner.max() < 100) if paper else (inner.min() > 150)
        assert (outer.min() > 150) if paper else (outer.max() < 100)


def test_a_selected_outline_of_a_million_points_is_drawn_in_time() -> None:
    t = np.linspace(0.0, 2.0 * np.pi, 200_000, endpoint=False)
    ring = np.stack((130.0 + 60.0 * np.cos(t), 80.0 + 60.0 * np.sin(t)), axis=1)
    store = ShapeStore.of_primitives([("a", (Area((ring,)),), Style("#FF0000"), Tag(""))], (260.0, 160.0))
    pixels = painted(lambda p: live_layer.paint_selected(p, store, [0], IDENTITY, paper=False, dpr=1.0))
    assert pixels[80, 188:193, 3].max() > 200

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.make.shapes import crowd, one_of_each
from viewer.geometry import IDENTITY, Affine
from viewer.overlay.shapes import Tag
from viewer.ui.canvas import tags
from viewer.ui.canvas.painter import PaintOptions, paint_shapes

pytestmark = pytest.mark.usefixtures("qapp")
VIEW = (0.0, 0.0, 1200.0, 800.0)


def rects(store: object, shown: np.ndarray, to_view: Affine) -> np.ndarray:
    widths = np.array([tags.tag_texts(store.tags[i].title, store.tags[i].fact)[2] for i in shown])  # type: ignore[attr-defined]
    corners = tags.places(store, shown, widths, to_view, VIEW)  # type: ignore[arg-type]
    return np.concatenate((corners, corners + np.stack((widths, np.full(len(shown), tags.HEIGHT)), axis=1)), axis=1)


@pytest.mark.parametrize("scale", [0.2, 0.6, 2.0])
def test_tags_do_not_overlap_and_stay_inside(scale: float) -> None:
    store = crowd(3000, (4000.0, 3000.0), most_points=22)
    to_view = Affine.scaling(scale, scale)
    shown = tags.fitting(store, to_view, VIEW)
    assert 20 < len(shown) <= tags.AT_MOST
    boxes = rects(store, shown, to_view)
    assert (boxes[:, 0] >= 0).all() and (boxes[:, 2] <= VIEW[2]).all()
    assert (boxes[:, 1] >= 0).all() and (boxes[:, 3] <= VIEW[3]).all()
    for i in range(len(boxes)):
        a, rest = boxes[i], boxes[i + 1 :]
        clash = (rest[:, 0] < a[2]) & (rest[:, 2] > a[0]) & (rest[:, 1] < a[3]) & (rest[:, 3] > a[1])
        assert not clash.any()


def test_the_largest_go_first_and_the_selected_always() -> None:
    store = crowd(500, (400.0, 300.0), most_points=22)
    shown = tags.fitting(store, IDENTITY, VIEW, first=[17, 400])
    assert shown[:2].tolist() == [17, 400]
    extent = np.prod(store.box[:, 2:] - store.box[:, :2], axis=1)
    assert shown[2] == int(np.argsort(-extent, kind="stable")[0]) or extent[shown[2]] > np.median(extent)
    assert (np.diff(extent[shown[2:]]) <= 1e-9).all()


def test_all_means_all() -> None:
    store = crowd(300, (400.0, 300.0), most_points=22)
    assert len(tags.fitting(store, IDENTITY, VIEW, everything=True)) == 300


def test_long_and_strange_texts_stay_tags() -> None:
    title, fact, width = tags.tag_texts("x" * 5000 + "\n\n" + "y" * 500, "z" * 5000)
    assert width < 2 * tags.LONGEST + 40 and "\n" not in title and len(fact) < 200
    assert tags.tag_texts("", "")[2] >= 0


def image() -> tuple[np.ndarray, QImage]:
    pixels = np.zeros((150, 260, 4), dtype=np.uint8)
    return pixels, QImage(pixels.data, 260, 150, 1040, QImage.Format.Format_ARGB32_Premultiplied)


def test_the_atlas_draws_what_a_tag_is(qtbot: QtBot) -> None:
    items = [(Tag("Car", "moving"), "#DE4551"), (Tag("Van"), "#FFBE0C"), (Tag("Car", "moving"), "#DE4551")]
    corners = np.array([[10.0, 10.0], [100.0, 40.0], [10.0, 80.0]])
    direct, target = image()
    painter = QPainter(target)
    for (tag, colour), (x, y) in zip(items, corners):
        tags.draw_tag(painter, (x, y), tag, colour)
    painter.end()
    for _ in range(2):
        cached, target = image()
        painter = QPainter(target)
        tags.Atlas().draw(painter, items, corners, 1.0)
        painter.end()
        assert (np.abs(cached.astype(int) - direct.astype(int)).max(axis=2) > 24).mean() < 0.0005


def test_a_full_atlas_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "ATLAS_SIDE", 128)
    atlas = tags.Atlas()
    for number in range(40):
        pixels, target = image()
        painter = QPainter(target)
        atlas.draw(painter, [(Tag(f"Class {number}"), "#FFBE0C")], np.array([[5.0, 5.0]]), 1.0)
        painter.end()
        assert pixels[12, 8, 3] == 255


def test_the_painter_draws_tags_when_asked() -> None:
    store = one_of_each()
    with_tags, target = image()
    painter = QPainter(target)
    paint_shapes(painter, store, IDENTITY, options=PaintOptions(tags=True))
    painter.end()
    without, target = image()
    painter = QPainter(target)
    paint_shapes(painter, store, IDENTITY)
    painter.end()
    assert (with_tags != without).any(axis=2).sum() > 1000

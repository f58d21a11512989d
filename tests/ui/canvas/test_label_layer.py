from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from tests.make.shapes import crowd, one_of_each
from viewer.geometry import IDENTITY, Affine
from viewer.overlay.relations import RelationStore
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas.label_layer import SLOW_FRAMES, LabelLayer

pytestmark = pytest.mark.usefixtures("qapp")
FRAME = (0.0, 0.0, 600.0, 400.0)


def layer_of(store: ShapeStore) -> LabelLayer:
    layer = LabelLayer()
    layer.tags.set_mode("none")
    layer.set_content(store, RelationStore())
    return layer


def frame(layer: LabelLayer, to_device: Affine = IDENTITY) -> tuple[NDArray[np.uint8], bool]:
    pixels = np.zeros((400, 600, 4), dtype=np.uint8)
    image = QImage(pixels.data, 600, 400, 2400, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#505860"))
    painter = QPainter(image)
    complete = layer.paint(painter, to_device, FRAME, FRAME, dpr=1.0, moving=False)
    painter.end()
    return pixels, complete


def test_few_labels_are_drawn_directly_and_many_by_tiles() -> None:
    assert layer_of(one_of_each())._is_direct(1.0)
    assert not layer_of(crowd(3000, (600.0, 400.0), most_points=40))._is_direct(1.0)


def test_labels_stay_while_direct_drawing_gives_way_to_tiles() -> None:
    """No frame of the change lacks a label, however small the budget."""
    layer = layer_of(crowd(40, (600.0, 400.0), most_points=60))
    layer.tile_budget = 0.0
    before, complete = frame(layer)
    assert complete
    layer._slow_frames = SLOW_FRAMES
    frames = 0
    while True:
        now, complete = frame(layer)
        frames += 1
        assert (np.abs(now.astype(int) - before).max(axis=2) > 24).mean() < 0.0005
        layer._slow_frames = SLOW_FRAMES
        if complete:
            break
        assert frames < 200
    assert frames > 1 and not layer._was_direct


def test_chips_tell_of_labels_outside() -> None:
    layer = layer_of(one_of_each((100.0, 60.0)))
    plain, _ = frame(layer, Affine.translation(20.0, 20.0))
    away, _ = frame(layer, Affine.translation(-400.0, 20.0))
    assert (away[76:100, 0:170] != away[0, 0]).any(), "at the left edge"
    assert (plain[76:100, 430:] == plain[0, 0]).all()


def test_selection_survives_other_content_by_id() -> None:
    layer = layer_of(one_of_each())
    layer.set_selection(["dot", "elsewhere"])
    assert layer._selected == [4]
    layer.set_content(ShapeStore.empty(), RelationStore())
    assert layer._selected == []
    layer.set_content(one_of_each(), RelationStore())
    assert layer._selected == [4]


def test_tags_stay_where_they_are_when_labels_only_look_otherwise() -> None:
    store = crowd(60, (600.0, 400.0), most_points=40)
    layer = layer_of(store)
    layer.tags.set_mode("auto")
    frame(layer)
    chosen = layer.tags.chosen
    assert chosen is not None and len(chosen)
    rows = np.arange(len(store))
    looks = {"object_ids": store.object_ids, "styles": store.styles, "style": store.style[::-1].copy()}
    layer.set_content(store.with_looks(rows, tags=store.tags, **looks), RelationStore())
    assert layer.tags.chosen is chosen
    other = tuple(replace(tag, fact="held") for tag in store.tags)
    layer.set_content(store.with_looks(rows, tags=other, **looks), RelationStore())
    assert layer.tags.chosen is None

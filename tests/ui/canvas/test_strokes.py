from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QRegion

from tests.make.shapes import crowd, one_of_each
from viewer.geometry import Affine
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas import strokes
from viewer.ui.canvas.painter import PaintOptions, paint_shapes, shape_steps
from viewer.ui.canvas.strokes import inside, pieces


def pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), np.uint8).copy()


def blank() -> QImage:
    image = QImage(700, 500, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image


def at_once(store: ShapeStore, options: PaintOptions) -> np.ndarray:
    image = blank()
    painter = QPainter(image)
    paint_shapes(painter, store, Affine(1.3, 0.0, 0.0, 1.3, -40.0, 15.0), options=options)
    painter.end()
    return pixels(image)


def test_rows_are_cut_into_runs() -> None:
    rows = np.arange(23)
    cut = list(pieces(rows, 10))
    assert [len(piece) for piece in cut] == [10, 10, 3] and np.array_equal(np.concatenate(cut), rows)
    assert list(pieces(rows[:0], 10)) == []


def test_a_painter_of_its_own_for_each_step_makes_the_same_pixels(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for store in (one_of_each((400.0, 300.0)), crowd(120, (600.0, 400.0), most_points=200)):
        for options in (PaintOptions(), PaintOptions(fine=True, clip=(0.0, 0.0, 700.0, 500.0))):
            expected = at_once(store, options)
            for name in ("RECTS", "LINES", "POLYGONS", "DOTS"):
                monkeypatch.setattr(f"viewer.ui.canvas.painter.{name}", 7)
            image = blank()
            count = 0
            for step in shape_steps(store, Affine(1.3, 0.0, 0.0, 1.3, -40.0, 15.0), options=options):
                painter = QPainter(image)
                step(painter)
                painter.end()
                count += 1
            monkeypatch.undo()
            assert count > 20
            assert expected.any() and np.array_equal(pixels(image), expected)


def test_what_is_inside_of_a_region_alone_leaves_the_painter_as_it_was() -> None:
    image = blank()
    painter = QPainter(image)
    inside(QRegion(QRect(0, 0, 10, 10)), lambda p: p.fillRect(0, 0, 50, 50, 0xFF00FF00), painter)
    assert not painter.hasClipping()
    painter.end()
    assert image.pixelColor(9, 9).alpha() == 255 and image.pixelColor(10, 10).alpha() == 0
    assert min(strokes.RECTS, strokes.LINES, strokes.POLYGONS, strokes.DOTS) > 1

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.make.shapes import crowd, one_of_each
from tests.ui.canvas.conftest import Content, pixels_of
from viewer.geometry import Affine
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas import Canvas
from viewer.ui.canvas.painter import PaintOptions, paint_shapes, shape_steps
from viewer.ui.canvas.strokes import Step
from viewer.ui.canvas.tiles import DENSE_TILE, TILE, Box, Tiles

VIEWPORT = (0.0, 0.0, 700.0, 500.0)


class Scene:
    """A store painted through tiles into an image."""

    def __init__(self, store: ShapeStore) -> None:
        self.store = store
        self.painted: list[Affine] = []
        self.tiles = Tiles(self.paint, store.bounds)

    def paint(self, to_device: Affine, clip: Box) -> Iterator[Step]:
        self.painted.append(to_device)
        return shape_steps(self.store, to_device, options=PaintOptions(clip=clip))

    def draw(self, to_device: Affine, *, moving: bool = False, budget: float = 60.0) -> NDArray[np.uint8]:
        return self._image(
            lambda p: self.tiles.draw(p, to_device, VIEWPORT, moving=moving, budget=budget)  # type: ignore[arg-type, return-value]
        )

    def direct(self, to_device: Affine) -> NDArray[np.uint8]:
        return self._image(lambda p: paint_shapes(p, self.store, to_device, options=PaintOptions(clip=VIEWPORT)))

    def _image(self, paint: object) -> NDArray[np.uint8]:
        pixels = np.zeros((500, 700, 4), dtype=np.uint8)
        image = QImage(pixels.data, 700, 500, 2800, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor("#505860"))
        painter = QPainter(image)
        paint(painter)  # type: ignore[operator]
        painter.end()
        return pixels


def differing(a: NDArray[np.uint8], b: NDArray[np.uint8], over: int = 24) -> float:
    """Share of pixels that differ by more than `over` levels."""
    return float((np.abs(a.astype(int) - b.astype(int)).max(axis=2) > over).mean())


@pytest.mark.parametrize("scale", [0.31, 1.0, 2.7, 8.0])
@pytest.mark.parametrize("shift", [(0.0, 0.0), (-133.0, 41.0), (77.0, -250.0)])
def test_the_cached_picture_is_the_directly_drawn_one(scale: float, shift: tuple[float, float]) -> None:
    for store in (one_of_each((400.0, 300.0)), crowd(150, (900.0, 700.0), most_points=300)):
        scene = Scene(store)
        to_device = Affine(scale, 0.0, 0.0, scale, *shift)
        cached, direct = scene.draw(to_device), scene.direct(to_device)
        assert scene.tiles.complete
        assert differing(direct, np.full_like(direct, 80)) > 0.001, "there is something to compare"
        assert differing(cached, direct) < 0.0005
        assert differing(cached, direct, over=4) < 0.002


def test_panning_draws_only_what_comes_into_view() -> None:
    scene = Scene(crowd(150, (3000.0, 2000.0), most_points=60))
    scene.draw(Affine(1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
    first = len(scene.painted)
    scene.draw(Affine(1.0, 0.0, 0.0, 1.0, -20.0, 0.0))
    assert len(scene.painted) - first <= 2
    again = len(scene.painted)
    moved = scene.draw(Affine(1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
    assert len(scene.painted) == again, "what was seen is kept"
    assert differing(moved, scene.direct(Affine())) < 0.0005


def test_zooming_shows_the_old_picture_scaled_and_then_the_sharp_one() -> None:
    scene = Scene(crowd(60, (700.0, 500.0), most_points=60))
    start, end = Affine(), Affine.scaling(1.5, 1.5)
    scene.draw(start)
    scene.tiles.keep_picture(start, VIEWPORT)
    made = len(scene.painted)
    while_zooming = scene.draw(end, moving=True)
    assert len(scene.painted) == made and not scene.tiles.complete
    sharp = scene.draw(end)
    assert scene.tiles.complete and differing(sharp, scene.direct(end)) < 0.0005
    assert differing(while_zooming, np.full_like(sharp, 80)) > 0.01, "labels stayed"
    # they were in about the right place: blurred, the two pictures agree
    blur = lambda a: a[:500, :700].reshape(50, 10, 70, 10, 4).mean(axis=(1, 3))  # noqa: E731
    assert np.abs(blur(while_zooming) - blur(sharp)).mean() < 6.0


def test_zooming_out_keeps_what_was_beyond_the_edge() -> None:
    store = crowd(60, (700.0, 500.0), most_points=60)
    scene = Scene(store)
    fit, close = Affine.scaling(0.7, 0.7), Affine(3.0, 0.0, 0.0, 3.0, -900.0, -600.0)
    scene.tiles._bounds = (0.0, 0.0, 700.0, 500.0)
    scene.draw(fit)
    scene.tiles.keep_picture(fit, VIEWPORT)
    scene.draw(close)
    scene.tiles.keep_picture(close, VIEWPORT)
    back = scene.draw(fit, moving=True)
    corner = back[5:60, 5:200]
    assert differing(corner, np.full_like(corner, 80)) > 0.01


def test_a_small_budget_fills_the_view_step_by_step() -> None:
    scene = Scene(crowd(60, (700.0, 500.0), most_points=60))
    steps = 0
    while True:
        picture = scene.draw(Affine(), budget=0.0)
        steps += 1
        if scene.tiles.complete:
            break
        assert steps < 5_000
    assert steps >= len(scene.painted) == 6
    assert differing(picture, scene.direct(Affine())) < 0.0005


def test_empty_places_cost_nothing() -> None:
    scene = Scene(ShapeStore.empty())
    scene.draw(Affine())
    assert scene.painted == [] and scene.tiles.complete
    scene = Scene(one_of_each())
    scene.draw(Affine.translation(20_000.0, 0.0))
    assert scene.painted == []


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.ui.canvas.tiles.CACHE_BYTES", 10 * TILE * TILE * 4)
    scene = Scene(crowd(100, (8000.0, 3000.0), most_points=30))
    for x in range(0, 6000, 300):
        scene.draw(Affine.translation(-float(x), -500.0))
    assert len(scene.tiles._tiles) <= 12


def test_in_the_widget_tiles_and_direct_drawing_agree(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    page = content(store=crowd(120, (200.0, 150.0), most_points=300))
    pictures = []
    for drawing in ("direct", "tiles"):
        canvas.labels.drawing = drawing  # type: ignore[assignment]
        canvas.set_tags_mode("none")
        canvas.clear()
        canvas.view.fitting = "page"
        canvas.show_page(page)
        canvas.zoom_by(1.7)
        qtbot.waitUntil(lambda: not canvas._rest.isActive() and not canvas._background._jobs)
        pixels_of(canvas)
        qtbot.waitUntil(lambda d=drawing: d == "direct" or canvas.labels._tiles.complete)  # type: ignore[misc]
        pictures.append(pixels_of(canvas))
    assert differing(pictures[0], pictures[1]) < 0.0005


def test_a_turn_draws_no_more_than_a_step_beyond_its_budget_and_ends_with_the_same_pixels() -> None:
    scene = Scene(crowd(900, (700.0, 500.0), most_points=300))
    scene.draw(Affine(), budget=0.0)
    first = set(scene.tiles._tiles)
    assert len(first) == 1, "the first tile is there whatever it takes"
    scene.draw(Affine(), budget=0.0)
    assert set(scene.tiles._tiles) == first and scene.tiles._block is not None, "the next is only begun"
    assert scene.tiles.make_more(Affine(), VIEWPORT, 0.0) == []
    made = len(scene.painted)
    whole = scene.draw(Affine())
    assert scene.tiles.complete and scene.tiles._block is None and len(scene.painted) >= made
    assert differing(whole, scene.direct(Affine())) < 0.0005


def test_what_was_begun_at_another_scale_is_given_up() -> None:
    scene = Scene(crowd(900, (700.0, 500.0), most_points=300))
    scene.draw(Affine(), budget=0.0)
    scene.draw(Affine(), budget=0.0)
    assert scene.tiles._block is not None
    assert scene.tiles.make_more(Affine.scaling(0.5, 0.5), VIEWPORT, 0.0) is None
    half = scene.draw(Affine.scaling(0.5, 0.5))
    assert scene.tiles.complete and differing(half, scene.direct(Affine.scaling(0.5, 0.5))) < 0.0005


@pytest.mark.parametrize("side", [DENSE_TILE, TILE])
def test_tiles_of_both_sides_show_the_same(side: int) -> None:
    scene = Scene(crowd(150, (900.0, 700.0), most_points=300))
    scene.tiles = Tiles(scene.paint, scene.store.bounds, side=side)
    assert differing(scene.draw(Affine()), scene.direct(Affine())) < 0.0005
    assert {tile.width() for tile in scene.tiles._tiles.values()} == {side}

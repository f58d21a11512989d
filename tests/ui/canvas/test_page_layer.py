from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from viewer.decoders.base import Raster
from viewer.geometry import Affine
from viewer.ui.canvas.page_layer import PageLayer, draw_picture, mip_level, picture_of, with_mips


def raster(pixels: NDArray[np.uint8], region: tuple[float, float, float, float] | None = None) -> Raster:
    form = "gray8" if pixels.ndim == 2 else "bgrx"
    return Raster(pixels, form, region or (0.0, 0.0, float(pixels.shape[1]), float(pixels.shape[0])))  # type: ignore[arg-type]


def noise(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[:, :, 3] = 255
    return pixels


def drawn(layer: PageLayer, to_device: Affine, size: tuple[int, int], **more: object) -> NDArray[np.uint8]:
    pixels = np.zeros((size[1], size[0], 4), dtype=np.uint8)
    image = QImage(pixels.data, size[0], size[1], size[0] * 4, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    try:
        layer.paint(painter, to_device, (0.0, 0.0, float(size[0]), float(size[1])), **more)  # type: ignore[arg-type]
    finally:
        painter.end()
    return pixels


def layer_of(pixels: Raster, page_size: tuple[float, float] | None = None) -> PageLayer:
    layer = PageLayer()
    layer.set_base(with_mips(picture_of(pixels)), page_size or (float(pixels.size[0]), float(pixels.size[1])))
    return layer


def test_bgrx_is_not_copied_and_kept_alive() -> None:
    pixels = noise(40, 30)
    picture = picture_of(raster(pixels))
    assert picture.arrays[0] is pixels or np.shares_memory(picture.arrays[0], pixels)
    del pixels
    assert picture.images[0].pixel(3, 3) != 0


def test_at_one_to_one_pixels_are_exactly_those_of_the_file() -> None:
    pixels = noise(61, 47)
    shown = drawn(layer_of(raster(pixels)), Affine.translation(5, 7), (80, 60))
    assert (shown[7:54, 5:66, :3] == pixels[:, :, :3]).all()
    assert (shown[:7, :, :3] == 0).all()


@pytest.mark.parametrize("scale", [2, 3, 8, 20])
@pytest.mark.parametrize("offset", [(0, 0), (-37, -111)])
def test_zoomed_in_every_pixel_is_a_square_in_its_place(scale: int, offset: tuple[int, int]) -> None:
    pixels = noise(50, 40)
    picture = picture_of(raster(pixels))
    out = np.zeros((200, 300, 4), dtype=np.uint8)
    image = QImage(out.data, 300, 200, 1200, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    draw_picture(painter, picture, Affine(scale, 0, 0, scale, offset[0], offset[1]), (0.0, 0.0, 300.0, 200.0))
    painter.end()
    expected = pixels.repeat(scale, axis=0).repeat(scale, axis=1)
    y0, x0 = max(-offset[1], 0), max(-offset[0], 0)
    expected = expected[y0 : y0 + 200, x0 : x0 + 300, :3]
    assert (out[: expected.shape[0], : expected.shape[1], :3] == expected).all()


def test_a_wide_picture_zoomed_in_does_not_drift() -> None:
    """Qt scales with fixed-point steps: over a wide target they must not add up."""
    pixels = np.zeros((4, 12_000, 4), dtype=np.uint8)
    pixels[:, ::2] = 255
    picture = picture_of(raster(pixels))
    out = np.zeros((16, 3000, 4), dtype=np.uint8)
    image = QImage(out.data, 3000, 16, 12_000, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    draw_picture(painter, picture, Affine(7.5, 0, 0, 7.5, -80_000.0, 0), (0.0, 0.0, 3000.0, 16.0))
    painter.end()
    wrong = 0
    for x in range(3000):
        at = (x + 0.5 + 80_000.0) / 7.5
        if abs(at - round(at)) < 0.5 / 7.5:
            continue  # within half a device pixel of an edge
        wrong += (out[5, x, 0] > 128) != (int(at) % 2 == 0)
    assert wrong == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(257, 1400), st.integers(257, 1400))
def test_mip_levels_halve_and_keep_the_mean(width: int, height: int) -> None:
    pixels = np.full((height, width), 0, dtype=np.uint8)
    pixels[:, : width // 2] = 200
    picture = with_mips(picture_of(raster(pixels)))
    for level, array in enumerate(picture.arrays):
        step = 1 << level
        assert array.shape[1] == -(-width // step) and array.shape[0] == -(-height // step)
        assert len(picture.images) == len(picture.arrays)
        edge = (array[0, :, 0].astype(float) / 200.0).sum() * step
        assert abs(edge - width // 2) <= 0.02 * width
    assert max(picture.arrays[-1].shape[:2]) <= 256


def test_the_level_is_at_least_as_fine_as_the_screen() -> None:
    assert [mip_level(f, 10) for f in (4.0, 1.0, 0.99, 0.51, 0.5, 0.26, 0.25, 0.01)] == [0, 0, 0, 0, 1, 1, 2, 6]
    assert mip_level(0.001, 3) == 2 and mip_level(0.0, 3) == 0


def test_grey_and_alpha() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    shown = drawn(layer_of(raster(grey)), Affine(), (16, 16))
    assert (shown[:, :, :3] == grey[:, :, None]).all()
    clear = np.zeros((16, 32, 4), dtype=np.uint8)
    clear[:, 16:] = (10, 20, 30, 255)
    shown = drawn(layer_of(Raster(clear, "bgra", (0.0, 0.0, 32.0, 16.0))), Affine(), (32, 16))
    assert (shown[:, 16:, :3] == (10, 20, 30)).all()
    assert {int(v) for v in np.unique(shown[:, :16, 0])} == {0xE6, 0xFF}, "a checkerboard shines through"
    assert shown[0, 0, 0] != shown[0, 8, 0] != shown[8, 8, 0]


def test_a_raster_of_a_smaller_scale_covers_the_same_page() -> None:
    half = noise(50, 40)
    shown = drawn(layer_of(raster(half, (0.0, 0.0, 100.0, 80.0)), (100.0, 80.0)), Affine.scaling(2, 2), (200, 160))
    assert (shown[:, :, :3] == half.repeat(4, 0).repeat(4, 1)[:, :, :3]).all()


def test_sharper_regions_lie_over_the_base() -> None:
    base = np.full((40, 50, 4), 50, dtype=np.uint8)
    layer = layer_of(raster(base))
    assert layer.sharpness((10.0, 10.0, 20.0, 20.0)) == 1.0
    layer.add_detail(raster(np.full((40, 40, 4), 200, dtype=np.uint8), (10.0, 10.0, 20.0, 20.0)))
    assert layer.sharpness((10.0, 10.0, 20.0, 20.0)) == 4.0
    assert layer.sharpness((9.0, 10.0, 20.0, 20.0)) == 1.0
    shown = drawn(layer, Affine.scaling(4, 4), (200, 160))
    assert (shown[42:78, 42:78, :3] == 200).all() and (shown[:38, :, :3] == 50).all()
    for _ in range(10):
        layer.add_detail(raster(np.full((40, 40, 4), 200, dtype=np.uint8), (10.0, 10.0, 20.0, 20.0)))
    assert len(layer.details) <= 4
    layer.set_base(None, (1.0, 1.0))
    assert layer.sharpness((0.0, 0.0, 1.0, 1.0)) == 0.0


def test_the_pixel_grid_comes_at_eight() -> None:
    base = np.full((20, 20, 4), 50, dtype=np.uint8)
    layer = layer_of(raster(base))
    assert (drawn(layer, Affine.scaling(7, 7), (140, 140))[:, :, :3] == 50).all()
    grid = drawn(layer, Affine.scaling(8, 8), (160, 160))[:, :, 0]
    lines = np.flatnonzero(grid[4] != 50)
    assert lines.tolist() == list(range(0, 160, 8))


def test_brush_and_page_edge() -> None:
    base = np.full((20, 20, 4), 50, dtype=np.uint8)
    layer = layer_of(raster(base))
    brush = np.zeros((20, 20, 4), dtype=np.uint8)
    brush[5:10, 5:10] = (0, 0, 255, 255)
    layer.brush = picture_of(Raster(brush, "bgra", (0.0, 0.0, 20.0, 20.0)))
    plain = drawn(layer, Affine.translation(10, 10), (40, 40))
    assert (plain[17, 17, :3] == 50).all()
    shown = drawn(layer, Affine.translation(10, 10), (40, 40), brush_opacity=0.5, edge="#FFFFFF")
    assert shown[17, 17, 2] > 140 and (shown[12, 12, :3] == 50).all()
    assert (shown[9, 9:31, :3] == 255).all() and (shown[30, 12, :3] == 255).all(), "around the page, not on it"
    assert (shown[10:30, 10:30, 0] != 255).all()


def test_nothing_to_draw_is_no_harm() -> None:
    picture = picture_of(raster(noise(4, 4), (0.0, 0.0, 0.0, 0.0)))
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    draw_picture(painter, picture, Affine(), (0.0, 0.0, 10.0, 10.0))
    draw_picture(painter, picture_of(raster(noise(4, 4))), Affine.translation(5000, 0), (0.0, 0.0, 10.0, 10.0))
    painter.end()

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from tests.make.shapes import crowd, one_of_each
from viewer.geometry import IDENTITY, Affine, Area, Box, Dot, Line
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import Style
from viewer.ui.canvas.painter import PaintOptions, paint_shapes


def painted(
    store: ShapeStore, to_device: Affine = IDENTITY, size: tuple[int, int] = (200, 150), **options: object
) -> NDArray[np.uint8]:
    """BGRA premultiplied."""
    pixels = np.zeros((size[1], size[0], 4), dtype=np.uint8)
    image = QImage(pixels.data, size[0], size[1], size[0] * 4, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    try:
        paint_shapes(painter, store, to_device, options=PaintOptions(**options))  # type: ignore[arg-type]
    finally:
        painter.end()
    return pixels


def single(primitive: object, **style: object) -> ShapeStore:
    look = Style("#FF0000", **{"halo": "none", "fill": 0.0, **style})  # type: ignore[arg-type]
    return ShapeStore.of_primitives([("a", (primitive,), look, Tag("a"))], (200.0, 150.0))  # type: ignore[arg-type]


def test_without_display_and_without_application() -> None:
    """The render command paints on a machine that has neither."""
    code = (
        "import numpy as np\n"
        "from PySide6.QtGui import QGuiApplication, QImage, QPainter\n"
        "from tests.make.shapes import one_of_each\n"
        "from viewer.geometry import Affine\n"
        "from viewer.ui.canvas.painter import paint_shapes\n"
        "import sys\n"
        "image = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied); image.fill(0)\n"
        "painter = QPainter(image); paint_shapes(painter, one_of_each(), Affine()); painter.end()\n"
        "assert QGuiApplication.instance() is None\n"
        "assert 'PySide6.QtWidgets' not in sys.modules\n"
        "assert any(image.pixel(x, 15) for x in range(300))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ".", "QT_QPA_PLATFORM": "nothing"})


def test_a_wrong_call_leaves_no_pointer_behind() -> None:
    """Many calls over memory that comes and goes: wrappers of freed arrays would crash or draw rubbish."""
    first = painted(one_of_each())
    for seed in range(40):
        painted(crowd(20, (200.0, 150.0), seed=seed, most_points=50))
    assert np.array_equal(painted(one_of_each()), first)


def test_key_frames_interpolated_and_occluded_look_different() -> None:
    box = Area((np.array(((30.0, 30.0), (120.0, 40.0), (110.0, 110.0), (20.0, 100.0))),))
    key = painted(single(box, fill=0.1))
    between = painted(single(box, opacity=0.7))
    dashed = painted(single(box, dash=(3.0, 2.5), fill=0.1))
    assert key[70, 70, 3] > 0 and between[70, 70, 3] == 0
    outline = key[:, :, 3] > 200
    assert between[:, :, 3][outline].mean() < 0.8 * key[:, :, 3][outline].mean()
    assert (dashed[:, :, 3][outline] < 60).mean() > 0.2


@pytest.mark.parametrize("halo", ["shadow", "ring"])
def test_a_halo_lies_under_the_line(halo: str) -> None:
    line = Line(np.array(((20.0, 50.0), (180.0, 50.0))))
    bare, with_halo = painted(single(line)), painted(single(line, halo=halo))
    assert with_halo[50, 100, 2] >= 0.95 * bare[50, 100, 2], "the line itself is above"
    below, above = with_halo[51, 100], with_halo[48, 100]
    assert below[3] > 60 and below[2] < 60, "dark"
    assert (above[3] > 60) == (halo == "ring")
    assert (painted(single(line, halo=halo), halo=False) == bare).all()


def test_fills_of_holes_islands_and_overlaps() -> None:
    store = one_of_each()
    pixels = painted(store, halo=False)
    assert pixels[90, 75, 3] > 0 and pixels[65, 75, 3] == 0, "the hole is empty"
    assert pixels[25, 130, 3] > 0 and pixels[65, 160, 3] > 0
    assert (painted(store, halo=False, fill=False)[90, 75] == 0).all()
    two = ShapeStore.of_primitives(
        [(n, (Box(10, 10, 60, 60),), Style("#FF0000", fill=0.2, halo="none"), Tag("")) for n in "ab"], (200.0, 150.0)
    )
    assert painted(two)[30, 30, 3] > painted(single(Box(10, 10, 60, 60), fill=0.2))[30, 30, 3]


def test_small_things_are_seen() -> None:
    for primitive in (
        Box(50.2, 50.2, 50.9, 50.9),
        Box(50, 50, 50, 50),
        Box(50, 40, 50, 60),
        Line(np.array(((50.0, 50.0),))),
        Area((np.array(((50.0, 50.0), (50.5, 50.0), (50.0, 50.5))),)),
        Dot(50, 50),
    ):
        pixels = painted(single(primitive), Affine.scaling(0.5, 0.5))
        assert pixels[:, :, 3].max() > 100, primitive
        assert pixels[18:32, 18:32, 3].sum() == pixels[:, :, 3].sum()


def test_dots_keep_their_size() -> None:
    sizes = []
    for scale in (0.25, 1.0, 16.0):
        pixels = painted(single(Dot(100.0 / scale, 75.0 / scale)), Affine.scaling(scale, scale))
        sizes.append(int(pixels[:, :, 3].sum()))
    assert max(sizes) - min(sizes) < 0.02 * max(sizes)


def test_clipping_changes_nothing_inside() -> None:
    store = crowd(300, (200.0, 150.0), most_points=400)
    whole = painted(store)
    for clip in ((0.0, 0.0, 64.0, 64.0), (64.0, 32.0, 130.0, 140.0)):
        part = painted(store, clip=clip)
        x0, y0, x1, y1 = (int(v) for v in clip)
        a, b = whole[y0:y1, x0:x1].astype(int), part[y0:y1, x0:x1].astype(int)
        assert (np.abs(a - b).max(axis=2) > 2).mean() < 0.001


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 1000.0])
def test_monstrous_geometry_does_no_harm(scale: float) -> None:
    far = 1e12
    shapes = [
        Box(-far, -far, far, far),
        Box(10.0, -far, far, 40.0),
        Area((np.array(((-far, -far), (far, -far), (far, far))),)),
        Line(np.array(((-far, 20.0), (far, 20.0)))),
        Dot(far, far),
    ]
    store = ShapeStore.of_primitives(
        [(str(i), (s,), Style("#FF0000", fill=0.1), Tag("")) for i, s in enumerate(shapes)],  # type: ignore[misc]
        (200.0, 150.0),
    )
    pixels = painted(store, Affine.scaling(scale, scale), clip=(0.0, 0.0, 200.0, 150.0))
    assert pixels.shape == (150, 200, 4)
    if scale == 1.0:
        assert pixels[30, 10, 3] > 100, "the left side of the second box"
        assert pixels[20, 100, 3] > 100, "the line"


def test_a_million_points_zoomed_in_are_sorted_out() -> None:
    t = np.linspace(0.0, 2.0 * np.pi, 1_000_000, endpoint=False)
    circle = np.stack((100.0 + 70.0 * np.cos(t), 75.0 + 70.0 * np.sin(t)), axis=1)
    store = single(Area((circle,)))
    to_device = Affine.scaling(100.0, 100.0)
    to_device = Affine.translation(-170.0 * 100.0 + 100.0, -75.0 * 100.0 + 75.0).after(to_device)
    pixels = painted(store, to_device, clip=(0.0, 0.0, 200.0, 150.0))
    assert pixels[75, 98:102, 3].max() > 150


def test_only_some_labels_and_other_styles() -> None:
    store = one_of_each()
    box = painted(store, labels=(0,), halo=False, fill=False)
    assert box[:, :, 3].any() and not box[60:, :, 3].any()
    pixels = np.zeros((150, 200, 4), dtype=np.uint8)
    image = QImage(pixels.data, 200, 150, 800, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    green = tuple(Style("#00FF00", fill=0.0, halo="none") for _ in store.styles)
    paint_shapes(painter, store, Affine(), green, PaintOptions(labels=(0,)))
    painter.end()
    assert pixels[:, :, 1].max() > 200 and pixels[:, :, 2].max() == 0


def test_the_painter_is_given_back_as_it_was() -> None:
    image = QImage(50, 50, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.translate(3, 4)
    before = painter.transform(), painter.pen(), painter.brush(), painter.renderHints()
    paint_shapes(painter, one_of_each(), Affine())
    assert (painter.transform(), painter.pen(), painter.brush(), painter.renderHints()) == before
    painter.end()


def test_dense_screens_get_wider_lines() -> None:
    line = single(Area((np.array(((30.0, 30.0), (120.0, 40.0), (110.0, 110.0))),)))
    thin, wide = painted(line), painted(line, dpr=2.0)
    assert 1.6 < wide[:, :, 3].sum() / thin[:, :, 3].sum() < 2.4


@pytest.mark.parametrize(("width", "pixels"), [(1.0, 1), (2.0, 2)])
@pytest.mark.parametrize("dpr", [1, 2])
def test_hair_lines_and_lines_of_changes_are_as_wide_as_they_say(width: float, pixels: int, dpr: int) -> None:
    store = single(Box(20.0, 20.0, 80.0, 80.0), width=width)
    drawn = painted(store, Affine.scaling(dpr, dpr), (200 * dpr, 150 * dpr), dpr=float(dpr))
    ink = drawn[50 * dpr, 10 * dpr : 30 * dpr, 3].astype(float).sum() / 255.0
    assert abs(ink - pixels * dpr) <= 0.6
    slanted = single(Line(np.array(((20.0, 20.0), (90.0, 60.0)))), width=width)
    drawn = painted(slanted, Affine.scaling(dpr, dpr), (200 * dpr, 150 * dpr), dpr=float(dpr))
    assert drawn[..., 3].any()


def test_a_hair_line_has_the_opacity_that_it_says() -> None:
    drawn = painted(single(Box(20.5, 20.5, 80.5, 80.5), width=1.0, opacity=0.55))
    assert abs(int(drawn[50, 18:24, 3].max()) - 140) <= 2


def test_only_what_is_large_enough_on_screen_is_hatched() -> None:
    large, small = (single(Box(10.0, 10.0, 10.0 + s, 10.0 + s), hatch=True, fill=0.13) for s in (60.0, 20.0))
    assert len(np.unique(painted(large)[15:65, 15:65, 3])) == 2  # the fill, and the lines on it
    assert len(np.unique(painted(small)[15:25, 15:25, 3])) == 1
    assert len(np.unique(painted(small, Affine.scaling(2.0, 2.0))[25:55, 25:55, 3])) == 2
    ring = np.array(((10.0, 10.0), (70.0, 10.0), (70.0, 70.0), (10.0, 70.0)))
    area = painted(single(Area((ring, ring / 2.0 + 20.0)), hatch=True, fill=0.13))
    assert len(np.unique(area[12:24, 12:68, 3])) >= 2
    assert not area[35:45, 35:45, 3].any()  # the hole stays free


def test_diagonal_lines_are_fixed_to_the_page_so_that_tiles_fit_together() -> None:
    store = single(Box(10.0, 10.0, 90.0, 90.0), hatch=True, fill=0.13)
    whole = painted(store)[20:80, 20:80]
    moved = painted(store, Affine.translation(-20.0, -20.0))[:60, :60]
    assert np.array_equal(whole[5:55, 5:55], moved[5:55, 5:55])

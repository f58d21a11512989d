"""What a frame of the canvas costs beside the bare Qt calls: the acceptance lines of the canvas.

Run with ``pytest -m benchmark -s tests/benchmarks/bench_canvas.py``. Figures are medians of process CPU time; each
ratio is taken within one run, the two sides in turn, because other work on the machine moves both.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform
from pytestqt.qtbot import QtBot

from tests.make.shapes import crowd
from viewer.decoders.base import Raster
from viewer.geometry import Affine
from viewer.overlay.hits import Hits
from viewer.overlay.levels import Levels
from viewer.overlay.relations import RelationStore
from viewer.overlay.shapes import BOX, ShapeStore
from viewer.ui.canvas import Canvas, PageContent
from viewer.ui.canvas.arrays import draw_rects, polygon
from viewer.ui.canvas.label_layer import LabelLayer
from viewer.ui.canvas.page_layer import PageLayer, picture_of, with_mips
from viewer.ui.canvas.painter import PaintOptions, paint_shapes
from viewer.ui.canvas.view import View, Viewport

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("qapp")]

PAGE = (4000.0, 3000.0)
SIZE = (1600, 900)
FRAME = (0.0, 0.0, 1600.0, 900.0)
RUNS = 15


def in_turn(ours: Callable[[], object], bare: Callable[[], object], runs: int = RUNS) -> tuple[float, float, float]:
    """(our ms, bare ms, ratio) by process CPU time."""
    times: tuple[list[float], list[float]] = ([], [])
    for warm in range(runs + 2):
        for kept, call in zip(times, (ours, bare)):
            start = time.process_time()
            call()
            if warm >= 2:
                kept.append((time.process_time() - start) * 1e3)
    a, b = statistics.median(times[0]), statistics.median(times[1])
    return a, b, a / b


def report(name: str, figures: tuple[float, float, float], limit: float) -> None:
    """Print one line and hold the limit."""
    print(f"\n{name:46} {figures[0]:8.2f} ms  bare {figures[1]:8.2f} ms  x{figures[2]:.2f}  (at most {limit})")
    assert figures[2] <= limit, name


def page_raster() -> Raster:
    """A 12-megapixel picture."""
    small = np.random.default_rng(0).integers(40, 200, (300, 400, 4), dtype=np.uint8)
    pixels = np.ascontiguousarray(small.repeat(10, axis=0).repeat(10, axis=1))
    return Raster(pixels, "bgrx", (0.0, 0.0, *PAGE))


@pytest.fixture(scope="module")
def page() -> PageLayer:
    layer = PageLayer()
    layer.set_base(with_mips(picture_of(page_raster())), PAGE)
    return layer


def scene(count: int) -> ShapeStore:
    return crowd(count, PAGE, inset=80.0)


class Frame:
    """A picture layer and a label layer, painted as the widget does, into an image."""

    def __init__(self, page: PageLayer, store: ShapeStore, scale: float | None) -> None:
        self.page = page
        self.layer = LabelLayer()
        self.layer.drawing = "tiles"
        self.layer.tile_budget = 60.0
        self.layer.tags.set_mode("none")
        self.layer.set_content(store, RelationStore())
        self.view = View(PAGE)
        self.viewport = Viewport(float(SIZE[0]), float(SIZE[1]))
        self.view.fit(self.viewport)
        if scale is not None:
            self.view.zoom_at(scale / self.view.scale, (800.0, 450.0), self.viewport)
        work = self.layer.work_for(self.view.scale)
        if work is not None:
            work()
        self.image = QImage(*SIZE, QImage.Format.Format_RGB32)

    def paint(self, *, moving: bool = False) -> None:
        to_device = self.view.page_to_device(self.viewport)
        painter = QPainter(self.image)
        painter.fillRect(0, 0, *SIZE, QColor("#131314"))
        self.page.paint(painter, to_device, FRAME, edge="#3B3E44")
        self.layer.paint(painter, to_device, FRAME, FRAME, dpr=1.0, moving=moving)
        painter.end()

    def bare(self, layer: QImage, factor: float = 1.0) -> None:
        """The picture by one drawImage from its mip level, and a layer of the size of the view."""
        base = self.page.base
        assert base is not None
        m = self.view.page_to_device(self.viewport)
        level = max(0, min(math.floor(-math.log2(m.a) + 1e-9), len(base.images) - 1)) if m.a < 1 else 0
        step = 1 << level
        painter = QPainter(self.image)
        painter.fillRect(0, 0, *SIZE, QColor("#131314"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, abs(m.a * step - 1.0) > 1e-9 and m.a < 2)
        seen = QTransform(m.a * step, 0, 0, m.d * step, m.e, m.f).inverted()[0].mapRect(QRectF(0, 0, *SIZE))
        seen = seen.intersected(QRectF(0, 0, base.images[level].width(), base.images[level].height()))
        painter.drawImage(QTransform(m.a * step, 0, 0, m.d * step, m.e, m.f).mapRect(seen), base.images[level], seen)
        if factor == 1.0:
            painter.drawImage(QPoint(0, 0), layer)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            target = QRectF(0, 0, SIZE[0] * factor, SIZE[1] * factor)
            painter.drawImage(target.intersected(QRectF(0, 0, *SIZE)), layer,
                              QRectF(0, 0, min(SIZE[0], SIZE[0] / factor), min(SIZE[1], SIZE[1] / factor)))  # fmt: skip
        painter.end()


def full_layer(frame: Frame) -> QImage:
    """A layer with the labels of the view, to be blitted by the bare side."""
    image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    paint_shapes(painter, frame.layer.store, frame.view.page_to_device(frame.viewport),
                 options=PaintOptions(clip=FRAME, rings=frame.layer.levels.rings(frame.view.scale)))  # fmt: skip
    painter.end()
    return image


@pytest.mark.parametrize("count", [1_000, 10_000, 50_000])
@pytest.mark.parametrize("scale", [None, 1.0], ids=["fit", "1:1"])
def test_pan_and_zoom(page: PageLayer, count: int, scale: float | None) -> None:
    frame = Frame(page, scene(count), scale)
    layer = full_layer(frame)
    frame.paint()
    steps = iter(range(1_000_000))

    def pan() -> None:
        frame.view.pan(6.0 if next(steps) % 40 < 20 else -6.0, 0.0)
        frame.paint()

    for _ in range(45):
        pan()  # every tile of the way is there
    report(f"pan {count:,} {'fit' if scale is None else '1:1'}", in_turn(pan, lambda: frame.bare(layer)), 2.0)

    frame.paint()
    frame.layer.keep_picture(frame.view.page_to_device(frame.viewport), FRAME)
    start = frame.view.scale

    def zoom() -> None:
        grow = 1.03 if frame.view.scale < start * 1.1 else 1.0 / 1.06
        frame.view.zoom_at(grow, (700.0, 400.0), frame.viewport)
        frame.paint(moving=True)

    report(
        f"zoom {count:,} {'fit' if scale is None else '1:1'}",
        in_turn(zoom, lambda: frame.bare(layer, frame.view.scale / start)),
        2.2,
    )


@pytest.mark.parametrize("look", ["one pass", "as shown"])
@pytest.mark.parametrize("scale", [None, 1.0], ids=["fit", "1:1"])
def test_full_refine(page: PageLayer, scale: float | None, look: str) -> None:
    """All tiles anew, against drawPolygon and drawRects of the same decimated shapes with as many passes."""
    store = crowd(10_000, PAGE, plain=look == "one pass", inset=80.0)
    frame = Frame(page, store, scale)
    to_device = frame.view.page_to_device(frame.viewport)
    rings = frame.layer.levels.rings(frame.view.scale)
    target = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    x0, y0, x1, y1 = frame.view.visible(frame.viewport)
    box = store.box
    seen = np.flatnonzero((box[:, 0] < x1) & (box[:, 2] > x0) & (box[:, 1] < y1) & (box[:, 3] > y0))
    groups: list[tuple[str, np.ndarray, list[object]]] = []
    for number, style in enumerate(store.styles):
        mine = seen[store.style[seen] == number]
        boxes = store.box[mine[store.kind[mine] == BOX]]
        rects = np.ascontiguousarray(np.concatenate((boxes[:, :2], boxes[:, 2:] - boxes[:, :2]), axis=1))
        shapes = [polygon(rings, int(store.first_ring[k])) for k in mine[store.kind[mine] != BOX]]
        groups.append((style.colour, rects, shapes))
    offsets = [(0.25, 0.25)] if look == "one pass" else [(1.0, 1.0), (-0.25, -0.25), (0.25, 0.25)]

    def bare() -> None:
        target.fill(0)
        painter = QPainter(target)
        if look == "as shown":
            painter.setTransform(QTransform(to_device.a, 0, 0, to_device.d, to_device.e, to_device.f))
            for colour, rects, shapes in groups:
                fill = QColor(colour)
                fill.setAlphaF(0.1)
                painter.setPen(QPen(QColor(0, 0, 0, 0)))
                painter.setBrush(fill)
                draw_rects(painter, rects)
                for shape in shapes:
                    painter.drawPolygon(shape)  # type: ignore[arg-type]
        painter.setBrush(QColor(0, 0, 0, 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (dx, dy) in enumerate(offsets):
            painter.setTransform(QTransform(to_device.a, 0, 0, to_device.d, to_device.e + dx, to_device.f + dy))
            for colour, rects, shapes in groups:
                halo = look == "as shown" and number == 0
                pen = QPen(QColor(0, 0, 0, 160) if halo else QColor(colour), 1.0)
                pen.setCosmetic(True)
                painter.setPen(pen)
                draw_rects(painter, rects)
                for shape in shapes:
                    painter.drawPolygon(shape)  # type: ignore[arg-type]
        painter.end()

    if look == "one pass":
        from viewer.ui.canvas import painter as module

        passes, module.PASSES = module.PASSES, ((0.25, 0.25),)
    try:

        def refine() -> None:
            frame.layer.forget_pictures()
            frame.paint()

        paint_page = in_turn(lambda: frame.page.paint(QPainter(target), to_device, FRAME), lambda: None, 3)[0]
        figures = in_turn(refine, bare, 9)
    finally:
        if look == "one pass":
            module.PASSES = passes
    ours = figures[0] - paint_page
    assert frame.layer._tiles.complete and ours > 1.0, "something was drawn"
    name = f"full refine 10,000 {'fit' if scale is None else '1:1'}, {look} ({len(seen):,} visible)"
    report(name, (ours, figures[1], ours / figures[1]), 1.5)


@pytest.mark.parametrize("scale", [None, 1.0], ids=["fit", "1:1"])
def test_pan_does_not_depend_on_the_number_of_shapes(page: PageLayer, scale: float | None) -> None:
    frames = [Frame(page, scene(count), scale) for count in (50_000, 1_000)]
    for frame in frames:
        frame.paint()

    def pan(frame: Frame) -> Callable[[], None]:
        steps = iter(range(1_000_000))

        def once() -> None:
            frame.view.pan(6.0 if next(steps) % 40 < 20 else -6.0, 0.0)
            frame.paint()

        for _ in range(45):
            once()
        return once

    report(f"pan 50,000 beside 1,000 {'fit' if scale is None else '1:1'}", in_turn(pan(frames[0]), pan(frames[1])), 1.5)


@pytest.mark.parametrize("count", [1_000, 10_000, 50_000])
def test_hit_test(count: int) -> None:
    store = scene(count)
    hits = Hits(store)
    places = np.random.default_rng(1).uniform((0, 0), PAGE, (300, 2)).tolist()
    hits.under((0.0, 0.0), 1.0)
    x0, y0, x1, y1 = (np.ascontiguousarray(c) for c in store.box.T)

    def ours() -> None:
        for x, y in places:
            hits.under((x, y), 1.0)

    def mask() -> None:
        for x, y in places:
            np.flatnonzero((x0 <= x) & (x1 >= x) & (y0 <= y) & (y1 >= y))

    a, b, ratio = in_turn(ours, mask)
    report(f"hit test {count:,} (per query)", (a / 300, b / 300, ratio), 5.0)


def test_hover_repaints_only_its_label(page: PageLayer, qtbot: QtBot) -> None:
    """A whole frame beside the union rectangle of a hover, in the widget."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(*SIZE)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.show_page(PageContent(page_raster(), PAGE, "page", scene(1_000)))
    canvas.labels.drawing = "tiles"
    qtbot.waitUntil(lambda: not canvas._rest.isActive() and not canvas._background._jobs)
    canvas.repaint()
    ids = iter([0, 1] * 100_000)

    def hover() -> None:
        label = next(ids)
        x0, y0, x1, y1 = canvas.labels.store.box[label]
        where = canvas.view.page_to_view(canvas.viewport()).map_point((x0 + x1) / 2, (y0 + y1) / 2)
        canvas._set_hover(canvas.labels.store.object_ids[label], QPoint(round(where[0]), round(where[1])).toPointF())
        canvas.grab(canvas.labels.hover_area(canvas._page_to_view(), QRectF(canvas.rect())).toAlignedRect())

    report("hover beside a whole frame", in_turn(hover, canvas.repaint), 0.5)


def test_levels_are_built_without_the_gil() -> None:
    store = scene(10_000)
    start = time.perf_counter()
    Levels(store).build(-1)
    took = time.perf_counter() - start
    print(f"\nlevel of {len(store.rings.points):,} points: {took * 1e3:.0f} ms in a thread")
    assert Affine().a == 1.0

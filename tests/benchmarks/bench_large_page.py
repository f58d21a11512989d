"""A page of 10,000 labels: what it costs until another selection, a hidden class or other colours are on screen.

Run with ``pytest -m benchmark -s tests/benchmarks/bench_large_page.py``. All figures are process CPU time; beside them
stands what Qt alone takes for the same outlines.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.make.labels import placed_crowd
from viewer.decoders.base import Raster
from viewer.geometry import LabelSpace
from viewer.overlay.palette import GLOW
from viewer.overlay.shapes import BOX, PlacedLabel, ShapeStore
from viewer.overlay.style import Style, label_style
from viewer.tracks import Placed
from viewer.ui.canvas import Canvas, PageContent
from viewer.ui.canvas.arrays import draw_rects, polygon

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("qapp")]

PAGE = (4000.0, 3000.0)
SPACE = LabelSpace(PAGE)
COUNT = 10_000
FIRST_MS, WHOLE_MS, STEP_MS = 50.0, 400.0, 50.0
RUNS = 5


def class_style(shift: int) -> Callable[[PlacedLabel], Style]:
    return lambda item: label_style(GLOW[(int(item.annotation.schema_id.rsplit("-", 1)[1]) + shift) % len(GLOW)])


def raster() -> Raster:
    small = np.random.default_rng(0).integers(40, 200, (300, 400, 4), dtype=np.uint8)
    return Raster(np.ascontiguousarray(small.repeat(10, 0).repeat(10, 1)), "bgrx", (0.0, 0.0, *PAGE))


@pytest.fixture(scope="module")
def placed() -> tuple[Placed, ...]:
    return placed_crowd(COUNT, PAGE)


def settled(canvas: Canvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: not canvas._rest.isActive() and not canvas._background._jobs and canvas.is_complete,
        timeout=60_000,
    )


def cost(canvas: Canvas, act: Callable[[], object]) -> tuple[float, float, float]:
    """CPU ms until the first frame after `act` is painted, until all is there, and of the longest step between."""
    frames: list[bool] = []
    paint = canvas._paint

    def counted(painter: QPainter, rect: object) -> None:
        paint(painter, rect)  # type: ignore[arg-type]
        frames.append(True)

    canvas._paint = counted  # type: ignore[method-assign,assignment]
    start = time.process_time()
    longest, first = 0.0, 0.0
    step = start
    act()
    while True:
        QApplication.processEvents()
        now = time.process_time()
        longest, step = max(longest, now - step), now
        if frames and not first:
            first = now - start
        if frames and canvas.is_complete and not canvas._background._jobs:
            break
    whole = time.process_time() - start
    del canvas._paint
    return first * 1e3, whole * 1e3, longest * 1e3


def bare(store: ShapeStore, canvas: Canvas) -> float:
    """CPU ms of plain drawRects and drawPolygon of the same outlines, as many passes, into one image."""
    rings = canvas.labels.levels.rings(canvas.view.scale)
    m = canvas.view.page_to_device(canvas.viewport())
    boxes = store.part_box[store.kind == BOX]
    rects = np.ascontiguousarray(np.concatenate((boxes[:, :2], boxes[:, 2:] - boxes[:, :2]), axis=1))
    shapes = [polygon(rings, int(r)) for r in store.first_ring[:-1][store.kind != BOX]]
    image = QImage(1600, 900, QImage.Format.Format_ARGB32_Premultiplied)
    times = []
    for _ in range(RUNS):
        image.fill(0)
        start = time.process_time()
        painter = QPainter(image)
        for fill, dx in ((True, 0.0), (False, 1.0), (False, -0.25), (False, 0.25)):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not fill)
            painter.setTransform(QTransform(m.a, 0, 0, m.d, m.e + dx, m.f + dx))
            painter.setBrush(QColor(255, 0, 0, 25 if fill else 0))
            pen = QPen(QColor(255, 0, 0, 0 if fill else 255), 1.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            draw_rects(painter, rects)
            for shape in shapes:
                painter.drawPolygon(shape)
        painter.end()
        times.append((time.process_time() - start) * 1e3)
    return statistics.median(times)


@pytest.fixture
def canvas(qtbot: QtBot, placed: tuple[Placed, ...]) -> Canvas:
    widget = Canvas()
    qtbot.addWidget(widget)
    widget.resize(1600, 900)
    widget.show()
    qtbot.waitExposed(widget)
    store = ShapeStore.build(placed, SPACE, class_style(0))
    widget.show_page(PageContent(raster(), PAGE, "page", store))
    settled(widget, qtbot)
    return widget


@pytest.mark.parametrize("change", ["select", "hide a class", "other colours", "hide and show all"])
def test_a_change_of_a_large_page(canvas: Canvas, placed: tuple[Placed, ...], qtbot: QtBot, change: str) -> None:
    content = canvas.content
    assert content is not None
    figures = []
    for run in range(RUNS):
        if change == "select":
            act: Callable[[], object] = lambda run=run: canvas.set_selection([f"o{run * 2}"])  # noqa: E731
        elif change == "hide and show all":
            act = lambda run=run: canvas.set_labels_visible(run % 2 == 1)  # noqa: E731
        else:
            shown = placed
            if change == "hide a class":
                shown = tuple(p for p in placed if p.annotation.schema_id != f"class-{run}")
            store = ShapeStore.build(shown, SPACE, class_style(run + 1 if change == "other colours" else 0))
            page = PageContent(content.raster, PAGE, "page", store)
            act = lambda page=page: canvas.show_page(page)  # noqa: E731
        figures.append(cost(canvas, act))
        settled(canvas, qtbot)
    canvas.set_labels_visible(True)
    settled(canvas, qtbot)
    first, whole, longest = (statistics.median(f[i] for f in figures) for i in range(3))
    alone = bare(canvas.labels.store, canvas)
    print(f"\n{change:18} first frame {first:6.1f} ms, all {whole:6.1f} ms, longest step {longest:5.1f} ms, "
          f"bare Qt {alone:6.1f} ms x{whole / alone:.2f}")  # fmt: skip
    assert first <= FIRST_MS and whole <= WHOLE_MS and longest <= STEP_MS


def test_building_the_shapes(placed: tuple[Placed, ...]) -> None:
    """In the thread of the page: the first time, and with other looks."""
    fresh = tuple(Placed(p.annotation, type(p.tool)(*(getattr(p.tool, n) for n in p.tool.__struct_fields__)), p.state)
                  for p in placed)  # type: ignore[attr-defined]  # fmt: skip
    times = []
    for shown in (fresh, fresh, fresh[::2] + fresh[1:5000:2]):
        start = time.process_time()
        store = ShapeStore.build(shown, SPACE, class_style(1))
        times.append((time.process_time() - start) * 1e3)
    start = time.process_time()
    np.concatenate([store.rings.points[a:b] for a, b in zip(store.rings.first, store.rings.first[1:])])
    alone = (time.process_time() - start) * 1e3
    print(f"\nbuild {COUNT:,} labels: {times[0]:.0f} ms, other colours {times[1]:.0f} ms, 7,500 of them "
          f"{times[2]:.0f} ms; bare concatenate of the points {alone:.0f} ms")  # fmt: skip
    assert times[1] < times[0] / 2

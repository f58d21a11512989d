"""What lies over the picture: navigator, pins, chips. They are drawn, found and clicked; the page below is not."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.make.shapes import one_of_each
from tests.ui.canvas.conftest import Content, pixels_of
from viewer.geometry import Affine, Box
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import label_style
from viewer.ui import theme
from viewer.ui.canvas import Canvas, Pin
from viewer.ui.canvas.navigator import BELOW, SIDE, visible_share
from viewer.ui.canvas.ornament import Frame
from viewer.ui.canvas.outside import Outside


@pytest.fixture
def large(canvas: Canvas) -> Canvas:
    canvas.resize(800, 600)
    return canvas


# ---- navigator -------------------------------------------------------------------------------------------


def test_the_navigator_comes_when_much_is_out_of_sight(large: Canvas, content: Content) -> None:
    large.show_page(content(store=ShapeStore.empty((200.0, 150.0))))
    assert large._navigator.box(large.frame()).isEmpty(), "all is visible"
    while visible_share(large.frame()) >= BELOW:
        large.zoom_by(1.1)
    box = large._navigator.box(large.frame())
    assert (box.width(), box.height()) == (SIDE, SIDE * 150 / 200)
    assert QRectF(large.rect()).contains(box.adjusted(-4, -4, 4, 4))
    shown = pixels_of(large)
    assert (shown[:, :, :3].max(axis=2) == 255).sum() > 200, "a light frame around what is visible"
    large.set_navigator(False)
    assert large._navigator.box(large.frame()).isEmpty()
    large.set_navigator(True)
    large.resize(420, 260)
    assert large._navigator.box(large.frame()).isEmpty(), "it would hide too much"


def test_dragging_in_the_navigator_moves_the_view(large: Canvas, content: Content, qtbot: QtBot) -> None:
    large.show_page(content())
    large.zoom_by(8.0)
    box = large._navigator.box(large.frame())
    chosen: list[object] = []
    large.selection_requested.connect(chosen.append)
    start = box.topLeft() + QPointF(box.width() * 0.25, box.height() * 0.5)
    end = box.topLeft() + QPointF(box.width() * 0.75, box.height() * 0.2)
    qtbot.mousePress(large, Qt.MouseButton.LeftButton, pos=start.toPoint())
    assert large.view.centre == pytest.approx((50.0, 75.0), abs=1.0)
    scale = large.view.scale
    qtbot.mouseMove(large, end.toPoint())
    qtbot.mouseMove(large, QPoint(5, 5))  # beyond its edge the page's edge holds
    qtbot.mouseMove(large, end.toPoint())
    qtbot.mouseRelease(large, Qt.MouseButton.LeftButton, pos=end.toPoint())
    assert large.view.centre == pytest.approx((150.0, 30.0), abs=1.0)
    assert large.view.scale == scale and chosen == []
    qtbot.mouseDClick(large, Qt.MouseButton.LeftButton, pos=end.toPoint())
    assert not large.view.fitted, "two presses there are no double click on the page"


def test_the_frame_shows_what_is_visible(large: Canvas, content: Content) -> None:
    large.show_page(content())
    large.zoom_by(10.0)
    frame = large.frame()
    box = large._navigator.box(frame)
    seen = large._navigator._seen(box, frame)
    x0, y0, x1, y1 = large.view.visible(large.viewport())
    expected = (box.x() + x0, box.y() + y0, x1 - x0, y1 - y0)  # 200 px for a page of 200
    assert (seen.x(), seen.y(), seen.width(), seen.height()) == pytest.approx(expected, abs=1.01)


# ---- pins ------------------------------------------------------------------------------------------------

PINS = (Pin("a", (50.0, 40.0), "The box is\ntoo wide"), Pin("b", (150.0, 110.0), "done", False))


def pin_place(canvas: Canvas, pin: Pin) -> QPoint:
    x, y = canvas.frame().page_to_view.map_point(*pin.point_in_page)
    return QPoint(round(x) + 9, round(y) - 9)


def test_a_pin_is_clicked_instead_of_what_is_below(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content())
    canvas.set_pins(PINS)
    chosen: list[str] = []
    selected: list[object] = []
    canvas.pin_chosen.connect(chosen.append)
    canvas.selection_requested.connect(selected.append)
    for pin in PINS:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=pin_place(canvas, pin))
    assert chosen == ["a", "b"] and selected == []
    canvas.zoom_by(2.0)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=pin_place(canvas, PINS[0]))
    assert chosen[-1] == "a", "it stays at its place on the page"
    canvas.clear()
    canvas.show_page(content("other"))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=pin_place(canvas, PINS[0]))
    assert len(chosen) == 3, "pins of another page are gone"


def test_what_a_pin_says_is_plain_text(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content())
    canvas.set_pins([Pin("x", (50.0, 40.0), "<b>bold</b> & more"), *PINS[1:]])
    qtbot.mouseMove(canvas, pin_place(canvas, PINS[0]))
    qtbot.waitUntil(canvas._card.isVisible)
    assert canvas._card.text() == "<b>bold</b> & more"
    assert canvas._card.textFormat() == Qt.TextFormat.PlainText
    assert canvas._hover is None and canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor
    qtbot.mouseMove(canvas, pin_place(canvas, PINS[1]))
    qtbot.waitUntil(canvas._card.isVisible)
    assert canvas._card.text() == "Resolved · done"
    qtbot.mouseMove(canvas, QPoint(320, 200))
    assert not canvas._card.isVisible() and canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_open_and_resolved_pins_differ_not_by_colour_alone(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content(store=ShapeStore.empty((200.0, 150.0))))
    looks = []
    for is_open in (True, False):
        canvas.set_pins([Pin("a", (50.0, 40.0), "", is_open)])
        at = pin_place(canvas, PINS[0])
        looks.append(pixels_of(canvas)[at.y() - 8 : at.y() + 8, at.x() - 8 : at.x() + 8, :3].astype(int).sum(axis=2))
    assert abs(looks[0].mean() - looks[1].mean()) > 100, "filled or hollow"


# ---- chips -----------------------------------------------------------------------------------------------


def far_out() -> ShapeStore:
    boxes = {"r1": (260.0, 40.0), "r2": (300.0, 90.0), "up": (100.0, -300.0), "in": (50.0, 50.0)}
    style = label_style("#FFBE0C")
    return ShapeStore.of_primitives(
        [(n, (Box(x, y, x + 20.0, y + 20.0),), style, Tag(n)) for n, (x, y) in boxes.items()], (200.0, 150.0)
    )


def test_a_chip_leads_to_the_labels_that_it_tells_of(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content(store=far_out()))
    chips = canvas.labels._outside.chips(canvas.frame().page_to_view, canvas.frame().view)
    assert [c.words for c in chips] == ["2 labels outside →", "↑ 1 label outside"]
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=chips[0].box.center().toPoint())
    x0, y0, x1, y1 = canvas.view.visible(canvas.viewport())
    assert x0 < 260.0 and x1 > 320.0 and y0 < 40.0 and y1 > 110.0
    left = canvas.labels._outside.chips(canvas.frame().page_to_view, canvas.frame().view)
    assert not any("→" in c.words for c in left)
    canvas.set_labels_visible(False)
    assert canvas.ornament_at(chips[1].box.center()) is None, "hidden labels have no chip"


def test_each_label_outside_counts_once() -> None:
    store = far_out()
    view = QRectF(0.0, 0.0, 100.0, 100.0)
    counts = [c.words for c in Outside(store).chips(Affine(), view)]
    assert counts == ["2 labels outside →", "↑ 1 label outside"]
    assert Outside(one_of_each()).chips(Affine.translation(-900.0, 0.0), view) == [], "they reach onto the page"


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT])
def test_they_take_their_colours_from_the_theme(
    qapp: object, monkeypatch: pytest.MonkeyPatch, tokens: theme.Tokens
) -> None:
    monkeypatch.setattr(theme, "_current", tokens)
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    Outside(far_out()).paint(painter, Affine(), QRectF(0.0, 0.0, 250.0, 200.0))
    painter.end()
    shown = np.frombuffer(image.constBits(), np.uint8).reshape(300, 400, 4)
    raised = tuple(int(tokens.raised[i : i + 2], 16) for i in (5, 3, 1))
    assert (shown[:, :, :3] == raised).all(axis=2).sum() > 1000


def test_a_frame_says_how_much_of_the_page_is_visible() -> None:
    frame = Frame(Affine.scaling(2.0, 2.0), QRectF(0, 0, 100, 100), (100.0, 100.0), 1.0)
    assert visible_share(frame) == pytest.approx(0.25)

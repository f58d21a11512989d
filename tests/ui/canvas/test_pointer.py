"""Clicks, drags, the wheel and what lies under the pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QRegion
from pytestqt.qtbot import QtBot

from tests.ui.canvas.conftest import Content, pixels_of
from tests.ui.canvas.pointing import at, drag, rested, wheel
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas import Canvas


def test_clicks_select_the_smallest_and_then_the_next(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content(store=nested()))
    chosen: list[str | None] = []
    canvas.selection_requested.connect(chosen.append)
    place = at(canvas, 100, 75)
    for _ in range(4):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ["small", "middle", "large", "small"]
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert chosen[-1] is None


def nested() -> ShapeStore:
    from viewer.geometry import Box
    from viewer.overlay.shapes import Tag
    from viewer.overlay.style import label_style

    return ShapeStore.of_primitives(
        [
            (name, (Box(100 - r, 75 - r, 100 + r, 75 + r),), label_style("#FFBE0C"), Tag(name))
            for name, r in (("large", 60.0), ("small", 20.0), ("middle", 40.0))
        ],
        (200.0, 150.0),
    )


def test_a_second_press_zooms_to_what_the_first_chose(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content(store=nested()))
    chosen: list[str | None] = []
    activated: list[str] = []
    canvas.selection_requested.connect(chosen.append)
    canvas.object_activated.connect(activated.append)
    place = at(canvas, 100, 75)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ["small"] and activated == ["small"], "the second press chooses nothing else"
    assert canvas.view.centre == (100.0, 75.0) and canvas.view.scale > 4
    empty = QPoint(3, 3)
    canvas.fit()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=empty)
    canvas.zoom_by(3.0)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=empty)
    assert canvas.view.fitted


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_dragging_pans_and_selects_nothing(
    canvas: Canvas, content: Content, qtbot: QtBot, button: Qt.MouseButton
) -> None:
    canvas.show_page(content())
    canvas.zoom_by(4.0)
    chosen: list[object] = []
    canvas.selection_requested.connect(chosen.append)
    before = canvas.page_point(QPointF(300, 200))
    drag(canvas, qtbot, button, QPoint(300, 200), QPoint(340, 230))
    assert canvas.page_point(QPointF(340, 230)) == pytest.approx(before, abs=1.0 / canvas.view.scale)
    assert chosen == []


def test_space_held_is_a_hand_and_tapped_is_told(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content())
    canvas.zoom_by(4.0)
    taps: list[int] = []
    canvas.space_tapped.connect(lambda: taps.append(1))
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert taps == [1]
    before = canvas.view.centre
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    drag(canvas, qtbot, Qt.MouseButton.LeftButton, QPoint(300, 200), QPoint(340, 230))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert taps == [1] and canvas.view.centre != before


def test_right_drag_is_the_window_of_a_dicom(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    moves: list[tuple[float, float]] = []
    menus: list[object] = []
    canvas.window_dragged.connect(lambda dx, dy: moves.append((dx, dy)))
    canvas.menu_requested.connect(lambda _at, ids: menus.append(ids))
    canvas.show_page(content(kind="dicom"))
    before = canvas.view.centre
    drag(canvas, qtbot, Qt.MouseButton.RightButton, QPoint(300, 200), QPoint(340, 210))
    assert (sum(m[0] for m in moves), sum(m[1] for m in moves)) == pytest.approx((40, 10))
    assert canvas.view.centre == before and menus == []
    qtbot.mouseClick(canvas, Qt.MouseButton.RightButton, pos=at(canvas, 10, 10))
    assert menus == [("box",)]
    del moves[:]
    canvas.show_page(content("image"))
    drag(canvas, qtbot, Qt.MouseButton.RightButton, QPoint(300, 200), QPoint(340, 210))
    assert moves == []


@pytest.mark.parametrize("kind", ["image", "video", "pdf", "dicom"])
def test_ctrl_wheel_zooms_at_the_pointer_everywhere(canvas: Canvas, content: Content, kind: str) -> None:
    canvas.show_page(content(kind=kind))
    place = at(canvas, 60, 40)
    before, scale = canvas.page_point(QPointF(place)), canvas.view.scale
    wheel(canvas, 120, Qt.KeyboardModifier.ControlModifier, place)
    assert canvas.view.scale == pytest.approx(scale * 1.25)
    assert canvas.page_point(QPointF(place)) == pytest.approx(before, abs=1.0 / canvas.view.scale)
    wheel(canvas, -120, Qt.KeyboardModifier.ControlModifier, place)
    assert canvas.view.scale == pytest.approx(scale)


def test_the_plain_wheel_zooms_pictures_and_steps_slices(canvas: Canvas, content: Content) -> None:
    steps: list[int] = []
    canvas.page_step_requested.connect(steps.append)
    for kind in ("image", "video"):
        canvas.show_page(content(kind, kind=kind))
        scale = canvas.view.scale
        wheel(canvas, 120)
        assert canvas.view.scale > scale and steps == []
    canvas.show_page(content("dicom", kind="dicom"))
    scale = canvas.view.scale
    wheel(canvas, -120)
    wheel(canvas, 240)
    assert steps == [1, -1, -1] and canvas.view.scale == scale
    del steps[:]
    for _ in range(8):
        wheel(canvas, -30)
    assert steps == [1, 1], "small turns add up"


def test_the_wheel_scrolls_a_pdf_and_then_turns_the_page(canvas: Canvas, content: Content) -> None:
    steps: list[int] = []
    canvas.page_step_requested.connect(steps.append)
    canvas.show_page(content(kind="pdf"))
    canvas.zoom_by(4.0)
    top = canvas.view.visible(canvas.viewport())[1]
    wheel(canvas, -120)
    assert canvas.view.visible(canvas.viewport())[1] > top and steps == []
    for _ in range(60):
        wheel(canvas, -120)
        if steps:
            break
    assert steps == [1]
    assert canvas.view.visible(canvas.viewport())[3] >= 150.0 - 1.0
    del steps[:]
    for _ in range(60):
        wheel(canvas, 120)
        if steps:
            break
    assert steps == [-1]


def test_shift_wheel_goes_sideways(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content())
    canvas.zoom_by(4.0)
    x, y = canvas.view.centre
    wheel(canvas, -120, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.view.centre[0] > x and canvas.view.centre[1] == y


def test_hover_tells_and_repaints_little(
    canvas: Canvas, content: Content, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas.show_page(content())
    rested(canvas, qtbot)
    pixels_of(canvas)
    seen: list[object] = []
    canvas.hovered.connect(lambda found, point: seen.append((found, point)))
    regions: list[QRegion] = []
    monkeypatch.setattr(
        canvas, "update", lambda *args: regions.append(args[0]) if args else regions.append(canvas.rect())
    )
    qtbot.mouseMove(canvas, at(canvas, 20, 15))
    assert seen[-1][0] == "box"  # type: ignore[index]
    (area,) = regions
    assert area.width() * area.height() < 0.15 * canvas.width() * canvas.height()
    assert area.contains(at(canvas, 5, 5)) and area.contains(at(canvas, 35, 25))
    qtbot.mouseMove(canvas, at(canvas, 21, 16))
    assert len(regions) == 1, "the same label: nothing to repaint"
    _, point = seen[-1]  # type: ignore[misc]
    assert (point.x(), point.y()) == pytest.approx((21, 16), abs=0.5)  # type: ignore[has-type]
    canvas.end_hover()
    assert seen[-1] == (None, None) and len(regions) == 2


def test_hover_and_selection_can_be_seen(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.labels.drawing = "direct"
    canvas.show_page(content())
    rested(canvas, qtbot)
    plain = pixels_of(canvas)
    canvas.hover_at(QPointF(at(canvas, 20, 15)))
    hovered = pixels_of(canvas)
    inside = at(canvas, 25, 15)
    assert (hovered[inside.y(), inside.x()] != plain[inside.y(), inside.x()]).any(), "filled more"
    canvas.end_hover()
    assert (pixels_of(canvas) == plain).mean() > 0.9999
    canvas.set_selection(["box", "not here"])
    selected = pixels_of(canvas)
    side = at(canvas, 5, 15)
    row = selected[side.y(), side.x() - 4 : side.x() + 5, :3].astype(int)
    assert (row.min(axis=1) > 150).any(), "a white line"
    assert (row.max(axis=1) < 80).any(), "on a black one"


def test_the_card_comes_beside_the_pointer(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.set_card_text(lambda object_id: f"<b>{object_id}</b>")
    canvas.show_page(content())
    canvas.hover_at(QPointF(at(canvas, 20, 15)))
    qtbot.waitUntil(canvas._card.isVisible)
    assert "box" in canvas._card.text()
    assert canvas.rect().contains(canvas._card.geometry())
    canvas.hover_at(QPointF(at(canvas, 50, 40)), pinned=True)
    assert canvas._card.isVisible(), "pinned by Ctrl"
    canvas.hover_at(QPointF(3, 3))
    assert not canvas._card.isVisible()

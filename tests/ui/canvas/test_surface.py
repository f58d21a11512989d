"""Peeking, flashing, and what is drawn again after a change."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QFocusEvent
from pytestqt.qtbot import QtBot

from tests.make.shapes import crowd, one_of_each
from tests.ui.canvas.conftest import Content, pixels_of
from viewer.overlay.relations import RelationStore
from viewer.ui import theme
from viewer.ui.canvas import Canvas, label_layer
from viewer.ui.canvas.motion import FLASHES


def rested(canvas: Canvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not canvas._rest.isActive() and not canvas._background._jobs and canvas.is_complete)


@pytest.fixture
def tiled(canvas: Canvas, content: Content, qtbot: QtBot) -> tuple[Canvas, list[int]]:
    """A canvas whose labels are tiles, and a list that grows by one with each drawing of vectors."""
    canvas.labels.drawing = "tiles"
    canvas.show_page(content(store=crowd(300, (200.0, 150.0), most_points=60)))
    rested(canvas, qtbot)
    drawn: list[int] = []
    paint = canvas.labels._tiles._paint
    canvas.labels._tiles._paint = lambda *args: (drawn.append(1), paint(*args))[1]
    return canvas, drawn


def test_peeking_draws_nothing_anew(tiled: tuple[Canvas, list[int]]) -> None:
    canvas, drawn = tiled
    before = pixels_of(canvas)
    canvas.set_labels_visible(False)
    away = pixels_of(canvas)
    assert (away != before).any()
    canvas.set_labels_visible(True)
    assert (pixels_of(canvas) == before).all() and drawn == []


def test_a_selection_draws_no_tile_anew(tiled: tuple[Canvas, list[int]]) -> None:
    canvas, drawn = tiled
    canvas.set_selection(["o3"])
    canvas.set_all_relations(False)
    canvas.set_tags_mode("auto")
    pixels_of(canvas)
    canvas.set_selection([])
    pixels_of(canvas)
    assert drawn == []


def test_other_pixels_of_the_page_keep_the_tiles(tiled: tuple[Canvas, list[int]], content: Content) -> None:
    """A VOI window that is dragged must not cost the labels."""
    canvas, drawn = tiled
    assert canvas.set_picture(content(level=40).raster, key="page")
    pixels_of(canvas)
    assert drawn == []


def test_missing_tiles_repaint_only_their_place(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.resize(1200, 900)
    canvas.labels.drawing = "tiles"
    canvas.labels.tags.set_mode("none")
    canvas.show_page(content())
    rested(canvas, qtbot)
    canvas.labels.tile_budget = 0.0
    canvas.labels._tiles._tile_s = 1.0
    areas: list[int] = []
    paint = canvas._paint
    canvas._paint = lambda p, r: (areas.append(r.width() * r.height()), paint(p, r))[1]  # type: ignore[method-assign]
    canvas.show_labels(crowd(300, (200.0, 150.0), most_points=60), RelationStore(), key="page")
    qtbot.waitUntil(lambda: len(areas) > 4 and canvas.is_complete)
    rested(canvas, qtbot)
    whole = canvas.width() * canvas.height()
    assert areas[0] == whole
    assert sum(a < whole / 4 for a in areas) > 3, "a tile at a time"
    done = pixels_of(canvas)
    canvas.labels.forget_pictures()
    canvas.labels.tile_budget = 60.0
    differs = np.abs(pixels_of(canvas).astype(int) - done).max(axis=2) > 24
    assert differs.mean() < 0.0005, "piece by piece is the same picture"


def test_very_many_points_wait_for_their_level(
    canvas: Canvas, content: Content, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(label_layer, "WAIT_POINTS", 5_000)
    canvas.show_page(content(store=crowd(200, (200.0, 150.0))))
    pixels_of(canvas)
    assert not canvas.is_complete, "nothing is drawn from the true outlines on this thread"
    assert canvas._background.has("levels")
    rested(canvas, qtbot)
    shown = pixels_of(canvas)[:, :, :3].astype(int)
    assert (np.ptp(shown, axis=2) > 60).sum() > 5_000


def test_a_flash_is_seen_twice_and_only_with_motion(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content())
    canvas.flash(["box"])
    assert canvas.labels._flashing == (), "motion is off"
    canvas.set_motion(True)
    plain = pixels_of(canvas)
    states: list[bool] = []
    show = canvas.labels.set_flashing
    canvas.labels.set_flashing = lambda ids: (states.append(bool(ids)), show(ids))[1]  # type: ignore[method-assign]
    canvas.flash(["box", "not here"])
    assert (pixels_of(canvas) != plain).any()
    qtbot.waitUntil(lambda: not canvas._flash._timer.isActive())
    assert states == [True, False] * FLASHES
    assert canvas.labels._flashing == ()
    canvas.flash(["box"])
    canvas.show_page(content("next"))
    assert canvas.labels._flashing == (), "another page does not go on"


def test_a_selection_is_announced(canvas: Canvas, content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    events: list[object] = []
    canvas.announced.connect(told.append)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: events.append(event.type()))
    canvas.show_page(content())
    canvas.set_selection(["box"])
    canvas.set_selection(["box"])
    assert told == ["Box"] and events == [QAccessible.Event.Announcement]
    canvas.set_spoken_text(lambda object_id: f"{object_id},\nrotated box")
    canvas.set_selection(["dot"])
    canvas.set_selection([])
    canvas.set_selection(["dot", "box"])
    assert told[1:] == ["dot, rotated box", "2 labels selected"]


def test_the_ground_follows_the_theme(canvas: Canvas, content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas.show_page(content(store=one_of_each()))
    for tokens in (theme.DARK, theme.LIGHT):
        monkeypatch.setattr(theme, "_current", tokens)
        blue, green, red = pixels_of(canvas)[2, 2, :3]
        assert f"#{red:02X}{green:02X}{blue:02X}" == tokens.canvas
    canvas.show_page(content("film", kind="video"))
    assert (pixels_of(canvas)[2, 2, :3] == 0).all(), "letterbox"


def test_the_ring_is_for_the_keyboard_alone(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content())
    plain = pixels_of(canvas)
    for reason, ringed in (
        (Qt.FocusReason.MouseFocusReason, False), (Qt.FocusReason.TabFocusReason, True),
        (Qt.FocusReason.OtherFocusReason, False), (Qt.FocusReason.BacktabFocusReason, True),
    ):  # fmt: skip
        canvas.focusInEvent(QFocusEvent(QEvent.Type.FocusIn, reason))
        edge = pixels_of(canvas)[:, :2, :3] != plain[:, :2, :3]
        assert edge.any() == ringed
    canvas.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut))
    assert (pixels_of(canvas)[:, :2] == plain[:, :2]).all()

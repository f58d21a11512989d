"""What stays of zoom and place when page or asset changes, and gliding there."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QVariantAnimation
from pytestqt.qtbot import QtBot

from tests.ui.canvas.conftest import Content
from viewer.decoders.base import Raster
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas import Canvas, PageContent, Place
from viewer.ui.canvas.view import FIT_MARGIN, View, Viewport

VIEWPORT = Viewport(600.0, 400.0)


def page(content: Content, key: str, size: tuple[float, float], asset: str = "a") -> PageContent:
    pixels = np.full((round(size[1]), round(size[0]), 4), 90, dtype=np.uint8)
    return content(
        key, page_size=size, raster=Raster(pixels, "bgrx", (0.0, 0.0, *size)), store=ShapeStore.empty(size), asset=asset
    )


def test_scale_and_relative_place_stay_on_a_page_of_another_size(canvas: Canvas, content: Content) -> None:
    canvas.show_page(page(content, "one", (200.0, 150.0)))
    canvas.zoom_by(4.0, QPointF(100, 100))
    scale, (x, y), _ = canvas.place
    canvas.show_page(page(content, "two", (400.0, 600.0)))
    assert canvas.place.scale == scale
    assert canvas.place.centre == pytest.approx((x * 2.0, y * 4.0))


def test_a_rule_fits_each_asset_but_not_each_page(canvas: Canvas, content: Content) -> None:
    canvas.set_view_rule("fit")
    canvas.show_page(page(content, "one", (200.0, 150.0)))
    canvas.zoom_by(4.0)
    chosen = canvas.place
    canvas.show_page(page(content, "two", (200.0, 150.0)))
    assert canvas.place == chosen, "another page of the asset"
    canvas.show_page(page(content, "three", (300.0, 150.0), asset="b"))
    assert canvas.view.fitting == "page"
    assert canvas.view.visible(canvas.viewport())[2] >= 300.0
    canvas.set_view_rule("keep")
    canvas.set_place(chosen)
    canvas.clear()
    canvas.show_page(page(content, "four", (200.0, 150.0), asset="c"))
    assert canvas.place.scale == chosen.scale


def test_a_place_is_remembered(canvas: Canvas, content: Content) -> None:
    canvas.show_page(page(content, "one", (200.0, 150.0)))
    canvas.zoom_by(5.0, QPointF(30, 40))
    there = canvas.place
    canvas.fit()
    assert canvas.place != there
    canvas.set_place(there)
    assert canvas.place == there
    canvas.set_place(Place(1e9, (1e9, -1e9)))
    assert canvas.place.centre == (200.0, 0.0) and canvas.place.scale < 1e9, "kept within limits"
    canvas.set_place(Place(1.0, (0.0, 0.0), "page"))
    assert canvas.view.visible(canvas.viewport())[0] <= 0.0, "what was fitted is fitted"


def test_fit_width_begins_at_the_top_and_follows_the_window() -> None:
    view = View((300.0, 1000.0))
    view.fit_width(VIEWPORT)
    assert view.scale == pytest.approx((600.0 - 2 * FIT_MARGIN) / 300.0)
    assert view.page_to_view(VIEWPORT).map_point(0.0, 0.0) == pytest.approx((FIT_MARGIN, FIT_MARGIN), abs=1.0)
    view.pan(0.0, -100.0)
    assert view.fitting == "width", "scrolling is no other zoom"
    wider = Viewport(900.0, 400.0)
    share = view.centre[1] / 1000.0
    view.refit(wider)
    assert view.scale == pytest.approx((900.0 - 2 * FIT_MARGIN) / 300.0)
    assert view.centre[1] / 1000.0 == pytest.approx(share)
    view.pan(5.0, 0.0)
    assert view.fitting == ""


def test_scrolling_on_reads_from_the_top_and_back_from_the_bottom(canvas: Canvas, content: Content) -> None:
    canvas.show_page(page(content, "one", (200.0, 800.0)))
    canvas.fit_width()
    canvas.turn_to("bottom")
    canvas.show_page(page(content, "two", (200.0, 800.0)))
    assert canvas.view.visible(canvas.viewport())[3] == pytest.approx(800.0 + FIT_MARGIN / canvas.view.scale, abs=1.0)
    canvas.turn_to("top")
    canvas.show_page(page(content, "three", (200.0, 800.0)))
    assert canvas.view.visible(canvas.viewport())[1] == pytest.approx(-FIT_MARGIN / canvas.view.scale, abs=1.0)
    middle = canvas.place
    canvas.show_page(page(content, "four", (200.0, 800.0)))
    assert canvas.place == middle, "a step without scrolling leaves the view alone"


def test_zooming_to_a_label_glides_when_motion_is_on(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content())
    start = canvas.place
    end = canvas.view.place_of((5.0, 5.0, 35.0, 25.0), canvas.viewport())
    canvas.set_motion(True)
    canvas.zoom_to_labels(["box"])
    assert canvas.place == start, "it only begins"
    glide = canvas._glide
    glide.setCurrentTime(60)
    assert start.scale < canvas.place.scale < end.scale
    with qtbot.waitSignal(glide.finished):
        glide.setCurrentTime(glide.duration())
    assert canvas.place == end


def test_a_hand_stops_a_glide(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content())
    canvas.set_motion(True)
    canvas.zoom_to_labels(["box"])
    canvas._glide.setCurrentTime(40)
    canvas.zoom_by(0.9)
    assert canvas._glide.state() == QVariantAnimation.State.Stopped
    canvas.zoom_to_labels(["dot"])
    canvas.set_motion(False)
    assert canvas._glide.state() == QVariantAnimation.State.Stopped
    canvas.zoom_to_labels(["box"])
    assert canvas.place == canvas.view.place_of((5.0, 5.0, 35.0, 25.0), canvas.viewport()), "at once"


def test_the_way_is_even() -> None:
    view = View((1000.0, 1000.0))
    a, b = Place(1.0, (200.0, 200.0)), Place(4.0, (800.0, 600.0))
    widths = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        view.set_between(a, b, share)
        widths.append(1.0 / view.scale)
        assert view.centre == pytest.approx((200.0 + 600.0 * share, 200.0 + 400.0 * share))
    assert np.diff(widths) == pytest.approx([-0.1875] * 4)

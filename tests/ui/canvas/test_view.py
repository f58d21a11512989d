from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from viewer.ui.canvas.view import MAX_SCALE, MIN_PAGE_PX, View, Viewport

SIZES = st.tuples(st.floats(1.0, 20_000.0), st.floats(1.0, 20_000.0))
VIEWPORTS = st.builds(
    Viewport, st.integers(40, 3000), st.integers(40, 2000), st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0])
)
SHARE = st.floats(0.0, 1.0)


class ViewMachine(RuleBasedStateMachine):
    """Whatever is done to a view, its maps agree with each other and the page cannot be lost."""

    @initialize(size=SIZES, viewport=VIEWPORTS)
    def start(self, size: tuple[float, float], viewport: Viewport) -> None:
        self.view = View(size)
        self.viewport = viewport
        self.told = 0
        self.view.listen(self.hear)
        self.view.fit(viewport)

    def hear(self) -> None:
        self.told += 1

    def anchor(self, x: float, y: float) -> tuple[float, float]:
        return x * self.viewport.width, y * self.viewport.height

    @rule(factor=st.floats(0.05, 20.0), x=SHARE, y=SHARE)
    def zoom(self, factor: float, x: float, y: float) -> None:
        anchor = self.anchor(x, y)
        before = exact_point(self.view, self.viewport, anchor)
        on_page = 0 <= before[0] <= self.view.page_size[0] and 0 <= before[1] <= self.view.page_size[1]
        scale = self.view.scale
        self.view.zoom_at(factor, anchor, self.viewport)
        if on_page and self.view.scale >= scale:
            after = exact_point(self.view, self.viewport, anchor)
            slack = 1e-6 * max(self.view.page_size) + 1e-9
            assert after == pytest.approx(before, abs=slack), "the point under the pointer stays"

    @rule(dx=st.floats(-4000, 4000), dy=st.floats(-4000, 4000))
    def pan(self, dx: float, dy: float) -> None:
        before = self.view.centre
        self.view.pan(dx, dy)
        moved = (
            (before[0] - self.view.centre[0]) * self.view.scale,
            (before[1] - self.view.centre[1]) * self.view.scale,
        )
        for asked, done in zip((dx, dy), moved):
            assert abs(done) <= abs(asked) + 1e-6 * max(self.view.page_size) * self.view.scale

    @rule()
    def fit(self) -> None:
        self.view.fit(self.viewport)
        x0, y0, x1, y1 = self.view.visible(self.viewport)
        if self.view.scale > self.view.min_scale and self.view.scale < MAX_SCALE:
            slack = 1.0 / self.view.scale
            assert x0 <= slack and y0 <= slack
            assert x1 >= self.view.page_size[0] - slack and y1 >= self.view.page_size[1] - slack
        assert self.view.fitted

    @rule()
    def one_to_one(self) -> None:
        self.view.one_to_one(self.viewport)
        if self.view.min_scale <= 1.0 / self.viewport.dpr:
            assert self.view.page_to_device(self.viewport).a == pytest.approx(1.0)

    @rule(viewport=VIEWPORTS)
    def resize(self, viewport: Viewport) -> None:
        self.viewport = viewport
        if self.view.fitted:
            self.view.fit(viewport)

    @rule(size=SIZES)
    def other_page(self, size: tuple[float, float]) -> None:
        fitted = self.view.fitted
        share = [c / s for c, s in zip(self.view.centre, self.view.page_size)]
        self.view.set_page_size(size, self.viewport)
        assert self.view.fitted == fitted
        if not fitted:
            assert [c / s for c, s in zip(self.view.centre, size)] == pytest.approx(share, abs=1e-9)

    @rule(x=SHARE, y=SHARE, w=SHARE, h=SHARE)
    def zoom_to(self, x: float, y: float, w: float, h: float) -> None:
        width, height = self.view.page_size
        box = (x * width, y * height, min(x + w, 1.0) * width, min(y + h, 1.0) * height)
        self.view.zoom_to(box, self.viewport)
        assert self.view.centre == pytest.approx(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))

    @invariant()
    def sane(self) -> None:
        view = self.view
        assert view.min_scale <= view.scale <= MAX_SCALE
        assert max(view.page_size) * view.scale >= min(MIN_PAGE_PX, max(view.page_size) * MAX_SCALE) * (1 - 1e-9)
        assert 0 <= view.centre[0] <= view.page_size[0] and 0 <= view.centre[1] <= view.page_size[1]

    @invariant()
    def maps_agree(self) -> None:
        view, viewport = self.view, self.viewport
        to_device = view.page_to_device(viewport)
        assert to_device.e == math.floor(to_device.e) and to_device.f == math.floor(to_device.f)
        point = (view.page_size[0] * 0.3, view.page_size[1] * 0.7)
        there = view.page_to_view(viewport).map_point(*point)
        assert view.page_from_view(viewport).map_point(*there) == pytest.approx(point, abs=1e-6 * max(view.page_size))
        device = to_device.map_point(*point)
        assert [v * viewport.dpr for v in there] == pytest.approx(device, rel=1e-9, abs=1e-6)
        # the middle is in the middle, but for the rounding to whole device pixels
        middle = to_device.map_point(*view.centre)
        assert abs(middle[0] - viewport.width * viewport.dpr / 2) <= 0.5 + 1e-6
        assert abs(middle[1] - viewport.height * viewport.dpr / 2) <= 0.5 + 1e-6


def exact_point(view: View, viewport: Viewport, at: tuple[float, float]) -> tuple[float, float]:
    """The page point at a place, without the rounding to device pixels."""
    return (
        view.centre[0] + (at[0] - viewport.width / 2) / view.scale,
        view.centre[1] + (at[1] - viewport.height / 2) / view.scale,
    )


ViewMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestView = ViewMachine.TestCase


def test_two_viewports_share_one_view() -> None:
    view = View((1000.0, 800.0))
    told: list[str] = []
    view.listen(lambda: told.append("a"))
    listener = lambda: told.append("b")  # noqa: E731
    view.listen(listener)
    wide, narrow = Viewport(900, 500), Viewport(300, 500, 2.0)
    view.zoom_at(4.0, (10.0, 10.0), wide)
    assert told == ["a", "b"]
    for viewport in (wide, narrow):
        x0, y0, x1, y1 = view.visible(viewport)
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(view.centre, abs=1.0 / view.scale)
        assert viewport.width / (x1 - x0) == pytest.approx(view.scale)
    view.unlisten(listener)
    view.pan(3, 0)
    assert told == ["a", "b", "a"]
    view.pan(0, 0)
    assert told == ["a", "b", "a"], "nothing changed"


def test_labels_beyond_the_page_can_be_reached() -> None:
    view = View((100.0, 100.0))
    view.reach = (-50.0, 10.0, 400.0, 90.0)
    view.zoom_to((300.0, 20.0, 400.0, 80.0), Viewport(200, 200))
    assert view.centre == (350.0, 50.0)
    view.reach = None
    view.pan(0.0, 1.0)
    assert view.centre[0] == 100.0


@pytest.mark.parametrize("factor", [0.0, -1.0, math.nan, math.inf])
def test_a_senseless_zoom_does_nothing(factor: float) -> None:
    view = View((100.0, 100.0))
    before = (view.scale, view.centre)
    view.zoom_at(factor, (0, 0), Viewport(10, 10))
    assert (view.scale, view.centre) == before


def test_ten_thousand_small_steps_lead_back() -> None:
    """No drift: the rounding to device pixels is not carried on."""
    view, viewport = View((4000.0, 3000.0)), Viewport(1601, 899, 1.25)
    view.fit(viewport)
    start = (view.scale, view.centre)
    random = np.random.default_rng(0)
    steps = [(float(f), (float(x), float(y))) for f, x, y in random.uniform((1.001, 0, 0), (1.01, 1600, 890), (500, 3))]
    view.zoom_at(3.0, (800, 450), viewport)
    for factor, anchor in steps:
        view.zoom_at(factor, anchor, viewport)
    for factor, anchor in reversed(steps):
        view.zoom_at(1.0 / factor, anchor, viewport)
    view.zoom_at(1.0 / 3.0, (800, 450), viewport)
    assert view.scale == pytest.approx(start[0]) and view.centre == pytest.approx(start[1], abs=1e-3)

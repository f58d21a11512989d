"""Where the page lies on the screen: scale and centre, without Qt, so that two canvases can share it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from viewer.geometry import Affine

MAX_SCALE = 256.0
"""Screen pixels per page pixel at most."""
MIN_PAGE_PX = 24.0
"""The longer side of the page is never shown smaller than this."""
FIT_MARGIN = 8.0


Box = tuple[float, float, float, float]
Fitting = Literal["", "page", "width"]
"""What is fitted again when viewport or page change; "" is a place that stays as it was chosen."""


class Place(NamedTuple):
    """What a view shows, to be remembered: screen pixels per page pixel, the page point in the middle."""

    scale: float
    centre: tuple[float, float]
    fitting: Fitting = ""


@dataclass(frozen=True, slots=True)
class Viewport:
    """The area that shows the page: width and height in logical pixels, and device pixels per logical one."""

    width: float
    height: float
    dpr: float = 1.0


class View:
    """Scale (logical screen pixels per page pixel) and the page point in the middle of the viewport.

    Nothing here depends on one viewport, so that linked canvases of different sizes show the same middle at
    the same scale.
    """

    def __init__(self, page_size: tuple[float, float] = (1.0, 1.0)) -> None:
        self.page_size = page_size
        self.scale = 1.0
        self.centre = (page_size[0] / 2.0, page_size[1] / 2.0)
        self.fitting: Fitting = "page"
        self.reach: Box | None = None
        """(x0, y0, x1, y1) in page space around labels that lie beyond the page: the middle may go there."""
        self._listeners: list[Callable[[], None]] = []

    # ---- maps --------------------------------------------------------------------------------------------

    def page_to_device(self, viewport: Viewport) -> Affine:
        """Page pixels to device pixels of the viewport. The origin lies on a whole device pixel.

        Whole pixels keep 1:1 pictures sharp and let cached tiles be moved without being drawn again.
        """
        s = self.scale * viewport.dpr
        dx = viewport.width * viewport.dpr / 2.0 - self.centre[0] * s
        dy = viewport.height * viewport.dpr / 2.0 - self.centre[1] * s
        return Affine(s, 0.0, 0.0, s, float(math.floor(dx + 0.5)), float(math.floor(dy + 0.5)))

    def page_to_view(self, viewport: Viewport) -> Affine:
        """Page pixels to logical pixels of the viewport."""
        return Affine.scaling(1.0 / viewport.dpr, 1.0 / viewport.dpr).after(self.page_to_device(viewport))

    def page_from_view(self, viewport: Viewport) -> Affine:
        """Logical pixels of the viewport to page pixels."""
        return self.page_to_view(viewport).inverse()

    def visible(self, viewport: Viewport) -> Box:
        """(x0, y0, x1, y1) of the viewport in page space; it may reach beyond the page."""
        back = self.page_from_view(viewport)
        x0, y0 = back.map_point(0.0, 0.0)
        x1, y1 = back.map_point(viewport.width, viewport.height)
        return x0, y0, x1, y1

    # ---- changes -----------------------------------------------------------------------------------------

    @property
    def min_scale(self) -> float:
        """The page is not made smaller than a thumbnail."""
        return min(MIN_PAGE_PX / max(*self.page_size, 1e-9), MAX_SCALE)

    @property
    def fitted(self) -> bool:
        """Whether the page is fitted again when the viewport or the page changes."""
        return bool(self.fitting)

    @property
    def place(self) -> Place:
        """What is shown now."""
        return Place(self.scale, self.centre, self.fitting)

    def set_place(self, place: Place, viewport: Viewport) -> None:
        """Show what was shown before, within the limits of this page."""
        self._set(place.scale, place.centre, place.fitting)
        self.refit(viewport)

    def set_page_size(self, size: tuple[float, float], viewport: Viewport | None = None) -> None:
        """Another page. A view that was fitted is fitted again; else scale and relative place stay.

        Pages of one size show exactly the same part, so that a step through them does not move the picture.
        """
        width, height = max(size[0], 1e-6), max(size[1], 1e-6)
        old = self.page_size
        if (width, height) == old and self.fitting != "page":
            return
        self.page_size = (width, height)
        centre = (self.centre[0] * width / old[0], self.centre[1] * height / old[1])
        if self.fitting and viewport is not None:
            self._set(self.scale, centre, self.fitting, quiet=True)
            self.refit(viewport, told=(width, height) != old)
            return
        self._set(self.scale, centre, self.fitting)

    def refit(self, viewport: Viewport, *, told: bool = False) -> None:
        """Fit again what is fitted, for another viewport or page. `told`: say so even if nothing moved."""
        before = self.place
        if self.fitting == "page":
            self.fit(viewport)
        elif self.fitting == "width":
            share = self.centre[1] / self.page_size[1]
            self._set(self._width_scale(viewport), (self.page_size[0] / 2.0, share * self.page_size[1]), "width")
        if told and before == self.place:
            self._tell()

    def fit(self, viewport: Viewport, *, margin: float = FIT_MARGIN) -> None:
        """The whole page, as large as it goes."""
        width, height = self.page_size
        free_w = max(viewport.width - 2.0 * margin, 1.0)
        free_h = max(viewport.height - 2.0 * margin, 1.0)
        scale = min(free_w / width, free_h / height)
        self._set(scale, (width / 2.0, height / 2.0), "page")

    def fit_width(self, viewport: Viewport) -> None:
        """The width of the page, its top at the top."""
        self._set(self._width_scale(viewport), (self.page_size[0] / 2.0, self.centre[1]), "width")
        self.scroll_to_edge("top", viewport)

    def scroll_to_edge(self, edge: Literal["top", "bottom"], viewport: Viewport) -> None:
        """The top of the page at the top of the viewport, or bottom at bottom; a page that fits is centred."""
        height = self.page_size[1]
        half = (viewport.height / 2.0 - FIT_MARGIN) / self.scale
        y = max(half, 0.0) if edge == "top" else height - max(half, 0.0)
        self._set(self.scale, (self.centre[0], height / 2.0 if 2.0 * half >= height else y), self.fitting)

    def _width_scale(self, viewport: Viewport) -> float:
        return self._limited(max(viewport.width - 2.0 * FIT_MARGIN, 1.0) / self.page_size[0])

    def one_to_one(self, viewport: Viewport) -> None:
        """One page pixel on one device pixel; the middle stays."""
        self._set(1.0 / viewport.dpr, self.centre)

    def zoom_at(self, factor: float, anchor_in_view: tuple[float, float], viewport: Viewport) -> None:
        """Zoom so that the page point under `anchor_in_view` (logical pixels) stays where it is."""
        if not (factor > 0 and math.isfinite(factor)):
            return
        scale = self._limited(self.scale * factor)
        ax = anchor_in_view[0] - viewport.width / 2.0
        ay = anchor_in_view[1] - viewport.height / 2.0
        # centre + a / scale is the point under the anchor, before and after
        gain = 1.0 / self.scale - 1.0 / scale
        self._set(scale, (self.centre[0] + ax * gain, self.centre[1] + ay * gain))

    def pan(self, dx: float, dy: float) -> None:
        """Move the page by logical pixels, as a hand that drags it."""
        fitting: Fitting = "width" if self.fitting == "width" and dx == 0.0 else ""
        self._set(self.scale, (self.centre[0] - dx / self.scale, self.centre[1] - dy / self.scale), fitting)

    def move_to(self, centre: tuple[float, float]) -> None:
        """Bring a page point to the middle."""
        self._set(self.scale, centre, "width" if self.fitting == "width" else "")

    def place_of(self, box: Box, viewport: Viewport, *, fill: float = 0.5, most: float = 8.0) -> Place:
        """The place with a box of the page in the middle, over the share `fill` of the viewport, scale ≤ `most`."""
        x0, y0, x1, y1 = box
        width, height = max(x1 - x0, 1e-9), max(y1 - y0, 1e-9)
        scale = self._limited(min(viewport.width * fill / width, viewport.height * fill / height, most))
        return Place(scale, self._within(((x0 + x1) / 2.0, (y0 + y1) / 2.0)))

    def set_between(self, start: Place, end: Place, share: float) -> None:
        """On the way from one place to another: what is visible changes evenly, corner by corner."""
        if share >= 1.0:
            self._set(*end)
            return
        width = 1.0 / start.scale + (1.0 / end.scale - 1.0 / start.scale) * share
        x, y = (a + (b - a) * share for a, b in zip(start.centre, end.centre))
        self._set(1.0 / width, (x, y))

    def zoom_to(self, box: Box, viewport: Viewport, *, fill: float = 0.5, most: float = 8.0) -> None:
        """Bring a box of the page to the middle, see `place_of`."""
        self._set(*self.place_of(box, viewport, fill=fill, most=most))

    def _limited(self, scale: float) -> float:
        return min(max(scale, self.min_scale), MAX_SCALE)

    def _within(self, centre: tuple[float, float]) -> tuple[float, float]:
        """Some point of the page or its labels is always in the middle."""
        x0, y0, x1, y1 = self.reach or (0.0, 0.0, 0.0, 0.0)
        x = min(max(centre[0], min(x0, 0.0)), max(x1, self.page_size[0]))
        y = min(max(centre[1], min(y0, 0.0)), max(y1, self.page_size[1]))
        return x, y

    def _set(self, scale: float, centre: tuple[float, float], fitting: Fitting = "", *, quiet: bool = False) -> None:
        """Take over a state, kept within limits, and tell it."""
        state = Place(self._limited(scale), self._within(centre), fitting)
        if state == self.place:
            return
        self.scale, self.centre, self.fitting = state
        if not quiet:
            self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    # ---- listeners ---------------------------------------------------------------------------------------

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change, until `unlisten`."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """No more calls; unknown listeners are ignored."""
        if listener in self._listeners:
            self._listeners.remove(listener)

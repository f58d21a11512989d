"""Where the page lies on the screen: scale and centre, without Qt, so that two canvases can share it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from viewer.geometry import Affine

MAX_SCALE = 256.0
"""Screen pixels per page pixel at most."""
MIN_PAGE_PX = 24.0
"""The longer side of the page is never shown smaller than this."""
FIT_MARGIN = 8.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """The area that shows the page: width and height in logical pixels, and device pixels per logical one."""

    width: float
    height: float
    dpr: float = 1.0


class View:
    """Scale (logical screen pixels per page pixel) and the page point in the middle of the viewport.

    Nothing here depends on one viewport, so that linked canvases of different sizes show the same middle at
    the same scale. `fitted` says that the page should be fitted again when the viewport or page changes.
    """

    def __init__(self, page_size: tuple[float, float] = (1.0, 1.0)) -> None:
        self.page_size = page_size
        self.scale = 1.0
        self.centre = (page_size[0] / 2.0, page_size[1] / 2.0)
        self.fitted = True
        self.reach: tuple[float, float, float, float] | None = None
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

    def visible(self, viewport: Viewport) -> tuple[float, float, float, float]:
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

    def set_page_size(self, size: tuple[float, float], viewport: Viewport | None = None) -> None:
        """Another page. A view that was fitted is fitted again; else the same part of the page is shown."""
        width, height = max(size[0], 1e-6), max(size[1], 1e-6)
        old = self.page_size
        if (width, height) == old and not self.fitted:
            return
        self.page_size = (width, height)
        if self.fitted and viewport is not None:
            self.fit(viewport)
            return
        factor = width / old[0]
        self._set(
            self.scale / factor,
            (self.centre[0] * factor, self.centre[1] * height / old[1]),
            fitted=self.fitted,
        )

    def fit(self, viewport: Viewport, *, margin: float = FIT_MARGIN) -> None:
        """The whole page, as large as it goes."""
        width, height = self.page_size
        free_w = max(viewport.width - 2.0 * margin, 1.0)
        free_h = max(viewport.height - 2.0 * margin, 1.0)
        scale = min(free_w / width, free_h / height)
        self._set(scale, (width / 2.0, height / 2.0), fitted=True)

    def one_to_one(self, viewport: Viewport) -> None:
        """One page pixel on one device pixel; the middle stays."""
        self._set(1.0 / viewport.dpr, self.centre, fitted=False)

    def zoom_at(self, factor: float, anchor_in_view: tuple[float, float], viewport: Viewport) -> None:
        """Zoom so that the page point under `anchor_in_view` (logical pixels) stays where it is."""
        if not (factor > 0 and math.isfinite(factor)):
            return
        scale = self._limited(self.scale * factor)
        ax = anchor_in_view[0] - viewport.width / 2.0
        ay = anchor_in_view[1] - viewport.height / 2.0
        # centre + a / scale is the point under the anchor, before and after
        gain = 1.0 / self.scale - 1.0 / scale
        self._set(scale, (self.centre[0] + ax * gain, self.centre[1] + ay * gain), fitted=False)

    def pan(self, dx: float, dy: float) -> None:
        """Move the page by logical pixels, as a hand that drags it."""
        self._set(self.scale, (self.centre[0] - dx / self.scale, self.centre[1] - dy / self.scale), fitted=False)

    def zoom_to(
        self, box: tuple[float, float, float, float], viewport: Viewport, *, fill: float = 0.5, most: float = 8.0
    ) -> None:
        """Bring a box of the page to the middle, filling the share `fill` of the viewport at a scale ≤ `most`."""
        x0, y0, x1, y1 = box
        width, height = max(x1 - x0, 1e-9), max(y1 - y0, 1e-9)
        scale = min(viewport.width * fill / width, viewport.height * fill / height, most)
        self._set(scale, ((x0 + x1) / 2.0, (y0 + y1) / 2.0), fitted=False)

    def _limited(self, scale: float) -> float:
        return min(max(scale, self.min_scale), MAX_SCALE)

    def _set(self, scale: float, centre: tuple[float, float], *, fitted: bool) -> None:
        """Take over a state, kept within limits: some point of the page or its labels is always in the middle."""
        scale = self._limited(scale)
        x0, y0, x1, y1 = self.reach or (0.0, 0.0, 0.0, 0.0)
        x = min(max(centre[0], min(x0, 0.0)), max(x1, self.page_size[0]))
        y = min(max(centre[1], min(y0, 0.0)), max(y1, self.page_size[1]))
        if (scale, (x, y), fitted) == (self.scale, self.centre, self.fitted):
            return
        self.scale, self.centre, self.fitted = scale, (x, y), fitted
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

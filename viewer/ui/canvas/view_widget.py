"""A widget that looks at a page through a `View`: fitting, zooming, gliding, and places to be remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from viewer.geometry import Affine
from viewer.ui.canvas.motion import Glide
from viewer.ui.canvas.ornament import Frame
from viewer.ui.canvas.view import Box, Place, View, Viewport

REST_MS = 120
"""The view rests when nothing changed its scale for this long; then it is drawn sharp."""

ViewRule = Literal["keep", "fit"]
"""``keep``: scale and place stay whatever is shown; ``fit``: each asset begins as a whole page."""


class ViewWidget(QWidget):
    """Base of the canvas: what of the page is visible. What is drawn is the canvas's."""

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, view: View | None = None) -> None:
        super().__init__(parent)
        self.view_rule: ViewRule = "keep"
        self._motion = False
        self._edge_wanted: Literal["", "top", "bottom"] = ""
        self._glide = Glide(self)
        self._rest = self._timer(REST_MS, self._rested)
        self.view = view or View()
        self.view.listen(self._view_moved)

    def _timer(self, interval: int, slot: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
        return timer

    # ---- where things are --------------------------------------------------------------------------------

    def viewport(self) -> Viewport:
        """The area of the widget."""
        return Viewport(float(self.width()), float(self.height()), self.devicePixelRatioF())

    def page_point(self, at: QPointF) -> tuple[float, float]:
        """A place in the widget, in page space."""
        return self.view.page_from_view(self.viewport()).map_point(at.x(), at.y())

    def frame(self) -> Frame:
        """Where the page lies now."""
        return Frame(self._page_to_view(), QRectF(self.rect()), self.view.page_size, self.devicePixelRatioF())

    def _page_to_view(self) -> Affine:
        return self.view.page_to_view(self.viewport())

    def _device_rect(self) -> Box:
        dpr = self.devicePixelRatioF()
        return (0.0, 0.0, float(round(self.width() * dpr)), float(round(self.height() * dpr)))

    # ---- what is visible ---------------------------------------------------------------------------------

    def set_view(self, view: View) -> None:
        """Share another view (linked canvases)."""
        self.view.unlisten(self._view_moved)
        self.view = view
        view.listen(self._view_moved)
        self._view_moved()

    def set_view_rule(self, rule: ViewRule) -> None:
        """What happens to zoom and place when another asset comes."""
        self.view_rule = rule

    @property
    def has_motion(self) -> bool:
        """Whether the view glides."""
        return self._motion

    def set_motion(self, on: bool) -> None:
        """Whether the view glides and labels flash."""
        self._motion = on
        if not on:
            self._glide.stop()

    @property
    def place(self) -> Place:
        """What is visible, to be remembered."""
        return self.view.place

    def set_place(self, place: Place) -> None:
        """Show what was visible before. The page must be the one that it was remembered of."""
        self.view.set_place(place, self.viewport())

    def fit(self) -> None:
        """The whole page."""
        self.view.fit(self.viewport())

    def fit_width(self) -> None:
        """The width of the page, from its top."""
        self.view.fit_width(self.viewport())

    def one_to_one(self) -> None:
        """One page pixel on one device pixel."""
        self.view.one_to_one(self.viewport())

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom, keeping the page point at `at` (logical pixels; the middle when None)."""
        at = at if at is not None else QPointF(self.width() / 2.0, self.height() / 2.0)
        self.view.zoom_at(factor, (at.x(), at.y()), self.viewport())

    def zoom_to(self, box: Box) -> None:
        """Bring a box in page space to the middle."""
        self._go(self.view.place_of(box, self.viewport()))

    def turn_to(self, edge: Literal["top", "bottom"]) -> None:
        """The next other page begins at its top, or is seen from its bottom: it is being read by scrolling."""
        self._edge_wanted = edge

    def _go(self, place: Place) -> None:
        if self._motion and self.isVisible():
            self._glide.go(self.view, place)
        else:
            self.view.set_place(place, self.viewport())

    def _set_page_size(self, size: tuple[float, float], *, other_asset: bool, other_page: bool) -> None:
        """Another page is shown: what stays of the view."""
        if other_asset and self.view_rule == "fit":
            self._glide.stop()
            self.view.page_size = (max(size[0], 1e-6), max(size[1], 1e-6))
            self.view.fit(self.viewport())
        else:
            self.view.set_page_size(size, self.viewport())
        if other_page and self._edge_wanted:
            self.view.scroll_to_edge(self._edge_wanted, self.viewport())
        if other_page:
            self._edge_wanted = ""

    def _view_moved(self) -> None:
        if not self._glide.is_stepping:
            self._glide.stop()
        self._edge_wanted = ""
        self._rest.start()
        self.view_changed.emit()

    def _rested(self) -> None:
        """Nothing moved for a while."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted page stays fitted."""
        self.view.refit(self.viewport())
        self._rest.start()
        super().resizeEvent(event)

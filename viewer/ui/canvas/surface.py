"""What the canvas draws and how it looks: page, labels, and what lies over them. Content and pointer come above."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QWidget

from viewer.geometry import Affine
from viewer.ui import theme
from viewer.ui.canvas.background import Background
from viewer.ui.canvas.content import Kind, PageContent
from viewer.ui.canvas.corners import Corners, CornerTexts
from viewer.ui.canvas.label_layer import LabelLayer
from viewer.ui.canvas.motion import Flash
from viewer.ui.canvas.navigator import Navigator
from viewer.ui.canvas.ornament import Ornament
from viewer.ui.canvas.outside import HEIGHT, OutsideChips, chip_width, paint_chip
from viewer.ui.canvas.page_layer import PageLayer
from viewer.ui.canvas.pins import Pin, Pins
from viewer.ui.canvas.tag_layer import TagsMode
from viewer.ui.canvas.view import Box, Place, View
from viewer.ui.canvas.view_widget import ViewWidget
from viewer.ui.widgets.focus import KEYBOARD


class Surface(ViewWidget):
    """Paints a `PageContent` and keeps its looks."""

    failed = Signal(str)
    """Painting raised; the text says what"""
    detail_wanted = Signal(object, float)
    """(region in page space, raster pixels per page pixel)"""
    pin_chosen = Signal(str)

    def __init__(
        self, parent: QWidget | None = None, *, view: View | None = None, executor: Executor | None = None
    ) -> None:
        super().__init__(parent, view=view)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.content: PageContent | None = None
        self.kind: Kind = "image"
        self.brush_opacity = 0.6
        self.page_layer = PageLayer()
        self.labels = LabelLayer()
        self._ring = False
        self._waiting = ""
        self._broken = ""
        self._scale_seen = 0.0
        self._zooms = self._was_made = False
        self.is_complete = True
        """Whether the last frame had all labels; else another one follows by itself."""
        self._map_seen: Affine | None = None
        self._more = self._timer(0, self._make_more)
        self._flash = Flash(self, self._show_flash)
        self._flashed: tuple[str, ...] = ()
        self._background = Background(self, executor)
        self._corners = CornerTexts()
        self._pins = Pins(self.pin_chosen.emit)
        self._navigator = Navigator(lambda: self.page_layer.base, lambda point: self.view.move_to(point))
        outside = OutsideChips(self.labels, self._show_outside)
        self.ornaments: tuple[Ornament, ...] = (outside, self._pins, self._corners, self._navigator)
        self.destroyed.connect(self._background.close)

    # ---- looks -------------------------------------------------------------------------------------------

    def set_tags_mode(self, mode: TagsMode) -> None:
        """``none`` (only selected and hovered), ``auto`` (as many as fit) or ``all``."""
        if mode != self.labels.tags.mode:
            self.labels.tags.set_mode(mode)
            self.update()

    @property
    def tags_mode(self) -> TagsMode:
        """The mode of tags."""
        return self.labels.tags.mode

    def set_all_relations(self, shown: bool) -> None:
        """Every relation, or only those of what is selected."""
        self.labels.set_all_relations(shown)
        self.update()

    def set_corners(self, corners: Corners) -> None:
        """Words and letters around a slice, with a ruler. Only slices have them."""
        if corners != self._corners.corners:
            self._corners.corners = corners
            self.update()

    def set_pins(self, pins: Sequence[Pin]) -> None:
        """Issues at their places on this page, numbered from 1."""
        self._pins.set_pins(pins)
        self.update()

    def take_ornaments(self, other: Surface, *, navigator: bool = False) -> None:
        """What lies over another surface that shows the same page: corner words, pins, and perhaps the navigator."""
        self._corners.corners = other._corners.corners
        self._pins.set_pins(other._pins.pins)
        self._navigator.is_on = navigator and other._navigator.is_on
        self.update()

    def set_navigator(self, on: bool) -> None:
        """Whether a small picture of the page appears when less than 60 % of it is visible."""
        self._navigator.is_on = on
        self.update()

    def flash(self, object_ids: Iterable[str]) -> None:
        """Light labels up twice; nothing moves when motion is off."""
        self._flash.stop()
        self._flashed = tuple(object_ids)
        if self._motion and self._flashed:
            self._flash.start()

    def set_motion(self, on: bool) -> None:
        """Whether the view glides and labels flash."""
        super().set_motion(on)
        if not on:
            self._flash.stop()

    def _show_flash(self, on: bool) -> None:
        self.labels.set_flashing(self._flashed if on else ())
        self.update()

    def _show_outside(self, box: Box) -> None:
        """Bring labels outside of the page to the middle; closer only if they would not fit."""
        place = self.view.place_of(box, self.viewport(), fill=0.8)
        self._go(Place(min(place.scale, self.view.scale), place.centre))

    # ---- movement and rest -------------------------------------------------------------------------------

    def _view_moved(self) -> None:
        if self.view.scale != self._scale_seen:
            if self._map_seen is not None:
                self.labels.keep_picture(self._map_seen, self._device_rect())
            self._scale_seen = self.view.scale
            self._zooms = True
        self.labels.view_moves()
        super()._view_moved()
        self.update()

    def _rested(self) -> None:
        self._zooms = False
        self.labels.view_rests()
        self._prepare()
        if self.content is not None and self.content.sharper:
            self._ask_for_detail(self.content)
        self.update()

    def _prepare(self) -> None:
        """Have simplified outlines made for the scale that is shown."""
        work = self.labels.work_for(self.view.scale * self.devicePixelRatioF())
        if work is not None:
            self._background.run("levels", work, lambda _done: self.update())

    def _ask_for_detail(self, content: PageContent) -> None:
        width, height = content.page_size
        x0, y0, x1, y1 = self.view.visible(self.viewport())
        region = (max(x0, 0.0), max(y0, 0.0), min(x1, width), min(y1, height))
        if region[2] <= region[0] or region[3] <= region[1]:
            return
        scale = self.view.scale * self.devicePixelRatioF()
        if self.page_layer.sharpness(region) < scale / 1.05:
            # a quarter more at each side, so that a small pan needs nothing new
            pad_x, pad_y = (region[2] - region[0]) / 4.0, (region[3] - region[1]) / 4.0
            region = (
                max(region[0] - pad_x, 0.0), max(region[1] - pad_y, 0.0),
                min(region[2] + pad_x, width), min(region[3] + pad_y, height),
            )  # fmt: skip
            self.detail_wanted.emit(region, scale)

    # ---- painting ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the part that is asked for. What goes wrong is shown and told, never swallowed."""
        painter = QPainter(self)
        try:
            self._paint(painter, event.rect())
            if self._ring:
                _paint_ring(painter, self.rect())
        except Exception as error:
            # Qt cannot pass it on, and it would come again with every frame: say it once, stop drawing labels
            if not self._broken:
                self._broken = f"{type(error).__name__}: {error}"
                self.failed.emit(self._broken)
                sys.excepthook(*sys.exc_info())
                self._more.start()
        finally:
            painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring is for those who came here by the keyboard."""
        self._ring = event.reason() in KEYBOARD
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Without the keys there is no ring."""
        self._ring = False
        self.update()
        super().focusOutEvent(event)

    def _make_more(self) -> None:
        """Labels that are missing are made outside of paint events: then only their place is painted again."""
        made = None
        if self.content is not None and not self._broken:
            made = self.labels.make_more(self.view.page_to_device(self.viewport()), self._device_rect())
        if made is None:
            self.update()
            return
        self._was_made = True
        dpr = self.devicePixelRatioF()
        for x0, y0, x1, y1 in made:
            self.update(QRectF(x0 / dpr, y0 / dpr, (x1 - x0) / dpr, (y1 - y0) / dpr).toAlignedRect())
        # a pane that lies over this one keeps paint events away, which would ask for the rest
        self.is_complete = self.labels.is_made
        if not self.is_complete:
            self._more.start()

    def _paint(self, painter: QPainter, rect: QRect) -> None:
        t = theme.current()
        black = self.content is not None and self.kind in ("dicom", "video")
        painter.fillRect(rect, QColor(t.letterbox if black else t.canvas))
        if self._broken:
            painter.setPen(QColor(t.text))
            text = self.tr("This page could not be drawn.") + "\n" + self._broken
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
            return
        if self.content is None:
            return
        dpr = self.devicePixelRatioF()
        # from here on the painter counts device pixels, whatever its own transform
        painter.setWindow(0, 0, round(dpr * 10_000), round(dpr * 10_000))
        painter.setViewport(0, 0, 10_000, 10_000)
        to_device = self.view.page_to_device(self.viewport())
        self._map_seen = to_device
        clip = (rect.left() * dpr, rect.top() * dpr, (rect.right() + 1) * dpr, (rect.bottom() + 1) * dpr)
        zooming = self._zooms and self.labels.is_zooming(to_device.a)
        self.page_layer.paint(
            painter,
            to_device,
            clip,
            moving=dpr >= 2.0 and self._rest.isActive(),
            dpr=dpr,
            edge=t.border,
            brush_opacity=self.brush_opacity if self.labels.shown else 0.0,
            grid=not self.content.sharper,
        )
        self._corners.is_on = self.kind == "dicom"
        self.labels.tags.set_keep_out(self._corners.boxes(self.frame()))
        make, self._was_made = not self._was_made, False
        complete = self.labels.paint(painter, to_device, self._device_rect(), clip, dpr=dpr, moving=zooming, make=make)
        self._paint_ornaments(painter, dpr)
        self.is_complete = complete and self.labels.work_for(to_device.a) is None
        if not complete and not zooming:
            self._more.start()

    def _paint_ornaments(self, painter: QPainter, dpr: float) -> None:
        painter.save()
        painter.setTransform(QTransform.fromScale(dpr, dpr))
        frame = self.frame()
        self._navigator.lift = self._corners.height_at_bottom_right
        for ornament in self.ornaments:
            ornament.paint(painter, frame)
        if self._waiting:
            paint_chip(painter, QRectF(12.0, 12.0, chip_width(self._waiting), HEIGHT), self._waiting)
        painter.restore()

    def ornament_at(self, at: QPointF) -> Ornament | None:
        """What lies over the picture under the pointer, the uppermost."""
        if self.content is None:
            return None
        frame = self.frame()
        return next((o for o in reversed(self.ornaments) if o.is_at(at, frame)), None)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: all in its colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)


def _paint_ring(painter: QPainter, rect: QRect) -> None:
    """Inside of the edge, above everything; in logical pixels again."""
    painter.setViewTransformEnabled(False)
    painter.resetTransform()
    painter.setClipping(False)
    accent = QColor(theme.current().accent)
    width, height = rect.width(), rect.height()
    for x, y, w, h in (
        (0, 0, width, 2),
        (0, height - 2, width, 2),
        (0, 2, 2, height - 4),
        (width - 2, 2, 2, height - 4),
    ):
        painter.fillRect(x, y, w, h, accent)

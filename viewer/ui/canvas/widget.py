"""The canvas widget: one page with its labels, and the signals of what the pointer does on it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.decoders.base import Raster
from viewer.geometry import Affine
from viewer.overlay import palette
from viewer.overlay.relations import RelationStore
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas.background import Background
from viewer.ui.canvas.hover_card import HoverCard
from viewer.ui.canvas.label_layer import LabelLayer, TagsMode
from viewer.ui.canvas.page_layer import MIPS_AT_ONCE, PageLayer, Picture, picture_of, wants_mips, with_mips
from viewer.ui.canvas.pointer import Pointer, takes_shortcut
from viewer.ui.canvas.state_block import Action, StateBlock
from viewer.ui.canvas.tiles import Box
from viewer.ui.canvas.view import View, Viewport

REST_MS = 120
"""The view rests when nothing changed its scale for this long; then it is drawn sharp."""

Kind = Literal["image", "video", "pdf", "dicom"]


@dataclass(frozen=True, slots=True, eq=False)
class PageContent:
    """A page as it is shown: pixels and labels that belong together, told apart from others by `key`.

    `page_size` is the displayed size of the page in page pixels. `paper`: the page is white paper (PDF).
    `sharper`: the decoder gives more detail when asked for a larger scale (`Canvas.detail_wanted`).
    """

    raster: Raster
    page_size: tuple[float, float]
    key: Hashable
    store: ShapeStore
    relations: RelationStore = field(default_factory=RelationStore)
    brush: Raster | None = None
    kind: Kind = "image"
    paper: bool = False
    sharper: bool = False


class Canvas(QWidget):
    """Shows a `PageContent`. What it shows changes by `show_page` and `set_message` alone."""

    hovered = Signal(object, object)
    """(object id or None, QPointF in page space or None when the pointer is elsewhere)"""
    clicked = Signal(object, QPointF)
    """(tuple of the object ids under the pointer, the first choice in front; point in page space)"""
    selection_requested = Signal(object)
    """object id, or None for a click on nothing"""
    object_activated = Signal(str)
    view_changed = Signal()
    window_dragged = Signal(float, float)
    """DICOM, right button: logical pixels to the right and down since the last one"""
    page_step_requested = Signal(int)
    detail_wanted = Signal(object, float)
    """(region in page space, raster pixels per page pixel)"""
    menu_requested = Signal(object, object)
    """(global QPoint, tuple of the object ids there)"""
    space_tapped = Signal()
    failed = Signal(str)
    """Painting raised; the text says what"""

    def __init__(
        self, parent: QWidget | None = None, *, view: View | None = None, executor: Executor | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(self.tr("The page with its labels; the label list says the same in words"))
        self.content: PageContent | None = None
        self.kind: Kind = "image"
        self.brush_opacity = 0.6
        self.page_layer = PageLayer()
        self.labels = LabelLayer()
        self._ground, self._edge = palette.CANVAS_DARK, "#3B3E44"
        self._background = Background(self, executor)
        self._pointer = Pointer(self)
        self._block = StateBlock(self)
        self._card = HoverCard(self)
        self._waiting = ""
        self._broken = ""
        self._hover: str | None = None
        self._scale_seen = 0.0
        self._map_seen: Affine | None = None
        self._rest = self._timer(REST_MS, self._rested)
        self._more = self._timer(0, self.update)
        self.view = view or View()
        self.view.listen(self._view_moved)
        self.destroyed.connect(self._background.close)

    def _timer(self, interval: int, slot: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
        return timer

    # ---- what is shown -----------------------------------------------------------------------------------

    def show_page(self, content: PageContent) -> None:
        """Show a page: its pixels and its labels appear together, and what stood there before is gone."""
        same_page = self.content is not None and self.content.key == content.key
        same_picture = same_page and self.content is not None and self.content.raster is content.raster
        self.content, self.kind = content, content.kind
        self._waiting = self._broken = ""
        self._block.hide()
        if not same_picture:
            self._take_picture(content.raster, content.page_size)
        self.page_layer.brush = picture_of(content.brush) if content.brush is not None else None
        self.labels.set_paper(content.paper)
        self.labels.set_content(content.store, content.relations)
        self.view.reach = content.store.bounds
        self.view.set_page_size(content.page_size, self.viewport())
        if not same_page:
            self._pointer.cycle.reset()
            self.end_hover()
        self._prepare()
        self._rest.start()
        self.update()

    def show_labels(self, store: ShapeStore, relations: RelationStore | None = None, *, key: Hashable) -> bool:
        """Other labels over the same picture. False, and nothing happens, when another page is shown."""
        content = self.content
        if content is None or content.key != key:
            return False
        self.show_page(replace(content, store=store, relations=content.relations if relations is None else relations))
        return True

    def set_picture(self, raster: Raster | None, *, key: Hashable = None) -> bool:
        """Other pixels of the same page (another VOI window). None takes the picture and its labels away."""
        if raster is None:
            self.clear()
            return True
        content = self.content
        if content is None or content.key != key:
            return False
        self.show_page(replace(content, raster=raster))
        return True

    def add_detail(self, raster: Raster, *, key: Hashable) -> bool:
        """A sharper raster of a region of the page shown; False when another page is shown by now."""
        if self.content is None or self.content.key != key:
            return False
        self.page_layer.add_detail(raster)
        self.update()
        return True

    def clear(self) -> None:
        """No picture, no labels, no words."""
        self.content = None
        self._waiting = ""
        self._background.drop("mips")
        self.page_layer.set_base(None, (1.0, 1.0))
        self.page_layer.brush = None
        self.labels.set_content(ShapeStore.empty(), RelationStore())
        self._block.hide()
        self.end_hover()
        self.update()

    def set_message(self, title: str, text: str = "", actions: Sequence[Action] = ()) -> None:
        """Words in the place of a picture, with buttons; the picture before and its labels are gone."""
        self.clear()
        self._block.show_words(title, text, actions)

    def set_waiting(self, text: str) -> None:
        """Keep the old picture, withdraw its labels and say what is awaited ("" ends it without a page)."""
        self._waiting = text
        self.labels.set_withdrawn(bool(text))
        if text:
            self.end_hover()
        self.update()

    @property
    def message(self) -> tuple[str, str] | None:
        """(title, text) of the words in the place of a picture; None when there are none."""
        return self._block.words if self._block.isVisibleTo(self) else None

    def _take_picture(self, raster: Raster, page_size: tuple[float, float]) -> None:
        picture = picture_of(raster)
        self._background.drop("mips")
        width, height = raster.size
        if wants_mips(raster):
            if width * height <= MIPS_AT_ONCE:
                picture = with_mips(picture)
            else:
                self._background.run("mips", lambda: with_mips(picture), self._mips_made)
        self.page_layer.set_base(picture, page_size)

    def _mips_made(self, picture: Picture) -> None:
        base = self.page_layer.base
        if base is not None and base.raster is picture.raster:
            self.page_layer.base = picture
            self.update()

    # ---- looks -------------------------------------------------------------------------------------------

    def set_colours(self, ground: str, edge: str) -> None:
        """``#RRGGBB`` of the ground behind pictures and of the line around the page."""
        self._ground, self._edge = ground, edge
        self.update()

    def set_selection(self, object_ids: Iterable[str]) -> None:
        """The labels that are selected; ids that are not on the page are ignored until they are."""
        self.labels.set_selection(object_ids)
        self.update()

    def set_tags_mode(self, mode: TagsMode) -> None:
        """``none`` (only selected and hovered), ``auto`` (as many as fit) or ``all``."""
        self.labels.set_tags_mode(mode)
        self.update()

    @property
    def tags_mode(self) -> TagsMode:
        """The mode of tags."""
        return self.labels.tags_mode

    def set_labels_visible(self, visible: bool) -> None:
        """Show or hide all labels, the brush layer and the relations."""
        self.labels.set_visible(visible)
        if not visible:
            self.end_hover()
        self.update()

    def set_all_relations(self, shown: bool) -> None:
        """Every relation, or only those of what is selected."""
        self.labels.set_all_relations(shown)
        self.update()

    def set_card_text(self, text_of: Callable[[str], str] | None) -> None:
        """Rich text of the card that appears beside a label under the pointer; it gets the object id."""
        self._card.text_of = text_of

    # ---- view --------------------------------------------------------------------------------------------

    def viewport(self) -> Viewport:
        """The area of the widget."""
        return Viewport(float(self.width()), float(self.height()), self.devicePixelRatioF())

    def set_view(self, view: View) -> None:
        """Share another view (linked canvases)."""
        self.view.unlisten(self._view_moved)
        self.view = view
        view.listen(self._view_moved)
        self._view_moved()

    def fit(self) -> None:
        """The whole page."""
        self.view.fit(self.viewport())

    def one_to_one(self) -> None:
        """One page pixel on one device pixel."""
        self.view.one_to_one(self.viewport())

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom, keeping the page point at `at` (logical pixels; the middle when None)."""
        at = at if at is not None else QPointF(self.width() / 2.0, self.height() / 2.0)
        self.view.zoom_at(factor, (at.x(), at.y()), self.viewport())

    def zoom_to(self, box: Box) -> None:
        """Bring a box in page space to the middle."""
        self.view.zoom_to(box, self.viewport())

    def zoom_to_labels(self, object_ids: Iterable[str]) -> bool:
        """Bring labels to the middle; False when none of them is on the page."""
        box = self.labels.store.bounds_of(object_ids)
        if box is not None:
            self.zoom_to(box)
        return box is not None

    def page_point(self, at: QPointF) -> tuple[float, float]:
        """A place in the widget, in page space."""
        return self.view.page_from_view(self.viewport()).map_point(at.x(), at.y())

    def ids_at(self, at: QPointF) -> tuple[str, ...]:
        """The object ids of the labels at a place in the widget, the first choice in front."""
        if self.content is None:
            return ()
        return self.labels.ids_at(self.page_point(at), self.view.scale)

    def _view_moved(self) -> None:
        if self.view.scale != self._scale_seen:
            if self._map_seen is not None:
                self.labels.keep_picture(self._map_seen, self._device_rect())
            self._scale_seen = self.view.scale
        self._rest.start()
        self.labels.view_moves()
        self._card.hide_card()
        self.update()
        self.view_changed.emit()

    def _rested(self) -> None:
        self.labels.view_rests()
        self._prepare()
        content = self.content
        if content is not None and content.sharper:
            self._ask_for_detail(content)
        self.update()

    def _prepare(self) -> None:
        """Have simplified outlines made for the scale that is shown."""
        levels = self.labels.levels
        wanted = levels.missing(self.view.scale * self.devicePixelRatioF())
        if wanted is not None:
            self._background.run("levels", lambda: levels.build(wanted), lambda _done: self.update())

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

    # ---- hover -------------------------------------------------------------------------------------------

    def hover_at(self, at: QPointF, *, pinned: bool = False) -> None:
        """The pointer is here. `pinned`: the card stays at its label."""
        if self.content is None or self._waiting:
            return
        ids = self.ids_at(at)
        found = ids[0] if ids else None
        if not pinned:
            self._set_hover(found, at)
        self.hovered.emit(found, QPointF(*self.page_point(at)))

    def end_hover(self) -> None:
        """The pointer is nowhere."""
        self._set_hover(None, QPointF())
        self.hovered.emit(None, None)

    def _set_hover(self, object_id: str | None, at: QPointF) -> None:
        if object_id == self._hover:
            self._card.follow(at)
            return
        dirty = self.labels.hover_area(self._page_to_view(), QRectF(self.rect()))
        self._hover = object_id
        self.labels.set_hover(object_id)
        dirty = dirty.united(self.labels.hover_area(self._page_to_view(), QRectF(self.rect())))
        self._card.start(object_id, at)
        if not dirty.isEmpty():
            self.update(dirty.toAlignedRect().intersected(self.rect()))

    def _page_to_view(self) -> Affine:
        return self.view.page_to_view(self.viewport())

    # ---- painting ----------------------------------------------------------------------------------------

    def _device_rect(self) -> Box:
        dpr = self.devicePixelRatioF()
        return (0.0, 0.0, float(round(self.width() * dpr)), float(round(self.height() * dpr)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the part that is asked for. What goes wrong is shown and told, never swallowed."""
        painter = QPainter(self)
        try:
            self._paint(painter, event.rect())
        except Exception as error:
            # Qt cannot pass it on, and it would come again with every frame: say it once, stop drawing labels
            if not self._broken:
                self._broken = f"{type(error).__name__}: {error}"
                self.failed.emit(self._broken)
                sys.excepthook(*sys.exc_info())
                self._more.start()
        finally:
            painter.end()

    def _paint(self, painter: QPainter, rect: QRect) -> None:
        black = self.content is not None and self.kind in ("dicom", "video")
        painter.fillRect(rect, QColor("#000000" if black else self._ground))
        if self._broken:
            painter.setPen(QColor("#B0B4BC"))
            text = self.tr("This page could not be drawn.") + "\n" + self._broken
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
            return
        if self.content is None:
            return
        dpr = self.devicePixelRatioF()
        # from here on the painter counts device pixels, whatever its own transform
        painter.setWindow(0, 0, round(dpr * 10_000), round(dpr * 10_000))
        painter.setViewport(0, 0, 10_000, 10_000)
        viewport = self.viewport()
        to_device = self.view.page_to_device(viewport)
        self._map_seen = to_device
        clip = (rect.left() * dpr, rect.top() * dpr, (rect.right() + 1) * dpr, (rect.bottom() + 1) * dpr)
        zooming = self._rest.isActive() and self.labels.is_zooming(to_device.a)
        self.page_layer.paint(
            painter,
            to_device,
            clip,
            moving=dpr >= 2.0 and self._rest.isActive(),
            dpr=dpr,
            edge=self._edge,
            brush_opacity=self.brush_opacity if self.labels.shown else 0.0,
            grid=not self.content.sharper,
        )
        complete = self.labels.paint(painter, to_device, self._device_rect(), clip, dpr=dpr, moving=zooming)
        if self._waiting:
            self.labels.paint_chip(painter, self._waiting, dpr)
        if not complete and not zooming:
            self._more.start()

    # ---- events ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted page stays fitted."""
        if self.view.fitted:
            self.view.fit(self.viewport())
        self._block.place()
        self._rest.start()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """See `Pointer`."""
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """See `Pointer`."""
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """See `Pointer`."""
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """See `Pointer`."""
        self._pointer.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """See `Pointer`."""
        self._pointer.wheel(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key; the mouse's own menu comes with the release of the right button."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_requested.emit(event.globalPos(), tuple(self.labels.selection))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space is ours, all other keys are the window's."""
        if not self._pointer.key(event, down=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """See `keyPressEvent`."""
        if not self._pointer.key(event, down=False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is held down any more."""
        self._pointer.forget()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left."""
        self.end_hover()
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Space before shortcuts, pinch, and changes of the screen."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and takes_shortcut(event):
            event.accept()
            return True
        if (
            kind == QEvent.Type.NativeGesture
            and isinstance(event, QNativeGestureEvent)
            and self._pointer.gesture(event)
        ):
            return True
        if kind == QEvent.Type.DevicePixelRatioChange:
            self.labels.forget_pictures()
            self._rest.start()
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the thread end."""
        self._background.close()
        super().closeEvent(event)

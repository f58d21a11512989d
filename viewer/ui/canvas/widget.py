"""The canvas widget: one page with its labels, and the signals of what the pointer does on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.decoders.base import Raster
from viewer.errors import one_line
from viewer.limits import TEXT_SHOWN
from viewer.overlay.relations import RelationStore
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas.content import PageContent
from viewer.ui.canvas.hover_card import HoverCard
from viewer.ui.canvas.ornament import Ornament
from viewer.ui.canvas.page_layer import MIPS_AT_ONCE, Picture, picture_of, wants_mips, with_mips
from viewer.ui.canvas.pointer import Pointer, takes_shortcut
from viewer.ui.canvas.probe import Calm, value_at
from viewer.ui.canvas.state_block import NO_WORDS, StateBlock, Way, Words
from viewer.ui.canvas.surface import Surface
from viewer.ui.canvas.view import View


class Canvas(Surface):
    """Shows a `PageContent`. What it shows changes by `show_page` and `set_message` alone."""

    hovered = Signal(object, object)
    """(object id or None, QPointF in page space or None when the pointer is elsewhere)"""
    probed = Signal(object, str)
    """(QPointF in page space or None, the value of the pixel on screen: "RGB 96 95 93")"""
    probe_wanted = Signal(QPointF)
    """The pointer is at this point of the page; told at most every 50 ms, so that a worker can be asked"""
    clicked = Signal(object, QPointF)
    """(tuple of the object ids under the pointer, the first choice in front; point in page space)"""
    selection_requested = Signal(object)
    """object id, or None for a click on nothing"""
    object_activated = Signal(str)
    window_dragged = Signal(float, float)
    """DICOM, right button: logical pixels to the right and down since the last one"""
    page_step_requested = Signal(int)
    menu_requested = Signal(object, object)
    """(global QPoint, tuple of the object ids there)"""
    space_tapped = Signal()
    picture_prepared = Signal()
    """The smaller forms of a large picture are there."""
    announced = Signal(str)
    """What screen readers were told"""

    def __init__(
        self, parent: QWidget | None = None, *, view: View | None = None, executor: Executor | None = None
    ) -> None:
        super().__init__(parent, view=view, executor=executor)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(self.tr("The page with its labels; the label list says the same in words"))
        self._pointer = Pointer(self)
        self._block = StateBlock(self)
        self._card = HoverCard(self)
        self._probe = Calm(self, self.probe_wanted.emit)
        self._spoken: Callable[[str], str] | None = None
        self._hover: str | None = None
        self._hover_ornament: tuple[Ornament, str] | None = None
        self._asset_seen: Hashable = None

    # ---- what is shown -----------------------------------------------------------------------------------

    def show_page(self, content: PageContent, picture: Picture | None = None) -> None:
        """Show a page: its pixels and its labels appear together, and what stood there before is gone.

        `picture`: the same pixels as another canvas holds them, so that they are not prepared twice.
        """
        same_page = self.content is not None and self.content.key == content.key
        same_picture = same_page and self.content is not None and self.content.raster is content.raster
        other_asset, self._asset_seen = content.asset != self._asset_seen, content.asset
        self.content, self.kind = content, content.kind
        self._waiting = self._broken = ""
        self._block.hide()
        if not same_picture:
            self._take_picture(content.raster, content.page_size, picture)
        self.page_layer.brush = picture_of(content.brush) if content.brush is not None else None
        self.labels.set_paper(content.paper)
        self.labels.set_content(content.store, content.relations, content.marks)
        self.view.reach = content.store.bounds
        self._set_page_size(content.page_size, other_asset=other_asset, other_page=not same_page)
        if not same_page:
            self._flash.stop()
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
        relations = content.relations if relations is None else relations
        self.show_page(replace(content, store=store, relations=relations, marks=None))
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
        self._flash.stop()
        self._background.drop("mips")
        self.page_layer.set_base(None, (1.0, 1.0))
        self.page_layer.brush = None
        self.labels.set_content(ShapeStore.empty(), RelationStore())
        self._pins.set_pins(())
        self._block.hide()
        self.end_hover()
        self.update()

    def set_message(self, title: str, text: str = "", ways: Sequence[Way] = (), words: Words = NO_WORDS) -> None:
        """Words in the place of a picture, with what can be done; the picture before and its labels are gone."""
        self.clear()
        self._block.show_words(title, text, ways, words)

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

    def _take_picture(self, raster: Raster, page_size: tuple[float, float], shared: Picture | None = None) -> None:
        self._background.drop("mips")
        if shared is not None and shared.raster is raster:
            self.page_layer.set_base(shared, page_size)
            return
        picture = picture_of(raster)
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
            self.picture_prepared.emit()
            self.update()

    # ---- labels ------------------------------------------------------------------------------------------

    def set_selection(self, object_ids: Iterable[str]) -> None:
        """The labels that are selected; ids that are not on the page are ignored until they are."""
        before = self.labels.selection
        self.labels.set_selection(object_ids)
        if self.labels.selection != before:
            self.update()
            if self.labels.selection:
                self.announce(self._words_of(self.labels.selection))

    def set_labels_visible(self, visible: bool) -> None:
        """Show or hide all labels, the brush layer and the relations. What was drawn of them is kept."""
        if visible == self.labels.is_visible:
            return
        self.labels.set_visible(visible)
        if not visible:
            self.end_hover()
        self.update()

    def set_card_text(self, text_of: Callable[[str], str] | None) -> None:
        """Rich text of the card that appears beside a label under the pointer; it gets the object id."""
        self._card.text_of = text_of

    def set_spoken_text(self, text_of: Callable[[str], str] | None) -> None:
        """What screen readers say of a label that is selected; without it the words of its tag."""
        self._spoken = text_of

    def announce(self, text: str) -> None:
        """Tell screen readers, without moving the focus."""
        text = one_line(text)[:TEXT_SHOWN]
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
            self.announced.emit(text)

    def _words_of(self, object_ids: tuple[str, ...]) -> str:
        if len(object_ids) > 1:
            return self.tr("{0} labels selected").format(f"{len(object_ids):,}")
        if self._spoken is not None:
            return self._spoken(object_ids[0])
        row = self.labels.store.index.get(object_ids[0])
        if row is None:
            return ""
        tag = self.labels.store.tags[row]
        return ", ".join(part for part in (tag.title, tag.fact) if part)

    def zoom_to_labels(self, object_ids: Iterable[str]) -> bool:
        """Bring labels to the middle; False when none of them is on the page."""
        box = self.labels.store.bounds_of(object_ids)
        if box is not None:
            self.zoom_to(box)
        return box is not None

    def ids_at(self, at: QPointF) -> tuple[str, ...]:
        """The object ids of the labels at a place in the widget, the first choice in front."""
        if self.content is None:
            return ()
        return self.labels.ids_at(self.page_point(at), self.view.scale)

    # ---- hover -------------------------------------------------------------------------------------------

    def hover_at(self, at: QPointF, *, pinned: bool = False) -> None:
        """The pointer is here. `pinned`: the card stays at its label."""
        if self.content is None or self._waiting:
            return
        if self._hover_over(self.ornament_at(at), at):
            return
        ids = self.ids_at(at)
        found = ids[0] if ids else None
        if not pinned:
            self._set_hover(found, at)
        point = QPointF(*self.page_point(at))
        self.hovered.emit(found, point)
        self._tell_value(point)

    def end_hover(self) -> None:
        """The pointer is nowhere."""
        self._hover_over(None, QPointF())
        self._set_hover(None, QPointF())
        self._probe.forget()
        self.hovered.emit(None, None)
        self.probed.emit(None, "")

    def value_at(self, point_in_page: tuple[float, float]) -> tuple[int, ...] | None:
        """The pixel shown at a place of the page: (grey,) or (red, green, blue); None beside the picture."""
        layer = self.page_layer
        if self.content is None or layer.base is None:
            return None
        return value_at(tuple(p.raster for p in (layer.base, *layer.details)), point_in_page)

    def _tell_value(self, point: QPointF) -> None:
        value = self.value_at((point.x(), point.y()))
        if value is None:
            self._probe.forget()
            self.probed.emit(point, "")
            return
        words = self.tr("grey {0}") if len(value) == 1 else self.tr("RGB {0}")
        self.probed.emit(point, words.format(" ".join(map(str, value))))
        self._probe.ask(point)

    def _hover_over(self, ornament: Ornament | None, at: QPointF) -> bool:
        """What lies over the picture is under the pointer, or no more. Whether something is."""
        tip = ornament.tip(at, self.frame()) if ornament is not None else ""
        now = (ornament, tip) if ornament is not None else None
        if now != self._hover_ornament:
            self._hover_ornament = now
            if ornament is None:
                self._card.hide_card()
                self.unsetCursor()
            else:
                self.end_hover_of_labels()
                self._card.start(None, at, text=tip)
                self.setCursor(ornament.cursor)
        return ornament is not None

    def end_hover_of_labels(self) -> None:
        """No label is under the pointer."""
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

    def _view_moved(self) -> None:
        self._card.hide_card()
        super()._view_moved()

    # ---- events ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stands in the middle stays there."""
        super().resizeEvent(event)
        self._block.place()

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

"""The widget in the place of the canvas: the canvas as pane B, and the panes of the other stages."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.decoders.base import Raster
from viewer.state import Look
from viewer.ui import theme
from viewer.ui.canvas import Canvas, PageContent
from viewer.ui.compare.link import Link, copied
from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.modes import mode_of
from viewer.ui.compare.pages import ComparedStages, PaneContent
from viewer.ui.compare.pane import Pane
from viewer.ui.compare.plate import Cross, Plates
from viewer.ui.compare.single import SingleMode
from viewer.ui.scene import Scene

B = 1
"""The stage of the canvas itself, counted from A."""


class CompareView(QWidget):
    """Shows `ComparedStages` in the mode that they are meant for, or the canvas alone.

    Panes share the view, the decoded picture and the looks of the canvas. What the pointer does in a pane is
    told by the canvas's own signals, with the ids of stage B where B has the object, too.
    """

    blink_changed = Signal()
    mode_changed = Signal(str)

    def __init__(self, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.canvas = canvas
        canvas.setParent(self)
        self.setFocusProxy(canvas)
        self.panes: list[Pane] = []
        """Beside the canvas: A, C, D …"""
        self.blink_hz = 2.0
        self.is_held = False
        self.stages: ComparedStages | None = None
        self._modes: dict[str, CompareMode] = {}
        self._over: Pane | None = None
        self._plates: dict[Canvas, Plates] = {}
        self._crosses: dict[Canvas, Cross] = {}
        self._stage_of: dict[Canvas, int] = {canvas: B}
        self._links: dict[Pane, Link] = {}
        self._linked = True
        self._is_telling = False
        self._selection: tuple[str, ...] = ()
        self._card_text: Callable[[int, str], str] | None = None
        self._adorn(canvas)
        canvas.hovered.connect(self._canvas_pointed)
        canvas.picture_prepared.connect(self._share_picture)
        self.mode: CompareMode = self._made(SingleMode)

    @property
    def over(self) -> Pane:
        """The pane of A that lies over the canvas (swipe, blink, A while it is held); made on first use."""
        if self._over is None:
            self._over = self._new_pane()
            self._over.hide()
        return self._over

    # ---- what is shown -----------------------------------------------------------------------------------

    def show_page(self, content: PageContent) -> None:
        """One stage alone."""
        self.stages = None
        self._choose(SingleMode)
        self._plates[self.canvas].words = ()
        self.canvas.show_page(content)
        self._show_held()

    def show_stages(self, stages: ComparedStages) -> None:
        """Several stages in their mode: all panes show the new page at once."""
        self._choose(mode_of(stages.mode))
        self.stages = stages
        self.mode.show(stages)
        self._select()
        self._show_held()

    def fill(self, pane: Canvas, shown: PaneContent, *, plates_right: bool = False) -> None:
        """Show a stage in a pane; for the modes."""
        content = shown.page
        self._stage_of[pane] = shown.stage
        mine = self._plates[pane]
        mine.words, mine.right = shown.plates, plates_right
        if pane is not self.canvas:
            self._follow_looks(pane)
            pane.show_page(content, self.canvas.page_layer.base)
            pane.page_layer.details = list(self.canvas.page_layer.details)
            pane.take_ornaments(self.canvas, navigator=pane is self._over)
            pane.setAccessibleName(
                " · ".join(part for w in shown.plates for part in (w.letter, w.name, w.count) if part)
            )
        else:
            pane.show_page(content)
        reach = content.store.bounds
        if reach is not None and self.stages is not None:
            pane.view.reach = _around(pane.view.reach, reach)

    def clear(self) -> None:
        """No picture, no labels, no words."""
        self.stages = None
        self._choose(SingleMode)
        self._plates[self.canvas].words = ()
        self.canvas.clear()
        self._show_held()

    def set_message(self, *words: Any, **more: Any) -> None:
        """Words in the place of a picture; see `Canvas.set_message`."""
        self.clear()
        self.canvas.set_message(*words, **more)

    def set_waiting(self, text: str) -> None:
        """Keep the old picture in all panes, withdraw all labels and say what is awaited."""
        for pane in self._all():
            pane.set_waiting(text)

    def withdraw(self) -> None:
        """Labels that belong to a place that was left are taken away; the picture stays until the next one."""
        for pane in self._all():
            pane.end_hover()
            pane.labels.set_withdrawn(True)
            pane.update()

    def add_detail(self, raster: Raster, *, key: Hashable) -> None:
        """A sharper raster of a region of the page shown."""
        for pane in self._all():
            pane.add_detail(raster, key=key)

    def set_selection(self, object_ids: Iterable[str]) -> None:
        """The selected objects by the ids of B; in the other panes their partners are selected."""
        self._selection = tuple(object_ids)
        self._select()

    def set_look(self, look: Look) -> None:
        """Tags, visibility, relations and the link between panes."""
        for pane in self._all():
            pane.set_tags_mode(look.tags)
            pane.set_labels_visible(look.labels and not look.peek)
            pane.set_all_relations(look.all_relations)
        self._set_linked(look.linked)

    def set_blink(self, hz: float) -> None:
        """How many times a second A and B are seen, 0.5 to 4."""
        self.blink_hz = min(max(hz, 0.5), 4.0)
        self.blink_changed.emit()

    def set_card_text(self, text_of: Callable[[int, str], str] | None) -> None:
        """Words of the card beside a label of the further panes; gets the stage (0 for A) and the object id."""
        self._card_text = text_of

    def scene_of(self, stage: int) -> Scene | None:
        """The labels of a stage of the page shown, 0 for A."""
        return self.stages.scenes[stage] if self.stages is not None and stage < len(self.stages.scenes) else None

    def hold_a(self, on: bool) -> None:
        """A in place of B for as long as a key is held."""
        if on != self.is_held:
            self.is_held = on
            self._show_held()
            self.mode.place()

    def zoom_to_labels(self, object_ids: Iterable[str]) -> bool:
        """Bring objects to the middle, where they are and where they were; False when none is on the page.

        Of a relation both ends are in view.
        """
        ids = tuple(object_ids)
        boxes = [
            box
            for pane in self._all()
            if (box := pane.labels.store.bounds_of(pane.labels.joined_by(self._ids_in(pane, ids)))) is not None
        ]
        if boxes:
            around = boxes[0]
            for box in boxes[1:]:
                around = _around(around, box)
            self.canvas.zoom_to(around)
        return bool(boxes)

    def flash(self, object_ids: Iterable[str]) -> None:
        """Light objects up in every pane; a relation with what it joins."""
        ids = tuple(object_ids)
        for pane in self._all():
            pane.flash(pane.labels.joined_by(self._ids_in(pane, ids)))

    # ---- modes and panes ---------------------------------------------------------------------------------

    def _made(self, mode: type[CompareMode]) -> CompareMode:
        if mode.KEY not in self._modes:
            self._modes[mode.KEY] = mode(self)
        return self._modes[mode.KEY]

    def _choose(self, mode: type[CompareMode]) -> None:
        if self.mode.KEY == mode.KEY:
            return
        self.mode.end()
        self._plates[self.canvas].right = False
        self.mode = self._made(mode)
        self.mode.begin()
        self.mode.place()
        self.mode_changed.emit(mode.KEY)

    def set_pane_count(self, count: int) -> None:
        """So many panes beside the canvas; for the modes. Those no longer needed let their threads end."""
        while len(self.panes) > count:
            self._drop(self.panes.pop())
        while len(self.panes) < count:
            pane = self._new_pane()
            self.panes.append(pane)
            if not self._linked:
                pane.set_view(copied(self.canvas.view))

    def _new_pane(self) -> Pane:
        canvas = self.canvas
        pane = Pane(self)
        pane.setFocusProxy(canvas)
        self._adorn(pane)
        for told, ours in (
            (pane.window_dragged, canvas.window_dragged),
            (pane.page_step_requested, canvas.page_step_requested),
            (pane.probed, canvas.probed),
            (pane.probe_wanted, canvas.probe_wanted),
            (pane.space_tapped, canvas.space_tapped),
            (pane.failed, canvas.failed),
        ):
            told.connect(ours)
        self._follow_looks(pane)
        return pane

    def _drop(self, pane: Pane) -> None:
        link = self._links.pop(pane, None)
        if link is not None:
            link.end()
        for kept in (self._plates, self._crosses, self._stage_of):
            kept.pop(pane, None)
        pane.setFocusProxy(None)  # type: ignore[arg-type]  # else the canvas, which has the keys for it, would lose them with this pane
        pane.set_view(copied(pane.view))  # nobody keeps telling it where to look
        pane.clear()  # the picture is not kept until the collector comes
        pane.hide()
        pane.close()
        pane.deleteLater()

    def _adorn(self, pane: Canvas) -> None:
        plates, cross = Plates(), Cross()
        self._plates[pane], self._crosses[pane] = plates, cross
        pane.ornaments = (*pane.ornaments, cross, plates)

    def _all(self) -> list[Canvas]:
        over = [self._over] if self._over is not None else []
        return [self.canvas, *self.panes, *over]

    def _follow_looks(self, pane: Canvas) -> None:
        canvas = self.canvas
        pane.set_tags_mode(canvas.tags_mode)
        pane.set_labels_visible(canvas.labels.is_visible)
        pane.set_all_relations(canvas.labels.all_relations)
        pane.set_view_rule(canvas.view_rule)
        pane.set_motion(canvas.has_motion)

    def _share_picture(self) -> None:
        base = self.canvas.page_layer.base
        for pane in self._all()[1:]:
            if base is not None and pane.page_layer.base is not None and pane.page_layer.base.raster is base.raster:
                pane.page_layer.base = base
                pane.update()

    # ---- A while it is held ------------------------------------------------------------------------------

    def _show_held(self) -> None:
        stages = self.stages
        if self.mode.KEY in ("swipe", "blink"):
            if self.is_held:
                self.over.show()
            return
        if not self.is_held or stages is None:
            if self._over is not None:
                self._over.hide()
            return
        self.fill(self.over, stages.alone(0))
        self.over.stand(self.canvas.geometry())
        self.over.raise_()
        self.over.show()
        self._select()

    # ---- objects in several stages -----------------------------------------------------------------------

    def _ids_in(self, pane: Canvas, ids: Iterable[str]) -> list[str]:
        """The ids that objects of B have in a pane; what is only there is asked for by its own id."""
        stage = self._stage_of.get(pane, B)
        if self.stages is None or stage == B:
            return list(ids)
        partners = (self.stages.partner(one, of=B, to=stage) for one in ids)
        return [partner if partner is not None else one for partner, one in zip(partners, ids)]

    def in_b(self, pane: Canvas, object_id: str | None) -> str | None:
        """The id in B of an object of a pane; its own where B has it not."""
        if self.stages is None or object_id is None:
            return object_id
        partner = self.stages.partner(object_id, of=self._stage_of.get(pane, B), to=B)
        return object_id if partner is None else partner

    def _select(self) -> None:
        for pane in self._all():
            pane.set_selection(self._ids_in(pane, self._selection))

    def words_of(self, pane: Pane, object_id: str) -> str:
        return "" if self._card_text is None else self._card_text(self._stage_of.get(pane, B), object_id)

    def _canvas_pointed(self, object_id: str | None, point: QPointF | None) -> None:
        self.pointed(self.canvas, object_id, point)

    def pointed(self, pane: Canvas, object_id: str | None, point: QPointF | None) -> None:
        """The pointer is in a pane: a cross in the others, and the canvas tells where."""
        if self._is_telling:
            return  # the canvas says it for another pane
        for other, cross in self._crosses.items():
            now = None if other is pane or point is None or other.isHidden() else (point.x(), point.y())
            if self.stages is None or self.mode.KEY != "side":
                now = None
            if now != cross.point:
                frame = other.frame()
                dirty = cross.box(frame)
                cross.point = now
                other.update(dirty.united(cross.box(frame)).toAlignedRect())
        if pane is not self.canvas:
            self._is_telling = True
            try:
                self.canvas.hovered.emit(self.in_b(pane, object_id), point)
            finally:
                self._is_telling = False

    # ---- the link ----------------------------------------------------------------------------------------

    def _set_linked(self, linked: bool) -> None:
        if linked == self._linked:
            return
        self._linked = linked
        shared = self.canvas.view
        for pane in self.panes:
            link = self._links.pop(pane, None)
            if link is not None:
                link.end()
            if not linked:
                if pane.view is shared:
                    pane.set_view(copied(shared))
            elif pane.view.place[:2] == shared.place[:2]:
                pane.set_view(shared)
            else:
                self._links[pane] = Link(shared, pane.view)

    # ---- events ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.mode.place()
        if self._over is not None and self.mode.KEY not in ("swipe", "blink"):
            self._over.stand(self.canvas.geometry())

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is left between panes: the line that divides regions."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.current().divider))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def close(self) -> bool:
        """Let the threads of all panes end, and give the pictures back: they lie in memory shared with readers."""
        self.stages = None
        for pane in self._all():
            pane.close()
            pane.clear()
        return super().close()


def _around(first: Any, second: Any) -> Any:
    if first is None or second is None:
        return first if second is None else second
    return (
        min(first[0], second[0]), min(first[1], second[1]), max(first[2], second[2]), max(first[3], second[3])
    )  # fmt: skip

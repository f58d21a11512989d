"""The labels on the canvas: cached or drawn directly, the live ones above, tags on top."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform

from viewer.geometry import Affine
from viewer.overlay.compared import ChangeMarks
from viewer.overlay.hits import Hits
from viewer.overlay.levels import Levels
from viewer.overlay.relations import RelationStore
from viewer.overlay.shapes import BOX, ShapeStore
from viewer.ui.canvas import live_layer
from viewer.ui.canvas.arrays import has_sides, sides_of
from viewer.ui.canvas.live_layer import paint_relations
from viewer.ui.canvas.marks import paint_marks
from viewer.ui.canvas.outside import Chip, Outside
from viewer.ui.canvas.painter import PaintOptions, shape_steps
from viewer.ui.canvas.strokes import Step, draw_all
from viewer.ui.canvas.tag_layer import TagLayer
from viewer.ui.canvas.tiles import BUDGET_S, DENSE_TILE, TILE, Box, Tiles

Drawing = Literal["auto", "direct", "tiles"]

DIRECT_S = 0.006
"""Vectors that are drawn in less than this need no tiles."""
SLOW_FRAMES = 3
"""So many direct frames in a row must be slow; one alone may be the fault of another program."""
SECONDS_PER_POINT, SECONDS_PER_BOX = 0.9e-6, 9e-6
"""First guess of what drawing costs, all passes together; the measured time decides afterwards."""
WAIT_POINTS = 100_000
"""Outlines of more points wait for the simplified ones of their zoom: the true ones would hold the window up."""
DENSE_FROM = 4_000
"""Labels from which on tiles are small: of 10,000 labels, one of the usual size takes 20 ms."""
FINE_POINTS = 1_000
"""Pages of no more points are drawn by the true stroker (2 µs a point), which is even at every angle."""


class LabelLayer:
    """Everything above the page's pixels."""

    def __init__(self) -> None:
        self.store = ShapeStore.empty()
        self.relations = RelationStore()
        self.marks: ChangeMarks | None = None
        self.levels = Levels(self.store)
        self.drawing: Drawing = "auto"
        self.tags = TagLayer()
        self.selection: tuple[str, ...] = ()
        self.fill = True
        self.tile_budget = BUDGET_S
        self._hits: Hits | None = None
        self._tiles = Tiles(self._vectors, None)
        self._paper = False
        self._visible = True
        self._withdrawn = False
        self._all_relations = False
        self._hover: int | None = None
        self._selected: list[int] = []
        self._flashing: tuple[str, ...] = ()
        self._outside = Outside(self.store)
        self._boxes = 0
        self._slow_frames = 0
        self._was_direct = False
        self._dpr = 1.0

    # ---- what is drawn -----------------------------------------------------------------------------------

    @property
    def shown(self) -> bool:
        """Whether labels are drawn at all."""
        return self._visible and not self._withdrawn

    @property
    def is_visible(self) -> bool:
        """Whether labels are asked for."""
        return self._visible

    def set_content(self, store: ShapeStore, relations: RelationStore, marks: ChangeMarks | None = None) -> None:
        """Other labels. The same ones over another picture keep what was drawn of them.

        `marks`: what is drawn of changes beside the labels of a comparison.
        """
        self._withdrawn = False
        if store is self.store and relations is self.relations and marks is self.marks:
            return
        same = marks is self.marks and store.box is self.store.box and store.tags == self.store.tags
        if not same:  # labels that only look otherwise have their tags where they were
            self.tags.choose_anew()
        self.marks = marks
        if store is not self.store:
            self.store = store
            self.levels = Levels(store)
            self._hits = None  # made when the pointer first asks
            self._outside = Outside(store)
            self._boxes = int(np.count_nonzero(store.kind == BOX))
            self._slow_frames = 0
            self._was_direct = False
        self.relations = relations
        self._hover = None
        self._selected = self._labels_selected()
        self._renew()

    def set_paper(self, paper: bool) -> None:
        """Whether labels lie on white paper."""
        self._paper = paper

    def set_selection(self, object_ids: Iterable[str]) -> None:
        """Labels drawn as selected."""
        wanted = tuple(object_ids)
        if wanted == self.selection:
            return
        if self.marks is not None and bool(wanted) != bool(self.selection):
            self._tiles.forget()  # what did not change steps back while something is selected
        self.selection = wanted
        self._selected = self._labels_selected()
        self.tags.choose_anew()

    def _labels_selected(self) -> list[int]:
        """What is drawn as selected; not the place where it was before, when both are shown."""
        rows = self.store.labels_of(self.selection)
        return rows if self.marks is None else [row for row in rows if not self.marks.ghosts[row]]

    def set_hover(self, object_id: str | None) -> None:
        """The label under the pointer."""
        self._hover = self.store.index.get(object_id) if object_id is not None else None

    def set_flashing(self, object_ids: Iterable[str]) -> None:
        """Labels that light up for a moment."""
        self._flashing = tuple(object_ids)

    def set_visible(self, visible: bool) -> None:
        """Show or hide all."""
        self._visible = visible

    def set_withdrawn(self, withdrawn: bool) -> None:
        """Labels that do not belong to the picture any more are not drawn over it."""
        self._withdrawn = withdrawn

    @property
    def all_relations(self) -> bool:
        """Whether all relations are asked for."""
        return self._all_relations

    def set_all_relations(self, shown: bool) -> None:
        """All relations, or those of the selection."""
        if shown != self._all_relations:
            self._all_relations = shown
            self._renew()
            self.tags.choose_anew()

    def forget_pictures(self) -> None:
        """Draw everything anew (the screen changed)."""
        self._tiles.forget()
        self.tags.choose_anew()

    def _renew(self) -> None:
        bounds, is_dense = self.store.bounds, len(self.store) >= DENSE_FROM
        if len(self._relations_always):
            # arrows may lead from box to box only, so the labels' bounds hold them too
            bounds = bounds or (0.0, 0.0, *self.store.page_size)
        self._tiles = Tiles(self._vectors, bounds, side=DENSE_TILE if is_dense else TILE)

    @property
    def _relations_always(self) -> RelationStore:
        """What is drawn of relations whatever is selected: all when they are asked for, else what changed."""
        return self.relations if self._all_relations else self.relations.changed

    # ---- questions ---------------------------------------------------------------------------------------

    def joined_by(self, object_ids: Iterable[str]) -> tuple[str, ...]:
        """These objects, and what those of them that are relations join on this page."""
        ids = tuple(object_ids)
        return (*ids, *sorted(self.relations.named(ids).members.difference(ids)))

    def ids_at(self, point_in_page: tuple[float, float], scale: float) -> tuple[str, ...]:
        """Object ids at a point, each once, the first choice in front."""
        if not self.shown:
            return ()
        if self._hits is None:
            self._hits = Hits(self.store)
        found = self._hits.under(point_in_page, scale)
        return tuple(dict.fromkeys(self.store.object_ids[i] for i in found))

    def chip_at(self, at: QPointF, page_to_view: Affine, view: QRectF) -> Chip | None:
        """The chip at the edge of the view that is under the pointer."""
        return self._outside.chip_at(at, page_to_view, view) if self.shown else None

    def work_for(self, scale: float) -> Callable[[], object] | None:
        """What must be made off the GUI thread to draw at `scale` device pixels a page pixel; None: nothing."""
        store, levels = self.store, self.levels
        level = levels.missing(scale)
        if level is None and (store.rings.count <= WAIT_POINTS or has_sides(levels.rings(scale))):
            return None

        def work() -> object:
            if level is not None:
                levels.build(level)
            return sides_of(store, levels.rings(scale))

        return work

    def hover_area(self, page_to_view: Affine, view: QRectF) -> QRectF:
        """What the hovered label covers in view space, its tag included; empty when there is none."""
        if self._hover is None:
            return QRectF()
        area = live_layer.reach_of(self.store, self._hover, page_to_view)
        tag = self.tags.area(self.store, self.marks, self._hover, page_to_view, view)
        return area.united(tag).intersected(view)

    # ---- movement ----------------------------------------------------------------------------------------

    def is_zooming(self, scale: float) -> bool:
        """Whether tiles of another scale are shown (direct drawing is sharp at once)."""
        return not self._is_direct(scale)

    def view_moves(self) -> None:
        """Tags keep to their labels; which of them are shown is decided when the view rests."""

    def view_rests(self) -> None:
        """Choose tags anew."""
        self.tags.choose_anew()

    def keep_picture(self, page_to_device: Affine, viewport: Box) -> None:
        """Before the scale changes."""
        self._tiles.keep_picture(page_to_device, viewport)

    # ---- painting ----------------------------------------------------------------------------------------

    def paint(
        self,
        painter: QPainter,
        page_to_device: Affine,
        viewport: Box,
        clip: Box,
        *,
        dpr: float,
        moving: bool,
        make: bool = True,
    ) -> bool:
        """Draw the labels into `clip`, painter in device pixels. False: not all is there yet, call again.

        `make`: whether time may go into tiles that are missing.
        """
        if not self.shown:
            return True
        if dpr != self._dpr:
            self._dpr = dpr
            self.forget_pictures()
        complete = True
        if self.store.rings.count > WAIT_POINTS and self.work_for(page_to_device.a) is not None:
            # whoever has the work done paints again when it is; the picture of the scale before stands in
            if self._tiles.has_picture:
                self._tiles.draw(painter, page_to_device, viewport, moving=True, smooth=dpr < 2.0)
            self._paint_above(painter, page_to_device, viewport, clip)
            return True
        direct = self._is_direct(page_to_device.a)
        if not direct and self._was_direct and not moving:
            # labels must not flash away while tiles are made for the first time: direct until they are all there
            direct = not self._tiles.prepare(page_to_device, viewport, self.tile_budget)
            complete = not direct
        if direct:
            start = time.perf_counter()
            draw_all(painter, self._vectors(page_to_device, clip))
            took = time.perf_counter() - start
            whole = (clip[2] - clip[0]) * (clip[3] - clip[1]) >= 0.9 * viewport[2] * viewport[3]
            if whole:
                self._slow_frames = self._slow_frames + 1 if took > DIRECT_S else 0
            self._was_direct = True
        else:
            complete = self._tiles.draw(
                painter,
                page_to_device,
                viewport,
                moving=moving,
                smooth=dpr < 2.0 or not moving,
                budget=self.tile_budget if make else None,
                clip=clip,
            )
            self._was_direct = False
        self._paint_above(painter, page_to_device, viewport, clip)
        return complete

    def make_more(self, page_to_device: Affine, viewport: Box) -> list[Box] | None:
        """Make missing tiles without drawing; where there are new ones. None: draw all anew instead."""
        if not self.shown or self._was_direct or self._is_direct(page_to_device.a):
            return None
        return self._tiles.make_more(page_to_device, viewport, self.tile_budget)

    @property
    def is_made(self) -> bool:
        """Whether all tiles of the view are there."""
        return self._tiles.complete

    def _paint_above(self, painter: QPainter, page_to_device: Affine, viewport: Box, clip: Box) -> None:
        """What is drawn fresh every frame."""
        dpr = self._dpr
        self._paint_live(painter, page_to_device, clip)
        to_view = Affine.scaling(1.0 / dpr, 1.0 / dpr).after(page_to_device)
        view = QRectF(0.0, 0.0, viewport[2] / dpr, viewport[3] / dpr)
        self.tags.paint(
            painter, self.store, self.marks, to_view, (0.0, 0.0, view.right(), view.bottom()),
            selected=self._selected, hover=self._hover, dpr=dpr,
        )  # fmt: skip
        if self.selection and len(self.relations):
            # above the tags: they are asked for, tags only fill the room there is
            mine = self.relations.touching(self.selection)
            paint_relations(
                painter, mine, page_to_device, halo=not self._paper, words=True, dpr=dpr, clip=clip, paper=self._paper
            )
        painter.save()
        painter.setTransform(QTransform.fromScale(dpr, dpr))
        self._outside.paint(painter, to_view, view)
        painter.restore()

    def _is_direct(self, scale: float) -> bool:
        if self.drawing != "auto":
            return self.drawing == "direct"
        if self._slow_frames >= SLOW_FRAMES:
            return False
        points = self.levels.rings(scale).count
        return points * SECONDS_PER_POINT + self._boxes * SECONDS_PER_BOX < DIRECT_S

    def _vectors(self, page_to_device: Affine, clip: Box) -> Iterator[Step]:
        options = PaintOptions(
            fill=self.fill,
            clip=clip,
            rings=self.levels.rings(page_to_device.a),
            dpr=self._dpr,
            fine=self.store.rings.count <= FINE_POINTS,
        )
        m, marks, dpr, paper, relations = page_to_device, self.marks, self._dpr, self._paper, self._relations_always
        styles = marks.aside if marks is not None and self.selection else None
        yield from shape_steps(self.store, m, styles, options)
        if marks is not None:
            yield lambda painter: paint_marks(painter, marks, m, clip, paper=paper, dpr=dpr)
        if len(relations):
            yield lambda painter: paint_relations(
                painter, relations, m, halo=not paper, dpr=dpr, clip=clip, paper=paper
            )

    def _paint_live(self, painter: QPainter, page_to_device: Affine, clip: Box) -> None:
        dpr = self._dpr
        if self._hover is not None:
            live_layer.paint_hovered(
                painter, self.store, self._hover, page_to_device,
                paper=self._paper, dpr=dpr, clip=clip, selected=self._hover in self._selected,
            )  # fmt: skip
        if self._selected:
            live_layer.paint_selected(painter, self.store, self._selected, page_to_device, paper=self._paper, dpr=dpr)
        if self._flashing:
            lit = self.store.labels_of(self._flashing)
            live_layer.paint_flash(painter, self.store, lit, page_to_device, paper=self._paper, dpr=dpr, clip=clip)
            joins = self.relations.named(self._flashing)
            live_layer.paint_flashing_relations(painter, joins, page_to_device, paper=self._paper, dpr=dpr, clip=clip)

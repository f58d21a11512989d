"""One change as two pictures of one scale: the object in A, and the object in B over its ghost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.decoders.base import PageInfo
from viewer.diff import compare
from viewer.export.differences import Found
from viewer.geometry import Affine
from viewer.model import TRACKED_KINDS, Asset, Change, Labels, Relation
from viewer.overlay import palette as colours
from viewer.overlay.compared import ChangeMarks, ComparedPage, Marked, PageKinds
from viewer.overlay.palette import Palette
from viewer.state import Look
from viewer.ui.canvas.live_layer import paint_relations
from viewer.ui.canvas.marks import paint_marks
from viewer.ui.canvas.page_layer import PageLayer, Picture
from viewer.ui.canvas.painter import PaintOptions, paint_shapes
from viewer.ui.changes.queue import Item
from viewer.ui.changes.whereabouts import page_of
from viewer.ui.inspector.names import Names
from viewer.ui.scene import Scene, build_scene, timeline_of

ASPECT = 16 / 9
AROUND = 1.7
"""How much more than the object is in view, along each side."""
LEAST_PX = 48.0
"""Page pixels that are in view at least: a point has no size."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which change is to be seen. `change`: itself, where its stages are compared already."""

    item: Item
    task: int = 0
    change: Change | None = None

    @property
    def key(self) -> tuple[int, str]:
        """What its pictures are kept under."""
        return (self.task, self.item.digest)


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """What both stages hold of one change, and what else is known of it now that its asset is read."""

    before: Labels
    after: Labels
    page: int
    change: Change | None
    number: str
    """``#39``"""
    names: tuple[Names, Names] | None = None
    """What the objects of both stages are called; only of a relation, which names its ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """What both pictures are drawn from, at any size. Without `picture` there is plain ground."""

    entries: Entries
    scenes: tuple[Scene, Scene]
    sides: tuple[Marked, Marked]
    box: Box
    """What is in view, in page space."""
    picture: Picture | None = None


def entries_of(asset: Asset, wish: Wish) -> Entries:
    """The entries of one change, from an asset that is read. In a thread: it may have to type two snapshots."""
    item, found = wish.item, wish.item.found
    task = asset.tasks[wish.task]
    before, after = (task.snapshots[at].labels for at in (item.a, item.b))
    one, two = _some(before, found.before_id, found), _some(after, found.after_id, found)
    change = wish.change
    if change is None:
        made = compare(one, two, tracked=asset.kind in TRACKED_KINDS, size=asset.size, by=found.by, at=found.at)
        wanted = (found.subject, found.before_id or "", found.after_id or "", found.page)
        change = next((c for c in made.changes if (*c.key[:3], c.entry.page) == wanted), None)
    if found.subject == "relation":
        names = (_names_of(asset, before), _names_of(asset, after))
        page = page_of(change, one, two, here=found.page) if change is not None else found.page
        return Entries(one, two, max(0, page or 0), change, "", names)
    labels, name = (before, found.before_id) if found.after_id is None else (after, found.after_id)
    number = "" if name is None else _names_of(asset, labels).number(name)
    return Entries(one, two, max(0, found.page or 0), change, number)


def _names_of(asset: Asset, labels: Labels) -> Names:
    names = Names(timeline_of(asset, labels, Look()), labels.relations)
    names.known("")  # objects are counted here, in the thread
    return names


def _some(labels: Labels, name: str | None, found: Found) -> Labels:
    """What a snapshot holds of one object, or of a relation and what it joins."""
    if found.subject == "classification":
        return msgspec.structs.replace(labels, annotations=(), relations=())
    relations = tuple(r for r in labels.relations if r.object_id == name) if found.subject == "relation" else ()
    names = {name} if not relations else _members(relations)
    annotations = tuple(a for a in labels.annotations if a.object_id in names)
    return msgspec.structs.replace(labels, annotations=annotations, relations=relations, classifications=())


def _members(relations: Collection[Relation]) -> set[str | None]:
    return {member for relation in relations for member in relation.members}


def crop_of(asset: Asset, wish: Wish, entries: Entries, info: PageInfo, *, palette: Palette) -> Crop:
    """The shapes of both stages on the page, and what of it is to be in view. In a thread."""
    found = wish.item.found
    one, two = (
        build_scene(asset, labels, entries.page, info, palette=palette, look=Look(), fill=0.1)
        for labels in (entries.before, entries.after)
    )
    if found.subject == "label":
        before = {found.before_id: found.kinds} if found.before_id is not None else {}
        after = {found.after_id: found.kinds} if found.after_id is not None else {}
        kinds = PageKinds(before, after, {a: b for a in before for b in after})
    else:
        kinds = PageKinds(relations={found.after_id or found.before_id or "": found.kinds})
    pair = ComparedPage(one.store, two.store, kinds, paper=one.is_paper, relations=(one.arrows, two.arrows))
    sides = tuple(
        replace(side, marks=_without_signs(side.marks), relations=side.relations.without_signs())
        for side in (pair.before, pair.overlay)
    )
    return Crop(entries, (one, two), (sides[0], sides[1]), focus(one, two))


def _without_signs(marks: ChangeMarks) -> ChangeMarks:
    """The sign stands above the pictures."""
    nothing = np.empty(0, dtype=np.int64)
    return replace(marks, rows=nothing, kinds=(), corners=np.empty((0, 2)), extent=np.empty(0), tagged=nothing)


def focus(one: Scene, two: Scene) -> Box:
    """What is in view: both shapes with room around them, else the whole page."""
    boxes = [box for scene in (one, two) if (box := scene.store.bounds_of(scene.store.object_ids)) is not None]
    width, height = one.info.size
    if not boxes:
        return _with_aspect(width / 2, height / 2, width, height)
    x0, y0 = (min(box[i] for box in boxes) for i in (0, 1))
    x1, y1 = (max(box[i] for box in boxes) for i in (2, 3))
    least = min(LEAST_PX, width, height)
    return _with_aspect((x0 + x1) / 2, (y0 + y1) / 2, max((x1 - x0) * AROUND, least), max((y1 - y0) * AROUND, least))


def _with_aspect(x: float, y: float, width: float, height: float) -> Box:
    width, height = max(width, height * ASPECT), max(height, width / ASPECT)
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def region_of(crop: Crop) -> Box | None:
    """What of the page is in view; None where nothing is."""
    width, height = crop.scenes[0].info.size
    x0, y0, x1, y1 = crop.box
    box = (max(x0, 0.0), max(y0, 0.0), min(x1, width), min(y1, height))
    return box if box[2] - box[0] >= 1.0 and box[3] - box[1] >= 1.0 else None


def paint_crop(crop: Crop, side: int, width: int, height: int, *, dpr: float) -> QImage:
    """The picture of A (0) or B (1), `width` × `height` device pixels."""
    scene, marked, info = crop.scenes[side], crop.sides[side], crop.scenes[side].info
    x0, y0, x1, y1 = crop.box
    scale = min(width / (x1 - x0), height / (y1 - y0))
    at = Affine(scale, 0.0, 0.0, scale, width / 2 - (x0 + x1) / 2 * scale, height / 2 - (y0 + y1) / 2 * scale)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colours.CANVAS_DARK))
    clip = (0.0, 0.0, float(width), float(height))
    painter = QPainter(image)
    try:
        if scene.is_paper:
            painter.fillRect(QRectF(at.e, at.f, info.size[0] * scale, info.size[1] * scale), QColor(colours.PAPER))
        if crop.picture is not None:
            layer = PageLayer()
            layer.set_base(crop.picture, info.size)
            layer.paint(painter, at, clip, dpr=dpr, grid=False)
        paint_shapes(painter, marked.store, at, options=PaintOptions(clip=clip, dpr=dpr, fine=True))
        paint_relations(
            painter, marked.relations, at, dpr=dpr, clip=clip, paper=scene.is_paper, halo=not scene.is_paper
        )
        paint_marks(painter, marked.marks, at, clip, paper=scene.is_paper, dpr=dpr)
    finally:
        painter.end()
    image.setDevicePixelRatio(dpr)
    return image

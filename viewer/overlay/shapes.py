"""The labels of one page as flat arrays: what to draw, where, in which style."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from viewer import limits
from viewer.geometry import Area, Box, Dot, LabelSpace, Line, Points, Primitive
from viewer.model import Annotation
from viewer.overlay.ranges import rows_of, spans
from viewer.overlay.reuse import UNKNOWN, Reuse
from viewer.overlay.rings import Floats, Ints, JoinedRings, Rings, starts
from viewer.overlay.style import STATE_WORDS, Style
from viewer.tools.base import Tool

BOX, AREA, LINE, DOT = 0, 1, 2, 3
"""Kinds of parts, one for each primitive."""


class PlacedLabel(Protocol):
    """One label on one page; `state` is ``key``, ``interpolated`` or ``held`` (`viewer.tracks.Placed`)."""

    @property
    def annotation(self) -> Annotation: ...  # noqa: D102
    @property
    def tool(self) -> Tool: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Tag:
    """The words at a label: its class and one fact ("" for none)."""

    title: str
    fact: str = ""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class ShapeStore:
    """All drawn labels of one page, in the order of the export (the later one lies above).

    A label has one or more parts (zones, highlighted lines); a part has rings when it is an area or a line.
    All geometry is in page space. Arrays are never written after `build`.
    """

    page_size: tuple[float, float]
    styles: tuple[Style, ...]
    # per label
    object_ids: tuple[str, ...]
    tags: tuple[Tag, ...]
    style: Ints
    """Index into `styles`."""
    box: Floats
    """(n, 4): x0, y0, x1, y1 around the label."""
    area: Floats
    """What the smallest-first order of picking goes by; page pixels squared, 0 for lines and points."""
    first_part: Ints
    """Label i has the parts first_part[i] … first_part[i + 1] - 1."""
    # per part
    kind: NDArray[np.uint8]
    label: Ints
    part_box: Floats
    first_ring: Ints
    """Part k has the rings first_ring[k] … first_ring[k + 1] - 1; none when it is a box or a dot."""
    rings: Rings
    left_out: int = 0
    """Labels beyond the limit of points per page: counted, not drawn."""
    _index: dict[str, int] | None = field(default=None, init=False)

    @classmethod
    def build(
        cls,
        placed: Iterable[PlacedLabel],
        space: LabelSpace,
        style_of: Callable[[PlacedLabel], Style],
        *,
        tag_of: Callable[[PlacedLabel], Tag] | None = None,
    ) -> ShapeStore:
        """Flatten the labels of a page. Labels that draw nothing are not in the store.

        `tag_of` gives the words of a tag; without it they are the class title and the state.
        """
        items = list(placed)
        words = tag_of or default_tag
        base, labels = cls.outlines([item.tool for item in items], space)
        drawn = [(item, label) for item, label in zip(items, labels.tolist()) if label >= 0]
        styles: dict[Style, int] = {}
        return base.with_looks(
            labels[labels >= 0],
            object_ids=tuple([item.annotation.object_id for item, _ in drawn]),
            tags=tuple([words(item) for item, _ in drawn]),
            style=np.array([styles.setdefault(style_of(item), len(styles)) for item, _ in drawn], dtype=np.int64),
            styles=tuple(styles),
        )

    @classmethod
    def outlines(cls, tools: Sequence[Tool], space: LabelSpace) -> tuple[ShapeStore, Ints]:
        """A store with the geometry of these values, without looks and names, and the label of each there.

        -1 for what draws nothing. The store may hold other labels too.
        """
        base, rows = _REUSE.find(space, tools) or (None, [UNKNOWN] * len(tools))
        missing = [i for i, row in enumerate(rows) if row == UNKNOWN]
        if base is not None and not missing:
            return base, np.array(rows, dtype=np.int64)
        builder, plain, nothing = _Builder(space.page_size), Style("#000000"), Tag("")
        before = 0 if base is None else len(base)
        for i in missing:
            row = builder.add("", tools[i].primitives(space), plain, nothing)
            rows[i] = row if row < 0 else row + before
        made = builder.store()
        if base is not None and base.rings.count + made.rings.count > limits.POINTS_PER_PAGE:
            _REUSE.forget()
            return cls.outlines(tools, space)  # which ones are left out, all labels together have to tell
        store = made if base is None else base.with_above(made)
        if not store.left_out:
            _REUSE.remember(space, tools, rows, store)
        return store, np.array(rows, dtype=np.int64)

    def with_looks(
        self,
        rows: Ints,
        *,
        object_ids: tuple[str, ...],
        tags: tuple[Tag, ...],
        styles: tuple[Style, ...],
        style: Ints,
    ) -> ShapeStore:
        """The labels `rows` in this order with other looks. All labels in their order share this store's arrays."""
        if len(rows) == len(self) and bool((rows == np.arange(len(self))).all()):
            return replace(self, object_ids=object_ids, tags=tags, styles=styles, style=style)
        parts, label = spans(self.first_part[rows], self.first_part[rows + 1])
        ring_from, ring_to = self.first_ring[parts], self.first_ring[parts + 1]
        return ShapeStore(
            page_size=self.page_size,
            styles=styles,
            object_ids=object_ids,
            tags=tags,
            style=style,
            box=self.box[rows],
            area=self.area[rows],
            first_part=starts(self.first_part[rows + 1] - self.first_part[rows]),
            kind=self.kind[parts],
            label=label,
            part_box=self.part_box[parts],
            first_ring=starts(ring_to - ring_from),
            rings=self.rings.some(rows_of(ring_from, ring_to)),
        )

    def with_above(self, upper: ShapeStore) -> ShapeStore:
        """These labels, and those of another store of the same page above them. No point is copied."""
        return ShapeStore(
            page_size=upper.page_size,
            styles=self.styles + upper.styles,
            object_ids=self.object_ids + upper.object_ids,
            tags=self.tags + upper.tags,
            style=np.concatenate((self.style, upper.style + len(self.styles))),
            box=np.concatenate((self.box, upper.box)),
            area=np.concatenate((self.area, upper.area)),
            first_part=np.concatenate((self.first_part[:-1], upper.first_part + len(self.kind))),
            kind=np.concatenate((self.kind, upper.kind)),
            label=np.concatenate((self.label, upper.label + len(self))),
            part_box=np.concatenate((self.part_box, upper.part_box)),
            first_ring=np.concatenate((self.first_ring[:-1], upper.first_ring + (len(self.rings.first) - 1))),
            rings=JoinedRings(self.rings, upper.rings),
            left_out=self.left_out + upper.left_out,
        )

    @classmethod
    def of_primitives(
        cls,
        shapes: Iterable[tuple[str, tuple[Primitive, ...], Style, Tag]],
        page_size: tuple[float, float],
    ) -> ShapeStore:
        """A store of bare shapes (object id, primitives, style, tag), in page space."""
        builder = _Builder(page_size)
        for object_id, primitives, style, tag in shapes:
            builder.add(object_id, primitives, style, tag)
        return builder.store()

    @classmethod
    def empty(cls, page_size: tuple[float, float] = (0.0, 0.0)) -> ShapeStore:
        """A store without labels."""
        return _Builder(page_size).store()

    def __len__(self) -> int:
        return len(self.object_ids)

    @property
    def index(self) -> dict[str, int]:
        """Object id → label (the last one when an id occurs twice on the page); made when first asked for."""
        if self._index is None:
            object.__setattr__(self, "_index", {name: i for i, name in enumerate(self.object_ids)})
        assert self._index is not None
        return self._index

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """(x0, y0, x1, y1) around all labels in page space; None without labels."""
        if not len(self):
            return None
        low, high = self.box[:, :2].min(axis=0), self.box[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def bounds_of(self, object_ids: Iterable[str]) -> tuple[float, float, float, float] | None:
        """(x0, y0, x1, y1) around some labels; None when none of them is drawn here."""
        rows = self.labels_of(object_ids)
        if not rows:
            return None
        box = self.box[rows]
        low, high = box[:, :2].min(axis=0), box[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def labels_of(self, object_ids: Iterable[str]) -> list[int]:
        """The labels with these object ids, all of them when an id occurs several times."""
        wanted = set(object_ids)
        return [i for i, name in enumerate(self.object_ids) if name in wanted]

    def reaching_out(self, *, margin: float = 0.0) -> NDArray[np.bool_]:
        """(n,) Which labels reach more than `margin` page pixels outside of the page."""
        width, height = self.page_size
        box = self.box
        return np.asarray(
            (box[:, 0] < -margin) | (box[:, 1] < -margin) | (box[:, 2] > width + margin) | (box[:, 3] > height + margin)
        )

    def fully_outside(self) -> NDArray[np.bool_]:
        """(n,) Which labels have nothing on the page at all."""
        width, height = self.page_size
        box = self.box
        return np.asarray((box[:, 2] < 0) | (box[:, 3] < 0) | (box[:, 0] > width) | (box[:, 1] > height))


_REUSE: Reuse[ShapeStore] = Reuse()


def default_tag(item: PlacedLabel) -> Tag:
    """Class title and, for a label that was not exported on this page, what it is instead."""
    return Tag(item.annotation.title or item.annotation.key, STATE_WORDS.get(item.state, ""))


class _Builder:
    """Collects primitives in lists and makes the arrays at the end."""

    def __init__(self, page_size: tuple[float, float]) -> None:
        self.page_size = (float(page_size[0]), float(page_size[1]))
        self.styles: dict[Style, int] = {}
        self.object_ids: list[str] = []
        self.tags: list[Tag] = []
        self.style: list[int] = []
        self.first_part: list[int] = [0]
        self.kind: list[int] = []
        self.part_label: list[int] = []
        self.part_box: list[tuple[float, float, float, float]] = []
        self.first_ring: list[int] = [0]
        self.rings: list[Points] = []
        self.points = 0
        self.left_out = 0

    def add(
        self,
        object_id: str,
        primitives: tuple[Primitive, ...],
        style: Style,
        tag: Tag,
    ) -> int:
        """One more label on top; its number, -1 when nothing of it is drawn."""
        wanted = sum(_points_of(p) for p in primitives)
        if self.points + wanted > limits.POINTS_PER_PAGE:
            self.left_out += 1
            return -1
        label = len(self.object_ids)
        parts = len(self.kind)
        for primitive in primitives:
            self._add_part(primitive, label)
        if len(self.kind) == parts:
            return -1
        self.first_part.append(len(self.kind))
        self.object_ids.append(object_id)
        self.tags.append(tag)
        self.style.append(self.styles.setdefault(style, len(self.styles)))
        return label

    def _add_part(self, primitive: Primitive, label: int) -> None:
        """Append one primitive."""
        if isinstance(primitive, Box):
            kind = BOX
            self.part_box.append((primitive.x0, primitive.y0, primitive.x1, primitive.y1))
        elif isinstance(primitive, Dot):
            kind = DOT
            self.part_box.append((primitive.x, primitive.y, primitive.x, primitive.y))
        else:
            kind = AREA if isinstance(primitive, Area) else LINE
            rings = primitive.rings if isinstance(primitive, Area) else (primitive.points,)
            rings = tuple(r for r in rings if len(r))
            if not rings:
                return
            self.rings.extend(rings)
            self.points += sum(map(len, rings))
            self.part_box.append((0.0, 0.0, 0.0, 0.0))  # known when all points are together
        self.kind.append(kind)
        self.part_label.append(label)
        self.first_ring.append(len(self.rings))

    def store(self) -> ShapeStore:
        """The arrays."""
        first = np.zeros(len(self.rings) + 1, dtype=np.int64)
        np.cumsum([len(r) for r in self.rings], out=first[1:])
        points = np.ascontiguousarray(np.concatenate(self.rings) if self.rings else np.empty((0, 2)), dtype=np.float64)
        kind = np.array(self.kind, dtype=np.uint8)
        first_ring = np.array(self.first_ring, dtype=np.int64)
        first_part = np.array(self.first_part, dtype=np.int64)
        part_box = np.array(self.part_box, dtype=np.float64).reshape(-1, 4)
        ringed = np.flatnonzero((kind == AREA) | (kind == LINE))
        size = part_box[:, 2:] - part_box[:, :2]
        part_area = np.where(kind == BOX, np.abs(size[:, 0] * size[:, 1]), 0.0)
        if len(ringed):
            # A box is that of all rings: a hole may, by mistake of whoever drew it, lie outside of its zone.
            # Parts with rings follow each other without gaps in `points`.
            starts = first[first_ring[ringed]]
            part_box[ringed, :2] = np.minimum.reduceat(points, starts)
            part_box[ringed, 2:] = np.maximum.reduceat(points, starts)
            rings_area = _ring_areas(points, first)
            outer = rings_area[first_ring[ringed]]
            net = 2.0 * outer - np.add.reduceat(rings_area, first_ring[ringed])
            part_area[ringed] = np.where(kind[ringed] == AREA, np.maximum(net, 0.0), 0.0)
        if len(kind):
            box = np.concatenate(
                (
                    np.minimum.reduceat(part_box[:, :2], first_part[:-1]),
                    np.maximum.reduceat(part_box[:, 2:], first_part[:-1]),
                ),
                axis=1,
            )
            area = np.add.reduceat(part_area, first_part[:-1])
        else:
            box, area = np.empty((0, 4)), np.empty(0)
        return ShapeStore(
            page_size=self.page_size,
            styles=tuple(self.styles),
            object_ids=tuple(self.object_ids),
            tags=tuple(self.tags),
            style=np.array(self.style, dtype=np.int64),
            box=box,
            area=area,
            first_part=first_part,
            kind=kind,
            label=np.array(self.part_label, dtype=np.int64),
            part_box=part_box,
            first_ring=first_ring,
            rings=Rings(points, first),
            left_out=self.left_out,
        )


def _ring_areas(points: Points, first: Ints) -> Floats:
    """(rings,) The absolute area inside each closed ring, by the shoelace formula."""
    # About each ring's own first point: far from the origin the products would lose their digits. That point
    # is then (0, 0), so that the products of its two sides, and of one ring with the next, are 0.
    counts = np.diff(first)
    x = points[:, 0] - np.repeat(points[first[:-1], 0], counts)
    y = points[:, 1] - np.repeat(points[first[:-1], 1], counts)
    cross = np.zeros(len(points))
    cross[:-1] = x[:-1] * y[1:]
    cross[:-1] -= x[1:] * y[:-1]
    return np.abs(np.add.reduceat(cross, first[:-1])) / 2.0


def _points_of(primitive: Primitive) -> int:
    if isinstance(primitive, Area):
        return sum(len(r) for r in primitive.rings)
    return len(primitive.points) if isinstance(primitive, Line) else 1

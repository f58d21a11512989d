"""Relations of one page as geometry: arrows between labels, hulls around groups, rings where one is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from viewer.geometry import Points
from viewer.model import Relation
from viewer.overlay.rings import Floats
from viewer.overlay.shapes import ShapeStore
from viewer.overlay.style import LINE_PX

MISSING = "missing object"
HULL_DASH = (2.0 * LINE_PX, 2.0 * LINE_PX)


@dataclass(frozen=True, slots=True, eq=False)
class Arrow:
    """A line from box edge to box edge in page space. An end without a label is a ring drawn `stub` away.

    `head_at_end`, `head_at_start`: where the direction points (both for bidirectional).
    """

    object_id: str
    title: str
    colour: str
    start: tuple[float, float]
    end: tuple[float, float]
    head_at_end: bool
    head_at_start: bool
    missing_end: bool = False
    """The label at `end` is not in the export; `end` lies on the edge of the other label's box."""
    members: tuple[str, ...] = ()
    dash: tuple[float, ...] = ()
    """A pattern of screen pixels (on, off…), empty for a solid line."""
    width: float = LINE_PX
    opacity: float = 1.0
    signs: tuple[str, ...] = ()
    """What happened to it between two stages, the weightiest first; empty when nothing did."""
    is_ghost: bool = False
    """It only says where it led before, and carries no sign."""


@dataclass(frozen=True, slots=True, eq=False)
class Hull:
    """A convex ring (n, 2) around the boxes of a group, page space; `missing` members are not in the export."""

    object_id: str
    title: str
    colour: str
    ring: Points
    missing: int
    members: tuple[str, ...] = ()
    dash: tuple[float, ...] = HULL_DASH
    """As of an arrow, like all that follows."""
    width: float = LINE_PX
    opacity: float = 1.0
    signs: tuple[str, ...] = ()
    is_ghost: bool = False


@dataclass(frozen=True, eq=False)
class RelationStore:
    """What the relations of a page draw."""

    arrows: tuple[Arrow, ...] = ()
    hulls: tuple[Hull, ...] = ()

    def __len__(self) -> int:
        return len(self.arrows) + len(self.hulls)

    @cached_property
    def changed(self) -> RelationStore:
        """Only those that changed between two stages."""
        return RelationStore(tuple(a for a in self.arrows if a.signs), tuple(h for h in self.hulls if h.signs))

    def named(self, object_ids: Collection[str]) -> RelationStore:
        """Only those with these object ids of their own."""
        wanted = set(object_ids)
        return RelationStore(
            tuple(a for a in self.arrows if a.object_id in wanted),
            tuple(h for h in self.hulls if h.object_id in wanted),
        )

    def without_signs(self) -> RelationStore:
        """The same lines, whose changes are told elsewhere."""
        return RelationStore(
            tuple(replace(a, signs=()) for a in self.arrows), tuple(replace(h, signs=()) for h in self.hulls)
        )

    @property
    def lines(self) -> tuple[Arrow | Hull, ...]:
        """All of them, in the order of drawing."""
        return (*self.hulls, *self.arrows)

    @property
    def members(self) -> frozenset[str]:
        """The object ids of all that they join."""
        return frozenset(member for line in self.lines for member in line.members)

    def touching(self, object_ids: Collection[str]) -> RelationStore:
        """Only those that join one of these labels or relations, or are one of them."""
        wanted = set(object_ids)
        return RelationStore(
            tuple(a for a in self.arrows if a.object_id in wanted or wanted.intersection(a.members)),
            tuple(h for h in self.hulls if h.object_id in wanted or wanted.intersection(h.members)),
        )


def relations_on_page(
    relations: Iterable[Relation],
    store: ShapeStore,
    *,
    known_ids: Collection[str],
    colour_of: Callable[[Relation], str],
) -> RelationStore:
    """The relations whose members are drawn on this page, and those with a member that exists nowhere.

    `known_ids`: object ids of all annotations and relations of the snapshot. A member that is known but not
    on this page (another frame, hidden) draws nothing; one that is not known is dangling.
    """
    relations = tuple(relations)
    if not relations:
        return RelationStore()
    known = set(known_ids) | {r.object_id for r in relations}
    boxes: dict[str, Floats] = {}
    for row, object_id in enumerate(store.object_ids):
        box = store.box[row]
        if object_id in boxes:
            old = boxes[object_id]
            box = np.concatenate((np.minimum(old[:2], box[:2]), np.maximum(old[2:], box[2:])))
        boxes[object_id] = box
    arrows: list[Arrow] = []
    hulls: list[Hull] = []
    # A member may be a relation: those that join labels come first, then what joins them, until nothing is
    # new. Rings of relations that wait for each other never become ready and stay out.
    waiting = list(relations)
    while waiting:
        later: list[Relation] = []
        pending = {r.object_id for r in waiting}
        for relation in waiting:
            if any(m in pending and m not in boxes for m in relation.members):
                later.append(relation)
                continue
            colour = colour_of(relation)
            if relation.group is not None:
                hull = _hull(relation, boxes, known, colour)
                if hull is not None:
                    hulls.append(hull)
                    boxes[relation.object_id] = _box_of(hull.ring)
            else:
                made = _arrows(relation, boxes, known, colour)
                arrows.extend(made)
                if made:
                    ends = np.array([a.start for a in made] + [a.end for a in made])
                    middle = ends.mean(axis=0)
                    boxes[relation.object_id] = np.concatenate((middle, middle))
            pending.discard(relation.object_id)
        if len(later) == len(waiting):
            break
        waiting = later
    return RelationStore(tuple(arrows), tuple(hulls))


def _arrows(relation: Relation, boxes: dict[str, Floats], known: Collection[str], colour: str) -> list[Arrow]:
    """One arrow for each pair of source and target."""
    at_end = relation.direction in ("straight", "bidirectional")
    at_start = relation.direction in ("reverse", "bidirectional")
    made: list[Arrow] = []
    for source in relation.sources:
        for target in relation.targets:
            a, b = boxes.get(source), boxes.get(target)
            if a is None and b is None:
                continue
            if (a is None and source in known) or (b is None and target in known):
                continue  # it exists, but not on this page
            if a is not None and b is not None:
                start, end = edge_to_edge(a, b)
                heads, missing = (at_end, at_start), False
            else:
                # the end that is there is the start, whatever the direction; heads follow it
                there = a if a is not None else b
                assert there is not None
                start = end = (float(there[2]), float((there[1] + there[3]) / 2.0))
                heads = (at_end, at_start) if a is not None else (at_start, at_end)
                missing = True
            made.append(
                Arrow(
                    relation.object_id, relation.title, colour, start, end, heads[0], heads[1], missing,
                    (source, target),
                )
            )  # fmt: skip
    return made


def _hull(relation: Relation, boxes: dict[str, Floats], known: Collection[str], colour: str) -> Hull | None:
    """The hull around the members that are here."""
    members = relation.group or ()
    here = [boxes[m] for m in members if m in boxes]
    if not here:
        return None
    corners = np.concatenate([_corners(box) for box in here])
    missing = sum(1 for m in members if m not in boxes and m not in known)
    return Hull(relation.object_id, relation.title, colour, convex_hull(corners), missing, members)


def edge_to_edge(a: Floats, b: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the line between the middles of two boxes leaves the one and enters the other.

    Boxes that overlap are joined from middle to middle.
    """
    ca, cb = (a[:2] + a[2:]) / 2.0, (b[:2] + b[2:]) / 2.0
    start, end = _leave(ca, cb, a), _leave(cb, ca, b)
    if np.dot(end - start, cb - ca) <= 0:
        start, end = ca, cb
    return (float(start[0]), float(start[1])), (float(end[0]), float(end[1]))


def _leave(inside: Floats, towards: Floats, box: Floats) -> Floats:
    """The point where the ray from the middle of a box towards a point crosses the box's edge."""
    step = towards - inside
    half = (box[2:] - box[:2]) / 2.0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        reach = np.where(np.abs(step) > 0, half / np.abs(step), np.inf)
    t = float(reach.min())
    return inside + step * min(t, 1.0) if np.isfinite(t) else inside


def convex_hull(points: Points) -> Points:
    """The convex hull of points (n, 2) as a ring (Andrew's monotone chain); one or two points stay as they are."""
    ordered = sorted({(float(x), float(y)) for x, y in points})
    if len(ordered) <= 2:
        return np.array(ordered, dtype=np.float64).reshape(-1, 2)

    def chain(items: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        out: list[tuple[float, float]] = []
        for p in items:
            while len(out) >= 2 and _turn(out[-2], out[-1], p) <= 0:
                out.pop()
            out.append(p)
        return out

    lower, upper = chain(ordered), chain(reversed(ordered))
    return np.array(lower[:-1] + upper[:-1], dtype=np.float64)


def _turn(o: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _corners(box: Floats) -> Points:
    x0, y0, x1, y1 = box
    return np.array(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), dtype=np.float64)


def _box_of(ring: Points) -> Floats:
    return np.concatenate((ring.min(axis=0), ring.max(axis=0)))

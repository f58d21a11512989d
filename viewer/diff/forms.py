"""What a tool draws, as the numbers that two snapshots are compared by: outlines, and shapely geometries of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from viewer.diff.scan import scanned
from viewer.geometry import Area, Box, Dot, LabelSpace, Line, Points
from viewer.tools.base import Tool
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.ner import Ner
from viewer.tools.pdf import Pdf
from viewer.tools.polygon import Polygon

Floats = NDArray[np.float64]

MENDED = "The outline crosses itself; it was mended before measuring."
SCANNED = "The outline crosses itself very often; its area was summed along lines."
NO_SURFACE = "The outline has no surface."


CROSSINGS = 5_000
"""So many crossings are expected of outlines of which no overlay is made, nor a mended geometry: it takes seconds."""


LONG = 500
"""Points of a ring from which that is looked at."""


class Form(NamedTuple):
    """The parts of one shape in label space. All empty for what has no place on a page; then `value` tells it."""

    zones: tuple[tuple[Points, ...], ...] = ()
    """Surfaces: outer ring and holes, each of shape (n, 2)."""
    lines: tuple[Points, ...] = ()
    dots: tuple[tuple[float, float], ...] = ()
    value: Any = None

    @property
    def is_drawn(self) -> bool:
        """Whether it has a place on a page."""
        return bool(self.zones or self.lines or self.dots)

    @property
    def points(self) -> Points:
        """All points, shape (n, 2)."""
        parts = [ring for zone in self.zones for ring in zone] + list(self.lines)
        if self.dots:
            parts.append(np.array(self.dots, dtype=np.float64))
        return np.concatenate(parts) if parts else np.empty((0, 2))


def form_of(tool: Tool, space: LabelSpace) -> Form:
    """What `tool` draws. `space` is the label space itself; only sizes that a tool carries along are mapped."""
    zones: list[tuple[Points, ...]] = []
    lines: list[Points] = []
    dots: list[tuple[float, float]] = []
    for part in tool.primitives(space):
        match part:
            case Box():
                zones.append((part.outline(),))
            case Area(rings):
                zones.append(tuple(ring for ring in rings if len(ring)))
            case Line(points):
                lines.append(points)
            case Dot(x, y):
                dots.append((x, y))
    if zones or lines or dots:
        return Form(tuple(zones), tuple(lines), tuple(dots))
    return Form(value=value_of(tool))


def value_of(tool: Tool) -> Any:
    """The exported value of a tool that draws nothing, as plain values; texts that follow from it are left out."""
    if isinstance(tool, Ner):
        return (tool.start, tool.end)
    voxels = getattr(tool, "voxels", None)
    if voxels is not None:
        return tuple(voxels)
    if isinstance(tool, msgspec.Struct):
        return {field: getattr(tool, field) for field in tool.__struct_fields__}
    return None


class Geometries:
    """Shapely geometries of many tools, each made once and valid, with what had to be mended.

    `size` is the label space; without it PDF highlights are put on the page that the first of them was drawn on.
    """

    def __init__(self, size: tuple[float, float] | None = None) -> None:
        self._size = size
        self._rings: dict[int, Points] = {}
        self._scanned: dict[int, float] = {}
        self._forms: dict[int, Form] = {}
        self._shapes: dict[int, Any] = {}
        self._notes: dict[int, str] = {}
        self._kept: list[Tool] = []
        """Ids are only good while the objects live."""

    def form(self, tool: Tool) -> Form:
        """The outlines of a tool."""
        found = self._forms.get(id(tool))
        if found is None:
            if self._size is None and isinstance(tool, Pdf):
                self._size = next(((r.width, r.height) for r in tool.rects if r.width > 0 and r.height > 0), None)
            found = self._forms[id(tool)] = form_of(tool, LabelSpace(self._size or (1.0, 1.0)))
            self._kept.append(tool)
        return found

    def note(self, tool: Tool) -> str:
        """What was mended in a geometry that was asked for before; "" when nothing was."""
        return self._notes.get(id(tool), "")

    def ring(self, tool: Tool) -> Points | None:
        """The only ring of a surface that does not cross itself; its geometry must have been asked for before."""
        return self._rings.get(id(tool))

    def is_scanned(self, tool: Tool) -> bool:
        """Whether its geometry was left as it is, because it crosses itself too often to be mended."""
        return id(tool) in self._scanned

    def areas(self, tools: Sequence[Tool]) -> Floats:
        """Areas by the even-odd rule, shape (n,); 0 for lines and for what has no place."""
        found: Floats = np.nan_to_num(shapely.area(self.of(tools)))
        if self._scanned:
            for i, tool in enumerate(tools):
                found[i] = self._scanned.get(id(tool), found[i])
        return found

    def of(self, tools: Sequence[Tool]) -> NDArray[np.object_]:
        """Geometries of shape (n,); None for what has no place. Surfaces are valid (even-odd where they cross)."""
        missing = {id(tool): tool for tool in tools if id(tool) not in self._shapes}
        if missing:
            self._make(list(missing.values()))
        found = np.empty(len(tools), dtype=object)
        found[:] = [self._shapes[id(tool)] for tool in tools]
        return found

    def _make(self, tools: list[Tool]) -> None:
        self._kept += tools
        # boxes and simple rings are nearly all, and are made at once; the rest part by part
        boxes = [t for t in tools if type(t) is BoundingBox and t.voxels is None]
        if boxes:
            x0, y0, x1, y1 = corners_of(boxes).T
            # a box without width is no surface, but needs no mending either
            self._keep(boxes, shapely.box(x0, y0, x1, y1), np.ones(len(boxes), dtype=bool))
        rings = [t for t in tools if type(t) is Polygon and len(t.ring) >= 3]
        if rings:
            sizes = [len(t.ring) for t in rings]
            index = np.repeat(np.arange(len(rings)), sizes)
            made = shapely.polygons(shapely.linearrings(np.concatenate([t.ring for t in rings]), indices=index))
            # in a tangle, even asking whether it is valid takes seconds
            tangled = [n > LONG and expected_crossings(shape, shape) > CROSSINGS for n, shape in zip(sizes, made)]
            sound = shapely.is_valid(np.where(tangled, None, made)) & ~np.array(tangled)
            self._rings.update((id(t), t.ring) for t, simple in zip(rings, sound.tolist()) if simple)
            self._keep(rings, made, sound)
        others = [t for t in tools if id(t) not in self._shapes]
        for tool in others:
            shape = np.array([_geometry(self.form(tool))], dtype=object)
            self._keep([tool], shape, shapely.is_valid(shape) | shapely.is_missing(shape))

    def _keep(self, tools: Sequence[Tool], shapes: NDArray[np.object_], sound: NDArray[np.bool_]) -> None:
        for i in np.flatnonzero(~sound).tolist():
            if expected_crossings(shapes[i], shapes[i]) > CROSSINGS:
                rings = [ring for zone in self.form(tools[i]).zones for ring in zone]
                self._scanned[id(tools[i])] = scanned(rings, ()).one
                self._notes[id(tools[i])] = SCANNED
            else:
                shapes[i], self._notes[id(tools[i])] = _mended(shapes[i])
        self._shapes.update(zip(map(id, tools), shapes))


def expected_crossings(one: Any, two: Any) -> float:
    """How often two outlines of so much length cross on so much room, if they lay at random (Buffon's needle)."""
    x0, y0, x1, y1 = shapely.bounds(one)
    room = (x1 - x0) * (y1 - y0)
    return float(2 / math.pi * shapely.length(one) * shapely.length(two) / room) if room > 0 else 0.0


def corners_of(boxes: Sequence[Any]) -> Floats:
    """(x0, y0, x1, y1) of tools that are a `BoundingBox`, with x0 <= x1 and y0 <= y1; shape (n, 4)."""
    given = np.array([(b.x, b.y, b.width, b.height) for b in boxes], dtype=np.float64).reshape(len(boxes), 4)
    low, high = given[:, :2], given[:, :2] + given[:, 2:]
    return np.concatenate((np.minimum(low, high), np.maximum(low, high)), axis=1)


def _mended(shape: Any) -> tuple[Any, str]:
    """A valid geometry of the same linework. ``buffer(0)`` would drop whole lobes of a ring that crosses itself."""
    mended = shapely.make_valid(shape)
    return mended, MENDED if shapely.area(mended) > 0 else NO_SURFACE


def _geometry(form: Form) -> Any:
    """One geometry of all parts; None when there is none."""
    parts: list[Any] = []
    surfaces = [_surface(zone) for zone in form.zones if len(zone) and len(zone[0]) >= 3]
    if len(surfaces) == 1:
        parts += surfaces
    elif any(expected_crossings(s, s) > CROSSINGS for s in surfaces):
        parts.append(shapely.multipolygons(surfaces))
    elif surfaces:
        # zones may overlap: together they cover what any of them covers
        parts.append(shapely.union_all([s if s.is_valid else shapely.make_valid(s) for s in surfaces]))
    parts += [_line(line) for line in form.lines if len(line)]
    parts += [shapely.Point(x, y) for x, y in form.dots]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts)


def _surface(zone: tuple[Points, ...]) -> Any:
    return shapely.Polygon(zone[0], [hole for hole in zone[1:] if len(hole) >= 3])


def _line(points: Points) -> Any:
    return shapely.LineString(points) if len(points) >= 2 else shapely.Point(points[0])


def surfaces(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Only what of geometries has an area, so that they can be intersected; empty surfaces where nothing has."""
    kinds = shapely.get_type_id(shapes)
    result = shapes.copy()
    for i in np.flatnonzero((kinds != 3) & (kinds != 6)):
        parts = [] if shapes[i] is None else [p for p in _flat(shapes[i]) if shapely.get_type_id(p) == 3]
        result[i] = shapely.union_all(parts) if parts else shapely.Polygon()
    return result


def _flat(shape: Any) -> list[Any]:
    if shapely.get_type_id(shape) < 4:
        return [shape]
    return [part for item in shapely.get_parts(shape) for part in _flat(item)]

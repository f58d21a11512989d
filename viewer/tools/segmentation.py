"""``segmentation``: islands with holes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, TypeAlias

import msgspec

from viewer.geometry import Area, LabelSpace, Points, Primitive, ring_area
from viewer.tools.base import Entry, Fields, Notes, Tool, ToolError, centre, kind_of, points, shown

Zone: TypeAlias = tuple[Points, ...]
"""The outer ring and its holes, each of shape (n, 2) in label space, not closed."""


class Segmentation(msgspec.Struct, frozen=True, gc=False, eq=False):
    """Zones of one object; none when the export was made without segmentation points."""

    KEY: ClassVar[str] = "segmentation"

    zones: tuple[Zone, ...] = ()

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``{zones: [{region, holes}]}`` with the tolerances of format §5.6. Raises ToolError."""
        if not isinstance(value, Mapping):
            raise ToolError(f"{kind_of(value)} stands where an object belongs", ".segmentation")
        raw = value.get("zones")
        if raw is None:
            raw = ()
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            raise ToolError(f"{kind_of(raw)} stands where a list of zones belongs", ".segmentation.zones")
        zones = tuple(
            zone for i, item in enumerate(raw) if (zone := _zone(item, f".segmentation.zones[{i}]", notes)) is not None
        )
        if not zones:
            notes("points not exported", "it is listed, nothing is drawn", ".segmentation", error=True)
        return cls(zones)

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One area per zone."""
        return tuple(Area(tuple(space.map(ring) for ring in zone)) for zone in self.zones)

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """The centre of its largest zone, so that it lies by an island rather than between two."""
        if not self.zones:
            return None
        largest = max(self.zones, key=lambda zone: ring_area(zone[0]))
        return centre((Area((space.map(largest[0]),)),))

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Point by point when zones, rings and points are as many on both sides; otherwise held."""
        if not isinstance(after, Segmentation) or len(after.zones) != len(self.zones):
            return None
        zones: list[Zone] = []
        for a, b in zip(self.zones, after.zones):
            if len(a) != len(b) or any(len(r) != len(s) for r, s in zip(a, b)):
                return None
            zones.append(tuple(r + (s - r) * t for r, s in zip(a, b)))
        return type(self)(tuple(zones))

    def fields(self) -> Fields:
        """Zones, holes, points and area."""
        if not self.zones:
            return (("Points", "not exported"),)
        holes = sum(len(zone) - 1 for zone in self.zones)
        area = sum(ring_area(zone[0]) - sum(ring_area(hole) for hole in zone[1:]) for zone in self.zones)
        return (
            ("Zones", str(len(self.zones))),
            ("Holes", str(holes)),
            ("Points", str(sum(len(ring) for zone in self.zones for ring in zone))),
            ("Area", shown(area)),
        )


def _zone(value: Any, path: str, notes: Notes) -> Zone | None:
    """One island; None when it cannot be drawn, which is told unless it is plainly empty."""
    try:
        if not isinstance(value, Mapping):
            raise ToolError(f"{kind_of(value)} stands where a zone belongs", path)
        region = points(value.get("region") or (), f"{path}.region", notes)
    except ToolError as error:
        notes(str(error), "the zone was left out", error.path, error=True)
        return None
    if len(region) < 3:
        if len(region):
            notes(f"a zone of {len(region)} points has no surface", "it was left out", path, error=True)
        return None
    return (region, *_holes(value.get("holes"), f"{path}.holes", notes))


def _holes(value: Any, path: str, notes: Notes) -> list[Points]:
    if value is None or value == []:
        return []
    if not isinstance(value, Sequence) or isinstance(value, str):
        notes(f"{kind_of(value)} stands where a list of holes belongs", "no holes are drawn", path, error=True)
        return []
    rings, paths = value, [f"{path}[{i}]" for i in range(len(value))]
    if all(_is_pair(item) for item in value):
        notes("one ring stands where a list of rings belongs", "it is drawn as one hole", path)
        rings, paths = [value], [path]
    holes: list[Points] = []
    for ring, place in zip(rings, paths):
        try:
            hole = points(ring, place, notes)
        except ToolError as error:
            notes(str(error), "the hole was left out", error.path, error=True)
            continue
        if len(hole) >= 3:
            holes.append(hole)
        elif len(hole):
            notes(f"a hole of {len(hole)} points has no surface", "it was left out", place)
    return holes


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= 2 and all(isinstance(v, int | float) for v in value)

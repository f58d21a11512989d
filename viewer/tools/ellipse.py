"""``ellipse``: a centre and two radii."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import Affine, Area, LabelSpace, Points, Primitive, ellipse_ring
from viewer.tools.base import Entry, Fields, Notes, Tool, ToolError, kind_of, number, numbers, shown

_RADII = (("radiusX", "rx", "radius", "r"), ("radiusY", "ry", "radius", "r"))


class Ellipse(msgspec.Struct, frozen=True, gc=False):
    """Centre, radii and rotation (degrees, clockwise on screen, about the centre) in label space."""

    KEY: ClassVar[str] = "ellipse"

    x: float
    y: float
    radius_x: float
    radius_y: float
    rotation: float = 0.0

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``{x|cx, y|cy, rx, ry}`` or ``{x, y, width, height}`` (format §5.5). Raises ToolError."""
        if not isinstance(value, Mapping):
            raise ToolError(f"{kind_of(value)} stands where an object belongs", ".ellipse")
        turned = value.get("rotation", 0.0)
        rotation = number(turned, ".ellipse.rotation", notes)
        names = [next((name for name in options if name in value), None) for options in _RADII]
        if names[0] is None or names[1] is None:
            x, y, width, height = numbers(value, ("x", "y", "width", "height"), ".ellipse", notes)
            return cls(x + width / 2, y + height / 2, abs(width) / 2, abs(height) / 2, rotation)
        x, y = (number(value.get(name, value.get(f"c{name}")), f".ellipse.{name}", notes) for name in ("x", "y"))
        rx, ry = (abs(number(value[name], f".ellipse.{name}", notes)) for name in names if name)
        return cls(x, y, rx, ry, rotation)

    @property
    def ring(self) -> Points:
        """Its outline in label space, shape (n, 2)."""
        ring = ellipse_ring((0.0, 0.0), (self.radius_x, self.radius_y))
        cos, sin = math.cos(math.radians(self.rotation)), math.sin(math.radians(self.rotation))
        return Affine(cos, sin, -sin, cos, self.x, self.y).map(ring)

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One area whose chords leave the ellipse by at most 0.01 label pixels."""
        return (Area((space.map(self.ring),)),)

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """Its centre."""
        return space.page_from_label.map_point(self.x, self.y)

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held: nothing is published about ellipses between key frames."""
        return None

    def fields(self) -> Fields:
        """Centre, radii and rotation."""
        return (
            ("Centre X", shown(self.x)),
            ("Centre Y", shown(self.y)),
            ("Radius X", shown(self.radius_x)),
            ("Radius Y", shown(self.radius_y)),
            ("Rotation", f"{shown(self.rotation)}°"),
        )

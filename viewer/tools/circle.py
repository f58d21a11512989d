"""``circle``: a centre and a radius."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import Area, LabelSpace, Primitive, ellipse_ring
from viewer.tools.base import Entry, Fields, Notes, Tool, ToolError, kind_of, number, numbers, shown


class Circle(msgspec.Struct, frozen=True, gc=False):
    """Centre and radii in label space; the radii differ when it was exported as a box that is no square."""

    KEY: ClassVar[str] = "circle"

    x: float
    y: float
    radius_x: float
    radius_y: float

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``{x|cx, y|cy, radius|r}`` or ``{x, y, width, height}`` (format §5.5). Raises ToolError."""
        if not isinstance(value, Mapping):
            raise ToolError(f"{kind_of(value)} stands where an object belongs", ".circle")
        radius = next((name for name in ("radius", "r") if name in value), None)
        if radius is None:
            x, y, width, height = numbers(value, ("x", "y", "width", "height"), ".circle", notes)
            return cls(x + width / 2, y + height / 2, abs(width) / 2, abs(height) / 2)
        x, y = (number(value.get(name, value.get(f"c{name}")), f".circle.{name}", notes) for name in ("x", "y"))
        r = number(value[radius], f".circle.{radius}", notes)
        if r < 0:
            notes("the radius is negative", "its size is drawn", f".circle.{radius}")
        return cls(x, y, abs(r), abs(r))

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One area whose chords leave the circle by at most 0.01 label pixels."""
        ring = ellipse_ring((self.x, self.y), (self.radius_x, self.radius_y))
        return (Area((space.map(ring),)),)

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """Its centre."""
        return space.page_from_label.map_point(self.x, self.y)

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held: Ango Hub does not interpolate circles (format §7.2)."""
        return None

    def fields(self) -> Fields:
        """Centre and radius."""
        radius = (
            (("Radius", shown(self.radius_x)),)
            if self.radius_x == self.radius_y
            else (("Radius X", shown(self.radius_x)), ("Radius Y", shown(self.radius_y)))
        )
        return (("Centre X", shown(self.x)), ("Centre Y", shown(self.y)), *radius)

"""``polygon``: one closed ring."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import LabelSpace, Points, Primitive, ring_area
from viewer.tools.base import Entry, Fields, Notes, Tool, centre, points, shown, surface


class Polygon(msgspec.Struct, frozen=True, gc=False, eq=False):
    """A ring of shape (n, 2) in label space, not closed; it may cross itself (even-odd fill)."""

    KEY: ClassVar[str] = "polygon"

    ring: Points

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``[[x, y], …]``. Raises ToolError for anything but a list."""
        ring = points(value, ".polygon", notes)
        if len(ring) < 3:
            notes(f"the polygon has {_count(len(ring))}, fewer than 3", _DRAWN[len(ring)], ".polygon", error=True)
        return cls(ring)

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One area; of fewer than three points a line or a dot."""
        return surface(space.map(self.ring))

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """The centre of its bounds."""
        return centre(self.primitives(space))

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Point by point when both have as many; otherwise held (Ango Hub's own way is unpublished)."""
        if not isinstance(after, Polygon) or len(after.ring) != len(self.ring):
            return None
        return type(self)(self.ring + (after.ring - self.ring) * t)

    def fields(self) -> Fields:
        """Number of points and area."""
        return (("Points", str(len(self.ring))), ("Area", shown(ring_area(self.ring))))


_DRAWN = ("nothing is drawn", "it is drawn as a dot", "it is drawn as a line")


def _count(n: int) -> str:
    return "1 point" if n == 1 else f"{n} points"

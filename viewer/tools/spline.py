"""``spline``: a smooth curve through its knots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import LabelSpace, Points, Primitive, catmull_rom
from viewer.tools.base import Entry, Fields, Notes, Tool, ToolError, line, points

_MEMBERS = ("points", "controlPoints")


class Spline(msgspec.Struct, frozen=True, gc=False, eq=False):
    """Knots of shape (n, 2) in label space. What Ango Hub draws between them is not published."""

    KEY: ClassVar[str] = "spline"

    knots: Points

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``[[x, y], …]``, or an object with `points` or `controlPoints`. Raises ToolError."""
        path = ".spline"
        if isinstance(value, Mapping):
            name = next((name for name in _MEMBERS if value.get(name)), None)
            if name is None:
                raise ToolError("points and controlPoints are missing", path)
            value, path = value[name], f"{path}.{name}"
        knots = points(value, path, notes)
        if len(knots) < 2:
            drawn = "it is drawn as a dot" if len(knots) else "nothing is drawn"
            notes("the spline has fewer than 2 points", drawn, path, error=True)
        return cls(knots)

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One line along the uniform Catmull-Rom curve through the knots."""
        return line(space.map(catmull_rom(self.knots)))

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """The knot in the middle of its list."""
        if not len(self.knots):
            return None
        x, y = self.knots[len(self.knots) // 2]
        return space.page_from_label.map_point(float(x), float(y))

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held: nothing is published about splines between key frames."""
        return None

    def fields(self) -> Fields:
        """Number of knots."""
        return (("Knots", str(len(self.knots))),)

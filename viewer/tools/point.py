"""``point``: one place."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import Dot, LabelSpace, Primitive
from viewer.tools import base
from viewer.tools.base import Entry, Fields, Notes, Tool, between, shown


class Point(msgspec.Struct, frozen=True, gc=False):
    """A place in label space."""

    KEY: ClassVar[str] = "point"

    x: float
    y: float

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read the flat pair ``[x, y]``. Raises ToolError."""
        return cls(*base.point(value, ".point", notes))

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One dot."""
        return (Dot(*space.page_from_label.map_point(self.x, self.y)),)

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """Itself."""
        return space.page_from_label.map_point(self.x, self.y)

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """On the straight way."""
        if not isinstance(after, Point):
            return None
        return type(self)(between(self.x, after.x, t), between(self.y, after.y, t))

    def fields(self) -> Fields:
        """Its coordinates."""
        return (("X", shown(self.x)), ("Y", shown(self.y)))

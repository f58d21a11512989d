"""``polyline``: an open line, or a line between two voxels of a medical volume."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import msgspec
import numpy as np

from viewer.geometry import LabelSpace, Points, Primitive
from viewer.tools.base import (
    VOXELS,
    Entry,
    Fields,
    Notes,
    Tool,
    is_voxels,
    line,
    numbers,
    points,
    shown,
    voxel_fields,
)


class Polyline(msgspec.Struct, frozen=True, gc=False, eq=False):
    """Points of shape (n, 2) in label space, in drawing order. With `voxels` it has no place on a page."""

    KEY: ClassVar[str] = "polyline"

    points: Points
    voxels: tuple[float, ...] | None = None

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``[[x, y], …]`` or ``{x1 … z2}``. Raises ToolError."""
        if is_voxels(value):
            voxels = numbers(value, VOXELS, ".polyline", notes)
            ends = np.array(((voxels[0], voxels[1]), (voxels[3], voxels[4])), dtype=np.float64)
            return cls(ends, voxels)
        found = points(value, ".polyline", notes)
        if len(found) < 2:
            drawn = "it is drawn as a dot" if len(found) else "nothing is drawn"
            count = "1 point" if len(found) else "no points"
            notes(f"the line has {count}, fewer than 2", drawn, ".polyline", error=True)
        return cls(found)

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One line; a dot when it has one point."""
        return () if self.voxels is not None else line(space.map(self.points))

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """The point in the middle of its list: always on the line."""
        if self.voxels is not None or not len(self.points):
            return None
        n = len(self.points)
        middle = self.points[n // 2] if n % 2 else (self.points[n // 2 - 1] + self.points[n // 2]) / 2
        return space.page_from_label.map_point(float(middle[0]), float(middle[1]))

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held: Ango Hub does not interpolate polylines (format §7.2)."""
        return None

    def fields(self) -> Fields:
        """Number of points and length."""
        if self.voxels is not None:
            return voxel_fields(self.voxels)
        length = float(np.hypot(*np.diff(self.points, axis=0).T).sum()) if len(self.points) > 1 else 0.0
        return (("Points", str(len(self.points))), ("Length", shown(length)))

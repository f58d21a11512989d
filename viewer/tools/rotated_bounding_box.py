"""``rotated-bounding-box``: a rectangle turned about its first corner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import msgspec
import numpy as np

from viewer.geometry import Area, LabelSpace, Points, Primitive, rotated
from viewer.tools.base import Entry, Fields, Notes, Tool, ToolError, centre, numbers, points, shown


class RotatedBoundingBox(msgspec.Struct, frozen=True, gc=False, eq=False):
    """Four corners in label space, shape (4, 2); the rest as exported, None where only corners were."""

    KEY: ClassVar[str] = "rotated-bounding-box"

    corners: Points
    pivot: tuple[float, float] | None
    size: tuple[float, float] | None
    rotation: float | None

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """The four `corners` if they are there, else the rule of `pivot_corners`. Raises ToolError."""
        corners = _corners(value, notes)
        try:
            x, y, width, height = numbers(value, ("x", "y", "width", "height"), ".rotated-bounding-box", notes)
        except ToolError:
            if corners is None:
                raise
            return cls(corners, None, None, None)
        try:
            (rotation,) = numbers(value, ("rotation",), ".rotated-bounding-box", notes)
        except ToolError as error:
            if corners is not None:
                return cls(corners, (x, y), (width, height), None)
            notes(str(error), "the box is drawn upright", error.path)
            rotation = 0.0
        if corners is None:
            corners = pivot_corners(x, y, width, height, rotation)
        return cls(corners, (x, y), (width, height), rotation)

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One area of four corners."""
        return (Area((space.map(self.corners),)),)

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """Its centre."""
        return centre(self.primitives(space))

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held: Ango Hub does not interpolate rotated boxes (format §7.2)."""
        return None

    def fields(self) -> Fields:
        """Pivot, size and rotation, else the corners."""
        if self.pivot is None or self.size is None:
            return tuple((f"Corner {i + 1}", f"{shown(x)}, {shown(y)}") for i, (x, y) in enumerate(self.corners))
        turned = () if self.rotation is None else (("Rotation", f"{shown(self.rotation)}°"),)
        return (
            ("X", shown(self.pivot[0])),
            ("Y", shown(self.pivot[1])),
            ("Width", shown(self.size[0])),
            ("Height", shown(self.size[1])),
            *turned,
        )


def pivot_corners(x: float, y: float, width: float, height: float, rotation: float) -> Points:
    """Corners of shape (4, 2) in label space: x, y is the rotated first corner, about which the box turns.

    P(u, v) = (x + u cos r - v sin r, y + u sin r + v cos r), r clockwise on screen in degrees; the corners
    are P(0,0), P(0,h), P(w,h), P(w,0) (format §5.4, verified against a published sample to 1e-13).
    """
    turned = [rotated(p, rotation) for p in ((0.0, 0.0), (0.0, height), (width, height), (width, 0.0))]
    corners = np.array([(x + u, y + v) for u, v in turned], dtype=np.float64)
    corners.flags.writeable = False
    return corners


def _corners(value: Any, notes: Notes) -> Points | None:
    raw = value.get("corners") if isinstance(value, dict) else None
    if raw is None:
        return None
    path = ".rotated-bounding-box.corners"
    if isinstance(raw, Sequence) and not isinstance(raw, str) and len(raw) == 4:
        corners = points(raw, path, notes)
        if len(corners) == 4:
            return corners
    notes("corners is not a list of four points", "the box is drawn from its size and rotation", path)
    return None

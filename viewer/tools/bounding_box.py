"""``bounding-box``: an upright rectangle, or a box in a medical volume."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import Area, Box, LabelSpace, Primitive
from viewer.tools.base import (
    VOXELS,
    Entry,
    Fields,
    Notes,
    Tool,
    between,
    centre,
    is_voxels,
    numbers,
    shown,
    voxel_fields,
)


class BoundingBox(msgspec.Struct, frozen=True, gc=False):
    """A rectangle as exported: x, y is the corner clicked first, so width and height may be negative.

    With `voxels` it is a box in a medical volume (two opposite corners), which has no place on a page.
    """

    KEY: ClassVar[str] = "bounding-box"

    x: float
    y: float
    width: float
    height: float
    voxels: tuple[float, ...] | None = None

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``{x, y, width, height}`` or ``{x1 … z2}``. Raises ToolError."""
        if is_voxels(value):
            voxels = numbers(value, VOXELS, ".bounding-box", notes)
            x1, y1, _, x2, y2, _ = voxels
            return cls(x1, y1, x2 - x1, y2 - y1, voxels)
        x, y, width, height = numbers(value, ("x", "y", "width", "height"), ".bounding-box", notes)
        return cls(x, y, width, height)

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """x0 <= x1 and y0 <= y1 in label space, as (x0, y0, x1, y1)."""
        x0, x1 = sorted((self.x, self.x + self.width))
        y0, y1 = sorted((self.y, self.y + self.height))
        return x0, y0, x1, y1

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One box; an area where the page is turned against the label space."""
        if self.voxels is not None:
            return ()
        x0, y0, x1, y1 = self.corners
        to_page = space.page_from_label
        if to_page.b or to_page.c:
            return (Area((space.map(Box(x0, y0, x1, y1).outline()),)),)
        (ax, ay), (bx, by) = to_page.map_point(x0, y0), to_page.map_point(x1, y1)
        return (Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)),)

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """Its centre."""
        return centre(self.primitives(space))

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Each side on its way; boxes of volumes are held."""
        if not isinstance(after, BoundingBox) or self.voxels is not None or after.voxels is not None:
            return None
        a, b = self.corners, after.corners
        x0, y0, x1, y1 = (between(a[i], b[i], t) for i in range(4))
        return type(self)(x0, y0, x1 - x0, y1 - y0)

    def fields(self) -> Fields:
        """Corner and size as exported."""
        if self.voxels is not None:
            return voxel_fields(self.voxels)
        return (
            ("X", shown(self.x)),
            ("Y", shown(self.y)),
            ("Width", shown(self.width)),
            ("Height", shown(self.height)),
            ("Area", shown(abs(self.width * self.height))),
        )

"""``angle``: an angle measured in a medical volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, TypeAlias

import msgspec

from viewer.geometry import LabelSpace, Primitive
from viewer.tools.base import Entry, Fields, Notes, Tool, ToolError, kind_of, number, shown

Voxel: TypeAlias = tuple[float, float, float]
"""Coronal, sagittal, axial slice, 0-based (format §9.3)."""


class Angle(msgspec.Struct, frozen=True, gc=False):
    """The vertex, a point on each leg, and the angle in degrees as exported (None when it was not)."""

    KEY: ClassVar[str] = "angle"

    vertex: Voxel
    p1: Voxel
    p2: Voxel
    degrees: float | None = None

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``{vertex, p1, p2, angle}`` nested under the key or beside it. Raises ToolError."""
        nested = isinstance(value, Mapping)
        source, path = (value, ".angle") if nested else (entry, "")
        vertex, p1, p2 = (_voxel(source.get(name), f"{path}.{name}") for name in ("vertex", "p1", "p2"))
        given = value.get("angle") if nested else value
        return cls(vertex, p1, p2, None if given is None else number(given, f"{path}.angle", notes))

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """Nothing until volumes are shown."""
        return ()

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """It has no place on a single page."""
        return None

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held."""
        return None

    def fields(self) -> Fields:
        """The angle and its three points."""
        angle = () if self.degrees is None else (("Angle", f"{shown(self.degrees)}°"),)
        named = (("Vertex", self.vertex), ("Leg 1", self.p1), ("Leg 2", self.p2))
        return (*angle, *((name, ", ".join(shown(v) for v in voxel)) for name, voxel in named))


def _voxel(value: Any, path: str) -> Voxel:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) < 3:
        raise ToolError(f"{kind_of(value)} stands where three slice numbers belong", path)
    x, y, z = (number(value[i], f"{path}[{i}]") for i in range(3))
    return x, y, z

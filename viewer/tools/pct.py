"""``pct``: a shape in a point cloud; its form is not public, so it is kept and not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import LabelSpace, Primitive
from viewer.tools.base import Entry, Fields, Notes, Tool


class Pct(msgspec.Struct, frozen=True, gc=False, eq=False):
    """Whatever stood under the key; the inspector shows it as raw JSON."""

    KEY: ClassVar[str] = "pct"

    value: Any = None

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Keep anything."""
        return cls(value)

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """Nothing: point clouds are not shown."""
        return ()

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """It has no place on a page."""
        return None

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held."""
        return None

    def fields(self) -> Fields:
        """Its type, if it says one."""
        kind = self.value.get("type") if isinstance(self.value, Mapping) else None
        return (("Shape", kind if isinstance(kind, str) else "in the raw JSON"),)

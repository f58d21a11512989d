"""Every tool that this program does not know, or whose value it cannot read: kept, listed, not drawn."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import LabelSpace, Primitive
from viewer.tools.base import Entry, Fields, Notes, Tool


class Unknown(msgspec.Struct, frozen=True, gc=False, eq=False):
    """An entry whose shape is not known. `name` is the key it stood under, "" when there was none."""

    KEY: ClassVar[str] = "unknown"

    name: str = ""
    value: Any = None

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Take anything; the caller says the `Problem`."""
        return cls("", value)

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """Nothing is drawn."""
        return ()

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """It has no place."""
        return None

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held."""
        return None

    def fields(self) -> Fields:
        """Its key; the raw JSON is shown by the inspector."""
        return (("Tool", self.name or "no shape in the export"),)

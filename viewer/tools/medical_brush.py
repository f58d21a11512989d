"""``medical-brush``: carries the answers for a class of the voxel brush, which is a file of its own."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import LabelSpace, Primitive
from viewer.tools.base import Entry, Fields, Notes, Tool, kind_of


class MedicalBrush(msgspec.Struct, frozen=True, gc=False):
    """Only a mark: the voxels are in the file behind ``medicalBrushDataUrl`` (format §9.3)."""

    KEY: ClassVar[str] = "medical-brush"

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``true``; anything else is told and means the same."""
        if value is not True:
            notes(f"{kind_of(value)} stands where true belongs", "it was read as true", ".medical-brush")
        return cls()

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """Nothing: it is no shape."""
        return ()

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """It has no place."""
        return None

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held."""
        return None

    def fields(self) -> Fields:
        """Where its voxels are."""
        return (("Voxels", "in the segmentation file of the task"),)

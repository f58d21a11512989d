"""``ner``: a range of text or of a recording; it has no place on a page."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import msgspec

from viewer import limits
from viewer.geometry import LabelSpace, Primitive
from viewer.tools.base import Entry, Fields, Notes, Tool, kind_of, numbers, shown


class Ner(msgspec.Struct, frozen=True, gc=False):
    """From `start` to `end`: UTF-16 code units of a text, seconds of a recording (format §5.8)."""

    KEY: ClassVar[str] = "ner"

    start: float
    end: float
    selection: str | None = None

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``{start, end, selection?}``. Raises ToolError."""
        start, end = numbers(value, ("start", "end"), ".ner", notes)
        if end < start:
            notes("the range ends before it starts", "it is kept as exported", ".ner")
        selection = value.get("selection")
        if selection is not None and not isinstance(selection, str):
            notes(f"{kind_of(selection)} stands where text belongs", "it was left out", ".ner.selection")
            selection = None
        return cls(start, end, selection)

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """Nothing on a page."""
        return ()

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """It has no place on a page."""
        return None

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held."""
        return None

    def fields(self) -> Fields:
        """The range, and the text where the export has it."""
        text = () if self.selection is None else (("Text", self.selection[: limits.TEXT_SHOWN]),)
        return (("Start", shown(self.start)), ("End", shown(self.end)), *text)

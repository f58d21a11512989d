"""``message``: a label on one message of a conversation; it has no place on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import msgspec

from viewer.geometry import LabelSpace, Primitive
from viewer.tools.base import Entry, Fields, Notes, Tool, ToolError, kind_of


class Message(msgspec.Struct, frozen=True, gc=False):
    """The id of the message it belongs to."""

    KEY: ClassVar[str] = "message"
    ALSO: ClassVar[str] = "messageId"
    """The key of the flat form."""

    message_id: str

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read an id, or an object with `messageId` or `id` (format §5.11, a guess). Raises ToolError."""
        path = ".message"
        if isinstance(value, Mapping):
            name = next((name for name in ("messageId", "id") if name in value), None)
            if name is None:
                raise ToolError("messageId is missing", path)
            value, path = value[name], f"{path}.{name}"
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ToolError(f"{kind_of(value)} stands where an id belongs", path)
        return cls(str(value))

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
        """The message."""
        return (("Message", self.message_id),)

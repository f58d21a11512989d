"""What the user chose about how one file is read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class DocumentOptions:
    """What the user chose about how a file is read."""

    mapping: Literal["", "index", "time", "chrome"] = ""
    page_offset: int = 0
    password: str | None = None
    engine: str = ""

    def hints(self) -> dict[str, Any]:
        """As arguments of `scene.hints_of`."""
        return asdict(self)

"""One stage: nothing is compared."""

from __future__ import annotations

from typing import ClassVar

from viewer.ui.compare.mode import CompareMode


class SingleMode(CompareMode):
    """The canvas alone. What it shows never was compared, so that there is nothing to show here."""

    KEY: ClassVar[str] = "single"
    TEXT: ClassVar[str] = "Single"
    ICON: ClassVar[str] = "square"

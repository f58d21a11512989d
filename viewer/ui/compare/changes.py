"""Changes only: the overlay with all that did not change only just to be seen."""

from __future__ import annotations

from typing import ClassVar

from viewer.overlay.compared import ComparedPage, Marked
from viewer.ui.compare.overlay import OverlayMode


class ChangesMode(OverlayMode):
    """No tags but those that are asked for."""

    KEY: ClassVar[str] = "changes"
    TEXT: ClassVar[str] = "Changes only"
    ICON: ClassVar[str] = "diff"

    @staticmethod
    def marked(pair: ComparedPage) -> Marked:
        """Changes strong, the rest faint."""
        return pair.changes_only

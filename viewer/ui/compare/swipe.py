"""Swipe: A at the left of a line, B at its right; the line is dragged over the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from viewer.ui.compare.handle import SwipeHandle
from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.pages import ComparedStages
from viewer.ui.compare.side import SideMode

if TYPE_CHECKING:
    from viewer.ui.compare.view import CompareView


class SwipeMode(CompareMode):
    """A lies over B and is cut off at the line."""

    KEY: ClassVar[str] = "swipe"
    TEXT: ClassVar[str] = "Swipe"
    ICON: ClassVar[str] = "between-vertical-start"
    prepare = SideMode.prepare

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self.handle = SwipeHandle(view)
        self.handle.moved.connect(self.place)
        self.handle.hide()

    def show(self, stages: ComparedStages) -> None:
        """Fill both sides."""
        view = self.view
        view.fill(view.canvas, stages.after(), plates=(stages.words[1],), stage=1, plates_right=True)
        view.fill(view.over, stages.before(), plates=(stages.words[0],), stage=0)
        self.place()
        view.over.show()
        self.handle.show()
        self.handle.raise_()

    def place(self) -> None:
        """A looks through the whole frame, of which it covers the part left of the line."""
        super().place()
        view = self.view
        view.over.cover(view.rect(), round(self.handle.share * view.width()) if not view.is_held else view.width())
        self.handle.place(view.rect())

    def end(self) -> None:
        """B has the whole again."""
        self.handle.hide()
        self.view.over.hide()

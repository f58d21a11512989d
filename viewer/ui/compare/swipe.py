"""Swipe: A at the left of a line, B at its right; the line is dragged over the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from viewer.ui.compare.handle import SwipeHandle
from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.pages import ComparedStages, PaneContent

if TYPE_CHECKING:
    from viewer.ui.compare.view import CompareView


class SwipeMode(CompareMode):
    """A lies over B and is cut off at the line."""

    KEY: ClassVar[str] = "swipe"
    TEXT: ClassVar[str] = "Swipe"
    ICON: ClassVar[str] = "between-vertical-start"
    IS_SPLIT: ClassVar[bool] = True

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self.handle = SwipeHandle(view)
        self.handle.moved.connect(self.place)
        self.handle.hide()

    @classmethod
    def panes_of(cls, stages: ComparedStages) -> tuple[PaneContent, ...]:
        """A and B alone."""
        return stages.alone(0), stages.alone(1)

    def show(self, stages: ComparedStages) -> None:
        """Fill both sides."""
        view = self.view
        first, shown = self.panes_of(stages)
        view.fill(view.canvas, shown, plates_right=True)
        view.fill(view.over, first)
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

"""Side by side: a pane for each stage, two in a row, more in a grid."""

from __future__ import annotations

from typing import ClassVar

from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.pages import ComparedStages, PaneContent, grid


class SideMode(CompareMode):
    """A, B, C … in reading order; B is the canvas itself."""

    KEY: ClassVar[str] = "side"
    TEXT: ClassVar[str] = "Side by side"
    ICON: ClassVar[str] = "columns-2"

    @classmethod
    def panes_of(cls, stages: ComparedStages) -> tuple[PaneContent, ...]:
        """Every stage alone."""
        return tuple(stages.alone(stage) for stage in range(len(stages.words)))

    def show(self, stages: ComparedStages) -> None:
        """Fill the panes."""
        view = self.view
        first, shown, *others = self.panes_of(stages)
        view.set_pane_count(1 + len(others))
        self.place()
        view.fill(view.canvas, shown)
        for pane, content in zip(view.panes, (first, *others)):
            view.fill(pane, content)
            pane.show()

    def place(self) -> None:
        """All panes of one size, so that they show the same part."""
        view = self.view
        boxes = grid(len(view.panes) + 1, view.width(), view.height())
        for widget, box in zip([*view.panes[:1], view.canvas, *view.panes[1:]], boxes):
            widget.setGeometry(*box)

    def end(self) -> None:
        """The canvas is alone again."""
        self.view.set_pane_count(0)

"""Side by side: a pane for each stage, two in a row, more in a grid."""

from __future__ import annotations

from typing import ClassVar

from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.pages import ComparedStages, grid


class SideMode(CompareMode):
    """A, B, C … in reading order; B is the canvas itself."""

    KEY: ClassVar[str] = "side"
    TEXT: ClassVar[str] = "Side by side"
    ICON: ClassVar[str] = "columns-2"

    @staticmethod
    def prepare(stages: ComparedStages) -> None:
        """Every stage alone."""
        _ = stages.pairs[0].before
        for pair in stages.pairs:
            _ = pair.after

    def show(self, stages: ComparedStages) -> None:
        """Fill the panes."""
        view = self.view
        count = len(stages.words)
        view.set_pane_count(count - 1)
        self.place()
        view.fill(view.canvas, stages.after(), plates=(stages.words[1],), stage=1)
        for number, pane in enumerate(view.panes):
            stage = 0 if number == 0 else number + 1
            content = stages.before() if stage == 0 else stages.after(stage - 1)
            view.fill(pane, content, plates=(stages.words[stage],), stage=stage)
            pane.show()

    def place(self) -> None:
        """All panes of one size, so that they show the same part."""
        view = self.view
        boxes = grid(len(view.panes) + 1, view.width(), view.height())
        order = [*view.panes[:1], view.canvas, *view.panes[1:]]
        for widget, box in zip(order, boxes):
            widget.setGeometry(*box)

    def end(self) -> None:
        """The canvas is alone again."""
        self.view.set_pane_count(0)

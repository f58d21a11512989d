"""Overlay: both stages over each other, A dashed, with arrows from where things were."""

from __future__ import annotations

from typing import ClassVar

from viewer.overlay.compared import ComparedPage, Marked
from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.pages import ComparedStages, PaneContent


class OverlayMode(CompareMode):
    """One pane with both plates."""

    KEY: ClassVar[str] = "overlay"
    TEXT: ClassVar[str] = "Overlay"
    ICON: ClassVar[str] = "layers-2"

    @staticmethod
    def marked(pair: ComparedPage) -> Marked:
        """What is shown of a pair."""
        return pair.overlay

    @classmethod
    def panes_of(cls, stages: ComparedStages) -> tuple[PaneContent, ...]:
        """Both stages in one."""
        page = stages.content_of(cls.marked(stages.pairs[0]), stage=1)
        return (PaneContent(page, stages.words[:2], 1),)

    def show(self, stages: ComparedStages) -> None:
        """Both in the canvas."""
        self.view.fill(self.view.canvas, self.panes_of(stages)[0])

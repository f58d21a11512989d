"""Overlay: both stages over each other, A dashed, with arrows from where things were."""

from __future__ import annotations

from typing import ClassVar

from viewer.overlay.compared import ComparedPage, Marked
from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.pages import ComparedStages


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
    def prepare(cls, stages: ComparedStages) -> None:
        """Both stages in one."""
        cls.marked(stages.pairs[0])

    def show(self, stages: ComparedStages) -> None:
        """Both in the canvas."""
        content = stages.content_of(self.marked(stages.pairs[0]), stage=1)
        self.view.fill(self.view.canvas, content, plates=stages.words[:2], stage=1)

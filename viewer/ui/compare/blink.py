"""Blink: A and B in turn in one place, so that what changed jumps to the eye."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer

from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.pages import ComparedStages, PaneContent

if TYPE_CHECKING:
    from viewer.ui.compare.view import CompareView


class BlinkMode(CompareMode):
    """A lies over B and comes and goes; the plate says which one is seen."""

    KEY: ClassVar[str] = "blink"
    TEXT: ClassVar[str] = "Blink"
    ICON: ClassVar[str] = "blend"

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._timer = QTimer(view)
        self._timer.timeout.connect(self.turn)

    @classmethod
    def panes_of(cls, stages: ComparedStages) -> tuple[PaneContent, ...]:
        """A and B alone."""
        return stages.alone(0), stages.alone(1)

    def begin(self) -> None:
        """Begin with B."""
        self.view.blink_changed.connect(self._keep_pace)

    def show(self, stages: ComparedStages) -> None:
        """Fill both sides; which of them is seen stays."""
        view = self.view
        first, shown = self.panes_of(stages)
        view.fill(view.canvas, shown)
        view.fill(view.over, first)
        if not self._timer.isActive():
            self._keep_pace()

    def _keep_pace(self) -> None:
        self._timer.start(round(500.0 / self.view.blink_hz))

    def turn(self) -> None:
        """The other side. While A is held, it stays."""
        if not self.view.is_held:
            self.view.over.setVisible(self.view.over.isHidden())

    def place(self) -> None:
        """Both take the whole."""
        super().place()
        self.view.over.setGeometry(self.view.rect())

    def end(self) -> None:
        """B stays."""
        self._timer.stop()
        self.view.blink_changed.disconnect(self._keep_pace)
        self.view.over.hide()

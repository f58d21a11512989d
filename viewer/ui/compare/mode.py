"""What every compare mode is: a name, and how it lays panes over the canvas and fills them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from viewer.ui.compare.pages import ComparedStages, PaneContent

if TYPE_CHECKING:
    from viewer.ui.compare.view import CompareView


class CompareMode:
    """One way to look at stages. Begun when it is chosen, ended when another one is."""

    KEY: ClassVar[str]
    TEXT: ClassVar[str]
    """Its name for people, to be translated."""
    ICON: ClassVar[str]
    IS_SPLIT: ClassVar[bool] = False
    """The panes share one place: the first one covers the left of it."""

    def __init__(self, view: CompareView) -> None:
        self.view = view

    @classmethod
    def panes_of(cls, stages: ComparedStages) -> tuple[PaneContent, ...]:
        """What its panes show, A first; what a picture of this mode is made from."""
        return ()

    def begin(self) -> None:
        """The mode was chosen; nothing is shown yet."""

    def end(self) -> None:
        """Another mode was chosen: take away what is this one's."""

    def show(self, stages: ComparedStages) -> None:
        """Show a page in all panes; they change together."""

    def place(self) -> None:
        """The size of the whole changed."""
        self.view.canvas.setGeometry(self.view.rect())

"""One page in several stages, ready to be shown: what the modes take their pictures from. No widgets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from viewer.decoders.base import Raster
from viewer.overlay.compared import ComparedPage, Marked
from viewer.overlay.relations import RelationStore
from viewer.ui.canvas.content import PageContent
from viewer.ui.scene import Scene


@dataclass(frozen=True, slots=True)
class StageWords:
    """What a plate says of a stage; `letter` is its pin, `person` whose initials stand there ("" for nobody)."""

    letter: str
    name: str
    person: str = ""
    when: str = ""
    count: str = ""

    @property
    def is_hollow(self) -> bool:
        """A is dashed and hollow, all others are solid."""
        return self.letter == "A"


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, eq=False)
class ComparedStages:
    """A page as stage B holds it (`content`, drawn by class), and every stage beside it.

    `pairs[0]` compares A with B, the others compare A with C, D …; all share the picture of `content`.
    """

    mode: str
    content: PageContent
    pairs: tuple[ComparedPage, ...]
    words: tuple[StageWords, ...]
    """Of A, B, C …; one more than there are pairs."""
    scenes: tuple[Scene, ...] = ()
    """Of A, B, C …, for what is said of a label."""
    brushes: tuple[Raster | None, ...] = ()
    """The brush masks of A, B, C …, as far as they are there."""
    is_final: bool = True
    """False: the comparison is still under way, so that nothing is known to have changed."""

    def content_of(self, marked: Marked, *, stage: int | None = None) -> PageContent:
        """The page with these labels, and with the relations and the brush mask of a stage: 0 for A, 1 for B …"""
        arrows = RelationStore() if stage is None or not self.scenes else self.scenes[stage].arrows
        brush = None if stage is None or not self.brushes else self.brushes[stage]
        return replace(self.content, store=marked.store, marks=marked.marks, relations=arrows, brush=brush)

    def before(self) -> PageContent:
        """A alone."""
        return self.content_of(self.pairs[0].before, stage=0)

    def after(self, number: int = 0) -> PageContent:
        """B alone (0), C alone (1), and so on."""
        return self.content_of(self.pairs[number].after, stage=number + 1)

    def partner(self, object_id: str | None, *, of: int, to: int) -> str | None:
        """The id that an object of stage `of` (0 for A) has in stage `to`; None where it is not known there."""
        if object_id is None or of == to:
            return object_id
        in_a = object_id
        if of > 0:
            back = self.pairs[of - 1].before_of.get(object_id)
            if back is None:
                return None
            in_a = back
        return in_a if to == 0 else self.pairs[to - 1].kinds.after_of.get(in_a)


def grid(count: int, width: int, height: int, *, gap: int = 1) -> Sequence[tuple[int, int, int, int]]:
    """(x, y, width, height) of panes, all of one size, row by row; what is left over is at the right and below."""
    columns = max(1, math.ceil(math.sqrt(count)))
    if count == 3 and width > 2.4 * height:
        columns = 3
    rows = math.ceil(count / columns)
    w, h = (width - gap * (columns - 1)) // columns, (height - gap * (rows - 1)) // rows
    return [((i % columns) * (w + gap), (i // columns) * (h + gap), w, h) for i in range(count)]

"""One page in several stages, ready to be shown: what the modes take their pictures from. No widgets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from viewer.decoders.base import Raster
from viewer.errors import one_line
from viewer.model import Snapshot, Task
from viewer.overlay.compared import ComparedPage, ComparisonLike, Marked, kinds_on_page
from viewer.ui.canvas.content import PageContent
from viewer.ui.scene import Scene
from viewer.ui.timeline.cards import parse_time


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


class PaneContent(NamedTuple):
    """What one pane shows: a page with the labels of `stage` (0 for A), and the stages that its plates name."""

    page: PageContent
    plates: tuple[StageWords, ...]
    stage: int


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
        """The page with these labels and relations, and with the brush mask of a stage (0 for A, 1 for B)."""
        brush = None if stage is None or not self.brushes else self.brushes[stage]
        return replace(self.content, store=marked.store, marks=marked.marks, relations=marked.relations, brush=brush)

    def alone(self, stage: int) -> PaneContent:
        """One stage by itself: 0 for A, 1 for B."""
        marked = self.pairs[0].before if stage == 0 else self.pairs[stage - 1].after
        return PaneContent(self.content_of(marked, stage=stage), (self.words[stage],), stage)

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


def stages_of(
    mode: str,
    content: PageContent,
    scenes: Sequence[Scene],
    comparisons: Sequence[ComparisonLike | None],
    words: Sequence[StageWords],
    brushes: Sequence[Raster | None] = (),
) -> ComparedStages:
    """A page in the stages A, B, C … (`scenes`), of which A is compared with each other one."""
    first = scenes[0]
    pairs = tuple(
        ComparedPage(
            first.store,
            scene.store,
            kinds_on_page(comparison, first.page),
            paper=first.is_paper,
            relations=(first.arrows, scene.arrows),
        )
        for scene, comparison in zip(scenes[1:], comparisons, strict=True)
    )
    counted = tuple(_with_count(words_, scene) for words_, scene in zip(words, scenes, strict=True))
    is_final = all(comparison is not None for comparison in comparisons)
    return ComparedStages(mode, content, pairs, counted, tuple(scenes), tuple(brushes), is_final)


def _with_count(words: StageWords, scene: Scene) -> StageWords:
    count = len(scene.placed)
    text = "1 label" if count == 1 else f"{count:,} labels"
    return StageWords(words.letter, words.name, words.person, words.when, text)


def words_of(task: Task, snapshot: Snapshot, name: str, letter: str) -> StageWords:
    """What is said of a stage; how many labels it has on a page follows with the page."""

    def current(field: str) -> str:
        value: Any = task.fields.get(field) if snapshot.is_current else None
        return value if isinstance(value, str) else ""

    moment = parse_time(snapshot.completed_at or current("updatedAt") or None)
    when = "" if moment is None else f"{moment.day} {moment:%b %H:%M}"
    return StageWords(letter, name, one_line(snapshot.completed_by or current("updatedBy"))[:200], when)


def grid(count: int, width: int, height: int, *, gap: int = 1) -> Sequence[tuple[int, int, int, int]]:
    """(x, y, width, height) of panes, all of one size, row by row; what is left over is at the right and below."""
    columns = max(1, math.ceil(math.sqrt(count)))
    if count == 3 and width > 2.4 * height:
        columns = 3
    rows = math.ceil(count / columns)
    w, h = (width - gap * (columns - 1)) // columns, (height - gap * (rows - 1)) // rows
    return [((i % columns) * (w + gap), (i // columns) * (h + gap), w, h) for i in range(count)]

"""Two stages of one page as shapes that say what changed: each by itself, and both over each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from viewer.model import Annotation, Change
from viewer.overlay import compared_relations
from viewer.overlay.outline import changed_sides
from viewer.overlay.relations import RelationStore
from viewer.overlay.rings import Floats, Ints
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import UNCHANGED, UNCHANGED_ASIDE, UNCHANGED_QUIET, Side, Style, change_style

Kinds = tuple[str, ...]
"""What happened to a label, the weightiest first; empty when nothing did."""

IN_PLACE = frozenset({"reclassified", "attributes", "recreated", "retimed"})
"""Kinds that leave the outline where it was: a dashed one over it would only hide it."""


class _Range(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


class _Track(Protocol):
    @property
    def before_id(self) -> str | None: ...
    @property
    def after_id(self) -> str | None: ...
    @property
    def ranges(self) -> Sequence[_Range]: ...


class ComparisonLike(Protocol):
    """What is asked of a `viewer.diff.Comparison`, which this package does not know."""

    @property
    def by_page(self) -> Mapping[int | None, Sequence[Change]]: ...  # noqa: D102
    @property
    def after_of(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def tracks(self) -> Sequence[_Track]: ...  # noqa: D102
    @property
    def relations(self) -> Sequence[Change]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, eq=False)
class PageKinds:
    """What happened on one page, by object id of A and of B. Ids that are in neither are unchanged."""

    before: Mapping[str, Kinds] = field(default_factory=dict)
    after: Mapping[str, Kinds] = field(default_factory=dict)
    after_of: Mapping[str, str] = field(default_factory=dict)
    """Object id in A → object id in B."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Object id in B → "Van → Truck" of labels whose class changed."""
    relations: Mapping[str, Kinds] = field(default_factory=dict)
    """What happened to relations, which keep their object ids."""

    @property
    def changed(self) -> int:
        """How many labels of the page changed; one that is in both stages counts once."""
        removed = sum(1 for name in self.before if self.after_of.get(name) not in self.after)
        return len(self.after) + removed


def kinds_on_page(comparison: ComparisonLike | None, page: int) -> PageKinds:
    """What a comparison says of one page: of its exported entries, and of tracks between them."""
    if comparison is None:
        return PageKinds()
    before: dict[str, Kinds] = {}
    after: dict[str, Kinds] = {}
    titles: dict[str, str] = {}
    for where in (page, None) if page == 0 else (page,):
        for change in comparison.by_page.get(where, ()):
            for entry, found in ((change.before, before), (change.after, after)):
                if isinstance(entry, Annotation) and entry.page == where:
                    found[entry.object_id] = change.kinds
            if "reclassified" in change.kinds and change.before is not None and change.after is not None:
                titles[change.after.object_id or ""] = f"{change.before.title} → {change.after.title}"
    for track in comparison.tracks:
        kinds = tuple(dict.fromkeys(r.kind for r in track.ranges if r.first <= page <= r.last))
        if not kinds:
            continue
        if track.before_id is not None and kinds != ("added",):
            before.setdefault(track.before_id, kinds)
        if track.after_id is not None and kinds != ("removed",):
            after.setdefault(track.after_id, kinds)
    relations = {change.entry.object_id or "": change.kinds for change in comparison.relations}
    return PageKinds(before, after, comparison.after_of, titles, relations)


@dataclass(frozen=True, slots=True, eq=False)
class ChangeMarks:
    """What is drawn of changes beside the outlines of a store. All geometry is in page space."""

    rows: Ints
    """Labels that carry signs, in the order of drawing."""
    kinds: tuple[Kinds, ...]
    """Their signs, the weightiest first."""
    corners: Floats
    """(n, 2) Top right corners of the labels in `rows`."""
    extent: Floats
    """(n,) The longer sides of their boxes."""
    arrows: Floats
    """(m, 4) From the old centre to the new one: x0, y0, x1, y1."""
    strong: Floats
    """(s, 4) The sides of outlines that were reshaped: x0, y0, x1, y1."""
    aside: tuple[Style, ...]
    """The styles while something is selected: what did not change steps back."""
    ghosts: NDArray[np.bool_]
    """(labels,) Which are only shown to say where a label was: they are never drawn as selected."""
    tagged: Ints
    """Labels whose tag is worth showing by itself; all others only say theirs when they are asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """Shapes in the looks of their changes, and the marks beside them."""

    store: ShapeStore
    marks: ChangeMarks
    relations: RelationStore = field(default_factory=RelationStore)


class ComparedPage:
    """One page in stage A and in stage B. Each form is made when it is first asked for, in any thread."""

    def __init__(
        self,
        before: ShapeStore,
        after: ShapeStore,
        kinds: PageKinds,
        *,
        paper: bool = False,
        relations: tuple[RelationStore, RelationStore] | None = None,
    ) -> None:
        """`before`, `after`: the labels as they are drawn by class, of the same page; `relations`: of both."""
        self.kinds = kinds
        self._stores = (before, after)
        self._relations = relations or (RelationStore(), RelationStore())
        self._paper = paper

    @cached_property
    def before_of(self) -> Mapping[str, str]:
        """Object id in B → object id in A."""
        return {after: before for before, after in self.kinds.after_of.items()}

    @cached_property
    def before(self) -> Marked:
        """A alone: what changed is dashed, what was removed is hatched."""
        store, kinds = self._stores[0], self.kinds.before
        made = self._marked(self._styled(store, kinds, "before"), [kinds.get(i, ()) for i in store.object_ids])
        return replace(made, relations=self._relations_of("before"))

    @cached_property
    def after(self) -> Marked:
        """B alone: what changed is solid."""
        store, kinds = self._stores[1], self.kinds.after
        styled = self._styled(store, kinds, "after")
        made = self._marked(styled, [kinds.get(i, ()) for i in store.object_ids], strong=self._strong)
        return replace(made, relations=self._relations_of("after"))

    @cached_property
    def overlay(self) -> Marked:
        """B over what of A is not there any more, with arrows from where things were."""
        return self._both(UNCHANGED)

    @cached_property
    def changes_only(self) -> Marked:
        """The same with all that did not change only just to be seen, and no tags."""
        made = self._both(UNCHANGED_QUIET)
        return replace(made, marks=replace(made.marks, tagged=np.empty(0, dtype=np.int64)))

    # ---- how ---------------------------------------------------------------------------------------------

    def _styled(
        self, store: ShapeStore, kinds_of: Mapping[str, Kinds], side: Side, *, unchanged: float = UNCHANGED
    ) -> ShapeStore:
        """A store in the looks of its changes; its geometry is shared, not copied."""
        styles: dict[Style, int] = {}
        known: dict[tuple[str, bool], int] = {}
        faint = [style.opacity < 1.0 for style in store.styles]
        rows = np.empty(len(store), dtype=np.int64)
        first = {name: kinds[0] for name, kinds in kinds_of.items() if kinds}
        for row, (name, old) in enumerate(zip(store.object_ids, store.style.tolist())):
            key = (first.get(name, "unchanged"), faint[old])
            number = known.get(key)
            if number is None:
                style = change_style(key[0], side, paper=self._paper, between=key[1], unchanged=unchanged)
                number = known[key] = styles.setdefault(style, len(styles))
            rows[row] = number
        tags = store.tags
        if self.kinds.titles and side == "after":
            titles = self.kinds.titles
            tags = tuple(
                Tag(titles[name], tag.fact) if name in titles else tag for name, tag in zip(store.object_ids, tags)
            )
        return replace(store, styles=tuple(styles), style=rows, tags=tags)

    def _both(self, unchanged: float) -> Marked:
        before, after = self._stores
        kinds = self.kinds
        rows, names = [], []
        for row, name in enumerate(before.object_ids):
            mine = kinds.before.get(name, ())
            if mine and ("removed" in mine or not IN_PLACE.issuperset(mine)):
                rows.append(row)
                names.append(kinds.after_of.get(name, name) if "removed" not in mine else name)
        styled = self._styled(before, kinds.before, "before", unchanged=unchanged)
        picked = np.array(rows, dtype=np.int64)
        ghosts = styled.with_looks(
            picked,
            object_ids=tuple(names),
            tags=tuple(styled.tags[row] for row in rows),
            styles=styled.styles,
            style=styled.style[picked],
        )
        upper = self._styled(after, kinds.after, "after", unchanged=unchanged)
        store = joined(ghosts, upper)
        removed = [kinds.before.get(before.object_ids[row], ()) for row in rows]
        signs = [k if "removed" in k else () for k in removed] + [kinds.after.get(i, ()) for i in after.object_ids]
        is_ghost = np.zeros(len(store), dtype=np.bool_)
        is_ghost[: len(ghosts)] = ["removed" not in k for k in removed]
        made = self._marked(store, signs, ghosts=is_ghost, arrows=self._arrows, strong=self._strong)
        joins = compared_relations.of_both(
            *self._relations, kinds.relations, after_of=kinds.after_of, paper=self._paper, unchanged=unchanged
        )
        return replace(made, relations=joins)

    def _relations_of(self, side: Side) -> RelationStore:
        store = self._relations[0 if side == "before" else 1]
        return compared_relations.of_stage(store, self.kinds.relations, side, paper=self._paper)

    @cached_property
    def _arrows(self) -> Floats:
        before, after = self._stores
        pairs = [
            (row, after.index[to])
            for row, name in enumerate(before.object_ids)
            if "moved" in self.kinds.before.get(name, ()) and (to := self.kinds.after_of.get(name, name)) in after.index
        ]
        old, new = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        start = (before.box[old, :2] + before.box[old, 2:]) / 2.0
        end = (after.box[new, :2] + after.box[new, 2:]) / 2.0
        return np.concatenate((start, end), axis=1)

    @cached_property
    def _strong(self) -> Floats:
        before, after = self._stores
        pairs = [
            (before.index[name], after.index[to])
            for name, kinds in self.kinds.before.items()
            if "reshaped" in kinds
            and name in before.index
            and (to := self.kinds.after_of.get(name, name)) in after.index
        ]
        return changed_sides(before, after, pairs)

    def _marked(
        self,
        store: ShapeStore,
        signs: Sequence[Kinds],
        *,
        ghosts: NDArray[np.bool_] | None = None,
        arrows: Floats | None = None,
        strong: Floats | None = None,
    ) -> Marked:
        rows = np.array([row for row, kinds in enumerate(signs) if kinds], dtype=np.int64)
        box = store.box[rows]
        nothing = np.empty((0, 4), dtype=np.float64)
        aside = tuple(
            replace(s, opacity=UNCHANGED_ASIDE) if s.width <= 1.0 and s.opacity == UNCHANGED else s
            for s in store.styles
        )
        marks = ChangeMarks(
            rows=rows,
            kinds=tuple(signs[row] for row in rows.tolist()),
            corners=np.stack((box[:, 2], box[:, 1]), axis=1),
            extent=np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]),
            arrows=nothing if arrows is None else arrows,
            strong=nothing if strong is None else strong,
            aside=aside,
            ghosts=np.zeros(len(store), dtype=np.bool_) if ghosts is None else ghosts,
            tagged=np.array([row for row in rows.tolist() if "reclassified" in signs[row]], dtype=np.int64),
        )
        return Marked(store, marks)


def joined(lower: ShapeStore, upper: ShapeStore) -> ShapeStore:
    """The labels of two stores of one page, those of `upper` above."""
    return lower.with_above(upper) if len(lower) else upper

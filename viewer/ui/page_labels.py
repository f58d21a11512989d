"""The labels of one page as arrays of what their looks depend on, so that other looks are array work. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np

from viewer.geometry import LabelSpace
from viewer.model import Annotation
from viewer.overlay.rings import Ints
from viewer.overlay.shapes import ShapeStore, default_tag
from viewer.overlay.style import Style
from viewer.state import ColourBy, Group, Look
from viewer.tracks import Placed, State

KEPT = 8

GROUP_OF: Mapping[Group, Callable[[Annotation], str]] = {
    "class": lambda annotation: annotation.schema_id,
    "tool": lambda annotation: annotation.key,
    "person": lambda annotation: annotation.created[1] or "",
    "object": lambda annotation: annotation.object_id,
}
"""By what a label can be hidden or shown alone."""

COLOUR_KEY_OF: Mapping[ColourBy, Callable[[Annotation], str]] = {
    "class": lambda annotation: annotation.schema_id,
    "instance": lambda annotation: annotation.object_id,
    "person": lambda annotation: annotation.updated[1] or annotation.created[1] or "",
    "stage": lambda annotation: annotation.updated[2] or annotation.created[2] or "",
}
"""What two labels of one colour have in common."""

StyleOf = Callable[[str, State, bool], Style]
"""The look of a label by its colour, its state and whether it is occluded."""


Value = TypeVar("Value", bound=Hashable)


class _Coded(Generic[Value]):
    """One value for each label, as its number among those that occur, in order of appearance."""

    def __init__(self, values: Iterable[Value]) -> None:
        number: dict[Value, int] = {}
        self.codes: Ints = np.array([number.setdefault(value, len(number)) for value in values], dtype=np.int64)
        self.number = number


class PageLabels:
    """What a page's labels have in them whatever the look. Each answer is found once. Any thread may ask."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        self.placed = placed
        self.annotations = [p.annotation for p in placed]
        self._object_ids = [a.object_id for a in self.annotations]
        self._tags = [default_tag(p) for p in placed]
        occluded = {a.object_id for a in self.annotations if is_occluded(a)}
        self._states = _Coded((p.state, p.annotation.object_id in occluded) for p in placed)
        self._groups: dict[Group, _Coded[str]] = {}
        self._colour_keys: dict[ColourBy, _Coded[str]] = {}
        self._outlines: tuple[LabelSpace, ShapeStore, Ints] | None = None

    def colour_keys(self, by: ColourBy) -> Iterable[str]:
        """The different keys of colour, in order of appearance."""
        return self._coded_keys(by).number.keys()

    def members(self, group: Group) -> dict[str, list[int]]:
        """The rows of each group, in order of appearance."""
        coded = self._coded_group(group)
        order = np.argsort(coded.codes, kind="stable")
        ends = np.cumsum(np.bincount(coded.codes, minlength=len(coded.number)))
        starts = (0, *ends[:-1].tolist())
        rows = order.tolist()
        return {value: rows[a:b] for value, a, b in zip(coded.number, starts, ends.tolist())}

    def shown(self, look: Look) -> Ints | None:
        """The rows that a look shows, in order: what is shown alone wins over what is hidden. None: all."""
        if look.solo is not None:
            group, value = look.solo
            coded = self._coded_group(group)
            return np.flatnonzero(coded.codes == coded.number.get(value, -1))
        if not look.hidden:
            return None
        hidden = np.zeros(len(self.placed), dtype=bool)
        for group in {group for group, _ in look.hidden}:
            coded = self._coded_group(group)
            numbers = [coded.number[value] for kind, value in look.hidden if kind == group and value in coded.number]
            hidden |= np.isin(coded.codes, numbers)
        return np.flatnonzero(~hidden)

    def store(
        self, space: LabelSpace, look: Look, colours: Mapping[str, str], style_of: StyleOf
    ) -> tuple[ShapeStore, int]:
        """The labels that a look shows, ready to draw, and how many it leaves out."""
        rows = self.shown(look)
        if rows is None:
            rows = np.arange(len(self.placed))
        base, label = self._drawn_in(space, rows)
        drawn = rows[label >= 0]
        style, styles = self._styles(drawn, look.colour_by, colours, style_of)
        ids, tags = self._object_ids, self._tags
        numbers = drawn.tolist()
        made = base.with_looks(
            label[label >= 0],
            object_ids=tuple([ids[i] for i in numbers]),
            tags=tuple([tags[i] for i in numbers]),
            style=style,
            styles=styles,
        )
        return made, len(self.placed) - len(rows)

    def _drawn_in(self, space: LabelSpace, rows: Ints) -> tuple[ShapeStore, Ints]:
        """A store that has these labels, and their numbers there."""
        if self._outlines is None or self._outlines[0] != space:
            self._outlines = (space, *ShapeStore.outlines([p.tool for p in self.placed], space))
        _, base, label = self._outlines
        if base.left_out and len(rows) < len(self.placed):
            # fewer labels: some of those that were too many have room now
            return ShapeStore.outlines([self.placed[i].tool for i in rows.tolist()], space)
        return base, label[rows]

    def _styles(
        self, rows: Ints, by: ColourBy, colours: Mapping[str, str], style_of: StyleOf
    ) -> tuple[Ints, tuple[Style, ...]]:
        """The style of each row, as its number among all in order of appearance."""
        coded, states = self._coded_keys(by), self._states
        inks = _Coded(colours[key] for key in coded.number)
        both = inks.codes[coded.codes[rows]] * len(states.number) + states.codes[rows]
        found, first, number = np.unique(both, return_index=True, return_inverse=True)
        names, kinds = list(inks.number), list(states.number)
        styles: dict[Style, int] = {}
        of_found = np.zeros(len(found), dtype=np.int64)
        for k in np.argsort(first).tolist():
            ink, kind = divmod(int(found[k]), len(kinds))
            state, occluded = kinds[kind]
            of_found[k] = styles.setdefault(style_of(names[ink], state, occluded), len(styles))
        return of_found[number.reshape(-1)], tuple(styles)

    def _coded_group(self, group: Group) -> _Coded[str]:
        if group not in self._groups:
            self._groups[group] = _Coded(map(GROUP_OF[group], self.annotations))
        return self._groups[group]

    def _coded_keys(self, by: ColourBy) -> _Coded[str]:
        if by not in self._colour_keys:
            self._colour_keys[by] = _Coded(map(COLOUR_KEY_OF[by], self.annotations))
        return self._colour_keys[by]


def is_occluded(annotation: Annotation) -> bool:
    """Whether a class answer named so says that the object is hidden behind another one."""
    for c in annotation.classifications:
        if c.title.strip().casefold() in ("occluded", "is occluded"):
            answer = c.answer[0] if isinstance(c.answer, list) and c.answer else c.answer
            return answer is True or (isinstance(answer, str) and answer.casefold() in ("yes", "true", "occluded"))
    return False


_kept: list[PageLabels] = []
_lock = threading.Lock()


def page_labels(placed: Sequence[Placed]) -> PageLabels:
    """What was found of these very labels before, of the last few pages that were asked for."""
    with _lock:
        for known in _kept:
            if known.placed is placed:
                return known
    made = PageLabels(placed)
    with _lock:
        _kept.insert(0, made)
        del _kept[KEPT:]
    return made

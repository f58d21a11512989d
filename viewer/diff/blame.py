"""Who made and who last changed each field of a label: derived from the snapshots, exact where metadata says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from viewer.diff.answers import SEPARATOR, given
from viewer.diff.compare import compare
from viewer.diff.comparison import Comparison
from viewer.model import Annotation, Change, Classification, Edits, Snapshot, Task

GEOMETRY, CLASS = "geometry", "class"
"""The fields that every label has; all others are answers, by the path of their question."""

_GEOMETRIC = frozenset(("moved", "reshaped", "retimed"))

Compare: TypeAlias = Callable[[int, int], Comparison]
"""The comparison of two snapshots of a task, by their indexes."""


class Mark(NamedTuple):
    """Somebody did something. Each of `by`, `at` and `stage` is None when the export does not say."""

    by: str | None
    at: str | None
    stage: str | None
    snapshot: int
    """Index of the first snapshot that shows it."""
    is_exact: bool
    """Whether the label's own metadata says so; else it follows from the snapshots (≈): whoever left that stage."""


class Field(NamedTuple):
    """One field of a label, its maker, and who changed it last (None: nobody since)."""

    name: str
    made: Mark
    changed: Mark | None

    @property
    def last(self) -> Mark:
        """The last that happened to it."""
        return self.changed or self.made


class Blame(NamedTuple):
    """`fields`: geometry, class, then every answer, in the order of the label. Empty for an unknown object."""

    object_id: str
    fields: tuple[Field, ...]

    @property
    def made(self) -> Mark | None:
        """Who made the label."""
        return self.fields[0].made if self.fields else None

    def of(self, name: str) -> Field | None:
        """A field by its name."""
        return next((field for field in self.fields if field.name == name), None)


def blame(
    task: Task,
    object_id: str,
    *,
    tracked: bool,
    at: int | None = None,
    page: int | None = None,
    comparison: Compare | None = None,
) -> Blame:
    """Who made and last changed each field of `object_id` as it is in snapshot `at` (the current state by default).

    `page`: only the entry on that page; else the object with all its entries, of which any counts. An object is
    followed back through the snapshots when its id changes. `comparison` gives comparisons that are known already.
    """
    made_by: Compare = comparison or (lambda a, b: _compared(task, a, b, tracked=tracked))
    last = len(task.snapshots) - 1 if at is None else at
    steps = list(_steps_back(task, object_id, last, made_by))
    if not steps:
        return Blame(object_id, ())
    marks: dict[str, Field] = {}
    for index, name, changes in reversed(steps):
        entries = _entries(task.snapshots[index], name, page)
        if not entries:
            continue
        mark = derived(task, index)
        present = dict.fromkeys((GEOMETRY, CLASS, *(path for entry in entries for path in answered(entry))))
        if not marks:
            marks = {field: Field(field, mark, None) for field in present}
            continue
        touched = _touched([c for c in changes if page is None or c.entry.page == page])
        kept = {}
        for field in present:
            known = marks.get(field)
            if known is None:
                kept[field] = Field(field, mark, None)
            else:
                kept[field] = known._replace(changed=mark) if field in touched else known
        marks = kept
    return Blame(object_id, tuple(_exact(task, steps, marks.values(), page)))


def _compared(task: Task, a: int, b: int, *, tracked: bool) -> Comparison:
    return compare(task.snapshots[a], task.snapshots[b], tracked=tracked, measures="light")


def _steps_back(
    task: Task, object_id: str, last: int, comparison: Compare
) -> Iterator[tuple[int, str, tuple[Change, ...]]]:
    """(snapshot, the object's id there, what changed since the one before) from `last` to where it first appears."""
    name = object_id
    for index in range(last, -1, -1):
        if not _entries(task.snapshots[index], name, None):
            return
        if index == 0:
            yield index, name, ()
            return
        found = comparison(index - 1, index)
        yield index, name, found.of_object.get(name, ())
        before = found.before_of.get(name)
        if before is None:
            return
        name = before


def _entries(snapshot: Snapshot, object_id: str, page: int | None) -> list[Annotation]:
    return [
        a
        for a in snapshot.labels.annotations
        if a.object_id == object_id and not a.stopped and (page is None or (a.page or 0) == page)
    ]


def derived(task: Task, index: int) -> Mark:
    """Whoever left the stage whose snapshot has this index; of the current state who updated the task."""
    snapshot = task.snapshots[index]
    by, at = snapshot.completed_by, snapshot.completed_at
    if snapshot.is_current:
        fields: Mapping[str, object] = task.fields
        by, at = (_text(fields.get(name)) for name in ("updatedBy", "updatedAt"))
    return Mark(by, at, snapshot.stage, index, False)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def answered(entry: Annotation) -> dict[str, object]:
    """The answers of a label by the path of their question; what is not answered is not among them."""
    found: dict[str, object] = {}

    def walk(entries: tuple[Classification, ...], path: tuple[str, ...]) -> None:
        for c in entries:
            here = (*path, c.title or c.schema_id or c.tool or "?")
            answer = given(c)
            if answer is not None:
                found[SEPARATOR.join(here)] = answer
            if not c.stopped:
                walk(c.classifications, here)

    walk(entry.classifications, ())
    return found


def _touched(changes: list[Change]) -> set[str]:
    touched: set[str] = set()
    for change in changes:
        if _GEOMETRIC.intersection(change.kinds) or {"added", "removed"}.intersection(change.kinds):
            touched.add(GEOMETRY)  # of a track, pages that came or went are its geometry
        if "reclassified" in change.kinds:
            touched.add(CLASS)
        touched.update(answer.path for answer in change.answers)
    return touched


def _exact(
    task: Task, steps: list[tuple[int, str, tuple[Change, ...]]], fields: Iterable[Field], page: int | None
) -> Iterator[Field]:
    """Fields with what the label's metadata says: it tells when the label was made and last changed, not what.

    So the maker counts for fields that are as old as the label, and the last editor for what changed between the
    same two snapshots.
    """
    last, name, _ = steps[0]
    first = steps[-1][0]
    entries = _entries(task.snapshots[last], name, page)
    created = min((e.created for e in entries if e.created[0] is not None), key=lambda e: e[0] or "", default=None)
    updated = max((e.updated for e in entries if e.updated[0] is not None), key=lambda e: e[0] or "", default=None)
    for field in fields:
        made, changed = field.made, field.changed
        # a label that was drawn anew has the metadata of the new one
        if created is not None and made.snapshot == first and _within(task, first, created):
            made = _as_said(task, created, made)
        if updated is not None and changed is not None and _within(task, changed.snapshot, updated):
            changed = _as_said(task, updated, changed)
        yield field._replace(made=made, changed=changed)


def _within(task: Task, index: int, edits: Edits) -> bool:
    """Whether something happened between the snapshot before `index` and that one; an unknown end is no limit."""
    at = edits[0] or ""
    start = derived(task, index - 1).at if index > 0 else None
    end = derived(task, index).at
    return (start is None or at > start) and (end is None or at <= end)


def _as_said(task: Task, edits: Edits, mark: Mark) -> Mark:
    at, by, stage_id = edits
    stage = next((s.stage for s in task.snapshots if stage_id is not None and s.stage_id == stage_id), mark.stage)
    return Mark(by or mark.by, at, stage, mark.snapshot, True)

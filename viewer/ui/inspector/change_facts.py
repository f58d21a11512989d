"""One change as rows of two columns, A and B, and as chips of what was measured. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import shapely

from viewer.diff.answers import SEPARATOR, given, paired
from viewer.diff.forms import Geometries
from viewer.model import Annotation, Change, Classification, Relation
from viewer.tools.base import Tool
from viewer.ui.inspector.change_words import degrees, name_of, percent, pixels, share, value_of
from viewer.ui.inspector.names import Names
from viewer.ui.inspector.words import answer_text, safe, safe_line, tool_text, tr

Entry = TypeVar("Entry")

EXACT_POINTS = 5_000
"""The centre of an outline of more points is that of its box: nobody waits for the other one."""
ROWS_SHOWN = 400
NOTHING = "—"

_PLACED = frozenset(("X", "Y", "Width", "Height", "Rotation", "Centre X", "Centre Y", "Area"))
"""Fields of tools that the rows Centre, Size and Angle tell already, or a chip."""

_MEASURED = frozenset(("moved", "reshaped", "recreated", "retimed"))
"""Where the measures say something; elsewhere both shapes are the same."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: what it is about, as it was in A and as it is in B. All texts are safe to show."""

    name: str
    before: str
    after: str
    differs: bool
    indent: int = 0


def pairs_of(
    change: Change, before: Names, after: Names, *, size: tuple[float, float] | None = None
) -> tuple[Pair, ...]:
    """Everything that a change has on both sides, equal rows too. `size` is the label space."""
    one, two = change.before, change.after
    entry = change.entry
    rows: list[Pair] = []
    if isinstance(entry, Annotation):
        rows += _label(_as(Annotation, one), _as(Annotation, two), size)
    elif isinstance(entry, Relation):
        rows += _relation(_as(Relation, one), _as(Relation, two), before, after)
    rows += _answers(_questions(one), _questions(two), 0)
    if isinstance(entry, Annotation):
        rows += _others(change, {row.name for row in rows})
    return tuple(_joined(rows)[:ROWS_SHOWN])


def _joined(rows: Sequence[Pair]) -> list[Pair]:
    """A question that another class asks, too, is one row: its schema is another one, its answer stays."""
    found: list[Pair] = []
    open_rows: dict[tuple[str, int], int] = {}
    for row in rows:
        at = open_rows.get((row.name, row.indent))
        if at is not None and found[at].before == NOTHING != row.before and row.after == NOTHING:
            found[at] = Pair(row.name, row.before, found[at].after, row.before != found[at].after, row.indent)
            continue
        if row.before == NOTHING:
            open_rows.setdefault((row.name, row.indent), len(found))
        found.append(row)
    return found


def _as(kind: type[Entry], entry: object) -> Entry | None:
    return entry if isinstance(entry, kind) else None


def _questions(entry: Annotation | Relation | Classification | None) -> Sequence[Classification]:
    if entry is None:
        return ()
    return (entry,) if isinstance(entry, Classification) else entry.classifications


def _text(entry: Entry | None, text_of: Callable[[Entry], str]) -> str | None:
    return None if entry is None else text_of(entry)


def _pair(name: str, one: str | None, two: str | None, *, indent: int = 0) -> Pair:
    return Pair(name, NOTHING if one is None else one, NOTHING if two is None else two, one != two, indent)


def _label(one: Annotation | None, two: Annotation | None, size: tuple[float, float] | None) -> Iterator[Pair]:
    geometries = Geometries(size)
    places = [_place(a, geometries) if a is not None else {} for a in (one, two)]
    for name in dict.fromkeys((*places[0], *places[1])):
        yield _pair(name, places[0].get(name), places[1].get(name))
    yield _pair(tr("Class"), _text(one, name_of), _text(two, name_of))
    if one is not None and two is not None and one.page != two.page:
        yield _pair(tr("Page"), f"{(one.page or 0) + 1:,}", f"{(two.page or 0) + 1:,}")
    if one is not None and two is not None and one.object_id != two.object_id:
        yield _pair(tr("Object id"), safe_line(one.object_id), safe_line(two.object_id))
    if any(a is not None and a.stopped for a in (one, two)):
        texts = [None if a is None else tr("ends here") if a.stopped else tr("goes on") for a in (one, two)]
        yield _pair(tr("Track"), *texts)


def _place(annotation: Annotation, geometries: Geometries) -> dict[str, str]:
    """Where a shape is and how large, then what else its tool says."""
    tool = annotation.tool
    rows = {tr("Shape"): tool_text(annotation.key)}
    form = geometries.form(tool)
    if form.is_drawn:
        points = form.points
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        centre = ((left + right) / 2, (top + bottom) / 2)
        if form.zones and len(points) <= EXACT_POINTS:
            middle = shapely.centroid(geometries.of([tool])[0])
            if middle is not None and not middle.is_empty:
                centre = (middle.x, middle.y)
        rows[tr("Centre")] = f"{centre[0]:,.1f}, {centre[1]:,.1f}".replace("-", "−")
        width, height = _sides(tool) or (right - left, bottom - top)
        if len(points) > 1:
            rows[tr("Size")] = f"{_length(width)} × {_length(height)}"
    angle = getattr(tool, "rotation", None)
    if isinstance(angle, int | float):
        rows[tr("Angle")] = degrees((angle + 180.0) % 360.0 - 180.0)
    for name, text in tool.fields():
        if name not in _PLACED and not name.startswith("Corner"):
            rows[tr(name)] = safe(text)
    return rows


def _length(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _sides(tool: Tool) -> tuple[float, float] | None:
    """The own width and height of a box that may be turned."""
    size = getattr(tool, "size", None)
    if isinstance(size, tuple) and len(size) == 2:
        return abs(float(size[0])), abs(float(size[1]))
    return None


def _relation(one: Relation | None, two: Relation | None, before: Names, after: Names) -> Iterator[Pair]:
    yield _pair(tr("Class"), _text(one, name_of), _text(two, name_of))
    sides: Sequence[tuple[str, str]] = (("sources", tr("From")), ("targets", tr("To")), ("group", tr("Members")))
    for member, name in sides:
        ends = [getattr(r, member) if r is not None else None for r in (one, two)]
        if not any(ends):
            continue
        texts = [
            None if not end else value_of(list(end), names, is_member=True) for end, names in zip(ends, (before, after))
        ]
        yield _pair(name, *texts)
    if all(r is None or r.group is None for r in (one, two)):
        word = {"straight": tr("from → to"), "reverse": tr("to → from"), "bidirectional": tr("both ways")}
        yield _pair(tr("Direction"), *(_text(r, lambda r: word[r.direction]) for r in (one, two)))


def _answers(one: Sequence[Classification], two: Sequence[Classification], indent: int) -> Iterator[Pair]:
    """Questions of both sides, nested ones below; what was never answered is left out."""
    for left, right in paired(one, two):
        entry = right if right is not None else left
        assert entry is not None
        old, new = given(left), given(right)
        if old is not None or new is not None:
            texts = [None if value is None else answer_text(value)[:400] for value in (old, new)]
            yield _pair(safe_line(entry.title or entry.tool)[:200] or tr("Question"), *texts, indent=indent)
        if indent < 8:
            nested = [() if c is None or c.stopped else c.classifications for c in (left, right)]
            if nested[0] or nested[1]:
                yield from _answers(nested[0], nested[1], indent + 1)


def _others(change: Change, known: set[str]) -> Iterator[Pair]:
    """What changed and has no row yet: members of the entry beside its answers."""
    for answer in change.answers:
        name = safe_line(answer.path.rsplit(SEPARATOR, 1)[-1])[:200]
        if name not in known:
            texts = [None if value is None else answer_text(value)[:400] for value in (answer.old, answer.new)]
            yield _pair(name, *texts)


def chips_of(change: Change) -> tuple[str, ...]:
    """What was measured: overlap, shift, area, distance of the outlines."""
    chips: list[str] = []
    if not _MEASURED.intersection(change.kinds):
        return ()
    if change.iou is not None:
        chips.append(tr("IoU {0}").format(share(change.iou)))
    if change.shift_px is not None:
        chips.append(tr("shift {0}").format(pixels(change.shift_px)))
    if change.area_ratio is not None:
        chips.append(tr("area {0}").format(percent(change.area_ratio)))
    if change.hausdorff_px is not None:
        chips.append(tr("Hausdorff {0}").format(pixels(change.hausdorff_px)))
    return tuple(chips)

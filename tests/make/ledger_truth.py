"""What really differs between two states of the ledger, and where nobody could tell.

Nothing here looks at how a comparison is made: the changes come from what was done to which thing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment

from tests.make.ledger_shapes import LINES, THIN, Shape, geometry, likeness
from tests.make.ledger_things import QUESTIONS, Entry, Link, Page, State, Thing, flat, listed

ALIKE = 0.3
"""From this likeness on, two labels may be one that was drawn anew (scale.md's threshold)."""
MARGIN = 0.05
"""What is nearer than this to another reading is ambiguous."""
SURE = {"polyline": 0.6, "spline": 0.6, "point": 0.6}
"""From this likeness on two of these are surely one; areas and ranges from `ALIKE` and the margin."""
NONE = -1
"""In place of an index: there is no entry on that side."""

Where = tuple[int, int]
"""Index in ``tools`` before and after."""


class LabelTruth(NamedTuple):
    """One label entry that was changed."""

    kinds: frozenset[str]
    answers: tuple[tuple[str, Any, Any], ...] = ()
    """(path, old, new)."""
    shift: tuple[float, float] | None = None
    """Of one that was moved."""


class Truth(NamedTuple):
    """All that differs between two states."""

    labels: Mapping[Where, LabelTruth]
    cosmetic: frozenset[Where]
    """Pairs whose text differs and nothing else."""
    ambiguous: tuple[frozenset[int], frozenset[int]]
    """Indices before and after that are reported apart: there is another reading, as good as what happened."""
    relations: Mapping[str, frozenset[str]]
    answers: Mapping[tuple[str, int], str]
    """(schemaId, ordinal) → what happened to that answer of the asset."""
    follows: Mapping[str, str]
    """Object ids before and after of things that have one id on each side."""
    unsure: frozenset[str]
    """Relations with an end that is ambiguous, or that went under an id that no snapshot of the two has."""


def truth(before: State, after: State, ids: tuple[Mapping[int, str], Mapping[int, str]], *, tracked: bool) -> Truth:
    """`ids`: by uid of each thing, the last id that it had up to either state. `tracked`: it is a video."""
    places = [{place: i for i, place in enumerate(listed(s))} for s in (before, after)]
    labels: dict[Where, LabelTruth] = {}
    cosmetic: set[Where] = set()
    for place in places[0] | places[1]:
        where = (places[0].get(place, NONE), places[1].get(place, NONE))
        old, new = _entry(before, place), _entry(after, place)
        if (old or new).stopped:  # type: ignore[union-attr]
            continue
        found = _label(old, new)
        if found.kinds:
            labels[where] = found
        elif old is not new and old.style != new.style:  # type: ignore[union-attr]
            cosmetic.add(where)
    ambiguous = _ambiguous(before, after, places, tracked=tracked)
    doubtful = {uid for side, found in zip(places, ambiguous) for (uid, _), i in side.items() if i in found}
    known = ids[0].keys() & ids[1].keys()
    left = {uid for uid in known & (before.things.keys() ^ after.things.keys()) if ids[0][uid] != ids[1][uid]}
    return Truth(labels, frozenset(cosmetic), ambiguous, _relations(before, after), _answers(before, after),
                 _follows(before, after, doubtful), _unsure(before, after, doubtful | left))  # fmt: skip


def _entry(state: State, place: tuple[int, Page]) -> Entry | None:
    thing = state.things.get(place[0])
    return thing.pages.get(place[1]) if thing is not None else None


def _label(old: Entry | None, new: Entry | None) -> LabelTruth:
    if old is None:
        return LabelTruth(frozenset(("added",)))
    if new is None:
        return LabelTruth(frozenset(("removed",)))
    if old is new:
        return LabelTruth(frozenset())
    kinds = set()
    shift = None
    if old.object_id != new.object_id:
        kinds.add("recreated")
    if old.kind != new.kind:
        kinds.add("reclassified")
    if old.shape.version != new.shape.version and old.shape.value != new.shape.value:  # there and back is no change
        kinds.add("retimed" if new.shape.tool == "ner" else "reshaped")
    elif (old.shape.dx, old.shape.dy) != (new.shape.dx, new.shape.dy):
        kinds.add("moved")
        shift = (new.shape.dx - old.shape.dx, new.shape.dy - old.shape.dy)
    if new.shape.tool == "point" and "reshaped" in kinds:
        kinds = (kinds - {"reshaped"}) | {"moved"}  # a point has no form
    one, other = flat(old.answers), flat(new.answers)
    answers = tuple((key[0], one.get(key), other.get(key)) for key in one | other if one.get(key) != other.get(key))
    if answers:
        kinds.add("attributes")
    return LabelTruth(frozenset(kinds), answers, shift)


# ---- relations and answers of the asset ------------------------------------------------------------------------


def _relations(before: State, after: State) -> dict[str, frozenset[str]]:
    found = {}
    for uid in before.links | after.links:
        old, new = before.links.get(uid), after.links.get(uid)
        if kinds := _link(old, new):
            found[(old or new).object_id] = frozenset(kinds)  # type: ignore[union-attr]
    return found


def _link(old: Link | None, new: Link | None) -> set[str]:
    if old is None or new is None:
        return {"added" if old is None else "removed"}
    found = {"retargeted"} if old.ends != new.ends else set()
    if old.direction != new.direction:
        found.add("direction")
    if old.kind != new.kind:
        found.add("reclassified")
    return found


def _answers(before: State, after: State) -> dict[tuple[str, int], str]:
    sides: list[dict[tuple[str, int], Any]] = []
    for state in (before, after):
        seen: Counter[int] = Counter()
        side = {}
        for answer in state.answers:
            side[(QUESTIONS[answer.question][0], seen[answer.question])] = answer
            seen[answer.question] += 1
        sides.append(side)
    old, new = sides
    found = {}
    for key in old | new:
        if key not in old or key not in new:
            found[key] = "added" if key in new else "removed"
        elif flat((old[key],)) != flat((new[key],)):
            found[key] = "changed"
    return found


def _follows(before: State, after: State, doubtful: set[int]) -> dict[str, str]:
    found = {}
    for uid in before.things.keys() & after.things.keys() - doubtful:
        one, other = (_ids(state.things[uid]) for state in (before, after))
        if len(one) == len(other) == 1:
            found[one.pop()] = other.pop()
    return found


def _ids(thing: Thing) -> set[str]:
    return {entry.object_id for entry in thing.pages.values()}


def _unsure(before: State, after: State, doubtful: set[int]) -> frozenset[str]:
    return frozenset(
        link.object_id
        for state in (before, after)
        for link in state.links.values()
        if not doubtful.isdisjoint(link.ends)
    )


# ---- where nobody could tell -----------------------------------------------------------------------------------


class _Group(NamedTuple):
    """Entries of one id that the other side has not: what has to be recognised by its place."""

    uids: frozenset[int]
    kind: tuple[str, int]
    shapes: dict[Page, tuple[int, Shape]]


def _ambiguous(
    before: State, after: State, places: list[dict[tuple[int, Page], int]], *, tracked: bool
) -> tuple[frozenset[int], frozenset[int]]:
    """Of what changed its id, was added or removed: all that could be read in another way as well as it happened."""
    known = [{(state.things[uid].pages[page].object_id, page) for uid, page in side}
             for state, side in zip((before, after), places)]  # fmt: skip
    both = known[0] & known[1]
    old, new = (_left(state, side, both, tracked=tracked) for state, side in zip((before, after), places))
    alike = _alike(old, new)
    true = {(i, j) for i, a in enumerate(old) for j, b in enumerate(new) if _same_thing(a, b)}
    shared: Counter[tuple[str, int]] = Counter()
    for i, j in true:
        shared[("old", i)] += 1
        shared[("new", j)] += 1
    doubtful: set[tuple[str, int]] = set()
    for component in _components(alike.keys() | true):
        pairs = {p for p in component if p in true}
        crowded = any(shared[("old", i)] > 1 or shared[("new", j)] > 1 for i, j in pairs)
        weak = any(alike.get((i, j), (0.0, 0.0))[0] < SURE.get(old[i].kind[0], ALIKE + MARGIN) for i, j in pairs)
        if crowded or weak or _read(component, alike, pairs, old, new) != pairs:
            doubtful |= {("old", i) for i, _ in component} | {("new", j) for _, j in component}
    return (
        frozenset(at for side, i in doubtful if side == "old" for at, _ in old[i].shapes.values()),
        frozenset(at for side, j in doubtful if side == "new" for at, _ in new[j].shapes.values()),
    )


def _left(
    state: State, side: dict[tuple[int, Page], int], both: set[tuple[str, Page]], *, tracked: bool
) -> list[_Group]:
    """What has no partner by its id: whole tracks, elsewhere each label for itself."""
    found: dict[tuple[str, Page], dict[Page, tuple[int, Shape]]] = defaultdict(dict)
    uids: dict[tuple[str, Page], set[int]] = defaultdict(set)
    kinds = {}
    for (uid, page), at in side.items():
        entry = state.things[uid].pages[page]
        if entry.stopped or (entry.object_id, page) in both:
            continue
        key = (entry.object_id, None if tracked else page)
        found[key][page] = (at, entry.shape)
        uids[key].add(uid)
        kinds.setdefault(key, (entry.shape.tool, entry.kind))
    return [_Group(frozenset(uids[key]), kinds[key], shapes) for key, shapes in found.items()]


def _same_thing(a: _Group, b: _Group) -> bool:
    return not a.uids.isdisjoint(b.uids) and not a.shapes.keys().isdisjoint(b.shapes)


def _alike(old: list[_Group], new: list[_Group]) -> dict[tuple[int, int], tuple[float, float]]:
    """(mean, sum) of the likeness over common pages, of all pairs that are not plainly different."""
    tallies: dict[tuple[int, int], list[float]] = defaultdict(list)
    shapes = [[(i, page, at[1]) for i, g in enumerate(side) for page, at in g.shapes.items()] for side in (old, new)]
    if not shapes[0] or not shapes[1]:
        return {}
    boxes = [np.array([_around(s) for _, _, s in side]) for side in shapes]
    tree = shapely.STRtree(shapely.box(*boxes[1].T))
    ones, others = tree.query(shapely.box(*boxes[0].T))
    for a, b in zip(ones.tolist(), others.tolist()):
        (i, page, one), (j, other_page, other) = shapes[0][a], shapes[1][b]
        if page == other_page and one.tool == other.tool:
            tallies[(i, j)].append(likeness(one, other))
    found = {}
    for (i, j), values in tallies.items():
        common = len(old[i].shapes.keys() & new[j].shapes.keys())
        mean = sum(values) / common
        if mean >= ALIKE - MARGIN:
            found[(i, j)] = (mean, sum(values))
    return found


def _around(shape: Shape) -> list[float]:
    """Its bounds; of points, lines and thin areas with all that may be near enough."""
    x0, y0, x1, y1 = geometry(shape).bounds
    is_narrow = shape.tool in (*LINES, "point") or (shape.tool != "ner" and min(x1 - x0, y1 - y0) < THIN)
    near = max(16.0, 0.4 * max(x1 - x0, y1 - y0)) if is_narrow else 0.0
    return [x0 - near, y0 - near, x1 + near, y1 + near]


def _components(pairs: set[tuple[int, int]]) -> list[set[tuple[int, int]]]:
    """Pairs that have to do with each other."""
    at: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for pair in pairs:
        at[("old", pair[0])].append(pair)
        at[("new", pair[1])].append(pair)
    found, seen = [], set()
    for first in pairs:
        if first in seen:
            continue
        component, waiting = set(), [first]
        while waiting:
            pair = waiting.pop()
            if pair in component:
                continue
            component.add(pair)
            waiting += at[("old", pair[0])] + at[("new", pair[1])]
        seen |= component
        found.append(component)
    return found


def _read(
    component: set[tuple[int, int]],
    alike: dict[tuple[int, int], tuple[float, float]],
    true: set[tuple[int, int]],
    old: list[_Group],
    new: list[_Group],
) -> set[tuple[int, int]]:
    """The best reading without the ledger, same class before other classes, with the truth at a disadvantage."""
    found: set[tuple[int, int]] = set()
    for same in (True, False):
        edges = {
            p: alike[p][1] - (MARGIN * len(old[p[0]].shapes) if p in true else 0.0)
            for p in component
            if p in alike and (old[p[0]].kind == new[p[1]].kind or not same)
        }
        edges = {(i, j): w for (i, j), w in edges.items() if all(i != a and j != b for a, b in found)}
        rows, columns = sorted({i for i, _ in edges}), sorted({j for _, j in edges})
        weights = np.zeros((len(rows), len(columns)))
        for (i, j), weight in edges.items():
            weights[rows.index(i), columns.index(j)] = weight
        for r, c in zip(*linear_sum_assignment(weights, maximize=True)):
            if (rows[r], columns[c]) in edges:
                found.add((rows[r], columns[c]))
    return found

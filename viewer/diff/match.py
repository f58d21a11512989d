"""Which entry of one snapshot is the same thing as which entry of the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from viewer.diff.assignment import best_pairs
from viewer.diff.forms import Geometries
from viewer.diff.likeness import LIKE, Likeness
from viewer.diff.same import Places, unequal_annotations
from viewer.model import Annotation

SAME_TOOL, SAME_CLASS, LIKENESS = 1.0, 1.0, 4.0
"""Of entries with one id on one page; nearness counts 1 at most. The best sum takes as many pairs as there are."""


class Pairing(NamedTuple):
    """Positions in the two lists of annotations. What is in none of them is the same, byte for byte."""

    pairs: list[tuple[int, int]]
    """Same thing, other bytes."""
    removed: Places
    added: Places


def pair_up(
    before: Sequence[Annotation], after: Sequence[Annotation], *, tracked: bool, geometries: Geometries
) -> Pairing:
    """Find partners, the cheapest way first: same bytes; same object and page; same place.

    `tracked`: one object id on several pages is one object, and its entries find partners together.
    """
    rest_before, rest_after, _ = unequal_annotations(before, after)
    if not rest_before or not rest_after:
        return Pairing([], rest_before, rest_after)
    likeness = Likeness(before, after, geometries)
    pairs, rest_before, rest_after = _by_key(rest_before, rest_after, likeness, tracked=tracked)
    if not tracked and rest_before and rest_after:
        moved, rest_before, rest_after = _on_other_pages(rest_before, rest_after, likeness, {i for i, _ in pairs})
        pairs += moved
    if not tracked and rest_before and rest_after:
        identical = likeness.identical(
            [i for i in rest_before if not before[i].stopped], [j for j in rest_after if not after[j].stopped]
        )
        pairs += identical
        rest_before, rest_after = _left(rest_before, rest_after, identical)
    while rest_before and rest_after:
        found = _by_place(rest_before, rest_after, likeness, tracked=tracked)
        if not found:
            break
        pairs += found
        rest_before, rest_after = _left(rest_before, rest_after, found)
        if not tracked:
            break  # nothing of a single entry is left over for another partner
    return Pairing(pairs, rest_before, rest_after)


def _left(before: Places, after: Places, pairs: Sequence[tuple[int, int]]) -> tuple[Places, Places]:
    """What of both lists has no partner yet."""
    used_before, used_after = {i for i, _ in pairs}, {j for _, j in pairs}
    return [i for i in before if i not in used_before], [j for j in after if j not in used_after]


def has_id(entry: Annotation) -> bool:
    """Whether the export gave it an id; else it is called by its place in the list, which says nothing."""
    return not (entry.object_id.endswith("]") and entry.object_id in entry.path)


def _class(entry: Annotation) -> str:
    return entry.schema_id or entry.title


def _by_key(
    rest_before: Places, rest_after: Places, likeness: Likeness, *, tracked: bool
) -> tuple[list[tuple[int, int]], Places, Places]:
    """Partners by object id and page. Ids need not be unique: of several entries the most alike go together."""

    def keyed(places: Places, entries: Sequence[Annotation], side: str) -> dict[Hashable, Places]:
        found: dict[Hashable, Places] = {}
        for i in places:
            entry = entries[i]
            if not has_id(entry):
                found[side, i] = [i]
                continue
            # where nothing is tracked, no page means the first one
            page = entry.page if tracked or entry.page is not None else 0
            found.setdefault((entry.object_id, page), []).append(i)
        return found

    ones, twos = keyed(rest_before, likeness.before, "before"), keyed(rest_after, likeness.after, "after")
    pairs: list[tuple[int, int]] = []
    left_before: Places = []
    for key, places in ones.items():
        others = twos.pop(key, None)
        if others is None:
            left_before += places
        elif len(places) == len(others) == 1:
            pairs.append((places[0], others[0]))
        else:
            several, lone_before, lone_after = _most_alike(places, others, likeness)
            pairs += several
            left_before += lone_before
            if lone_after:
                twos[(key, "more")] = lone_after
    return pairs, sorted(left_before), sorted(j for others in twos.values() for j in others)


def _most_alike(places: Places, others: Places, likeness: Likeness) -> tuple[list[tuple[int, int]], Places, Places]:
    """Partners among entries with one id on one page, as many as there can be.

    No editor changes a label's tool, so that those of one tool go together. Among them likeness decides; where there
    is none, one class before others and near ones before far ones. It is the best sum of all that. What is left goes
    in the order of the export.
    """
    before, after = likeness.before, likeness.after
    candidates = [(i, j) for i in places for j in others if before[i].key == after[j].key]
    same_class = (
        _class(before[i]) == _class(after[j]) and before[i].stopped == after[j].stopped for i, j in candidates
    )
    pairs = best_pairs(
        (i, j, SAME_TOOL + SAME_CLASS * same + LIKENESS * value + near)
        for (i, j), same, value, near in zip(
            candidates, same_class, likeness.of(candidates).tolist(), likeness.nearness(candidates).tolist()
        )
    )
    lone_before, lone_after = _left(places, others, pairs)
    both = min(len(lone_before), len(lone_after))
    pairs += zip(lone_before[:both], lone_after[:both])
    return pairs, lone_before[both:], lone_after[both:]


def _on_other_pages(
    rest_before: Places, rest_after: Places, likeness: Likeness, settled: set[int]
) -> tuple[list[tuple[int, int]], Places, Places]:
    """A single entry that went to another page keeps its id."""
    known = {likeness.before[i].object_id for i in settled}
    ones: dict[str, Places] = defaultdict(list)
    twos: dict[str, Places] = defaultdict(list)
    for places, entries, found in ((rest_before, likeness.before, ones), (rest_after, likeness.after, twos)):
        for i in places:
            if has_id(entries[i]):
                found[entries[i].object_id].append(i)
    pairs = [
        (places[0], twos[object_id][0])
        for object_id, places in ones.items()
        if len(places) == 1 and len(twos.get(object_id, ())) == 1 and object_id not in known
    ]
    return pairs, *_left(rest_before, rest_after, pairs)


# ---- by place ------------------------------------------------------------------------------------------------


class _Group(NamedTuple):
    """The entries of one object that are left over, by page."""

    class_id: str
    by_page: dict[int | None, int]


def _groups(places: Iterable[int], entries: Sequence[Annotation], *, tracked: bool) -> list[_Group]:
    found: dict[Hashable, _Group] = {}
    for i in places:
        entry = entries[i]
        if entry.stopped and not tracked:
            continue
        key = entry.object_id if tracked else i
        group = found.get(key)
        if group is None:
            group = found[key] = _Group(_class(entry), {})
        group.by_page.setdefault(entry.page, i)
    return list(found.values())


def _by_place(rest_before: Places, rest_after: Places, likeness: Likeness, *, tracked: bool) -> list[tuple[int, int]]:
    """Partners by geometry: whole objects, those of one class before all others."""
    ones = _groups(rest_before, likeness.before, tracked=tracked)
    twos = _groups(rest_after, likeness.after, tracked=tracked)
    group_before = {i: g for g, group in enumerate(ones) for i in group.by_page.values()}
    group_after = {j: g for g, group in enumerate(twos) for j in group.by_page.values()}
    pairs: list[tuple[int, int]] = []
    free_before, free_after = set(range(len(ones))), set(range(len(twos)))
    scores: dict[tuple[int, int], float] = defaultdict(float)
    for i, j, value in likeness.candidates(list(group_before), list(group_after), least=0.0 if tracked else LIKE):
        scores[group_before[i], group_after[j]] += value
    for same_class in (True, False):
        edges: list[tuple[int, int, float]] = []
        for (a, b), score in scores.items():
            if a not in free_before or b not in free_after or (ones[a].class_id == twos[b].class_id) != same_class:
                continue
            shared = len(ones[a].by_page.keys() & twos[b].by_page.keys()) if tracked else 1
            if score >= LIKE * shared:
                edges.append((a, b, score))
        for a, b in best_pairs(edges):
            free_before.discard(a)
            free_after.discard(b)
            one, two = ones[a].by_page, twos[b].by_page
            pairs += (
                [(i, two[page]) for page, i in one.items() if page in two]
                if tracked
                else [(next(iter(one.values())), next(iter(two.values())))]
            )
    return pairs

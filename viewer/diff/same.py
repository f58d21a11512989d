"""What needs no look at its content: entries of two snapshots that are the same bytes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from operator import attrgetter, ne
from typing import TypeVar

from viewer.model import Annotation

_json, _page = attrgetter("raw"), attrgetter("page")

Key = TypeVar("Key", bound=Hashable)

Places = list[int]
"""Positions in one of the two lists, ascending."""


def unequal(before: Sequence[Key], after: Sequence[Key]) -> tuple[Places, Places, list[tuple[int, int]]]:
    """Positions in each list without an equal partner in the other, and the pairs that stand elsewhere.

    Of equal ones the first goes with the first. Positions in neither result are equal where they stand.
    """
    if before == after:
        return [], [], []
    if len(before) == len(after):
        left_before = [i for i, differs in enumerate(map(ne, before, after)) if differs]
        left_after = list(left_before)
    else:
        # one list is longer: what stands before and after the place of the difference is mostly the same
        start = _equal_from_start(before, after)
        end = _equal_from_end(before, after, limit=min(len(before), len(after)) - start)
        left_before = list(range(start, len(before) - end))
        left_after = list(range(start, len(after) - end))
    places: dict[Key, Places] = {}
    for j in reversed(left_after):
        places.setdefault(after[j], []).append(j)
    elsewhere: list[tuple[int, int]] = []
    rest: Places = []
    for i in left_before:
        found = places.get(before[i])
        if found:
            elsewhere.append((i, found.pop()))
        else:
            rest.append(i)
    return rest, sorted(j for found in places.values() for j in found), elsewhere


def _equal_from_start(before: Sequence[Key], after: Sequence[Key]) -> int:
    count = 0
    for one, two in zip(before, after):
        if one != two:
            break
        count += 1
    return count


def _equal_from_end(before: Sequence[Key], after: Sequence[Key], *, limit: int) -> int:
    count = 0
    while count < limit and before[-1 - count] == after[-1 - count]:
        count += 1
    return count


def unequal_annotations(
    before: Sequence[Annotation], after: Sequence[Annotation]
) -> tuple[Places, Places, list[tuple[int, int]]]:
    """`unequal` of annotations by their JSON; frames of one entry share it and are told apart by their page."""
    json_before, json_after = list(map(_json, before)), list(map(_json, after))
    # an annotation that does not come from a file has no JSON, and is like no other
    all_have_json = b"" not in json_before and b"" not in json_after
    pages_before, pages_after = list(map(_page, before)), list(map(_page, after))
    if all_have_json and json_before == json_after and pages_before == pages_after:
        return [], [], []
    keys_before: list[Hashable] = list(zip(json_before, pages_before))
    keys_after: list[Hashable] = list(zip(json_after, pages_after))
    if not all_have_json:
        for keys, texts in ((keys_before, json_before), (keys_after, json_after)):
            for i, json in enumerate(texts):
                if not json:
                    keys[i] = object()
    return unequal(keys_before, keys_after)

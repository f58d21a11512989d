"""Answers: those of a label or a relation with their nested ones, and those of the whole asset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from viewer import limits
from viewer.diff.kinds import is_same_value
from viewer.model import Annotation, AnswerChange, Change, ChangeKind, Classification

UNORDERED = frozenset(("checkbox", "multi-dropdown", "tree-dropdown"))
"""Questions whose list is a set: in which order boxes were ticked says nothing."""

_LINK = re.compile(r"(https?://[^\s?#]+)\?\S*")
"""A link with a query, which may be a signature: a secret, and another one in each export."""

_NO_ATTRIBUTES = frozenset(
    ("masks", "lock", "frame", "frameNumber", "start", "end", "from", "to", "isKeyFrame", "isKeyframe", "interpolated")
)
"""Members beside the geometry that say nothing about the thing: rendered masks, and where a frame lies."""

SEPARATOR = " / "


def without_queries(value: Any) -> Any:
    """A JSON value whose links have no query."""
    if isinstance(value, str):
        return _LINK.sub(r"\1", value) if "?" in value else value
    if isinstance(value, dict):
        return {name: without_queries(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_queries(item) for item in value]
    return value


def given(entry: Classification | None) -> Any:
    """The answer that counts: None when there is none, when it was switched off, or when it is empty."""
    if entry is None or entry.stopped or not entry.answered:
        return None
    return without_queries(entry.answer)


def answer_changes(
    before: Sequence[Classification], after: Sequence[Classification], *, tolerance: float = 0.0
) -> tuple[AnswerChange, ...]:
    """What differs between two lists of answers and all nested ones; questions by schema id and ordinal."""
    if not before and not after:
        return ()
    return tuple(_changes(before, after, (), tolerance, 0))


def _changes(
    before: Sequence[Classification],
    after: Sequence[Classification],
    path: tuple[str, ...],
    tolerance: float,
    depth: int,
) -> Iterator[AnswerChange]:
    for one, two in paired(before, after):
        yield from _of_pair(one, two, path, tolerance, depth)


def _of_pair(
    one: Classification | None, two: Classification | None, path: tuple[str, ...], tolerance: float, depth: int
) -> Iterator[AnswerChange]:
    entry = two if two is not None else one
    assert entry is not None
    here = (*path, entry.title or entry.schema_id or entry.tool or "?")
    old, new = given(one), given(two)
    if not _is_same_answer(old, new, entry.tool, tolerance):
        yield AnswerChange(SEPARATOR.join(here), old, new)
    if depth < limits.JSON_DEPTH:
        # of a question that was switched off the nested ones are off, too
        nested_one = () if one is None or one.stopped else one.classifications
        nested_two = () if two is None or two.stopped else two.classifications
        if nested_one or nested_two:
            yield from _changes(nested_one, nested_two, here, tolerance, depth + 1)


def _is_same_answer(old: Any, new: Any, tool: str, tolerance: float) -> bool:
    if is_same_value(old, new, tolerance):
        return True
    if tool in UNORDERED and isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return sorted(map(repr, old)) == sorted(map(repr, new))
    return False


Question = tuple[str, int | None, int]


def paired(
    before: Sequence[Classification], after: Sequence[Classification]
) -> list[tuple[Classification | None, Classification | None]]:
    """Answers to the same question (and page, where it is asked for single pages): the k-th with the k-th.

    In the order of `after`, then what only `before` has.
    """
    ones = _by_question(before)
    twos = _by_question(after)
    found: list[tuple[Classification | None, Classification | None]] = [(ones.get(q), c) for q, c in twos.items()]
    return found + [(c, None) for q, c in ones.items() if q not in twos]


def _by_question(entries: Sequence[Classification]) -> dict[Question, Classification]:
    found: dict[Question, Classification] = {}
    counts: dict[tuple[str, int | None], int] = {}
    for entry in entries:
        question = (entry.schema_id or f"title:{entry.title}", entry.page)
        ordinal = counts.get(question, 0)
        counts[question] = ordinal + 1
        found[(*question, ordinal)] = entry
    return found


def attribute_changes(before: Annotation, after: Annotation, *, tolerance: float) -> tuple[AnswerChange, ...]:
    """Nested answers that differ, the text of a document's label, and members that no other kind tells (``ocr``)."""
    found = answer_changes(before.classifications, after.classifications)
    text_before, text_after = getattr(before.tool, "text", None), getattr(after.tool, "text", None)
    if text_before != text_after and isinstance(text_before, str) and isinstance(text_after, str):
        found += (AnswerChange("text", text_before or None, text_after or None),)
    if not before.extra and not after.extra:
        return found
    for name in dict.fromkeys((*before.extra, *after.extra)):
        if name in _NO_ATTRIBUTES:
            continue
        old, new = (without_queries(entry.extra.get(name)) for entry in (before, after))
        if not is_same_value(old, new, tolerance):
            found += (AnswerChange(name, old, new),)
    return found


def compare_answers(before: Sequence[Classification], after: Sequence[Classification]) -> list[Change]:
    """Changes of the answers of an asset: one for each of its questions that was answered anew or otherwise."""
    changes: list[Change] = []
    for one, two in paired(before, after):
        answers = tuple(_of_pair(one, two, (), 0.0, 0))
        if not answers:
            continue
        kind: ChangeKind = "changed"
        if one is None or one.stopped:
            kind = "added"
        elif two is None or two.stopped:
            kind = "removed"
        changes.append(Change(subject="classification", kinds=(kind,), before=one, after=two, answers=answers))
    return changes

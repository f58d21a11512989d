"""What is typed to find assets: words, ``#12``, ``/regex/``, or the pasted id of an object. No Qt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from viewer.ui.assets.faceted import Mask
from viewer.ui.assets.table import FACETS, AssetTable

OBJECT_ID = re.compile(r"[0-9a-fA-F]{20,64}")
"""Ids of objects in the format are hexadecimal; shorter ones may as well be words."""
SLICE = 500
"""Rows that a pattern is tried on between two looks at the clock."""
PATTERN_TEXT = 400
"""Characters of a text that a pattern is tried on."""
_NUMBER = re.compile(r"#\s*([0-9]{1,9})(?:\s*[-–]\s*([0-9]{1,9}))?")

Problem = Literal["", "pattern", "slow"]
"""Why a pattern is not used: it is none, or it could run for hours."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, taken apart. All words must be found; `numbers` and `pattern` stand alone."""

    words: tuple[str, ...] = ()
    """Casefolded, the longest first."""
    numbers: tuple[int, int] | None = None
    """First and last number of an asset as people count, from 1: those of the header's "3 of 480"."""
    pattern: re.Pattern[str] | None = None
    object_id: str = ""
    """The text looks like the id of an object: it may be inside of an asset."""
    problem: Problem = ""

    def __bool__(self) -> bool:
        """Whether anything is asked for. A pattern that cannot be used filters nothing."""
        return bool(self.words or self.numbers or self.pattern)


def parse(typed: str) -> Query:
    """Take apart what was typed. Words are split at spaces; ``"two words"`` stay together."""
    text = typed.strip()
    number = _NUMBER.fullmatch(text)
    if number:
        first = int(number[1])
        return Query(numbers=(first, int(number[2]) if number[2] else first))
    if len(text) > 2 and text[0] == text[-1] == "/":
        return _pattern(text[1:-1])
    words = {a or b for a, b in re.findall(r'"([^"]+)"|(\S+)', text.casefold())}
    return Query(
        words=tuple(sorted(words, key=lambda word: (-len(word), word))),
        object_id=text.casefold() if OBJECT_ID.fullmatch(text) else "",
    )


def _pattern(text: str) -> Query:
    if _may_run_for_hours(text):
        return Query(problem="slow")
    try:
        return Query(pattern=re.compile(text, re.IGNORECASE | re.MULTILINE))
    except (re.error, OverflowError, RecursionError):
        return Query(problem="pattern")


def _may_run_for_hours(pattern: str) -> bool:
    """Whether a repeated group repeats something or has choices inside: its time may double with each letter.

    A pattern cannot be stopped once it runs, and nothing else runs meanwhile. Errs on the careful side.
    """
    groups = [False]  # whether something inside of each open group is repeated or a choice
    before = False  # the same of what was just closed
    repeats = 0
    for token in re.findall(
        r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!>]|<[=!]|P<\w+>)|\{\d*,?\d*\}|.", pattern, re.S
    ):
        if token.startswith("("):
            groups.append(False)
            before = False
        elif token == ")" and len(groups) > 1:
            before = groups.pop()
            groups[-1] = groups[-1] or before
        elif token in ("*", "+") or (token[0] == "{" and len(token) > 1):
            if before:
                return True
            repeats += 1
            groups[-1] = True
            before = False
        else:
            groups[-1] = groups[-1] or token == "|"
            before = False
    # several in a row take the power of their number
    return repeats > 8


def matching(query: Query, table: AssetTable, start: int = 0, within: Mask | None = None) -> Iterator[Mask | None]:
    """Which of the digested rows from `start` on match, in steps: None while it goes on, at last the mask.

    Only a pattern takes more than one step. `within`: rows that are known not to match are not in it.
    """
    count = table.digested - start
    if query.pattern is not None:
        yield from _by_pattern(query.pattern, table, start, count)
        return
    result = np.ones(count, bool) if within is None else within.copy()
    if query.numbers is not None:
        first, last = query.numbers
        result[:] = False
        result[max(0, first - 1 - start) : max(0, last - start)] = True
    for word in query.words:
        result &= table.with_word(word, start, result)
    yield result


def _by_pattern(pattern: re.Pattern[str], table: AssetTable, start: int, count: int) -> Iterator[Mask | None]:
    result = np.zeros(count, bool)
    for facet in FACETS:
        if facet.searched:
            for value in tuple(table.members[facet.key]):
                if pattern.search(value[:PATTERN_TEXT]):
                    numbers = table.with_value(facet.key, value, start) - start
                    result[numbers[numbers < count]] = True
    for low in range(start, start + count, SLICE):
        yield None
        high = min(low + SLICE, start + count)
        for at, (name, ids) in enumerate(zip(table.names[low:high], table.ids[low:high]), low - start):
            if pattern.search(name[:PATTERN_TEXT]) or pattern.search(ids):
                result[at] = True
    yield result


def narrows(query: Query, before: Query) -> bool:
    """Whether all that `query` finds was found by `before`: one goes on typing."""
    if query.pattern or query.numbers or before.pattern or before.numbers:
        return False
    # an id is looked for inside only from its fourth letter on: what a short word finds is not all
    return bool(before.words) and all(
        len(word) > 3 and any(word in longer for longer in query.words) for word in before.words
    )

"""What a typed text finds among actions, assets, classes and pages. No Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["action", "asset", "class", "page"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to choose. `key` is the action's id, the asset's index, a schema id, or a page from 0."""

    kind: Kind
    key: str
    text: str
    side: str = ""
    """What stands at the right: keys, or the kind."""
    enabled: bool = True
    why: str = ""
    """Why it cannot be chosen now."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, taken apart: ``#12``, ``>action``, ``@class``, ``:page``, else anything."""

    kind: Kind | Literal["number", "any"]
    text: str


def parse(typed: str) -> Query:
    """The first character says what is looked for."""
    text = typed.strip()
    marks: dict[str, Kind | Literal["number"]] = {">": "action", "@": "class", ":": "page", "#": "number"}
    if text and text[0] in marks:
        return Query(marks[text[0]], text[1:].strip())
    return Query("any", text)


def rank(text: str, words: Sequence[str]) -> int | None:
    """How well casefolded words fit a casefolded text: less is better; None when one is missing."""
    if not all(word in text for word in words):
        return None
    if not words:
        return 3
    if text.startswith(words[0]):
        return 0
    return 1 if re.search(rf"\b{re.escape(words[0])}", text) else 2


def best(entries: Iterable[Entry], typed: str, limit: int) -> list[Entry]:
    """The entries that fit, best first, in their own order where they fit alike; disabled ones last."""
    words = typed.casefold().split()
    found: list[tuple[bool, int, int, Entry]] = []
    for n, entry in enumerate(entries):
        fit = rank(entry.text.casefold(), words)
        if fit is not None:
            found.append((not entry.enabled, fit, n, entry))
    return [entry for *_, entry in sorted(found, key=lambda item: item[:3])[:limit]]


class Names:
    """Casefolded names of assets, kept as rows arrive, so that 100,000 of them are searched in milliseconds."""

    def __init__(self) -> None:
        self._folded: list[str] = []
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self._names)

    def clear(self) -> None:
        """Another export."""
        self._folded.clear()
        self._names.clear()

    def extend(self, names: Iterable[str]) -> None:
        """The next assets."""
        for name in names:
            self._names.append(name)
            self._folded.append(name.casefold())

    def find(self, typed: str, limit: int) -> list[Entry]:
        """The first assets whose name holds all words."""
        words = typed.casefold().split()
        if not words:
            return []
        found: list[Entry] = []
        first, rest = words[0], words[1:]
        for index, name in enumerate(self._folded):
            if first in name and all(word in name for word in rest):
                found.append(self.entry(index))
                if len(found) == limit:
                    break
        return found

    def entry(self, index: int) -> Entry:
        """An asset by its index."""
        return Entry("asset", str(index), self._names[index], f"#{index + 1:,}")


def entries_for(
    query: Query,
    *,
    actions: Callable[[], Sequence[Entry]],
    names: Names,
    classes: Callable[[], Sequence[Entry]],
    page_count: int,
    limit: int,
) -> list[Entry]:
    """What to offer for a query, best first."""
    if query.kind == "action":
        return best(actions(), query.text, limit)
    if query.kind == "class":
        return best(classes(), query.text, limit)
    number = int(query.text) if re.fullmatch(r"[0-9]{1,9}", query.text) else None
    if query.kind == "page":
        if number is None or not 1 <= number <= page_count:
            return []
        return [Entry("page", str(number - 1), f"Page {number:,}", f"of {page_count:,}")]
    if query.kind == "number":
        return [names.entry(number - 1)] if number is not None and 1 <= number <= len(names) else []
    found = best(actions(), query.text, limit)
    room = max(limit - len(found), limit // 2)
    return (found[: limit - min(room, 4)] if query.text else found) + names.find(query.text, room)

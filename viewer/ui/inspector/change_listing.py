"""The changes between two stages to list, in groups: by kind, class, person or page. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from viewer.diff import Comparison
from viewer.model import Annotation, Change
from viewer.ui.inspector.change_folds import Tracks
from viewer.ui.inspector.change_words import ORDER, kind_text, measure, name_of, sign_of
from viewer.ui.inspector.names import Names
from viewer.ui.inspector.words import safe_line, tr

Grouping: TypeAlias = Literal["kind", "class", "person", "page"]
GROUPINGS: tuple[Grouping, ...] = ("kind", "class", "person", "page")

RELATIONS, ANSWERS = "relation", "classification"
"""Keys of the groups of what is no label, where changes are grouped by kind."""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Some of the changes, under a name."""

    key: str
    title: str
    members: Sequence[int]
    """Indices into the changes."""
    sign: str = ""
    schema_id: str = ""
    person: str = ""


class ChangeListing:
    """The changes of one comparison. `before` and `after` name the objects of A and of B."""

    def __init__(self, comparison: Comparison | None, before: Names, after: Names, *, many_pages: bool = False) -> None:
        self.comparison = comparison
        self.changes: tuple[Change, ...] = () if comparison is None else comparison.changes
        self.before, self.after = before, after
        self.many_pages = many_pages
        """Whether it says something on which page a change is."""
        self._signs = [tuple(dict.fromkeys(sign_of(kind) for kind in change.kinds)) for change in self.changes]
        counts = Counter(sign for signs in self._signs for sign in signs)
        self.counts = {sign: counts[sign] for sign in (*ORDER, *sorted(counts.keys() - set(ORDER))) if counts[sign]}
        """How many changes carry each sign; one with several counts for each."""
        self.tracks = Tracks(comparison)
        self._groups: dict[Grouping, tuple[ChangeGroup, ...]] = {}
        self._rows: dict[tuple[str, str, str, int | None], int] | None = None
        self._of_object: dict[str, list[int]] | None = None

    def prepare(self) -> ChangeListing:
        """Do in a thread what would hold up the window with very many changes."""
        self.groups("kind")
        if self.changes:
            self.find(self.changes[0])
            self.of_object("", 0)
        return self

    # ---- groups ------------------------------------------------------------------------------------------

    def groups(self, grouping: Grouping, signs: frozenset[str] = frozenset()) -> tuple[ChangeGroup, ...]:
        """All changes, or only those that carry one of `signs`, in groups that are not empty."""
        if signs:
            return self._grouped(grouping, signs)
        known = self._groups.get(grouping)
        if known is None:
            known = self._groups[grouping] = self._grouped(grouping, signs)
        return known

    def _grouped(self, grouping: Grouping, signs: frozenset[str]) -> tuple[ChangeGroup, ...]:
        members: dict[str, list[int]] = {}
        key_of = self._key_of(grouping, signs)
        for at, own in enumerate(self._signs):
            if not signs or not signs.isdisjoint(own):
                members.setdefault(key_of(at), []).append(at)
        groups = [self._group(grouping, key, found) for key, found in members.items()]
        if grouping == "kind":
            # what is no label comes last, the largest group first
            groups.sort(key=lambda g: (g.key in (RELATIONS, ANSWERS), -len(g.members)))
        elif grouping == "page":
            groups.sort(key=lambda g: int(g.key))
        else:
            groups.sort(key=lambda g: (not g.key, g.title.casefold(), g.key))
        return tuple(groups)

    def _key_of(self, grouping: Grouping, signs: frozenset[str]) -> Callable[[int], str]:
        changes, own = self.changes, self._signs
        if grouping == "kind":

            def kind(at: int) -> str:
                subject = changes[at].subject
                if subject != "label":
                    return subject
                # with a filter: the first of those that are looked for
                return next((s for s in own[at] if s in signs), own[at][0])

            return kind
        if grouping == "class":
            return lambda at: changes[at].entry.schema_id or changes[at].entry.title or ""
        if grouping == "person":
            return lambda at: changes[at].by or ""
        # an answer of the whole asset is on no page
        return lambda at: str(-1 if changes[at].subject == ANSWERS and self.page(at) is None else self.page(at) or 0)

    def _group(self, grouping: Grouping, key: str, members: Sequence[int]) -> ChangeGroup:
        first = self.changes[members[0]]
        if grouping == "kind":
            if key == RELATIONS:
                return ChangeGroup(key, tr("Relations"), members)
            if key == ANSWERS:
                return ChangeGroup(key, tr("Answers of the asset"), members)
            return ChangeGroup(key, kind_text(key), members, sign=key)
        if grouping == "class":
            schema_id = first.entry.schema_id or "" if first.subject != ANSWERS else ""
            return ChangeGroup(key, name_of(first.entry), members, schema_id=schema_id)
        if grouping == "person":
            return ChangeGroup(key, safe_line(key)[:200] or tr("Nobody is named"), members, person=key)
        number = int(key)
        title = tr("Whole asset") if number < 0 else tr("Page {0}").format(f"{number + 1:,}")
        return ChangeGroup(key, title, members)

    # ---- one change --------------------------------------------------------------------------------------

    def signs(self, at: int) -> tuple[str, ...]:
        """Its signs, the weightiest first."""
        return self._signs[at]

    def title(self, at: int) -> str:
        """The class, or the question."""
        return name_of(self.changes[at].entry)

    def number(self, at: int) -> str:
        """``#38`` in its stage; "" for the only one of its class."""
        change = self.changes[at]
        names = self.after if change.after is not None else self.before
        return names.number(change.entry.object_id or "") if change.subject == "label" else ""

    def detail(self, at: int, *, spoken: bool = False) -> str:
        """Its number in its stage, and the page where that says something; in full words when it is `spoken`."""
        number = self.number(at)
        page = self.page(at)
        where = ""
        if self.many_pages and page is not None:
            where = (tr("page {0}") if spoken else tr("p. {0}")).format(f"{page + 1:,}")
        return " · ".join(part for part in (number, where) if part)

    def measure(self, at: int) -> str:
        """Shift, overlap, or old → new."""
        return measure(self.changes[at], self.before, self.after)

    def person(self, at: int) -> str:
        """Who did it; "" when nobody is named."""
        return self.changes[at].by or ""

    def page(self, at: int) -> int | None:
        """The page it is on."""
        return self.changes[at].entry.page

    def schema_id(self, at: int) -> str:
        """The class whose colour it has; "" for an answer of the asset."""
        change = self.changes[at]
        return "" if change.subject == ANSWERS else change.entry.schema_id or ""

    def spoken(self, at: int) -> str:
        """A change in words."""
        words = [kind_text(kind).lower() for kind in self.changes[at].kinds]
        parts = (
            f"{self.title(at)} {self.detail(at, spoken=True)}".rstrip(),
            *words,
            self.measure(at),
            safe_line(self.person(at)),
        )
        return ", ".join(part for part in parts if part)

    def find(self, change: Change) -> int | None:
        """Where a change stands, also one of the same comparison made anew."""
        if self._rows is None:
            self._rows = {}
            for row, known in enumerate(self.changes):
                self._rows.setdefault(known.key, row)
        at = self._rows.get(change.key)
        if at is not None and self.changes[at] is not change:
            # several answers may have one key
            return next((i for i, known in enumerate(self.changes) if known is change), at)
        return at

    def of_object(self, object_id: str, page: int) -> int | None:
        """The change of an object of A or B: that on a page, else its first one."""
        if self._of_object is None:
            self._of_object = {}
            for row, change in enumerate(self.changes):
                ids = {e.object_id for e in (change.before, change.after) if e is not None and e.object_id}
                if change.subject != ANSWERS:
                    for name in ids:
                        self._of_object.setdefault(name, []).append(row)
        found = self._of_object.get(object_id, ())
        return next((at for at in found if (self.page(at) or 0) == page), found[0] if found else None)

    def is_of(self, at: int, object_id: str) -> bool:
        """Whether a change is one of an object."""
        change = self.changes[at]
        return any(isinstance(e, Annotation) and e.object_id == object_id for e in (change.before, change.after))

"""The labels to list, in groups: by class, tool, person, track or page. No Qt; 10,000 labels take milliseconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from viewer.limits import TEXT_SHOWN
from viewer.model import Annotation, Classification, Relation
from viewer.state import Group
from viewer.state import Group as HideBy
from viewer.tracks import Placed, Timeline
from viewer.ui.inspector.names import Names, title_of
from viewer.ui.inspector.words import answer_text, safe_line, state_text, tool_text, tr
from viewer.ui.page_labels import page_labels

Grouping = Literal["class", "tool", "track", "person", "page"]
Entry: TypeAlias = Placed | Annotation | Relation

RELATIONS = "relations"
"""Key of the last group."""


@dataclass(slots=True)
class LabelGroup:
    """Some of the entries, under a name."""

    key: str
    title: str
    members: Sequence[int]
    """Indices into the entries."""
    hide_by: tuple[HideBy, str] | None
    """What the eye of the group hides; None: it has none."""
    tool: str
    """Key of the tool whose icon stands for it."""
    same_colour: bool = False
    """Whether all members are of one class."""
    page: int | None = None


class Listing:
    """Entries in groups. `placed` entries lie on the page shown; annotations may lie on any page."""

    def __init__(
        self, grouping: Grouping, entries: Sequence[Entry], groups: Sequence[LabelGroup], names: Names, *, tracked: bool
    ) -> None:
        self.grouping = grouping
        self.entries = entries
        self.groups = groups
        self.names = names
        self.tracked = tracked
        self.open_page: int | None = None
        """The page shown, for lists over several pages."""
        self._found: dict[str, int] | None = None
        self._found_page: int | None = None

    @property
    def count(self) -> int:
        """Entries, relations too."""
        return len(self.entries)

    def annotation(self, at: int) -> Annotation | None:
        """The annotation of an entry; None for a relation."""
        entry = self.entries[at]
        return entry.annotation if isinstance(entry, Placed) else entry if isinstance(entry, Annotation) else None

    def object_id(self, at: int) -> str:
        """Whose entry it is."""
        entry = self.entries[at]
        return entry.annotation.object_id if isinstance(entry, Placed) else entry.object_id

    def page(self, at: int) -> int | None:
        """The page of an entry in a list over several pages."""
        entry = self.entries[at]
        return None if isinstance(entry, Placed | Relation) else entry.page or 0

    def find(self, object_id: str) -> int | None:
        """The entry of an object: of the page shown (of a track the last one before), where it has several."""
        if self.grouping == "track":
            return self._find_track(object_id)
        if self._found is None or self._found_page != self.open_page:
            self._found_page = self.open_page
            self._found = {}
            for at in range(len(self.entries)):
                own = self.object_id(at)
                if own not in self._found or self.page(at) == self.open_page is not None:
                    self._found[own] = at
        return self._found.get(object_id)

    def _find_track(self, object_id: str) -> int | None:
        """Without looking at every frame of every object."""
        group = next((g for g in self.groups if g.key == object_id), None)
        if group is None:
            group = next((g for g in self.groups if g.key == RELATIONS), None)
            members: Sequence[int] = () if group is None else group.members
            return next((at for at in members if self.object_id(at) == object_id), None)
        after = bisect_right(group.members, self.open_page or 0, key=lambda at: self.page(at) or 0)
        return group.members[max(after - 1, 0)]

    def title(self, at: int) -> str:
        """First words of a row."""
        entry = self.entries[at]
        if isinstance(entry, Annotation) and self.grouping == "track":
            return page_title(entry.page or 0)
        return title_of(entry.annotation if isinstance(entry, Placed) else entry)

    def detail(self, at: int) -> str:
        """The quieter words after them: number, state, first answer."""
        entry = self.entries[at]
        if isinstance(entry, Relation):
            return relation_text(entry, self.names)
        parts: list[str] = []
        annotation = entry.annotation if isinstance(entry, Placed) else entry
        if self.grouping != "track":
            parts.append(self.names.number(annotation.object_id))
        elif annotation.stopped:
            parts.append(stop_text())
        if isinstance(entry, Placed) and self.tracked and entry.state != "key":
            parts.append(state_text(entry.state))
        parts.append(first_answer(annotation.classifications))
        return " · ".join(part for part in parts if part)

    def state(self, at: int) -> str:
        """``key``, ``interpolated`` or ``held`` for a track on the page shown; else nothing."""
        entry = self.entries[at]
        return entry.state if isinstance(entry, Placed) and self.tracked else ""

    def person(self, at: int) -> str:
        """Who made it."""
        annotation = self.annotation(at)
        return "" if annotation is None else annotation.created[1] or ""

    def replace(self, entries: Sequence[Placed]) -> bool:
        """Take other states of the same annotations on another page; False when they are not the same."""
        old = self.entries
        count = len(entries)
        if self.grouping in ("track", "page") or count > len(old):
            return False
        if any(a.__class__ is not Placed or a.annotation is not b.annotation for a, b in zip(old, entries)):
            return False
        if count < len(old) and isinstance(old[count], Placed):
            return False
        self.entries = (*entries, *old[count:])
        return True


# texts within a class would be filed under its name by lupdate


def page_title(page: int) -> str:
    """What a page is called."""
    return tr("Page {0}").format(f"{page + 1:,}")


def stop_text() -> str:
    """What the last entry of a track says."""
    return tr("ends here")


def relation_text(relation: Relation, names: Names) -> str:
    """The ends of a relation and its direction, in one line."""
    if relation.group is not None:
        return ", ".join(names.of(i) for i in relation.group[:4]) + (" …" if len(relation.group) > 4 else "")
    arrow = {"straight": "→", "reverse": "←", "bidirectional": "↔"}[relation.direction]
    ends = (", ".join(names.of(i) for i in side[:2]) + (" …" if len(side) > 2 else "")
            for side in (relation.sources, relation.targets))  # fmt: skip
    return f" {arrow} ".join(ends)


def first_answer(classifications: Sequence[Classification]) -> str:
    """The first question that is answered: the answer, or the question where that is yes or no."""
    for c in classifications:
        if c.answered and not c.stopped:
            answer = c.answer[0] if isinstance(c.answer, list) and len(c.answer) == 1 else c.answer
            if isinstance(answer, bool) or str(answer).casefold() in ("yes", "no", "true", "false"):
                return f"{safe_line(c.title)[:40]} {answer_text(answer)}".lstrip()
            return answer_text(answer)[:80]
    return ""


def searched(entry: Entry, names: Names) -> str:
    """What the filter looks at: title, number, answers, object id; lower case."""
    target = entry.annotation if isinstance(entry, Placed) else entry
    parts = [target.title, names.number(target.object_id), target.object_id]
    stack = list(target.classifications)
    while stack:
        c = stack.pop()
        parts.append(c.title)
        if c.answered:
            # nothing of it is shown: text is taken as it is, which for 10,000 labels is felt while typing
            parts.append(c.answer[:TEXT_SHOWN] if isinstance(c.answer, str) else answer_text(c.answer))
        stack += c.classifications
    return "\n".join(parts).casefold()


def list_page(
    placed: Sequence[Placed], relations: Sequence[Relation], grouping: Grouping, names: Names, *, tracked: bool
) -> Listing:
    """The labels of one page by class, tool or person, sorted by name; relations last."""
    group: Group = grouping if grouping == "tool" or grouping == "person" else "class"
    members = page_labels(placed).members(group)
    groups = []
    for key, own in members.items():
        first = placed[own[0]].annotation
        if group == "class":
            groups.append(LabelGroup(key, title_of(first), own, ("class", key), first.key, same_colour=True))
        elif group == "tool":
            groups.append(LabelGroup(key, tool_text(key), own, ("tool", key), key))
        else:
            name = safe_line(key).split("@", 1)[0] or tr("Nobody named")
            groups.append(LabelGroup(key, name, own, ("person", key), ""))
    groups.sort(key=lambda group: (group.title.casefold(), group.key))
    return Listing(grouping, *_with_relations(list(placed), groups, relations), names, tracked=tracked)


def list_tracks(timeline: Timeline, relations: Sequence[Relation], names: Names) -> Listing:
    """Every object of a video with the entries that were exported of it."""
    entries: list[Entry] = []
    groups = []
    for track in timeline.tracks:
        first = track.entries[0]
        own = range(len(entries), len(entries) + len(track.entries))
        entries += track.entries
        key = first.object_id
        groups.append(LabelGroup(key, names.of(key), own, ("object", key), first.key, True, track.pages[0]))
    return Listing("track", *_with_relations(entries, groups, relations), names, tracked=True)


def list_pages(timeline: Timeline, relations: Sequence[Relation], names: Names) -> Listing:
    """Every page with labels of an asset that is no video."""
    entries: list[Entry] = []
    groups = []
    for page in timeline.pages_with_labels():
        on_page = [p.annotation for p in timeline.on_page(page)]
        own = range(len(entries), len(entries) + len(on_page))
        entries += on_page
        groups.append(LabelGroup(str(page), page_title(page), own, None, "", False, page))
    return Listing("page", *_with_relations(entries, groups, relations), names, tracked=False)


def _with_relations(
    entries: list[Entry], groups: list[LabelGroup], relations: Sequence[Relation]
) -> tuple[list[Entry], list[LabelGroup]]:
    if relations:
        own = range(len(entries), len(entries) + len(relations))
        groups.append(LabelGroup(RELATIONS, tr("Relations"), own, None, "relation"))
        entries += relations
    return entries, groups

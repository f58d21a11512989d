"""The page on which a change is seen: its own, and of a relation one that shows both of its ends. No Qt."""

from __future__ import annotations

from viewer.model import Change, Labels, Relation


def page_of(change: Change, before: Labels, after: Labels, *, here: int | None = None) -> int | None:
    """Where to look at a change between two snapshots; None where no page shows it.

    A relation of no page is seen where its ends are: `here` where they are here, else on the first such page.
    """
    entry = change.entry
    if entry.page is not None or not isinstance(entry, Relation):
        return entry.page
    labels = before if change.after is None else after
    pages: dict[str, set[int]] = {member: set() for member in _ends(entry, labels)}
    for annotation in labels.annotations:
        if annotation.object_id in pages and not annotation.stopped:
            pages[annotation.object_id].add(annotation.page or 0)
    there = [found for found in pages.values() if found]
    if not there:
        return None
    shown = set.intersection(*there) or set.union(*there)
    return here if here in shown else min(shown)


def _ends(relation: Relation, labels: Labels) -> set[str]:
    """The objects that a relation joins, those that its members join in their turn included."""
    known = {one.object_id: one for one in labels.relations}
    found: set[str] = set()
    waiting = list(relation.members)
    while waiting:
        member = waiting.pop()
        if member not in found:
            found.add(member)
            if member in known:
                waiting.extend(known[member].members)
    return found

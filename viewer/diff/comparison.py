"""What comparing two snapshots gives: the changes, who became whom, and where."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec

from viewer.model import Annotation, Change, ChangeKind


class Counts(NamedTuple):
    """Of labels: how many were added, changed in any other way, removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.added + self.changed + self.removed


class PageRange(NamedTuple):
    """Pages `first` to `last` (0-based, both included) on which one thing happened to a track."""

    kind: ChangeKind
    first: int
    last: int
    is_key_edit: bool
    """Whether an exported entry changed; False: only what is interpolated between entries did."""


class TrackChange(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What happened to one object over all its pages (a single label is a track of one page)."""

    before_id: str | None
    after_id: str | None
    kinds: tuple[ChangeKind, ...]
    ranges: tuple[PageRange, ...]
    changes: tuple[Change, ...]
    """The changes of its entries, by page."""


class Comparison:
    """The changes between two snapshots (A before, B after). Built by `viewer.diff.compare`."""

    def __init__(
        self,
        changes: tuple[Change, ...],
        *,
        after_of: Mapping[str, str],
        tracks: tuple[TrackChange, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> None:
        self.changes = changes
        """Of labels first (by page, then in the order of the export), then relations, then answers."""
        self.after_of = after_of
        """Object id in A → object id in B of every object that is in both, also when they are the same."""
        self.tracks = tracks
        self.notes = notes

    @cached_property
    def before_of(self) -> dict[str, str]:
        """Object id in B → object id in A."""
        return {after: before for before, after in self.after_of.items()}

    @cached_property
    def labels(self) -> tuple[Change, ...]:
        """The changes of labels alone."""
        return tuple(c for c in self.changes if c.subject == "label")

    @cached_property
    def relations(self) -> tuple[Change, ...]:
        """The changes of relations alone."""
        return tuple(c for c in self.changes if c.subject == "relation")

    @cached_property
    def continuing(self) -> frozenset[int]:
        """Positions in `changes` of those that only go on with what happened to a track on the page before."""
        places = {id(change): at for at, change in enumerate(self.changes)}
        found: set[int] = set()
        for track in self.tracks:
            if len(track.changes) < 2:
                continue
            starts = {(r.kind, r.first) for r in track.ranges}
            for change in track.changes[1:]:
                page = change.entry.page or 0
                if not any((kind, page) in starts for kind in change.kinds) and id(change) in places:
                    found.add(places[id(change)])
        return frozenset(found)

    @cached_property
    def counts(self) -> Counts:
        """Of all label entries; where objects end is not counted, as nowhere."""
        return counts_of(tuple(c for c in self.labels if not is_stop(c)))

    @cached_property
    def by_page(self) -> dict[int | None, tuple[Change, ...]]:
        """Label changes by the page they are on; one that is on two pages stands on both."""
        found: dict[int | None, list[Change]] = {}
        for change in self.labels:
            pages = {entry.page for entry in (change.before, change.after) if entry is not None}
            for page in pages:
                found.setdefault(page, []).append(change)
        return {page: tuple(changes) for page, changes in found.items()}

    @cached_property
    def of_object(self) -> dict[str, tuple[Change, ...]]:
        """Label changes by object id, of A or of B."""
        found: dict[str, list[Change]] = {}
        for change in self.labels:
            ids = {e.object_id for e in (change.before, change.after) if isinstance(e, Annotation)}
            for object_id in ids:
                found.setdefault(object_id, []).append(change)
        return {object_id: tuple(changes) for object_id, changes in found.items()}


def is_stop(change: Change) -> bool:
    """Whether it is no label that came or went, but the mark where an object ends."""
    entries = [entry for entry in (change.before, change.after) if entry is not None]
    return all(isinstance(entry, Annotation) and entry.stopped for entry in entries)


def counts_of(changes: tuple[Change, ...]) -> Counts:
    """How many of some label changes are of which sort. A brush mask is no label, as in all counts."""
    changes = tuple(c for c in changes if not (isinstance(c.entry, Annotation) and c.entry.key == "brush"))
    added = sum(1 for c in changes if "added" in c.kinds)
    removed = sum(1 for c in changes if "removed" in c.kinds)
    return Counts(added, len(changes) - added - removed, removed)

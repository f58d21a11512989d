"""What happened to whole objects: their changes with the pages on which each thing happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from viewer.diff.comparison import PageRange, TrackChange
from viewer.diff.kinds import in_order, ranges
from viewer.model import Annotation, Change, ChangeKind


def track_changes(
    changes: Sequence[Change], *, after_of: Mapping[str, str], before_of: Mapping[str, str], tracked: bool
) -> tuple[TrackChange, ...]:
    """Changes of label entries gathered by object, in the order in which the objects come."""
    grouped: dict[tuple[str | None, str | None, int], list[Change]] = defaultdict(list)
    for n, change in enumerate(changes):
        one = change.before.object_id if isinstance(change.before, Annotation) else None
        two = change.after.object_id if isinstance(change.after, Annotation) else None
        if one is None and two is not None:
            one = before_of.get(two)
        elif two is None and one is not None:
            two = after_of.get(one)
        # an entry that is not part of a track is an object of its own, even if another one has its id
        grouped[one, two, 0 if tracked else n].append(change)
    return tuple(_track(one, two, found) for (one, two, _), found in grouped.items())


def _track(before_id: str | None, after_id: str | None, changes: list[Change]) -> TrackChange:
    kinds: set[ChangeKind] = {kind for change in changes for kind in change.kinds}
    pages: dict[ChangeKind, set[int]] = defaultdict(set)
    for change in changes:
        for kind in change.kinds:
            pages[kind].add(change.entry.page or 0)
    found = [
        PageRange(kind, first, last, True) for kind in in_order(kinds) for first, last in ranges(sorted(pages[kind]))
    ]
    return TrackChange(
        before_id=before_id,
        after_id=after_id,
        kinds=in_order(kinds),
        ranges=tuple(found),
        changes=tuple(changes),
    )

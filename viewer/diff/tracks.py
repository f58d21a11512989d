"""What happened to whole objects: their changes with the pages on which each thing happened."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from viewer.diff.comparison import PageRange, TrackChange
from viewer.diff.forms import Geometries
from viewer.diff.kinds import geometric, in_order, ranges
from viewer.model import Annotation, Change, ChangeKind, Labels
from viewer.tools.base import Tool
from viewer.tracks import Timeline, Track

Ids = tuple[str | None, str | None]
"""Of one object: before and after."""

Happened = set[tuple[ChangeKind, bool, int]]
"""(what, whether an exported entry changed, page)"""


def track_changes(
    changes: Sequence[Change], *, after_of: Mapping[str, str], before_of: Mapping[str, str], tracked: bool
) -> dict[Ids | int, TrackChange]:
    """Changes of label entries gathered by object, in the order in which the objects come."""
    grouped: dict[Ids | int, list[Change]] = defaultdict(list)
    for n, change in enumerate(changes):
        # an entry that is not part of a track is an object of its own, even if another one has its id
        grouped[_ids(change, after_of, before_of) if tracked else n].append(change)
    return {
        key: _track(key if isinstance(key, tuple) else _ids(found[0], after_of, before_of), found)
        for key, found in grouped.items()
    }


def _ids(change: Change, after_of: Mapping[str, str], before_of: Mapping[str, str]) -> Ids:
    one = change.before.object_id if isinstance(change.before, Annotation) else None
    two = change.after.object_id if isinstance(change.after, Annotation) else None
    if one is None and two is not None:
        return before_of.get(two), two
    if two is None and one is not None:
        return one, after_of.get(one)
    return one, two


def _track(ids: Ids, changes: list[Change]) -> TrackChange:
    happened: Happened = {
        (kind, _is_key_edit(change), change.entry.page or 0) for change in changes for kind in change.kinds
    }
    return TrackChange(
        before_id=ids[0],
        after_id=ids[1],
        kinds=in_order({kind for change in changes for kind in change.kinds}),
        ranges=_as_ranges(happened),
        changes=tuple(changes),
    )


def _is_key_edit(change: Change) -> bool:
    """An exported frame that says that it is no key frame was interpolated by Ango Hub itself."""
    entries = [entry for entry in (change.before, change.after) if isinstance(entry, Annotation)]
    return not all(entry.extra.get("isKeyFrame") is False for entry in entries)


def _as_ranges(happened: Happened) -> tuple[PageRange, ...]:
    """By kind, then by page; pages of one kind that follow each other are one range."""
    pages: dict[tuple[ChangeKind, bool], list[int]] = defaultdict(list)
    for kind, is_key_edit, page in sorted(happened):
        pages[kind, is_key_edit].append(page)
    found: list[PageRange] = []
    for kind in in_order({kind for kind, _ in pages}):
        of_kind = [
            PageRange(kind, first, last, is_key_edit)
            for is_key_edit in (True, False)
            for first, last in ranges(pages.get((kind, is_key_edit), []))
        ]
        found += sorted(of_kind, key=lambda r: r.first)
    return tuple(found)


# ---- between key frames --------------------------------------------------------------------------------------


def with_frames_between(
    tracks: Mapping[Ids | int, TrackChange],
    before: Labels,
    after: Labels,
    geometries: Geometries,
    *,
    tolerance: float,
    frames: int | None,
) -> tuple[TrackChange, ...]:
    """Tracks with what changed between their key frames, where only key frames were exported.

    Between two neighbouring key frames of either snapshot both objects go straight on, so that they differ on all
    frames there as they do on the first or the last of them. `frames` is the number of frames, for what is held
    after the last key frame; without it that is left out.
    """
    evidence = Timeline(before, tracked=True).evidence + Timeline(after, tracked=True).evidence
    if evidence.policy != "keys":
        return tuple(tracks.values())
    wanted = {key for key in tracks if isinstance(key, tuple)}
    ones = _tracks_of(before.annotations, {one for one, _ in wanted})
    twos = _tracks_of(after.annotations, {two for _, two in wanted})
    asked: list[tuple[Ids | int, int, int, Tool, Tool]] = []
    happened: dict[Ids | int, list[PageRange]] = defaultdict(list)
    for key, track in tracks.items():
        one, two = ones.get(track.before_id), twos.get(track.after_id)
        edited = {id(entry) for change in track.changes for entry in (change.before, change.after)}
        for first, last in _gaps(one, two, frames):
            if not (_touches(one, first, edited) or _touches(two, first, edited)):
                continue
            for page in dict.fromkeys((first, last)):
                a, b = (side.at(page) if side is not None else None for side in (one, two))
                if a is not None and b is not None:
                    asked.append((key, first, last, a.tool, b.tool))
                elif a is not None or b is not None:
                    happened[key].append(PageRange("added" if a is None else "removed", first, last, False))
    kinds = geometric([(a, b) for _, _, _, a, b in asked], geometries, tolerance=tolerance)
    for (key, first, last, _, _), kind in zip(asked, kinds):
        if kind is not None:
            happened[key].append(PageRange(kind, first, last, False))
    return tuple(_joined(track, happened.get(key, ())) for key, track in tracks.items())


def _tracks_of(entries: Sequence[Annotation], ids: set[str | None]) -> dict[str | None, Track]:
    grouped: dict[str | None, list[Annotation]] = defaultdict(list)
    for entry in entries:
        if entry.object_id in ids:
            grouped[entry.object_id].append(entry)
    return {object_id: track for object_id, found in grouped.items() if (track := Track(found)).pages}


def _gaps(one: Track | None, two: Track | None, frames: int | None) -> list[tuple[int, int]]:
    """First and last page of each stretch without a key frame on either side."""
    keys = sorted({page for track in (one, two) if track is not None for page in track.pages})
    if frames is not None and keys and keys[-1] < frames:
        keys.append(frames)
    return [(a + 1, b - 1) for a, b in pairwise(keys) if b > a + 1]


def _touches(track: Track | None, page: int, edited: set[int]) -> bool:
    """Whether a key frame at either end of the stretch that `page` lies in was edited."""
    if track is None:
        return False
    k = bisect_left(track.pages, page)
    return any(id(entry) in edited for entry in track.entries[max(k - 1, 0) : k + 1])


def _joined(track: TrackChange, between: Iterable[PageRange]) -> TrackChange:
    """With ranges of frames in between, those that follow each other in one."""
    if track.before_id is None or track.after_id is None:
        # the whole object came or went, key frames and all between them
        between = [r._replace(is_key_edit=False) for r in (*track.ranges, *between)]
        track = msgspec.structs.replace(track, ranges=())
    own = [r for r in track.ranges if not r.is_key_edit]
    found = [r for r in track.ranges if r.is_key_edit]
    for kind in {r.kind for r in (*own, *between)}:
        last: PageRange | None = None
        for r in sorted({r for r in (*own, *between) if r.kind == kind}, key=lambda r: r.first):
            if last is not None and r.first <= last.last + 1:
                last = PageRange(kind, last.first, max(last.last, r.last), False)
                continue
            found += [last] if last is not None else []
            last = r
        found += [last] if last is not None else []
    if track.before_id is None or track.after_id is None:
        found = [r._replace(is_key_edit=True) for r in found]
    order = {kind: n for n, kind in enumerate(in_order({r.kind for r in found}))}
    found.sort(key=lambda r: (order[r.kind], r.first))
    kinds = in_order({r.kind for r in found} | set(track.kinds))
    return TrackChange(
        before_id=track.before_id, after_id=track.after_id, kinds=kinds, ranges=tuple(found), changes=track.changes
    )

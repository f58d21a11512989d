"""Two snapshots in, their changes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import Literal, TypeAlias

import msgspec

from viewer.diff.answers import attribute_changes, compare_answers
from viewer.diff.brush import compare_brushes
from viewer.diff.comparison import Comparison
from viewer.diff.forms import Geometries
from viewer.diff.kinds import TOLERANCE, geometric, in_order, is_reclassified
from viewer.diff.match import Pairing, has_id, pair_up
from viewer.diff.measures import NOTHING, Measures, measured
from viewer.diff.relations import compare_relations
from viewer.diff.tracks import track_changes, with_frames_between
from viewer.model import Annotation, AnswerChange, Change, ChangeKind, Edits, Labels, Snapshot

_object_id = attrgetter("object_id")

Depth: TypeAlias = Literal["full", "light"]
"""``light``: kinds, shift, area, and IoU up to 500 points, for whole exports. ``full``: all measures."""


def compare(
    before: Snapshot | Labels,
    after: Snapshot | Labels,
    *,
    tracked: bool,
    size: tuple[float, float] | None = None,
    measures: Depth = "full",
    tolerance: float = TOLERANCE,
    by: str | None = None,
    at: str | None = None,
    since: str | None = None,
    frames: int | None = None,
) -> Comparison:
    """The changes from `before` to `after`.

    `tracked`: the asset is a video, in which one object id over several pages is one object. `size` is the label
    space (``Asset.size``); only PDF highlights need it. Differences of up to `tolerance` pixels are none. `by` and
    `at` say who left `after` and when, `since` when `before` was left; snapshots say it themselves unless they are
    the current state. `frames`: how many a video has, for objects that are held after their last key frame.
    Nothing raises: shapes that are not valid are mended, and the change's note says so.
    """
    by, at, since = _people(before, after, by=by, at=at, since=since)
    one, two = _labels(before), _labels(after)
    ones, twos = one.annotations, two.annotations
    geometries = Geometries(size)
    pairing = pair_up(ones, twos, tracked=tracked, geometries=geometries)
    after_of = _after_of(ones, twos, pairing)
    labels = _label_changes(ones, twos, pairing, geometries, tolerance=tolerance, full=measures == "full")
    relations = compare_relations(one.relations, two.relations, after_of=after_of)
    answers = compare_answers(one.classifications, two.classifications)
    masks, notes = (
        compare_brushes(before, after) if isinstance(before, Snapshot) and isinstance(after, Snapshot) else ([], ())
    )
    changes = tuple(_signed(change, by=by, at=at, since=since) for change in (*labels, *masks, *relations, *answers))
    found = Comparison(changes, after_of=after_of, notes=notes)
    tracks = track_changes(found.labels, after_of=after_of, before_of=found.before_of, tracked=tracked)
    found.tracks = (
        with_frames_between(tracks, one, two, geometries, tolerance=tolerance, frames=frames)
        if tracks and tracked and measures == "full"
        else tuple(tracks.values())
    )
    return found


def _labels(side: Snapshot | Labels) -> Labels:
    return side.labels if isinstance(side, Snapshot) else side


def _people(
    before: Snapshot | Labels, after: Snapshot | Labels, *, by: str | None, at: str | None, since: str | None
) -> tuple[str | None, str | None, str | None]:
    if isinstance(after, Snapshot):
        by, at = by or after.completed_by, at or after.completed_at
    if isinstance(before, Snapshot):
        since = since or before.completed_at
    return by, at, since


def _after_of(ones: Sequence[Annotation], twos: Sequence[Annotation], pairing: Pairing) -> dict[str, str]:
    """Object ids before → after. An id that is in both stays itself; a new one is that of most of its entries."""
    own = dict.fromkeys(map(_object_id, ones))
    if not (pairing.pairs or pairing.removed or pairing.added):
        return dict(zip(own, own))
    known = dict.fromkeys(map(_object_id, twos))
    found: dict[str, str] = {}
    recreated = Counter(
        (ones[i].object_id, twos[j].object_id) for i, j in pairing.pairs if ones[i].object_id != twos[j].object_id
    )
    taken = own.keys() & known.keys()
    for (old, new), _ in recreated.most_common():
        if old not in found and old not in known and new not in taken:
            found[old] = new
            taken.add(new)
    # last, so that of two that became one the same id is the one that it came from
    found.update((object_id, object_id) for object_id in own if object_id in known)
    return found


def _label_changes(
    ones: Sequence[Annotation],
    twos: Sequence[Annotation],
    pairing: Pairing,
    geometries: Geometries,
    *,
    tolerance: float,
    full: bool,
) -> list[Change]:
    """By page, then in the order of the export; what was removed stands before what follows it."""
    tools = [(ones[i].tool, twos[j].tool) for i, j in pairing.pairs]
    placed: list[tuple[tuple[int, int, int], Change]] = []
    changed: list[tuple[int, int, set[ChangeKind], tuple[AnswerChange, ...]]] = []
    for (i, j), kind in zip(pairing.pairs, geometric(tools, geometries, tolerance=tolerance)):
        one, two = ones[i], twos[j]
        kinds: set[ChangeKind] = set()
        answers: tuple[AnswerChange, ...] = ()
        if one.stopped != two.stopped:
            kinds.add("removed" if two.stopped else "added")
        elif one.stopped:
            # a stop is never drawn: that its object ends here is all it says
            kinds |= _identity_kinds(one, two)
        else:
            if kind is not None:
                kinds.add(kind)
            if one.page != two.page and (one.page or 0) != (two.page or 0):
                kinds.add("moved")
            kinds |= _identity_kinds(one, two)
            answers = attribute_changes(one, two, tolerance=tolerance)
            if answers:
                kinds.add("attributes")
        if kinds:
            changed.append((i, j, kinds, answers))
    both = [k for k, (_, _, kinds, _) in enumerate(changed) if not kinds & {"added", "removed"}]
    found = measured(
        [(ones[changed[k][0]].tool, twos[changed[k][1]].tool) for k in both],
        geometries,
        full=full,
        rigid=["reshaped" not in changed[k][2] for k in both],
    )
    measures: dict[int, Measures] = dict(zip(both, found))
    for k, (i, j, kinds, answers) in enumerate(changed):
        m = measures.get(k, NOTHING)
        change = Change(
            kinds=in_order(kinds),
            before=ones[i],
            after=twos[j],
            iou=m.iou,
            shift_px=m.shift_px,
            hausdorff_px=m.hausdorff_px,
            area_ratio=m.area_ratio,
            answers=answers,
            note=m.note,
        )
        placed.append(((twos[j].page or 0, j, 1), change))
    placed += [((ones[i].page or 0, i, 0), Change(kinds=("removed",), before=ones[i])) for i in pairing.removed]
    placed += [((twos[j].page or 0, j, 1), Change(kinds=("added",), after=twos[j])) for j in pairing.added]
    placed.sort(key=lambda item: item[0])
    return [change for _, change in placed]


def _identity_kinds(one: Annotation, two: Annotation) -> set[ChangeKind]:
    kinds: set[ChangeKind] = set()
    if is_reclassified(one, two):
        kinds.add("reclassified")
    if one.object_id != two.object_id and has_id(one) and has_id(two):
        kinds.add("recreated")
    return kinds


def _signed(change: Change, *, by: str | None, at: str | None, since: str | None) -> Change:
    """With who did it and when: as the annotation says itself where that is newer than the earlier snapshot."""
    edits: list[Edits] = []
    if isinstance(change.after, Annotation):
        edits = [change.after.updated, change.after.created]
    for when, who, _ in edits:
        if when is not None and since is not None and when > since:
            return msgspec.structs.replace(change, by=who or by, at=when)
    if by is None and at is None:
        return change
    return msgspec.structs.replace(change, by=by, at=at)

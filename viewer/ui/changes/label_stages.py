"""One label from stage to stage: what happened to it in each, as it was told by comparisons. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from viewer.diff import Comparison
from viewer.diff.blame import CLASS, GEOMETRY, Blame, Compare, Mark, blame, derived
from viewer.diff.forms import Geometries
from viewer.diff.measures import ious
from viewer.model import TRACKED_KINDS, Annotation, Asset, Change, Snapshot, Task
from viewer.state import Look
from viewer.tools.base import Tool
from viewer.tracks import Placed
from viewer.ui.inspector.change_words import kind_text, share, sign_of, words_of
from viewer.ui.inspector.facts import Fact, heading
from viewer.ui.inspector.words import safe_line, tr, when_text
from viewer.ui.scene import timeline_of
from viewer.ui.timeline.cards import stage_names


@dataclass(frozen=True, slots=True, eq=False)
class StageOfLabel:
    """A label in one stage."""

    index: int
    object_id: str
    sign: str
    """What happened to it since the stage before: the sign of a change, or ``unchanged``."""
    words: str
    by: str
    at: str | None
    entry: Annotation | None = None
    """As it is on the page looked at; None where it is not there (any more)."""
    tool: Tool | None = None
    """Its shape there, which may lie between key frames."""
    iou: float | None = None
    """Overlap with the current state; None where one of them is not there, or has no area."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelStages:
    """A label through the stages, from the first one that has it to the last; empty for an unknown label."""

    stages: tuple[StageOfLabel, ...] = ()
    blame: Blame | None = None
    names: tuple[str, ...] = ()
    """Of all stages of the task."""
    ids: frozenset[str] = field(default_factory=frozenset)
    """All ids that it had."""


def stages_of_label(
    asset: Asset,
    task: Task,
    object_id: str,
    at: int,
    page: int,
    *,
    look: Look,
    comparison: Compare,
    reference: int | None = None,
) -> LabelStages:
    """Follow a label back from stage `at` (or `reference`, where only that has it) and on to the last stage.

    Its id may change on the way: `comparison(a, b)` of neighbours says who became whom. `page` is the page looked
    at: of an object with several entries that one counts.
    """
    snapshots = task.snapshots
    start = next((i for i in (at, reference) if i is not None and has_label(snapshots[i], object_id)), None)
    if start is None:
        return LabelStages()
    ids = {start: object_id}
    for i in range(start, 0, -1):
        before = comparison(i - 1, i).before_of.get(ids[i])
        if before is None or not has_label(snapshots[i - 1], before):
            break
        ids[i - 1] = before
    removed: int | None = None
    for i in range(start, len(snapshots) - 1):
        after = comparison(i, i + 1).after_of.get(ids[i])
        if after is None or not has_label(snapshots[i + 1], after):
            removed = i + 1
            break
        ids[i + 1] = after
    found = [_stage(asset, task, i, ids, page, look=look, comparison=comparison) for i in sorted(ids)]
    if removed is not None:
        changes = _of_label(comparison(removed - 1, removed), ids[removed - 1], page)
        mark = derived(task, removed)
        gone = [c for c in changes if "removed" in c.kinds]
        by, when = (gone[0].by, gone[0].at) if gone else (mark.by, mark.at)
        found.append(StageOfLabel(removed, ids[removed - 1], "removed", tr("removed"), by or "", when))
    told = blame(task, ids[max(ids)], tracked=asset.kind in TRACKED_KINDS, at=max(ids), comparison=comparison)
    return LabelStages(
        _with_overlap(asset, found, len(snapshots) - 1), told, stage_names(snapshots), frozenset(ids.values())
    )


def has_label(snapshot: Snapshot, object_id: str) -> bool:
    """Whether a stage has a label with this id."""
    return any(a.object_id == object_id and not a.stopped for a in snapshot.labels.annotations)


def _stage(
    asset: Asset, task: Task, index: int, ids: dict[int, str], page: int, *, look: Look, comparison: Compare
) -> StageOfLabel:
    object_id = ids[index]
    placed = _placed(asset, task.snapshots[index], object_id, page, look)
    entry, tool = (None, None) if placed is None else (placed.annotation, placed.tool)
    mark = derived(task, index)
    if index - 1 not in ids:
        words, by, when = tr("added"), mark.by, mark.at
        made = _of_label(comparison(index - 1, index), object_id, page) if index > 0 else ()
        if made:
            by, when = made[0].by or by, made[0].at or when
        return StageOfLabel(index, object_id, "added", words, by or "", when, entry, tool)
    changes = _of_label(comparison(index - 1, index), object_id, page)
    if not changes:
        return StageOfLabel(index, object_id, "unchanged", tr("unchanged"), mark.by or "", mark.at, entry, tool)
    last = max(changes, key=lambda change: change.at or "")
    sign = sign_of(_weightiest(changes))
    return StageOfLabel(
        index, object_id, sign, change_words(changes, page), last.by or mark.by or "", last.at or mark.at, entry, tool
    )


def _of_label(comparison: Comparison, object_id: str, page: int) -> tuple[Change, ...]:
    """The changes of a label, that of the page looked at first."""
    changes = comparison.of_object.get(object_id, ())
    return tuple(sorted(changes, key=lambda c: page not in (c.page_before or 0, c.page_after or 0)))


_WEIGHT = ("removed", "added", "reclassified", "reshaped", "moved", "attributes", "retimed", "recreated")


def _weightiest(changes: Sequence[Change]) -> str:
    kinds = {kind for change in changes for kind in change.kinds}
    if len(changes) > 1 and kinds - {"added", "removed"}:
        kinds -= {"added", "removed"}  # single key frames that came or went did not make the object
    return next((kind for kind in _WEIGHT if kind in kinds), changes[0].kind)


def change_words(changes: Sequence[Change], page: int) -> str:
    """What happened to a label, also to one with entries on many pages: that of the page looked at, and how many."""
    if len(changes) == 1:
        only = changes[0]
        here = page in (only.page_before or 0, only.page_after or 0)
        text = words_of(only)
        return text if here else tr("{0} on page {1}").format(text, f"{(only.entry.page or 0) + 1:,}")
    counts = Counter(kind for change in changes for kind in change.kinds)
    return ", ".join(
        tr("{0} on {1} pages").format(kind_text(kind).lower(), f"{count:,}")
        if count > 1
        else tr("{0} on 1 page").format(kind_text(kind).lower())
        for kind, count in counts.most_common()
    )


def _placed(asset: Asset, snapshot: Snapshot, object_id: str, page: int, look: Look) -> Placed | None:
    timeline = timeline_of(asset, snapshot.labels, look)
    return next((p for p in timeline.on_page(page) if p.annotation.object_id == object_id), None)


def _with_overlap(asset: Asset, stages: Sequence[StageOfLabel], current: int) -> tuple[StageOfLabel, ...]:
    last = next((s.tool for s in stages if s.index == current), None)
    if last is None:
        return tuple(stages)
    geometries = Geometries(asset.size)
    found = []
    for stage in stages:
        iou = None
        if stage.tool is not None and all(area > 0 for area in geometries.areas([stage.tool, last])):
            iou = 1.0 if stage.tool is last else float(ious([stage.tool], [last], geometries)[0])
        found.append(replace(stage, iou=iou))
    return tuple(found)


# ---- in rows -------------------------------------------------------------------------------------------------


def facts_of(found: LabelStages, shown: int) -> list[Fact]:
    """A row for each stage, then who made and last changed each field. `shown` is the stage looked at."""
    if not found.stages or len(found.names) < 2:
        return []
    rows = [_stage_fact(stage, found.names, shown) for stage in found.stages]
    return [heading(tr("Through the stages"), tr("IoU to current")), *rows, *_blame_facts(found)]


def _stage_fact(stage: StageOfLabel, names: Sequence[str], shown: int) -> Fact:
    return Fact(
        names[stage.index],
        stage.words,
        "stage",
        person=stage.by,
        jump=("stage", (stage.index, stage.object_id)),
        quiet=stage.sign == "unchanged",
        sign=stage.sign,
        end="" if stage.iou is None else share(stage.iou),
        note=when_text(stage.at),
        picture=stage.index,
        is_current=stage.index == shown,
    )


def _blame_facts(found: LabelStages) -> list[Fact]:
    if found.blame is None or not found.blame.fields:
        return []
    rows = [heading(tr("Who did it"))]
    names = {GEOMETRY: tr("Geometry"), CLASS: tr("Class")}
    for entry in found.blame.fields:
        name = names.get(entry.name) or safe_line(entry.name.rsplit(" / ", 1)[-1])[:200]
        depth = 0 if entry.name in names else entry.name.count(" / ")
        rows.append(_mark(name, entry.made, found.names, depth))
        if entry.changed is not None:
            rows.append(_mark(tr("changed"), entry.changed, found.names, depth + 1))
    return rows


def _mark(name: str, mark: Mark, names: Sequence[str], indent: int) -> Fact:
    """Who, when and in which stage; ≈ where the snapshots say so and not the label itself."""
    stage = names[mark.snapshot] if mark.snapshot < len(names) else safe_line(mark.stage or "")
    text = " · ".join(part for part in (stage, when_text(mark.at)) if part)
    return Fact(name, text if mark.is_exact else f"≈ {text}", person=mark.by or "", indent=indent)

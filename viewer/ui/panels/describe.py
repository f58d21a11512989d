"""What the inspector says of a label, an asset or a task: (name, value) groups of plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from viewer.errors import one_line
from viewer.export.issues import Issue
from viewer.model import Annotation, Asset, Classification, Relation, Snapshot, Task
from viewer.tracks import Placed
from viewer.ui.inspector.words import answer_text, edits_text, without_query

__all__ = [
    "answer_text", "answers", "asset_groups", "duration_text", "edits_text", "issue_fields", "label_groups",
    "placed_fields", "relation_groups", "without_query",
]  # fmt: skip

Group = tuple[str, Any]

_STATES = {"key": "as exported", "interpolated": "between keys", "held": "held from an earlier page"}


def answers(classifications: Sequence[Classification]) -> dict[str, Any]:
    """Questions and answers as a tree; a question that is asked twice is numbered."""
    result: dict[str, Any] = {}
    for c in classifications:
        name = one_line(c.title or c.tool or "question")
        if c.page is not None:
            name += f" (page {c.page + 1:,})"
        text = "switched off" if c.stopped else answer_text(c.answer)
        at, n = name, 2
        while at in result:
            at, n = f"{name} #{n}", n + 1
        result[at] = {"answer": text, **answers(c.classifications)} if c.classifications else text
    return result


def label_groups(annotation: Annotation, placed: Placed | None) -> list[Group]:
    """Every field of one label."""
    groups: list[Group] = [
        ("Class", annotation.title or "no title"),
        ("Shape", annotation.key or "none"),
        *placed_fields(annotation, placed),
    ]
    if annotation.classifications:
        groups.append(("Answers", answers(annotation.classifications)))
    if any(annotation.created):
        groups.append(("Created", edits_text(annotation.created)))
    if any(annotation.updated):
        groups.append(("Last change", edits_text(annotation.updated)))
    if annotation.page is not None:
        groups.append(("Page", f"{annotation.page + 1:,} (in the export {annotation.page:,})"))
    if annotation.stopped:
        groups.append(("Track", "ends here (interpolationStopped)"))
    groups += [("Object id", annotation.object_id), ("Schema id", annotation.schema_id)]
    if annotation.metadata:
        groups.append(("Metadata", annotation.metadata))
    groups += [(name, value) for name, value in annotation.extra.items()]
    groups.append(("Place in the export", annotation.path))
    return groups


def placed_fields(annotation: Annotation, placed: Placed | None) -> list[Group]:
    """The geometry as it is on this page, which between key frames is not what the export says."""
    tool = annotation.tool if placed is None else placed.tool
    groups: list[Group] = [(name, text) for name, text in tool.fields()]
    if placed is not None and placed.state != "key":
        groups.append(("On this page", _STATES[placed.state]))
    return groups


def relation_groups(relation: Relation, names: Mapping[str, str]) -> list[Group]:
    """Every field of one relation; `names` tells what its ends are called."""

    def named(ids: Sequence[str]) -> list[str]:
        return [names.get(i, f"missing object {i}") for i in ids]

    groups: list[Group] = [("Relation", relation.title or "no title")]
    if relation.group is not None:
        groups.append(("Members", named(relation.group)))
    else:
        groups += [
            ("From", named(relation.sources)),
            ("To", named(relation.targets)),
            ("Direction", relation.direction),
        ]
    if relation.classifications:
        groups.append(("Answers", answers(relation.classifications)))
    groups += [("Object id", relation.object_id), ("Schema id", relation.schema_id)]
    if relation.metadata:
        groups.append(("Metadata", relation.metadata))
    groups.append(("Place in the export", relation.path))
    return groups


def asset_groups(
    asset: Asset,
    task: Task,
    snapshot: Snapshot,
    facts: Mapping[str, Any],
    answers_here: Sequence[Classification] = (),
) -> list[Group]:
    """The asset, its task, the stage shown and the facts of its file. Addresses are shown without their query.

    `answers_here`: answers given for single pages that hold on the page shown.
    """
    groups: list[Group] = [
        ("Asset", {
            "External id": asset.external_id, "Asset id": asset.asset_id, "Kind": asset.kind,
            "Number in the export": asset.index, "Batches": list(asset.batches),
            "Address": without_query(asset.url), "Files": len(asset.dataset) or 1,
        }),
        ("Metadata", dict(asset.metadata)),
    ]  # fmt: skip
    if facts:
        groups.append(("File", dict(facts)))
    groups.append(("Stage shown", {
        "Stage": snapshot.stage, "Stage id": snapshot.stage_id, "Completed": snapshot.completed_at,
        "By": snapshot.completed_by, "Duration": duration_text(snapshot.duration_ms),
        "Verdict": snapshot.review_status, "Labels": snapshot.labels.count,
        "Brush": without_query(snapshot.brush_url), "Voxel brush": without_query(snapshot.medical_brush_url),
    }))  # fmt: skip
    whole = [c for c in snapshot.labels.classifications if c.page is None]
    if whole:
        groups.append(("Answers for the asset", answers(whole)))
    if answers_here:
        groups.append(("Answers on this page", answers(answers_here)))
    groups.append(("Task", {"Task id": task.task_id, **task.fields}))
    if asset.fields:
        groups.append(("Also in the export", dict(asset.fields)))
    return groups


def issue_fields(issue: Issue) -> dict[str, Any]:
    """An issue with its comments."""
    fields: dict[str, Any] = {"Text": issue.content, "Status": issue.status, "By": issue.created_by,
                              "When": issue.created_at, "Page": issue.page, "Object id": issue.object_id}  # fmt: skip
    if issue.codes:
        fields["Codes"] = list(issue.codes)
    if issue.comments:
        fields["Comments"] = [one_line(f"{c.by or ''}: {c.text}".lstrip(": ")) for c in issue.comments]
    return {name: value for name, value in fields.items() if value is not None}


def duration_text(milliseconds: int | None) -> str | None:
    """Work time for people."""
    if milliseconds is None:
        return None
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"

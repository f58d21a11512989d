"""What is told of a label, a relation, or an asset with its task: rows of names and values. No Qt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from viewer.model import Annotation, Asset, Classification, Edits, Relation, Snapshot, Task
from viewer.tracks import Placed
from viewer.ui.inspector.json_text import masked
from viewer.ui.inspector.names import Names, title_of
from viewer.ui.inspector.words import (
    answer_text,
    safe,
    safe_line,
    shape_text,
    state_text,
    tr,
    value_text,
    when_text,
    without_query,
)
from viewer.ui.timeline.cards import parse_time, span, stage_names

MEMBERS_SHOWN = 100
"""Of one list or object; the raw JSON shows all."""
ROWS_SHOWN = 1_500
DEPTH = 8


@dataclass(frozen=True, slots=True)
class Fact:
    """One row. `text` is safe to show and to copy."""

    name: str = ""
    text: str = ""
    kind: Literal["row", "heading", "stage"] = "row"
    indent: int = 0
    person: str = ""
    """Whose initials stand before the text."""
    jump: tuple[Literal["object", "page", "stage"], str | int | tuple[int, str]] | None = None
    """Where a click on it leads; of a stage its index and the object's id there."""
    is_id: bool = False
    quiet: bool = False
    sign: str = ""
    """Of a stage: the sign of what happened in it."""
    end: str = ""
    """What stands at the right end, of a stage or a heading."""
    note: str = ""
    """A second, smaller line of a stage."""
    picture: int | None = None
    """Which of the view's pictures stands before a stage."""
    is_current: bool = False
    """Whether a stage is the one looked at."""


Stages: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]
"""By stage id: (completed at, name) of each time the task passed it, in order."""


def heading(text: str, end: str = "") -> Fact:
    """The name of the rows below, and what their right ends are."""
    return Fact(text, kind="heading", end=end)


def answers(classifications: Sequence[Classification], indent: int = 0) -> list[Fact]:
    """Questions and answers, nested ones indented."""
    found: list[Fact] = []
    for c in classifications[:MEMBERS_SHOWN]:
        name = safe_line(c.title or c.tool) or tr("Question")
        text = tr("switched off") if c.stopped else answer_text(c.answer)
        if isinstance(c.answer, str) and c.answered and not c.stopped:
            text = safe(c.answer)
        found.append(Fact(name, text, indent=indent, quiet=c.stopped or not c.answered))
        if indent < DEPTH:
            found += answers(c.classifications, indent + 1)
    return found + _more(len(classifications), indent)


def _more(count: int, indent: int) -> list[Fact]:
    rest = count - MEMBERS_SHOWN
    return [Fact("", tr("… {0} more").format(f"{rest:,}"), indent=indent, quiet=True)] if rest > 0 else []


def values(name: str, value: Any, indent: int = 0) -> list[Fact]:
    """A value of the export with its members below."""
    name = safe_line(name)
    text = value_text(value)
    if isinstance(value, Mapping):
        items: list[tuple[str, Any]] = [(str(key), member) for key, member in value.items()]
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes) and text == f"{len(value):,}":
        items = [(str(i), member) for i, member in enumerate(value[: MEMBERS_SHOWN + 1])]
        items = items if value else []
    else:
        items = []
    found = [Fact(name, text, indent=indent, quiet=value is None)]
    if indent >= DEPTH:
        return found
    for key, member in items[:MEMBERS_SHOWN]:
        found += values(key, member, indent + 1)
        if len(found) > ROWS_SHOWN:
            return found[:ROWS_SHOWN]
    return found + _more(len(value) if items else 0, indent + 1)


def block(title: str, fields: Mapping[str, Any]) -> list[Fact]:
    """A heading with its fields; nothing when all of them are missing."""
    rows = [fact for name, value in fields.items() if value is not None for fact in values(name, value)]
    return [heading(title), *rows] if rows else []


def edit(name: str, edits: Edits, stages: Stages) -> list[Fact]:
    """Who did it, in which stage and when: avatar · stage · date."""
    when, who, stage = edits
    if not any(edits):
        return []
    parts = [_stage_name(stage, when, stages), when_text(when)]
    text = " · ".join(part for part in parts if part) or safe_line(who or "")
    return [Fact(name, text, person=who or "")]


def stages_of(task: Task | None) -> Stages:
    """Names of the stages of a task by id, with when they were left."""
    found: dict[str, list[tuple[str, str]]] = {}
    if task is not None:
        for s, name in zip(task.snapshots, stage_names(task.snapshots)):
            if s.stage_id:
                found.setdefault(s.stage_id, []).append((s.completed_at or "", name))
    return found


def _stage_name(stage: str | None, when: str | None, stages: Stages) -> str:
    """A stage that was passed several times is the first one that was left after the edit."""
    visits = stages.get(stage or "", ())
    moment = parse_time(when)
    for left, name in visits:
        end = parse_time(left)
        if moment is None or end is None or moment <= end:
            return name
    return visits[-1][1] if visits else ""


def geometry_text(annotation: Annotation) -> str:
    """The geometry as exported, as JSON; "" where the export has none."""
    try:
        entry = json.loads(annotation.raw)
    except (ValueError, RecursionError):
        return ""
    value = entry.get(annotation.key) if isinstance(entry, dict) else None
    return "" if value is None else masked(json.dumps(value, ensure_ascii=False))


def label_facts(
    annotation: Annotation,
    placed: Placed | None,
    *,
    stages: Stages,
    tracked: bool,
    relations: Sequence[Relation] = (),
    names: Names | None = None,
) -> list[Fact]:
    """Every field of one label. `placed` is how it lies on the page shown, which may lie between key frames."""
    tool = annotation.tool if placed is None else placed.tool
    rows = [Fact(tr("Shape"), shape_text(annotation.key, tool))]
    if placed is not None and tracked:
        rows.append(Fact(tr("On this page"), state_text(placed.state)))
    elif placed is None:
        rows.append(Fact(tr("On this page"), tr("not there"), quiet=True))
    rows += answers(annotation.classifications)
    rows += edit(tr("Created"), annotation.created, stages)
    if annotation.updated != annotation.created:
        rows += edit(tr("Last change"), annotation.updated, stages)
    if annotation.page is not None:
        at = annotation.page
        text = tr("{0} (in the export {1})").format(f"{at + 1:,}", f"{at:,}")
        rows.append(Fact(tr("Key frame") if tracked else tr("Page"), text, jump=("page", at)))
    if annotation.stopped:
        rows.append(Fact(tr("Track"), tr("ends here")))
    own = [r for r in relations if annotation.object_id in r.members]
    if own and names is not None:
        rows.append(heading(tr("Relations")))
        rows += [fact for relation in own[:MEMBERS_SHOWN] for fact in _ends(relation, names, annotation.object_id)]
        rows += _more(len(own), 0)
    rows.append(heading(tr("Geometry")))
    rows += [Fact(tr(name), safe(text)) for name, text in tool.fields()]
    rows.append(heading(tr("In the export")))
    rows += [
        Fact(tr("Object id"), safe_line(annotation.object_id), is_id=True),
        Fact(tr("Schema id"), safe_line(annotation.schema_id), is_id=True),
        Fact(tr("Path"), safe_line(annotation.path), is_id=True),
    ]
    if annotation.metadata:
        rows += values(tr("Metadata"), annotation.metadata)
    for name, value in annotation.extra.items():
        rows += values(name, value)
    return rows[:ROWS_SHOWN]


def with_history(rows: Sequence[Fact], history: Sequence[Fact]) -> list[Fact]:
    """The facts of a label with what happened to it through the stages: before the first heading."""
    at = next((i for i, fact in enumerate(rows) if fact.kind == "heading"), len(rows))
    return [*rows[:at], *history, *rows[at:]]


def _ends(relation: Relation, names: Names, own: str) -> list[Fact]:
    """The other ends of a relation of an object, each to go to."""
    title = title_of(relation)
    if relation.group is not None:
        others = [("⋯", i) for i in relation.group if i != own]
    else:
        out, back = {"straight": ("→", "←"), "reverse": ("←", "→"), "bidirectional": ("↔", "↔")}[relation.direction]
        others = [(out, i) for i in relation.targets] if own in relation.sources else []
        others += [(back, i) for i in relation.sources] if own in relation.targets else []
    return [_end(title if n == 0 else "", i, names, sign) for n, (sign, i) in enumerate(others[:MEMBERS_SHOWN])]


def _end(name: str, object_id: str, names: Names, sign: str = "") -> Fact:
    known = names.known(object_id)
    text = f"{sign} {names.of(object_id)}".lstrip()
    return Fact(name, text, jump=("object", object_id) if known else None, quiet=not known)


def relation_facts(relation: Relation, names: Names) -> list[Fact]:
    """Every field of one relation."""
    rows: list[Fact] = []
    if relation.group is not None:
        rows.append(Fact(tr("Shape"), tr("Group of {0}").format(f"{len(relation.group):,}")))
        sides = [(tr("Members"), relation.group)]
    else:
        word = {"straight": tr("from → to"), "reverse": tr("to → from"), "bidirectional": tr("both ways")}
        rows.append(Fact(tr("Direction"), word[relation.direction]))
        sides = [(tr("From"), relation.sources), (tr("To"), relation.targets)]
    for name, ends in sides:
        rows += [_end(name if n == 0 else "", i, names) for n, i in enumerate(ends[:MEMBERS_SHOWN])]
        rows += _more(len(ends), 0)
    rows += answers(relation.classifications)
    if relation.page is not None:
        rows.append(Fact(tr("Page"), f"{relation.page + 1:,}", jump=("page", relation.page)))
    rows.append(heading(tr("In the export")))
    rows += [
        Fact(tr("Object id"), safe_line(relation.object_id), is_id=True),
        Fact(tr("Schema id"), safe_line(relation.schema_id), is_id=True),
        Fact(tr("Path"), safe_line(relation.path), is_id=True),
    ]
    if relation.metadata:
        rows += values(tr("Metadata"), relation.metadata)
    return rows


_CONSENSUS = ("consensus", "consensusScore", "agreement", "consensusId")


def asset_facts(
    asset: Asset,
    task: Task,
    snapshot: Snapshot,
    facts: Mapping[str, Any],
    answers_here: Sequence[Classification] = (),
) -> list[Fact]:
    """The asset, its task, the stage shown and the facts of its file. Addresses are shown without their query.

    `answers_here`: answers given for single pages that hold on the page shown.
    """
    whole = [c for c in snapshot.labels.classifications if c.page is None]
    rows: list[Fact] = []
    if whole:
        rows += [heading(tr("Answers for the whole asset")), *answers(whole)]
    if answers_here:
        rows += [heading(tr("Answers on this page")), *answers(answers_here)]
    rows += block(tr("Asset"), {
        tr("External id"): asset.external_id, tr("Kind"): asset.kind, tr("Asset id"): asset.asset_id,
        tr("Number"): f"{asset.index + 1:,}", tr("Batches"): list(asset.batches) or None,
        tr("Address"): without_query(asset.url), tr("Files"): len(asset.dataset) or None,
    })  # fmt: skip
    rows += block(tr("Metadata"), asset.metadata)
    rows += block(tr("File"), facts)
    names = stage_names(task.snapshots)
    rows += [*block(tr("Stage shown"), {
        tr("Stage"): names[snapshot.index] if snapshot.index < len(names) else snapshot.stage,
        tr("Verdict"): snapshot.review_status, tr("Labels"): f"{snapshot.labels.count:,}",
        tr("Work"): None if snapshot.duration_ms is None else span(snapshot.duration_ms),
    }), *edit(tr("Completed"), (snapshot.completed_at, snapshot.completed_by, None), {})]  # fmt: skip
    rows += block("", {
        tr("Stage id"): snapshot.stage_id, tr("Brush"): without_query(snapshot.brush_url),
        tr("Voxel brush"): without_query(snapshot.medical_brush_url),
    })[1:]  # fmt: skip
    rows += block(tr("Task"), {
        tr("Task id"): task.task_id, **{k: v for k, v in task.fields.items() if k not in _CONSENSUS},
    })  # fmt: skip
    consensus = {k: v for fields in (task.fields, asset.fields) for k, v in fields.items() if k in _CONSENSUS}
    rows += block(tr("Consensus"), consensus)
    rows += block(tr("Also in the export"), {k: v for k, v in asset.fields.items() if k not in _CONSENSUS})
    if len(rows) > ROWS_SHOWN:
        rows = [*rows[:ROWS_SHOWN], Fact("", tr("… {0} more").format(f"{len(rows) - ROWS_SHOWN:,}"), quiet=True)]
    return rows

"""What the generations share: a task and its snapshots out of undecoded members."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

import msgspec

from viewer.errors import ExportError
from viewer.export.findings import Findings
from viewer.export.generations.annotations import NULL, Members, labels_later
from viewer.export.links import without_query
from viewer.export.mend import elements_of, members_of, value_of
from viewer.export.repeats import Repeats
from viewer.model import Snapshot, Task
from viewer.tools.base import kind_of

LISTS = ("tools", "objects", "classifications", "relations")
"""The members that hold labels."""


class Generation(Protocol):
    """One form of exports: a module with these functions."""

    def matches(self, asset: Members) -> bool:
        """Whether an asset has this form; the first generation that says so reads it."""

    def tasks(self, asset: Members, findings: Findings) -> tuple[Task, ...]:
        """Its tasks, possibly none."""


def present(members: Members, name: str) -> bool:
    """Whether a member is there and not null."""
    return name in members and bytes(members[name]) != b"null"


def value(members: Members, name: str, path: str, findings: Findings) -> Any:
    """One member decoded; None when absent or unreadable (told)."""
    if name not in members:
        return None
    try:
        found, repaired = value_of(members[name])
    except ExportError as error:
        findings.add(str(error), "it was left out", f"{path}.{name}", error=True)
        return None
    if repaired:
        findings.add("the text is damaged", "it was repaired", f"{path}.{name}")
    return found


def rest(members: Members, used: Collection[str], path: str, findings: Findings) -> dict[str, Any]:
    """All members that are not `used`, decoded, for the inspector."""
    return {name: value(members, name, path, findings) for name in members if name not in used}


def objects(raw: msgspec.Raw, path: str, findings: Findings, *, of: str) -> list[tuple[Members, str]]:
    """The members of each object in a list, and its path. Elements that are none are told and left out."""
    try:
        pieces, _ = elements_of(raw)
    except ExportError as error:
        findings.add(str(error), "it was left out", path, error=True)
        return []
    except msgspec.ValidationError:
        if bytes(raw) != b"null":
            what = f"{kind_of(value_of(raw)[0])} stands where a list of {of} belongs"
            findings.add(what, "it was left out", path, error=True)
        return []
    found: list[tuple[Members, str]] = []
    for i, piece in enumerate(pieces):
        members = object_at(piece, f"{path}[{i}]", findings)
        if members is not None:
            found.append((members, f"{path}[{i}]"))
    return found


def object_at(raw: msgspec.Raw, path: str, findings: Findings) -> Members | None:
    """The members of one object; None, and told, when it is none."""
    try:
        members, repaired = members_of(raw)
    except ExportError as error:
        findings.add(str(error), "it was left out", path, error=True)
        return None
    except msgspec.ValidationError:
        findings.add(f"{kind_of(value_of(raw)[0])} stands where an object belongs", "it was left out", path, error=True)
        return None
    if repaired:
        findings.add("the text is damaged", "it was repaired", path)
    found: Members = members
    return found


def url(members: Members, name: str, path: str, findings: Findings) -> str | None:
    """An address of a brush file; "" means none, as null does."""
    return findings.text(value(members, name, path, findings), f"{path}.{name}") or None


def empty_task() -> Task:
    """The task of an asset that has none: one current state without labels."""
    return task_of({}, "$", Findings(index=None, file=None))


def task_of(
    members: Members,
    path: str,
    findings: Findings,
    *,
    stage: str = "stage",
    stage_id: str = "stageId",
    ids_expected: bool = True,
) -> Task:
    """A V3 task: ``stageHistory`` in the order of the file, then the state it was exported in.

    `stage` and `stage_id` are the names of the members that hold the stage's name and id.
    """
    repeats = Repeats()
    history = [
        _visit(entry, at, findings, index=i, repeats=repeats)
        for i, (entry, at) in enumerate(
            objects(members.get("stageHistory", NULL), f"{path}.stageHistory", findings, of="stages")
        )
    ]

    def text(name: str) -> str | None:
        found = findings.text(value(members, name, path, findings), f"{path}.{name}")
        return None if found is None else without_query(found)

    current = Snapshot(
        index=len(history),
        stage=text(stage),
        stage_id=text(stage_id),
        is_current=True,
        brush_url=url(members, "brushDataUrl", path, findings),
        medical_brush_url=url(members, "medicalBrushDataUrl", path, findings),
        parse=labels_later(members, path, findings, ids_expected=ids_expected, repeats=repeats),
    )
    used = {*LISTS, "stageHistory", "taskId", stage, stage_id, "brushDataUrl", "medicalBrushDataUrl"}
    fields = rest(members, used, path, findings)
    for name in ("updatedAt", "completedAt", "createdAt"):
        if name in fields:
            fields[name] = findings.time(fields[name], f"{path}.{name}")
    for name in ("updatedBy", "completedBy"):
        if name in fields:
            fields[name] = findings.person(fields[name], f"{path}.{name}")
    for name in ("totalDuration", "duration", "duration(ms)"):
        if name in fields:
            fields[name] = findings.integer(fields[name], f"{path}.{name}")
    return Task(task_id=text("taskId"), snapshots=(*history, current), fields=fields)


def _visit(members: Members, path: str, findings: Findings, *, index: int, repeats: Repeats) -> Snapshot:
    """One entry of ``stageHistory``."""

    def text(name: str) -> str | None:
        found = findings.text(value(members, name, path, findings), f"{path}.{name}")
        return None if found is None else without_query(found)  # names are shown, and a link may be signed

    return Snapshot(
        index=index,
        stage=text("stage"),
        stage_id=text("stageId"),
        completed_at=findings.time(value(members, "completedAt", path, findings), f"{path}.completedAt"),
        completed_by=findings.person(value(members, "completedBy", path, findings), f"{path}.completedBy"),
        duration_ms=findings.integer(value(members, "duration", path, findings), f"{path}.duration"),
        review_status=text("reviewStatus"),
        brush_url=url(members, "brushDataUrl", path, findings),
        medical_brush_url=url(members, "medicalBrushDataUrl", path, findings),
        parse=labels_later(members, path, findings, repeats=repeats),
    )

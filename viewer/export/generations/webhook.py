"""The payload of a webhook: a V3 asset with the project's ontology and other stage members (format §13)."""

from __future__ import annotations

from viewer.export.findings import Findings
from viewer.export.generations.annotations import Members
from viewer.export.generations.base import object_at, present, task_of
from viewer.model import Task


def matches(asset: Members) -> bool:
    """It has a task, and the ontology or the batch names that only payloads have."""
    return present(asset, "task") and (present(asset, "categorySchema") or present(asset, "batchNames"))


def tasks(asset: Members, findings: Findings) -> tuple[Task, ...]:
    """Its task; where it has ``stageName``, ``stage`` holds the id."""
    members = object_at(asset["task"], "$.task", findings)
    if members is None:
        return ()
    if present(members, "stageName"):
        return (task_of(members, "$.task", findings, stage="stageName", stage_id="stage"),)
    return (task_of(members, "$.task", findings),)

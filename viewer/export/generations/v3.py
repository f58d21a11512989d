"""V3 and current exports: one ``task`` with ``tools`` and ``stageHistory`` (format §4)."""

from __future__ import annotations

from viewer.export.findings import Findings
from viewer.export.generations.annotations import Members
from viewer.export.generations.base import object_at, present, task_of
from viewer.model import Task


def matches(asset: Members) -> bool:
    """It has a task."""
    return present(asset, "task")


def tasks(asset: Members, findings: Findings) -> tuple[Task, ...]:
    """Its task."""
    members = object_at(asset["task"], "$.task", findings)
    return () if members is None else (task_of(members, "$.task", findings),)

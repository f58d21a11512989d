"""V2 exports: a list of ``tasks`` with ``objects``, without history (format §12)."""

from __future__ import annotations

from viewer.export.findings import Findings
from viewer.export.generations.annotations import Members
from viewer.export.generations.base import objects, present, task_of
from viewer.model import Task


def matches(asset: Members) -> bool:
    """It has tasks."""
    return present(asset, "tasks")


def tasks(asset: Members, findings: Findings) -> tuple[Task, ...]:
    """One task per answer to the asset. Who worked on it and the review stay in ``Task.fields``."""
    found = objects(asset["tasks"], "$.tasks", findings, of="tasks")
    return tuple(task_of(members, path, findings) for members, path in found)

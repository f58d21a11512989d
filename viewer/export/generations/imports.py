"""The import form, and a task on its own: labels at the top level (format §13)."""

from __future__ import annotations

from viewer.export.findings import Findings
from viewer.export.generations.annotations import Members
from viewer.export.generations.base import LISTS, present, task_of
from viewer.model import Task

TASK_MEMBERS = (*LISTS, "stageHistory")
"""What makes an object a task by itself."""

USED = frozenset((*TASK_MEMBERS, "taskId", "stage", "stageId", "brushDataUrl", "medicalBrushDataUrl"))
"""What the task takes of the asset's members."""


def matches(asset: Members) -> bool:
    """It holds labels itself."""
    return any(present(asset, name) for name in TASK_MEMBERS)


def tasks(asset: Members, findings: Findings) -> tuple[Task, ...]:
    """The asset as its own task. Imports need no object ids."""
    members = {name: raw for name, raw in asset.items() if name in USED}
    return (task_of(members, "$", findings, ids_expected="taskId" in asset),)

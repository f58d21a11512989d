"""Every form of exports, one module each. A new one is a new file and one line in `GENERATIONS`."""

from __future__ import annotations

from viewer.export.findings import Findings
from viewer.export.generations import imports, v2, v3, webhook
from viewer.export.generations.annotations import Members
from viewer.export.generations.base import Generation, empty_task
from viewer.model import Task

GENERATIONS: tuple[Generation, ...] = (webhook, v3, v2, imports)
"""In the order asked: archives put together from several times are real, so each asset is asked alone."""


def tasks_of(asset: Members, findings: Findings) -> tuple[Task, ...]:
    """The tasks of an asset of any generation; an asset without one has one without labels."""
    for generation in GENERATIONS:
        if generation.matches(asset):
            return generation.tasks(asset, findings) or (empty_task(),)
    return (empty_task(),)

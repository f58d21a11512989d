"""Assets as JSON for tests, and everything that was told about one."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from viewer.errors import Problem
from viewer.export.parse import parse_asset
from viewer.model import Asset, Labels

DATA = Path(__file__).parents[1] / "data"


@cache
def _text(name: str) -> str:
    return (DATA / f"{name}.json").read_text(encoding="utf-8")


def examples() -> list[Any]:
    """The assets of the examples, fresh each time."""
    return json.loads(_text("ango-examples"))


def seed() -> list[Any]:
    return json.loads(_text("seed-sample"))


def raw(asset: Any) -> bytes:
    return json.dumps(asset).encode()


def parsed(asset: Any) -> Asset:
    return parse_asset(asset if isinstance(asset, bytes) else raw(asset), index=7, file="export.json")


def with_tools(*tools: Any, **task: Any) -> dict[str, Any]:
    """An image with these entries."""
    return {"asset": "a.png", "externalId": "a.png", "task": {"taskId": "t", "tools": list(tools), **task}}


def labels(asset: Any) -> Labels:
    """The current labels of its first task."""
    return parsed(asset).tasks[0].current.labels


def told(asset: Asset) -> list[Problem]:
    """All problems that reading it and its snapshots gave."""
    return [*asset.problems, *(p for t in asset.tasks for s in t.snapshots for p in s.labels.problems)]


def paths(asset: Any) -> list[str | None]:
    """Where its problems are."""
    return [problem.path for problem in told(parsed(asset))]

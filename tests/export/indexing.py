"""The pass over an export as the tests make it."""

from __future__ import annotations

from pathlib import Path

from viewer.errors import Problem
from viewer.export import Row, Summary, index


def read(path: Path) -> tuple[list[Row], list[Problem], Summary]:
    rows: list[Row] = []
    problems: list[Problem] = []
    summary = index.build(path, on_rows=rows.extend, on_problems=problems.extend)
    return rows, problems, summary

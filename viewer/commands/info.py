"""``ango-viewer info``: what is in an export. Fetches nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from viewer.commands import base
from viewer.errors import one_line
from viewer.export import Export, Row, Visit


class InfoCommand:
    """Lists the assets of an export."""

    NAME: ClassVar[str] = "info"
    HELP: ClassVar[str] = "what is in an export"

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """EXPORT and --json."""
        base.add_export(parser)
        parser.add_argument("--json", action="store_true", help="everything, for programs")
        parser.add_argument("--cache-dir", type=Path, metavar="DIR", help="where the index is kept")

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Print it."""
        with base.open_export(options) as export:
            if options.json:
                base.print_json(as_json(export))
            else:
                _print_table(export)
        return base.DONE


def as_json(export: Export) -> Mapping[str, Any]:
    """The documented interface: export, assets, problems."""
    return {
        "export": {
            "path": str(export.path),
            "layout": export.layout,
            "generation": export.generation,
            "bytes": export.bytes,
        },
        "assets": [_asset(row) for row in export.rows],
        "problems": [problem.as_dict() for problem in export.problems],
    }


def _asset(row: Row) -> Mapping[str, Any]:
    return {
        "index": row.index,
        "asset_id": row.asset_id,
        "task_id": row.task_id,
        "tasks": row.tasks,
        "external_id": row.external_id,
        "kind": row.kind,
        "pages": row.pages,
        "batches": list(row.batches),
        "stage": row.stage,
        "stages": [_stage(i, visit) for i, visit in enumerate(row.visits)],
        "labels": {"total": row.labels, "by_title": row.by_title, "by_tool": row.by_tool},
        "relations": row.relations,
        "classifications": row.classifications,
        "problems": row.problems,
    }


def _stage(index: int, visit: Visit) -> Mapping[str, Any]:
    return {
        "index": index,
        "stage": visit.stage,
        "stage_id": visit.stage_id,
        "completed_at": visit.completed_at,
        "completed_by": visit.completed_by,
        "duration_ms": visit.duration_ms,
        "review_status": visit.review_status,
        "labels": visit.labels,
    }


def _print_table(export: Export) -> None:
    labels = sum(row.labels for row in export.rows)
    print(
        f"{one_line(export.path.name)}: {_count(len(export.rows), 'asset')}, {_count(labels, 'label')}, "
        f"{export.layout}, {export.generation}"
    )
    for row in export.rows:
        name = one_line(row.external_id or row.asset_id or row.task_id or "")
        pages = "" if row.pages is None or row.pages == 1 else _count(row.pages, "page")
        stages = _count(len(row.visits), "stage") if len(row.visits) > 1 else ""
        facts = (row.kind, pages, one_line(row.stage or ""), stages, _count(row.labels, "label"))
        problems = f" · {_count(row.problems, 'problem')}" if row.problems else ""
        print(f"{row.index:>6}  {name}  [{' · '.join(f for f in facts if f)}{problems}]")
    if export.problem_count:
        print(f"{_count(export.problem_count, 'problem')}: `ango-viewer validate` names each", file=sys.stderr)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"

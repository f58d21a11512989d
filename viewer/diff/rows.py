"""Changes as flat rows for programs: the documented columns of ``ango-viewer diff`` and of the change table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from viewer.diff.comparison import Comparison, TrackChange
from viewer.model import Annotation, Change, Classification, Relation

Level: TypeAlias = Literal["entry", "track"]
RowValues: TypeAlias = dict[str, Any]

COLUMNS: tuple[tuple[str, str], ...] = (
    ("asset_index", "INTEGER"),
    ("asset_id", "VARCHAR"),
    ("external_id", "VARCHAR"),
    ("subject", "VARCHAR"),
    ("from_index", "INTEGER"),
    ("from_stage", "VARCHAR"),
    ("to_index", "INTEGER"),
    ("to_stage", "VARCHAR"),
    ("kinds", "VARCHAR"),
    ("tool", "VARCHAR"),
    ("title", "VARCHAR"),
    ("schema_id", "VARCHAR"),
    ("object_id_before", "VARCHAR"),
    ("object_id_after", "VARCHAR"),
    ("page_before", "INTEGER"),
    ("page_after", "INTEGER"),
    ("iou", "DOUBLE"),
    ("shift_px", "DOUBLE"),
    ("hausdorff_px", "DOUBLE"),
    ("area_ratio", "DOUBLE"),
    ("answers", "VARCHAR"),
    ("by", "VARCHAR"),
    ("at", "VARCHAR"),
)
"""Name and SQL type of each column of an entry, in order. `kinds` and `answers` are lists (JSON text in tables)."""

PAGE_LAST = ("page_last", "INTEGER")
"""What a track has besides: its last page; `page_before` and `page_after` are its first."""


def columns_of(level: Level) -> tuple[tuple[str, str], ...]:
    """The columns of a level, in order."""
    if level == "entry":
        return COLUMNS
    at = [name for name, _ in COLUMNS].index("page_after") + 1
    return (*COLUMNS[:at], PAGE_LAST, *COLUMNS[at:])


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two snapshots: its index in the task (history from 0, the current state last) and its stage."""

    index: int
    stage: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The asset that is compared."""

    index: int
    asset_id: str | None
    external_id: str | None


def rows_of(comparison: Comparison, asset: Compared, before: Side, after: Side, level: Level) -> Iterator[RowValues]:
    """A row for each changed entry, relation and answer; of a track (`level`) one for each of its kinds."""
    head = _head(asset, before, after)
    if level == "track":
        for track in comparison.tracks:
            yield from _track_rows(track, head)
    for change in comparison.changes:
        if level == "entry" or change.subject != "label":
            row = {**head, **_values(change)}
            if level == "track":
                row["page_last"] = change.entry.page
            yield _ordered(row, level)


def one_sided(asset: Compared, kind: Literal["added", "removed"], level: Level) -> RowValues:
    """The row of an asset that only one of two exports has."""
    row: RowValues = {name: None for name, _ in columns_of(level)}
    return row | {
        "asset_index": asset.index,
        "asset_id": asset.asset_id,
        "external_id": asset.external_id,
        "subject": "asset",
        "kinds": [kind],
        "answers": [],
    }


def _head(asset: Compared, before: Side, after: Side) -> RowValues:
    return {
        "asset_index": asset.index,
        "asset_id": asset.asset_id,
        "external_id": asset.external_id,
        "from_index": before.index,
        "from_stage": before.stage,
        "to_index": after.index,
        "to_stage": after.stage,
    }


def _values(change: Change) -> RowValues:
    entry = change.entry
    return {
        "subject": change.subject,
        "kinds": list(change.kinds),
        "tool": _tool(entry),
        "title": entry.title or None,
        "schema_id": entry.schema_id or None,
        "object_id_before": change.before.object_id if change.before is not None else None,
        "object_id_after": change.after.object_id if change.after is not None else None,
        "page_before": change.page_before,
        "page_after": change.page_after,
        "iou": change.iou,
        "shift_px": change.shift_px,
        "hausdorff_px": change.hausdorff_px,
        "area_ratio": change.area_ratio,
        "answers": [{"path": a.path, "old": a.old, "new": a.new} for a in change.answers],
        "by": change.by,
        "at": change.at,
    }


def _tool(entry: Annotation | Relation | Classification) -> str | None:
    if isinstance(entry, Annotation):
        return entry.key
    return entry.tool or None if isinstance(entry, Classification) else None


def _track_rows(track: TrackChange, head: RowValues) -> Iterator[RowValues]:
    """One row for each kind: measures are the largest of its entries (IoU: the smallest), answers each once."""
    for kind in track.kinds:
        changes = [change for change in track.changes if kind in change.kinds]
        if not changes:
            continue
        pages = [change.entry.page for change in changes if change.entry.page is not None]
        ranges = [r for r in track.ranges if r.kind == kind]
        first = min(pages, default=min((r.first for r in ranges), default=None))
        last = max(pages, default=max((r.last for r in ranges), default=None))
        answers: list[Any] = []
        if kind == "attributes":
            for change in changes:
                answers += [a for a in _values(change)["answers"] if a not in answers]
        latest = max(changes, key=lambda change: change.at or "")
        row = {
            **head,
            **_values(changes[-1]),
            "kinds": [kind],
            "object_id_before": track.before_id,
            "object_id_after": track.after_id,
            "page_before": first if any(c.before is not None for c in changes) else None,
            "page_after": first if any(c.after is not None for c in changes) else None,
            "page_last": last,
            "iou": min((c.iou for c in changes if c.iou is not None), default=None),
            "shift_px": _most(c.shift_px for c in changes),
            "hausdorff_px": _most(c.hausdorff_px for c in changes),
            "area_ratio": changes[0].area_ratio if len(changes) == 1 else None,
            "answers": answers,
            "by": latest.by,
            "at": latest.at,
        }
        yield _ordered(row, "track")


def _most(values: Iterator[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _ordered(row: RowValues, level: Level) -> RowValues:
    return {name: row.get(name) for name, _ in columns_of(level)}

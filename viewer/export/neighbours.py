"""Neighbouring snapshots of an asset without the entries that are the same JSON in both: all that comparing needs.

Typing a label costs many times what comparing its bytes does, and between two stages most labels stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw, Struct, field

from viewer.errors import ExportError
from viewer.export.findings import Findings
from viewer.export.generations.annotations import read_labels
from viewer.export.parse import parse_asset
from viewer.export.rows import Row
from viewer.model import Snapshot


class Neighbours(NamedTuple):
    """Snapshots `a` and `b` = `a` + 1 of the first task (history from 0, the current state last)."""

    a: int
    b: int
    before: Snapshot
    after: Snapshot
    by: str | None
    """Who left `b`; for the current state who changed the task last."""
    at: str | None
    since: str | None
    """When `a` was left."""


class _Stage(Struct, gc=False):
    """The lists of one snapshot, their entries still text."""

    tools: list[Raw] | None = None
    objects: list[Raw] | None = None
    classifications: Raw = Raw(b"null")
    relations: Raw = Raw(b"null")
    brush_url: Any = field(default=None, name="brushDataUrl")
    medical_brush_url: Any = field(default=None, name="medicalBrushDataUrl")

    def entries(self) -> list[Raw]:
        """Its labels; an archive mixed by hand may hold both lists."""
        return (self.tools or []) + (self.objects or [])


class _Task(_Stage, gc=False):
    updated_by: Any = field(default=None, name="updatedBy")
    updated_at: Any = field(default=None, name="updatedAt")
    history: list[_Stage] = field(default_factory=list, name="stageHistory")


class _Asset(Struct, gc=False):
    task: _Task


_asset: msgspec.json.Decoder[_Asset] = msgspec.json.Decoder(_Asset)
_members: msgspec.json.Decoder[dict[str, Raw]] = msgspec.json.Decoder(dict[str, Raw])


def wanted_steps(row: Row) -> list[int]:
    """The snapshots that differ from the one before, which has labels or masks: the first labelling is no change."""
    visits = row.visits
    return [k for k in range(1, len(visits)) if visits[k].differs and (visits[k - 1].labels or visits[k - 1].masks)]


def neighbours(raw: bytes, row: Row) -> Iterator[Neighbours]:
    """The snapshots of an asset (`raw`, whose row is `row`) that differ from the one before.

    Raises ExportError when the asset cannot be read.
    """
    wanted = wanted_steps(row)
    if not wanted:
        return
    try:
        task = _asset.decode(raw).task
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        task = None  # damaged, or of a form that only a closer look understands
    if task is None or len(task.history) + 1 != len(row.visits):
        found = parse_asset(raw, index=row.index).tasks[0]
        snapshots, last = found.snapshots, (found.fields.get("updatedBy"), found.fields.get("updatedAt"))
        if len(snapshots) != len(row.visits):
            raise ExportError(f"Asset {row.index} has other stages than it is listed with.")
        for k in wanted:
            yield Neighbours(k - 1, k, snapshots[k - 1], snapshots[k], *_signed(row, k, last))
        return
    stages: list[_Stage] = [*task.history, task]
    for k in wanted:
        before, after = stages[k - 1], stages[k]
        ones, twos = without_equal(before.entries(), after.entries(), bare=k == len(task.history))
        signed = _signed(row, k, (task.updated_by, task.updated_at))
        yield Neighbours(k - 1, k, _snapshot(k - 1, before, ones, row), _snapshot(k, after, twos, row), *signed)


def _signed(row: Row, k: int, last: tuple[Any, Any]) -> tuple[str | None, str | None, str | None]:
    """By whom and when a snapshot was left, and when the one before it was. `last`: who changed the task last, when."""
    visit = row.visits[k]
    by, at = (visit.completed_by, visit.completed_at) if k < len(row.visits) - 1 else last
    return (by if isinstance(by, str) else None), (at if isinstance(at, str) else None), row.visits[k - 1].completed_at


def without_equal(before: Sequence[Raw], after: Sequence[Raw], *, bare: bool = False) -> tuple[list[Raw], list[Raw]]:
    """Two lists of entries without those that are in both, each as often as it is in both.

    `bare`: ``metadata``, which history leaves out, does not count.
    """
    ones, twos = [bytes(raw) for raw in before], [bytes(raw) for raw in after]
    one_keys = [_without_metadata(raw) for raw in ones] if bare else ones
    two_keys = [_without_metadata(raw) for raw in twos] if bare else twos
    if one_keys == two_keys:
        return [], []
    common = Counter(one_keys) & Counter(two_keys)
    return _rest(ones, one_keys, common), _rest(twos, two_keys, common)


def _rest(raws: list[bytes], keys: Sequence[object], common: Counter[object]) -> list[Raw]:
    left = Counter(common)
    rest: list[Raw] = []
    for raw, key in zip(raws, keys):
        if left[key] > 0:
            left[key] -= 1
        else:
            rest.append(Raw(raw))
    return rest


def _without_metadata(raw: bytes) -> object:
    """What tells an entry from another one, whatever its metadata; the order of its members counts."""
    try:
        members = _members.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return raw
    return tuple((name, bytes(value)) for name, value in members.items() if name != "metadata")


def _snapshot(index: int, stage: _Stage, entries: list[Raw], row: Row) -> Snapshot:
    """A snapshot of these entries alone."""
    members = {
        "tools": Raw(b"[" + b",".join(entries) + b"]"),
        "classifications": stage.classifications,
        "relations": stage.relations,
    }

    def url(value: Any) -> str | None:
        return value if isinstance(value, str) and value else None

    return Snapshot(
        index=index,
        is_current=index == len(row.visits) - 1,
        brush_url=url(stage.brush_url),
        medical_brush_url=url(stage.medical_brush_url),
        parse=lambda: read_labels(members, "$.task", Findings(index=row.index, file=None)),
    )

"""From the head of an asset to its index row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Raw

from viewer.expiry import earliest_end
from viewer.export.counts import TEXT_KEPT, Counts, count_heads, count_raw, text_of
from viewer.export.heads import (
    NOTHING,
    AssetHead,
    Scalar,
    StageHead,
    TaskHead,
    entries_of,
    raw_entries,
    read_elements,
    read_members,
    read_scalar,
)
from viewer.export.kind import kind_of_asset
from viewer.export.links import without_query
from viewer.export.rows import Generation, Row, Visit
from viewer.export.snapshots import (
    current_entries,
    entries,
    has_mask,
    history_counts,
    labels_of,
    same_entries,
    same_lists,
    same_masks,
    same_odd,
)

if TYPE_CHECKING:
    from viewer.model import AssetKind

Shape = Literal["v2", "v3", "current", "import", "unlabelled"]
"""What one asset says about the generation of its export."""

_scalars: msgspec.json.Decoder[dict[str, Scalar]] = msgspec.json.Decoder(dict[str, Scalar])
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_SIZES = ("width", "height", "frameTotal", "frameRate")
_PAGE_COUNTS = ("frameTotal", "pageTotal", "pages", "numPages")
PERSONS_KEPT = 1_000


def row_of(
    head: AssetHead, raw: bytes | memoryview, *, index: int, start: int, end: int, problems: int = 0
) -> tuple[Row, Shape]:
    """The row of an asset that lies at ``[start, end)``, and what it says about the export's generation.

    The head's raw members must still be valid (see `viewer.export.heads.read_head`).
    """
    tasks = [head.task] if head.task is not None else list(head.tasks or ())
    # an asset without a task may be one itself; an empty list of tasks says that there is none
    first = tasks[0] if tasks else (head if head.tasks is None else TaskHead())
    webhook = (
        head.task is not None
        and first.stage_name is not None
        and (head.category_schema is not NOTHING or head.batch_names is not NOTHING)
    )
    visits, counts = _visits(first, raw, webhook=webhook)
    shape = _shape(head, flattened=counts.flattened)
    metadata = _numbers(head.metadata)
    dataset = [read_scalar(raw) for raw in read_elements(head.dataset)] if head.dataset is not NOTHING else []
    by_title: dict[str, int] = {}
    by_tool: dict[str, int] = {}
    by_class: dict[tuple[str, str], int] = {}
    for (schema_id, title, tool), count in counts.by_class.items():
        schema_id, title = _name(schema_id) or "", _name(title) or ""
        by_title[title] = by_title.get(title, 0) + count
        by_tool[tool] = by_tool.get(tool, 0) + count
        by_class[schema_id, title] = by_class.get((schema_id, title), 0) + count
    external_id = _name(head.external_id)
    if external_id is None and head.task is None and head.tasks is None:
        external_id = _name(head.data)
    kind = _kind(head, raw, dataset=dataset, metadata=metadata)
    ids = [_name(task.task_id) for task in tasks]
    return (
        Row(
            index=index,
            start=start,
            end=end,
            asset_id=_name(head.asset_id),
            task_id=ids[0] if ids else None,
            tasks=len(tasks),
            external_id=external_id,
            kind=kind,
            pages=_pages(kind, dataset, metadata),
            batches=_batches(head),
            stage=visits[-1].stage,
            persons=_persons(tasks, visits, raw),
            labels=counts.total,
            by_class=tuple((schema_id, title, n) for (schema_id, title), n in by_class.items()),
            by_title=by_title,
            by_tool=by_tool,
            relations=_objects_in(first.relations),
            classifications=_objects_in(first.classifications),
            visits=visits,
            problems=problems,
            other_task_ids=tuple(i for i in ids[1:] if i is not None),
            # (brush masks are signed with their asset: looking for them would cost more than it tells)
            ends=earliest_end((head.asset, head.data, *dataset)),
        ),
        shape,
    )


def _visits(task: TaskHead, raw: bytes | memoryview, *, webhook: bool) -> tuple[tuple[Visit, ...], Counts]:
    """The snapshots of a task with their counts, the current state last; the current state's counts."""
    counts = Counts()
    now = current_entries(task)
    odd_raws: list[Raw] | None = None
    odd: list[int] = []
    if task.loose:
        odd_raws = raw_entries(raw)
        for entry in odd_raws:
            count_raw(entry, counts)
    elif odd := count_heads(now, counts):
        raws = raw_entries(raw)
        if len(raws) != len(now):
            raise msgspec.DecodeError("a list is there twice")
        odd_raws = [raws[i] for i in odd]
        for entry in odd_raws:
            count_raw(entry, counts)
    stages = task.history or []
    history = [entries(stage) for stage in stages]
    heads = entries_of(history[-1]) if history else None
    same = heads is not None and not task.loose and heads == now
    labels, last_odd = labels_of(history[-1], heads, odd=odd if same else None) if history else ([], [])
    totals, changed = history_counts(history, labels)
    visits: list[Visit] = []
    for k, stage in enumerate(stages):
        differs = changed[k] or (k > 0 and not _same_beside(stages[k - 1], stage, is_current=False))
        visits.append(_visit(stage, labels=totals[k], differs=differs))
    differs = False
    if stages:
        if task.loose or heads is None:
            same = same_odd(history[-1], raw_entries(raw))
        else:
            same = same or same_entries(heads, now)
            same = same and same_odd([history[-1][i] for i in last_odd], odd_raws or [])
        differs = not (same and _same_beside(stages[-1], task, is_current=True))
    visits.append(
        Visit(
            # a webhook has the stage's name in a member of its own, and its id where the name else is
            stage=_name(task.stage_name if webhook else task.stage),
            stage_id=_name(task.stage if webhook else task.stage_id),
            labels=counts.total,
            differs=differs,
            masks=has_mask(task),
        )
    )
    return tuple(visits), counts


def _same_beside(one: StageHead, two: StageHead | TaskHead, *, is_current: bool) -> bool:
    """Whether all that is beside the labels is the same."""
    return same_lists(one, two) and same_masks(one, two, is_current=is_current)


def _visit(stage: StageHead, *, labels: int, differs: bool) -> Visit:
    return Visit(
        stage=_name(stage.stage),
        stage_id=_name(stage.stage_id),
        completed_at=time_of(stage.completed_at),
        completed_by=_name(stage.completed_by),
        duration_ms=_whole(stage.duration),
        review_status=_name(stage.review_status),
        labels=labels,
        differs=differs,
        masks=has_mask(stage),
    )


def _shape(head: AssetHead, *, flattened: bool) -> Shape:
    if head.task is not None:
        return "current" if flattened else "v3"
    if head.tasks is not None:
        return "v2"
    lists = (head.tools, head.objects, head.history)
    if head.loose or any(found is not None for found in lists) or head.classifications is not NOTHING:
        return "import"
    return "unlabelled"


def _kind(head: AssetHead, raw: bytes | memoryview, *, dataset: list[Scalar], metadata: dict[str, Scalar]) -> AssetKind:
    external_id = text_of(head.external_id)
    # not cut, since what is looked at is the end of its path
    url = head.asset if isinstance(head.asset, str) else head.data if isinstance(head.data, str) else None
    kind = kind_of_asset(url, external_id=external_id, dataset=dataset)
    if kind in ("unknown", "pct", "audio"):
        # the names leave it open, so its content is looked at
        return kind_of_asset(url, external_id=external_id, dataset=dataset, metadata=metadata, raw=bytes(raw))
    return kind


def _numbers(metadata: Raw) -> dict[str, Scalar]:
    """The members of ``metadata`` that are scalars; sizes and rates only where they are usable."""
    if metadata is NOTHING:
        return {}
    try:
        found = _scalars.decode(metadata)
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = {name: read_scalar(raw) for name, raw in read_members(metadata).items()}
    return {name: value for name, value in found.items() if name not in _SIZES or _usable(value)}


def _usable(value: Scalar) -> bool:
    try:
        return not isinstance(value, bool) and value is not None and 0 < float(value) < 1e12
    except ValueError:
        return False


def _pages(kind: str, dataset: list[Scalar], metadata: dict[str, Scalar]) -> int | None:
    if dataset:
        return len(dataset)
    for name in _PAGE_COUNTS:
        value = metadata.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < 1e9:
            return int(value)
    return 1 if kind == "image" else None


def _batches(head: AssetHead) -> tuple[str, ...]:
    """Names; a webhook has ids in ``batches`` and the names in ``batchNames``."""
    raw = head.batch_names if head.batch_names is not NOTHING else head.batches
    if raw is NOTHING:
        return ()
    names = (_name(read_scalar(element)) for element in read_elements(raw))
    return tuple(name for name in names if name is not None)


def _persons(tasks: list[TaskHead], visits: tuple[Visit, ...], raw: bytes | memoryview) -> tuple[str, ...]:
    """Everybody who is named, in order of appearance; without a history, the authors of the labels, too."""
    persons: dict[str, None] = {}
    named: list[str | None] = [visit.completed_by for visit in visits]
    for task in tasks:
        named += [_name(task.completed_by), _name(task.updated_by)]
        if task.review is not NOTHING:
            completed_by = read_members(task.review).get("completedBy")
            named.append(None if completed_by is None else _name(read_scalar(completed_by)))
    if len(visits) == 1:
        named += _authors(bytes(raw))
    for name in named:
        if name and len(persons) < PERSONS_KEPT:
            persons[name] = None
    return tuple(persons)


def _authors(raw: bytes) -> list[str | None]:
    """The values of ``createdBy`` and ``updatedBy``, each once."""
    found: dict[bytes, None] = {}
    for part in raw.split(b'atedBy"')[1:]:
        start = part.find(b'"', 0, 8)
        end = part.find(b'"', start + 1, start + 400)
        if 0 <= start < end and part[:start].strip(b" \t\r\n") == b":":
            found[part[start : end + 1]] = None
    return [_name(read_scalar(Raw(text))) for text in found]


def _objects_in(raw: Raw) -> int:
    """Elements of a list that are objects."""
    if raw is NOTHING:
        return 0
    return sum(1 for element in read_elements(raw) if bytes(memoryview(element)[:1]) == b"{")


def _name(value: Scalar) -> str | None:
    """An id or name for the index: bounded, and without the query of a link, which may be signed."""
    if type(value) is str and len(value) <= TEXT_KEPT and "://" not in value:
        return value
    text = text_of(value)
    return None if text is None else without_query(text)


def _whole(value: Scalar) -> int | None:
    """Milliseconds as an integer."""
    if type(value) is int:
        return value if abs(value) < 1 << 53 else None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, float) and abs(value) < 1e15:
        return int(value // 1)
    return None


def time_of(value: Scalar) -> str | None:
    """ISO 8601 in UTC of an ISO text or of epoch milliseconds."""
    if value is None or (type(value) is str and _UTC.fullmatch(value)):
        return value
    from viewer.export.findings import Findings

    return Findings(index=None, file=None).time(value, "$")


def generation_of(shapes: set[Shape]) -> Generation:
    """The generation of an export from what its assets are. V3 beside current forms is a current export."""
    told: set[Generation] = {shape for shape in shapes if shape != "unlabelled"}
    if told == {"v3", "current"}:
        return "current"
    if len(told) > 1:
        return "mixed"
    return next(iter(told), "v3")

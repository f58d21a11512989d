"""The few members of an asset that the index reads; everything else is skipped, but proved to be JSON."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import Raw, Struct, field

Scalar: TypeAlias = str | int | float | bool | None
"""Members that should be text or a number: any scalar is taken, so that an odd one does not cost the asset."""

NOTHING = Raw(b"")
"""An absent member. (A ``Raw | None`` would silently be None for msgspec.)"""


class EntryHead(Struct, gc=False):
    """One element of ``tools``: what counts it, and what tells it from that of another snapshot.

    ``metadata`` is not among it, which history leaves out. The keys of the tools that are in almost every export
    are members; an entry with none of them is looked at again (`viewer.export.counts`).
    """

    # In the order of most exports, where the decoder finds each member at its first look
    bounding_box: Raw = field(default=NOTHING, name="bounding-box")
    polygon: Raw = NOTHING
    segmentation: Raw = NOTHING
    point: Raw = NOTHING
    polyline: Raw = NOTHING
    rotated_bounding_box: Raw = field(default=NOTHING, name="rotated-bounding-box")
    pdf: Raw = NOTHING
    ner: Raw = NOTHING
    object_id: Raw = field(default=NOTHING, name="objectId")
    classifications: Raw = NOTHING
    schema_id: Scalar = field(default=None, name="schemaId")
    page: Scalar = None
    title: Scalar = None
    stopped: Scalar = field(default=None, name="interpolationStopped")
    ocr: Raw = NOTHING
    lock: Raw = NOTHING


class StageHead(Struct, gc=False):
    """One element of ``stageHistory``. Labels stay bytes: comparing them is free, few need counting."""

    stage: Scalar = None
    stage_id: Scalar = field(default=None, name="stageId")
    duration: Scalar = None
    completed_at: Scalar = field(default=None, name="completedAt")
    completed_by: Scalar = field(default=None, name="completedBy")
    review_status: Scalar = field(default=None, name="reviewStatus")
    tools: list[Raw] | None = None
    objects: list[Raw] | None = None
    classifications: Raw = NOTHING
    relations: Raw = NOTHING
    brush_url: Scalar = field(default=None, name="brushDataUrl")
    medical_brush_url: Scalar = field(default=None, name="medicalBrushDataUrl")


class TaskHead(Struct, gc=False):
    """``task``, or an element of ``tasks`` in V2."""

    stage: Scalar = None
    stage_id: Scalar = field(default=None, name="stageId")
    duration: Scalar = None
    completed_at: Scalar = field(default=None, name="completedAt")
    completed_by: Scalar = field(default=None, name="completedBy")
    tools: list[EntryHead] | None = None
    objects: list[EntryHead] | None = None
    classifications: Raw = NOTHING
    relations: Raw = NOTHING
    loose: bool = field(default=False, name="")
    """Some entry of its lists does not fit `EntryHead`; they are left out here."""
    task_id: Scalar = field(default=None, name="taskId")
    updated_by: Scalar = field(default=None, name="updatedBy")
    stage_name: Scalar = field(default=None, name="stageName")
    review: Raw = NOTHING
    history: list[StageHead] | None = field(default=None, name="stageHistory")
    brush_url: Scalar = field(default=None, name="brushDataUrl")
    medical_brush_url: Scalar = field(default=None, name="medicalBrushDataUrl")


class AssetHead(TaskHead, gc=False):
    """An element of the export. One without a task may be one itself (import JSON)."""

    asset: Scalar = None
    data: Scalar = None
    asset_id: Scalar = field(default=None, name="assetId")
    external_id: Scalar = field(default=None, name="externalId")
    dataset: Raw = NOTHING
    metadata: Raw = NOTHING
    batches: Raw = NOTHING
    batch_names: Raw = field(default=NOTHING, name="batchNames")
    task: TaskHead | None = None
    tasks: list[TaskHead] | None = None
    category_schema: Raw = field(default=NOTHING, name="categorySchema")


_asset: msgspec.json.Decoder[AssetHead] = msgspec.json.Decoder(AssetHead)
_entries: msgspec.json.Decoder[list[EntryHead]] = msgspec.json.Decoder(list[EntryHead])
_members: msgspec.json.Decoder[dict[str, Raw]] = msgspec.json.Decoder(dict[str, Raw])
_elements: msgspec.json.Decoder[list[Raw]] = msgspec.json.Decoder(list[Raw])
_scalar: msgspec.json.Decoder[Scalar] = msgspec.json.Decoder(Scalar)

H = TypeVar("H", bound=Struct)


def read_head(raw: bytes | memoryview) -> AssetHead:
    """The head of one asset.

    Members of a wrong type are left out. Raises msgspec.DecodeError or UnicodeDecodeError (no JSON in UTF-8),
    RecursionError (nested too deep), msgspec.ValidationError (JSON, but no object). Raw members are views into
    `raw`: use them before its buffer is filled again.
    """
    try:
        return _asset.decode(raw)
    except msgspec.ValidationError:
        return _tolerant(AssetHead, _members.decode(raw))


def _tolerant(kind: type[H], members: dict[str, Raw]) -> H:
    """The head made member by member, each that does not fit left out."""
    found: dict[str, Any] = {}
    for spec in msgspec.structs.fields(kind):
        raw = members.get(spec.encode_name)
        if raw is None:
            continue
        if spec.type is Raw:
            found[spec.name] = raw
        elif spec.name in ("task", "tasks"):
            # one of a wrong type still says that the asset is not a task by itself
            if bytes(raw) != b"null":
                single = spec.name == "task"
                found[spec.name] = _object(TaskHead, raw) or TaskHead() if single else _objects(TaskHead, raw) or []
        elif spec.name == "history":
            found["history"] = _objects(StageHead, raw)
        elif spec.name not in ("tools", "objects"):
            found[spec.name] = read_scalar(raw)
        elif kind is StageHead:
            found[spec.name] = read_elements(raw)
        else:
            try:
                found[spec.name] = _entries.decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError):
                found["loose"] = True
    return kind(**found)


def _object(kind: type[H], raw: Raw) -> H | None:
    try:
        return _tolerant(kind, _members.decode(raw))
    except msgspec.ValidationError:
        return None


def _objects(kind: type[H], raw: Raw) -> list[H] | None:
    """A list of heads; elements that are no objects are left out."""
    try:
        elements = _elements.decode(raw)
    except msgspec.ValidationError:
        return None
    heads = (_object(kind, element) for element in elements)
    return [head for head in heads if head is not None]


def entries_of(raws: list[Raw]) -> list[EntryHead] | None:
    """The heads of entries that are still bytes; None when one of them does not fit."""
    parts: list[bytes | Raw] = list(raws)
    if parts:
        # (brackets around the whole would copy it twice more)
        parts[0] = b"[" + bytes(parts[0])
        parts[-1] = bytes(parts[-1]) + b"]"
    try:
        return _entries.decode(b",".join(parts) or b"[]")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def raw_entries(raw: bytes | memoryview) -> list[Raw]:
    """The entries of ``tools`` and ``objects`` of an asset's (first) task as bytes, to look at them closely.

    Raises UnicodeDecodeError where a key on the way is not UTF-8 (heads pass over keys that they do not know).
    """
    members = _members.decode(raw)
    if "task" in members and _is_object(members["task"]):
        members = _members.decode(members["task"])
    elif "tasks" in members and bytes(members["tasks"]) != b"null":
        tasks = (element for element in read_elements(members["tasks"]) if _is_object(element))
        first = next(tasks, None)
        members = {} if first is None else _members.decode(first)
    found: list[Raw] = []
    for name in ("tools", "objects"):
        if name in members:
            found += read_elements(members[name])
    return found


def _is_object(raw: Raw) -> bool:
    return bytes(memoryview(raw)[:1]) == b"{"


def read_scalar(raw: Raw) -> Scalar:
    """Text, number or boolean; None for anything else."""
    try:
        return _scalar.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def read_members(raw: Raw) -> dict[str, Raw]:
    """The members of an object; none for anything else."""
    if not raw:
        return {}
    try:
        return _members.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}


def read_elements(raw: Raw) -> list[Raw]:
    """The elements of a list; none for anything else."""
    try:
        return _elements.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []

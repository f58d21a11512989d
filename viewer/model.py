"""What an export says, typed. The glossary of the program.

Asset           one thing to look at (not: image, media, item)
Task            the asset's way through the workflow (not: job)
Stage           a step of the workflow; Snapshot: the task's annotations as it left that step, or its
                current state (not: version, revision)
Annotation      one object drawn with a tool, on one page; "label" in texts for people (not: shape, region)
Tool            the kind of annotation and its geometry (``bounding-box``; not: a tool of the window)
title           the class name shown to people; `schema_id` identifies the class (not: category)
Classification  a question and its answer; Relation: an arrow or a group between annotations
Page            one drawable picture of an asset, 0-based: a frame in video, a slice in DICOM
Problem         see `viewer.errors`
Change          what differs between two snapshots in one entry, relation or answer (not: delta)

Coordinates are "in label space": pixels as exported. `viewer.geometry.LabelSpace` takes them to the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal

import msgspec

from viewer.errors import Problem
from viewer.tools.base import Tool

AssetKind = Literal[
    "image", "multi-image", "video", "pdf", "dicom", "volume", "text", "audio", "markdown", "html", "chat",
    "pct", "link", "unknown",
]  # fmt: skip

Direction = Literal["straight", "reverse", "bidirectional"]

Edits = tuple[str | None, str | None, str | None]
"""(when as ISO 8601 UTC, who, in which stage id): each None when the export does not say."""


class Classification(msgspec.Struct, frozen=True, kw_only=True):
    """One question and its answer: of the asset, of an annotation, of a relation, or nested in another."""

    object_id: str | None = None
    schema_id: str | None = None
    tool: str = ""
    title: str = ""
    answer: Any = None
    page: int | None = None
    stopped: bool = False
    classifications: tuple[Classification, ...] = ()
    metadata: Mapping[str, Any] = {}
    path: str = ""

    @property
    def answered(self) -> bool:
        """Whether there is an answer; "" and [] are none."""
        return self.answer is not None and self.answer != "" and self.answer != []


class Annotation(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One entry of ``tools`` on one page. In video the same `object_id` has one per exported frame."""

    object_id: str
    schema_id: str
    title: str
    tool: Tool
    page: int | None = None
    """0-based; None where the export gives none (a single image)."""
    stopped: bool = False
    """`interpolationStopped`: the object ends here; never drawn, never counted."""
    classifications: tuple[Classification, ...] = ()
    created: Edits = (None, None, None)
    updated: Edits = (None, None, None)
    metadata: Mapping[str, Any] = {}
    extra: Mapping[str, Any] = {}
    """Members that are none of the known ones (``ocr``, ``lock``, ``masks``…)."""
    path: str = ""
    """JSON path inside the asset."""
    raw: bytes = b""
    """The entry's JSON exactly as exported. Flattened frames share the entry they came from."""

    @property
    def key(self) -> str:
        """The tool's name: its key in the export, also for tools that are not known."""
        name: str = getattr(self.tool, "name", "")
        return name or self.tool.KEY


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """An arrow (`sources` → `targets`) or a `group`. Members are object ids, possibly of relations."""

    object_id: str
    schema_id: str = ""
    title: str = ""
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    group: tuple[str, ...] | None = None
    direction: Direction = "straight"
    page: int | None = None
    classifications: tuple[Classification, ...] = ()
    metadata: Mapping[str, Any] = {}
    path: str = ""
    raw: bytes = b""

    @property
    def members(self) -> tuple[str, ...]:
        """All object ids that it joins."""
        return self.group if self.group is not None else self.sources + self.targets


class Labels(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """All that one snapshot holds, parsed, with what could not be."""

    annotations: tuple[Annotation, ...] = ()
    classifications: tuple[Classification, ...] = ()
    relations: tuple[Relation, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def count(self) -> int:
        """Labels as counted everywhere: annotations with geometry, stop entries left out."""
        return sum(1 for a in self.annotations if counts_as_label(a))


def counts_as_label(annotation: Annotation) -> bool:
    """A label is an entry with geometry; stop entries do not count (nor carriers of answers for a brush)."""
    return not annotation.stopped and annotation.key not in ("", "unknown", "medical-brush")


ChangeKind = Literal[
    "removed", "added", "reclassified", "reshaped", "moved", "attributes", "retimed", "recreated",
    "retargeted", "direction", "changed",
]  # fmt: skip
"""What happened to a label (the first eight, in the order in which one stands for the others), to a relation
(``added, removed, retargeted, direction, reclassified``) or to an answer of the asset (``added, removed, changed``)."""
Subject = Literal["label", "relation", "classification", "asset"]


class AnswerChange(msgspec.Struct, frozen=True):
    """One answer before and after. `path` is the way to the question by its titles (``Damage / Severity``)."""

    path: str
    old: Any = None
    new: Any = None


class Change(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What differs between two snapshots in one entry (an object on a page), a relation or an answer."""

    subject: Subject = "label"
    kinds: tuple[ChangeKind, ...]
    """Never empty; several where several are true, the weightiest first."""
    before: Annotation | Relation | Classification | None = None
    after: Annotation | Relation | Classification | None = None
    iou: float | None = None
    """Intersection over union of the two areas, 0 to 1; None without two areas or when not computed."""
    shift_px: float | None = None
    """Distance of the centroids in label space."""
    hausdorff_px: float | None = None
    area_ratio: float | None = None
    """Area after through area before."""
    answers: tuple[AnswerChange, ...] = ()
    by: str | None = None
    """Who left the later snapshot, or the annotation's own metadata where that is newer."""
    at: str | None = None
    note: str = ""
    """What a reader has to know (an invalid ring was mended before measuring)."""

    @property
    def kind(self) -> ChangeKind:
        """The one that gives sign and colour."""
        return self.kinds[0]

    @property
    def entry(self) -> Annotation | Relation | Classification:
        """The later one that is there."""
        entry = self.after if self.after is not None else self.before
        assert entry is not None
        return entry

    @property
    def page_before(self) -> int | None:
        """Page of the entry before."""
        return self.before.page if self.before is not None else None

    @property
    def page_after(self) -> int | None:
        """Page of the entry after."""
        return self.after.page if self.after is not None else None

    @property
    def key(self) -> tuple[str, str, str, int | None]:
        """Tells the changes of one comparison apart, also when it is made anew: subject, both ids, page."""
        ids = [(entry.object_id or "") if entry is not None else "" for entry in (self.before, self.after)]
        return (self.subject, ids[0], ids[1], self.entry.page)


class Snapshot:
    """The annotations of a task as it left a stage, or its current state. Labels are parsed on first use."""

    def __init__(
        self,
        *,
        index: int,
        stage: str | None = None,
        stage_id: str | None = None,
        completed_at: str | None = None,
        completed_by: str | None = None,
        duration_ms: int | None = None,
        review_status: str | None = None,
        is_current: bool = False,
        brush_url: str | None = None,
        medical_brush_url: str | None = None,
        parse: Callable[[], Labels],
    ) -> None:
        self.index = index
        self.stage = stage
        self.stage_id = stage_id
        self.completed_at = completed_at
        self.completed_by = completed_by
        self.duration_ms = duration_ms
        self.review_status = review_status
        self.is_current = is_current
        self.brush_url = brush_url
        self.medical_brush_url = medical_brush_url
        self._parse = parse

    @cached_property
    def labels(self) -> Labels:
        """Its annotations, classifications and relations."""
        return self._parse()


class Task:
    """An asset's way through the workflow: `history` in the order of the export, then `current`."""

    def __init__(
        self,
        *,
        task_id: str | None,
        snapshots: tuple[Snapshot, ...],
        fields: Mapping[str, Any],
    ) -> None:
        self.task_id = task_id
        self.snapshots = snapshots
        """History in order, the current state last; never empty."""
        self.fields = fields
        """All other members of the task (totalDuration, consensus…), for the inspector."""

    @property
    def current(self) -> Snapshot:
        """The state as exported."""
        return self.snapshots[-1]


class Asset:
    """One thing to look at, with its tasks. `url` may be a URL, a relative path, or inline content."""

    def __init__(
        self,
        *,
        index: int,
        kind: AssetKind,
        url: str | None,
        asset_id: str | None = None,
        external_id: str | None = None,
        dataset: tuple[str | None, ...] = (),
        metadata: Mapping[str, Any],
        batches: tuple[str, ...] = (),
        tasks: tuple[Task, ...],
        fields: Mapping[str, Any],
        raw: bytes = b"",
        problems: tuple[Problem, ...] = (),
    ) -> None:
        self.index = index
        self.kind: AssetKind = kind
        self.url = url
        self.asset_id = asset_id
        self.external_id = external_id
        self.dataset = dataset
        """Addresses by page; empty unless the asset has several files."""
        self.metadata = metadata
        self.batches = batches
        self.tasks = tasks
        """Never empty: an asset without a task has one with an empty current state."""
        self.fields = fields
        """All other members (contextData, consensus, status…), for the inspector."""
        self.raw = raw
        self.problems = problems
        """What was wrong outside of the snapshots."""

    @property
    def name(self) -> str:
        """What to call it: external id, else asset id, task id, or its number."""
        return self.external_id or self.asset_id or self.tasks[0].task_id or f"asset {self.index}"

    def metadata_number(self, *names: str) -> float | None:
        """The first of the named metadata members that is a positive, finite number."""
        for name in names:
            value = self.metadata.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e12:
                return float(value)
        return None

    @property
    def size(self) -> tuple[float, float] | None:
        """``metadata.width`` × ``height`` when both are there: the space that labels were drawn in."""
        width, height = self.metadata_number("width"), self.metadata_number("height")
        return (width, height) if width and height else None


TRACKED_KINDS: frozenset[AssetKind] = frozenset({"video"})
"""Kinds in which one object id over several pages is one object that lives in between, too."""

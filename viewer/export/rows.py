"""What the index keeps of each asset: enough to list, filter and mark it, and nothing secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from viewer.errors import Problem

if TYPE_CHECKING:
    from viewer.model import AssetKind
else:
    # The process that makes the index does without the model, which brings numpy with it
    AssetKind = str

Layout = Literal["array", "object", "ndjson", "zip"]
Generation = Literal["v2", "v3", "current", "import", "mixed"]

LAYOUTS: tuple[str, ...] = get_args(Layout)


class Visit(msgspec.Struct, frozen=True, gc=False, array_like=True, kw_only=True):
    """One snapshot of an asset's (first) task: history in the order of the export, the current state last."""

    stage: str | None = None
    stage_id: str | None = None
    completed_at: str | None = None
    completed_by: str | None = None
    duration_ms: int | None = None
    review_status: str | None = None
    labels: int = 0
    differs: bool = False
    """The bytes of its labels, classifications or relations are not those of the snapshot before it
    (annotation ``metadata``, which history leaves out, not counted), or its brush masks are other files. False for
    the first one."""
    masks: bool = False
    """It has a brush mask, which is no label but can change, too."""


class Row(msgspec.Struct, frozen=True, gc=False, array_like=True, kw_only=True):
    """One asset. `start` and `end` are byte offsets in the export (in the unpacked member of a ZIP)."""

    index: int
    start: int
    end: int
    asset_id: str | None = None
    task_id: str | None = None
    """Of the first task, whose current state is the asset's."""
    tasks: int = 0
    external_id: str | None = None
    kind: AssetKind = "unknown"
    pages: int | None = None
    """From ``dataset`` or ``metadata``; None when the export does not say."""
    batches: tuple[str, ...] = ()
    stage: str | None = None
    persons: tuple[str, ...] = ()
    labels: int = 0
    by_class: tuple[tuple[str, str, int], ...] = ()
    """(schema id, title, labels) of the current state, in order of appearance."""
    by_title: dict[str, int] = {}
    by_tool: dict[str, int] = {}
    relations: int = 0
    classifications: int = 0
    visits: tuple[Visit, ...] = ()
    problems: int = 0
    other_task_ids: tuple[str, ...] = ()
    readable: bool = True
    """False: the asset is damaged beyond reading; it keeps its place so that the others keep their numbers."""
    ends: int | None = None
    """Seconds since 1970 (UTC) at which the first link to one of its files ends; None when none says."""


class Summary(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one pass over an export ended with."""

    rows: int
    problems: int
    """All that were found, also those beyond `limits.PROBLEMS_KEPT`."""
    bytes: int
    """Size of the JSON itself: of the file, or of the unpacked member."""
    layout: Layout
    generation: Generation
    cancelled: bool = False


Batch = tuple[list[Row], list[Problem]]

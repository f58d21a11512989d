"""Every problem of one asset, for ``validate``: what reading it told, and what only a closer look tells."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from viewer import limits
from viewer.errors import Problem
from viewer.export.findings import Findings, plural
from viewer.export.mend import collector_paused, mended
from viewer.geometry import Area, Box, Dot, LabelSpace, Line, Primitive
from viewer.model import TRACKED_KINDS, Annotation, Asset, Classification, Labels, Relation, Snapshot, Task

_ANY_PAGE = LabelSpace((1.0, 1.0))
"""Whether a shape is empty or crosses itself does not depend on the page."""

_TOUCHING = ("Ring Self-intersection", "Interior is disconnected")
"""Invalid for GEOS, but the surface is the same by every filling rule; rounded outlines are full of them."""

_SHARED_SIZE_KINDS = ("image", "video", "dicom")
"""Kinds of which ``metadata.width`` and ``height`` describe every page in its pixels (format §3, §8)."""


def problems_of(
    asset: Asset,
    *,
    page_count: int | None = None,
    page_sizes: Mapping[int, tuple[float, float]] | None = None,
    file: str | None = None,
) -> list[Problem]:
    """What could not be shown (error) or was repaired, guessed or contradicts (warning).

    Covers the current state and every history entry of every task, and parses them all. `page_count` is the
    file's own number of pages where it is known, `page_sizes` the displayed sizes of pages in their pixels,
    `file` the name of the export that the problems carry.
    """
    with collector_paused():
        return _problems_of(asset, page_count, page_sizes or {}, file)


def _problems_of(
    asset: Asset, page_count: int | None, page_sizes: Mapping[int, tuple[float, float]], file: str | None
) -> list[Problem]:
    findings = _empty(asset, file)
    _look_for_duplicate_keys(asset, findings)
    _look_at_sizes(asset, page_sizes, findings)
    for task in asset.tasks:
        _look_at_order(task, findings)
    known_pages = page_count if page_count is not None else pages_of(asset)
    found = [*asset.problems, *findings.all()]
    for task in asset.tasks:
        for snapshot in task.snapshots:
            found += snapshot.labels.problems
            own = _empty(asset, file)
            _look_at_pages(snapshot.labels, known_pages, own)
            _look_at_kind(asset, snapshot, own)
            _look_at_shapes(snapshot.labels, own)
            found += own.all()
    return found


def pages_of(asset: Asset) -> int | None:
    """The number of pages that the export says: ``dataset``, then ``metadata``; one for an image."""
    if asset.dataset:
        return len(asset.dataset)
    number = asset.metadata_number("frameTotal", "pageTotal", "pages", "numPages")
    if number is not None:
        return int(number)
    return 1 if asset.kind == "image" else None


def _empty(asset: Asset, file: str | None) -> Findings:
    return Findings(index=asset.index, file=file, external_id=asset.external_id)


# ---- the asset ------------------------------------------------------------------------------------------


def _look_for_duplicate_keys(asset: Asset, findings: Findings) -> None:
    """A member that stands twice in one object: readers take the last one and say nothing."""
    if not asset.raw:
        return
    has_duplicates = False  # most assets have none, and the walk with paths is slow

    def count(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal has_duplicates
        members = dict(pairs)
        has_duplicates |= len(members) != len(pairs)
        return members

    text = _text_of(asset.raw, count)
    if text is None or not has_duplicates:
        return
    for path, key in _duplicates(json.loads(text, strict=False, object_pairs_hook=_Pairs), "$"):
        findings.add(f"{key[:80]} stands twice in one object", "the last one counts", f"{path}.{key[:80]}")


def _text_of(raw: bytes, hook: Callable[[list[tuple[str, Any]]], Any]) -> str | None:
    """The JSON as text, repaired where it must be; None when it cannot be read at all."""
    for source in (raw, None):
        text = (mended(raw) if source is None else source).decode("utf-8-sig", errors="replace")
        try:
            json.loads(text, strict=False, object_pairs_hook=hook)
        except (ValueError, RecursionError):
            continue
        return text
    return None


class _Pairs(list[tuple[str, Any]]):
    """The members of one object, with those that stand twice."""


def _duplicates(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Pairs):
        keys = [key for key, _ in value]
        yield from ((path, key) for key in dict.fromkeys(keys) if keys.count(key) > 1)
        for key, member in value:
            yield from _duplicates(member, f"{path}.{key}")
    elif isinstance(value, list):
        for i, element in enumerate(value):
            yield from _duplicates(element, f"{path}[{i}]")


def _look_at_sizes(asset: Asset, sizes: Mapping[int, tuple[float, float]], findings: Findings) -> None:
    """The size that labels were drawn in against the file's."""
    if asset.size is None or asset.kind not in _SHARED_SIZE_KINDS:
        return
    width, height = asset.size
    for page, (w, h) in sizes.items():
        if abs(w - width) < 1 and abs(h - height) < 1:
            continue
        what = f"metadata says {width:g} × {height:g}, page {page} of the file has {w:g} × {h:g}"
        findings.add(what, "labels are placed by the size in metadata", "$.metadata")
        return


def _look_at_order(task: Task, findings: Findings) -> None:
    """History that is not in the order of its times is shown as the file has it."""
    times = [s.completed_at for s in task.snapshots[:-1] if s.completed_at is not None]
    if any(later < earlier for earlier, later in itertools.pairwise(times)):
        findings.add(
            "the stages are not in the order of their times", "the order of the file is kept", "$.task.stageHistory"
        )


# ---- one snapshot ---------------------------------------------------------------------------------------


def _look_at_pages(labels: Labels, known: int | None, findings: Findings) -> None:
    """Pages beyond the last one. Those that no asset can have were told when they were read."""
    if known is None:
        return
    paged: tuple[Annotation | Classification | Relation, ...] = (
        *labels.annotations,
        *labels.classifications,
        *labels.relations,
    )
    for item in paged:
        page = item.page
        if page is None or not known <= page <= limits.VIDEO_FRAMES:
            continue
        if isinstance(item, Annotation) and item.stopped and page == known:
            continue  # an object that stays to the end stops right after it
        there = "there is only page 0" if known == 1 else f"there are pages 0 to {known - 1}"
        findings.add(f"page {page} does not exist, {there}", "it is listed, not drawn", item.path, error=True)


def _look_at_kind(asset: Asset, snapshot: Snapshot, findings: Findings) -> None:
    """What an asset of this kind does not say, and so was guessed."""
    labels = snapshot.labels
    if asset.kind in TRACKED_KINDS:
        _look_at_tracks(labels, findings)
    if snapshot.brush_url and (asset.kind in ("video", "dicom", "multi-image") or len(asset.dataset) > 1):
        path = "$.task.brushDataUrl" if snapshot.is_current else f"$.task.stageHistory[{snapshot.index}].brushDataUrl"
        findings.add("the brush mask does not say its page", "it is shown on page 0", path)
    if asset.kind == "pdf" and asset.size is None:
        others = [a for a in labels.annotations if a.key != "pdf" and not a.stopped and a.tool.primitives(_ANY_PAGE)]
        if others:
            what = f"{plural(len(others), 'label')} on a PDF in pixels of unknown size"
            findings.add(what, "one pixel was taken as one point", others[0].path)


def _look_at_tracks(labels: Labels, findings: Findings) -> None:
    seen: dict[tuple[str, int | None], Annotation] = {}
    for annotation in labels.annotations:
        key = (annotation.object_id, annotation.page)
        if key in seen:
            what = f"object {annotation.object_id[:80]} stands twice on page {annotation.page}"
            findings.add(what, "the last one is shown", annotation.path)
        elif annotation.page is None:
            findings.add("a label in a video has no page", "it is shown from page 0 on", annotation.path)
        seen[key] = annotation


def _look_at_shapes(labels: Labels, findings: Findings) -> None:
    """Empty shapes, and rings that cross themselves."""
    areas: list[tuple[Annotation, Area]] = []
    for annotation in labels.annotations:
        if annotation.stopped:
            continue
        for primitive in annotation.tool.primitives(_ANY_PAGE):
            if isinstance(primitive, Area):
                areas.append((annotation, primitive))
            elif _is_empty(primitive):
                findings.add(f"the {annotation.key} has no extent", "it is drawn as it is", annotation.path)
    if areas:
        _look_at_areas(areas, findings)


def _is_empty(primitive: Primitive) -> bool:
    if isinstance(primitive, Box):
        return primitive.x0 == primitive.x1 or primitive.y0 == primitive.y1
    if isinstance(primitive, Line):
        return bool((primitive.points == primitive.points[0]).all())
    return not isinstance(primitive, Dot | Area)


def _look_at_areas(areas: list[tuple[Annotation, Area]], findings: Findings) -> None:
    import shapely  # here: it costs 0.1 s at the start of everything that only reads

    polygons = np.array([shapely.Polygon(area.rings[0], area.rings[1:]) for _, area in areas], dtype=object)
    valid = shapely.is_valid(polygons)
    boxes = shapely.bounds(polygons)
    for i, (annotation, _) in enumerate(areas):
        x0, y0, x1, y1 = boxes[i]
        if x0 == x1 or y0 == y1:
            findings.add(f"the {annotation.key} has no surface", "it is drawn as it is", annotation.path)
        elif not valid[i]:
            reason = str(shapely.is_valid_reason(polygons[i]))
            if not reason.startswith(_TOUCHING):
                findings.add(
                    f"the {annotation.key} {_words(reason)}", "it is filled by the even-odd rule", annotation.path
                )


def _words(reason: str) -> str:
    """GEOS's reason (``Self-intersection[5 5]``) in words."""
    name, _, place = reason.partition("[")
    at = f" at {place.rstrip(']').replace(' ', ', ')}" if place else ""
    if name == "Self-intersection":
        return f"crosses itself{at}"
    if name == "Hole lies outside shell":
        return f"has a hole outside of it{at}"
    return f"is not a sound surface: {name.lower()}{at}"

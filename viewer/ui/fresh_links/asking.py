"""What is asked of Ango Hub: which links of an asset or of the whole export, of which project, with which key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from viewer.errors import ExportError
from viewer.export import Export
from viewer.fetch import presign
from viewer.fetch.hub import Kind, without_query
from viewer.fetch.locate import kind_of
from viewer.fetch.renewing import Asked
from viewer.model import Asset

Scope = Literal["asset", "all", "export"]
"""The links of the asset shown; of all assets, one question each; of all by a fresh export of the project."""

_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])", re.IGNORECASE)
_OF_PROJECT = re.compile(r"/([0-9a-f]{24})/(?:assets|conversations|brushes)/", re.IGNORECASE)
_TYPED = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Question:
    """What was filled in. `host` is a checked base address; `key` is "" for the one that is kept."""

    host: str
    project: str
    key: str = field(repr=False)
    scope: Scope


def links_of(asset: Asset) -> list[Asked]:
    """The links of an asset that Ango Hub can sign anew, each once: its files, and the masks of all stages."""
    masks = [(s.brush_url, s.medical_brush_url) for task in asset.tasks for s in task.snapshots]
    named: list[tuple[str | None, Kind]] = [(url, "assets") for url in (asset.url, *asset.dataset)]
    named += [(brush, "brushes") for brush, _ in masks]
    named += [(medical, "medicalBrushes") for _, medical in masks]
    found: dict[str, Asked] = {}
    for url, kind in named:
        if url and _can_be_signed(url):
            found.setdefault(without_query(url), Asked(url, kind, asset.index))
    return list(found.values())


def links_of_all(
    export: Export, first: int | None, *, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[list[Asked]]:
    """The links of each asset: of `first`, of those that follow it, then of those before it. Damaged ones have none.

    Reads every asset, so it takes a while: in a thread.
    """
    count = len(export.rows)
    start = first if first is not None and first < count else 0
    for at in range(count):
        if cancelled():
            return
        try:
            yield links_of(export.asset((start + at) % count))
        except ExportError:
            yield []


def project_of(asset: Asset) -> str:
    """The id of the asset's project where the export tells it: as a member, or in the paths of its files; else ""."""
    named = asset.fields.get("projectId")
    if isinstance(named, str) and _TYPED.fullmatch(named):
        return named
    for url in (asset.url, *asset.dataset):
        if url and kind_of(url) == "web" and (match := _OF_PROJECT.search(without_query(url))):
            return match[1]
    return ""


def project_in(typed: str) -> str:
    """The id that was typed or pasted, also inside of an address of the project; "" for what is none."""
    typed = typed.strip()
    if match := _ID.search(typed):
        return match[0]
    return typed if _TYPED.fullmatch(typed) else ""


def _can_be_signed(url: str) -> bool:
    """Whether it is one of a store: signed, or without a query (a private store's, which gives nothing unsigned)."""
    return kind_of(url) == "web" and (presign.is_signed(url) or "?" not in url)

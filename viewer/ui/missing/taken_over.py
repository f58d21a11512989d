"""The links that a newer export of the same project has for the assets of an older one. No Qt, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from viewer.diff.across import match_assets
from viewer.errors import ExportError
from viewer.expiry import Expiry, expiry, is_signed
from viewer.export import Export
from viewer.export.depth import deeper_than
from viewer.export.parse import parse_asset
from viewer.fetch.locate import base_name, kind_of
from viewer.limits import JSON_DEPTH
from viewer.model import Asset
from viewer.ui.beside import identities

Place: TypeAlias = tuple[object, ...]
"""Where a link stands in an asset, so that it is found in another export of it."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What came of it. The links are secrets, so they are in no ``repr``."""

    links: dict[str, str] = field(repr=False)
    """Link of the open export → the one to use instead."""
    ends: dict[int, int | None]
    """Asset → seconds since 1970 at which the first of its new links ends; None when none says."""
    assets: int
    """All of the open export."""
    matched: int
    """Of them those that are in the newer one."""
    expired: int
    """Of these those whose links there have ended, too."""
    ended: datetime | None
    """When the last of those links ended."""
    files: int
    """Assets for which the newer one names files of its own folder, or nothing."""


def take_over(
    own: Export,
    other: Export,
    *,
    now: datetime,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> TakenOver | None:
    """Match the assets of two exports that are read, and pair their links; None when it was cancelled.

    Assets are matched by asset id, task id and external id. `now` (aware) judges which links have ended: those are
    not taken over. Reads every asset that is in both, so it is for a thread.
    """
    mine, theirs = list(own.rows), list(other.rows)
    pairs = [
        (match.before, match.after)
        for match in match_assets(identities(mine), identities(theirs))
        if match.before is not None and match.after is not None
    ]
    links: dict[str, str] = {}
    ends: dict[int, int | None] = {}
    expired = files = 0
    ended: datetime | None = None
    for done, (one, two) in enumerate(pairs):
        if cancelled():
            return None
        on_progress(done, len(pairs))
        try:
            found = pair(_read(own, one), _read(other, two))
        except ExportError:
            continue  # a damaged asset is told of elsewhere
        spans = {new: expiry(new) for new in found.values()}
        alive = {old: new for old, new in found.items() if _is_alive(spans[new], now)}
        last = max((span.ends for span in spans.values() if span is not None and span.ends <= now), default=None)
        if alive:
            links |= alive
            ends[one] = min(
                (int(span.ends.timestamp()) for new in alive.values() if (span := spans[new])), default=None
            )
        elif last is not None:
            expired += 1
            ended = last if ended is None else max(ended, last)
        else:
            files += 1
    return TakenOver(links, ends, len(mine), len(pairs), expired, ended, files)


def _is_alive(span: Expiry | None, now: datetime) -> bool:
    return span is None or span.ends > now


def _read(export: Export, index: int) -> Asset:
    """One asset, beside those that the export keeps: each is read once here."""
    row = export.row(index)
    raw = export.raw(index) if row.readable else b""
    if not raw or deeper_than(raw, JSON_DEPTH):
        raise ExportError(f"Asset {index} cannot be read.")
    return parse_asset(raw, index=index)


def pair(old: Asset, new: Asset) -> dict[str, str]:
    """Link of `old` → that of the same file in `new`, another export of the same asset.

    An asset's own link belongs to it whatever it is called. Files of a dataset go by their names, else by their
    place in one of the same length. A mask is taken where it is the same file, or that of a stage which both know
    as left at the same time: another mask would change the labels.
    """
    theirs = dict(_links(new))
    by_name = {_name(url): url for url in reversed(theirs.values())}
    by_part = _parts(new)
    found: dict[str, str] = {}
    for place, url in _links(old):
        instead = by_name.get(_name(url))
        if instead is None and place[0] == "part":
            instead = by_part.get(base_name(urlsplit(url).path))
        if instead is None:
            instead = theirs.get(place)
        if instead is not None and kind_of(instead) == "web":
            found[url] = instead
    return found


def _parts(asset: Asset) -> dict[str, str]:
    """The files of a dataset by their names; of those that share one, none."""
    names = [(base_name(urlsplit(url).path), url) for url in asset.dataset if url is not None and _is_link(url)]
    count = Counter(name for name, _ in names)
    return {name: url for name, url in names if count[name] == 1}


def _links(asset: Asset) -> Iterator[tuple[Place, str]]:
    """All places of an asset that name a file."""
    if asset.url is not None and _is_link(asset.url):
        yield ("asset",), asset.url
    for part, url in enumerate(asset.dataset):
        if url is not None and _is_link(url):
            yield ("part", part, len(asset.dataset)), url
    for task in asset.tasks:
        for snapshot in task.snapshots:
            left = (task.task_id, snapshot.index, snapshot.stage_id, snapshot.completed_at)
            for kind, mask in (("brush", snapshot.brush_url), ("medical", snapshot.medical_brush_url)):
                if mask and _is_link(mask):
                    # a current state was left at no time yet, so it is never known to be the one of another export
                    yield (kind, *left) if snapshot.completed_at else (kind, id(snapshot)), mask


def _is_link(url: str) -> bool:
    return kind_of(url) in ("web", "storage", "relative", "file") and _is_split(url)


def _is_split(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _name(url: str) -> Place:
    """What tells a file from others whatever the signature of its link is."""
    parts = urlsplit(url)
    return (parts.scheme.lower(), parts.netloc.lower(), parts.path, "" if is_signed(url) else parts.query)

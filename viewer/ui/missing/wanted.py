"""Which files of an export are not on this machine, and which of them a folder has. No Qt, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from viewer.errors import ExportError
from viewer.export import Export, Row
from viewer.export.parse import parse_asset
from viewer.fetch import Address, Sources
from viewer.fetch.locate import Folder, kind_of
from viewer.fetch.transfer import host_of
from viewer.ui import scene

TOLD_EVERY = 50
"""Assets between two words of how far it is."""

Told = Callable[[int, int], None]


class _Files(msgspec.Struct, gc=False):
    """The members of an asset that name its files; an asset of another form is parsed as a whole."""

    asset: str | None = None
    data: str | None = None
    dataset: list[str | None] | None = None


_files = msgspec.json.Decoder(_Files)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An asset with files that are not here. Its addresses hold no signature: they are names to look for."""

    index: int
    name: str
    addresses: tuple[Address, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unsure:
    """One file for which a folder has several that fit equally well."""

    wanted: Wanted
    address: Address = field(repr=False)
    candidates: tuple[Path, ...]


@dataclass(slots=True)
class Found:
    """What a folder has of the assets that were looked for."""

    looked_for: int = 0
    found: int = 0
    """Assets all of whose files are there."""
    unsure: list[Unsure] = field(default_factory=list)

    @property
    def unsure_assets(self) -> int:
        """Assets of which at least one file is ambiguous."""
        return len({one.wanted.index for one in self.unsure})


def addresses_in(raw: bytes, row: Row) -> tuple[Address, ...]:
    """The files that an asset (its JSON and its row) names, with the links as they stand. Raises ExportError."""
    try:
        read = _files.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return scene.addresses_of(parse_asset(raw, index=row.index))
    key = row.asset_id or row.task_id or str(row.index)
    parts = read.dataset or []
    if not parts:
        url = read.asset if read.asset is not None else read.data
        return (Address(url=url, external_id=row.external_id, asset_key=key),)
    return tuple(
        Address(url=url, external_id=row.external_id, asset_key=key, part=part, parts=len(parts))
        for part, url in enumerate(parts)
    )


def missing_of(
    export: Export,
    sources: Sources,
    on_progress: Told = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Wanted] | None:
    """The assets of an export that want a file which is not on this machine; None when it was cancelled.

    Looks at every asset, so it is for a thread. `on_progress(assets, of how many)` runs in that thread.
    """
    rows = list(export.rows)
    found: list[Wanted] = []
    for row in rows:
        if row.index % TOLD_EVERY == 0:
            on_progress(row.index, len(rows))
            if cancelled():
                return None
        if row.kind not in scene.DRAWN_KINDS or not row.readable:
            continue
        try:
            addresses = addresses_in(export.raw(row.index), row)
        except ExportError:
            continue
        if any(kind_of(a.url) not in ("inline", "data") and not sources.whereabouts(a) for a in addresses):
            name = row.external_id or row.asset_id or row.task_id or addresses[0].name
            found.append(Wanted(row.index, name, tuple(map(_unsigned, addresses))))
    return found


def assets_by_host(export: Export, cancelled: Callable[[], bool] = lambda: False) -> Counter[str]:
    """How many assets of an export have files on each server. Looks at every asset, so it is for a thread."""
    found: Counter[str] = Counter()
    for row in list(export.rows):
        if cancelled():
            break
        if row.kind not in scene.DRAWN_KINDS or not row.readable:
            continue
        try:
            found.update({host_of(address) for address in addresses_in(export.raw(row.index), row)})
        except ExportError:
            continue
    return found


def _unsigned(address: Address) -> Address:
    """The same without the query of its link: no folder is looked through by that, and it may be a secret."""
    return address if address.url is None else replace(address, url=address.url.partition("?")[0])


def look_through(
    folder: Folder,
    wanted: Sequence[Wanted],
    on_progress: Callable[[Found], None] = lambda found: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Found | None:
    """What of `wanted` is in a folder, by name; None when it was cancelled. For a thread, as is `on_progress`."""
    result = Found()
    for one in wanted:
        if result.looked_for % TOLD_EVERY == 0:
            on_progress(Found(result.looked_for, result.found, list(result.unsure)))
            if cancelled():
                return None
        fits = [(address, folder.candidates(address)) for address in one.addresses]
        result.looked_for += 1
        result.found += all(len(candidates) == 1 for _, candidates in fits)
        result.unsure += [Unsure(one, address, candidates) for address, candidates in fits if len(candidates) > 1]
    on_progress(result)
    return result

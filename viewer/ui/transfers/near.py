"""Has the files fetched that may be looked at next: the assets beside the one shown, those of the next changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.errors import ExportError, FetchError
from viewer.export import Export
from viewer.fetch import Address, Sources
from viewer.fetch.locate import kind_of
from viewer.limits import MB
from viewer.model import Asset, AssetKind
from viewer.ui import scene

if TYPE_CHECKING:
    from viewer.ui.session import Session

STEPS = (1, 2, -1)
"""Neighbours in the asset list, the likeliest first."""
CHANGES = 2
"""Assets of the next changes."""
FILES = 4
"""Of an asset of many files."""
ASSET_BYTES = 4 * MB
"""Assets of more JSON are not read for the sake of what may be."""
KINDS: frozenset[AssetKind] = frozenset({"image", "multi-image", "pdf", "dicom"})
"""Videos are streamed when they are looked at."""


class Near(QObject):
    """Looks whenever a page is shown. Nothing is fetched ahead offline, or while what is looked at is not to be had."""

    def __init__(
        self,
        session: Session,
        neighbour: Callable[[int, int], int | None],
        upcoming: Callable[[int], Sequence[int]],
    ) -> None:
        """`neighbour(asset, step)`: in the list as it is filtered; `upcoming(count)`: the assets of next changes."""
        super().__init__(session)
        self._session, self._neighbour, self._upcoming = session, neighbour, upcoming
        self._asked: tuple[object, ...] = ()
        session.settled.connect(self.look)

    def look(self) -> None:
        """Have fetched what lies near now."""
        s = self._session
        export, sources, place = s.export, s.transfers.sources, s.state.place
        if export is None or sources is None or sources.offline or s.asset is None or s.loader.has_failed:
            return
        steps = (self._neighbour(s.asset.index, step) for step in STEPS)
        beside = tuple(asset for asset in steps if asset is not None)
        changed = tuple(self._upcoming(CHANGES)) if place.reference is not None else ()
        # (the round is another one when links were renewed: what was dead may live)
        asked = (export, s.asset.index, beside, changed, s.loader.key and s.loader.key[0])
        if asked == self._asked:
            return
        self._asked = asked

        def find() -> tuple[list[Address], list[Address]]:
            return list(_missing(export, sources, beside)), list(_missing(export, sources, changed))

        def found(addresses: tuple[list[Address], list[Address]]) -> None:
            if asked == self._asked and sources is s.transfers.sources:
                s.transfers.fetch_ahead(neighbours=addresses[0], compared=addresses[1])

        s.tasks.run(find, found, slow=True)


def _missing(export: Export, sources: Sources, assets: Iterable[int]) -> Iterator[Address]:
    """Files of these assets that their servers are worth asking for."""
    for index in assets:
        row = export.row(index)
        if row.kind not in KINDS or row.end - row.start > ASSET_BYTES:
            continue
        try:
            asset = export.asset(index)
        except ExportError:
            continue
        for address in scene.addresses_of(asset)[:FILES]:
            if is_missing(sources, address):
                yield address


def is_missing(sources: Sources, address: Address) -> bool:
    """Whether a file is on a server only, and its link lives."""
    if kind_of(address.url) != "web" or sources.locate(address) is not None:
        return False
    try:
        return sources.ready(address) is None
    except FetchError:
        return False


def files_of(asset: Asset) -> Iterator[Address]:
    """All files of an asset that can be shown: its pages and its brush masks."""
    yield from scene.addresses_of(asset)
    for task in asset.tasks:
        for snapshot in task.snapshots:
            if (address := scene.brush_address(snapshot)) is not None:
                yield address

"""What the asset list says of files: which are here, which are on their way, whose links are dead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from viewer.errors import ExportError
from viewer.export import Export, Row
from viewer.fetch import Address
from viewer.fetch.sources import Sources, Whereabouts
from viewer.fetch.transfer import QueueReport, key_of
from viewer.limits import MB
from viewer.ui import scene
from viewer.ui.assets.texts import FileState
from viewer.ui.expiries import Expiries

if TYPE_CHECKING:
    from viewer.ui.session import Session

ASSET_BYTES = 4 * MB
"""Assets of more JSON are not read for the sake of a sign."""
STILL_MS, REST_MS = 150, 40
"""Rows are looked at when they have been in sight for so long, a few at a time with rests: scrolling comes first."""
LINKED: dict[str, FileState] = {"expired": "dead", "soon": "soon", "valid": "valid"}
"""What is said of a file that is not here."""

_LEAST_FIRST: tuple[Whereabouts, ...] = ("", "cached", "beside", "chosen")

HERE: dict[Whereabouts, FileState] = {"chosen": "local", "cached": "cached", "beside": ""}
"""What is said of a file that is."""

Found = dict[int, tuple[Whereabouts, tuple[str, ...]]]


class FileStates(QObject):
    """`want` is told which rows are seen; where their files are is found out in a thread, one after another."""

    changed = Signal(int)
    """Another state of the file of this asset."""

    def __init__(self, session: Session, expiries: Expiries, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session, self._expiries = session, expiries
        self._where: dict[int, Whereabouts] = {}
        self._by_key: dict[str, int] = {}
        self._moving: dict[int, FileState] = {}
        """What the queue of transfers tells, as far as it tells of single ones."""
        self._opened: dict[int, FileState] = {}
        """Of assets that were looked at: ``loading`` or ``failed``."""
        self._wanted: tuple[int, ...] = ()
        self._seen: tuple[int, ...] = ()
        self._round = 0
        self._is_looking = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._look)
        session.export_opened.connect(lambda _export: self._start_over())
        session.thumbnails.asked_again.connect(self.look_again)
        session.transfers.came.connect(self._came)
        session.transfers.reported.connect(self._reported)
        session.waiting.connect(lambda _text: self._say("loading"))
        session.failed.connect(lambda _failure: self._say("failed"))
        session.page_shown.connect(lambda _scene, _content: self._say(""))
        session.state_changed.connect(lambda before, _after: self._left(before.place.asset))

    def state_of(self, row: Row) -> FileState:
        """What is to be said of the file of an asset; known at once, right as far as it was looked."""
        where, link = self._where.get(row.index, ""), LINKED.get(self._expiries.state_of(row.index), "")
        moving = self._moving.get(row.index) or self._opened.get(row.index, "")
        if moving == "failed" and (where or link != "dead"):  # (a dead link says why it failed)
            return "failed"
        if where:
            return HERE[where]
        return moving if moving == "loading" else link

    def words_of(self, row: Row) -> str:
        """How long the links of an asset are valid, as a sentence: ``Link expired 3 days ago``."""
        words = self._expiries.of(row.index)
        return self.tr("Link {0}").format(words) if words else ""

    def want(self, assets: Sequence[int]) -> None:
        """The rows of these assets are seen."""
        self._seen = tuple(assets)
        self._wanted = tuple(asset for asset in assets if asset not in self._where)
        self._rest.start(STILL_MS)

    def look_again(self) -> None:
        """Files may be here that were not, or the other way round."""
        self._round += 1
        self._is_looking = False
        self._where.clear()
        self.want(self._seen)

    def _start_over(self) -> None:
        self._by_key.clear()
        self._moving.clear()
        self._opened.clear()
        self._seen = ()
        self.look_again()

    def _look(self) -> None:
        export, sources, round_ = self._session.export, self._session.loader.sources, self._round
        if self._is_looking or not self._wanted or export is None or sources is None:
            return
        some, self._wanted = self._wanted[:4], self._wanted[4:]
        self._is_looking = True

        def found(where: Found) -> None:
            if round_ != self._round:
                return
            self._is_looking = False
            for asset, (place, keys) in where.items():
                self._by_key.update((key, asset) for key in keys)
                self._where[asset] = place
                self.changed.emit(asset)
            if self._wanted and not self._rest.isActive():
                self._rest.start(REST_MS)

        self._session.tasks.run(lambda: _looked(export, sources, some), found)

    def _say(self, state: FileState) -> None:
        """Of the asset that is looked at."""
        asset = self._session.state.place.asset
        if asset is not None and self._opened.get(asset, "") != state:
            self._opened[asset] = state
            self.changed.emit(asset)

    def _left(self, asset: int | None) -> None:
        """What was on its way for the asset before is not waited for any more."""
        if asset is not None and asset != self._session.state.place.asset and self._opened.get(asset) == "loading":
            del self._opened[asset]
            self.changed.emit(asset)

    def _came(self, address: Address) -> None:
        asset = self._by_key.get(key_of(address))
        if asset is not None:
            self._moving.pop(asset, None)
            self._where.pop(asset, None)
            self.want(self._seen)
            self.changed.emit(asset)

    def _reported(self, report: QueueReport) -> None:
        moving: dict[int, FileState] = {}
        for told in report.transfers:
            asset = self._by_key.get(told.key)
            if asset is not None and told.state in ("running", "failed"):
                moving[asset] = "loading" if told.state == "running" else "failed"
        before, self._moving = self._moving, moving
        for asset in before.keys() | moving.keys():
            if before.get(asset) != moving.get(asset):
                self.changed.emit(asset)


def _looked(export: Export, sources: Sources, assets: Sequence[int]) -> Found:
    """Where the files of some assets are, and by which keys transfers name them. In a thread."""
    result: Found = {}
    for index in assets:
        result[index] = "", ()
        row = export.row(index)
        if not row.readable or row.end - row.start > ASSET_BYTES:
            continue
        try:
            addresses = scene.addresses_of(export.asset(index))
        except (ExportError, ValueError):
            continue
        places = {sources.whereabouts(address) for address in addresses}
        # of several files the least certain counts: what is not all here is not here
        place = next((place for place in _LEAST_FIRST if place in places), _LEAST_FIRST[0])
        result[index] = (place, tuple(key_of(address) for address in addresses[:200]))
    return result

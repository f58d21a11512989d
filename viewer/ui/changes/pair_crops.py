"""Makes the pictures of changes in the background: the newest wish first, from files that are here already."""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from viewer.decoders.base import PageInfo, Raster
from viewer.errors import ViewerError
from viewer.fetch import Address
from viewer.model import Asset, Labels
from viewer.ui import scene
from viewer.ui.canvas.page_layer import Picture, picture_of, with_mips
from viewer.ui.changes.pair_crop import Crop, Entries, Wish, crop_of, entries_of, region_of
from viewer.ui.session import Session
from viewer.workers import DocumentClient, PagePixels

log = logging.getLogger(__name__)

KEPT = 32
WIDTH = 960
"""Pixels of the picture's longer side at most: sharp on the screen also where it is shown large."""
PDF_SCALE = 4.0
WAIT_MS = 40
"""Rows that are only passed by have no pictures made."""


class Crops(QObject):
    """`want` asks for one; `made` gives it, without a picture where there is none."""

    made = Signal(object, object)
    """(`Wish`, `Crop`; None where not even the labels are to be had)"""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session
        self._made: OrderedDict[tuple[int, str], Crop] = OrderedDict()
        self._wanted: Wish | None = None
        self._running: Wish | None = None
        self._client: tuple[int, int, DocumentClient] | None = None
        """The asset (and task) whose file is open, and its reader."""
        self._round = 0
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._begin)
        session.export_opened.connect(lambda _export: self.forget())

    def want(self, wish: Wish | None) -> Crop | None:
        """What is there of it already; else it is made, and what was wanted before is not any more."""
        self._wanted = None
        if wish is None:
            return None
        crop = self._made.get(wish.key)
        if crop is not None:
            self._made.move_to_end(wish.key)
            return crop
        self._wanted = wish
        if self._running is None:
            self._wait.start()
        return None

    def rest(self) -> None:
        """Nothing is looked at: no file is held open."""
        self._wanted = None
        self._round += 1
        self._running = None
        self._wait.stop()
        if self._client is not None:
            self._client[2].close()
            self._client = None

    def forget(self) -> None:
        """Another export."""
        self.rest()
        self._made.clear()

    # ---- step by step ------------------------------------------------------------------------------------

    def _begin(self) -> None:
        s, wish = self._session, self._wanted
        export = s.export
        if wish is None or export is None or self._running is not None or s.tasks.is_closed:
            return
        self._wanted, self._running = None, wish
        round_ = self._round

        def read() -> tuple[Asset, Entries]:
            asset = export.asset(wish.item.asset)
            return asset, entries_of(asset, wish)

        def got(result: tuple[Asset, Entries]) -> None:
            if round_ == self._round:
                self._measure(wish, *result)

        s.tasks.run(read, got, lambda error: self._failed(wish, round_, error))

    def _measure(self, wish: Wish, asset: Asset, entries: Entries) -> None:
        """How large the page is: from its file, else from the export."""
        round_ = self._round
        client = self._open(asset, wish.task)

        def sized(info: PageInfo, *, there: bool = True) -> None:
            if round_ == self._round:
                self._place(wish, asset, entries, info, client if there else None)

        def unknown(error: BaseException) -> None:
            log.info("a change is shown without its picture: %s", type(error).__name__)
            sized(scene.blind_info(asset, entries.after if entries.after.annotations else entries.before), there=False)

        if client is None:
            unknown(ViewerError("There are no pages."))
        else:
            self._session.tasks.watch(client.info(entries.page), sized, unknown)

    def _open(self, asset: Asset, task: int) -> DocumentClient | None:
        s = self._session
        if self._client is not None and self._client[:2] == (asset.index, task):
            return self._client[2]
        if self._client is not None:
            self._client[2].close()
            self._client = None
        sources = s.loader.sources
        if asset.kind not in scene.DRAWN_KINDS or sources is None:
            return None

        def bring(address: Address) -> Future[Path]:
            future: Future[Path] = Future()
            path = sources.locate(address)
            if path is None:
                future.set_exception(ViewerError("The file is not on this computer."))
            else:
                future.set_result(path)
            return future

        is_open = s.asset is not None and s.asset.index == asset.index
        options = s.loader.options.hints() if is_open else {}
        labels = asset.tasks[task].current.labels if asset.kind == "video" else Labels()
        client = s.pool.open(scene.parts_of(scene.addresses_of(asset), bring), scene.hints_of(asset, labels, **options))
        self._client = (asset.index, task, client)
        return client

    def _place(self, wish: Wish, asset: Asset, entries: Entries, info: PageInfo, client: DocumentClient | None) -> None:
        s, round_ = self._session, self._round

        def placed(crop: Crop) -> None:
            if round_ != self._round:
                return
            region = region_of(crop)
            if client is None or region is None:
                self._done(wish, crop)
                return
            scale = min(PDF_SCALE if info.kind == "pdf" else 1.0, WIDTH / max(region[2] - region[0], 1.0))
            view = scene.view_of(s.state.look)
            s.tasks.watch(
                client.render(entries.page, region, scale, view=view),
                drawn(crop),
                lambda _error: self._done(wish, crop),
            )

        def drawn(crop: Crop):  # type: ignore[no-untyped-def]
            def came(pixels: PagePixels) -> None:
                s.tasks.run(lambda: _picture(pixels), finished(crop))

            return came

        def finished(crop: Crop):  # type: ignore[no-untyped-def]
            return lambda picture: self._done(wish, replace(crop, picture=picture)) if round_ == self._round else None

        s.tasks.run(
            lambda: crop_of(asset, wish, entries, info, palette=s.palette),
            placed,
            lambda error: self._failed(wish, round_, error),
        )

    def _failed(self, wish: Wish, round_: int, error: BaseException) -> None:
        if round_ == self._round:
            log.info("a change cannot be drawn: %s", type(error).__name__)
            self._done(wish, None)

    def _done(self, wish: Wish, crop: Crop | None) -> None:
        if self._running is not wish:
            return
        self._running = None
        if crop is not None:
            self._made[wish.key] = crop
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        self.made.emit(wish, crop)
        if self._wanted is not None:
            self._begin()


def _picture(pixels: PagePixels) -> Picture:
    return with_mips(picture_of(Raster(np.array(pixels.pixels), pixels.format, pixels.region)))

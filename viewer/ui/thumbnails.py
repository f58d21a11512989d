"""Small pictures of assets for lists: made in the background, one at a time, from files that are here already."""

from __future__ import annotations

import logging
from collections import OrderedDict
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from viewer.decoders.base import PageInfo, Raster
from viewer.export import Export
from viewer.fetch import Sources
from viewer.limits import MB
from viewer.model import Asset
from viewer.ui import scene
from viewer.ui.canvas.page_layer import picture_of
from viewer.ui.tasks import Tasks
from viewer.workers import DocumentClient, PagePixels, Pool

log = logging.getLogger(__name__)

SIDE = 96
"""Pixels of the longer side: sharp at 36 logical pixels on a screen of twice the density."""
WAITING = 60
"""So many wishes are kept; older ones scrolled out of sight long ago."""
ASSET_BYTES = 4 * MB
"""Assets of more JSON are not read for the sake of a thumbnail."""
_KEEP, _SMOOTH = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
REST_MS = 60
"""Between two: what the user looks at comes first."""


class Thumbnails(QObject):
    """`want` asks for one; `made` gives it, or nothing ever when there is none."""

    made = Signal(int, QImage)
    asked_again = Signal()
    """Files may be here now that were not."""

    def __init__(self, tasks: Tasks, pool: Pool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._pool = pool
        self._export: Export | None = None
        self._sources: Sources | None = None
        self._waiting: OrderedDict[int, None] = OrderedDict()
        self._given_up: set[int] = set()
        self._client: DocumentClient | None = None
        self._running: int | None = None
        self._round = 0
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(REST_MS)
        self._next.timeout.connect(self._begin)

    def use(self, export: Export | None, sources: Sources | None) -> None:
        """Another export: what was wanted of the one before is forgotten."""
        self._round += 1
        self._export, self._sources = export, sources
        self._waiting.clear()
        self._given_up.clear()
        self._end()

    def want(self, index: int) -> None:
        """A row is in sight. The newest wish is fulfilled first."""
        if index in self._given_up or index == self._running:
            return
        self._waiting.pop(index, None)
        self._waiting[index] = None
        while len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)
        if self._running is None and not self._next.isActive():
            self._next.start()

    def forget_failures(self) -> None:
        """Files may be here now that were not (a folder was named, one was fetched)."""
        self._given_up.clear()
        self.asked_again.emit()

    def _begin(self) -> None:
        export, sources, round_ = self._export, self._sources, self._round
        if export is None or sources is None or not self._waiting or self._running is not None:
            return
        index, _ = self._waiting.popitem(last=True)
        self._running = index
        row = export.row(index)
        if row.kind not in scene.DRAWN_KINDS or row.end - row.start > ASSET_BYTES:
            self._done(index)
            return

        def find() -> tuple[Asset, Path] | None:
            asset = export.asset(index)
            path = sources.locate(scene.addresses_of(asset)[0])
            return None if path is None else (asset, path)

        def found(result: tuple[Asset, Path] | None) -> None:
            if round_ != self._round:
                return
            if result is None:
                self._done(index)
            else:
                self._open(index, *result)

        self._tasks.run(find, found, lambda error: self._failed(index, round_, error))

    def _open(self, index: int, asset: Asset, path: Path) -> None:
        round_ = self._round
        hints = scene.hints_of(asset, asset.tasks[0].current.labels) if asset.kind != "video" else None
        client = self._client = self._pool.open_paths([path], hints)

        def sized(info: PageInfo) -> None:
            scale = min(1.0, SIDE / max(info.size))
            self._tasks.watch(client.render(0, None, scale, priority="thumbnail"), decoded, failed)

        def decoded(pixels: PagePixels) -> None:
            if round_ == self._round:
                raster = Raster(np.array(pixels.pixels), pixels.format, pixels.region)
                small = picture_of(raster).images[0].scaled(SIDE, SIDE, _KEEP, _SMOOTH)
                self._done(index, small.copy())  # of its own pixels

        def failed(error: BaseException) -> None:
            self._failed(index, round_, error)

        self._tasks.watch(client.info(0), sized, failed)

    def _failed(self, index: int, round_: int, error: BaseException) -> None:
        if round_ == self._round:
            log.info("no thumbnail: %s", type(error).__name__)
            self._done(index)

    def _done(self, index: int, image: QImage | None = None) -> None:
        if image is None:
            self._given_up.add(index)
        else:
            self.made.emit(index, image)
        self._end()
        if self._waiting:
            self._next.start()

    def _end(self) -> None:
        self._running = None
        if self._client is not None:
            self._client.close()
            self._client = None

    def close(self) -> None:
        """Nothing more is made."""
        self.use(None, None)
        self._next.stop()

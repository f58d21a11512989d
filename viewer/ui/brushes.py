"""Brush masks of the stages of one asset: brought beside the page, drawn over it when they are here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np

from viewer.decoders.base import Raster
from viewer.errors import ViewerError
from viewer.fetch import Address
from viewer.model import Snapshot
from viewer.ui import scene
from viewer.ui.tasks import Tasks
from viewer.workers import DocumentClient, PagePixels, Pool

log = logging.getLogger(__name__)


class Brushes:
    """Masks by the path of their address. `came` is called when one that was asked for is here, or cannot be had."""

    def __init__(
        self, tasks: Tasks, pool: Pool, bring: Callable[[Address], Future[Path]], came: Callable[[], None]
    ) -> None:
        self._tasks = tasks
        self._pool = pool
        self._bring = bring
        self._came = came
        self._masks: dict[str, Raster | None] = {}
        self._failures: dict[str, str] = {}
        self._clients: list[DocumentClient] = []
        self._round = 0

    def of(self, snapshot: Snapshot) -> Raster | None:
        """The mask of a stage, if it is here; else it is brought, unless that failed before."""
        address = scene.brush_address(snapshot)
        if address is None:
            return None
        name = address.url_path
        if name not in self._masks:
            self._masks[name] = None
            self._ask(address, name)
        return self._masks[name]

    def failure_of(self, snapshot: Snapshot) -> str:
        """Why the mask of a stage could not be had, in words; "" while nothing went wrong."""
        address = scene.brush_address(snapshot)
        return "" if address is None else self._failures.get(address.url_path, "")

    def _ask(self, address: Address, name: str) -> None:
        round_ = self._round
        client = self._pool.open(scene.parts_of((address,), self._bring))
        self._clients.append(client)

        def came(pixels: PagePixels) -> None:
            client.close()
            if round_ == self._round:
                # a copy, since it stays for as long as the asset does
                self._masks[name] = Raster(np.array(pixels.pixels), pixels.format, pixels.region, pixels.flags)
                self._came()

        def failed(error: BaseException) -> None:
            client.close()
            if not isinstance(error, ViewerError):
                log.error("unexpected while reading a brush mask", exc_info=error)
            if round_ == self._round:
                self._failures[name] = str(error) if isinstance(error, ViewerError) else type(error).__name__
                self._came()

        self._tasks.watch(client.render(0), came, failed)

    def forget(self) -> None:
        """Another asset is shown."""
        self._round += 1
        for client in self._clients:
            client.close()
        self._clients.clear()
        self._masks.clear()
        self._failures.clear()

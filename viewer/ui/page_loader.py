"""Brings one page of one asset to the screen: its file, its pixels and its labels, and drops what comes late."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from viewer.decoders.base import Hints, PageInfo, Raster, View, VoiWindow
from viewer.fetch import Sources
from viewer.model import TRACKED_KINDS, Asset, Labels, Snapshot
from viewer.overlay.palette import Palette
from viewer.state import Look
from viewer.ui import scene
from viewer.ui.ahead import Scenes
from viewer.ui.bringing import Bringing
from viewer.ui.brushes import Brushes
from viewer.ui.canvas import PageContent
from viewer.ui.document_options import DocumentOptions
from viewer.ui.failures import Failure, failure_of, not_drawn
from viewer.ui.scene import Scene
from viewer.ui.tasks import Tasks
from viewer.ui.transfers.queue import TransferQueue
from viewer.workers import DocumentClient, Opened, PagePixels, Pool

log = logging.getLogger(__name__)

PDF_SCALE = 2.0
"""Raster pixels per point of a page's first picture; sharper ones follow where one looks closer."""

WORDS_AFTER_MS = 300
UNREADABLE = ("Corrupt", "Unsupported")
"""Failures that a file fetched once more may not have."""
STALE_AFTER_MS = 80
"""A frame later than this leaves the old one without labels, with words of what is awaited."""


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What is to be on the screen."""

    asset: Asset
    snapshot: Snapshot
    page: int
    look: Look


class PageLoader(QObject):
    """One asset at a time. `show` says what is wanted; the signals tell what became of it."""

    document_opened = Signal(object)
    """`Opened`: the number of pages and the facts of the file."""
    labels_placed = Signal(object)
    """`Scene` of the page wanted, before or without its pixels."""
    page_shown = Signal(object, object)
    """(`Scene`, `PageContent`)"""
    page_failed = Signal(object)
    """`Failure`"""
    waiting = Signal(str)
    """Words for what is awaited, when it takes long; the old picture stays without its labels."""
    window_known = Signal()
    """The VOI window that a slice has by itself; see `window`."""
    detail_made = Signal(object, object)
    """(`Raster`, key of the page)"""

    def __init__(self, tasks: Tasks, pool: Pool, palette: Palette, transfers: TransferQueue, parent: QObject) -> None:
        super().__init__(parent)
        self.transfers = transfers
        self._tasks = tasks
        self._pool = pool
        self.palette = palette
        self.fill = 0.1
        self.options = DocumentOptions()
        self.facts: Mapping[str, Any] = {}
        self.page_count = 0
        self.kind = ""
        """Of the open document: image, video, pdf, dicom, dataset; "" before it is open."""
        self.window: tuple[float, float] | None = None
        """The file's own VOI window (centre, width) of the page shown last, where it has one."""
        self._asset: Asset | None = None
        self._wish: Wish | None = None
        self._client: DocumentClient | None = None
        self._bringing = Bringing(tasks, transfers, progressed=self._progressed, became_whole=self._became_whole)
        self._is_asked = False
        self._progress = ""
        self._infos: dict[int, PageInfo] = {}
        self._raster: Raster | None = None
        self._raster_key: tuple[int, View] | None = None
        self._asked: tuple[int, View] | None = None
        self._labels: dict[int, Labels] = {}
        self._parsing: set[int] = set()
        self._failure: Failure | None = None
        self._is_blind = False
        """Whether labels are shown on an empty page, since there is no picture."""
        self._brushes = Brushes(tasks, pool, self._bringing.file, self._go_on)
        self.scenes = Scenes()
        self._round = 0
        self._drawn = 0
        self._last_page = 0
        self._words = QTimer(self)
        self._words.setSingleShot(True)
        self._words.timeout.connect(self._tell_waiting)

    # ---- what is wanted ----------------------------------------------------------------------------------

    def show(self, wish: Wish) -> None:
        """Bring this to the screen; whatever was wanted before is not wanted any more."""
        if wish.asset is not self._asset:
            self._start(wish.asset, wish)
        before, self._wish = self._wish, wish
        if before is not None and before.page != wish.page and self.page_count:
            self._failure = None  # of one page; one of the whole file leaves no pages to go to
            self._is_blind = False
        if before is None or before.page != wish.page or self._failure is not None:
            self._await()
        self._go_on()

    def retry(self) -> None:
        """Try again what failed. A page that ended two readers is only tried again by this."""
        wish = self._wish
        if wish is None:
            return
        is_new = self._client is None or not self.page_count
        is_new = is_new or (self._failure is not None and self._failure.code == "changed")
        if self._failure is not None and self._failure.code in UNREADABLE:
            is_new = self._forget_files(wish) or is_new
        self._failure = None
        self._await()
        if is_new:
            self._restart(wish, asked=True)
        else:
            self._ask_pixels(wish, retry=True)

    def reread(self, options: DocumentOptions) -> None:
        """Open the file again, read in another way."""
        self.options = options
        if self._wish is not None:
            self._restart(self._wish, asked=True)

    def _forget_files(self, wish: Wish) -> bool:
        """Let files that cannot be shown be fetched anew; True if there was one in the cache."""
        addresses, sources = scene.addresses_of(wish.asset), self.transfers.sources
        if wish.asset.dataset and self.page_count:
            addresses = addresses[wish.page : wish.page + 1]
        forgotten = [address for address in addresses if sources is not None and sources.forget(address)]
        return bool(forgotten)

    @property
    def can_show_blind(self) -> bool:
        """Whether there is no picture of something that has one, but labels with places."""
        return self._failure is not None and self._asset is not None and self._asset.kind in scene.DRAWN_KINDS

    def show_blind(self) -> None:
        """Show the labels on an empty page of the size that the export tells."""
        if self.can_show_blind:
            self._is_blind = True
            self._go_on()

    def cancel(self) -> None:
        """Give up the transfer under way; what is asked for later is not concerned."""
        self._bringing.cancel()

    def leave(self) -> None:
        """No asset is shown any more."""
        self._end_document()
        self._round += 1
        self._asset = self._wish = None
        self._labels.clear()
        self.scenes.forget()
        self._words.stop()

    def close(self) -> None:
        """The program ends."""
        self.leave()

    @property
    def key(self) -> tuple[int, int] | None:
        """What the canvas knows the wanted page by."""
        return None if self._wish is None else (self._round, self._wish.page)

    @property
    def sources(self) -> Sources | None:
        """Where the files of the open export are."""
        return self.transfers.sources

    @property
    def has_failed(self) -> bool:
        """Whether the page wanted cannot be shown."""
        return self._failure is not None

    def labels_of(self, snapshot: Snapshot) -> Labels | None:
        """The labels of a snapshot, if they were parsed already."""
        return self._labels.get(id(snapshot))

    def brush_of(self, snapshot: Snapshot) -> Raster | None:
        """The brush mask of any stage, if it is here; else it is brought, and the page is shown again then."""
        return self._brushes.of(snapshot)

    def brush_failure(self, snapshot: Snapshot) -> str:
        """Why the brush mask of a stage is not drawn; "" while nothing went wrong."""
        return self._brushes.failure_of(snapshot)

    def info_of(self, page: int) -> PageInfo | None:
        """The geometry of a page, if it was decoded already."""
        return self._infos.get(page)

    # ---- the document ------------------------------------------------------------------------------------

    def _start(self, asset: Asset, wish: Wish) -> None:
        self._labels.clear()
        self._parsing.clear()
        self.options = DocumentOptions()
        self._restart(replace(wish, asset=asset))

    def _restart(self, wish: Wish, *, asked: bool = False) -> None:
        """Open the file of `wish.asset` anew. `asked`: by the user, whom also a kind of file that is given up obeys."""
        self._end_document()
        self._is_asked = asked
        self._asset = wish.asset
        self._round += 1
        self._bringing.begin()
        self._wish = wish
        self._await()
        asset = wish.asset
        if asset.kind not in scene.DRAWN_KINDS:
            self._fail(not_drawn(asset))
        elif asset.kind not in TRACKED_KINDS:
            self._open(scene.hints_of(asset, Labels(), **self.options.hints()))
        # a video's labels say how far its pages go: it is opened when they are parsed
        self._go_on()

    def _end_document(self) -> None:
        self._bringing.end()
        if self._client is not None:
            self._client.close()
            self._client = None
        self._brushes.forget()
        self._infos.clear()
        self._raster = self._raster_key = self._asked = None
        self._failure = None
        self._is_blind = False
        self._progress = ""
        self.page_count = 0
        self.kind = ""
        self.window = None
        self.facts = {}

    def _open(self, hints: Hints) -> None:
        assert self._asset is not None
        parts = scene.parts_of(
            scene.addresses_of(self._asset),
            self._bringing.video if scene.is_streamed(self._asset) else self._bringing.file,
        )
        client = self._client = self._pool.open(parts, hints)
        self._tasks.watch(
            client.reopen() if self._is_asked else client.opened,
            lambda opened: self._opened(client, opened),
            lambda error: self._open_failed(client, error),
        )

    def _progressed(self, words: str) -> None:
        self._progress = words
        if not self._words.isActive() and self._is_waiting:
            self.waiting.emit(words)

    def _became_whole(self) -> None:
        """A video that was shown by time is all here: it is opened anew, now frame by frame."""
        if self._wish is not None and self.facts.get("wants_rest"):
            self._restart(self._wish)

    def _opened(self, client: DocumentClient, opened: Opened) -> None:
        if client is not self._client:
            return
        self._progress = ""
        self.page_count = max(1, opened.page_count)
        self.kind = opened.kind
        if notice := self._bringing.notice:
            facts = dict(opened.facts)
            opened = replace(opened, facts=facts | {"warnings": (notice, *facts.get("warnings", ()))})
        self.facts = opened.facts
        self.document_opened.emit(opened)
        self._go_on()
        if self._bringing.is_whole:
            self._became_whole()

    def _open_failed(self, client: DocumentClient, error: BaseException) -> None:
        if client is self._client:
            self._fail(failure_of(error, self._asset))

    # ---- labels and pixels -------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Do what can be done now for what is wanted."""
        wish = self._wish
        if wish is None or self._asset is not wish.asset:
            return
        labels = self._labels.get(id(wish.snapshot))
        if labels is None:
            self._parse(wish)
        elif self._client is None and self._failure is None:
            # (a video: its labels have just been parsed)
            self._open(scene.hints_of(wish.asset, labels, **self.options.hints()))
        if self._failure is not None:
            if labels is not None:
                self._place_blind(wish, labels)
            return
        if not self.page_count:
            return
        view = scene.view_of(wish.look)
        page = min(wish.page, self.page_count - 1)
        if self._raster_key == (page, view):
            if labels is not None:
                self._draw(wish, labels)
        elif self._asked != (page, view):
            self._ask_pixels(wish)

    def _parse(self, wish: Wish) -> None:
        snapshot = wish.snapshot
        if id(snapshot) in self._parsing:
            return
        self._parsing.add(id(snapshot))

        def parsed(labels: Labels) -> None:
            if wish.asset is self._asset:
                self._labels[id(snapshot)] = labels
                self._go_on()

        self._tasks.run(lambda: snapshot.labels, parsed)

    def _ask_pixels(self, wish: Wish, *, retry: bool = False) -> None:
        client = self._client
        if client is None:
            return
        view = scene.view_of(wish.look)
        page = min(wish.page, self.page_count - 1)
        asked = self._asked = (page, view)
        self._await()
        future = client.render(page, None, PDF_SCALE if self.kind == "pdf" else 1.0, view=view, retry=retry)
        self._tasks.watch(
            future,
            lambda pixels: self._pixels_came(client, asked, pixels),
            lambda error: self._pixels_failed(client, asked, error),
        )

    def _pixels_came(self, client: DocumentClient, asked: tuple[int, View], pixels: PagePixels) -> None:
        if client is not self._client or self._asked != asked:
            return  # a newer question is open
        page = asked[0]
        self._infos[page] = pixels.info
        self._raster = Raster(pixels.pixels, pixels.format, pixels.region, pixels.flags)
        self._raster_key, self._asked = asked, None
        self._failure = None
        self._progress = ""
        self._go_on()
        if self._document_kind(pixels.info) == "dicom" and self.window is None:
            self._ask_window(client, page)
        if self.page_count > 1:
            client.prefetch(page, -1 if page < self._last_page else 1)
        self._last_page = page

    def _pixels_failed(self, client: DocumentClient, asked: tuple[int, View], error: BaseException) -> None:
        if client is self._client and self._asked == asked:
            self._asked = None
            self._fail(failure_of(error, self._asset))

    def _draw(self, wish: Wish, labels: Labels) -> None:
        """Place the labels in a thread, then show both together."""
        page, raster = min(wish.page, self.page_count - 1), self._raster
        info, key = self._infos[page], self._raster_key
        self._drawn += 1
        drawn, round_ = self._drawn, self._round

        def build() -> Scene:
            return self.scenes.of(wish.asset, labels, page, info, palette=self.palette, look=wish.look, fill=self.fill)

        def built(made: Scene) -> None:
            if drawn != self._drawn or round_ != self._round or self._raster is not raster or raster is None:
                return
            self._words.stop()
            kind = self._document_kind(info)
            content = PageContent(
                raster=raster,
                page_size=info.size,
                key=(round_, page),
                store=made.store,
                relations=made.arrows,
                brush=self._brushes.of(wish.snapshot) if page == 0 and wish.look.labels else None,
                kind=kind,
                paper=made.is_paper,
                sharper=kind == "pdf",
                asset=wish.asset.index,
            )
            self.page_shown.emit(made, content)

        assert key is not None
        self._tasks.run(build, built)

    def _ask_window(self, client: DocumentClient, page: int) -> None:
        """The window that the page is shown with, where a drag begins."""

        def came(windows: tuple[VoiWindow, ...]) -> None:
            if client is self._client and windows:
                self.window = (windows[0].center, windows[0].width)
                self.window_known.emit()

        self._tasks.watch(client.windows(page), came, lambda error: log.info("no window: %s", type(error).__name__))

    def _document_kind(self, info: PageInfo) -> Literal["image", "video", "pdf", "dicom"]:
        kind = info.facts.get("document_kind", self.kind)
        kinds: tuple[Literal["video", "pdf", "dicom"], ...] = ("video", "pdf", "dicom")
        return next((known for known in kinds if known == kind), "image")

    def want_detail(self, region: tuple[float, float, float, float], scale: float) -> None:
        """A sharper picture of a region of the page shown (PDF)."""
        client, wish, key = self._client, self._wish, self.key
        if client is None or wish is None or self._failure is not None:
            return

        def came(pixels: PagePixels) -> None:
            # a copy: the canvas keeps several, and the memory shared with the reader has few places
            self.detail_made.emit(Raster(np.array(pixels.pixels), pixels.format, pixels.region, pixels.flags), key)

        future = client.render(wish.page, region, scale, view=scene.view_of(wish.look), priority="neighbour")
        self._tasks.watch(future, came, lambda error: log.info("no detail: %s", type(error).__name__))

    def want_sample(self, x: int, y: int, done: Callable[[float | None], None]) -> None:
        """The stored value of one pixel of the page shown (DICOM, 16-bit); None where there is none."""
        client, wish = self._client, self._wish
        if client is None or wish is None or self._failure is not None:
            return

        def came(values: Any) -> None:
            done(float(values.flat[0]) if values is not None and values.size == 1 else None)

        future = client.samples(wish.page, (float(x), float(y), float(x + 1), float(y + 1)))
        self._tasks.watch(future, came, lambda error: log.info("no value: %s", type(error).__name__))

    # ---- waiting and failing -----------------------------------------------------------------------------

    @property
    def _is_waiting(self) -> bool:
        return self._failure is None and (self._asked is not None or not self.page_count)

    def _await(self) -> None:
        self._words.start(STALE_AFTER_MS if self.page_count else WORDS_AFTER_MS)

    def _tell_waiting(self) -> None:
        if not self._is_waiting or self._wish is None:
            return
        if self._progress:
            self.waiting.emit(self._progress)
        elif not self.page_count:
            self.waiting.emit(self.tr("Opening {0}…").format(self._wish.asset.name))
        else:
            self.waiting.emit(self.tr("Decoding page {0}…").format(f"{self._wish.page + 1:,}"))

    def _fail(self, failure: Failure) -> None:
        self._words.stop()
        self._failure = failure
        self._raster = self._raster_key = None
        self.page_failed.emit(failure)
        self._go_on()

    def _place_blind(self, wish: Wish, labels: Labels) -> None:
        """The labels are complete even when the picture is not to be had."""
        page = wish.page
        info = self._infos.get(page) or scene.blind_info(wish.asset, labels)
        round_ = self._round

        def placed(made: Scene) -> None:
            if round_ != self._round or self._wish is not wish:
                return
            if not self._is_blind:
                self.labels_placed.emit(made)
                return
            content = PageContent(
                raster=scene.blank(info),
                page_size=info.size,
                key=(round_, page),
                store=made.store,
                relations=made.arrows,
                paper=made.is_paper,
                asset=wish.asset.index,
            )
            self.page_shown.emit(made, content)

        self._tasks.run(
            lambda: scene.build_scene(
                wish.asset, labels, page, info, palette=self.palette, look=wish.look, fill=self.fill
            ),
            placed,
        )

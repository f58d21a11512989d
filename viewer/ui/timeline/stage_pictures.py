"""Small pictures of the page with the labels of each stage, for the cards of a wide window."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage, QPainter, QPixmap

from viewer.decoders.base import Raster
from viewer.geometry import Affine
from viewer.model import Asset, Snapshot
from viewer.overlay.palette import Palette
from viewer.state import Look
from viewer.ui.canvas.content import PageContent
from viewer.ui.canvas.page_layer import PageLayer, picture_of, wants_mips, with_mips
from viewer.ui.canvas.painter import PaintOptions, paint_shapes
from viewer.ui.scene import Scene, build_scene
from viewer.ui.session import Session
from viewer.ui.timeline.places import PICTURE

if TYPE_CHECKING:
    from viewer.ui.timeline.widget import StageTimeline

KEPT = 16
"""Pages whose pictures are kept."""
WAIT_MS = 250
"""A page must stay so long before its pictures are made: pages that are only passed by have none."""
LABELS = 2_000
"""A stage with more labels than these is shown without: on so few pixels one could not tell them anyway."""

Key = tuple[int, int, int]
"""(asset, task, page)"""


class StagePictures(QObject):
    """Follows the page shown; one picture after the other is made in a thread, the stage shown first."""

    def __init__(self, session: Session, timeline: StageTimeline) -> None:
        super().__init__(timeline)
        self._session, self._timeline = session, timeline
        self._made: OrderedDict[Key, dict[int, QPixmap]] = OrderedDict()
        self._page: tuple[Key, Scene, PageContent] | None = None
        self._round = 0
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._begin)
        session.page_shown.connect(self._page_shown)
        session.export_opened.connect(lambda _export: self._forget())
        timeline.pictures_wanted.connect(self._wait.start)

    def close(self) -> None:
        """The window closes: no picture is made any more, and the page is let go."""
        self._wait.stop()
        self._forget()

    def _forget(self) -> None:
        self._made.clear()
        self._page = None
        self._round += 1

    def _page_shown(self, scene: Scene, content: PageContent) -> None:
        s = self._session
        if s.asset is None:
            return
        key = (s.asset.index, s.state.place.task, scene.page)
        same = self._page is not None and self._page[0] == key
        self._page = (key, scene, content)
        if not same or not self._timeline.has_pictures:
            self._round += 1
            self._wait.start()

    def _begin(self) -> None:
        s = self._session
        if (
            s.tasks.is_closed
            or not self._timeline.shows_pictures
            or self._page is None
            or s.asset is None
            or s.task is None
        ):
            return
        key, scene, content = self._page
        if key[:2] != (s.asset.index, s.state.place.task):
            return
        made = self._made.setdefault(key, {})
        self._made.move_to_end(key)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        self._timeline.set_pictures(made)
        self._round += 1
        round_, asset, snapshots = self._round, s.asset, s.task.snapshots
        shown = self._timeline.history.shown
        order = sorted((i for i in range(len(snapshots)) if i not in made), key=lambda i: abs(i - shown))
        ratio, palette = self._timeline.devicePixelRatioF(), s.palette

        def based(base: QImage) -> None:
            step(base, 0)

        def step(base: QImage, at: int) -> None:
            if round_ != self._round or at >= len(order):
                return
            index = order[at]

            def drawn(image: QImage) -> None:
                made[index] = QPixmap.fromImage(image)
                if round_ == self._round:
                    self._timeline.set_pictures({index: made[index]})
                    step(base, at + 1)

            s.tasks.run(lambda: picture(base, scene, asset, snapshots[index], palette=palette), drawn)

        if order:
            s.tasks.run(lambda: page_picture(content.raster, content.page_size, ratio=ratio), based)


def page_picture(raster: Raster, page_size: tuple[float, float], *, ratio: float) -> QImage:
    """The page alone, fitted into `PICTURE`; `ratio` device pixels each. In a thread."""
    scale = _scale(page_size) * ratio
    width, height = (max(1, round(side * scale)) for side in page_size)
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    base = picture_of(raster)
    layer = PageLayer()
    layer.set_base(with_mips(base) if wants_mips(raster) else base, page_size)
    painter = QPainter(image)
    try:
        clip = (0.0, 0.0, float(width), float(height))
        layer.paint(painter, Affine.scaling(scale, scale), clip, brush_opacity=0.0)
    finally:
        painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def picture(base: QImage, scene: Scene, asset: Asset, snapshot: Snapshot, *, palette: Palette) -> QImage:
    """A page's picture with the labels of another stage over it. In a thread."""
    image = base.copy()
    if snapshot.labels.count > LABELS:
        return image
    made = build_scene(asset, snapshot.labels, scene.page, scene.info, palette=palette, look=Look(), fill=0.25)
    ratio = image.devicePixelRatio()
    scale = _scale(scene.info.size) * ratio
    image.setDevicePixelRatio(1.0)  # what is painted here counts device pixels
    painter = QPainter(image)
    try:
        clip = (0.0, 0.0, float(image.width()), float(image.height()))
        options = PaintOptions(halo=False, clip=clip, dpr=ratio, dash_outside=False)
        paint_shapes(painter, made.store, Affine.scaling(scale, scale), options=options)
    finally:
        painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _scale(page_size: tuple[float, float]) -> float:
    return min(PICTURE[0] / page_size[0], PICTURE[1] / page_size[1])

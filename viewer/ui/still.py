"""A page with its labels as one picture, without a window and without a display."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from viewer import limits
from viewer.decoders.base import Raster
from viewer.diff import compare
from viewer.errors import FetchError, ViewerError
from viewer.fetch import Address, Sources
from viewer.geometry import Affine
from viewer.model import TRACKED_KINDS, Asset, Labels, Snapshot, Task
from viewer.overlay import palette as colours
from viewer.overlay.palette import Palette
from viewer.state import Look
from viewer.ui import scene
from viewer.ui.canvas.content import PageContent
from viewer.ui.canvas.live_layer import paint_relations
from viewer.ui.canvas.page_layer import PageLayer, picture_of, with_mips
from viewer.ui.canvas.painter import PaintOptions, paint_shapes
from viewer.ui.compare.pages import LETTERS, ComparedStages, stages_of, words_of
from viewer.ui.compare.picture import paint_stages, pane_size
from viewer.ui.scene import Scene
from viewer.ui.timeline.cards import stage_names
from viewer.user_files import replacing
from viewer.workers import Pool, Streamed

BRUSH_OPACITY = 0.6

_application: QGuiApplication | None = None


@dataclass(frozen=True, slots=True)
class StillOptions:
    """How large, and with what. `size` None: one pixel per page pixel; else the page is fitted into it."""

    size: tuple[int, int] | None = None
    labels: bool = True
    tags: bool = False
    halo: bool = True
    fill: float = 0.1
    mapping: Literal["", "index", "time", "chrome"] = ""


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """What a picture is made of."""

    scene: Scene
    raster: Raster
    brush: Raster | None = None
    notes: tuple[str, ...] = ()
    """What could not be had beside the page itself."""


def load_still(
    asset: Asset,
    snapshot: Snapshot,
    page: int,
    options: StillOptions,
    *,
    sources: Sources,
    pool: Pool,
    palette: Palette,
) -> Still:
    """Fetch, decode and place one page. Blocks. Raises ViewerError when there is no such page or no picture."""
    called = f"Asset {asset.index} ({asset.name[: limits.TEXT_SHOWN]})"
    if asset.kind not in scene.DRAWN_KINDS:
        word = scene.KIND_WORDS.get(asset.kind, f"of the kind {asset.kind}")
        raise ViewerError(f"{called} is {word}: it has no picture that can be rendered yet.")
    labels = snapshot.labels if options.labels else Labels()
    hints = scene.hints_of(asset, snapshot.labels, mapping=options.mapping)
    bring = _Bring(sources)
    if scene.is_streamed(asset):
        parts = scene.parts_of(scene.addresses_of(asset), bring.video)
    else:
        parts = scene.parts_of(scene.addresses_of(asset), bring)
    client = pool.open(parts, hints)
    try:
        opened = client.opened.result()
        if not 0 <= page < opened.page_count:
            raise ViewerError(
                f"{called} has no page {page}: it has {opened.page_count:,}, 0 to {opened.page_count - 1}."
            )
        info = client.info(page).result()
        scale = scale_of(info.size, options.size) if info.kind == "pdf" else 1.0
        pixels = client.render(page, None, scale).result()
        raster = Raster(pixels.pixels, pixels.format, pixels.region, pixels.flags)
        brush, notes = (None, ()) if not options.labels or page else _brush(snapshot, bring, pool)
        made = scene.build_scene(
            asset, labels, page, pixels.info, palette=palette, look=Look(all_relations=True), fill=options.fill
        )
        return Still(made, raster, brush, notes)
    finally:
        client.close()


def load_compared(
    asset: Asset,
    task: Task,
    stages: tuple[Snapshot, Snapshot],
    page: int,
    mode: str,
    options: StillOptions,
    *,
    sources: Sources,
    pool: Pool,
    palette: Palette,
) -> tuple[ComparedStages, tuple[str, ...]]:
    """One page in two stages (A, B), and notes of what could not be had. Blocks; raises as `load_still` does."""
    start_without_display()  # plates need fonts to be measured
    before, after = stages
    found = load_still(asset, after, page, options, sources=sources, pool=pool, palette=palette)
    info, made = found.scene.info, found.scene
    look = Look(mode=mode, all_relations=True)
    other = scene.build_scene(asset, before.labels, page, info, palette=palette, look=look, fill=options.fill)
    brush, notes = (None, ()) if page else _brush(before, _Bring(sources), pool)
    comparison = compare(before, after, tracked=asset.kind in TRACKED_KINDS, size=asset.size)
    content = PageContent(
        found.raster, info.size, (asset.index, page), made.store, made.arrows, found.brush, paper=made.is_paper
    )
    names = stage_names(task.snapshots)
    words = [words_of(task, snapshot, names[snapshot.index], letter) for snapshot, letter in zip(stages, LETTERS)]
    compared = stages_of(mode, content, (other, made), (comparison,), words, (brush, found.brush))
    return compared, tuple(dict.fromkeys((*found.notes, *notes)))


def paint_compared(stages: ComparedStages, options: StillOptions) -> QImage:
    """Draw two stages. `options.size` is that of the whole picture. Raises ViewerError when it would be too large."""
    size = pane_size(stages.mode, len(stages.words), options.size)
    scale = scale_of(stages.content.page_size, size)
    return paint_stages(stages, scale, all_tags=options.tags, halo=options.halo)


class _Bring:
    """Fetches in the calling thread: a command waits for it anyway."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def __call__(self, address: Address) -> Future[Path]:
        future: Future[Path] = Future()
        try:
            future.set_result(self._sources.fetch(address))
        except ViewerError as error:
            future.set_exception(error)
        return future

    def video(self, address: Address) -> Future[Path | Streamed]:
        """The same for a video of which one frame is wanted: exactly that one, so not by time."""
        future: Future[Path | Streamed] = Future()
        try:
            future.set_result(self._sources.stream(address, by_time=False))
        except ViewerError as error:
            future.set_exception(error)
        return future


def _brush(snapshot: Snapshot, bring: _Bring, pool: Pool) -> tuple[Raster | None, tuple[str, ...]]:
    address = scene.brush_address(snapshot)
    if address is None:
        return None, ()
    client = pool.open(scene.parts_of((address,), bring))
    try:
        pixels = client.render(0).result()
        return Raster(pixels.pixels, pixels.format, pixels.region, pixels.flags), ()
    except (FetchError, ViewerError) as error:
        return None, (f"The brush mask is not drawn: {error}",)
    finally:
        client.close()


def scale_of(page_size: tuple[float, float], size: tuple[int, int] | None) -> float:
    """Picture pixels per page pixel: 1, or what fits the page into `size`."""
    if size is None:
        return 1.0
    return min(size[0] / page_size[0], size[1] / page_size[1])


def paint_still(still: Still, options: StillOptions) -> QImage:
    """Draw it. Raises ViewerError when the picture would be too large. `tags` starts a Qt without a display."""
    width_in_page, height_in_page = still.scene.info.size
    scale = scale_of((width_in_page, height_in_page), options.size)
    width, height = max(1, round(width_in_page * scale)), max(1, round(height_in_page * scale))
    if width * height > limits.RASTER_PIXELS * 4:
        raise ViewerError(f"A picture of {width:,} × {height:,} pixels is too large; ask for a smaller --size.")
    if options.tags:
        start_without_display()
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colours.CANVAS_DARK))
    clip = (0.0, 0.0, float(width), float(height))
    page_to_device = Affine.scaling(scale, scale)
    painter = QPainter(image)
    try:
        layer = PageLayer()
        layer.set_base(with_mips(picture_of(still.raster)), still.scene.info.size)
        layer.brush = None if still.brush is None else with_mips(picture_of(still.brush))
        layer.paint(painter, page_to_device, clip, brush_opacity=BRUSH_OPACITY if options.labels else 0.0)
        if options.labels:
            halo = options.halo
            paint = PaintOptions(halo=halo, fill=options.fill > 0, tags=options.tags, clip=clip)
            paint_shapes(painter, still.scene.store, page_to_device, options=paint)
            paint_relations(painter, still.scene.arrows, page_to_device, halo=halo, words=options.tags, clip=clip)
    finally:
        painter.end()
    return image


def start_without_display() -> None:
    """Fonts need an application; one that asks for no display. Does nothing where there is one already."""
    global _application
    if QGuiApplication.instance() is None:
        _application = QGuiApplication(["ango-viewer", "-platform", "offscreen"])
        from viewer.ui import theme

        theme.load_font()


def save_png(image: QImage, path: Path) -> None:
    """Write a picture in one piece. Raises ViewerError when it cannot be written."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise ViewerError(f"{path.name} could not be encoded.")
    buffer.close()
    with replacing(path) as file:
        file.write(content.data())

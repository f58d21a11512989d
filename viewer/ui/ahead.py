"""Keeps the labels of the last pages as they are drawn, and makes those of likely next stages in idle time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace

from viewer.decoders.base import PageInfo
from viewer.model import Asset, Labels
from viewer.overlay.levels import Levels
from viewer.overlay.palette import Palette
from viewer.overlay.shapes import ShapeStore
from viewer.state import Look
from viewer.ui.canvas.arrays import sides_of
from viewer.ui.scene import Scene, build_scene

FROM_LABELS = 300
"""Pages of fewer labels are made anew in a few milliseconds."""
KEPT = 6


class Scenes:
    """`build_scene`, which answers at once what it was asked a moment ago. Any thread may ask."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Labels, Scene]] = OrderedDict()
        self._lock = threading.Lock()

    def of(
        self, asset: Asset, labels: Labels, page: int, info: PageInfo, *, palette: Palette, look: Look, fill: float
    ) -> Scene:
        """The labels of a page; see `build_scene`."""

        def key_now() -> Hashable:
            return (
                id(labels), page, info.size, info.flags, info.kind, fill,
                look.hidden, look.solo, look.colour_by, look.tracks,
                tuple(palette.indices.items()), tuple(palette.ontology.items()), tuple(palette.chosen.items()),
            )  # fmt: skip

        key = key_now()
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
        if known is not None:
            return known[1] if known[1].info is info else replace(known[1], info=info)
        made = build_scene(asset, labels, page, info, palette=palette, look=look, fill=fill)
        if len(made.placed) >= FROM_LABELS:
            with self._lock:
                # asked anew: classes that were not known got their colours; labels are held, so that their id is theirs
                self._kept[key_now()] = (labels, made)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return made

    def forget(self) -> None:
        """Another asset is shown."""
        with self._lock:
            self._kept.clear()


def likely(shown: int, reference: int | None, count: int) -> list[int]:
    """Stages that may be shown next, as many as are kept: the one compared with, then the nearest of `count`."""
    nearest = sorted(range(count), key=lambda i: (abs(i - shown), i))
    found = dict.fromkeys([reference if reference is not None and reference < count else shown, *nearest])
    return [i for i in found if i != shown][: KEPT - 1]


def prepare(store: ShapeStore, scale: float) -> None:
    """Make what is needed to draw a store at `scale` device pixels per page pixel. In a thread."""
    levels = Levels(store)
    level = levels.missing(scale)
    if level is not None:
        levels.build(level)
    sides_of(store, levels.rings(scale))

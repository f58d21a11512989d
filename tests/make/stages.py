"""One page in two stages, with one label of each kind of change, for tests of comparing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from viewer.decoders.base import Raster
from viewer.geometry import Area, Box, Primitive
from viewer.overlay.compared import ComparedPage, PageKinds
from viewer.overlay.palette import GLOW
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import label_style
from viewer.ui.canvas.content import PageContent
from viewer.ui.compare.pages import ComparedStages, StageWords

SIZE = (200.0, 150.0)
RING = np.array(((150.0, 100.0), (180.0, 100.0), (180.0, 130.0), (150.0, 130.0)))
BEFORE: Mapping[str, Primitive] = {
    "same": Box(5.0, 50.0, 25.0, 70.0),
    "moved": Box(40.0, 50.0, 60.0, 70.0),
    "gone": Box(100.0, 10.0, 140.0, 40.0),
    "class": Box(150.0, 50.0, 180.0, 70.0),
    "old": Box(10.0, 100.0, 40.0, 130.0),
    "shape": Area((RING,)),
    "answer": Box(60.0, 100.0, 80.0, 130.0),
}
AFTER: Mapping[str, Primitive] = {
    "same": BEFORE["same"],
    "moved": Box(70.0, 50.0, 90.0, 70.0),
    "class": BEFORE["class"],
    "new": BEFORE["old"],
    "shape": Area((np.concatenate((RING[:2], ((190.0, 140.0),), RING[3:])),)),
    "answer": BEFORE["answer"],
    "added": Box(10.0, 10.0, 40.0, 40.0),
}
KINDS = PageKinds(
    before={
        "moved": ("moved",), "gone": ("removed",), "class": ("reclassified", "attributes"), "old": ("recreated",),
        "shape": ("reshaped",), "answer": ("attributes",),
    },
    after={
        "moved": ("moved",), "class": ("reclassified", "attributes"), "new": ("recreated",), "shape": ("reshaped",),
        "answer": ("attributes",), "added": ("added",),
    },
    after_of={name: "new" if name == "old" else name for name in BEFORE if name != "gone"},
    titles={"class": "Van → Truck"},
)  # fmt: skip


def store(shapes: Mapping[str, Primitive]) -> ShapeStore:
    """As drawn by class."""
    entries = [(name, (shape,), label_style(GLOW[4]), Tag(name.title())) for name, shape in shapes.items()]
    return ShapeStore.of_primitives(entries, SIZE)


def pair(*, paper: bool = False) -> ComparedPage:
    """Both stages."""
    return ComparedPage(store(BEFORE), store(AFTER), KINDS, paper=paper)


def stages(mode: str, *, others: int = 0, level: int = 90, key: object = "page") -> ComparedStages:
    """Ready to be shown. `others`: further stages C, D …, all as B is."""
    pixels = np.full((int(SIZE[1]), int(SIZE[0]), 4), level, dtype=np.uint8)
    content = PageContent(Raster(pixels, "bgrx", (0.0, 0.0, *SIZE)), SIZE, key, store(AFTER))
    words = tuple(
        StageWords(letter, name, "jana@example.org", "3 Nov 09:48", "7 labels")
        for letter, name in zip("ABCDEF", ("Label", "Review", "Label 2", "Review 2", "Done", "Complete"))
    )
    return ComparedStages(mode, content, tuple(pair() for _ in range(1 + others)), words[: 2 + others])

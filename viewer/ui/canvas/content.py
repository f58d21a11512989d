"""What the canvas shows: a page with its labels, told apart from others by its key."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from viewer.decoders.base import Raster
from viewer.overlay.compared import ChangeMarks
from viewer.overlay.relations import RelationStore
from viewer.overlay.shapes import ShapeStore

Kind = Literal["image", "video", "pdf", "dicom"]


@dataclass(frozen=True, slots=True, eq=False)
class PageContent:
    """A page as it is shown: pixels and labels that belong together, told apart from others by `key`.

    `page_size` is the displayed size of the page in page pixels. `paper`: the page is white paper (PDF).
    `sharper`: the decoder gives more detail when asked for a larger scale (`Canvas.detail_wanted`). `asset`
    tells pages of different assets apart, for the rule of the view. `marks`: signs and arrows of what changed,
    when the labels are those of a comparison.
    """

    raster: Raster
    page_size: tuple[float, float]
    key: Hashable
    store: ShapeStore
    relations: RelationStore = field(default_factory=RelationStore)
    brush: Raster | None = None
    kind: Kind = "image"
    paper: bool = False
    sharper: bool = False
    asset: Hashable = None
    marks: ChangeMarks | None = None

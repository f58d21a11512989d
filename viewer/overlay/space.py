"""How the exported coordinates lie on a page: what ``metadata`` and the file say about its size."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import NamedTuple

from viewer.geometry import Affine, LabelSpace
from viewer.model import AssetKind

SAME_PX = 1.0
"""Sizes that differ by less are the same size, rounded (pixel aspects give fractions)."""
SAME_ASPECT = 0.01


class Note(NamedTuple):
    """What does not agree, and what was done about it; becomes a `Problem`."""

    what: str
    instead: str


def label_space(
    *,
    kind: AssetKind,
    page_size: tuple[float, float],
    metadata_size: tuple[float, float] | None,
    flags: Collection[str] = (),
    many_files: bool = False,
    in_points: bool = False,
) -> tuple[LabelSpace, tuple[Note, ...]]:
    """The label space of one page and what to say about it.

    `page_size` is the displayed size of the page (`PageInfo.size`) and `flags` its flags; `metadata_size` is
    ``metadata.width`` × ``height`` (`Asset.size`). `many_files`: each page has a file of its own, so that one
    size in ``metadata`` cannot be true of all of them. `in_points`: the page turned out to be a PDF page,
    whatever the kind.

    Labels were drawn on the page as a browser showed it, which is what `page_size` is; so the map is the
    identity unless ``metadata`` names another size. PDF pages have no pixels: labels were drawn on them at
    the size in ``metadata``, without one at one pixel for each point.
    """
    page = (float(page_size[0]), float(page_size[1]))
    notes: list[Note] = []
    if "unrotated" in flags:
        notes.append(
            Note(
                "The file says that it is turned, metadata.width and height say that it is not",
                "it is shown as metadata says",
            )
        )
    given = metadata_size if metadata_size is not None and _is_size(metadata_size) else None
    if given is None or not _is_size(page):
        return LabelSpace(page), tuple(notes)
    scale = Affine.scaling(page[0] / given[0], page[1] / given[1])
    if in_points or kind == "pdf":
        if not _same_aspect(page, given):
            notes.append(
                Note(
                    f"The page is {_shown(page)} points, metadata says {_shown(given)}: another shape",
                    "labels are stretched to the page",
                )
            )
        return LabelSpace(page, scale), tuple(notes)
    if all(abs(a - b) < SAME_PX for a, b in zip(page, given)):
        return LabelSpace(page), tuple(notes)
    if many_files or kind == "multi-image":
        return LabelSpace(page), tuple(notes)
    turned = all(abs(a - b) < SAME_PX for a, b in zip(page, given[::-1]))
    what = f"The file is {_shown(page)} pixels, metadata says {_shown(given)}"
    if turned:
        what += ", width and height exchanged"
    notes.append(Note(what, "labels are scaled to the file"))
    return LabelSpace(page, scale), tuple(notes)


def _is_size(size: tuple[float, float]) -> bool:
    return all(math.isfinite(side) and side > 0 for side in size)


def _same_aspect(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] * b[1] / (a[1] * b[0]) - 1.0) <= SAME_ASPECT


def _shown(size: tuple[float, float]) -> str:
    return f"{size[0]:.6g} × {size[1]:.6g}"

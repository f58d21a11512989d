"""Brush masks of two snapshots: pictures behind signed addresses, told apart by their path."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
import numpy as np
from numpy.typing import NDArray

from viewer.model import Annotation, AnswerChange, Change, ChangeKind, Snapshot
from viewer.tools.unknown import Unknown

OTHER_FILE = "The two snapshots have mask files of other names; whether their pixels differ is not said here."
ONE_SIDED = "A brush mask is only in the current state: history often leaves masks out, so it was not compared."

MASKS = (("brushDataUrl", "Brush"), ("medicalBrushDataUrl", "Voxel brush"))
"""Member of a snapshot, and what its mask is called."""


def compare_brushes(before: Snapshot, after: Snapshot) -> tuple[list[Change], tuple[str, ...]]:
    """Changes of the masks, and notes. The query of an address is a signature, a new one in each export.

    A mask that only the current state has is no change: history entries are not known to carry masks.
    """
    changes: list[Change] = []
    notes: list[str] = []
    sides = ((before.brush_url, before.medical_brush_url), (after.brush_url, after.medical_brush_url))
    for (member, title), old, new in zip(MASKS, *sides):
        one, two = _path(old), _path(new)
        if one == two:
            continue
        kind: ChangeKind = "added" if one is None else "removed" if two is None else "reshaped"
        if kind != "reshaped" and before.is_current != after.is_current:
            notes.append(ONE_SIDED)
            continue
        changes.append(
            Change(
                kinds=(kind,),
                before=None if one is None else _mask(member, title),
                after=None if two is None else _mask(member, title),
                note=OTHER_FILE,
            )
        )
    return changes, tuple(dict.fromkeys(notes))


def _path(url: str | None) -> str | None:
    if not url:
        return None
    try:
        return urlsplit(url).path
    except ValueError:
        return url.partition("?")[0]


def _mask(member: str, title: str) -> Annotation:
    """A mask as an entry of its own: it has no place in ``tools``."""
    return Annotation(object_id=member, schema_id="", title=title, tool=Unknown("brush"))


class ColourPixels(NamedTuple):
    """How many pixels of a mask have a colour (``#RRGGBB``), before and after, and how many of them are in both."""

    colour: str
    before: int
    after: int
    common: int


def pixels_by_colour(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> tuple[ColourPixels, ...]:
    """The painted pixels of two masks of one size, shape (rows, columns, 4) as RGBA, by colour; the largest first.

    A pixel is painted where its alpha is not 0. Raises ValueError when the sizes differ.
    """
    if before.shape != after.shape:
        raise ValueError("masks of two sizes have no pixels in common")
    one, two = _codes(before), _codes(after)
    counts = [dict(zip(*(part.tolist() for part in np.unique(codes[codes >= 0], return_counts=True))))
              for codes in (one, two, one[one == two])]  # fmt: skip
    known = counts[0].keys() | counts[1].keys()
    colours = sorted(known, key=lambda c: (-max(counts[0].get(c, 0), counts[1].get(c, 0)), c))
    return tuple(ColourPixels(f"#{c:06X}", *(found.get(c, 0) for found in counts)) for c in colours)


def _codes(mask: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The colour of each pixel as one number; -1 where nothing is painted."""
    rgba = mask.reshape(-1, 4).astype(np.int32)
    return np.where(rgba[:, 3] > 0, rgba[:, 0] << 16 | rgba[:, 1] << 8 | rgba[:, 2], -1).astype(np.int32)


def with_pixels(change: Change, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Change | None:
    """A change of masks that says what changed pixel by pixel; None when they are the same pixels in another file."""
    if before.shape != after.shape:
        return msgspec.structs.replace(change, note="The two masks have different sizes.")
    found = pixels_by_colour(before, after)
    changed = tuple(c for c in found if not c.before == c.after == c.common)
    if not changed:
        return None
    both = sum(c.common for c in found)
    union = sum(c.before + c.after for c in found) - both
    total = sum(c.before for c in found)
    return msgspec.structs.replace(
        change,
        note="",
        iou=both / union if union else None,
        area_ratio=sum(c.after for c in found) / total if total else None,
        answers=tuple(AnswerChange(c.colour, f"{c.before:,} px", f"{c.after:,} px") for c in changed),
    )

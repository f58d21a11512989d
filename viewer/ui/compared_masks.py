"""What changed between the brush masks of two stages, pixel by pixel, once both are here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.base import Raster
from viewer.diff import Comparison
from viewer.diff.brush import with_pixels
from viewer.model import Annotation, Change


def is_of_masks(change: Change) -> bool:
    """Whether a change is that of a brush mask in both snapshots."""
    entry = change.entry
    is_mask = isinstance(entry, Annotation) and entry.key == "brush" and entry.object_id == "brushDataUrl"
    return is_mask and change.before is not None and change.after is not None


def with_masks(comparison: Comparison, before: Raster, after: Raster) -> Comparison:
    """The same comparison, its change of masks told by pixels; without it when the pixels are the same."""
    changes = []
    for change in comparison.changes:
        told = with_pixels(change, _rgba(before), _rgba(after)) if is_of_masks(change) else change
        if told is not None:
            changes.append(told)
    tracks = tuple(track for track in comparison.tracks if not any(map(is_of_masks, track.changes)))
    return Comparison(tuple(changes), after_of=comparison.after_of, tracks=tracks, notes=comparison.notes)


def _rgba(mask: Raster) -> NDArray[np.uint8]:
    """A mask as RGBA; one without transparency is painted where it is not black."""
    pixels = mask.pixels
    if mask.format == "gray8":
        return np.ascontiguousarray(np.stack([pixels, pixels, pixels, np.where(pixels > 0, 255, 0)], axis=-1), np.uint8)
    found = np.ascontiguousarray(pixels[..., [2, 1, 0, 3]])
    if mask.format == "bgrx":
        found[..., 3] = np.where(found[..., :3].any(axis=-1), 255, 0)
    return found

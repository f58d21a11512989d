"""Overlay planes of groups 60xx: graphics that belong on top of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.dicom.frames import Frame
from viewer.decoders.dicom.layout import Layout

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Mask = NDArray[np.bool_]
"""Shape (rows, columns) of the picture."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay: its size, where its first pixel lies in the picture (0-based), the frames it is for."""

    group: int
    rows: int
    columns: int
    top: int
    left: int
    first_frame: int
    frames: int
    bit: int | None
    """The bit of the stored pixels that carries it; None: it has data of its own."""


def read_overlays(dataset: Dataset, layout: Layout) -> tuple[Overlay, ...]:
    """The overlays of a file that can be drawn; damaged ones are left out."""
    found = []
    for group in range(0x6000, 0x6020, 2):
        rows, columns = _int(dataset, group, 0x10), _int(dataset, group, 0x11)
        if not rows or not columns or rows < 0 or columns < 0 or rows * columns > 4 * layout.pixels + 65_536:
            continue
        bit: int | None = None
        if (group, 0x3000) not in dataset:
            bit = _int(dataset, group, 0x102)
            if bit is None or not layout.stored <= bit < layout.allocated or layout.samples != 1:
                continue
        origin = _ints(dataset, group, 0x50) or (1, 1)
        found.append(
            Overlay(
                group,
                rows,
                columns,
                origin[0] - 1,
                (origin[1] if len(origin) > 1 else 1) - 1,
                (_int(dataset, group, 0x51) or 1) - 1,
                _int(dataset, group, 0x15) or layout.declared_frames,
                bit,
            )
        )
    return tuple(found)


def overlay_mask(
    dataset: Dataset, overlays: tuple[Overlay, ...], layout: Layout, frame: Frame, page: int
) -> Mask | None:
    """What all overlays of a page cover; None when that is nothing."""
    mask: Mask | None = None
    for overlay in overlays:
        own = page - overlay.first_frame
        if not 0 <= own < overlay.frames:
            continue
        if overlay.bit is not None:
            raw = frame.raw.view(f"u{frame.raw.dtype.itemsize}")
            plane: Mask = ((raw >> np.asarray(overlay.bit, raw.dtype)) & np.asarray(1, raw.dtype)).astype(np.bool_)
        else:
            found = _plane(dataset, overlay, own)
            if found is None:
                continue
            plane = found
        if mask is None:
            mask = np.zeros((layout.rows, layout.columns), np.bool_)
        _merge(mask, plane, overlay.top, overlay.left)
    return mask if mask is not None and mask.any() else None


def _plane(dataset: Dataset, overlay: Overlay, own: int) -> Mask | None:
    try:
        data = bytes(dataset[overlay.group, 0x3000].value)
    except Exception:
        return None
    size = overlay.rows * overlay.columns
    first = own * size
    if first + size > len(data) * 8:
        # Overlays that say many frames and bring one are for all of them
        first = 0
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[first : first + size]
    bits = np.append(bits, np.zeros(size - len(bits), np.uint8))
    return bits.reshape(overlay.rows, overlay.columns).astype(np.bool_)


def _merge(mask: Mask, plane: Mask, top: int, left: int) -> None:
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(mask.shape[0], top + plane.shape[0]), min(mask.shape[1], left + plane.shape[1])
    if y0 < y1 and x0 < x1:
        mask[y0:y1, x0:x1] |= plane[y0 - top : y1 - top, x0 - left : x1 - left]


def _ints(dataset: Dataset, group: int, element: int) -> tuple[int, ...]:
    if (group, element) not in dataset:
        return ()
    try:
        found = dataset[group, element].value
        return tuple(int(v) for v in (found if hasattr(found, "__iter__") else (found,)))
    except Exception:
        return ()


def _int(dataset: Dataset, group: int, element: int) -> int | None:
    found = _ints(dataset, group, element)
    return found[0] if found else None

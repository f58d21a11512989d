"""Colour frames → 8-bit RGB: palettes, YBR spaces, more than 8 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.dicom.layout import Layout, Stored
from viewer.decoders.dicom.values import numbers, value
from viewer.errors import DecodeError

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Rgb = NDArray[np.uint8]
"""Shape (rows, columns, 3), or (entries, 3) for a palette."""

_NAMES = ("Red", "Green", "Blue")


def rgb_from(values: Stored, layout: Layout, *, is_rgb: bool) -> Rgb:
    """Three stored samples as 8-bit RGB."""
    eight = _eight_bits(values, layout)
    if is_rgb or layout.photometric in ("RGB", "YBR_RCT", "YBR_ICT"):
        return eight
    if layout.photometric.startswith("YBR_PARTIAL"):
        return _matrix(eight, 16.0, _PARTIAL)
    return _matrix(eight, 0.0, _FULL) if layout.photometric.startswith("YBR") else eight


def _eight_bits(values: Stored, layout: Layout) -> Rgb:
    if values.dtype == np.uint8:
        return values
    if values.dtype.kind == "f":
        return np.clip(np.nan_to_num(values) * 255.0, 0, 255).astype(np.uint8)
    unsigned = values.view(f"u{values.dtype.itemsize}")
    bits = layout.stored if layout.stored > 8 else 8
    if layout.stored <= 8 < values.dtype.itemsize * 8 and unsigned.size and int(unsigned.max()) > 255:
        bits = values.dtype.itemsize * 8
    eight: Rgb = np.right_shift(unsigned, np.asarray(bits - 8, unsigned.dtype)).astype(np.uint8)
    return eight


# PS3.3 C.7.6.3.1.2: the inverse of the matrices given there (ITU-R BT.601)
_FULL = ((1.0, 0.0, 1.402), (1.0, -0.344136, -0.714136), (1.0, 1.772, 0.0))
_PARTIAL = ((1.164384, 0.0, 1.596027), (1.164384, -0.391762, -0.812968), (1.164384, 2.017232, 0.0))


def _matrix(ybr: Rgb, black: float, matrix: tuple[tuple[float, float, float], ...]) -> Rgb:
    import cv2

    rows = np.empty((3, 4), np.float32)
    for i, row in enumerate(matrix):
        rows[i, :3] = row
        rows[i, 3] = -row[0] * black - (row[1] + row[2]) * 128.0
    result: Rgb = np.empty_like(ybr)
    for top in range(0, ybr.shape[0], 256):  # strips: floats are four times the picture
        strip = cv2.transform(ybr[top : top + 256].astype(np.float32), rows)
        result[top : top + 256] = np.clip(np.rint(strip), 0, 255).astype(np.uint8)
    return result


def read_palette(dataset: Dataset, *, bits: int) -> Rgb:
    """The palette as a table indexed by stored pattern: shape (256 or 65,536, 3). Raises DecodeError."""
    size = 256 if bits <= 8 else 65_536
    channels = [_channel(dataset, name, size) for name in _NAMES]
    return np.stack(channels, axis=1)


def _channel(dataset: Dataset, name: str, size: int) -> NDArray[np.uint8]:
    descriptor = numbers(dataset, f"{name}PaletteColorLookupTableDescriptor")
    plain = value(dataset, f"{name}PaletteColorLookupTableData")
    segmented = value(dataset, f"Segmented{name}PaletteColorLookupTableData")
    if len(descriptor) != 3 or (plain is None and segmented is None):
        raise DecodeError("The colour palette of this DICOM file is missing or damaged.")
    count, first, bits = int(descriptor[0]) or 65_536, int(descriptor[1]), int(descriptor[2])
    # Data of 8-bit palettes come packed two to a word or one to a word; their number tells
    if plain is not None:
        raw = _bytes(plain)
        wide = len(raw) >= 2 * count or (bits > 8 and len(raw) != count)
        entries = np.frombuffer(raw, "<u2" if wide else "u1", len(raw) // (2 if wide else 1)).astype(np.int64)
    else:
        raw = _bytes(segmented)
        wide = bits > 8
        entries = _expand_segments(np.frombuffer(raw, "<u2" if wide else "u1", len(raw) // (2 if wide else 1)), count)
    entries = entries[:count]
    if not len(entries):
        raise DecodeError("The colour palette of this DICOM file is empty.")
    if bits > 8 and int(entries.max()) > 255:
        entries = entries >> 8
    levels = np.clip(entries, 0, 255).astype(np.uint8)
    if first > 32_767 and first > count:
        first -= 65_536
    index = np.clip(np.arange(size) - first, 0, len(levels) - 1)
    return levels[index]


def _bytes(data: object) -> bytes:
    if isinstance(data, bytes):
        return data
    return np.asarray(data, dtype="<u2").tobytes()


def _expand_segments(words: NDArray[np.unsignedinteger], count: int) -> NDArray[np.int64]:
    """Segmented palettes, PS3.3 C.7.9.2: discrete, linear and (by byte offset) indirect segments."""
    out: list[int] = []
    position, stack = 0, 0
    values = [int(word) for word in words]

    def run(position: int, segments: int) -> int:
        nonlocal stack
        while position + 1 < len(values) and len(out) < count and segments != 0:
            kind, length = values[position], values[position + 1]
            position += 2
            if kind == 0:
                out.extend(values[position : position + length])
                position += length
            elif kind == 1 and out and position < len(values):
                start, end = out[-1], values[position]
                out.extend(round(start + (end - start) * i / length) for i in range(1, min(length, count) + 1))
                position += 1
            elif kind == 2 and stack == 0 and position + 1 < len(values):
                offset = values[position] | values[position + 1] << (16 if words.dtype.itemsize == 2 else 8)
                stack += 1
                run(offset // words.dtype.itemsize, length)
                stack -= 1
                position += 2
            else:
                break
            segments -= 1
        return position

    run(position, -1)
    return np.array(out[:count], np.int64)

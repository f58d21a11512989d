"""Stored grey values (16-bit, 32-bit, float) → the 8 bits on screen, and the ranges to choose from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.base import VoiWindow

AUTO_PERCENTILES = (0.5, 99.5)
_SAMPLED = 1_000_000
"""Values looked at for percentiles: more changes nothing that the eye can see."""

FULL_16 = VoiWindow(center=32767.5, width=65535.0, name="Full range", function="LINEAR_EXACT")
"""What a browser shows of a 16-bit picture: value / 257."""

IDENTITY = np.arange(256, dtype=np.uint8)


def levels(values: NDArray[Any], window: VoiWindow) -> NDArray[np.float64]:
    """Levels 0-255 (not rounded) of values under a VOI window; DICOM PS3.3 C.11.2.1.2 and .3."""
    x = np.asarray(values, dtype=np.float64)
    center, width = window.center, window.width
    with np.errstate(all="ignore"):
        if window.function == "SIGMOID" and width > 0:
            y = 1.0 / (1.0 + np.exp(-4.0 * (x - center) / width))
        elif window.function == "LINEAR" and width > 1:
            y = (x - (center - 0.5)) / (width - 1.0) + 0.5
        elif window.function != "LINEAR" and width > 0:
            y = (x - center) / width + 0.5
        else:
            y = (x > center - 0.5).astype(np.float64)
        y = np.nan_to_num(y, nan=0.0, posinf=1.0, neginf=0.0)
    clipped: NDArray[np.float64] = np.clip(y, 0.0, 1.0) * 255.0
    return clipped


def table_8(window: VoiWindow | None, tone: NDArray[np.uint8] | None, inverted: bool) -> NDArray[np.uint8] | None:
    """256-entry table for an 8-bit picture; None when it would change nothing."""
    table = IDENTITY if window is None else np.rint(levels(IDENTITY, window)).astype(np.uint8)
    if tone is not None:
        table = tone[table]
    if inverted:
        table = 255 - table
    return None if table is IDENTITY else table


def to_grey(
    values: NDArray[Any], window: VoiWindow, tone: NDArray[np.uint8] | None, inverted: bool
) -> NDArray[np.uint8]:
    """Grey values of any type, shape (rows, columns), as uint8 of the same shape. NaN becomes black."""
    after = table_8(None, tone, inverted)
    if values.dtype == np.uint16:
        import cv2

        table = np.rint(levels(np.arange(65_536), window)).astype(np.uint8)
        if after is not None:
            table = after[table]
        # One lookup per pixel, 10-90 times as fast as arithmetic on the picture (decode.md A2.5).
        return np.asarray(cv2.LUT(np.ascontiguousarray(values), table), dtype=np.uint8)
    out = np.empty(values.shape, np.uint8)
    for row in range(0, values.shape[0], 256):  # strips, so that float64 copies stay small
        part = np.rint(levels(values[row : row + 256], window)).astype(np.uint8)
        out[row : row + 256] = part if after is None else after[part]
    return out


def auto_window(values: NDArray[Any]) -> VoiWindow:
    """The range that holds all values but the outer half per cent on each side."""
    step = max(1, int((values.size / _SAMPLED) ** 0.5))
    sample = values[::step, ::step].astype(np.float64).ravel()
    sample = sample[np.isfinite(sample)]
    if sample.size == 0:
        return VoiWindow(center=0.5, width=1.0, name="Auto", function="LINEAR_EXACT")
    low, high = (float(v) for v in np.percentile(sample, AUTO_PERCENTILES))
    if high <= low:
        low, high = float(sample.min()), float(sample.max())
    width = high - low if high > low else 1.0
    return VoiWindow(center=(low + high) / 2.0, width=width, name="Auto", function="LINEAR_EXACT")


def file_window(values: NDArray[Any], bits: int = 0) -> VoiWindow:
    """How a file is shown at first: 16-bit as a browser does, fewer bits by all of them, else by its own range."""
    if values.dtype == np.uint16:
        if not 8 < bits < 16:
            return FULL_16
        most = float((1 << bits) - 1)
        return VoiWindow(center=most / 2, width=most, name=FULL_16.name, function="LINEAR_EXACT")
    return auto_window(values)

"""Smaller pictures by whole factors: each pixel is the mean of a square, so that its place stays exact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_RESIZED = frozenset(("uint8", "uint16", "int16", "float32", "float64"))


def shrunk(pixels: NDArray[Any], factor: int, *, alpha: bool = False) -> NDArray[Any]:
    """Mean of `factor` x `factor` squares; shape (ceil(h / factor), ceil(w / factor)[, channels]).

    Squares that stick out at the right and at the bottom see the last column and row repeated. With straight
    `alpha` colours are weighted by it, so that invisible colours do not shine through.
    """
    if factor == 1:
        return pixels
    import cv2

    if pixels.dtype.name not in _RESIZED:
        pixels = pixels.astype(np.float64)
    height, width = pixels.shape[:2]
    rows, columns = -(-height // factor), -(-width // factor)
    out = np.empty((rows, columns, *pixels.shape[2:]), pixels.dtype)
    step = max(1, 256 // factor)  # output rows at a time: the padded copy stays small
    for row in range(0, rows, step):
        strip = pixels[row * factor : (row + step) * factor]
        wanted = min(step, rows - row)
        below, right = wanted * factor - strip.shape[0], columns * factor - width
        if below or right:
            strip = cv2.copyMakeBorder(strip, 0, below, 0, right, cv2.BORDER_REPLICATE)
        if alpha:
            out[row : row + wanted] = _mean_with_alpha(strip, columns, wanted)
        else:
            out[row : row + wanted] = cv2.resize(strip, (columns, wanted), interpolation=cv2.INTER_AREA)
    return out


def _mean_with_alpha(strip: NDArray[np.uint8], columns: int, rows: int) -> NDArray[np.uint8]:
    import cv2

    weighted = strip.astype(np.float32)
    weighted[..., :3] *= weighted[..., 3:] * np.float32(1 / 255)
    mean = cv2.resize(weighted, (columns, rows), interpolation=cv2.INTER_AREA)
    mean[..., :3] *= 255.0 / np.maximum(mean[..., 3:], 0.5)
    levels: NDArray[np.uint8] = np.clip(np.rint(mean), 0, 255).astype(np.uint8)
    return levels

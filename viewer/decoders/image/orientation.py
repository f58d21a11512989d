"""EXIF orientation as a browser applies it, and the exported size as the referee over it."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from viewer.decoders.base import Region

UPRIGHT = 1
_SWAPS = frozenset((5, 6, 7, 8))
ASPECT_TOLERANCE = 0.01


class Verdict(NamedTuple):
    """The orientation to apply, and the flag that tells why it is not the file's (or that no size fits)."""

    orientation: int
    flags: tuple[str, ...]


def referee(*, stored: tuple[int, int], orientation: int, wanted: tuple[float | None, float | None]) -> Verdict:
    """Settle the orientation by the size that the labels were drawn in (decode.md C1).

    `stored` is the file's (width, height) before orientation, `wanted` the exported one. Exact sizes decide
    first; where the file was scaled its aspect decides. Sizes cannot tell a picture from its half turn.
    """
    width, height = wanted
    if not width or not height or width <= 0 or height <= 0:
        return Verdict(orientation, ())
    shown = oriented_size(stored, orientation)
    if shown == (round(width), round(height)):
        return Verdict(orientation, ())
    if orientation in _SWAPS and _same_aspect(stored, width, height) and not _same_aspect(shown, width, height):
        return Verdict(UPRIGHT, ("unrotated",))
    return Verdict(orientation, () if _same_aspect(shown, width, height) else ("scaled",))


def oriented_size(stored: tuple[int, int], orientation: int) -> tuple[int, int]:
    """(width, height) as displayed."""
    return (stored[1], stored[0]) if orientation in _SWAPS else stored


def _same_aspect(size: tuple[int, int], width: float, height: float) -> bool:
    """Within 1 %, or equal once rounded to whole pixels (a thumbnail of 3:1000 is off by more than 1 %)."""
    if abs(size[0] * height - size[1] * width) <= ASPECT_TOLERANCE * size[1] * width:
        return True
    off_y, off_x = size[1] * width / size[0] - height, size[0] * height / size[1] - width
    return min(abs(off_x), abs(off_y)) < 1.0


def turned(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Stored pixels (rows, columns[, channels]) as displayed; EXIF values 2-8, contiguous. 1: the same array.

    The meaning of the eight values: Exif 2.32, tag 0x0112 (where row 0 and column 0 of the file belong).
    """
    if orientation == UPRIGHT:
        return pixels
    import cv2

    result: NDArray[Any]
    if orientation in (5, 7):
        result = cv2.transpose(pixels)
        return result if orientation == 5 else turned(result, 3)
    if orientation in (2, 4):
        result = cv2.flip(pixels, 1 if orientation == 2 else 0)
    else:
        turn = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
        result = cv2.rotate(pixels, turn[orientation])
    return result


def turned_region(region: Region, stored: tuple[int, int], orientation: int) -> Region:
    """A rectangle of the stored picture (edges, pixels) as it lies in the displayed one."""
    x0, y0, x1, y1 = region
    width, height = stored
    if orientation in (5, 7, 6, 8):
        # Transposed first; what is left is one of the flips of the transposed picture.
        x0, y0, x1, y1, width, height = y0, x0, y1, x1, height, width
    flip_x = orientation in (2, 3, 6, 7)
    flip_y = orientation in (3, 4, 7, 8)
    if flip_x:
        x0, x1 = width - x1, width - x0
    if flip_y:
        y0, y1 = height - y1, height - y0
    return x0, y0, x1, y1

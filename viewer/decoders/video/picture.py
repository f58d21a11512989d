"""From a decoded frame to the pixels that a browser shows: rotation, pixel aspect, colour."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

HD_HEIGHT = 720
"""Untagged pictures at least this high are BT.709 in browsers, lower ones BT.601 (video.md §3.4)."""

UNSPECIFIED = 2
ASPECT_MAX = 16
CLOSE = 1.5
"""Pixels by which a size of the metadata may differ and still mean the same picture."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Geometry:
    """How a coded picture is shown: first stretched by its pixel aspect, then turned.

    `orientation` is the EXIF number (1 upright, 3 by 180°, 6 by 90° clockwise, 8 by 90° counterclockwise; 2, 4, 5
    and 7 mirrored). `aspect` is the width of a pixel over its height.
    """

    coded: Size
    orientation: int = 1
    aspect: Fraction = Fraction(1)

    @property
    def stretched(self) -> Size:
        """Size after the pixel aspect, before turning. Always grows a side, as HTML does, rounded."""
        width, height = self.coded
        if self.aspect > 1:
            return max(1, round(width * self.aspect)), height
        return width, max(1, round(height / self.aspect))

    @property
    def displayed(self) -> Size:
        """The size of page space."""
        width, height = self.stretched
        return (height, width) if self.orientation >= 5 else (width, height)

    @property
    def rotation(self) -> int:
        """Degrees clockwise by which the coded picture is turned."""
        return {1: 0, 2: 0, 3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}[self.orientation]


def orientation_of(matrix: bytes | None) -> int:
    """The EXIF orientation of a display matrix: nine int32 (a b u; c d v; x y w), x' = a·x + c·y, y' = b·x + d·y.

    A matrix that does not turn by quarters counts as none: no browser shows such a file turned.
    """
    if matrix is None or len(matrix) < 36:
        return 1
    a, b, _, c, d = np.frombuffer(matrix[:20], np.int32).tolist()
    straight, crossed = max(abs(a), abs(d)), max(abs(b), abs(c))
    if min(straight, crossed) * 50 > max(straight, crossed) or max(straight, crossed) == 0:
        return 1
    if straight > crossed:
        return {(False, False): 1, (True, False): 2, (True, True): 3, (False, True): 4}[a < 0, d < 0]
    return {(False, False): 5, (True, False): 6, (True, True): 7, (False, True): 8}[c < 0, b < 0]


def geometry_of(frame: Any, stream_aspect: Fraction | None) -> Geometry:
    """What a frame and its stream say about its display."""
    from av.sidedata.sidedata import Type

    data = frame.side_data.get(Type.DISPLAYMATRIX)
    aspect = stream_aspect or Fraction(1)
    if aspect <= 0 or not Fraction(1, ASPECT_MAX) <= aspect <= ASPECT_MAX:
        aspect = Fraction(1)
    return Geometry((frame.width, frame.height), orientation_of(None if data is None else bytes(data)), aspect)


def referee(geometry: Geometry, width: float | None, height: float | None) -> tuple[Geometry, tuple[str, ...]]:
    """Let the size that the labels were drawn in settle what the tool showed (video.md §5.2).

    Equal to the displayed size: as it is. Equal to the size without rotation, without stretch, or without both:
    that is left out too, with a flag. Any other size: as it is, and the labels are scaled (flag ``scaled``).
    """
    if not width or not height:
        return geometry, ()
    plain = Geometry(geometry.coded)
    turned = Geometry(geometry.coded, geometry.orientation)
    wide = Geometry(geometry.coded, 1, geometry.aspect)
    candidates: tuple[tuple[Geometry, tuple[str, ...]], ...] = (
        (geometry, ()),
        (turned, ("unstretched",)),
        (wide, ("unrotated",)),
        (plain, ("unrotated", "unstretched") if turned.displayed != geometry.displayed else ("unrotated",)),
    )
    for candidate, flags in candidates:
        if max(abs(candidate.displayed[0] - width), abs(candidate.displayed[1] - height)) < CLOSE:
            return candidate, flags
    return geometry, ("scaled",)


def oriented(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn and mirror an array (height, width, …) by an EXIF orientation; a view where that is possible."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels


class Converter:
    """Turns frames into BGRX. Keeps the scaler between frames; it follows changes of size and format itself."""

    def __init__(self) -> None:
        from av.video.reformatter import VideoReformatter

        self._reformatter = VideoReformatter()

    def bgrx(self, frame: Any, size: Size, orientation: int) -> NDArray[np.uint8]:
        """Pixels of a frame at `size` (width, height) as displayed: uint8, shape (height, width, 4), contiguous.

        Alpha is ignored: the native decoders drop it too, and Chrome would show the web page behind it.
        """
        from av.video.reformatter import Colorspace, Interpolation

        width, height = (size[1], size[0]) if orientation >= 5 else size
        shrinks = width * 2 <= frame.width
        untagged = int(frame.colorspace) == UNSPECIFIED and frame.height >= HD_HEIGHT
        picture = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="bgr0",
            src_colorspace=int(Colorspace.ITU709) if untagged else None,
            interpolation=Interpolation.AREA if shrinks else Interpolation.BILINEAR,
            threads=1,
        )
        plane = picture.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8)[: height * plane.line_size].reshape(height, plane.line_size)
        pixels = rows[:, : width * 4].reshape(height, width, 4)
        return np.ascontiguousarray(oriented(pixels, orientation))

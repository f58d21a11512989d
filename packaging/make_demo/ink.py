"""Painting pictures with numpy: textures, anti-aliased shapes, soft shadows. Coordinates are edges, not centres.

A picture is float32 of shape (height, width, 3), RGB 0…1. Shapes are arrays of points (n, 2) in pixels; the line
x = 10 runs between the 10th and the 11th pixel, as in the labels of an export.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Mask = NDArray[np.float32]
Points = NDArray[np.float64]
Colour = tuple[float, float, float]
Place = tuple[int, int]
"""(left, top) of a mask in the picture."""

FINE = 4
"""Masks are drawn this much larger and averaged down."""


def colour(code: str) -> Colour:
    """``#RRGGBB`` as 0…1."""
    return tuple(int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def clouds(rng: np.random.Generator, height: int, width: int, cells: float, octaves: int = 4) -> Mask:
    """Fractal noise around 0 with a deviation of about 1; `cells` is the size of its largest spots in pixels."""
    total = np.zeros((height, width), np.float32)
    weight = 1.0
    for octave in range(octaves):
        size = max(1.0, cells / 2**octave)
        grid = rng.standard_normal((math.ceil(height / size) + 3, math.ceil(width / size) + 3)).astype(np.float32)
        big = cv2.resize(grid, None, fx=size, fy=size, interpolation=cv2.INTER_CUBIC)
        total += weight * big[int(size) : int(size) + height, int(size) : int(size) + width]
        weight *= 0.55
    return total / np.float32(total.std() + 1e-6)


def textured(rng: np.random.Generator, height: int, width: int, base: Colour, spots: float, grain: float) -> Picture:
    """A surface: large soft spots of brightness and fine grain."""
    light = spots * clouds(rng, height, width, 260, 5)
    light += grain * rng.standard_normal((height, width)).astype(np.float32)
    return np.clip(np.array(base, np.float32) * (1 + light[..., None]), 0, 1).astype(np.float32)


def shape_mask(points: Points | Sequence[Points], size: tuple[int, int]) -> tuple[Mask, Place]:
    """Coverage of a closed shape (several rings: even-odd) within its bounds, clipped to (width, height)."""
    rings = [points] if isinstance(points, np.ndarray) else list(points)
    joined = np.concatenate(rings)
    x0, y0 = (max(0, math.floor(v) - 1) for v in joined.min(axis=0))
    x1, y1 = (min(limit, math.ceil(v) + 1) for v, limit in zip(joined.max(axis=0), size, strict=True))
    if x1 <= x0 or y1 <= y0:
        return np.zeros((0, 0), np.float32), (0, 0)
    fine = np.zeros(((y1 - y0) * FINE, (x1 - x0) * FINE), np.uint8)
    scaled = [np.rint(((ring - (x0, y0)) * FINE - 0.5) * 16).astype(np.int32) for ring in rings]
    cv2.fillPoly(fine, scaled, 255, cv2.LINE_8, 4)
    return cv2.resize(fine, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA).astype(np.float32) / 255, (x0, y0)


def lay(picture: Picture, mask: Mask, place: Place, paint: Colour | Picture, alpha: float = 1.0) -> None:
    """Put paint (a colour, or a picture of the mask's size) on the picture through a mask."""
    height, width = mask.shape
    if not height or not width:
        return
    part = picture[place[1] : place[1] + height, place[0] : place[0] + width]
    part += (np.asarray(paint, np.float32) - part) * (mask * np.float32(alpha))[..., None]


def fill(picture: Picture, points: Points | Sequence[Points], paint: Colour, alpha: float = 1.0) -> None:
    """Fill a shape with one colour."""
    mask, place = shape_mask(points, (picture.shape[1], picture.shape[0]))
    lay(picture, mask, place, paint, alpha)


def fill_texture(picture: Picture, points: Points | Sequence[Points], texture: Picture) -> None:
    """Fill a shape from a texture of the whole picture's size."""
    mask, (x, y) = shape_mask(points, (picture.shape[1], picture.shape[0]))
    lay(picture, mask, (x, y), texture[y : y + mask.shape[0], x : x + mask.shape[1]])


def shade(picture: Picture, points: Points, *, offset: tuple[float, float], blur: float, strength: float) -> None:
    """The soft shadow of a shape, moved by `offset`."""
    height, width = picture.shape[:2]
    moved = points + np.asarray(offset)
    pad = int(3 * blur) + 2
    mask, (x, y) = shape_mask(moved, (width, height))
    if not mask.size:
        return
    x0, y0 = max(0, x - pad), max(0, y - pad)
    x1, y1 = min(width, x + mask.shape[1] + pad), min(height, y + mask.shape[0] + pad)
    wide = np.zeros((y1 - y0, x1 - x0), np.float32)
    wide[y - y0 : y - y0 + mask.shape[0], x - x0 : x - x0 + mask.shape[1]] = mask
    wide = cv2.GaussianBlur(wide, (0, 0), blur)
    part = picture[y0:y1, x0:x1]
    part *= 1 - strength * wide[..., None] * np.array((1.0, 0.96, 0.88), np.float32)  # shadows are bluish


def sweep(points: Points, offset: tuple[float, float]) -> Points:
    """The outline that a convex shape covers while it is moved by `offset`: a shadow of something tall."""
    both = np.concatenate((points, points + np.asarray(offset))).astype(np.float32)
    return cv2.convexHull(both).reshape(-1, 2).astype(np.float64)


def stroke(picture: Picture, points: Points, width: float, paint: Colour, alpha: float = 1.0) -> None:
    """A line of some width with round ends."""
    for a, b in pairwise(points):
        fill(picture, capsule(a, b, width), paint, alpha)


def band(points: Points, width: float) -> Points:
    """The outline of a line of some width, without round ends."""
    direction = np.gradient(points, axis=0)
    normal = np.stack((-direction[:, 1], direction[:, 0]), 1) / np.hypot(*direction.T)[:, None]
    return np.concatenate((points + normal * width / 2, (points - normal * width / 2)[::-1]))


def capsule(a: Points, b: Points, width: float) -> Points:
    """A segment with round ends."""
    angle = math.atan2(b[1] - a[1], b[0] - a[0])
    turn = np.linspace(math.pi / 2, 3 * math.pi / 2, 9) + angle
    arc = np.stack((np.cos(turn), np.sin(turn)), 1) * width / 2
    return np.concatenate((a + arc, b - arc))


def box(x: float, y: float, width: float, height: float) -> Points:
    """An upright rectangle."""
    return np.array(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), np.float64)


def rounded(x: float, y: float, width: float, height: float, radius: float) -> Points:
    """An upright rectangle with round corners."""
    quarter = np.linspace(0, math.pi / 2, 8)
    arc = np.stack((np.cos(quarter), np.sin(quarter)), 1) * radius
    parts = []
    for cx, cy, turn in (
        (x + width - radius, y + height - radius, 0),
        (x + radius, y + height - radius, 1),
        (x + radius, y + radius, 2),
        (x + width - radius, y + radius, 3),
    ):
        c, s = round(math.cos(turn * math.pi / 2)), round(math.sin(turn * math.pi / 2))
        parts.append(arc @ np.array(((c, s), (-s, c))) + (cx, cy))
    return np.concatenate(parts)


def ellipse(x: float, y: float, rx: float, ry: float | None = None, *, turn: float = 0.0, count: int = 48) -> Points:
    """An ellipse turned by `turn` degrees."""
    angle = np.linspace(0, 2 * math.pi, count, endpoint=False)
    return turned(np.stack((np.cos(angle) * rx, np.sin(angle) * (ry if ry is not None else rx)), 1), turn) + np.array(
        (x, y)
    )


def blob(rng: np.random.Generator, x: float, y: float, radius: float, *, rough: float = 0.1, count: int = 22) -> Points:
    """A round shape with an uneven edge."""
    angle = np.linspace(0, 2 * math.pi, count, endpoint=False)
    waves = sum(rng.normal(0, rough / (k**0.7)) * np.cos(k * angle + rng.uniform(0, 2 * math.pi)) for k in range(2, 7))
    reach = radius * (1 + waves)
    return np.stack((x + np.cos(angle) * reach, y + np.sin(angle) * reach), 1)


def turned(points: Points, degrees: float) -> Points:
    """Points turned about the origin, clockwise on screen."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return points @ np.array(((c, s), (-s, c)))


def catmull_rom(knots: Points, steps: int = 16) -> Points:
    """The uniform Catmull-Rom curve through its knots, ends doubled."""
    padded = np.concatenate((knots[:1], knots, knots[-1:]))
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.concatenate((*parts, knots[-1:]))


def stamp(
    picture: Picture, patch: Picture, alpha: Mask, *, center: tuple[float, float], turn: float, scale: float
) -> None:
    """Put a patch (drawn larger by 1 / `scale`) on the picture, turned by degrees about its middle."""
    height, width = alpha.shape
    blurred = 0.45 / scale
    patch = cv2.GaussianBlur(patch * alpha[..., None], (0, 0), blurred)
    alpha = cv2.GaussianBlur(alpha, (0, 0), blurred)
    c, s = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
    reach = math.hypot(width, height) * scale / 2 + 2
    x0, y0 = max(0, math.floor(center[0] - reach)), max(0, math.floor(center[1] - reach))
    x1 = min(picture.shape[1], math.ceil(center[0] + reach))
    y1 = min(picture.shape[0], math.ceil(center[1] + reach))
    if x1 <= x0 or y1 <= y0:
        return
    # from the middle of the patch (pixel centres at +0.5) to the middle of the place in the picture
    ex = center[0] - c * width / 2 + s * height / 2
    ey = center[1] - s * width / 2 - c * height / 2
    move = np.array(
        (
            (c, -s, ex + 0.5 * (c - s) - 0.5 - x0),
            (s, c, ey + 0.5 * (s + c) - 0.5 - y0),
        )
    )
    size = (x1 - x0, y1 - y0)
    colours = cv2.warpAffine(patch, move, size, flags=cv2.INTER_LINEAR)
    cover = cv2.warpAffine(alpha, move, size, flags=cv2.INTER_LINEAR)[..., None]
    part = picture[y0:y1, x0:x1]
    part *= 1 - cover
    part += colours


def to_bytes(picture: Picture) -> NDArray[np.uint8]:
    """8-bit RGB."""
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)

"""Points, affine maps and the primitives that a page is drawn from. Plain numpy, no annotations, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewer import limits

Points: TypeAlias = NDArray[np.float64]
"""Shape (n, 2), dtype float64: x to the right, y down. The space is told by the name of the variable."""


@dataclass(frozen=True, slots=True)
class Affine:
    """A map of the plane: ``x' = a*x + c*y + e``, ``y' = b*x + d*y + f`` (the order of SVG and Qt)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    @classmethod
    def scaling(cls, sx: float, sy: float) -> Affine:
        """Scale about the origin."""
        return cls(sx, 0.0, 0.0, sy, 0.0, 0.0)

    @classmethod
    def translation(cls, dx: float, dy: float) -> Affine:
        """Shift by (dx, dy)."""
        return cls(1.0, 0.0, 0.0, 1.0, dx, dy)

    def after(self, first: Affine) -> Affine:
        """The map that does `first` and then this one."""
        return Affine(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            self.a * first.e + self.c * first.f + self.e,
            self.b * first.e + self.d * first.f + self.f,
        )

    def inverse(self) -> Affine:
        """The map back. Raises ZeroDivisionError when the plane collapses."""
        det = self.a * self.d - self.b * self.c
        a, b, c, d = self.d / det, -self.b / det, -self.c / det, self.a / det
        return Affine(a, b, c, d, -(a * self.e + c * self.f), -(b * self.e + d * self.f))

    def map(self, points: Points) -> Points:
        """Map points of shape (n, 2); the result is a new array."""
        if self == IDENTITY:
            return points
        x, y = points[:, 0], points[:, 1]
        return np.stack((self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f), axis=1)

    def map_point(self, x: float, y: float) -> tuple[float, float]:
        """Map one point."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


IDENTITY = Affine()


@dataclass(frozen=True, slots=True)
class LabelSpace:
    """How the coordinates of an export lie on one page.

    `page_size` is the displayed size of the page in its own pixels (PDF: points). `page_from_label` maps
    exported pixels to that page; it is the identity unless ``metadata`` gives another size than the file.
    """

    page_size: tuple[float, float]
    page_from_label: Affine = field(default=IDENTITY)

    def map(self, points_in_label: Points) -> Points:
        """Exported coordinates to page space."""
        return self.page_from_label.map(points_in_label)

    def map_scaled(self, points: Points, reference: tuple[float, float]) -> Points:
        """Coordinates that carry their own reference size (PDF highlights) to page space."""
        width, height = reference
        if width <= 0 or height <= 0:
            return self.map(points)
        return Affine.scaling(self.page_size[0] / width, self.page_size[1] / height).map(points)


# ---- primitives: what a tool draws, always in page space -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle with x0 <= x1 and y0 <= y1, in page space."""

    x0: float
    y0: float
    x1: float
    y1: float

    def outline(self) -> Points:
        """Its four corners, clockwise on screen from the top left; shape (4, 2)."""
        return np.array(
            ((self.x0, self.y0), (self.x1, self.y0), (self.x1, self.y1), (self.x0, self.y1)), dtype=np.float64
        )


@dataclass(frozen=True, slots=True)
class Area:
    """A closed surface: one outer ring and any number of holes, filled by the even-odd rule; page space.

    Rings have shape (n, 2) and are not closed (the last point differs from the first).
    """

    rings: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An open line through points of shape (n, 2), n >= 1, in page space."""

    points: Points


@dataclass(frozen=True, slots=True)
class Dot:
    """A place without extent, in page space; drawn at one size on screen whatever the zoom."""

    x: float
    y: float


Primitive: TypeAlias = Box | Area | Line | Dot


def bounds(primitives: tuple[Primitive, ...]) -> tuple[float, float, float, float] | None:
    """(x0, y0, x1, y1) around all primitives in page space; None when there is nothing."""
    boxes: list[tuple[float, float, float, float]] = []
    for p in primitives:
        if isinstance(p, Box):
            boxes.append((p.x0, p.y0, p.x1, p.y1))
        elif isinstance(p, Dot):
            boxes.append((p.x, p.y, p.x, p.y))
        else:
            for points in p.rings if isinstance(p, Area) else (p.points,):
                if len(points):
                    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
                    boxes.append((float(x0), float(y0), float(x1), float(y1)))
    if not boxes:
        return None
    array = np.array(boxes)
    return (
        float(array[:, 0].min()),
        float(array[:, 1].min()),
        float(array[:, 2].max()),
        float(array[:, 3].max()),
    )


def ring_area(ring: Points) -> float:
    """Absolute area of one ring of shape (n, 2) by the shoelace formula; 0 for fewer than three points."""
    if len(ring) < 3:
        return 0.0
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2.0


def rotated(point: tuple[float, float], degrees: float) -> tuple[float, float]:
    """A point turned about the origin, clockwise on screen (y down) for positive degrees."""
    theta = math.radians(degrees)
    cos, sin = math.cos(theta), math.sin(theta)
    return point[0] * cos - point[1] * sin, point[0] * sin + point[1] * cos


def ellipse_ring(centre: tuple[float, float], radii: tuple[float, float], *, tolerance: float = 0.01) -> Points:
    """A ring of shape (n, 2) along an ellipse, clockwise on screen from its rightmost point.

    No chord is farther than `tolerance` from the curve: a chord of n on a circle of radius r leaves it by
    r (1 - cos(pi / n)). n is bounded to 32..1024.
    """
    largest = max(abs(radii[0]), abs(radii[1]), tolerance)
    n = math.ceil(math.pi / math.acos(max(-1.0, 1.0 - tolerance / largest)))
    angles = np.linspace(0.0, 2.0 * math.pi, min(max(n, 32), 1024), endpoint=False)
    return np.stack((centre[0] + radii[0] * np.cos(angles), centre[1] + radii[1] * np.sin(angles)), axis=1)


CHORD_ERROR = 0.01
"""How far, in the units of the points, chords may leave the curve that they stand for."""


def catmull_rom(knots: Points, *, steps: int | None = None) -> Points:
    """Points along the uniform Catmull-Rom curve through knots of shape (n, 2); shape ((n-1)*steps+1, 2).

    Without `steps` there are as many for each span, 4 to 256, as keep the chords within `CHORD_ERROR`.

    Between P1 and P2, with P0 before and P3 after them (the ends repeated at the ends of the curve):
    0.5 (2 P1 + (P2 - P0) t + (2 P0 - 5 P1 + 4 P2 - P3) t^2 + (3 P1 - P0 - 3 P2 + P3) t^3), 0 <= t <= 1.
    """
    if len(knots) < 3:
        return knots
    padded = np.concatenate((knots[:1], knots, knots[-1:]))
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, None, :] for i in range(4))
    if steps is None:
        # a chord over the step h leaves the curve by at most h^2 / 8 of its second derivative, which is linear
        at_start = 2 * p0 - 5 * p1 + 4 * p2 - p3
        at_end = at_start + 3 * (3 * p1 - p0 - 3 * p2 + p3)
        bend = max(float(np.abs(at_start).max()), float(np.abs(at_end).max()))
        most = min(256, max(limits.POINTS_PER_SHAPE // len(knots), 1))
        steps = min(max(math.ceil(math.sqrt(bend / (8 * CHORD_ERROR))), 4), most)
    t = (np.arange(steps, dtype=np.float64) / steps)[None, :, None]
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    return np.concatenate((curve.reshape(-1, 2), knots[-1:]))

"""Where the ink of a label must be, computed from the raw JSON alone: the oracle of the placement tests.

Nothing of the program is imported here. A mark is an outline (a shapely line) or a dot, in device pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Array = NDArray[np.float64]
Map = Callable[[Array], Array]
"""Exported coordinates to device pixels."""

LINE_PX = 1.6
DOT_PX = 3.5
WITHIN = 0.5
"""Screen pixels that ink may be off."""


@dataclass(frozen=True)
class Marks:
    """What one label must draw."""

    lines: tuple[shapely.LineString, ...] = ()
    dots: tuple[tuple[float, float], ...] = ()


def marks(entry: dict[str, Any], to_device: Map, *, page_size: tuple[float, float], scale: float) -> Marks:
    """The marks of one entry of ``tools``. `page_size` and `scale` place PDF highlights, which bring their own size."""
    if "point" in entry:
        (spot,) = to_device(np.array([entry["point"]], dtype=float))
        return Marks(dots=((float(spot[0]), float(spot[1])),))
    if "pdf" in entry:
        position = entry["pdf"]["position"]
        rects = position["rects"] or [position["boundingRect"]]
        lines = []
        for r in rects:
            factor = np.array((page_size[0] / r["width"], page_size[1] / r["height"])) * scale
            lines.append(_line(_corners(r["x1"], r["y1"], r["x2"], r["y2"]) * factor, closed=True))
        return Marks(tuple(lines))
    return Marks(tuple(_line(to_device(points), closed=closed) for points, closed in _outlines(entry)))


def _outlines(entry: dict[str, Any]) -> list[tuple[Array, bool]]:
    """(points in exported coordinates, closed) of everything but points and PDF highlights."""
    if "bounding-box" in entry:
        b = entry["bounding-box"]
        return [(_corners(b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"]), True)]
    if "rotated-bounding-box" in entry:
        b = entry["rotated-bounding-box"]
        if "corners" in b:
            return [(np.array(b["corners"], dtype=float), True)]
        turn = math.radians(b["rotation"])
        along = np.array((math.cos(turn), math.sin(turn))) * b["width"]
        down = np.array((-math.sin(turn), math.cos(turn))) * b["height"]
        first = np.array((b["x"], b["y"]))
        return [(np.array((first, first + down, first + down + along, first + along)), True)]
    if "polygon" in entry:
        return [(np.array(entry["polygon"], dtype=float), True)]
    if "polyline" in entry:
        return [(np.array(entry["polyline"], dtype=float), False)]
    if "segmentation" in entry:
        rings = []
        for zone in entry["segmentation"]["zones"]:
            rings += [zone["region"], *zone.get("holes", [])]
        return [(np.array(ring, dtype=float), True) for ring in rings]
    if "spline" in entry:
        return [(_curve(np.array(entry["spline"], dtype=float)), False)]
    for name in ("circle", "ellipse"):
        if name in entry:
            c = entry[name]
            rx, ry = (c["radius"], c["radius"]) if "radius" in c else (c["rx"], c["ry"])
            t = np.linspace(0.0, 2.0 * math.pi, 720, endpoint=False)
            return [(np.stack((c["x"] + rx * np.cos(t), c["y"] + ry * np.sin(t)), axis=1), True)]
    raise AssertionError(f"no oracle for {sorted(entry)}")


def _corners(x0: float, y0: float, x1: float, y1: float) -> Array:
    return np.array(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), dtype=float)


def _curve(knots: Array) -> Array:
    """Catmull-Rom through the knots by Hermite tangents of half the way from the knot before to the one after."""
    before = np.concatenate((knots[:1], knots[:-1]))
    after = np.concatenate((knots[1:], knots[-1:]))
    tangents = (after - before) / 2.0
    t = np.linspace(0.0, 1.0, 200)[:, None]
    h = 2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t, -2 * t**3 + 3 * t**2, t**3 - t**2
    pieces = [
        h[0] * knots[i] + h[1] * tangents[i] + h[2] * knots[i + 1] + h[3] * tangents[i + 1]
        for i in range(len(knots) - 1)
    ]
    return np.concatenate(pieces)


def _line(points: Array, *, closed: bool) -> shapely.LineString:
    return shapely.LineString(np.concatenate((points, points[:1])) if closed else points)


# ---- comparing -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """How ink and marks agree, in device pixels."""

    stray: int
    """Inked pixels that no part of a line off by `WITHIN` could touch."""
    bare: int
    """Places on the marks with no ink within `WITHIN`."""
    off: float
    """The farthest that the middle of the ink lies beside the true line."""
    checked: float
    """Share of the marks where the middle could be measured (straight, nothing else near)."""

    @property
    def good(self) -> bool:
        """Whether all ink is where it belongs."""
        return self.stray == 0 and self.bare == 0 and self.off <= WITHIN and self.checked > 0.2


def compare(ink: NDArray[np.uint8], expected: Marks) -> Verdict:
    """Compare ink (h, w), 0-255, with the marks that should have made it; marks beyond the picture are cut."""
    height, width = ink.shape
    frame = shapely.box(0, 0, width, height)
    shapes: list[Any] = [
        line.buffer(LINE_PX / 2 + WITHIN, join_style="mitre", mitre_limit=2.5) for line in expected.lines
    ]
    shapes += [shapely.Point(d).buffer(DOT_PX + WITHIN, quad_segs=32) for d in expected.dots]
    allowed = shapely.unary_union(shapes)
    rows, columns = np.nonzero(ink > 12)
    pixels = shapely.box(columns, rows, columns + 1, rows + 1)
    shapely.prepare(allowed)
    stray = int(np.count_nonzero(~shapely.intersects(allowed, pixels)))

    bare, off, measured, total = 0, 0.0, 0, 0
    centres = np.stack((columns + 0.5, rows + 0.5), axis=1)
    tree = cKDTree(centres) if len(centres) else None
    weights = ink[rows, columns].astype(float)
    samples, tangents = _samples(expected, frame)
    if len(samples):
        if tree is None:
            return Verdict(stray, len(samples), math.inf, 1.0)
        looked_at = range(0, len(samples), max(len(samples) // 500, 1))
        total = len(looked_at)
        # a pixel square within WITHIN of the place: its middle is at most half a diagonal farther
        nearest, _ = tree.query(samples)
        bare += int(np.count_nonzero(nearest > WITHIN + math.sqrt(0.5)))
        places = cKDTree(samples)
        for i in looked_at:
            place, tangent = samples[i], tangents[i]
            around = samples[places.query_ball_point(place, 6.0)] - place
            if np.abs(around @ _normal(tangent)).max() > 1.0 or not (
                (around @ tangent).min() < -4.0 and (around @ tangent).max() > 4.0
            ):
                continue  # a corner, an end, a crossing, the edge of the picture
            near = tree.query_ball_point(place, 4.5)
            offsets = centres[near] - place
            window = (np.abs(offsets @ tangent) <= 2.5) & (np.abs(offsets @ _normal(tangent)) <= 3.0)
            mass = weights[near][window]
            if mass.sum() < 255.0:
                bare += 1
                continue
            # from the curve itself, so that its own bend is not taken for an error
            _, at = places.query(centres[near][window])
            beside = ((centres[near][window] - samples[at]) * _normals(tangents[at])).sum(axis=1)
            middle = float((mass * beside).sum() / mass.sum())
            measured += 1
            off = max(off, abs(middle))
    for x, y in expected.dots:
        if not (DOT_PX < x < width - DOT_PX and DOT_PX < y < height - DOT_PX):
            continue
        total += 1
        near = (np.abs(centres - (x, y)).max(axis=1) < 6.0) if len(centres) else np.zeros(0, bool)
        if weights[near].sum() < 255.0 * math.pi * (DOT_PX - WITHIN) ** 2 * 0.9:
            bare += 1
            continue
        middle_xy = (centres[near] * weights[near, None]).sum(axis=0) / weights[near].sum()
        measured += 1
        off = max(off, float(np.hypot(*(middle_xy - (x, y)))))
    return Verdict(stray, bare, off, measured / total if total else 0.0)


def _samples(expected: Marks, frame: Any) -> tuple[Array, Array]:
    """Places along the lines every 0.7 px inside of the frame, with their directions."""
    places, directions = [], []
    inner = frame.buffer(-2.0)
    shapely.prepare(inner)
    for line in expected.lines:
        count = max(int(line.length / 0.7), 2)
        at = (np.arange(count) + 0.5) / count * line.length
        points = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, at + 0.05))
        step = ahead - points
        length = np.hypot(step[:, 0], step[:, 1])
        keep = (length > 1e-9) & shapely.contains_xy(inner, points[:, 0], points[:, 1])
        places.append(points[keep])
        directions.append(step[keep] / length[keep, None])
    if not places:
        empty = np.empty((0, 2))
        return empty, empty
    return np.concatenate(places), np.concatenate(directions)


def _normal(tangent: Array) -> Array:
    return np.array((-tangent[1], tangent[0]))


def _normals(tangents: Array) -> Array:
    return np.stack((-tangents[:, 1], tangents[:, 0]), axis=1)

"""Forms of labels for the ledger: made, moved, given another form, and written in several ways that mean the same."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import shapely

from tests.make.export_labels import Dice, js

GRID = 64
"""Shifts are multiples of 1/64 px: exact in binary, so that a way there and back ends where it began."""
AREAS = ("bounding-box", "rotated-bounding-box", "polygon", "segmentation")
LINES = ("polyline", "spline")
DRAWN = (*AREAS, *LINES, "point")
THIN = 6.0
"""Areas with a side below this are also alike when they are near."""
LEAST_KEPT = 0.5
"""Overlap that a label made anew keeps with what it stands for."""

PAGE = (1920, 1080)
"""Size of every page; PDF highlights say it themselves."""

Ring = tuple[tuple[float, float], ...]


class Frame(NamedTuple):
    """Where labels are put: x and y from, width and height."""

    x: float
    y: float
    width: float
    height: float


class Shape(NamedTuple):
    """A form at a place. `version` is another one for every other form; (dx, dy) is how far it was moved since."""

    tool: str
    value: Any
    """Boxes: x, y, width, height (and degrees); rings and lines: points; segmentation: (ring, holes) per zone;
    point: x, y; ner: start, end; pdf: x1, y1, x2, y2 of each line."""
    version: int
    dx: float = 0.0
    dy: float = 0.0


class Writing(NamedTuple):
    """How the same form is written down: none of this is a change."""

    corner: int = 0
    """Boxes: the corner that they are drawn from (1: the opposite one; 2 and 3: negative width or height alone)."""
    start: int = 0
    """Rings: the point that they begin with."""
    reversed: bool = False
    zones: int = 0
    """Segmentation: the zone that comes first."""
    digits: int = 0
    """Noise in the last digits; 0 is none."""
    floats: bool = False
    """Whole numbers as ``12.0``."""


def shift_of(dice: Dice, least: float, most: float) -> tuple[float, float]:
    """A shift of that length, never (0, 0)."""
    length, angle = least + (most - least) * dice.random(), 2 * math.pi * dice.random()
    dx, dy = (round(GRID * length * f(angle)) / GRID for f in (math.cos, math.sin))
    return (dx, dy) if dx or dy else (1 / GRID, 0.0)


def star(dice: Dice, n: int, x: float, y: float, radius: float) -> Ring:
    """A ring that does not cross itself."""
    reach = [radius * (0.75 + 0.5 * dice.random()) for _ in range(n)]
    turn = 2 * math.pi / n
    return tuple((x + r * math.cos(turn * i), y + r * math.sin(turn * i)) for i, r in enumerate(reach))


def new_shape(dice: Dice, tool: str, frame: Frame, version: int) -> Shape:
    """Anything that somebody may draw in `frame`."""
    x, y = frame.x + frame.width * dice.random(), frame.y + frame.height * dice.random()
    if dice.chance(0.2):
        x, y = float(int(x)), float(int(y))
    w, h = 12 + 110 * dice.random() ** 2, 12 + 90 * dice.random() ** 2
    n = 4 + int(40 * dice.random() ** 3)
    odd = dice.random()
    if odd < 0.03:
        w, h = 1 + 3 * dice.random(), 1 + 3 * dice.random()
    elif odd < 0.05:
        x, y = x - 5_000, y + 100_000  # far outside of the page
    elif odd < 0.052:
        n = 2_000 + dice.below(2_000)
    elif odd < 0.057:
        w = 0.0 if "box" in tool else 0.5  # a click without a drag
    if tool == "bounding-box":
        if dice.chance(0.2):
            w, h = float(int(w)), float(int(h))
        return Shape(tool, (x, y, w, h), version)
    if tool == "rotated-bounding-box":
        return Shape(tool, (x, y, w, h, 360 * dice.random() - 180), version)
    if tool == "point":
        return Shape(tool, (x, y), version)
    if tool == "pdf":
        lines = 1 + dice.below(3)
        return Shape(tool, tuple((x, y + 16 * i, x + 30 + 2 * w, y + 16 * i + 14) for i in range(lines)), version)
    if tool == "ner":
        start = 100 + frame.width * dice.random()
        return Shape(tool, (start, start + 4 + 20 * dice.random()), version)
    if tool == "ner-text":
        at = 100 + dice.below(int(frame.width) * 4)
        return Shape("ner", (at, at + 8 + dice.below(20)), version)
    if tool in LINES:
        step = 10 + 40 * dice.random()
        points = [(x, y)]
        for _ in range(1 + n // 3):
            x, y = x + step * (0.4 + dice.random()), y + step * (2 * dice.random() - 1)
            points.append((x, y))
        return Shape(tool, tuple(points), version)
    ring = star(dice, n, x, y, w)
    if tool == "polygon":
        if dice.chance(0.02):
            ring = (ring[1], ring[0], *ring[2:])  # crosses itself
        return Shape(tool, ring, version)
    zones: list[tuple[Ring, tuple[Ring, ...]]] = [(ring, (star(dice, 5, x, y, w / 3),) if dice.chance(0.4) else ())]
    if dice.chance(0.3):
        zones.append((star(dice, 5, x + 2.5 * w, y + h, w / 2), ()))
    return Shape(tool, tuple(zones), version)


def moved(shape: Shape, dx: float, dy: float) -> Shape:
    return shape._replace(dx=shape.dx + dx, dy=shape.dy + dy)


def small_shift(dice: Dice, shape: Shape) -> Shape:
    """Moved so little that everybody sees what it was."""
    size = extent(shape)
    most = 4.0 if shape.tool in (*LINES, "point") else 0.12 * size
    return moved(shape, *shift_of(dice, min(0.25, most / 2), most))


def extent(shape: Shape) -> float:
    """The smaller side of its bounds."""
    x0, y0, x1, y1 = geometry(shape).bounds
    return float(min(x1 - x0, y1 - y0))


def reshaped(dice: Dice, shape: Shape, version: int, *, mild: bool = False) -> Shape:
    """Another form of the same tool: points that did not all go the same way. `mild`: still easy to recognise.

    A point has no form; it is moved. A range of text or time gets another start or end.
    """
    value, tool = shape.value, shape.tool
    if tool == "point":
        return small_shift(dice, shape) if mild else moved(shape, *shift_of(dice, 1, 60))
    if tool == "ner":
        return shape._replace(value=_range(dice, value, mild=mild), version=version)
    some = 0.03 + (0.08 if mild else 0.5) * dice.random()
    if tool == "pdf":
        x0, y0, x1, y1 = value[-1]
        longer = (*value[:-1], (x0, y0, x1 + some * (x1 - x0), y1))
        more = () if mild or dice.chance(0.5) else ((x0, y1 + 2, x1, y1 + 16),)
        return shape._replace(value=(*longer, *more), version=version)
    if tool in ("bounding-box", "rotated-bounding-box"):
        x, y, w, h, *angle = value
        which = dice.below(4 if angle else 3)
        if which == 0:
            w *= 1 + some
        elif which == 1:
            h *= 1 - some
        elif which == 2:
            w, h = w * (1 + some), h * (1 + some / 2)
        else:
            angle = [angle[0] + 0.05 + some * 20]
        return shape._replace(value=(x, y, w, h, *angle), version=version)
    if tool in ("polygon", *LINES):
        return shape._replace(value=_line(dice, value, some, closed=tool == "polygon", mild=mild), version=version)
    zones = list(value)
    at = dice.below(len(zones))
    ring, holes = zones[at]
    which = dice.below(4)
    if which == 0 and holes:
        holes = ()
    elif which == 1 and not holes and not mild:
        x, y = np.mean(ring, axis=0).tolist()
        holes = (star(dice, 4, x, y, 2 + dice.random()),)
    elif which == 2 and len(zones) > 1 and not mild:
        return shape._replace(value=tuple(z for i, z in enumerate(zones) if i != at), version=version)
    else:
        ring = _line(dice, ring, some, closed=True, mild=mild)
    zones[at] = (ring, holes)
    return shape._replace(value=tuple(zones), version=version)


def _range(dice: Dice, value: tuple[float, float], *, mild: bool) -> tuple[float, float]:
    """Later, longer, or from an earlier start; characters stay whole numbers."""
    start, end = value
    some = (end - start) * (0.1 + 0.1 * dice.random()) if mild else 1 + 8 * dice.random()
    if isinstance(start, int):
        some = max(1, int(some))
    return dice.pick(((start + some, end + some), (start, end + some), (start - some, end)))  # type: ignore[no-any-return]


def _line(dice: Dice, points: Ring, some: float, *, closed: bool, mild: bool) -> Ring:
    """One point elsewhere, all points a little, one more, or one less; never a mere turn or reversal."""
    array = np.array(points)
    size = float(np.ptp(array, axis=0).max())
    which = dice.below(4)
    at = dice.below(len(points))
    away = 0.02 + (0.25 if mild else 1.0) * some * size
    if which == 1:
        if not mild:
            away /= 4
        steps = [(away * (dice.random() - 0.5), away * (dice.random() - 0.5)) for _ in points]
        return tuple((x + dx, y + dy) for (x, y), (dx, dy) in zip(points, steps))
    if which == 2:
        at = at if closed else max(at, 1)  # nothing goes between the ends of a line
        (x, y), (u, v) = points[at - 1], points[at]
        middle = ((x + u) / 2 + away / 4, (y + v) / 2 + away / 3)
        return (*points[:at], middle, *points[at:])
    if which == 3 and len(points) > (5 if closed else 3) and not mild:
        return points[:at] + points[at + 1 :]
    x, y = points[at]
    return (*points[:at], (x + away, y - away / 2), *points[at + 1 :])


def geometry(shape: Shape) -> Any:
    """The form where it is, valid, as shapely sees it; a range lies on the x axis, one unit high."""
    value, tool = shape.value, shape.tool
    if tool == "bounding-box":
        x, y, w, h = value
        made = shapely.box(x, y, x + w, y + h)
    elif tool == "rotated-bounding-box":
        made = shapely.Polygon(corners(value))
    elif tool == "point":
        made = shapely.Point(value)
    elif tool == "ner":
        made = shapely.box(value[0], 0, value[1], 1)
    elif tool in LINES:
        made = shapely.LineString(value)
    elif tool == "pdf":
        made = shapely.union_all([shapely.box(*rect) for rect in value])
    elif tool == "polygon":
        made = shapely.make_valid(shapely.Polygon(value))
    else:
        made = shapely.union_all([shapely.make_valid(shapely.Polygon(ring, holes)) for ring, holes in value])
    shift = np.array((shape.dx, shape.dy))
    return shapely.transform(made, lambda points: points + shift) if shift.any() else made


def corners(value: tuple[float, float, float, float, float]) -> list[tuple[float, float]]:
    """Of a rotated box, from its first corner along its height (format §5.4)."""
    x, y, w, h, degrees = value
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in ((0, 0), (0, h), (w, h), (w, 0))]


def likeness(a: Shape, b: Shape) -> float:
    """1 for the same, 0 for nothing in common: overlap of areas and ranges, nearness of lines and points.

    For these, and for thin areas, 12 px or a fifth of the size is as far as somebody may be off, and already in doubt.
    """
    if a.tool != b.tool:
        return 0.0
    one, other = geometry(a), geometry(b)
    near = 0.0
    if a.tool in (*LINES, "point") or (a.tool != "ner" and min(extent(a), extent(b)) < THIN):
        x0, y0, x1, y1 = shapely.total_bounds([one, other]).tolist()
        scale = max(12.0, 0.2 * max(x1 - x0, y1 - y0))
        far = max(abs(p - q) for p, q in zip(one.bounds, other.bounds))  # no more than the distance, at no cost
        if far < 2 * scale:
            far = shapely.hausdorff_distance(one, other)
        near = max(0.0, 1 - 0.55 * far / scale)
    if a.tool in (*LINES, "point"):
        return near
    shared = one.intersection(other).area
    union = one.area + other.area - shared
    return max(near, float(shared / union) if union > 0 else 0.0)


def anew(dice: Dice, shape: Shape, version: int, how: str) -> Shape:
    """The form of a label that is drawn once more: the same, ``moved`` or ``reshaped``, still easy to recognise."""
    for _ in range(4 if extent(shape) > 0 else 0):
        new = small_shift(dice, shape) if how == "moved" else reshaped(dice, shape, version, mild=True)
        if likeness(shape, new) >= LEAST_KEPT:
            return new
    return shape


# ---- writing -------------------------------------------------------------------------------------------------


def written(shape: Shape, how: Writing) -> Any:
    """Its JSON value."""
    noise = Dice("digits", how.digits) if how.digits else None

    def number(v: float) -> float | int:
        if noise is not None and noise.chance(0.7):
            v = math.nextafter(v, math.inf if noise.chance(0.5) else -math.inf)
        return v if how.floats else js(v)

    def place(p: tuple[float, float]) -> list[float | int]:
        return [number(p[0] + shape.dx), number(p[1] + shape.dy)]

    def ring(points: Ring) -> list[list[float | int]]:
        at = how.start % len(points)
        turned = points[at:] + points[:at]
        return [place(p) for p in (reversed(turned) if how.reversed else turned)]

    value, tool = shape.value, shape.tool
    if tool == "point":
        return place(value)
    if tool in LINES:
        return [place(p) for p in value]
    if tool == "polygon":
        return ring(value)
    if tool == "segmentation":
        at = how.zones % len(value)
        zones = value[at:] + value[:at]
        return {"zones": [{"region": ring(outer), "holes": [ring(hole) for hole in holes]} for outer, holes in zones]}
    if tool == "pdf":
        rects = [_rect(*place(rect[:2]), *place(rect[2:])) for rect in value]
        around = [f(r[k] for r in rects) for f, k in ((min, "x1"), (min, "y1"), (max, "x2"), (max, "y2"))]
        return {"position": {"boundingRect": _rect(*around), "rects": rects}, "content": {"text": "Total 12,50 €"}}
    if tool == "ner":
        return {"start": js(value[0]), "end": js(value[1])}
    x, y, w, h, *angle = value
    if not angle:
        if how.corner in (1, 2):
            x, w = x + w, -w
        if how.corner in (1, 3):
            y, h = y + h, -h
        return {"x": number(x + shape.dx), "y": number(y + shape.dy), "width": number(w), "height": number(h)}
    if how.corner == 1:
        (x, y), w, h = corners(value)[2], -w, -h
    return {"x": number(x + shape.dx), "y": number(y + shape.dy), "width": number(w), "height": number(h),
            "rotation": angle[0], "corners": [place(c) for c in corners((x, y, w, h, angle[0]))]}  # fmt: skip


def _rect(x1: float, y1: float, x2: float, y2: float) -> dict[str, float]:
    return {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "width": PAGE[0], "height": PAGE[1]}

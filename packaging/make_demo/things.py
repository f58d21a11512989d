"""Things seen from above that several scenes share: cars, vans, trucks, trees, people."""

from __future__ import annotations

from dataclasses import dataclass

import ink
import numpy as np
from ink import Colour, Picture, Points

PATCH = 4
"""Vehicles are painted this much larger than they lie in the picture."""

PAINTS: tuple[tuple[Colour, float], ...] = tuple(
    (ink.colour(code), share)
    for code, share in (
        ("#e9ebec", 5), ("#c9ccd0", 4), ("#8d939b", 3), ("#2c3036", 4), ("#15171b", 2), ("#a3161c", 2),
        ("#1f4e8c", 2), ("#14626b", 1), ("#d9c9a3", 1), ("#5b3a2a", 1),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Vehicle:
    """One vehicle: where its middle is, which way its nose points (degrees clockwise from right), how large."""

    kind: str
    x: float
    y: float
    heading: float
    length: float
    width: float
    paint: Colour

    def outline(self) -> Points:
        """Its four corners: rear left, rear right, front right, front left."""
        length, width = self.length / 2, self.width / 2
        corners = np.array(((-length, -width), (-length, width), (length, width), (length, -width)))
        return ink.turned(corners, self.heading) + np.array((self.x, self.y))


def any_paint(rng: np.random.Generator) -> Colour:
    """A colour as often as it is met on roads."""
    shares = np.array([share for _, share in PAINTS])
    return PAINTS[int(rng.choice(len(PAINTS), p=shares / shares.sum()))][0]


def draw_vehicle(picture: Picture, vehicle: Vehicle, sun: tuple[float, float], rng: np.random.Generator) -> None:
    """Its shadow and itself. `sun`: how far the shadow of one pixel of height falls."""
    height = {"Car": 0.30, "Van": 0.52, "Truck": 0.62}[vehicle.kind] * vehicle.width
    outline = vehicle.outline()
    ink.shade(picture, outline, offset=(0, 0), blur=max(1.0, vehicle.width / 18), strength=0.55)
    ink.shade(
        picture,
        ink.sweep(outline, (sun[0] * height, sun[1] * height)),
        offset=(0, 0),
        blur=max(0.8, vehicle.width / 26),
        strength=0.5,
    )
    patch, alpha = _PATCHES[vehicle.kind](vehicle, rng)
    # light comes from one side of the world, not of the car
    facing = np.array(sun) / np.hypot(*sun)
    axis = ink.turned(np.array(((0.0, 1.0),)), vehicle.heading)[0]
    slope = -float(facing @ axis) * 0.10
    across = np.linspace(-1, 1, patch.shape[0], dtype=np.float32)[:, None, None]
    patch = np.clip(patch * (1 + slope * across), 0, 1)
    ink.stamp(picture, patch, alpha, center=(vehicle.x, vehicle.y), turn=vehicle.heading, scale=1 / PATCH)


def _blank(vehicle: Vehicle) -> tuple[Picture, int, int]:
    length, width = round(vehicle.length * PATCH), round(vehicle.width * PATCH)
    return np.zeros((width, length, 3), np.float32), length, width


def _alpha(outline: Points, length: int, width: int) -> ink.Mask:
    mask, (x, y) = ink.shape_mask(outline, (length, width))
    alpha = np.zeros((width, length), np.float32)
    alpha[y : y + mask.shape[0], x : x + mask.shape[1]] = mask
    return alpha


def _lit(patch: Picture, paint: Colour, power: float = 1.0) -> None:
    """The body: bright along the middle, darker to the sides, a touch darker to the ends."""
    height, length = patch.shape[:2]
    across = np.abs(np.linspace(-1, 1, height, dtype=np.float32))[:, None]
    along = np.abs(np.linspace(-1, 1, length, dtype=np.float32))[None]
    light = 1.06 - 0.34 * power * across**3.2 - 0.14 * power * along**6
    patch[:] = np.clip(np.array(paint, np.float32) * light[..., None] + 0.02, 0, 1)


GLASS: Colour = (0.075, 0.095, 0.12)


def _pane(patch: Picture, points: Points, shine: float = 0.30) -> None:
    """Glass: dark, with the sky in one half of it."""
    ink.fill(patch, points, GLASS)
    x0, x1 = points[:, 0].min(), points[:, 0].max()
    y0, y1 = points[:, 1].min(), points[:, 1].max()
    mask, (px, py) = ink.shape_mask(points, (patch.shape[1], patch.shape[0]))
    ys, xs = np.mgrid[py : py + mask.shape[0], px : px + mask.shape[1]]
    sky = np.clip(1.0 - ((xs - x0) / max(1, x1 - x0) * 0.7 + (ys - y0) / max(1, y1 - y0) * 0.9), 0, 1)
    ink.lay(patch, (mask * sky).astype(np.float32), (px, py), (0.55, 0.66, 0.78), shine)


def _car(vehicle: Vehicle, rng: np.random.Generator) -> tuple[Picture, ink.Mask]:
    patch, length, width = _blank(vehicle)
    _lit(patch, vehicle.paint)
    at = lambda u, v: (u * length, v * width)  # noqa: E731
    quad = lambda *uv: np.array([at(u, v) for u, v in uv])  # noqa: E731
    dark = tuple(c * 0.55 for c in vehicle.paint)
    estate = rng.random() < 0.35
    rear = 0.07 if estate else 0.15
    # cabin: glass all round, then the roof on it
    _pane(patch, quad((0.60, 0.10), (0.735, 0.17), (0.735, 0.83), (0.60, 0.90)), 0.42)  # windscreen
    _pane(patch, quad((rear, 0.20), (rear + 0.10, 0.13), (rear + 0.10, 0.87), (rear, 0.80)), 0.25)
    for v0, v1 in ((0.075, 0.135), (0.865, 0.925)):
        _pane(patch, quad((rear + 0.12, v0), (0.63, v0), (0.59, v1), (rear + 0.13, v1)), 0.2)
    roof = ink.rounded(*at(rear + 0.10, 0.135), (0.61 - rear - 0.10) * length, 0.73 * width, 0.09 * width)
    mask, place = ink.shape_mask(roof, (length, width))
    light = np.linspace(1.12, 0.94, mask.shape[1], dtype=np.float32)[None, :, None]
    ink.lay(
        patch,
        mask,
        place,
        np.clip(np.array(vehicle.paint, np.float32) * light + 0.03, 0, 1) * np.ones((*mask.shape, 1), np.float32),
    )
    if rng.random() < 0.3:
        _pane(patch, ink.rounded(*at(0.40, 0.26), 0.14 * length, 0.48 * width, 0.05 * width), 0.25)
    for v in (0.20, 0.80):  # bonnet creases
        ink.stroke(patch, quad((0.76, v), (0.955, 0.5 + (v - 0.5) * 0.62)), 0.012 * width, dark, 0.55)
    ink.stroke(patch, quad((0.745, 0.13), (0.757, 0.5), (0.745, 0.87)), 0.018 * width, dark, 0.8)
    ink.stroke(patch, quad((0.035, 0.16), (0.035, 0.84)), 0.02 * width, dark, 0.6)
    for v in (0.135, 0.865):
        ink.fill(
            patch,
            ink.ellipse(*at(0.968, 0.5 + (v - 0.5) * 0.92), 0.030 * length, 0.052 * width),
            (0.93, 0.95, 0.97),
        )
        ink.fill(patch, ink.ellipse(*at(0.022, v), 0.022 * length, 0.055 * width), (0.55, 0.05, 0.05))
    outline = ink.rounded(0, 0.022 * width, length, 0.956 * width, 0.22 * width)
    nose = np.array(outline)
    ahead = nose[:, 0] > 0.86 * length
    nose[ahead, 1] = (nose[ahead, 1] - width / 2) * 0.965 + width / 2
    alpha = _alpha(nose, length, width)
    for v in (0.012, 0.988):  # mirrors
        mirror = ink.ellipse(*at(0.625, v), 0.022 * length, 0.03 * width)
        ink.fill(patch, mirror, dark)
        alpha = np.maximum(alpha, _alpha(mirror, length, width))
    return patch, alpha


def _van(vehicle: Vehicle, rng: np.random.Generator) -> tuple[Picture, ink.Mask]:
    patch, length, width = _blank(vehicle)
    _lit(patch, vehicle.paint, 0.6)
    at = lambda u, v: (u * length, v * width)  # noqa: E731
    quad = lambda *uv: np.array([at(u, v) for u, v in uv])  # noqa: E731
    dark = tuple(c * 0.6 for c in vehicle.paint)
    _pane(patch, quad((0.815, 0.09), (0.90, 0.15), (0.90, 0.85), (0.815, 0.91)), 0.45)
    for u in np.linspace(0.08, 0.72, 8):  # ribs of the roof
        ink.stroke(patch, quad((u, 0.10), (u, 0.90)), 0.012 * width, dark, 0.35)
    for v in (0.065, 0.935):
        ink.stroke(patch, quad((0.03, v), (0.80, v)), 0.014 * width, dark, 0.5)
        ink.fill(
            patch,
            ink.ellipse(*at(0.978, 0.5 + (v - 0.5) * 0.80), 0.018 * length, 0.05 * width),
            (0.93, 0.95, 0.97),
        )
        ink.fill(patch, ink.ellipse(*at(0.012, v), 0.012 * length, 0.045 * width), (0.55, 0.05, 0.05))
    ink.stroke(patch, quad((0.915, 0.12), (0.925, 0.5), (0.915, 0.88)), 0.016 * width, dark, 0.7)
    return patch, _alpha(ink.rounded(0, 0.02 * width, length, 0.96 * width, 0.12 * width), length, width)


def _truck(vehicle: Vehicle, rng: np.random.Generator) -> tuple[Picture, ink.Mask]:
    patch, length, width = _blank(vehicle)
    _lit(patch, (0.86, 0.87, 0.86), 0.5)
    at = lambda u, v: (u * length, v * width)  # noqa: E731
    quad = lambda *uv: np.array([at(u, v) for u, v in uv])  # noqa: E731
    for u in np.linspace(0.06, 0.70, 11):
        ink.stroke(patch, quad((u, 0.03), (u, 0.97)), 0.010 * width, (0.66, 0.67, 0.67), 0.6)
    ink.fill(patch, quad((0.745, 0.0), (0.785, 0.0), (0.785, 1.0), (0.745, 1.0)), (0.06, 0.06, 0.07))
    cab = ink.rounded(*at(0.785, 0.05), 0.21 * length, 0.90 * width, 0.10 * width)
    ink.fill(patch, cab, vehicle.paint)
    _pane(patch, quad((0.915, 0.10), (0.962, 0.14), (0.962, 0.86), (0.915, 0.90)), 0.45)
    ink.fill(
        patch,
        ink.rounded(*at(0.81, 0.20), 0.09 * length, 0.60 * width, 0.06 * width),
        tuple(c * 1.12 for c in vehicle.paint),
    )
    body = _alpha(ink.rounded(0, 0, 0.745 * length, width, 0.03 * width), length, width)
    hitch = _alpha(quad((0.70, 0.22), (0.80, 0.22), (0.80, 0.78), (0.70, 0.78)), length, width)
    return patch, np.maximum(np.maximum(body, hitch), _alpha(cab, length, width))


_PATCHES = {"Car": _car, "Van": _van, "Truck": _truck}


def draw_tree(picture: Picture, crown: Points, sun: tuple[float, float], rng: np.random.Generator) -> None:
    """A crown of leaves inside its outline, and its shadow."""
    center = crown.mean(axis=0)
    radius = float(np.hypot(*(crown - center).T).mean())
    ink.shade(picture, crown, offset=(sun[0] * radius * 0.55, sun[1] * radius * 0.55), blur=radius / 9, strength=0.62)
    smooth = ink.catmull_rom(np.concatenate((crown, crown[:1])), 6)[:-1]
    mask, (x, y) = ink.shape_mask(smooth, (picture.shape[1], picture.shape[0]))
    if not mask.size:
        return
    leaves = np.zeros((*mask.shape, 3), np.float32)
    hue = rng.normal(0, 0.02)
    leaves[:] = (0.07 + hue, 0.12, 0.045)
    light = -np.array(sun) / np.hypot(*sun)
    count = int(40 + radius * 9)
    places = rng.normal(0, 0.52, (count, 2))
    places = places[np.hypot(*places.T) < 1.05]
    height = 1 - np.hypot(*places.T) ** 2 + 0.35 * (places @ light) + rng.normal(0, 0.22, len(places))
    for place, level in sorted(zip(places, height, strict=True), key=lambda pair: pair[1]):
        tone = float(np.clip(0.40 + 0.42 * level, 0.10, 1.0))
        size = radius * rng.uniform(0.06, 0.13)
        leaf = ink.blob(rng, *(center - (x, y) + place * radius), size, rough=0.22, count=9)
        green = (0.11 + 0.25 * tone + hue, 0.17 + 0.31 * tone, 0.06 + 0.11 * tone)
        ink.fill(leaves, leaf + light * size * -0.35, (0.05, 0.09, 0.03), 0.35)
        ink.fill(leaves, leaf, green, 0.75)
    leaves *= 1 + 0.06 * rng.standard_normal(mask.shape).astype(np.float32)[..., None]
    ink.lay(picture, mask, (x, y), np.clip(leaves, 0, 1))


def draw_person(
    picture: Picture,
    x: float,
    y: float,
    heading: float,
    size: float,
    sun: tuple[float, float],
    rng: np.random.Generator,
) -> None:
    """Shoulders, head and a long shadow; `size` is the width of the shoulders."""
    coat = (
        any_paint(rng)
        if rng.random() < 0.6
        else ink.colour(str(rng.choice(["#c2410c", "#0f766e", "#7c3aed", "#b91c1c"])))
    )
    head = (0.20, 0.13, 0.09) if rng.random() < 0.6 else (0.55, 0.42, 0.26)
    foot = np.array((x, y))
    tip = foot + np.array(sun) * size * 2.6
    ink.shade(picture, ink.capsule(foot, tip, size * 0.62), offset=(0, 0), blur=size / 9, strength=0.5)
    body = ink.ellipse(x, y, size * 0.30, size * 0.52, turn=heading)
    ink.fill(picture, body, tuple(c * 0.6 for c in coat))
    ink.fill(picture, ink.ellipse(x - size * 0.03, y - size * 0.03, size * 0.25, size * 0.46, turn=heading), coat)
    ink.fill(picture, ink.ellipse(x, y, size * 0.19), head)
    ink.fill(
        picture, ink.ellipse(x - size * 0.05, y - size * 0.05, size * 0.09), tuple(min(1.0, c + 0.14) for c in head)
    )

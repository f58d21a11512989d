"""The car park of the demo as a photo taken from a mast, in the sun."""

from __future__ import annotations

import ink
import numpy as np
import things
from ink import Picture
from lot_scene import (
    BED,
    CROSSWALK,
    CROWNS,
    DEPTH,
    FIRST_STALL,
    FOOTPATH,
    FOOTPATH_2,
    HEIGHT,
    MANHOLES,
    PLAZA,
    ROAD,
    ROOF,
    ROWS,
    STALL,
    STALLS,
    STRIP_LEFT,
    STRIP_RIGHT,
    SUN,
    UNITS,
    WALKERS,
    WIDTH,
    Scene,
    lawn_ring,
)  # fmt: skip


def paint(scene: Scene) -> Picture:
    """The picture as it is looked at: 2000 × 1400."""
    rng = np.random.default_rng(7)
    asphalt = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#6a6966"), 0.045, 0.050)
    paving = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#b3aa9b"), 0.022, 0.035)
    grass = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#64803a"), 0.10, 0.10)
    grass[..., 0] *= 1 + 0.10 * ink.clouds(rng, HEIGHT, WIDTH, 60, 3)
    picture = asphalt.copy()
    picture *= 1 - 0.05 * np.clip(ink.clouds(rng, HEIGHT, WIDTH, 420, 3), 0, 2)[..., None]
    _tyre_marks(picture)
    road = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#555657"), 0.03, 0.045)
    ink.fill_texture(picture, ROAD, road)
    for y in (0, 236, 1160, 1366):
        _pavement(picture, paving, y)
    _grounds(picture, scene, grass, paving, rng)
    _markings(picture, rng)
    _wear(picture, scene, rng)
    _building(picture, rng)
    for x, y, r in MANHOLES:
        _manhole(picture, x, y, r)
    for vehicle in scene.vehicles:
        things.draw_vehicle(picture, vehicle, SUN, rng)
    for x, y, heading in WALKERS:
        things.draw_person(picture, x, y, heading, 17, SUN, rng)
    for crown in scene.crowns:
        things.draw_tree(picture, crown, SUN, rng)
    return _developed(picture, rng)


def _pavement(picture: Picture, paving: Picture, top: int) -> None:
    spans = {0: (), 236: (0, 80), 1160: (0, 38), 1366: (0, 34)}[top]
    if not spans:
        return
    strip = ink.box(0, top, WIDTH, spans[1])
    ink.fill_texture(picture, strip, paving)
    for x in np.arange(0, WIDTH, 40):
        ink.fill(picture, ink.box(x, top, 1.4, spans[1]), (0.42, 0.39, 0.35), 0.5)
    for y in np.arange(top, top + spans[1], 19):
        ink.fill(picture, ink.box(0, y, WIDTH, 1.2), (0.42, 0.39, 0.35), 0.4)
    for edge in (top, top + spans[1] - 5):
        ink.fill(picture, ink.box(0, edge, WIDTH, 5), (0.78, 0.76, 0.72), 0.9)
    ink.shade(picture, ink.box(-20, top + spans[1], WIDTH + 40, 3), offset=(0, 0), blur=1.6, strength=0.45)
    if top == 1160:  # the way in from the road
        ink.fill(picture, ink.box(1500, top - 66, 170, 106), (0.40, 0.40, 0.39))


def _grounds(picture: Picture, scene: Scene, grass: Picture, paving: Picture, rng: np.random.Generator) -> None:
    lawn = lawn_ring()
    ink.fill(picture, lawn + np.array((0, 4)), (0.74, 0.72, 0.68))
    ink.fill_texture(picture, lawn, grass)
    for path in (FOOTPATH, FOOTPATH_2):
        curve = ink.catmull_rom(path)
        ink.fill(picture, ink.band(curve, 17), (0.70, 0.62, 0.47))
        ink.fill(picture, ink.band(curve, 14), (0.78, 0.70, 0.55))
    ink.fill_texture(picture, PLAZA, paving)
    for share in (0.98, 0.62, 0.3):
        ring = (PLAZA - PLAZA.mean(axis=0)) * share + PLAZA.mean(axis=0)
        ink.stroke(picture, np.concatenate((ring, ring[:1])), 1.6, (0.50, 0.46, 0.40), 0.7)
    for turn in (20, 140, 260):
        bench = ink.turned(ink.rounded(-16, -5, 32, 10, 2), turn) + PLAZA.mean(axis=0)
        bench = bench + ink.turned(np.array(((0.0, 36.0),)), turn)[0]
        ink.shade(picture, bench, offset=(3, 4), blur=1.5, strength=0.5)
        ink.fill(picture, bench, (0.43, 0.28, 0.16))
    ink.fill(picture, BED, (0.29, 0.20, 0.13))
    for x, y in rng.normal(0, 15, (46, 2)) + BED.mean(axis=0):
        ink.fill(
            picture,
            ink.ellipse(x, y, 3.4),
            ink.colour(str(rng.choice(["#e64980", "#f8f0fc", "#fab005", "#9c36b5"]))),
            0.95,
        )
    for strip in (STRIP_LEFT, STRIP_RIGHT):
        rim = (strip - strip.mean(axis=0)) * (1.004, 1.13) + strip.mean(axis=0)
        ink.fill(picture, rim, (0.76, 0.74, 0.70))
        ink.fill_texture(picture, strip, grass)
    for x, y, _ in CROWNS[-3:]:
        island = ink.rounded(x - 34, y - 78, 68, 156, 30)
        ink.shade(picture, island, offset=(2, 3), blur=2, strength=0.4)
        ink.fill(picture, island, (0.77, 0.75, 0.71))
        ink.fill_texture(picture, ink.rounded(x - 28, y - 72, 56, 144, 25), grass)


def _tyre_marks(picture: Picture) -> None:
    for y in (470, 520, 815, 868, 1030):
        ink.shade(picture, ink.box(-10, y, WIDTH + 20, 13), offset=(0, 0), blur=7, strength=0.10)


def _markings(picture: Picture, rng: np.random.Generator) -> None:
    white = (0.88, 0.87, 0.83)
    for row, (top, _) in enumerate(ROWS):
        for k in range(STALLS + 1):
            x = FIRST_STALL + k * STALL
            if (row == 0 and 440 < x < 690) or (row == 3 and x > 1490):
                continue
            if any(abs(x - tx) < 36 and top < ty + 60 and ty - 60 < top + DEPTH for tx, ty, _ in CROWNS[-3:]):
                continue
            ink.fill(picture, ink.box(x - 1.8, top, 3.6, DEPTH), white, float(rng.uniform(0.55, 0.85)))
    ink.fill(picture, ink.box(FIRST_STALL, 670.2, STALLS * STALL, 3.6), white, 0.75)
    for k in range(7):
        ink.fill(picture, ink.box(CROSSWALK[0, 0] + 4 + k * 24, CROSSWALK[0, 1] + 3, 14, 106), (0.93, 0.92, 0.88), 0.9)
    for x in np.arange(10, WIDTH, 92):
        ink.fill(picture, ink.box(x, 1280, 52, 4.4), (0.93, 0.74, 0.22), 0.9)
    for y in (1205, 1356):
        ink.fill(picture, ink.box(0, y, WIDTH, 3.4), white, 0.7)
    for x, y, turn in ((330, 500, 0), (1340, 500, 0), (900, 842, 180), (1700, 842, 180)):
        arrow = np.array(((-34, -3.5), (8, -3.5), (8, -12), (34, 0), (8, 12), (8, 3.5), (-34, 3.5)), float)
        ink.fill(picture, ink.turned(arrow, turn) + np.array((x, y)), white, 0.72)


def _wear(picture: Picture, scene: Scene, rng: np.random.Generator) -> None:
    for crack in scene.cracks:
        ink.stroke(picture, crack + np.array((0.8, 1.0)), 2.6, (0.52, 0.51, 0.49), 0.5)
        ink.stroke(picture, crack, 2.2, (0.15, 0.15, 0.15), 0.85)
    for stain in scene.stains:
        ink.fill(picture, stain, (0.10, 0.095, 0.09), 0.72)
        ink.fill(picture, (stain - stain.mean(axis=0)) * 0.55 + stain.mean(axis=0), (0.05, 0.05, 0.055), 0.5)
    for puddle in scene.puddles:
        ink.fill(picture, puddle, (0.23, 0.25, 0.27), 0.80)
        inner = (puddle - puddle.mean(axis=0)) * 0.72 + puddle.mean(axis=0) + np.array((-4, -3))
        mask, place = ink.shape_mask(inner, (WIDTH, HEIGHT))
        sky = np.linspace(0.55, 0.1, mask.shape[0], dtype=np.float32)[:, None] * mask
        ink.lay(picture, sky, place, (0.58, 0.67, 0.76))


def _building(picture: Picture, rng: np.random.Generator) -> None:
    ink.shade(
        picture, ink.sweep(ink.box(0, 0, 760, 206), (SUN[0] * 64, SUN[1] * 64)), offset=(0, 0), blur=3, strength=0.62
    )
    ink.shade(
        picture, ink.sweep(ink.box(760, 0, 408, 236), (SUN[0] * 64, SUN[1] * 64)), offset=(0, 0), blur=3, strength=0.62
    )
    roof = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#c2bfb8"), 0.025, 0.030)
    ink.fill(picture, ROOF, (0.86, 0.85, 0.82))
    inner = [ink.box(0, 0, 752, 198), ink.box(744, 0, 416, 228)]
    for part in inner:
        ink.fill_texture(picture, part, roof)
    for x in (190, 388, 584, 770, 966):
        ink.fill(picture, ink.box(x, 0, 2, 198 if x < 752 else 228), (0.55, 0.54, 0.51), 0.6)
    ink.fill(picture, ink.box(0, 198, 752, 3), (0.52, 0.51, 0.49), 0.8)
    ink.fill(picture, ink.box(752, 228, 408, 3), (0.52, 0.51, 0.49), 0.8)
    for x, y, width, height, fans in UNITS:
        _unit(picture, x, y, width, height, fans)
    for x, y in ((270, 40), (470, 150), (850, 160), (1010, 190)):
        dome = ink.rounded(x, y, 34, 24, 4)
        ink.shade(picture, dome, offset=(4, 5), blur=2, strength=0.4)
        ink.fill(picture, dome, (0.74, 0.80, 0.84))
        ink.fill(picture, ink.rounded(x + 3, y + 3, 28, 18, 3), (0.86, 0.91, 0.94))
    awning = ink.box(448, 206, 226, 34)
    ink.shade(picture, awning, offset=(10, 14), blur=4, strength=0.5)
    for k in range(14):
        ink.fill(
            picture, ink.box(448 + k * 226 / 14, 206, 226 / 14, 34), (0.66, 0.12, 0.13) if k % 2 else (0.92, 0.90, 0.87)
        )


def _unit(picture: Picture, x: float, y: float, width: float, height: float, fans: int) -> None:
    outline = ink.box(x, y, width, height)
    ink.shade(picture, ink.sweep(outline, (SUN[0] * 24, SUN[1] * 24)), offset=(0, 0), blur=2.4, strength=0.55)
    ink.fill(picture, outline, (0.62, 0.63, 0.64))
    ink.fill(picture, ink.box(x + 2, y + 2, width - 6, height - 7), (0.80, 0.81, 0.82))
    for k in range(fans):
        cx, cy = x + width * (k + 0.5) / fans - 1, y + height / 2 - 2
        radius = min(width / fans, height) * 0.36
        ink.fill(picture, ink.ellipse(cx, cy, radius), (0.30, 0.31, 0.33))
        for turn in range(0, 360, 60):
            blade = ink.turned(np.array(((0, 0), (radius * 0.9, -radius * 0.22), (radius * 0.9, radius * 0.16))), turn)
            ink.fill(picture, blade + np.array((cx, cy)), (0.46, 0.47, 0.49))
        ink.fill(picture, ink.ellipse(cx, cy, radius * 0.22), (0.70, 0.71, 0.72))


def _manhole(picture: Picture, x: float, y: float, radius: float) -> None:
    ink.fill(picture, ink.ellipse(x, y, radius), (0.20, 0.20, 0.20))
    ink.fill(picture, ink.ellipse(x, y, radius - 2), (0.40, 0.39, 0.38))
    for turn in range(0, 360, 45):
        spoke = ink.turned(ink.box(3, -1.1, radius - 6, 2.2), turn)
        ink.fill(picture, spoke + np.array((x, y)), (0.25, 0.25, 0.25))
    ink.fill(picture, ink.ellipse(x, y, radius * 0.2), (0.25, 0.25, 0.25))


def _developed(picture: Picture, rng: np.random.Generator) -> Picture:
    """What a camera adds: warm light, contrast, a darker rim, noise."""
    import cv2

    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    rim = ((x / WIDTH - 0.5) ** 2 + (y / HEIGHT - 0.5) ** 2) * 2
    picture = picture * (1.04 - 0.15 * rim[..., None]) * np.array((1.035, 1.0, 0.955), np.float32)
    picture = np.clip(picture, 0, 1)
    picture = picture + 0.16 * picture * (1 - picture) * (2 * picture - 1)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.6)
    return picture + rng.normal(0, 0.009, picture.shape).astype(np.float32)

"""A car park from above, in the sun: the photo of the demo, and everything in it as labels."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import Image

import ink
import things
from ink import Picture, Points
from story import (
    LABEL_1, LABEL_2, REVIEW_1, REVIEW_2, Answer, Label, Relation, Task, Visit, bounding, moved, rotated, scaled, swung,
)  # fmt: skip
from things import Vehicle

WIDTH, HEIGHT = 2000, 1400
SUN = (0.55, 0.62)
NAME = "lot_0231.jpg"
BRUSH = "lot_0231-brush.png"

ROAD = ink.box(0, 1198, WIDTH, 168)
ROOF = np.array(((0.0, 0.0), (1168, 0), (1168, 236), (760, 236), (760, 206), (0, 206)))
UNITS = ((108, 52, 96, 54, 3), (330, 96, 66, 44, 2), (560, 40, 96, 54, 3), (668, 128, 50, 46, 1), (934, 62, 96, 54, 3),
         (1074, 148, 50, 46, 1))  # fmt: skip
CROSSWALK = ink.box(478, 318, 168, 112)
LAWN = ink.catmull_rom(
    np.array(((1262.0, -30), (1258, 120), (1274, 214), (1340, 238), (1600, 240), (1900, 238), (2030, 236))), 5
)
PLAZA = ink.ellipse(1652, 128, 66, 58, count=32)
BED = ink.blob(np.random.default_rng(11), 1392, 92, 40, rough=0.05, count=18)
STRIP_LEFT = ink.rounded(30, 1098, 1450, 58, 20)
STRIP_RIGHT = ink.rounded(1690, 1098, 268, 58, 20)
FOOTPATH = np.array(((1276.0, 168), (1352, 172), (1440, 150), (1530, 164), (1590, 138), (1650, 128)))
FOOTPATH_2 = np.array(((1716.0, 132), (1790, 150), (1850, 96), (1926, 74), (1998, 90)))
CROWNS = ((1316, 44, 50), (1472, 60, 60), (1560, 196, 46), (1766, 56, 56), (1846, 186, 58), (1946, 160, 50), (120, 1128, 50),
          (420, 1124, 44), (700, 1130, 52), (1010, 1126, 46), (1330, 1130, 50), (1760, 1126, 46), (1908, 1130, 42),
          (944, 672, 46), (352, 676, 42), (1560, 670, 44))  # fmt: skip
MANHOLES = ((842, 500, 15.0), (1480, 842, 15.0), (420, 1282, 17.0), (1710, 1010, 14.0))
STALL, DEPTH = 62.0, 112.0
ROWS = ((330.0, 1), (560.0, -1), (672.0, 1), (894.0, -1))
"""(top of the row, which way noses point: 1 down). The first row stands before the pavement."""
FIRST_STALL, STALLS = 118.0, 28


def _vehicles(rng: np.random.Generator) -> list[Vehicle]:
    found: list[Vehicle] = []
    for row, (top, nose) in enumerate(ROWS):
        for k in range(STALLS):
            x = FIRST_STALL + k * STALL + STALL / 2
            blocked = any(abs(x - tx) < 78 and top - 30 < ty < top + DEPTH + 30 for tx, ty, _ in CROWNS)
            if (
                blocked
                or (row == 0 and 440 < x < 690)
                or (row == 3 and x > 1480)
                or rng.random() > (0.42, 0.62, 0.60, 0.56)[row]
            ):
                continue
            van = rng.random() < 0.2
            length, width = (110.0, 50.0) if van else (rng.uniform(90, 99), rng.uniform(41, 44))
            heading = 90.0 * nose * (1 if rng.random() < 0.72 else -1) + rng.normal(0, 1.6)
            y = top + DEPTH / 2 + rng.normal(0, 3)
            paint = ink.colour("#ecebe4") if van and rng.random() < 0.7 else things.any_paint(rng)
            found.append(Vehicle("Van" if van else "Car", x + rng.normal(0, 2), y, heading, length, width, paint))
    return found


MOVING = (
    Vehicle("Car", 428, 842, -24, 98, 44, ink.colour("#1f4e8c")),
    Vehicle("Car", 1236, 838, -7, 97, 43, ink.colour("#2c3036")),
    Vehicle("Car", 764, 486, 4, 96, 43, ink.colour("#a3161c")),
    Vehicle("Car", 1580, 1046, -66, 96, 43, ink.colour("#e9ebec")),
    Vehicle("Car", 300, 1242, 180, 98, 44, ink.colour("#c9ccd0")),
    Vehicle("Truck", 640, 1322, 0, 226, 60, ink.colour("#c05a1c")),
    Vehicle("Car", 1180, 1324, 0, 97, 44, ink.colour("#d9a514")),
    Vehicle("Car", 1560, 1318, 1, 98, 44, ink.colour("#a3161c")),
    Vehicle("Car", 1016, 1240, 180, 96, 43, ink.colour("#15171b")),
)
WALKERS = ((250, 284, 10), (742, 274, 200), (518, 352, 80), (560, 384, 95), (676, 402, 140), (896, 522, 30), (1304, 284, 0),
           (1130, 496, 250), (300, 900, 60), (1660, 1190, 0), (1470, 470, 300))  # fmt: skip


class Scene:
    """Where everything lies. The same numbers are painted and exported."""

    def __init__(self) -> None:
        rng = np.random.default_rng(20261103)
        self.vehicles = _vehicles(rng) + list(MOVING)
        self.crowns = [
            ink.blob(np.random.default_rng(500 + i), x, y, r, rough=0.055) for i, (x, y, r) in enumerate(CROWNS)
        ]
        self.cracks = [
            _crack(np.random.default_rng(900 + i), start, end)
            for i, (start, end) in enumerate(
                (
                    ((90, 520), (330, 470)),
                    ((1000, 860), (1180, 790)),
                    ((1720, 430), (1900, 560)),
                    ((560, 1060), (760, 1020)),
                )
            )
        ]
        self.stains = [ink.blob(np.random.default_rng(60 + i), x, y, r, rough=0.16) for i, (x, y, r) in enumerate(
            ((180, 388, 17), (1120, 392, 20), (836, 620, 15), (1770, 610, 18), (1260, 950, 21), (1750, 744, 16)))]  # fmt: skip
        self.puddles = [ink.blob(np.random.default_rng(80 + i), x, y, r, rough=0.17, count=34) * (1, 0.55) + (0, y * 0.45)
                        for i, (x, y, r) in enumerate(((1850, 1030, 74), (640, 838, 58), (60, 800, 46)))]  # fmt: skip


def _crack(rng: np.random.Generator, start: tuple[float, float], end: tuple[float, float]) -> Points:
    t = np.linspace(0, 1, 14)[:, None]
    straight = np.array(start) * (1 - t) + np.array(end) * t
    wander = np.cumsum(rng.normal(0, 5.5, (14, 2)), axis=0)
    return straight + wander - t * wander[-1]


# ---- painting ---------------------------------------------------------------------------------------------


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
    ink.fill(picture, lawn + (0, 4), (0.74, 0.72, 0.68))
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
    for x, y, r in CROWNS[-3:]:
        island = ink.rounded(x - 34, y - 78, 68, 156, 30)
        ink.shade(picture, island, offset=(2, 3), blur=2, strength=0.4)
        ink.fill(picture, island, (0.77, 0.75, 0.71))
        ink.fill_texture(picture, ink.rounded(x - 28, y - 72, 56, 144, 25), grass)


def lawn_ring() -> Points:
    """The lawn by the building, up to the edges of the picture."""
    inside = np.clip(LAWN, (0, 0), (WIDTH, HEIGHT))
    return np.concatenate((inside, ((float(WIDTH), 0.0),)))


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
        ink.fill(picture, ink.turned(arrow, turn) + (x, y), white, 0.72)


def _wear(picture: Picture, scene: Scene, rng: np.random.Generator) -> None:
    for crack in scene.cracks:
        ink.stroke(picture, crack + (0.8, 1.0), 2.6, (0.52, 0.51, 0.49), 0.5)
        ink.stroke(picture, crack, 2.2, (0.15, 0.15, 0.15), 0.85)
    for stain in scene.stains:
        ink.fill(picture, stain, (0.10, 0.095, 0.09), 0.72)
        ink.fill(picture, (stain - stain.mean(axis=0)) * 0.55 + stain.mean(axis=0), (0.05, 0.05, 0.055), 0.5)
    for puddle in scene.puddles:
        ink.fill(picture, puddle, (0.23, 0.25, 0.27), 0.80)
        inner = (puddle - puddle.mean(axis=0)) * 0.72 + puddle.mean(axis=0) + (-4, -3)
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
            ink.fill(picture, blade + (cx, cy), (0.46, 0.47, 0.49))
        ink.fill(picture, ink.ellipse(cx, cy, radius * 0.22), (0.70, 0.71, 0.72))


def _manhole(picture: Picture, x: float, y: float, radius: float) -> None:
    ink.fill(picture, ink.ellipse(x, y, radius), (0.20, 0.20, 0.20))
    ink.fill(picture, ink.ellipse(x, y, radius - 2), (0.40, 0.39, 0.38))
    for turn in range(0, 360, 45):
        spoke = ink.turned(ink.box(3, -1.1, radius - 6, 2.2), turn)
        ink.fill(picture, spoke + (x, y), (0.25, 0.25, 0.25))
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


def write(folder: Path) -> None:
    """The photo, stored on its side with the EXIF mark that turns it, and its brush overlay."""
    scene = Scene()
    upright = Image.fromarray(ink.to_bytes(paint(scene)))
    stored = upright.transpose(Image.Transpose.ROTATE_90)  # orientation 6 turns it back, clockwise
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F], exif[0x0110] = "Example", "Mast camera 2"
    exif[0x0132] = "2026:11:02 11:42:07"
    stored.save(folder / NAME, quality=88, exif=exif, subsampling=2, optimize=True, progressive=True)
    out = io.BytesIO()
    brush(scene).save(out, "PNG", optimize=True)
    (folder / BRUSH).write_bytes(out.getvalue())


def brush(scene: Scene) -> Image.Image:
    """What was brushed, each class in its colour of the ontology; the size of the upright photo."""
    from project import CLASSES

    layer = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    for title, shapes in (("Oil stain", scene.stains), ("Wet patch", scene.puddles)):
        red, green, blue = (round(v * 255) for v in ink.colour(CLASSES[title][1]))
        for shape in shapes:
            mask, (x, y) = ink.shape_mask(shape, (WIDTH, HEIGHT))
            layer[y : y + mask.shape[0], x : x + mask.shape[1]][mask >= 0.5] = (red, green, blue, 255)
    return Image.fromarray(layer)


# ---- labels -----------------------------------------------------------------------------------------------


def task() -> Task:
    """The photo's way through the workflow."""
    scene = Scene()
    made = Task(
        name="lot",
        asset={
            "asset": f"media/{NAME}",
            "externalId": "site-04/lot_0231.jpg",
            "metadata": {"width": WIDTH, "height": HEIGHT},
            "batches": ["survey-november"],
            "contextData": {"camera": "Mast 2", "height_m": 42, "captured": "2026-11-02T10:42:07Z"},
        },
        begins=datetime(2026, 11, 2, 15, 40, 12, 310_000),
        visits=(
            Visit("mert", 18.4),
            Visit("jana", 4.03, "Rejected"),
            Visit("mert", 6.69),
            Visit("jana", 2.83, "Accepted"),
        ),
        pauses=(16.2, 1.8, 3.16, 0.7),
        brush=f"media/{BRUSH}",
    )
    made.labels = [*_grounds_labels(scene), *_vehicle_labels(scene), *_people_labels()]
    made.relations = [
        Relation("yields to", "yields-1", "vehicle-m2", "walker-4", answers=()),
        Relation("blocked by", "blocked-1", "vehicle-m3", "vehicle-m4", direction="reverse", born=LABEL_2),
        Relation("drives with", "with-1", "vehicle-m6", "vehicle-m7", direction="bidirectional"),
        Relation("same delivery", "delivery-1", group=("vehicle-3", "vehicle-6", "vehicle-m5"), born=REVIEW_1),
    ]
    made.answers = [
        (LABEL_1, Answer("Weather", "Overcast")),
        (LABEL_2, Answer("Weather", "Sunny", (Answer("Shadows", "Long"),))),
        (LABEL_1, Answer("Surface", ["Asphalt", "Grass"])),
        (REVIEW_2, Answer("Surface", ["Asphalt", "Concrete", "Grass"])),
        (LABEL_1, Answer("Site", ["North", "North / Site 04"])),
        (REVIEW_1, Answer("Remark", "Puddles east of the exit; check drain M4.")),
    ]
    return made


def _grounds_labels(scene: Scene) -> list[Label]:
    labels = [
        Label("Building", "building", {"polygon": ROOF}).was(REVIEW_2, shape={"polygon": ROOF * (0.992, 0.985)}),
        Label("Crosswalk", "crosswalk", {"polygon": CROSSWALK}).was(
            LABEL_2, shape=moved({"polygon": CROSSWALK}, 9, -6)
        ),
        Label(
            "Lawn",
            "lawn",
            {
                "segmentation": {
                    "zones": [
                        {"region": lawn_ring(), "holes": [PLAZA, BED]},
                        {"region": STRIP_LEFT, "holes": []},
                        {"region": STRIP_RIGHT, "holes": []},
                    ]
                }
            },
        ).was(
            LABEL_2,
            shape={
                "segmentation": {"zones": [{"region": lawn_ring(), "holes": []}, {"region": STRIP_LEFT, "holes": []}]}
            },
        ),
        Label("Footpath", "path-1", {"spline": FOOTPATH}),
        Label("Footpath", "path-2", {"spline": FOOTPATH_2}, born=LABEL_2),
        Label("Lane line", "lane-1", {"polyline": np.array(((10.0, 1282.2), (1000, 1282.2), (1994, 1282.2)))}),
    ]
    for i, (x, y, width, height, fans) in enumerate(UNITS):
        shape = bounding(x, y, x + width, y + height)
        label = Label("Rooftop unit", f"unit-{i}", shape, (Answer("Fans", str(fans)),))
        if i == 1:
            label.was(LABEL_2, shape=scaled(moved(shape, 4, 5), 1.18), answers=(Answer("Fans", "3"),))
        labels.append(label)
    for i, crown in enumerate(scene.crowns):
        shown = np.clip(ink.catmull_rom(np.concatenate((crown, crown[:1])), 2)[:-1], (0, 0), (WIDTH, HEIGHT))
        label = Label(
            "Tree", f"tree-{i}", {"polygon": shown}, (Answer("Crown", "Sparse" if i in (4, 11) else "Healthy"),)
        )
        if i == 2:
            label.was(LABEL_2, shape=scaled({"polygon": shown}, 1.22))
        if i == 9:
            label.was(REVIEW_2, shape=moved({"polygon": shown}, -5, 3))
        if i == 5:
            label.born = LABEL_2
        labels.append(label)
    for i, crack in enumerate(scene.cracks):
        label = Label("Crack", f"crack-{i}", {"polyline": crack})
        if i == 1:
            label.was(LABEL_2, shape={"polyline": crack[:8]})
        if i == 3:
            label.born = LABEL_2
        labels.append(label)
    for i, (x, y, radius) in enumerate(MANHOLES):
        label = Label("Manhole", f"manhole-{i}", {"circle": {"x": float(x), "y": float(y), "radius": radius}})
        if i == 2:
            label.was(REVIEW_2, shape={"circle": {"x": x + 3.0, "y": y - 2.0, "radius": radius * 1.2}})
        labels.append(label)
    return labels


def _vehicle_labels(scene: Scene) -> list[Label]:
    labels = []
    parked = len(scene.vehicles) - len(MOVING)
    directions = ("North-east", "East", "East", "North", "West", "East", "East", "East", "West")
    for i, v in enumerate(scene.vehicles):
        moving = i - parked
        name = f"vehicle-{i}" if moving < 0 else f"vehicle-m{moving}"
        shape = rotated(v.x, v.y, v.length, v.width, v.heading)
        state = (
            Answer("State", "Parked")
            if moving < 0
            else Answer("State", "Moving", (Answer("Direction", directions[moving]),))
        )
        near_tree = any(np.hypot(v.x - x, v.y - y) < r + 42 for x, y, r in CROWNS)
        hidden = (
            (Answer("Visible", "Partly", (Answer("Hidden by", ["Tree"]),)),)
            if near_tree
            else (Answer("Visible", "Fully"),)
        )
        label = Label(v.kind, name, shape, (state,) if v.kind == "Truck" else (state, *hidden))
        labels.append(label)
    by_name = {label.name: label for label in labels}
    _mistakes(by_name)
    labels.append(Label("Car", "shadow", rotated(1352, 330, 92, 42, 90), (Answer("State", "Parked"),), gone=LABEL_2))
    labels.append(
        Label("Van", "twice", moved(by_name["vehicle-9"].shape, 7, 4), (Answer("State", "Parked"),), gone=LABEL_2)
    )
    labels.append(Label("Car", "stray", rotated(1204, 1180, 90, 40, 0), (Answer("State", "Stopped"),), gone=REVIEW_2))
    return labels


def _mistakes(by_name: dict[str, Label]) -> None:
    """What the annotator got wrong at first and who put it right: found by the names of labels."""

    def until(name: str, stage: int, change: str) -> None:
        label = by_name[name]
        shape = label.shape
        what = {
            "turn": {"shape": swung(shape, 5.5)},
            "turn back": {"shape": swung(shape, -7)},
            "small": {"shape": scaled(shape, 0.86, 0.90)},
            "large": {"shape": scaled(moved(shape, 3, -2), 1.14, 1.2)},
            "off": {"shape": moved(shape, 11, 8)},
            "slightly off": {"shape": moved(shape, 5.2, -3.4)},
            "as car": {"title": "Car", "shape": scaled(shape, 0.95)},
            "as van": {"title": "Van"},
            "parked": {"answers": (Answer("State", "Parked"), *label.answers[1:])},
            "undirected": {"answers": (Answer("State", "Moving"), *label.answers[1:])},
            "north": {"answers": (Answer("State", "Moving", (Answer("Direction", "North"),)), *label.answers[1:])},
        }[change]
        label.was(stage, **what)

    vans = [name for name, label in by_name.items() if label.title == "Van"]
    cars = [name for name, label in by_name.items() if label.title == "Car" and "-m" not in name]
    until("vehicle-m0", LABEL_2, "turn")
    until("vehicle-m0", REVIEW_2, "slightly off")
    until("vehicle-m1", LABEL_2, "parked")
    until("vehicle-m2", REVIEW_2, "undirected")
    until("vehicle-m5", LABEL_2, "as van")
    until("vehicle-m6", REVIEW_2, "slightly off")
    until("vehicle-m8", LABEL_2, "north")
    for name, change in zip(cars[2::4], ("off", "small", "turn back", "large", "off", "turn", "small"), strict=False):
        until(name, LABEL_2, change)
    for name, change in zip(cars[3::9], ("slightly off", "large", "slightly off"), strict=False):
        until(name, REVIEW_2, change)
    until(vans[1], LABEL_2, "as car")
    until(vans[4], REVIEW_2, "as car")
    for name in cars[5::11]:
        by_name[name].born = LABEL_2
    by_name[cars[-1]].born = REVIEW_2


def _people_labels() -> list[Label]:
    labels = []
    for i, (x, y, _) in enumerate(WALKERS):
        label = Label("Pedestrian", f"walker-{i}", {"point": [float(x), float(y)]})
        if i == 5:
            label.was(LABEL_2, shape={"point": [x + 14.0, y + 21.0]})  # set on the shadow
        if i in (7, 10):
            label.born = LABEL_2
        labels.append(label)
    return labels

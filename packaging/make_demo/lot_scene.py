"""The car park of the demo: where everything lies. The same numbers are painted and exported."""

from __future__ import annotations

import ink
import numpy as np
import things
from ink import Points
from things import Vehicle

WIDTH, HEIGHT = 2000, 1400
SUN = (0.55, 0.62)

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
CROWNS = ((1316, 44, 50), (1472, 60, 60), (1560, 196, 46), (1766, 56, 56), (1846, 186, 58), (1946, 160, 50),
          (120, 1128, 50), (420, 1124, 44), (700, 1130, 52), (1010, 1126, 46), (1330, 1130, 50), (1760, 1126, 46),
          (1908, 1130, 42), (944, 672, 46), (352, 676, 42), (1560, 670, 44))  # fmt: skip
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
WALKERS = ((250, 284, 10), (742, 274, 200), (518, 352, 80), (560, 384, 95), (676, 402, 140), (896, 522, 30),
           (1304, 284, 0), (1130, 496, 250), (300, 900, 60), (1660, 1190, 0), (1470, 470, 300))  # fmt: skip


STAINS = ((180, 388, 17), (1050, 392, 20), (836, 620, 15), (1770, 610, 18), (1330, 944, 21), (1468, 738, 16))
PUDDLES = ((1850, 1030, 74), (640, 838, 58), (60, 800, 46))


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
        self.stains = [
            ink.blob(np.random.default_rng(60 + i), x, y, r, rough=0.16) for i, (x, y, r) in enumerate(STAINS)
        ]
        self.puddles = [
            ink.blob(np.random.default_rng(80 + i), x, y, r, rough=0.17, count=34) * (1, 0.55) + np.array((0, y * 0.45))
            for i, (x, y, r) in enumerate(PUDDLES)
        ]


def _crack(rng: np.random.Generator, start: tuple[float, float], end: tuple[float, float]) -> Points:
    t = np.linspace(0, 1, 14)[:, None]
    straight = np.array(start) * (1 - t) + np.array(end) * t
    wander = np.cumsum(rng.normal(0, 5.5, (14, 2)), axis=0)
    return straight + wander - t * wander[-1]


def lawn_ring() -> Points:
    """The lawn by the building, up to the edges of the picture."""
    inside = np.clip(LAWN, (0, 0), (WIDTH, HEIGHT))
    return np.concatenate((inside, ((float(WIDTH), 0.0),)))

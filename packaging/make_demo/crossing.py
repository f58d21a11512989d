"""A road crossing from above: the video of the demo, ten seconds in which everybody waits for somebody.

Every frame carries its number, as digits and as a strip of cells that a program reads (`CELLS`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cv2
import ink
import numpy as np
import things
from ink import Picture
from story import (
    LABEL_1,
    LABEL_2,
    REVIEW_1,
    REVIEW_2,
    Answer,
    Json,
    Label,
    Relation,
    Task,
    Visit,
    bounding,
    moved,
    rotated,
)
from things import Vehicle

WIDTH, HEIGHT, FRAMES, RATE = 640, 360, 250, 25
NAME = "crossing_N7_0815.webm"
SUN = (-0.45, 0.5)
GREEN_EW, ALL_RED, GREEN_NS = 0, 90, 110

CELL, CELLS = 8, 13
CELLS_AT = (WIDTH - 6 - CELL * CELLS, HEIGHT - 6 - CELL)
"""The strip: white, black, then ten bits of the frame number (highest first) and one that makes the ones even."""


@dataclass(frozen=True)
class Mover:
    """Somebody on a straight way: places (frame, x, y), even motion between them, still before and after."""

    name: str
    kind: str
    length: float
    width: float
    heading: float
    paint: str
    way: tuple[tuple[int, float, float], ...]
    leaves: int | None = None
    """The first frame in which nothing of it is in the picture any more."""

    def place(self, frame: float) -> tuple[float, float]:
        """Where its middle is."""
        frames, xs, ys = zip(*self.way, strict=True)
        return float(np.interp(frame, frames, xs)), float(np.interp(frame, frames, ys))

    def box(self, frame: int) -> Json:
        """Its upright box; it moves along one axis only."""
        x, y = self.place(frame)
        across = self.heading % 180 == 90
        w, h = (self.width, self.length) if across else (self.length, self.width)
        return bounding(x - w / 2, y - h / 2, x + w / 2, y + h / 2)


MOVERS = (
    Mover("east-1", "Car", 48, 22, 0, "#a3161c", ((0, 96, 200), (40, 216, 200), (110, 678, 200)), 110),
    Mover("west-1", "Van", 56, 25, 180, "#ecebe4", ((0, 604, 162), (55, 420, 162), (150, -38, 162)), 150),
    Mover("north-1", "Car", 48, 22, -90, "#1f4e8c", ((0, 340, 284), (114, 340, 284), (132, 340, 262), (158, 340, 172),
                                                     (196, 340, -30)), 196),
    Mover("south-1", "Truck", 92, 27, 90, "#c05a1c", ((20, 300, -52), (74, 300, 42), (92, 300, 54), (118, 300, 54),
                                                      (142, 300, 96),
                                                     (226, 300, 410)), 226),
    Mover("east-2", "Car", 48, 22, 0, "#c9ccd0", ((96, -30, 200), (140, 172, 200), (160, 214, 200), (249, 214, 200))),
    Mover("west-2", "Car", 48, 22, 180, "#2c3036", ((128, 668, 160), (170, 470, 160), (188, 424, 160),
                                                    (249, 424, 160))),
    Mover("bike-1", "Bicycle", 24, 9, 180, "#0f766e", ((0, 486, 144), (172, -14, 144)), 172),
)  # fmt: skip
WALKERS = (
    ("walker-1", ((100, 254.0, 128.0), (118, 256, 132), (206, 262, 232), (249, 262, 244))),
    ("walker-2", ((124, 266.0, 244.0), (132, 264, 232), (222, 258, 130), (249, 240, 122))),
    ("walker-3", ((0, 470.0, 246.0), (249, 560, 250))),
)
TURNS, GOES, GONE = 152, 126, 222
"""The turning car: when it leaves its place, when it begins to turn, when it is out of the picture."""


def turning(frame: int) -> tuple[float, float, float]:
    """(x, y, heading) of the car that waits behind the first one and turns right."""
    if frame < GOES:
        return 340.0, 342.0, -90.0
    if frame < TURNS:
        share = (frame - GOES) / (TURNS - GOES)
        return 340.0, 342.0 - (342 - 236) * share**1.4, -90.0
    length = 36 * np.pi / 2
    path = (frame - TURNS) * 4.6
    if path < length:
        angle = path / 36
        return 376 - 36 * float(np.cos(angle)), 236 - 36 * float(np.sin(angle)), -90 + float(np.degrees(angle))
    return 376 + (path - length), 200.0, 0.0


# ---- painting ---------------------------------------------------------------------------------------------


def background() -> Picture:
    """Everything that does not move."""
    rng = np.random.default_rng(31)
    grass = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#66813f"), 0.08, 0.05)
    paving = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#aba394"), 0.02, 0.02)
    road = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#5d5e5f"), 0.03, 0.025)
    picture = grass.copy()
    for strip in (ink.box(0, 122, WIDTH, 116), ink.box(262, 0, 116, HEIGHT)):
        ink.fill_texture(picture, strip, paving)
    for strip in (ink.box(0, 138, WIDTH, 84), ink.box(278, 0, 84, HEIGHT)):
        ink.fill(picture, strip, (0.74, 0.73, 0.70))
    corners = [ink.box(0, 140, WIDTH, 80), ink.box(280, 0, 80, HEIGHT)]
    for x, y in ((280, 140), (360, 140), (280, 220), (360, 220)):
        corners.append(ink.ellipse(x, y, 7))
    for strip in corners:
        ink.fill_texture(picture, strip, road)
    _markings(picture)
    _buildings(picture, rng)
    for i, (x, y, r) in enumerate(TREES):
        things.draw_tree(picture, ink.blob(np.random.default_rng(40 + i), x, y, r, rough=0.06), SUN, rng)
    return picture


def _markings(picture: Picture) -> None:
    white = (0.90, 0.89, 0.86)
    for k in range(8):
        at = 4 + k * 9.4
        for x in (248, 368):
            ink.fill(picture, ink.box(x, 140 + at, 24, 5.2), white, 0.88)
        for y in (108, 228):
            ink.fill(picture, ink.box(280 + at, y, 5.2, 24), white, 0.88)
    for x0, y0, w, h in STOP_LINES:
        ink.fill(picture, ink.box(x0, y0, w, h), white, 0.92)
    for x in (*range(0, 232, 26), *range(412, WIDTH, 26)):
        ink.fill(picture, ink.box(x, 179.2, 14, 1.6), (0.92, 0.76, 0.28), 0.9)
    for y in (*range(0, 96, 26), *range(270, HEIGHT, 26)):
        ink.fill(picture, ink.box(319.2, y, 1.6, 14), (0.92, 0.76, 0.28), 0.9)


TREES = (
    (222, 96, 20), (60, 262, 24), (132, 274, 19), (432, 92, 19), (610, 102, 22), (430, 276, 20), (500, 306, 26),
    (604, 282, 23), (20, 98, 20), (224, 300, 22),
)  # fmt: skip
ROOFS = (
    (28, -20, 172, 92, "#b9aea0"),
    (428, -20, 150, 84, "#a9b0b6"),
    (-20, 300, 110, 90, "#b7a48f"),
    (540, 312, 120, 70, "#c4beb2"),
)
STOP_LINES = (
    (240.0, 182.0, 3.0, 38.0),
    (397.0, 140.0, 3.0, 38.0),
    (280.0, 101.0, 38.0, 3.0),
    (322.0, 256.0, 38.0, 3.0),
)


def _buildings(picture: Picture, rng: np.random.Generator) -> None:
    for x, y, w, h, code in ROOFS:
        roof = ink.box(x, y, w, h)
        ink.shade(picture, ink.sweep(roof, (SUN[0] * 34, SUN[1] * 34)), offset=(0, 0), blur=2.5, strength=0.5)
        ink.fill(picture, roof, tuple(min(1, c * 1.12) for c in ink.colour(code)))
        ink.fill_texture(
            picture, ink.box(x + 4, y + 4, w - 8, h - 8), ink.textured(rng, HEIGHT, WIDTH, ink.colour(code), 0.03, 0.02)
        )
        for k in range(3):
            unit = ink.box(x + 22 + k * w / 4, y + h * 0.55, 16, 11)
            ink.shade(picture, unit, offset=(-3, 4), blur=1.2, strength=0.5)
            ink.fill(picture, unit, (0.82, 0.83, 0.84))


def signal(frame: int) -> str:
    """Which way is free."""
    return "East–west green" if frame < ALL_RED else "All red" if frame < GREEN_NS else "North–south green"


def paint(still: Picture, frame: int) -> Picture:
    """One frame."""
    picture = still.copy()
    for seed, mover in enumerate(MOVERS):
        x, y = mover.place(frame)
        if mover.leaves is not None and frame >= mover.leaves:
            continue
        if mover.kind == "Bicycle":
            _bicycle(picture, x, y, frame)
            continue
        vehicle = Vehicle(mover.kind, x, y, mover.heading, mover.length, mover.width, ink.colour(mover.paint))
        things.draw_vehicle(picture, vehicle, SUN, np.random.default_rng(seed))
    if frame < GONE:
        x, y, heading = turning(frame)
        things.draw_vehicle(
            picture, Vehicle("Car", x, y, heading, 48, 22, ink.colour("#d9a514")), SUN, np.random.default_rng(3)
        )
    for name, way in WALKERS:
        x, y, heading = _walker(way, frame)
        things.draw_person(picture, x, y, heading, 10, SUN, np.random.default_rng(len(name) + int(name[-1]) * 5))
    free = signal(frame)
    for x, y, is_ew in ((236, 228, True), (404, 132, True), (272, 98, False), (368, 262, False)):
        ink.fill(picture, ink.rounded(x - 5, y - 5, 10, 10, 3), (0.08, 0.08, 0.09))
        go = free == ("East–west green" if is_ew else "North–south green")
        ink.fill(picture, ink.ellipse(x, y, 3.4), (0.20, 0.92, 0.42) if go else (0.96, 0.20, 0.16))
    return picture


def _walker(way: tuple[tuple[float, float, float], ...], frame: int) -> tuple[float, float, float]:
    frames, xs, ys = zip(*way, strict=True)
    x, y = float(np.interp(frame, frames, xs)), float(np.interp(frame, frames, ys))
    ahead = np.interp(frame + 4, frames, xs) - x, np.interp(frame + 4, frames, ys) - y
    heading = float(np.degrees(np.arctan2(ahead[1], ahead[0]))) if any(ahead) else 0.0
    return x, y, heading + 8 * float(np.sin(frame * 0.55))


def _bicycle(picture: Picture, x: float, y: float, frame: int) -> None:
    tip = np.array((x, y)) + np.array(SUN) * 12
    ink.shade(picture, ink.capsule(np.array((x, y)), tip, 8), offset=(0, 0), blur=1.4, strength=0.45)
    ink.stroke(picture, np.array(((x - 11, y), (x + 11, y))), 1.8, (0.07, 0.07, 0.08))
    ink.stroke(picture, np.array(((x - 6, y - 4), (x - 6, y + 4))), 1.4, (0.25, 0.25, 0.27))
    ink.fill(picture, ink.ellipse(x + 1, y, 4.6, 4.4), ink.colour("#0f766e"))
    ink.fill(picture, ink.ellipse(x - 0.5, y, 2.4), (0.95, 0.86, 0.25))


def burn(pixels: np.ndarray, frame: int) -> None:
    """The number of a frame: digits at the bottom left, cells at the bottom right."""
    panel = pixels[HEIGHT - 24 : HEIGHT - 4, 5:71]
    panel[:] = (panel * 0.25).astype(np.uint8)
    cv2.putText(
        pixels, f"{frame:04d}", (11, HEIGHT - 8), cv2.FONT_HERSHEY_DUPLEX, 0.58, (255, 255, 255), 1, cv2.LINE_AA
    )
    x, y = CELLS_AT
    pixels[y - 2 : y + CELL + 2, x - 2 : x + CELL * CELLS + 2] = 20
    bits = [(frame >> k) & 1 for k in range(9, -1, -1)]
    for k, bit in enumerate((1, 0, *bits, sum(bits) % 2)):
        pixels[y : y + CELL, x + k * CELL : x + (k + 1) * CELL] = 235 if bit else 20


def write(folder: Path) -> None:
    """The video as VP9 in WebM."""
    import av

    still = background()
    noise = np.random.default_rng(5)
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as container:
        stream = container.add_stream("libvpx-vp9", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"crf": "30", "b": "0", "g": "50", "deadline": "good", "cpu-used": "2", "auto-alt-ref": "1"}
        for frame in range(FRAMES):
            picture = paint(still, frame) * np.array((1.03, 1.0, 0.96), np.float32)
            picture = picture + noise.normal(0, 0.004, picture.shape).astype(np.float32)
            pixels = ink.to_bytes(picture)
            burn(pixels, frame)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    (folder / NAME).write_bytes(out.getvalue())


# ---- labels -----------------------------------------------------------------------------------------------


def task() -> Task:
    """The video's way through the workflow."""
    made = Task(
        name="crossing",
        asset={
            "asset": f"media/{NAME}",
            "externalId": NAME,
            "metadata": {"width": WIDTH, "height": HEIGHT, "frameTotal": FRAMES, "frameRate": RATE},
            "batches": ["survey-november"],
        },
        begins=datetime(2026, 11, 4, 9, 5, 3, 120_000),
        visits=(
            Visit("lucia", 31.2),
            Visit("tomas", 6.4, "Rejected"),
            Visit("lucia", 12.1),
            Visit("tomas", 3.6, "Accepted"),
        ),
        pauses=(1.3, 4.7, 18.9, 2.2),
    )
    for mover in MOVERS:
        made.labels += _track(mover)
    made.labels += _turning_track()
    for name, way in WALKERS:
        pages = [int(frame) for frame, _, _ in way]
        for page in pages:
            x, y, _ = _walker(way, page)
            label = Label("Person", name, {"point": [x, y]}, page=page)
            if name == "walker-2":
                label.born = LABEL_2
            if (name, page) == ("walker-1", 206):
                label.was(REVIEW_2, shape={"point": [x + 6, y - 9]})
            made.labels.append(label)
    for i, (x, y, w, h) in enumerate(STOP_LINES):
        line = ((x + w / 2, y), (x + w / 2, y + h)) if h > w else ((x, y + h / 2), (x + w, y + h / 2))
        made.labels.append(Label("Stop line", f"stop-{i}", {"polyline": [list(p) for p in line]}, page=0))
    made.relations = [
        Relation("yields to", "yields-1", "turning", "north-1", page=TURNS - 20),
        Relation("yields to", "yields-2", "east-2", "walker-1", page=170, born=LABEL_2),
        Relation("same queue", "queue-1", group=("north-1", "turning"), page=60, born=REVIEW_1),
    ]
    made.answers = [
        (LABEL_1, Answer("Weather", "Sunny", (Answer("Shadows", "Short"),))),
        (LABEL_1, Answer("Signal", "East–west green", page=GREEN_EW)),
        (LABEL_1, Answer("Signal", "North–south green", page=98), LABEL_2),
        (LABEL_2, Answer("Signal", "All red", page=ALL_RED)),
        (LABEL_2, Answer("Signal", "North–south green", page=GREEN_NS)),
    ]
    return made


def _track(mover: Mover) -> list[Label]:
    answers = (Answer("Kind", mover.kind),)
    labels = []
    pages = [frame for frame, _, _ in mover.way if frame < FRAMES and (mover.leaves is None or frame < mover.leaves)]
    if mover.leaves is not None:
        pages.append(mover.leaves - 1)
    for page in pages:
        label = Label("Road user", mover.name, mover.box(page), answers, page=page)
        if mover.name == "west-1":
            label.was(LABEL_2, answers=(Answer("Kind", "Car"),))
        if (mover.name, page) == ("east-1", 40):
            label.was(LABEL_2, shape=moved(mover.box(page), 13, 3))
        if (mover.name, page) == ("south-1", 142):
            label.was(REVIEW_2, shape=moved(mover.box(page), 0, -8))
        if mover.name == "bike-1":
            label.born = LABEL_2
        labels.append(label)
    if mover.leaves is not None:
        end = Label("Road user", mover.name, mover.box(mover.leaves), answers, page=mover.leaves, stopped=True)
        if mover.name == "bike-1":
            end.born = LABEL_2
        if mover.name == "east-1":  # at first it was left standing in the margin for a second
            end.born = LABEL_2
            late = Label(
                "Road user", mover.name, mover.box(mover.leaves), answers, page=mover.leaves + 24, stopped=True
            )
            late.gone = LABEL_2
            labels.append(late)
        labels.append(end)
    return labels


def _turning_track() -> list[Label]:
    answers = (Answer("Kind", "Car"),)
    labels = []
    for page in (0, *range(GOES, GONE)):
        x, y, heading = turning(page)
        label = Label("Turning vehicle", "turning", rotated(x, y, 48, 22, heading), answers, page=page)
        if TURNS <= page < TURNS + 12:
            label.was(LABEL_2, shape=rotated(x, y, 48, 22, -90 + (heading + 90) * 0.55))
        labels.append(label)
    x, y, heading = turning(GONE)
    labels.append(Label("Turning vehicle", "turning", rotated(x, y, 48, 22, heading), answers, page=GONE, stopped=True))
    return labels

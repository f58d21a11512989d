"""Three photos of a produce shelf: the multi-image asset of the demo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cv2
import ink
import numpy as np
from ink import Picture
from PIL import Image
from story import LABEL_1, LABEL_2, REVIEW_1, REVIEW_2, Answer, Label, Relation, Task, Visit, bounding, moved, scaled

WIDTH, HEIGHT = 1200, 900
NAMES = ("aisle_17-a.jpg", "aisle_17-b.jpg", "aisle_17-c.jpg")

SORTS = {
    "Orange": ((0.95, 0.50, 0.07), (0.80, 0.30, 0.02), 35.0),
    "Apple": ((0.80, 0.13, 0.12), (0.45, 0.03, 0.05), 33.0),
    "Lemon": ((0.98, 0.83, 0.18), (0.82, 0.58, 0.05), 30.0),
    "Tomato": ((0.89, 0.19, 0.10), (0.60, 0.05, 0.03), 31.0),
    "Plum": ((0.42, 0.22, 0.48), (0.17, 0.06, 0.22), 27.0),
    "Lime": ((0.55, 0.75, 0.20), (0.24, 0.43, 0.06), 29.0),
}
PRICES = {"Orange": "2.49", "Apple": "1.99", "Lemon": "0.59", "Tomato": "3.29", "Plum": "2.79", "Lime": "0.79"}


@dataclass(frozen=True)
class Fruit:
    """One fruit: its middle, radius, sort, and whether it has gone bad."""

    x: float
    y: float
    radius: float
    sort: str
    spoilt: bool


@dataclass(frozen=True)
class Crate:
    """One crate and what lies in it; `gap` is an empty place, as an outline."""

    x: float
    y: float
    width: float
    height: float
    sort: str
    fruits: tuple[Fruit, ...]
    gap: ink.Points | None


@dataclass(frozen=True)
class Bottle:
    """One bottle, standing."""

    x: float
    top: float
    width: float
    height: float
    glass: ink.Colour
    label: ink.Colour


def _crate(rng: np.random.Generator, x: float, y: float, sort: str, *, gap: bool, spoilt: int) -> Crate:
    width, height = 356.0, 178.0
    radius = SORTS[sort][2]
    hole = ink.ellipse(x + width * 0.72, y + height * 0.47, 78, 52, count=20) if gap else None
    fruits = []
    step_y = radius * 1.22
    rows = int((height - 46) / step_y)
    for row in range(rows):
        count = int((width - 26 - radius * 0.9) / (radius * 1.86))
        spread = (width - 28 - radius * 2.9) / (count - 1)
        for k in range(count):
            fx = x + 14 + radius + k * spread + (row % 2) * radius * 0.9 + rng.normal(0, 2.0)
            fy = y + 22 + radius + row * step_y + rng.normal(0, 2.0)
            if (
                hole is not None
                and ((fx - (x + width * 0.72)) / (78 + radius)) ** 2 + ((fy - (y + height * 0.47)) / (52 + radius)) ** 2
                < 1
            ):
                continue
            fruits.append(Fruit(fx, fy, radius * rng.uniform(0.93, 1.05), sort, spoilt=len(fruits) == spoilt))
    return Crate(x, y, width, height, sort, tuple(fruits), hole)


def crates(page: int) -> list[Crate]:
    """What lies on the produce photos."""
    rng = np.random.default_rng(170 + page)
    sorts = (
        ("Orange", "Apple", "Lemon", "Tomato", "Lime", "Plum"),
        (),
        ("Lemon", "Orange", "Plum", "Apple", "Tomato", "Lime"),
    )[page]
    places = [(38 + col * 384, 96 + row * 408) for row in range(2) for col in range(3)]
    return [
        _crate(rng, x, y, sort, gap=(page, i) in ((0, 3), (2, 1)), spoilt={(0, 1): 4, (2, 3): 7}.get((page, i), -1))
        for i, ((x, y), sort) in enumerate(zip(places, sorts, strict=False))
    ]


def _bottle_at(row: int, k: int) -> Bottle:
    lower = (k * 37 + row * 11) % 3 * 6.0  # not all are of one height
    return Bottle(
        x=70.0 + k * 92 + (30 if row else 0),
        top=(512 if row else 112) + lower,
        width=66.0,
        height=262.0 - lower,
        glass=ink.colour(("#2f5d2a", "#5a2f12", "#7d8f94", "#17324f")[(k // 3 + row) % 4]),
        label=ink.colour(("#f1e3c0", "#d94f30", "#f5f5f0", "#3f7fbf")[(k // 3 + row * 2) % 4]),
    )


BOTTLES = tuple(_bottle_at(row, k) for row in range(2) for k in range(12) if (row, k) not in ((0, 7), (0, 8), (1, 3)))
BOTTLE_GAPS = (ink.box(661, 112, 198, 262), ink.box(323, 512, 106, 262))
EDGES = {0: (318.0, 726.0), 1: (376.0, 776.0), 2: (318.0, 726.0)}
"""The upper edge of each board."""


def tags(page: int) -> list[tuple[float, float, float, float, str]]:
    """(x, y, width, height, text) of the price tags."""
    if page == 1:
        return [
            (96 + k * 276 + 14 * row, EDGES[1][row] + 6, 96, 44, f"{1.19 + 0.5 * ((k + row) % 4):.2f}")
            for row in range(2)
            for k in range(4)
        ]
    return [(c.x + c.width / 2 - 52, c.y + c.height + 50, 104, 48, PRICES[c.sort]) for c in crates(page)]


# ---- painting ---------------------------------------------------------------------------------------------


def paint(page: int) -> Picture:
    """One photo."""
    rng = np.random.default_rng(20 + page)
    picture = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#3b332c"), 0.05, 0.03)
    picture *= np.linspace(1.15, 0.75, HEIGHT, dtype=np.float32)[:, None, None]
    for edge in EDGES[page]:
        _board(picture, rng, edge)
    if page == 1:
        for bottle in BOTTLES:
            _bottle(picture, bottle)
    else:
        for crate in crates(page):
            _draw_crate(picture, crate, rng)
    for x, y, width, height, text in tags(page):
        _tag(picture, x, y, width, height, text)
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    light = 1.10 - 0.35 * ((x / WIDTH - 0.42) ** 2 + (y / HEIGHT - 0.40) ** 2) * 2
    picture = np.clip(picture * light[..., None] * np.array((1.05, 1.0, 0.93), np.float32), 0, 1)
    picture = picture + 0.14 * picture * (1 - picture) * (2 * picture - 1)
    if page == 2:
        picture = cv2.GaussianBlur(picture, (0, 0), 1.5)  # this one was taken in a hurry
    picture = cv2.GaussianBlur(picture, (0, 0), 0.7)
    return picture + rng.normal(0, 0.010, picture.shape).astype(np.float32)


def _board(picture: Picture, rng: np.random.Generator, edge: float) -> None:
    wood = ink.textured(rng, HEIGHT, WIDTH, ink.colour("#9a7448"), 0.05, 0.03)
    grain = ink.clouds(rng, HEIGHT, WIDTH // 20, 5, 3)
    wood *= 1 + 0.05 * cv2.resize(grain, (WIDTH, HEIGHT))[..., None]
    ink.shade(picture, ink.box(-20, edge + 50, WIDTH + 40, 34), offset=(0, 0), blur=13, strength=0.75)
    ink.fill_texture(picture, ink.box(0, edge, WIDTH, 56), wood)
    ink.fill(picture, ink.box(0, edge, WIDTH, 3), (0.78, 0.63, 0.43), 0.8)
    ink.fill(picture, ink.box(0, edge + 52, WIDTH, 4), (0.26, 0.18, 0.10), 0.8)


def _draw_crate(picture: Picture, crate: Crate, rng: np.random.Generator) -> None:
    x, y, width, height = crate.x, crate.y, crate.width, crate.height
    ink.shade(picture, ink.box(x, y, width, height + 44), offset=(4, 8), blur=9, strength=0.6)
    ink.fill(picture, ink.rounded(x, y, width, height + 44, 6), (0.16, 0.12, 0.08))
    ink.fill(picture, ink.rounded(x, y, width, 12, 4), (0.60, 0.45, 0.28))
    for fruit in sorted(crate.fruits, key=lambda f: f.y):
        _fruit(picture, fruit, rng)
    front = ink.rounded(x, y + height - 26, width, 70, 5)
    ink.shade(picture, front, offset=(0, -3), blur=4, strength=0.5)
    for k in range(3):
        slat = ink.rounded(x, y + height - 24 + k * 23, width, 20, 3)
        tone = 1 + 0.06 * rng.standard_normal()
        ink.fill(picture, slat, (0.68 * tone, 0.52 * tone, 0.33 * tone))
        ink.fill(picture, ink.box(x + 2, y + height - 24 + k * 23, width - 4, 2.5), (0.84, 0.69, 0.48), 0.7)
        for nail in (x + 16, x + width - 16):
            ink.fill(picture, ink.ellipse(nail, y + height - 14 + k * 23, 2.2), (0.30, 0.24, 0.18))
    for post in (x + 6, x + width - 26):
        ink.fill(picture, ink.rounded(post, y, 20, 14, 3), (0.50, 0.37, 0.22))


def _fruit(picture: Picture, fruit: Fruit, rng: np.random.Generator) -> None:
    bright, deep, _ = SORTS[fruit.sort]
    r = fruit.radius
    ink.shade(picture, ink.ellipse(fruit.x, fruit.y, r), offset=(3, 6), blur=5, strength=0.6)
    mask, (px, py) = ink.shape_mask(ink.ellipse(fruit.x, fruit.y, r, count=72), (WIDTH, HEIGHT))
    ys, xs = np.mgrid[py : py + mask.shape[0], px : px + mask.shape[1]] + 0.5
    u, v = (xs - fruit.x) / r, (ys - fruit.y) / r
    z = np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
    light = np.clip(-0.42 * u - 0.58 * v + 0.70 * z, 0, 1)
    tone = np.clip(light * 1.15 + 0.05, 0, 1)[..., None]
    body = np.array(deep) * (1 - tone) + np.array(bright) * tone
    if fruit.sort in ("Apple", "Plum"):
        stripes = 0.5 + 0.5 * np.sin(np.arctan2(v + 0.2, u) * 9 + rng.uniform(0, 6))
        body += 0.07 * stripes[..., None] * np.array((0.9, 0.7, 0.2)) * tone
    if fruit.sort in ("Orange", "Lemon", "Lime"):
        pores = cv2.GaussianBlur(rng.standard_normal(mask.shape).astype(np.float32), (0, 0), 0.9)
        body *= 1 + 0.10 * pores[..., None]
    body += 0.13 * np.clip(1 - z, 0, 1)[..., None] ** 3 * np.array((1.0, 0.8, 0.55))  # light from the neighbours
    gloss = np.exp(-(((u + 0.36) / 0.17) ** 2 + ((v + 0.46) / 0.13) ** 2))
    body += (0.55 if fruit.sort in ("Tomato", "Apple") else 0.30) * gloss[..., None]
    if fruit.spoilt:
        spot = np.exp(-((((u - 0.18) / 0.40) ** 2 + ((v - 0.10) / 0.34) ** 2) ** 2))
        body = body * (1 - 0.85 * spot[..., None]) + np.array((0.24, 0.14, 0.07)) * 0.85 * spot[..., None]
    ink.lay(picture, mask, (px, py), np.clip(body, 0, 1).astype(np.float32))
    if fruit.sort in ("Apple", "Plum"):
        stem = np.array(((fruit.x, fruit.y - 0.30 * r), (fruit.x + 0.16 * r, fruit.y - 0.58 * r)))
        ink.stroke(picture, stem, 3.2, (0.24, 0.15, 0.08))
    if fruit.sort == "Tomato":
        for turn in range(0, 360, 72):
            leaf = ink.turned(np.array(((0, -2.2), (r * 0.42, 0), (0, 2.2))), turn + 15)
            ink.fill(picture, leaf + np.array((fruit.x, fruit.y - 0.18 * r)), (0.22, 0.42, 0.13))


def bottle_outline(b: Bottle) -> ink.Points:
    """The outline of a bottle."""
    half, neck = b.width / 2, b.width * 0.17
    t = np.linspace(0, math.pi, 9)
    shoulder = [
        (b.x + half - neck - (half - neck * 2) * (1 - math.cos(a)) / 2, b.top + b.height * (0.42 - 0.17 * a / math.pi))
        for a in t
    ]
    right = [(x + neck, y) for x, y in shoulder]
    left = [(2 * b.x - x, y) for x, y in reversed(right)]
    bottom = b.top + b.height
    return np.array(
        [(b.x + half, bottom), *right, (b.x + neck, b.top), (b.x - neck, b.top), *left, (b.x - half, bottom)],
        np.float64,
    )


def _bottle(picture: Picture, b: Bottle) -> None:
    outline = bottle_outline(b)
    ink.shade(picture, outline, offset=(7, 5), blur=7, strength=0.55)
    mask, (px, py) = ink.shape_mask(outline, (WIDTH, HEIGHT))
    xs = (np.arange(px, px + mask.shape[1]) + 0.5 - b.x) / (b.width / 2)
    light = (
        0.62
        + 0.38 * np.sqrt(np.clip(1 - xs**2, 0, 1))
        + 0.75 * np.exp(-(((xs + 0.5) / 0.10) ** 2))
        + 0.22 * np.exp(-(((xs - 0.62) / 0.12) ** 2))
    )
    body = np.ones((*mask.shape, 3)) * np.array(b.glass) * light[None, :, None]
    ink.lay(picture, mask, (px, py), np.clip(body, 0, 1).astype(np.float32))
    paper = ink.box(b.x - b.width / 2, b.top + b.height * 0.52, b.width, b.height * 0.30)
    mask, (px, py) = ink.shape_mask(paper, (WIDTH, HEIGHT))
    xs = (np.arange(px, px + mask.shape[1]) + 0.5 - b.x) / (b.width / 2)
    body = (
        np.ones((*mask.shape, 3)) * np.array(b.label) * (0.55 + 0.45 * np.sqrt(np.clip(1 - xs**2, 0, 1)))[None, :, None]
    )
    ink.lay(picture, mask, (px, py), np.clip(body, 0, 1).astype(np.float32))
    dark = tuple(c * 0.35 for c in b.glass)
    ink.fill(picture, ink.ellipse(b.x, b.top + b.height * 0.62, 11), dark, 0.85)
    for k in range(3):
        ink.fill(picture, ink.box(b.x - 18, b.top + b.height * (0.70 + 0.03 * k), 36 - 8 * k, 2.4), dark, 0.7)
    ink.fill(picture, ink.rounded(b.x - b.width * 0.20, b.top, b.width * 0.40, 20, 3), tuple(c * 0.8 for c in b.label))
    ink.fill(picture, ink.box(b.x - b.width * 0.14, b.top + 2, 3, 16), (1, 1, 1), 0.35)


def _tag(picture: Picture, x: float, y: float, width: float, height: float, text: str) -> None:
    paper = ink.rounded(x, y, width, height, 4)
    ink.shade(picture, paper, offset=(2, 3), blur=2.5, strength=0.5)
    ink.fill(picture, paper, (0.97, 0.95, 0.88))
    ink.fill(picture, ink.box(x, y + height - 11, width, 8), (0.80, 0.13, 0.12))
    sheet = np.zeros((HEIGHT, WIDTH), np.uint8)
    size = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 0.9, 2)[0]
    cv2.putText(
        sheet,
        text,
        (round(x + (width - size[0]) / 2), round(y + height - 16)),
        cv2.FONT_HERSHEY_DUPLEX,
        0.9,
        255,
        2,
        cv2.LINE_AA,
    )
    ink.lay(picture, sheet.astype(np.float32) / 255, (0, 0), (0.09, 0.09, 0.10))


def write(folder: Path) -> None:
    """The three photos."""
    for page, name in enumerate(NAMES):
        Image.fromarray(ink.to_bytes(paint(page))).save(
            folder / name, quality=86, subsampling=2, optimize=True, progressive=True
        )


# ---- labels -----------------------------------------------------------------------------------------------


def task() -> Task:
    """The shelf's way through the workflow."""
    made = Task(
        name="shelf",
        asset={
            "asset": f"media/{NAMES[0]}",
            "assetId": "66f1c0a2be0d4a3f9a7e1712",
            "dataset": [f"media/{name}" for name in NAMES],
            "externalId": "shelf/aisle_17",
            "metadata": {},
            "batches": ["retail-pilot"],
        },
        begins=datetime(2026, 11, 9, 13, 12, 44, 805_000),
        visits=(
            Visit("amira", 22.8),
            Visit("jana", 5.3, "Rejected"),
            Visit("amira", 8.2),
            Visit("jana", 2.4, "Accepted"),
        ),
        pauses=(0.9, 20.4, 2.6, 0.5),
    )
    for page in (0, 2):
        made.labels += _crate_labels(page)
    made.labels += _bottle_labels()
    for page, edges in EDGES.items():
        for k, edge in enumerate(edges):
            line = {"polyline": [[0.0, edge], [float(WIDTH), edge]]}
            made.labels.append(Label("Shelf edge", f"edge-{page}-{k}", line, page=page))
    made.relations = [
        *(Relation("priced by", f"priced-0-{i}", f"crate-0-{i}", f"tag-0-{i}", page=0) for i in range(6)),
        Relation("same finding", "empty", group=("gap-0-3", "gap-2-1", "gap-1-0"), born=LABEL_2),
    ]
    made.answers = [
        *((LABEL_1, Answer("Picture quality", "Sharp", page=page, name=f"quality-{page}")) for page in range(3)),
        (LABEL_2, Answer("Picture quality", "Blurred", page=2, name="quality-2")),
        (LABEL_1, Answer("Planogram", "Met")),
        (REVIEW_1, Answer("Planogram", "Not met", (Answer("Reason", ["Out of stock"]),))),
        (REVIEW_2, Answer("Planogram", "Not met", (Answer("Reason", ["Out of stock", "Missing tag"]),))),
    ]
    return made


def _crate_labels(page: int) -> list[Label]:
    labels = []
    for i, (crate, tag) in enumerate(zip(crates(page), tags(page), strict=True)):
        shape = bounding(crate.x, crate.y, crate.x + crate.width, crate.y + crate.height + 44)
        sort = (Answer("Sort", crate.sort),)
        label = Label("Crate", f"crate-{page}-{i}", shape, sort, page=page)
        if (page, i) == (0, 4):
            label.was(LABEL_2, shape=scaled(moved(shape, -10, 6), 0.93))
        if (page, i) == (2, 2):
            label.was(LABEL_2, answers=(Answer("Sort", "Tomato"),))
        labels.append(label)
        x, y, width, height, text = tag
        label = Label(
            "Price tag",
            f"tag-{page}-{i}",
            bounding(x, y, x + width, y + height),
            page=page,
            extra={"ocr": {"text": text}},
        )
        if (page, i) == (2, 5):
            label.born = REVIEW_2
        labels.append(label)
        if crate.gap is not None:
            label = Label("Gap", f"gap-{page}-{i}", {"polygon": crate.gap}, page=page)
            label.was(LABEL_2, shape=scaled({"polygon": crate.gap}, 1.25, 0.8))
            labels.append(label)
        for k, fruit in enumerate(crate.fruits[: 8 if any(f.spoilt for f in crate.fruits) else 4]):
            ring = {"polygon": ink.ellipse(fruit.x, fruit.y, fruit.radius, count=28)}
            bad = (Answer("Ripeness", "Spoilt", (Answer("Spots", ["Brown"]),)),)
            answers = bad if fruit.spoilt else (Answer("Ripeness", "Unripe" if crate.sort == "Lime" else "Ripe"),)
            label = Label("Fruit", f"fruit-{page}-{i}-{k}", ring, answers, page=page)
            if fruit.spoilt:
                label.was(LABEL_2, answers=(Answer("Ripeness", "Ripe"),))
            elif k == 2:
                label.was(LABEL_2 if i % 2 else REVIEW_2, shape=scaled(moved(ring, 4, -3), 1.12))
            labels.append(label)
    return labels


def _bottle_labels() -> list[Label]:
    labels = []
    for i, b in enumerate(BOTTLES):
        shape = bounding(b.x - b.width / 2, b.top, b.x + b.width / 2, b.top + b.height)
        label = Label("Bottle", f"bottle-{i}", shape, page=1)
        if i % 6 == 2:
            label.was(LABEL_2, shape=moved(shape, 7, -5))
        if i == 13:
            label.born = LABEL_2
        labels.append(label)
    labels.append(Label("Bottle", "bottle-ghost", bounding(712, 120, 778, 372), page=1, gone=LABEL_2))
    for i, gap in enumerate(BOTTLE_GAPS):
        labels.append(Label("Gap", f"gap-1-{i}", {"polygon": gap}, page=1, born=LABEL_2 if i else LABEL_1))
    for i, (x, y, width, height, text) in enumerate(tags(1)):
        labels.append(
            Label(
                "Price tag", f"tag-1-{i}", bounding(x, y, x + width, y + height), page=1, extra={"ocr": {"text": text}}
            )
        )
    return labels

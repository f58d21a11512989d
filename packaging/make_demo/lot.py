"""A car park from above: the photo of the demo, its brush overlay, and everything in it as labels."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import ink
import numpy as np
from lot_paint import paint
from lot_scene import (
    BED,
    CROSSWALK,
    CROWNS,
    FOOTPATH,
    FOOTPATH_2,
    HEIGHT,
    MANHOLES,
    MOVING,
    PLAZA,
    ROOF,
    STRIP_LEFT,
    STRIP_RIGHT,
    UNITS,
    WALKERS,
    WIDTH,
    Scene,
    lawn_ring,
)  # fmt: skip
from PIL import Image
from project import CLASSES
from story import (
    LABEL_1,
    LABEL_2,
    REVIEW_1,
    REVIEW_2,
    Answer,
    Label,
    Relation,
    Task,
    Visit,
    bounding,
    moved,
    rotated,
    scaled,
    swung,
)  # fmt: skip

NAME = "lot_0231.jpg"
BRUSH = "lot_0231-brush.png"


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
        Relation("blocked by", "blocked-1", "vehicle-m5", "vehicle-m6", direction="reverse", born=LABEL_2),
        Relation("drives with", "with-1", "vehicle-m6", "vehicle-m7", direction="bidirectional"),
        Relation("same delivery", "delivery-1", group=_closest_vans(scene), born=REVIEW_1),
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


def _closest_vans(scene: Scene) -> tuple[str, str]:
    """The names of the two vans that stand nearest to each other."""
    vans = [(f"vehicle-{i}", v.x, v.y) for i, v in enumerate(scene.vehicles) if v.kind == "Van"]
    pairs = [(np.hypot(a[1] - b[1], a[2] - b[2]), a[0], b[0]) for i, a in enumerate(vans) for b in vans[:i]]
    _, first, second = min(pairs)
    return first, second


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

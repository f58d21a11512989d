"""Assets with many labels and the scenes of their pages, for tests of what lists them."""

from __future__ import annotations

import random
import zlib
from typing import Any

from tests.make.assets import parsed
from viewer.model import Asset
from viewer.overlay.palette import Palette
from viewer.state import Look
from viewer.ui.scene import Scene, blind_info, build_scene

CLASSES = ("Building", "Car", "Crosswalk", "Pedestrian", "Tree", "Truck", "Van")
PERSONS = ("mert.aydin@example.com", "jana.krueger@example.com")


def box(object_id: str, title: str, *, page: int | None = None, **more: Any) -> dict[str, Any]:
    """A bounding box as exported."""
    number = zlib.crc32(object_id.encode())
    entry: dict[str, Any] = {
        "bounding-box": {"x": number % 900, "y": number // 90 % 700, "width": 20 + number % 30, "height": 15},
        "objectId": object_id,
        "schemaId": f"schema-{title}",
        "title": title,
        "classifications": [],
        "metadata": {"createdAt": "2026-11-03T09:31:00Z", "createdBy": PERSONS[0], "createdIn": "label"},
    }
    if page is not None:
        entry["page"] = page
    return {**entry, **more}


def answer(title: str, value: Any, *nested: Any) -> dict[str, Any]:
    """A question and its answer."""
    return {"objectId": f"c-{title}", "schemaId": f"q-{title}", "tool": "radio", "title": title, "answer": value,
            "classifications": list(nested)}  # fmt: skip


def polygon(object_id: str, title: str, **more: Any) -> dict[str, Any]:
    entry = box(object_id, title, **more)
    del entry["bounding-box"]
    return {**entry, "polygon": [[10, 10], [60, 12], [40, 50]]}


def page_of(count: int, *, seed: int = 1) -> Asset:
    """An image with labels of all classes, half boxes, half polygons."""
    dice = random.Random(seed)
    tools = []
    for n in range(count):
        make = box if n % 2 else polygon
        state = answer("State", dice.choice(("parked", "moving")))
        who = {"createdAt": "2026-11-03T09:31:00Z", "createdBy": dice.choice(PERSONS), "createdIn": "label"}
        tools.append(make(f"{seed:04x}{n:08x}", dice.choice(CLASSES), classifications=[state], metadata=who))
    return parsed(image(*tools))


def image(*tools: Any, relations: Any = (), **task: Any) -> dict[str, Any]:
    return {
        "asset": "https://files.example.com/a.png?X-Amz-Signature=secret0", "externalId": "site/a.png", "assetId": "a1",
        "metadata": {"width": 1000, "height": 800},
        "task": {"taskId": "t1", "tools": list(tools), "relations": list(relations), **task},
    }  # fmt: skip


def video_of(count: int, *, pages: int, full: bool = False) -> Asset:
    """A video with `count` tracks: key frames at both ends, or an entry on every page."""
    tools = []
    for n in range(count):
        for page in range(pages) if full else (0, pages - 1):
            tools.append(box(f"v{n:07x}", CLASSES[n % len(CLASSES)], page=page))
    value = image(*tools)
    return parsed({**value, "asset": "a.mp4", "externalId": "a.mp4"})


def scene_of(asset: Asset, page: int = 0, look: Look | None = None, *, palette: Palette | None = None) -> Scene:
    """The labels of a page of the current stage, without a picture."""
    labels = asset.tasks[0].current.labels
    info = blind_info(asset, labels)
    return build_scene(asset, labels, page, info, palette=palette or Palette(), look=look or Look(), fill=0.1)

"""What the screenshots of missing files need: an export of dead links, a folder with most files, a private server."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from shot_exports import demo_assets

ASSETS, FOUND = 412, 398
PRIVATE = "10.0.4.7"
TIMES = ((2026, 11, 20, 16, 2), (2026, 9, 3, 9, 41), (2025, 12, 11, 22, 15))


def _write(folder: Path, name: str, server: str, began: datetime) -> Path:
    """An export of many pictures behind links of `server`."""
    first = demo_assets()[0]
    date = began.strftime("%Y%m%dT%H%M%SZ")
    query = f"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}&X-Amz-Expires=120000&X-Amz-Signature={'0' * 64}"
    task = {**first["task"], "brushDataUrl": None, "stageHistory": first["task"]["stageHistory"][-2:]}
    assets = []
    for number in range(ASSETS):
        base = f"lot_{number + 231:04}.jpg"
        tools = task["tools"] if not number else task["tools"][: 4 + number * 7 % 23]
        history = task["stageHistory"] if not number else []
        own = {**task, "taskId": f"{number + 9000:024x}", "tools": tools, "relations": [], "stageHistory": history}
        assets.append({**first, "externalId": f"site-{number // 40 + 1:02}/{base}", "assetId": f"{number:024x}",
                       "asset": f"{server}/{base}{query}", "task": own})  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(assets), encoding="utf-8")
    return path


def dead(folder: Path, server: str, now: datetime) -> Path:
    """Links that ended three days before `now`."""
    return _write(folder, "aerial-vehicles_2026-11-20.json", server, now - timedelta(days=3, seconds=120_000, hours=2))


def private(folder: Path, now: datetime) -> Path:
    """Links that are valid, to a server of a private address."""
    return _write(folder, "aerial-vehicles_2026-11-24.json", f"http://{PRIVATE}", now - timedelta(hours=2))


def media(folder: Path) -> Path:
    """A folder with most of the pictures by name; the first is there three times, the second twice."""
    metadata = demo_assets()[0]["metadata"]
    size = (int(metadata["width"]), int(metadata["height"]))
    for number in range(2, FOUND + 2):
        path = folder / f"site-{number // 40 + 1:02}" / f"lot_{number + 231:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    places = ("delivered", "2026-09 first flight/edited", "thumbnails")
    for at, (place, when) in enumerate(zip(places, TIMES, strict=True)):
        for base in ("lot_0231.jpg", "lot_0232.jpg")[: 1 if at == 1 else 2]:
            path = folder / place / base
            path.parent.mkdir(parents=True, exist_ok=True)
            small = (320, 224) if place == "thumbnails" else (1200, 800) if at == 1 else size
            Image.effect_noise(small, 40.0).save(path, "JPEG", quality=80)
            moment = datetime(*when).timestamp()
            os.utime(path, (moment, moment))
    return folder

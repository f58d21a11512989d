"""Exports that the screenshots open for what is known of links, and for several tasks of one asset."""

from __future__ import annotations

import copy
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import shot_exports

VALID_S = 120_000
"""Seconds that a link of an export is valid."""
LEFT = (timedelta(days=-3), timedelta(hours=21, minutes=30), timedelta(hours=2, minutes=40))
"""How long the links of the assets are still valid, in turn."""


def mixed(folder: Path, now: datetime) -> Path:
    """The demo behind links of which some have expired, some are valid and some soon are not."""
    assets = copy.deepcopy(shot_exports.demo_assets())
    for number, asset in enumerate(assets):
        name = asset["externalId"].rsplit("/", 1)[-1]
        began = (now + LEFT[number % len(LEFT)] - timedelta(seconds=VALID_S)).strftime("%Y%m%dT%H%M%SZ")
        signed = (
            f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={began}&X-Amz-Expires={VALID_S}&X-Amz-Signature={'0' * 64}"
        )
        asset["asset"] = f"https://store.invalid/{name}?{signed}"
        if "dataset" in asset:
            asset["dataset"] = [f"https://store.invalid/{n}-{name}?{signed}" for n in range(len(asset["dataset"]))]
        asset["task"].pop("brushDataUrl", None)
    return _written(folder / "harbour-inspections_2026-11-23.json", assets)


def entries(folder: Path) -> Path:
    """The demo with two more tasks of its first asset and one more of its third, by other annotators."""
    assets = shot_exports.demo_assets()
    for number, asset in enumerate(assets):
        asset["assetId"] = f"{number:024x}"
    for number, who in ((0, "lia.pereira@example.com"), (2, "taro.sato@example.com"), (0, "taro.sato@example.com")):
        again = copy.deepcopy(assets[number])
        again["task"] |= {
            "taskId": f"{len(assets):024x}",
            "updatedBy": who,
            "tools": again["task"]["tools"][: -2 - len(assets)],
        }
        assets.append(again)
    shutil.copytree(shot_exports.demo_file().parent / "media", folder / "media", dirs_exist_ok=True)
    return _written(folder / "consensus.json", assets)


def _written(path: Path, assets: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(assets), encoding="utf-8")
    return path

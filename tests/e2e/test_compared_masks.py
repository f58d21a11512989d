"""Brush masks of two stages in the real window: counted by colour when both are here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.e2e.conftest import Program

Start = Callable[..., Program]


def write(folder: Path, *masks: tuple[int, int]) -> Path:
    """An asset with a stage for each mask: a red box (x, width) on 96 × 64."""
    Image.new("RGB", (96, 64), (90, 90, 90)).save(folder / "page.png")
    stages: list[dict[str, Any]] = []
    for number, (x, width) in enumerate(masks):
        pixels = np.zeros((64, 96, 4), np.uint8)
        pixels[10:20, x : x + width] = (230, 0, 10, 255)
        Image.fromarray(pixels).save(folder / f"mask{number}.png")
        stages.append({"stage": f"Label {number}", "brushDataUrl": f"mask{number}.png", "tools": [],
                       "classifications": [], "relations": []})  # fmt: skip
    *history, now = stages
    task = {"taskId": "t", **now, "stageHistory": [*history, {**now}]}
    asset = {"asset": "page.png", "externalId": "a", "metadata": {"width": 96, "height": 64}, "task": task}
    path = folder / "export.json"
    path.write_text(json.dumps([asset]))
    return path


def test_pixels_are_told_by_colour(program: Start, tmp_path: Path) -> None:
    p = program(write(tmp_path, (10, 20), (20, 30)))
    p.shown(0, 0)
    p.window.comparing.pick_b(1)
    p.window.comparing.pick_a(0)

    def told() -> bool:
        comparison = p.window.comparing.comparison
        return comparison is not None and any(change.answers for change in comparison.changes)

    p.wait(told)
    assert p.window.comparing.comparison is not None
    (change,) = p.window.comparing.comparison.changes
    assert [(a.path, a.old, a.new) for a in change.answers] == [("#E6000A", "200 px", "300 px")]
    assert change.iou == 100 / 400


def test_the_same_pixels_in_another_file_are_no_change(program: Start, tmp_path: Path) -> None:
    p = program(write(tmp_path, (10, 20), (10, 20)))
    p.shown(0, 0)
    p.window.comparing.pick_b(1)
    p.window.comparing.pick_a(0)
    p.wait(lambda: p.window.comparing.comparison is not None and not p.window.comparing.comparison.changes)

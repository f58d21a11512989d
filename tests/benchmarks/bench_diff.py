"""Comparing 10,000 labels, and single pairs of long outlines, beside what each is held against.

    python -m pytest -o addopts= -m benchmark -s tests/benchmarks/bench_diff.py

CPU times, medians of `RUNS`. Lines of scale.md §6: identical snapshots within 5 × comparing their texts + 5 ms; 10 %
edited within a third of all moved; all moved within 1.5 s; a pair of outlines within 100 ms. Whole exports have a
benchmark of their own.
"""

from __future__ import annotations

import gc
import json
import math
import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from msgspec import Raw

from tests.make.compared import Entry, entry
from viewer.diff import compare
from viewer.export.findings import Findings
from viewer.export.generations.annotations import read_labels
from viewer.model import Labels

pytestmark = pytest.mark.benchmark
RUNS = int(os.environ.get("ANGO_VIEWER_BENCH_RUNS", "3"))
COUNT = 10_000


def cpu(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median CPU seconds of this thread, the collector off as in the child that compares."""
    times = []
    for _ in range(runs):
        gc.collect()
        gc.disable()
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
        gc.enable()
    return statistics.median(times)


def scene(kind: str, seed: int = 1) -> list[Entry]:
    """Boxes, rings of 5 to 60 points, or both, on one image; or on the 500 frames of each of 20 tracks."""
    dice = random.Random(seed)
    found: list[Entry] = []
    for n in range(COUNT):
        x, y, w, h = dice.random() * 4000, dice.random() * 3000, 10 + dice.random() * 120, 10 + dice.random() * 120
        tool = {"boxes": "bounding-box", "polygons": "polygon"}.get(kind) or dice.choice(("bounding-box", "polygon"))
        value: Any = {"x": x, "y": y, "width": w, "height": h}
        if tool == "polygon":
            points = dice.randint(5, 60)
            radii = [w / 2 * (0.8 + 0.4 * dice.random()) for _ in range(points)]
            value = [[x + r * math.cos(6.283 * k / points), y + r * math.sin(6.283 * k / points)]
                     for k, r in enumerate(radii)]  # fmt: skip
        members = {"page": n % 500} if kind == "video" else {}
        name = f"track{n // 500}" if kind == "video" else f"{dice.getrandbits(92):023x}"
        found.append(entry(name, tool, value, schemaId=f"c{dice.randrange(12)}", **members))
    return found


def moved(one: Entry) -> Entry:
    if "polygon" in one:
        return {**one, "polygon": [[x + 3, y + 2] for x, y in one["polygon"]]}
    old = one["bounding-box"]
    return {**one, "bounding-box": {**old, "x": old["x"] + 3, "y": old["y"] + 2}}


def read(entries: list[Entry]) -> tuple[Labels, bytes]:
    text = json.dumps(entries).encode()
    return read_labels({"tools": Raw(text)}, "$.task", Findings(index=0, file=None)), text


@pytest.mark.parametrize("kind", ["boxes", "polygons", "mixed", "video"])
def test_10_000_labels(kind: str) -> None:
    entries, dice = scene(kind), random.Random(7)
    before, text = read(entries)
    same, same_text = read(entries)
    edited, _ = read([moved(e) if dice.random() < 0.1 else e for e in entries])
    all_moved, _ = read([moved(e) for e in entries])
    anew, _ = read([{**moved(e), "objectId": f"new-{e['objectId']}"} for e in entries])
    figures = {"texts": cpu(lambda: text == same_text, 15)}
    for name, after in (("identical", same), ("10 %", edited), ("moved", all_moved), ("drawn anew", anew)):
        figures[name] = cpu(lambda after=after: compare(before, after, tracked=kind == "video"))  # type: ignore[misc]
        light = f"{name}, light"
        figures[light] = cpu(lambda after=after: compare(before, after, tracked=kind == "video", measures="light"))  # type: ignore[misc]
    print(f"\n{kind}, {len(text) / 1e6:.1f} MB:", ", ".join(f"{k} {v * 1000:.1f} ms" for k, v in figures.items()))
    assert compare(before, all_moved, tracked=kind == "video").counts.changed == COUNT
    assert figures["identical"] <= 5 * figures["texts"] + 0.005
    assert figures["10 %"] <= figures["moved"] / 3
    assert figures["moved"] <= 1.5


@pytest.mark.parametrize("form", ["smooth", "zigzag"])
@pytest.mark.parametrize("points", [300, 1_000, 2_000, 5_000, 9_000, 19_000, 50_000])
def test_one_pair_of_long_outlines(form: str, points: int) -> None:
    dice = np.random.default_rng(1)
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    radii = 300 + 20 * np.sin(5 * angles) * (dice.uniform(0.8, 1.2, points) if form == "zigzag" else 1)
    if form == "zigzag":
        radii = radii * dice.uniform(0.8, 1.2, points)
    ring = 500 + np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=1)
    other = (
        ring + dice.normal(0, 0.3, ring.shape)
        if form == "zigzag"
        else ring + np.stack((2 * np.sin(9 * angles), 0 * angles), axis=1)
    )
    before, after = (read([entry("a", "polygon", r.tolist())])[0] for r in (ring, other))
    taken = cpu(lambda: compare(before, after, tracked=False), 3)
    (change,) = compare(before, after, tracked=False).changes
    print(f"\n{form} {points}: {taken * 1000:.1f} ms, IoU {change.iou}, {change.hausdorff_px} px. {change.note}")
    assert taken <= 0.1

"""Stages that are likely next are made while nothing else is to be done, and at once when they are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.e2e.conftest import Program
from tests.make import standins
from viewer.ui.ahead import FROM_LABELS, KEPT

COUNT = FROM_LABELS + 20
STAGES = 9


def export_of_many_stages(folder: Path) -> Path:
    def tools(stage: int) -> list[dict[str, object]]:
        return [
            {"objectId": f"o{n}", "schemaId": "s", "title": "Car", "classifications": [],
             "bounding-box": {"x": n % 90 + (stage if n == 3 else 0), "y": n % 70, "width": 5, "height": 4}}
            for n in range(COUNT)
        ]  # fmt: skip

    history = [{"stage": f"Stage {n}", "stageId": f"s{n}", "tools": tools(n)} for n in range(STAGES)]
    task = {"taskId": "t", "tools": tools(STAGES), "stageHistory": history}
    asset = {"asset": "https://bucket.example.com/one.png", "externalId": "one.png",
             "metadata": {"width": 100, "height": 80}, "task": task}  # fmt: skip
    (folder / "export.json").write_text(json.dumps([asset]))
    standins.picture(folder / "one.png", (100, 80))
    return folder / "export.json"


def test_they_are_made_ahead_and_shown_as_they_are(program: Callable[..., Program], tmp_path: Path) -> None:
    p = program(export_of_many_stages(tmp_path), assets_dir=tmp_path, offline=True)
    p.shown(0, 0)
    scenes = p.session.loader.scenes
    p.wait(lambda: len(scenes._kept) == KEPT)
    made = {id(labels): scene for labels, scene in scenes._kept.values()}
    task = p.session.task
    assert task is not None
    nearest = [task.snapshots[STAGES - k] for k in range(1, KEPT)]
    assert {id(s.labels) for s in nearest} <= set(made)
    p.session.show_stage(STAGES - 2)
    p.wait(lambda: p.session.scene is made[id(task.snapshots[STAGES - 2].labels)])
    content = p.window.canvas.content
    assert content is not None and content.store is made[id(task.snapshots[STAGES - 2].labels)].store
    assert content.store.box[3].tolist() == [3 + STAGES - 2, 3, 8 + STAGES - 2, 7]


def test_closing_leaves_off(program: Callable[..., Program], tmp_path: Path) -> None:
    p = program(export_of_many_stages(tmp_path), assets_dir=tmp_path, offline=True)
    p.shown(0, 0)
    p.close()
    assert not p.window.comparing.next_stages._idle.isActive()
    assert p.window.comparing.next_stages._scene is None
